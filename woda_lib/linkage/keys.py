"""Blocking keys: a field, or what is left of it when small errors are forgiven."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import jellyfish
import numpy as np
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
        derived = FUNCTIONS[self.function](pd.Series(np.asarray(uniques, dtype=object)))
        return pd.Series(codes, index=column.index).map(derived.mask(derived == ""))


def _soundex(names: pd.Series) -> pd.Series:
    """Russell and Odell's Soundex of the first word."""
    first = names.str.split().str[0].str.upper()
    return first.map(jellyfish.soundex, na_action="ignore")


FUNCTIONS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "soundex": _soundex,
    "first_letter": lambda texts: texts.str[:1],
    "first_word": lambda texts: texts.str.split().str[0],
    "last_word": lambda texts: texts.str.split().str[-1],
    "year": lambda dates: dates.str[:4],
    "year_month": lambda dates: dates.str[:6],
    "day_month": lambda dates: dates.str[4:],
    "sector": lambda postcodes: postcodes.str[:-2],
    "outward": lambda postcodes: postcodes.str[:-3],
}
