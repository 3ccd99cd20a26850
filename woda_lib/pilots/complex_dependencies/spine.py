"""The households of each index date, as the single view tells them, and the groups they are in.

Composition is of the day: who lived there then, at their age then. Care homes are no households
that a caseworker visits, and are left out. Groups are for tests of fairness; of them
deprivation alone is a feature too, and which services know a household.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from woda_lib.pilots.ethnic_groups import ETHNIC_GROUPS
from woda_lib.pilots.single_view.ages import (
    BANDS,
    CHILDREN,
    UNDER_FIVE,
    bands_of,
    half_years_before,
)
from woda_lib.pilots.single_view.homes.kinds import kinds
from woda_lib.pilots.single_view.planning.families import households_on, members_on

TABLES = ("records", "persons", "households", "members", "properties")
"""What the build of the single view saved and this pilot reads."""

KEYS = ["household_id", "index_date"]
"""What tells a row of the spine, and of features, from any other."""

GROUPS = ("ethnicity", "sex", "age", "deprivation", "services")
NOT_KNOWN = "not known"

_GROWN = tuple(band for band in BANDS if band not in CHILDREN)
_MOST_SERVICES = 4


@dataclass(frozen=True)
class Spine:
    """Households by index date.

    Attributes
    ----------
    table
        `household_id, index_date, split, uprn, kind, people, children, under_fives` and `GROUPS`
        but for `services`, which `with_services` adds.
    left_out
        `index_date, reason, households` (or members, as the reason says).
    """

    table: pd.DataFrame
    left_out: pd.DataFrame


def spine(tables: Mapping[str, pd.DataFrame], dates: pd.DataFrame, *, as_of: date) -> Spine:
    """Return the households of every index date.

    Parameters
    ----------
    tables
        Of the build, by the names of `TABLES`.
    dates
        From `index_dates`.
    as_of
        The day of the build, on which `persons.age_half_years` stands.
    """
    parts, lost = [], []
    for day, split in zip(dates["index_date"], dates["split"], strict=True):
        made, out = _of_a_day(tables, day, as_of)
        parts.append(made.assign(index_date=day, split=split))
        lost += [(day, *each) for each in out]
    first = ["household_id", "index_date", "split"]
    table = pd.concat(parts, ignore_index=True)
    table["index_date"] = table["index_date"].astype("datetime64[ns]")
    columns = [*first, *(name for name in table.columns if name not in first)]
    left_out = pd.DataFrame(lost, columns=["index_date", "reason", "number"])
    return Spine(table[columns], left_out)


def with_services(table: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Add how many services know each household, 0 to *4 or more*, from the features ``knows_*``.

    Parameters
    ----------
    table
        From `spine`.
    features
        Of its rows, in the same order.
    """
    knows = [name for name in features.columns if name.startswith("knows_")]
    number = np.minimum(features[knows].sum(axis=1).to_numpy(int), _MOST_SERVICES)
    names = np.array([*map(str, range(_MOST_SERVICES)), f"{_MOST_SERVICES} or more"], dtype=object)
    return table.assign(services=names[number])


def _of_a_day(
    tables: Mapping[str, pd.DataFrame], day: pd.Timestamp, as_of: date
) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    people = _people_then(tables["persons"], day, as_of)
    on = day.date()
    everybody = members_on(tables["members"], people, on)
    seen = everybody["entity_id"].isin(people.loc[people["seen"], "entity_id"])
    members = everybody.loc[seen].reset_index(drop=True)
    homes = households_on(tables["households"], members, tables["properties"], on)
    members = members.loc[members["household_id"].isin(homes["household_id"])]
    members = members.merge(people[["entity_id", "age", "sex", "ethnicity"]], on="entity_id")
    kind_of_home = tables["properties"].drop_duplicates("uprn").set_index("uprn")["kind"]
    care = homes["uprn"].map(kind_of_home.astype(object)).eq("care_home")
    counted = _counted(members)
    table = homes.drop(columns=["kind", "children", "district", "area"]).merge(
        counted, on="household_id", how="left"
    )
    fifth = pd.to_numeric(table.pop("deprivation_quintile"), errors="coerce")
    table["deprivation"] = fifth.map("{:.0f}".format, na_action="ignore").fillna(NOT_KNOWN)
    out = [
        ("Members whom no partner knew yet", int((~seen).sum())),
        ("Care homes", int(care.sum())),
    ]
    return table.loc[~care.to_numpy()].reset_index(drop=True), out


def _people_then(persons: pd.DataFrame, day: pd.Timestamp, as_of: date) -> pd.DataFrame:
    """Everybody with their age on the day; `seen` is whether a row of them was dated by then."""
    ages = half_years_before(persons["age_half_years"], as_of, day.date())
    years = (ages.astype("Float64") // 2).astype(float)
    years = years.where(years.ge(0))
    return pd.DataFrame(
        {
            "entity_id": persons["entity_id"].astype(object),
            "age": years,
            "age_band": bands_of(years),
            "sex": persons["sex"].astype(object),
            "ethnicity": persons["ethnic_group"].astype(object).str[0].map(ETHNIC_GROUPS),
            "died_on": persons["died_on"],
            # Not yet born, or first written down later: nobody could count them on the day.
            "seen": persons["first_seen"].le(day) & ~ages.lt(0).fillna(False).astype(bool),
        }
    )


def _counted(members: pd.DataFrame) -> pd.DataFrame:
    """Kind, children, under-fives and groups of each household, from its members of the day."""
    codes, ids = pd.factorize(members["household_id"])
    band = members["age_band"].astype(object)
    of = pd.DataFrame(
        {
            "key": codes,
            "age": members["age"].to_numpy(),
            "sex": members["sex"].to_numpy(),
            # Surnames and who pays are not handed to this pilot, so that kinship stands in nowhere.
            "family": -1,
            "kinship": None,
            "holder": False,
            "care_home": False,
            "child": band.isin(CHILDREN).to_numpy(),
            "small": band.isin(UNDER_FIVE).to_numpy(),
            "ethnicity": members["ethnicity"].to_numpy(),
        }
    )
    by = of.groupby("key")
    sums = by[["child", "small"]].sum()
    return pd.DataFrame(
        {
            "household_id": ids,
            "kind": kinds(of).astype(object).reindex(range(len(ids))).fillna("other").to_numpy(),
            "children": sums["child"].to_numpy(float),
            "under_fives": sums["small"].to_numpy(float),
            "ethnicity": _ethnicity(of),
            "sex": _sex(of),
            "age": _oldest(by["age"].max()),
        }
    )


def _ethnicity(of: pd.DataFrame) -> np.ndarray:
    known = of.dropna(subset=["ethnicity"]).groupby("key")["ethnicity"]
    several = known.nunique().gt(1)
    said = known.first().mask(several, "more than one")
    return said.reindex(range(of["key"].max() + 1)).fillna(NOT_KNOWN).to_numpy(object)


def _sex(of: pd.DataFrame) -> np.ndarray:
    grown = of.loc[~of["child"]]
    by = grown["key"]
    n = range(of["key"].max() + 1)
    women = grown["sex"].eq("F").groupby(by).any().reindex(n, fill_value=False)
    men = grown["sex"].eq("M").groupby(by).any().reindex(n, fill_value=False)
    anybody = by.groupby(by).size().reindex(n, fill_value=0).gt(0)
    said = np.select(
        [women & men, women, men, anybody],
        ["both", "women", "men", NOT_KNOWN],
        "no grown member",
    )
    return said.astype(object)


def _oldest(age: pd.Series) -> np.ndarray:
    band = bands_of(age).astype(object)
    return band.where(band.isin(_GROWN), NOT_KNOWN).to_numpy(object)
