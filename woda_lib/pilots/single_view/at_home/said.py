"""What partners' rows say of people, wherever they live, coded as whole numbers.

It hangs on no property, so that it can be told while properties are still being looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.standardise import distinct_values, standard_categories
from woda_lib.pilots.single_view.homes.days import NEVER, Days, to_days

UNKNOWN, FEMALE, MALE = -1, 0, 1

Codes = npt.NDArray[np.int64]
Names = npt.NDArray[np.object_]

_NAMED = {"nhs_number": "nhs", "forename": "forename", "surname": "surname"}
_KINDS = {"nhs_number": "nhs_number", "forename": "name", "surname": "name"}


@dataclass(frozen=True)
class Said:
    """What each row says.

    Attributes
    ----------
    codes
        `number`, `nhs`, `forename`, `surname`: int32, shape (rows,), −1 where missing.
    days
        `born, starts, ends` (days since 1970, `NEVER` where missing), likewise.
    sex
        int8.
    forenames, surnames
        What the codes stand for, in standard form.
    """

    codes: Mapping[str, npt.NDArray[np.int32]]
    days: Mapping[str, Days]
    sex: npt.NDArray[np.int8]
    forenames: Names
    surnames: Names


def said_of(details: pd.DataFrame) -> Said:
    """Return what rows say; see `counting.counted_off`."""
    codes = {"number": pd.factorize(details["local_id"])[0].astype(np.int32)}
    values = {}
    for name, called in _NAMED.items():
        codes[called], values[called] = _standard(details[name], _KINDS[name])
    day, dates = _standard(details["date_of_birth"], "date_of_birth")
    born = to_days(pd.to_datetime(pd.Series(dates, dtype=object)))
    starts = to_days(details["started_on"], missing=-NEVER)
    days = {
        "born": np.append(born, np.int32(NEVER))[day],
        "starts": starts,
        "ends": np.maximum(to_days(details["ended_on"]), starts),
    }
    return Said(codes, days, _sexes(details["sex"]), values["forename"], values["surname"])


def renumbered(codes: npt.NDArray[np.int32], values: Names) -> tuple[Codes, Names]:
    """Number some rows' values as they come among these rows; return their values."""
    known = codes >= 0
    numbers = np.full(len(codes), UNKNOWN, dtype=np.int64)
    numbers[known], met = pd.factorize(codes[known])
    return numbers, values[met]


def _standard(column: pd.Series, kind: str) -> tuple[npt.NDArray[np.int32], Names]:
    """Return the standard form of each row as the place of it among all, −1 where missing."""
    written = standard_categories(*distinct_values(column), kind)
    codes = np.asarray(written.codes, dtype=np.int32)
    return codes, np.asarray(written.categories, dtype=object)


def _sexes(sex: pd.Series) -> npt.NDArray[np.int8]:
    codes, values = pd.factorize(sex)
    told = [{"F": FEMALE, "M": MALE}.get(value, UNKNOWN) for value in values]
    return np.append(np.array(told, dtype=np.int8), np.int8(UNKNOWN))[codes]
