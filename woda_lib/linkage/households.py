"""Find the fields that people of one household share, so that relatives are not taken for matches.

Records at one place that are clearly of two people (birth dates that share neither year nor day, or
two sexes) show it: where their names agree far more often than strangers' names do, families are
among the records, and whatever agrees among them is no proof of one person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

PLACE_KINDS = frozenset({"address", "postcode"})
SAMPLE = 200_000  # records
LARGEST_PLACE = 60  # records at one address; more are an institution
FEWEST_HOUSEMATES = 0.02  # pairs for each record, below which families do not matter
LIFT = 2.5  # times as often as strangers that a shared field agrees
# Least share of housemates with one family name. Two sexes may be one person's, of which one is a
# slip, and a street holds many pairs: more is asked where nothing else tells two people apart.
FAMILY_NAME = {"date_of_birth": 0.03, "sex": 0.2}
FAMILY_TO_OWN = 3.0  # times as far beyond chance as the name that agrees least
ALIKE = 0.5  # least share of housemates who agree on any other shared field


@dataclass(frozen=True)
class Households:
    """The fields that households share (none where there are no families), and the reason."""

    fields: list[str]
    because: str


def find_households(
    records: pd.DataFrame, kinds: Mapping[str, str], compared: Sequence[str]
) -> Households:
    """Say which compared fields people of one household share.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    kinds
        Field name to kind.
    compared
        The fields that are compared.
    """
    place = [name for name in compared if kinds[name] in PLACE_KINDS]
    names = [name for name in compared if kinds[name] == "name"]
    own = [name for kind in ("date_of_birth", "sex") for name in compared if kinds[name] == kind]
    if not (place and len(names) > 1 and own):
        return Households([], "no place, names and birth dates or sexes to tell families by")
    told_by, kind = own[0], kinds[own[0]]
    if len(records) > SAMPLE:
        records = records.sample(SAMPLE, random_state=0)
    mates = _housemates(records, place, told_by, kind)
    if len(mates) < FEWEST_HOUSEMATES * len(records):
        return Households([], "hardly two people at one place")
    agree, chance = _agreement(records, mates, compared)
    lift = agree / chance.clip(lower=1e-9)
    # Where every name agrees, these are not relatives but one person with two birth dates.
    beyond_chance = agree - chance
    least = max(0.0, FAMILY_TO_OWN * beyond_chance[names].min())
    family = [
        name
        for name in names
        if agree[name] >= FAMILY_NAME[kind] and lift[name] >= LIFT and beyond_chance[name] >= least
    ]
    if not family:
        return Households([], "people at one place share no name more than another")
    # A place may be a whole street; those in it who share a name are of one home.
    kin, chance = _agreement(records, _sharing(records, mates, family), compared)
    others = [
        name
        for name in compared
        if name not in family
        and name != told_by
        and kin[name] >= ALIKE
        and kin[name] >= LIFT * chance[name]
    ]
    shared = [name for name in compared if name in {*family, *place, *others}]
    if len(shared) == len(compared):
        return Households([], "every compared field is shared")
    often = ", ".join(f"{name} {agree[name]:.0%} of the time" for name in shared)
    return Households(shared, f"people at one place agree on {often}")


def _sharing(records: pd.DataFrame, mates: pd.DataFrame, family: list[str]) -> pd.DataFrame:
    """Of pairs of housemates, those who agree on a family name."""
    same = np.zeros(len(mates), dtype=bool)
    for name in family:
        left, right = (records[name].reindex(mates[side]).to_numpy() for side in mates)
        same |= (left == right) & pd.notna(left)
    return mates[same]


def _housemates(records: pd.DataFrame, place: list[str], own: str, kind: str) -> pd.DataFrame:
    """Pair neighbours in the order of place who are clearly two: see the top of the module."""
    located = records[records[place].notna().any(axis=1) & records[own].notna()]
    # A flat's number that is missing is a place like any other: the house without flats.
    key = located[place].astype(object).fillna("").agg("\n".join, axis=1)
    located = located.assign(_place=key).sort_values("_place", kind="stable")
    size = located.groupby("_place")[own].transform("size")
    located = located[(size > 1) & (size <= LARGEST_PLACE)]
    one, other = located.iloc[:-1], located.iloc[1:]
    two = one["_place"].to_numpy() == other["_place"].to_numpy()
    told = [frame[own].astype(str).str for frame in (one, other)]
    for part in (slice(0, 4), slice(4, 8)) if kind == "date_of_birth" else (slice(None),):
        two &= told[0][part].to_numpy() != told[1][part].to_numpy()
    return pd.DataFrame({"left": one.index[two], "right": other.index[two]})


def _agreement(
    records: pd.DataFrame, mates: pd.DataFrame, compared: Sequence[str]
) -> tuple[pd.Series, pd.Series]:
    """How often housemates, and housemates of different homes, agree on each field."""
    agree, chance = {}, {}
    for name in compared:
        left = records.loc[mates["left"], name].to_numpy()
        right = records.loc[mates["right"], name].to_numpy()
        both = pd.notna(left) & pd.notna(right)
        agree[name] = float((left[both] == right[both]).mean()) if both.any() else 0.0
        shares, others = (
            pd.Series(values[both]).value_counts(normalize=True) for values in (left, right)
        )
        chance[name] = float((shares * others.reindex(shares.index)).sum())
    return pd.Series(agree), pd.Series(chance)
