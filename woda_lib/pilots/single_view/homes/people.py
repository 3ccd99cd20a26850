"""What is known of each person that tells households apart: age, sex, family and kinship."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.pilots.single_view.homes.coding import codes_in, named
from woda_lib.pilots.single_view.homes.days import NEVER, to_days
from woda_lib.pilots.single_view.homes.errors import require_columns
from woda_lib.pilots.single_view.homes.kinds import SEXES, kinds, kinds_of_one
from woda_lib.pilots.single_view.homes.surnames import families

_DAYS_A_YEAR = 365.2425


class People:
    """What is known of each person that tells kinds of household apart, by number.

    Parameters
    ----------
    people
        `entity_id, surname, date_of_birth, sex`, and `family`, from `surnames.families`, where
        it is told already.
    names
        The entities that are numbered, in the order of their numbers.
    kinship
        By `entity_id`, to the first named of a claim or tenancy.
    """

    def __init__(self, people: pd.DataFrame, names: pd.Index, kinship: pd.Series) -> None:
        require_columns(people, ("entity_id", "surname", "date_of_birth", "sex"), table="persons")
        at = codes_in(people["entity_id"], names)
        row = np.full(len(names), -1, dtype=np.int32)
        row[at[at >= 0]] = np.flatnonzero(at >= 0)
        born, sex = (
            pd.Series(people[name].array.take(row, allow_fill=True))
            for name in ("date_of_birth", "sex")
        )
        self.born = to_days(born)
        self.sex = pd.Categorical(sex, SEXES)
        family = people["family"] if "family" in people else families(people["surname"])
        self.family = np.append(family.cat.codes.to_numpy(), -1).astype(np.int32)[row]
        told, whose = pd.Categorical(kinship), codes_in(pd.Series(kinship.index), names)
        codes = np.full(len(names), -1, dtype=told.codes.dtype)
        codes[whose[whose >= 0]] = told.codes[whose >= 0]
        self.kinship = named(codes, told.categories)

    def kinds(
        self,
        key: npt.NDArray,
        e: npt.NDArray,
        day: npt.NDArray,
        *,
        holder: npt.NDArray,
        care_home: npt.NDArray,
    ) -> pd.Series:
        """Return the kind of each household `key` of people `e` on whole days, by `key`."""
        born = self.born[e]
        age = np.where(born < NEVER, (day - born) / _DAYS_A_YEAR, np.nan)
        table = pd.DataFrame({"key": key, "age": age, "care_home": care_home, "holder": holder})
        # Half of all households are one person, and need no comparing.
        alone = (~table["key"].duplicated(keep=False)).to_numpy()
        more = e[~alone]
        others = table[~alone].assign(
            sex=self.sex[more],
            family=self.family[more],
            kinship=self.kinship[more],
        )
        return pd.concat([kinds_of_one(table[alone]), kinds(others)])
