"""The tests that decide at which comparison level a pair of values stands.

A comparison has several levels, from exact agreement down to disagreement (Fellegi and Sunter
1969 speak of the *comparison vector*; Winkler 1990 showed what graded agreement is worth). Each
test here takes two equally long arrays of distinct value pairs and returns a similarity between
0 and 1; a level holds where the similarity reaches its threshold. Yes-or-no tests return 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.identifiers import valid_nhs_numbers

Texts = npt.NDArray[np.object_]
Scores = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]

MISSING = -1  # the level of a comparison that lacks a value

TEXT_KINDS = frozenset({"name", "address", "company", "email"})
CODE_KINDS = frozenset({"postcode", "nhs_number", "identifier", "date_of_birth", "phone", "number"})

# A similarity that equals its threshold in fractions may miss it by the last bit, depending on the
# order in which an engine adds. A level therefore holds from this little below its threshold.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Test:
    """One way to compare two values.

    Attributes
    ----------
    similarity
        From two arrays of texts to an array of numbers between 0 and 1; ``None`` for a test that
        looks at more than the two values: at another field, or at what is known of aliases.
    kinds
        The kinds of field for which the test makes sense; empty means every kind.
    meaning
        What to tell a reader, with ``{at_least}`` or ``{other}`` where they belong.
    graded
        Whether the level must say ``at_least``.
    """

    similarity: Callable[[Texts, Texts], Scores] | None
    kinds: frozenset[str]
    meaning: str
    graded: bool = False


def exact(left: Texts, right: Texts) -> Scores:
    """1 where both texts are the same."""
    return (left == right).astype(float)


def jaro_winkler(left: Texts, right: Texts) -> Scores:
    """Jaro–Winkler similarity (Winkler 1990), as recordlinkage computes it."""
    # Imported here: recordlinkage takes two seconds to start, which only its engine need wait for.
    from recordlinkage.algorithms.string import jarowinkler_similarity

    return jarowinkler_similarity(pd.Series(left), pd.Series(right)).to_numpy(dtype=float)


def initial(left: Texts, right: Texts) -> Scores:
    """1 where one text is a single letter and the other begins with it."""
    one, other = pd.Series(left), pd.Series(right)
    single = (one.str.len() == 1) | (other.str.len() == 1)
    return _as_scores(single & (one.str[0] == other.str[0]))


def shared_words(left: Texts, right: Texts) -> Scores:
    """Words in both, as a share of the words of the shorter text.

    1 for "jones" and "smith jones": the overlap coefficient (Szymkiewicz 1934).
    """
    words = {text: frozenset(text.split()) for text in set(left) | set(right)}
    pairs = [(words[one], words[other]) for one, other in zip(left, right, strict=True)]
    return np.array([len(a & b) / min(len(a), len(b)) for a, b in pairs], dtype=float)


def one_edit(left: Texts, right: Texts) -> Scores:
    """1 where one character is wrong, missing or added, or two neighbours are swapped.

    That is a Damerau–Levenshtein distance of exactly one (Damerau 1964: four in five spelling
    errors), found from the lengths of the common beginning and the common end.
    """
    a, b = left.astype("S"), right.astype("S")
    width = max(a.itemsize, b.itemsize)
    length_a, length_b = np.char.str_len(a), np.char.str_len(b)
    start = _agreeing(_letters(a, width), _letters(b, width))
    ends_a = _letters(np.char.rjust(a, width), width)[:, ::-1]
    ends_b = _letters(np.char.rjust(b, width), width)[:, ::-1]
    agreeing = start + _agreeing(ends_a, ends_b)
    same_length, different = length_a == length_b, a != b
    replaced = same_length & (agreeing >= length_a - 1)
    added = (np.abs(length_a - length_b) == 1) & (agreeing >= np.minimum(length_a, length_b))
    at = np.minimum(start, max(width - 2, 0))
    rows = np.arange(len(a))
    swapped = same_length & (agreeing == length_a - 2)
    if width > 1:
        x, y = _letters(a, width), _letters(b, width)
        swapped &= (x[rows, at] == y[rows, at + 1]) & (x[rows, at + 1] == y[rows, at])
    return (different & (replaced | added | swapped)).astype(float)


def day_month_swapped(left: Texts, right: Texts) -> Scores:
    """1 where exchanging day and month of one date gives the other (03/04 and 04/03)."""
    one, other = pd.Series(left).astype(str), pd.Series(right).astype(str)
    turned = one.str[:4] + one.str[6:] + one.str[4:6]
    return _as_scores((turned == other) & (one != other))


def same_year(left: Texts, right: Texts) -> Scores:
    """1 where both dates lie in one year."""
    return _same_part(left, right, slice(0, 4))


def same_day_and_month(left: Texts, right: Texts) -> Scores:
    """1 where only the years differ."""
    return _same_part(left, right, slice(4, 8))


def same_sector(left: Texts, right: Texts) -> Scores:
    """1 where both postcodes share the sector: all but the last two letters (WR1 2)."""
    return _same_part(left, right, slice(None, -2))


def same_outward(left: Texts, right: Texts) -> Scores:
    """1 where both postcodes share the outward code: all but the last three characters (WR1)."""
    return _same_part(left, right, slice(None, -3))


def exact_nhs_number(left: Texts, right: Texts) -> Scores:
    """1 where both numbers are the same and their check digit is right."""
    return ((left == right) & valid_nhs_numbers(left)).astype(float)


def similarity(test: str, kind: str, left: Texts, right: Texts) -> Scores:
    """Apply a single-field test to distinct value pairs of a field of the given kind."""
    if (test, kind) == ("exact", "nhs_number"):
        return exact_nhs_number(left, right)
    function = TESTS[test].similarity
    if function is None:
        raise ValueError(f"the test {test!r} looks at more than two values")
    return function(left, right)


def nothing_learned(kind: str, left: Texts, right: Texts) -> npt.NDArray[np.bool_]:
    """Say where two values that agree at no level still say nothing about the pair.

    An NHS number whose check digit is wrong is a mistyped number of somebody: it differs from
    the number of a true match as it does from anyone's.
    """
    if kind != "nhs_number":
        return np.zeros(len(left), dtype=bool)
    return ~(valid_nhs_numbers(left) & valid_nhs_numbers(right))


def _same_part(left: Texts, right: Texts, part: slice) -> Scores:
    one = pd.Series(left).astype(str).str[part]
    other = pd.Series(right).astype(str).str[part]
    return _as_scores((one == other) & (one != ""))


def _as_scores(holds: pd.Series) -> Scores:
    return np.asarray(holds, dtype=np.float64)


def _letters(texts: npt.NDArray[np.bytes_], width: int) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(texts.astype(f"S{width}")).view(np.uint8).reshape(-1, width)


def _agreeing(a: npt.NDArray[np.uint8], b: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Length of the common beginning of each row; padding never counts as agreement."""
    return np.cumprod((a == b) & (a != 0) & (a != ord(" ")), axis=1).sum(axis=1)


TESTS: dict[str, Test] = {
    "exact": Test(exact, frozenset(), "the same"),
    "alias": Test(None, TEXT_KINDS - {"email"}, "known aliases of one another"),
    "swapped": Test(None, frozenset({"name"}), "exchanged with {other}"),
    "jaro_winkler": Test(
        jaro_winkler, TEXT_KINDS, "Jaro–Winkler similarity of {at_least:g} or more", graded=True
    ),
    "initial": Test(initial, frozenset({"name"}), "an initial of the other"),
    "shared_words": Test(
        shared_words, TEXT_KINDS, "share {at_least:.0%} of the shorter's words", graded=True
    ),
    "one_edit": Test(one_edit, CODE_KINDS, "one slip of the finger apart"),
    "day_month_swapped": Test(
        day_month_swapped, frozenset({"date_of_birth"}), "day and month exchanged"
    ),
    "same_day_and_month": Test(
        same_day_and_month, frozenset({"date_of_birth"}), "the same but for the year"
    ),
    "same_year": Test(same_year, frozenset({"date_of_birth"}), "in the same year"),
    "same_sector": Test(same_sector, frozenset({"postcode"}), "in the same sector"),
    "same_outward": Test(same_outward, frozenset({"postcode"}), "in the same district"),
}
