"""Partners' rows at their properties, coded as whole numbers so that millions are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.at_home.said import (
    FEMALE,
    MALE,
    UNKNOWN,
    Names,
    Said,
    renumbered,
)
from woda_lib.pilots.single_view.homes.coding import categorical

TELLS_SEX = 0.95
"""Share of those of a forename who are of one sex, from which the forename tells it."""

FEWEST = 5
"""Rows with a forename, below which it tells no sex."""


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
    """

    table: pd.DataFrame
    datasets: Names
    homes: Names
    forenames: Names
    surnames: Names


def rows_at_homes(details: pd.DataFrame, uprn: pd.Series, said: Said) -> Rows:
    """Return the rows whose property is known.

    Parameters
    ----------
    details, uprn
        As `counting.counted_off`.
    said
        What the rows say, from `said.said_of`.
    """
    coded = categorical(uprn)
    home, homes = coded.cat.codes.to_numpy(), coded.cat.categories
    at = np.flatnonzero(home >= 0)
    dataset, datasets = pd.factorize(details["dataset"].iloc[at])
    known = {name: said.codes[name][at].astype(np.int64) for name in ("number", "nhs")}
    known["forename"], forenames = renumbered(said.codes["forename"][at], said.forenames)
    known["surname"], surnames = renumbered(said.codes["surname"][at], said.surnames)
    table = pd.DataFrame(
        {
            "row": at,
            "home": home[at].astype(np.int64),
            "dataset": dataset.astype(np.int64),
            **known,
            **{name: days[at] for name, days in said.days.items()},
            "sex": said.sex[at].astype(np.int64),
        },
        copy=False,
    )
    return Rows(
        table,
        np.asarray(datasets, dtype=object),
        np.asarray(homes, dtype=object),
        forenames,
        surnames,
    )


def sexes_told(rows: Rows) -> dict[str, int]:
    """Return the sex that each forename tells, of those that tell one."""
    table, forenames = rows.table, len(rows.forenames)
    known = table[(table["sex"] != UNKNOWN) & (table["forename"] >= 0)]
    men = np.bincount(known["forename"], known["sex"] == MALE, minlength=forenames)
    number = np.bincount(known["forename"], minlength=forenames)
    share = men / np.maximum(number, 1)
    told = np.select([share >= TELLS_SEX, share <= 1 - TELLS_SEX], [MALE, FEMALE], UNKNOWN)
    tells = np.flatnonzero((number >= FEWEST) & (told != UNKNOWN))
    return dict(zip(rows.forenames[tells].tolist(), told[tells].tolist(), strict=True))
