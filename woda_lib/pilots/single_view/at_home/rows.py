"""Partners' rows at their properties, coded as whole numbers so that millions are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.standardise import distinct_values, standard_categories
from woda_lib.pilots.single_view.homes.days import NEVER, to_days

UNKNOWN, FEMALE, MALE = -1, 0, 1

TELLS_SEX = 0.95
"""Share of those of a forename who are of one sex, from which the forename tells it."""

FEWEST = 5
"""Rows with a forename, below which it tells no sex."""

Codes = npt.NDArray[np.int64]
Names = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Rows:
    """Rows whose property is known.

    Attributes
    ----------
    table
        `row` (place among all rows), `home`, `dataset`, `number`, `nhs`, `forename`, `surname`
        (codes, −1 where missing), `born, starts, ends` (days since 1970, `NEVER` where missing)
        and `sex`.
    datasets, homes, forenames, surnames
        What the codes stand for, names in standard form.
    sex_of
        The sex that each forename tells; the last is of a forename that is missing.
    """

    table: pd.DataFrame
    datasets: Names
    homes: Names
    forenames: Names
    surnames: Names
    sex_of: Codes


def rows_at_homes(details: pd.DataFrame, uprn: pd.Series) -> Rows:
    """Return the rows whose property is known; parameters as `counting.counted_off`."""
    at = np.flatnonzero(uprn.notna().to_numpy())
    told = details.iloc[at]
    coded, values = {}, {}
    for name, (codes, found) in {
        "home": pd.factorize(uprn.iloc[at]),
        "dataset": pd.factorize(told["dataset"]),
        "number": pd.factorize(told["local_id"]),
        "nhs": _standard(told["nhs_number"], "nhs_number"),
        "forename": _standard(told["forename"], "name"),
        "surname": _standard(told["surname"], "name"),
    }.items():
        coded[name], values[name] = codes.astype(np.int64), np.asarray(found, dtype=object)
    day, dates = _standard(told["date_of_birth"], "date_of_birth")
    days = to_days(pd.to_datetime(pd.Series(dates, dtype=object)))
    starts = to_days(told["started_on"], missing=-NEVER)
    table = pd.DataFrame(
        {
            "row": at,
            **coded,
            "born": np.append(days, np.int32(NEVER))[day],
            "starts": starts,
            "ends": np.maximum(to_days(told["ended_on"]), starts),
            "sex": _sexes(told["sex"]),
        }
    )
    return Rows(
        table,
        values["dataset"],
        values["home"],
        values["forename"],
        values["surname"],
        _sex_of(table, len(values["forename"])),
    )


def _standard(column: pd.Series, kind: str) -> tuple[Codes, Names]:
    """Number the standard forms of a column as they come, −1 where missing, and return them."""
    written = standard_categories(*distinct_values(column), kind)
    codes = np.asarray(written.codes)
    known = codes >= 0
    numbers = np.full(len(codes), UNKNOWN, dtype=np.int64)
    numbers[known], met = pd.factorize(codes[known])
    return numbers, np.asarray(written.categories, dtype=object)[met]


def _sexes(sex: pd.Series) -> Codes:
    codes = sex.astype(object).map({"F": FEMALE, "M": MALE})
    told: Codes = np.asarray(codes.fillna(UNKNOWN), dtype=np.int64)
    return told


def _sex_of(table: pd.DataFrame, forenames: int) -> Codes:
    known = table[(table["sex"] != UNKNOWN) & (table["forename"] >= 0)]
    men = np.bincount(known["forename"], known["sex"] == MALE, minlength=forenames)
    number = np.bincount(known["forename"], minlength=forenames)
    share = men / np.maximum(number, 1)
    told = np.select([share >= TELLS_SEX, share <= 1 - TELLS_SEX], [MALE, FEMALE], UNKNOWN)
    sex: Codes = np.append(np.where(number >= FEWEST, told, UNKNOWN), UNKNOWN).astype(np.int64)
    return sex
