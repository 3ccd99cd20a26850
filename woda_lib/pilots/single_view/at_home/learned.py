"""What counting off learns from all rows, kept so that some homes can be counted off by themselves.

Which forenames stand for one another, which are men's and which are women's, and of which ages
nearly all are found by name among those who answer for a home: each needs every home of the county,
and a day's changes hardly move it. So a day on which some homes are counted off anew goes by what
the last count of all homes learned, as linkage goes by the weights of the last full linkage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.at_home.said import FEMALE, MALE, UNKNOWN, Codes, Names

_SEXES = {"F": FEMALE, "M": MALE}
_ALIAS, _SEX, _AGE = "alias", "sex", "age"


@dataclass(frozen=True)
class Learned:
    """What all rows together tell.

    Attributes
    ----------
    aliases
        Forenames that stand for others, in standard form.
    sexes
        The sex that a forename tells, `FEMALE` or `MALE`; of a forename that is not there, none.
    ages
        `(dataset, band)`: the ages, in bands of `meeting.BAND` days, of which nearly all are
        counted off by name in a dataset.
    """

    aliases: Mapping[str, str]
    sexes: Mapping[str, int]
    ages: frozenset[tuple[str, int]]

    def sex_of(self, forenames: Names) -> Codes:
        """Return the sex that each forename tells, and last that of a forename that is missing."""
        told = [self.sexes.get(name, UNKNOWN) for name in forenames]
        return np.array([*told, UNKNOWN], dtype=np.int64)

    def table(self) -> pd.DataFrame:
        """Return it as a table, `what, of, says`, for `of_table`."""
        sexes = {number: letter for letter, number in _SEXES.items()}
        rows = [(_ALIAS, name, stands_for) for name, stands_for in self.aliases.items()]
        rows += [(_SEX, name, sexes[sex]) for name, sex in self.sexes.items()]
        rows += [(_AGE, dataset, str(band)) for dataset, band in sorted(self.ages)]
        return pd.DataFrame(rows, columns=["what", "of", "says"], dtype=object)

    @classmethod
    def of_table(cls, table: pd.DataFrame) -> Learned:
        """Read what `table` returned."""
        told = {
            what: list(zip(part["of"].tolist(), part["says"].tolist(), strict=True))
            for what, part in table.groupby("what")
        }
        return cls(
            aliases=dict(told.get(_ALIAS, [])),
            sexes={name: _SEXES[letter] for name, letter in told.get(_SEX, [])},
            ages=frozenset((dataset, int(band)) for dataset, band in told.get(_AGE, [])),
        )
