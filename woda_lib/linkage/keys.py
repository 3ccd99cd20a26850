"""Blocking keys: a field, or what is left of it when small errors are forgiven."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import jellyfish
import numpy as np
import numpy.typing as npt
import pandas as pd

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

    A plain loop: pandas' methods for text take several times as long over so short a step.
    """
    part = FUNCTIONS[function]
    return np.array([part(text) or None for text in texts], dtype=object)


def _soundex(name: str) -> str:
    """Russell and Odell's Soundex of the first word."""
    return jellyfish.soundex(_word(name, 0).upper())


def _word(text: str, place: int) -> str:
    words = text.split()
    return words[place] if words else ""


FUNCTIONS: dict[str, Callable[[str], str]] = {
    "soundex": _soundex,
    "first_letter": lambda text: text[:1],
    "first_word": lambda text: _word(text, 0),
    "last_word": lambda text: _word(text, -1),
    "year": lambda date: date[:4],
    "year_month": lambda date: date[:6],
    "day_month": lambda date: date[4:],
    "sector": lambda postcode: postcode[:-2],
    "outward": lambda postcode: postcode[:-3],
}
