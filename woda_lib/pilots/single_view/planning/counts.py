"""Families counted: how many services know them, what they need, who helps and who is missed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.planning.families import banded
from woda_lib.pilots.single_view.planning.schema import Schema
from woda_lib.pilots.single_view.planning.shares import by_groups, places_of, with_shares

_MOST = 4

KINDS = {
    "couple_with_children": "Couple with children",
    "lone_parent": "Lone parent",
    "grown_children": "With grown children",
    "three_generations": "Three generations",
    "house_share": "House share",
}


def by_services(table: pd.DataFrame, least: int) -> pd.DataFrame:
    """Count households by how many services know them.

    Returns
    -------
    DataFrame
        `services` (0 to *4 or more*), `households`, those `with_children` under 16, and of these
        those `with_needs`, `least` or more of the headings.
    """
    own = table.assign(
        services=banded(table["services"], _MOST),
        child=table["children"].gt(0),
        need=table["children"].gt(0) & table["needs"].ge(least),
    )
    counted = own.groupby("services", observed=False).agg(
        households=("child", "size"), with_children=("child", "sum"), with_needs=("need", "sum")
    )
    return counted.reset_index().astype({"services": str})


def by_needs(families: pd.DataFrame) -> pd.DataFrame:
    """Count families by how many headings are raised, and who helps them.

    Returns
    -------
    DataFrame
        `needs` (0 to *4 or more*), `families`, `early_help` (open), `social_care` (instead of it),
        `no_help`, and the per cent with early help with its interval.
    """
    own = families.assign(
        needs=banded(families["needs"], _MOST),
        instead=families["social_care"] & ~families["early_help"],
        nobody=~families["helped"],
    )
    counted = own.groupby("needs", observed=False).agg(
        families=("nobody", "size"),
        early_help=("early_help", "sum"),
        social_care=("instead", "sum"),
        no_help=("nobody", "sum"),
    )
    counted = counted.reset_index().astype({"needs": str})
    return with_shares(counted, "early_help", "families")


def by_heading(families: pd.DataFrame, schema: Schema, least: int) -> pd.DataFrame:
    """Count families under each heading.

    Returns
    -------
    DataFrame
        `heading` (its published title), `families`, those `with_others` (`least` headings or more
        in all) and of these those with `no_help`.
    """
    rows = []
    for need in schema.needs:
        mine = families.loc[families[need.heading]]
        several = mine.loc[mine["needs"].ge(least)]
        rows.append((need.title, len(mine), len(several), int((~several["helped"]).sum())))
    return pd.DataFrame(rows, columns=["heading", "families", "with_others", "no_help"])


def in_need(families: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return the families with so many headings or more."""
    return families.loc[families["needs"].ge(least)].reset_index(drop=True)


def services_by_needs(families: pd.DataFrame) -> pd.DataFrame:
    """Count families by how many services know them and how many headings are raised.

    Returns
    -------
    DataFrame
        `services` (0 to *4 or more*), and a column a number of needs: `no_need, one, two,
        three_or_more`.
    """
    services, needs = banded(families["services"], _MOST), banded(families["needs"], 3)
    counted = pd.crosstab(services, needs, dropna=False)
    counted.columns = pd.Index(["no_need", "one", "two", "three_or_more"])
    return counted.rename_axis("services").reset_index().astype({"services": str})


def where(needing: pd.DataFrame) -> pd.DataFrame:
    """Return the share of families in need whom nobody helps, by district and deprivation."""
    return by_groups(~needing["helped"], places_of(needing), whole="families", part="no_help")


def missed(needing: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return who among families in need has neither early help nor social care, and how often.

    Groups overlap: a family stands under each of its headings.
    """
    groups = {
        "Household": needing["kind"].map(KINDS).fillna("Other"),
        "Services that know it": banded(needing["services"], _MOST),
        "Free school meals": pd.Series(
            np.where(needing["free_meals"], "Eligible", "Not eligible"), index=needing.index
        ),
    }
    rest = by_groups(~needing["helped"], groups, whole="families", part="no_help")
    parts = []
    for need in schema.needs:
        mine = needing.loc[needing[need.heading]]
        of = pd.Series(need.title, index=mine.index)
        parts.append(by_groups(~mine["helped"], {"Need": of}, whole="families", part="no_help"))
    together = pd.concat([part for part in (rest, *parts) if len(part)], ignore_index=True)
    return together.drop(columns="adjusted_p")


def by_area(table: pd.DataFrame, hit: pd.Series, *, whole: str, part: str) -> pd.DataFrame:
    """Count rows and hits in each small area: `district, area`, the two counts and `percent`."""
    own = table.assign(hit=hit.to_numpy()).dropna(subset=["area"])
    counted = own.groupby(["district", "area"], observed=True)["hit"].agg(["size", "sum"])
    counted = counted.rename(columns={"size": whole, "sum": part}).reset_index()
    return counted.assign(percent=100 * counted[part] / counted[whole])
