"""Those at each home, written without a birth date and with one, beside each other.

Homes hang on no other, so that of many half are looked at by another process.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.beside import Beside
from woda_lib.pilots.single_view.at_home.alike import Flags, alike, exchanged
from woda_lib.pilots.single_view.at_home.learned import Learned
from woda_lib.pilots.single_view.at_home.residents import holders, residents
from woda_lib.pilots.single_view.at_home.rows import Rows
from woda_lib.pilots.single_view.at_home.said import UNKNOWN

OF_AGE = 6574
"""Days of eighteen years."""

BAND = 5 * 365
"""Days of age that are told together."""

WHOLE_NAME, FORENAME, SURNAME_ALONE, SURNAME = 4, 3, 2, 1
"""How alike a holder's names are to a resident's; at the last, the forename is another.

An initial, or two forenames, would have held the one by which others call the person.
"""

MANY_AT_HOME = 1_000_000
"""Rows from which another process looks at half of the homes: of fewer it saves no time, because
this one must first copy each page that both hold and it writes to."""

_OF_HELD = ("holder", "row")
_OF_KNOWN = ("resident", "row", "home", "born", "forename", "twin")


@dataclass(frozen=True)
class Met:
    """Holders and residents of some homes, before it is known of which ages most are holders.

    Attributes
    ----------
    held, known
        `_OF_HELD` from `residents.holders`, `_OF_KNOWN` from `residents.residents`.
    named
        Pairs of them whose names do not contradict each other.
    by_name
        Those that are told by their names.
    by_age
        How many were met of each age, register by register, and how many of these by name.
    """

    held: pd.DataFrame
    known: pd.DataFrame
    named: pd.DataFrame
    by_name: pd.DataFrame
    by_age: pd.DataFrame

    @classmethod
    def of(cls, rows: Rows, by: Learned, liable: Collection[str]) -> Self:
        known = residents(rows, by.aliases)
        held = holders(rows, known["home"].unique().astype(np.int64))
        pairs = _there_together(rows, held, known, liable)
        alike_by = _names_alike(pairs, held, known, rows, by)
        named = pairs.drop(columns="liable").assign(names=alike_by)[alike_by > 0]
        by_name = _by_name(named)
        by_age = _counted_by_age(by_name, pairs)
        return cls(_small(held, _OF_HELD), _small(known, _OF_KNOWN), named, by_name, by_age)


def _small(table: pd.DataFrame, columns: Collection[str]) -> pd.DataFrame:
    """Return some columns in half their room: another process hands them over."""
    return table[[*columns]].astype({name: np.int32 for name in columns if name != "twin"})


def met(rows: Rows, by: Learned, liable: Collection[str]) -> list[Met]:
    """Let those of each home meet; of many homes, half by another process."""
    home = rows.table["home"].to_numpy()
    if len(home) < MANY_AT_HOME:
        return [Met.of(rows, by, liable)]
    early = home < np.searchsorted(np.cumsum(np.bincount(home)), len(home) // 2)
    half, rest = (replace(rows, table=rows.table[part]) for part in (early, ~early))
    beside = Beside(lambda: Met.of(rest, by, liable))
    return [Met.of(half, by, liable), beside.result()]


def _there_together(
    rows: Rows, held: pd.DataFrame, known: pd.DataFrame, liable: Collection[str]
) -> pd.DataFrame:
    """Pair holders and residents who were at one home at one time, as far as age allows."""
    spans = {"starts": ("starts", "min"), "ends": ("ends", "max")}
    home = {"home": ("home", "first")}
    holder = held.groupby("holder").agg(**home, dataset=("dataset", "first"), **spans)
    resident = known.groupby("resident").agg(**home, **spans, born=("born", "max"))
    answers = np.isin(rows.datasets, list(liable))[holder["dataset"]]
    pairs = (
        holder.assign(liable=answers)
        .reset_index()
        .merge(resident.reset_index(), on="home", suffixes=("", "_of"))
    )
    age = pairs["starts"] - pairs["born"]
    kept = (pairs["starts"] <= pairs["ends_of"]) & (pairs["starts_of"] <= pairs["ends"])
    kept &= ~pairs["liable"] | (age >= OF_AGE)
    # Whom a register holds with a birth date it need not hold again without.
    own = pd.MultiIndex.from_frame(known[["resident", "dataset"]].drop_duplicates())
    kept &= ~pd.MultiIndex.from_frame(pairs[["resident", "dataset"]]).isin(own)
    columns = ["holder", "resident", "home", "dataset", "liable", "starts", "born"]
    return pairs.loc[kept, columns].assign(age=age[kept] // BAND).reset_index(drop=True)


def _names_alike(
    pairs: pd.DataFrame,
    held: pd.DataFrame,
    known: pd.DataFrame,
    rows: Rows,
    learned: Learned,
) -> npt.NDArray[np.int64]:
    """Say how alike the names of each pair are, at best; 0 where they contradict each other."""
    names = ["forename", "surname"]
    written = held.groupby("holder")[[*names, "sex"]].agg(
        {"forename": "first", "surname": "first", "sex": "max"}
    )
    called = known[["resident", *names]].drop_duplicates()
    each = pairs[["holder", "resident"]].reset_index(names="pair").merge(called, on="resident")
    forename, surname = (written[name].to_numpy()[each["holder"]] for name in names)
    theirs, family = (each[name].to_numpy() for name in names)
    first = alike(forename, theirs, rows.forenames, "forename", learned.aliases)
    last = alike(surname, family, rows.surnames, "surname", {})
    whole = first & last
    whole |= exchanged(forename, surname, theirs, family, (rows.forenames, rows.surnames))
    one = np.array([len(name) > 1 and " " not in name for name in rows.forenames], dtype=bool)
    other = last & np.append(one, False)[forename]
    level = np.select(
        [whole, first, last & (forename < 0), other],
        [WHOLE_NAME, FORENAME, SURNAME_ALONE, SURNAME],
        0,
    )
    best = np.zeros(len(pairs), dtype=np.int64)
    np.maximum.at(best, each["pair"].to_numpy(), level)
    own = written["sex"].to_numpy()
    told = learned.sex_of(rows.forenames)[written["forename"].to_numpy()]
    own = np.where(own == UNKNOWN, told, own)
    own = own[pairs["holder"]]
    sexes = known[known["sex"] != UNKNOWN].groupby("resident")["sex"].mean().round()
    sex = pairs["resident"].map(sexes).fillna(UNKNOWN).to_numpy()
    contrary = (own != UNKNOWN) & (sex != UNKNOWN) & (own != sex)
    best[(best <= SURNAME_ALONE) & contrary] = 0
    return best


def alone(pairs: pd.DataFrame) -> Flags:
    """Say which pairs are of a holder and a resident whom no other pair is of."""
    single = ~pairs.duplicated("holder", keep=False)
    single &= ~pairs.duplicated(["resident", "dataset"], keep=False)
    return np.asarray(single)


def _by_name(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of one whole name; of namesakes, none."""
    whole = pairs[pairs["names"] == WHOLE_NAME]
    return whole[alone(whole)]


def _counted_by_age(by_name: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Count residents by register and age, each once, and those who are counted off by name."""
    who = ["resident", "dataset"]
    first = pairs.sort_values("age").drop_duplicates(who)
    found = pd.MultiIndex.from_frame(by_name[who])
    counted = pd.MultiIndex.from_frame(first[who]).isin(found)
    by_age = first.assign(counted=counted).groupby(["dataset", "age"])["counted"]
    return by_age.agg(["sum", "size"])
