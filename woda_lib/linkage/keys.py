"""Blocking keys: a field, or what is left of it when small errors are forgiven."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import jellyfish
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_FORM = re.compile(r"(?:(?P<function>\w+)\((?P<inner>\w+)\)|(?P<plain>\w+))")


@dataclass(frozen=True)
class Key:
    """A blocking key as written in a specification: ``surname`` or ``soundex(surname)``."""

    field: str
    function: str | None = None

    @classmethod
    def parse(cls, text: str) -> Key | None:
        """Read a key; ``None`` when the text is not of the form ``field`` or ``f(field)``."""
        found = _FORM.fullmatch(text.strip())
        if found is None:
            return None
        return cls(found["inner"] or found["plain"], found["function"])

    def __str__(self) -> str:
        return self.field if self.function is None else f"{self.function}({self.field})"

    def values(self, records: pd.DataFrame) -> pd.Series:
        """Return the key of every record.

        Parameters
        ----------
        records
            Standardised records; one row each.

        Returns
        -------
        pandas.Series
            Texts; missing where the field is.
        """
        column = records[self.field]
        if self.function is None:
            return column
        codes, uniques = pd.factorize(column)
        if not len(uniques):
            return column
        derived = np.append(parts(uniques, self.function), np.array([None], dtype=object))
        return pd.Series(derived[codes], index=column.index, dtype=object)  # −1 takes the last


def parts(texts: Iterable[str], function: str) -> npt.NDArray[np.object_]:
    """Return what a function of `FUNCTIONS` makes of each text; None where it leaves nothing.

    A plain loop, or Arrow for what is a stretch of the text: pandas' methods for text take several
    times as long over so short a step.
    """
    part = FUNCTIONS[function]
    written = list(texts)
    if function in _STRETCHES or (function in _WORDS and len(written) >= _MANY):
        with suppress(UnicodeEncodeError):  # half a letter, torn by some export
            found = parts_of(pa.array(written, type=pa.string()), function)
            return np.asarray(found.to_numpy(zero_copy_only=False), dtype=object)
    return np.array([part(text) or None for text in written], dtype=object)


def parts_of(texts: pa.StringArray, function: str) -> pa.StringArray:
    """Do what `parts` does with texts of Arrow, of which some may be null, and stay so."""
    if function in _STRETCHES:
        found = pc.utf8_slice_codeunits(texts, *_STRETCHES[function])
        return pc.if_else(pc.equal(found, ""), None, found)
    if function in _WORDS and are_plain_words(texts):
        several = pc.fill_null(pc.match_substring(texts, " "), False)
        words = pc.replace_substring_regex(texts.filter(several), _WORDS[function], "")
        return pc.replace_with_mask(texts, several, words)
    part = FUNCTIONS[function]
    if function == "soundex" and are_plain_words(texts):  # many names begin with one word
        texts, part = pc.ascii_upper(parts_of(texts, "first_word")), jellyfish.soundex
    coded = texts.dictionary_encode()
    found = pa.array([part(text) or None for text in coded.dictionary.to_pylist()], pa.string())
    return found.take(coded.indices)


def _soundex(name: str) -> str:
    """Russell and Odell's Soundex of the first word."""
    return jellyfish.soundex(_word(name, 0).upper())


def are_plain_words(texts: pa.StringArray) -> bool:
    """Say whether all texts are words of ASCII's letters and figures with a space in between."""
    return bool(pc.all(pc.match_substring_regex(texts, _PLAIN_WORDS)).as_py())


def _word(text: str, place: int) -> str:
    words = text.split()
    return words[place] if words else ""


def _stretch(start: int, stop: int | None) -> Callable[[str], str]:
    return lambda text: text[start:stop]


# Keys that are a word of the text: what is taken away from plain words (RE2).
_WORDS = {"first_word": " .*$", "last_word": "^.* "}
_PLAIN_WORDS = "^[0-9A-Za-z]+(?: [0-9A-Za-z]+)*$"
_MANY = 1000
WORDS = frozenset(_WORDS)
OF_WORD = {"soundex": 0, "first_word": 0, "last_word": -1}
"""Keys that a single word of the text tells, and which of its words."""
# Keys that are a stretch of the text: where it starts and stops.
_STRETCHES: dict[str, tuple[int, int | None]] = {
    "first_letter": (0, 1),
    "year": (0, 4),
    "year_month": (0, 6),
    "day_month": (4, None),
    "sector": (0, -2),
    "outward": (0, -3),
}
FUNCTIONS: dict[str, Callable[[str], str]] = {
    "soundex": _soundex,
    "first_word": lambda text: _word(text, 0),
    "last_word": lambda text: _word(text, -1),
} | {name: _stretch(*ends) for name, ends in _STRETCHES.items()}
