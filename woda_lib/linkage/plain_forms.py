"""Standard forms of values that are written plainly, found all at once.

Most names are letters of the English alphabet with a hyphen or an apostrophe at most, and most
postcodes letters, digits and a space. Arrow brings these into their standard form in a fraction of
the time that a loop over values takes. A value that is written in any other way is left to that
loop; see `standardise`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.as_arrow import texts_of
from woda_lib.linkage.held_once import held_once, told_alike
from woda_lib.linkage.record_keys import first_places
from woda_lib.linkage.text_order import order_of_texts

# Longer texts are cut, because edit distances take time in proportion to the square of the length.
LONGEST_TEXT = 120

# Placeholders people type where a form insists on a name.
NAME_PLACEHOLDERS = frozenset(
    """
    unknown|unknown unknown|not known|not given|not stated|no name|n a|nk|tbc|null|test|test test
    |xx|xxx|anonymous|baby|baby boy|baby girl|male|female
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
TITLES = "^(?:mr|mrs|miss|ms|mx|dr|prof|rev|sir|dame) "

Form = Callable[[pa.StringArray], pa.StringArray]


def plain_forms(
    values: pd.Series, kind: str
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Return the forms of plain values, and which values are not plain.

    Parameters
    ----------
    values
        Distinct values of a column, none missing.
    kind
        One of `standardise.KINDS`.

    Returns
    -------
    forms : numpy.ndarray of object, shape (values,)
        ``None`` where there is no form, and where a value is not plain.
    rest : numpy.ndarray of int
        Places of the values that are not plain.
    """
    texts = texts_of(values) if kind in _PLAIN else None
    if texts is None:
        return np.full(len(values), None, dtype=object), np.arange(len(values))
    forms, rest = plain_texts(texts, kind)
    return np.asarray(forms.to_numpy(zero_copy_only=False), dtype=object), rest


def plain_texts(texts: pa.StringArray, kind: str) -> tuple[pa.StringArray, npt.NDArray[np.intp]]:
    """Do what `plain_forms` does for texts of Arrow, none missing."""
    if kind not in _PLAIN:
        return pa.nulls(len(texts), pa.string()), np.arange(len(texts))
    letters, form = _PLAIN[kind]
    rest = np.empty(0, dtype=np.intp)
    if not _are_all_of(texts, letters):
        plain = pc.match_substring_regex(texts, f"^[{letters}]{{1,{LONGEST_TEXT}}}$")
        texts = pc.if_else(plain, texts, None)
        rest = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
    forms = form(texts)
    return _without(forms, pc.equal(forms, "")), rest


def _are_all_of(texts: pa.StringArray, letters: str) -> bool:
    """Say whether all texts are made of some of ASCII's letters, and are neither empty nor cut.

    Most columns are, and their letters are looked at end to end in a tenth of the time that a
    pattern takes for each text.
    """
    lengths = pc.binary_length(texts)
    if (
        texts.null_count
        or not pc.all(pc.and_(pc.greater(lengths, 0), pc.less_equal(lengths, LONGEST_TEXT))).as_py()
    ):
        return False
    return bool(_allowed(letters)[_bytes_of(texts)].all())


@cache
def _allowed(letters: str) -> npt.NDArray[np.bool_]:
    """Say of each byte whether it is one of some of ASCII's letters."""
    return np.array([re.fullmatch(f"[{letters}]", chr(byte)) is not None for byte in range(256)])


def _bytes_of(texts: pa.StringArray) -> npt.NDArray[np.uint8]:
    """Return the letters of all texts end to end, as UTF-8 writes them."""
    if not len(texts):  # no buffers without a text
        return np.empty(0, dtype=np.uint8)
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(b"" if data is None else data, dtype=np.uint8)[ends[0] : ends[-1]]


def _occurs(letter: str, texts: pa.StringArray) -> bool:
    return bool((_bytes_of(texts) == ord(letter)).any())


def in_code_point_order(texts: npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """Return the places that sort texts by their code points, which UTF-8 sorts alike."""
    try:
        return order_of_texts(pa.array(texts, type=pa.large_string()))
    except UnicodeEncodeError:  # half a letter, torn by some export
        return np.argsort(texts)


def numbered_in_order(
    texts: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.object_]]:
    """Return the place of each text among the distinct ones, which stand in order, and these.

    What is missing has the place −1.
    """
    numbers, distinct, written = _numbered(texts)
    order = in_code_point_order(distinct) if written is None else order_of_texts(written)
    return _ranked(numbers, order), distinct[order]


def places_in_order(texts: npt.NDArray[np.object_]) -> npt.NDArray[np.int32]:
    """Return the places alone of `numbered_in_order`: no text is fetched again."""
    objects, held = held_once(texts)
    try:
        coded = _coded(held)
    except (pa.ArrowException, TypeError, UnicodeEncodeError):
        return numbered_in_order(texts)[0]
    codes = coded.indices.fill_null(-1).to_numpy()
    return _ranked(codes, order_of_texts(coded.dictionary))[objects]


def _ranked(
    numbers: npt.NDArray[np.integer], order: npt.NDArray[np.integer]
) -> npt.NDArray[np.int32]:
    """Return the place of each number in an order of what they stand for; −1 stays."""
    rank = np.full(len(order) + 1, -1, dtype=np.int32)  # the last is for missing values
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[numbers]


def numbered_together(
    parts: Sequence[tuple[npt.NDArray[np.integer], npt.NDArray[np.object_]]],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.object_]]:
    """Put columns one after another that were numbered apart; do what `numbered_in_order` does.

    Parameters
    ----------
    parts
        Of each column the number of each text, −1 where it is missing, and the texts, of which
        some may be equal, or missing.
    """
    held = [texts for _, texts in parts]
    places, distinct = numbered_in_order(np.concatenate([np.array([], dtype=object), *held]))
    own = np.split(places, np.cumsum([len(texts) for texts in held])[:-1])
    codes = [
        np.append(place, np.int32(-1))[code] for place, (code, _) in zip(own, parts, strict=True)
    ]
    return np.concatenate(codes), distinct


def numbered_alike(
    texts: npt.NDArray[np.object_], alike: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.object_]]:
    """Do what `numbered_in_order` does for texts, none missing, of which is known which are alike.

    That is held against the texts, which takes little where each stands once in memory: numbers
    that take two texts for one, or one for two, are passed over.

    Parameters
    ----------
    texts
    alike
        A number for each text, the same for those that are.
    """
    numbers = pd.factorize(alike)[0]
    distinct = texts[first_places(numbers)] if len(texts) else texts
    order = in_code_point_order(distinct)
    ordered = distinct[order]
    if not told_alike(texts, distinct, numbers) or (ordered[1:] == ordered[:-1]).any():
        return numbered_in_order(texts)
    rank = np.empty(len(distinct), dtype=np.int32)
    rank[order] = np.arange(len(distinct), dtype=np.int32)
    return rank[numbers], ordered


def numbered(
    texts: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.signedinteger], npt.NDArray[np.object_]]:
    """Do what `pandas.factorize` does, by Arrow, which lets other threads go on."""
    return _numbered(texts)[:2]


def _numbered(
    texts: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.signedinteger], npt.NDArray[np.object_], pa.LargeStringArray | None]:
    """Return the number of each text, −1 where it is missing; the texts; and these as Arrow's."""
    objects, held = held_once(texts)
    try:
        coded = _coded(held)
    except (pa.ArrowException, TypeError, UnicodeEncodeError):
        return *pd.factorize(texts), None
    codes = coded.indices.fill_null(-1).to_numpy()
    distinct = held[first_places(codes)]
    return codes[objects], distinct, coded.dictionary


def _coded(held: npt.NDArray[np.object_]) -> pa.DictionaryArray:
    return pa.array(held, type=pa.large_string(), from_pandas=True).dictionary_encode()


def _plain_name(texts: pa.StringArray) -> pa.StringArray:
    names = pc.ascii_lower(texts)
    if _occurs("'", names):
        names = pc.replace_substring(names, "'", "")
    if _occurs(" ", names) or _occurs("-", names):
        several = pc.fill_null(pc.match_substring_regex(names, "[ -]"), False)
        words = pc.replace_substring_regex(names.filter(several), "[ -]+", " ")
        words = pc.replace_substring_regex(pc.ascii_trim_whitespace(words), TITLES, "")
        names = pc.replace_with_mask(names, several, words)
    return _without(names, pc.is_in(names, _NO_NAMES))


def _plain_postcode(texts: pa.StringArray) -> pa.StringArray:
    codes = _plain_identifier(texts)
    return _without(codes, pc.starts_with(codes, "zz99"))


def _plain_identifier(texts: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring(pc.replace_substring(pc.ascii_lower(texts), " ", ""), "-", "")


def _plain_nhs_number(texts: pa.StringArray) -> pa.StringArray:
    digits = pc.replace_substring(texts, " ", "") if _occurs(" ", texts) else texts
    return _without(digits, pc.match_substring_regex(digits, _ONE_DIGIT))


def _without(texts: pa.StringArray, unknown: pa.BooleanArray) -> pa.StringArray:
    return pc.if_else(unknown, None, texts) if pc.any(unknown).as_py() else texts


_NO_NAMES = pa.array(sorted(NAME_PLACEHOLDERS))
_ONE_DIGIT = "^(?:" + "|".join(f"{digit}+" for digit in range(10)) + ")$"
_CODE = "0-9A-Za-z -"
# By kind: the letters of plain values (RE2), and what `standardise.KINDS` makes of them.
_PLAIN: dict[str, tuple[str, Form]] = {
    "name": ("A-Za-z' -", _plain_name),
    "postcode": (_CODE, _plain_postcode),
    "identifier": (_CODE, _plain_identifier),
    "nhs_number": ("0-9 ", _plain_nhs_number),
}
