"""What a report says of an incident's area: counts that pass the gate, and services by name."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.business_register.incident.inside import Findings, registered, worked_at
from woda_lib.pilots.business_register.incident.kinds import SECTIONS, VULNERABLE
from woda_lib.pilots.business_register.incident.points import grid_references

NEEDS = {
    "oxygen": "Oxygen at home",
    "dialysis": "Dialysis",
    "bed": "Cannot leave bed",
    "wheelchair": "Wheelchair",
    "sight": "Cannot see well",
    "hearing": "Cannot hear well",
    "memory": "Memory, or cannot decide alone",
}
ALL = "All sectors"
_UNKNOWN = "Not known"
_MANY = 5
"""A sector with fewer firms than this stands under *Other*: its employees would be theirs."""


def at_a_glance(found: Findings) -> pd.DataFrame:
    """Return how much lies inside and on the edge: `what, inside, on_the_edge`.

    People are counted elsewhere, so that no column holds people beside things.
    """
    edge = found.edge
    rows = [
        ("Homes", found.properties, edge["properties"], "is_home"),
        ("Other premises", found.properties, edge["properties"], "is_premises"),
        ("Businesses' sites", found.worked_at, worked_at(edge["sites"]), None),
        ("Firms only registered there", found.registered, registered(edge["sites"]), None),
        ("Partners' buildings", found.buildings, edge["buildings"], None),
    ]
    return pd.DataFrame(
        [(what, _size(inside, of), _size(ring, of)) for what, inside, ring, of in rows],
        columns=["what", "inside", "on_the_edge"],
    )


def vulnerable(found: Findings) -> pd.DataFrame:
    """Count places where many may need help to leave: `kind, inside, on_the_edge`."""
    edge = found.edge["properties"]
    return pd.DataFrame(
        {
            "kind": list(VULNERABLE),
            "inside": [int(found.properties["vulnerable"].eq(kind).sum()) for kind in VULNERABLE],
            "on_the_edge": [int(edge["vulnerable"].eq(kind).sum()) for kind in VULNERABLE],
        }
    )


def sectors(found: Findings) -> pd.DataFrame:
    """Count sites, enterprises and employees by sector, the most employees first.

    Firms that are only registered there are left out: nobody need be at work there.

    Returns
    -------
    DataFrame
        ``sector, sites, enterprises, employees`` (an estimate and no bound: a site's share of its
        firm's staff is apportioned, and may work elsewhere), ``sites_without_number`` (which say
        nothing of how many work there).
    """
    sites = with_sector(found.worked_at)
    by = sites.groupby("sector", sort=False)
    table = pd.DataFrame(
        {
            "sites": by.size(),
            "enterprises": by["enterprise_id"].nunique(),
            "employees": by["employees"].sum(),
            "sites_without_number": by["employees"].agg(lambda column: column.isna().sum()),
        }
    ).reset_index()
    table = table.astype(dict.fromkeys(table.columns[1:], "int64"))
    table = table.sort_values(["employees", "sites"], ascending=False, ignore_index=True)
    whole = {
        "sector": ALL,
        "sites": len(sites),
        "enterprises": sites["enterprise_id"].nunique(),
        "employees": int(sites["employees"].sum()),
        "sites_without_number": int(sites["employees"].isna().sum()),
    }
    return pd.concat([table, pd.DataFrame([whole])], ignore_index=True)


def employees_behind(found: Findings) -> pd.DataFrame:
    """Return whose employees were summed, for the dominance rules: `sector, employees`.

    Of a sector in which nobody told a number, every firm stands with none.
    """
    sites = with_sector(found.worked_at)
    told_of = sites["employees"].notna().groupby(sites["sector"]).transform("any")
    sites = sites.assign(employees=sites["employees"].mask(~told_of, 0))
    sites = sites.dropna(subset=["employees"])
    firms = sites.groupby(["sector", "enterprise_id"], as_index=False)["employees"].sum()
    told = pd.DataFrame(firms[["sector", "employees"]]).astype({"employees": "int64"})
    whole = sites.groupby("enterprise_id")["employees"].sum().astype("int64")
    return pd.concat([told, pd.DataFrame({"sector": ALL, "employees": whole})], ignore_index=True)


def with_sector(sites: pd.DataFrame) -> pd.DataFrame:
    """Add each site's sector in words; sectors of few firms stand under *Other*."""
    named = sites["section"].astype(object).map(SECTIONS).fillna(_UNKNOWN)
    firms = sites.groupby(named)["enterprise_id"].transform("nunique")
    named = named.where(firms.ge(_MANY) | named.eq(_UNKNOWN), "Other")
    return sites.assign(sector=named.to_numpy())


def people(found: Findings) -> pd.DataFrame:
    """Count who asked to be helped first, by the help that they ask for: `help, people`."""
    counted = found.people["need"].astype(object).map(NEEDS).value_counts()
    table = counted.reindex(list(NEEDS.values()), fill_value=0).rename_axis("help")
    return table.rename("people").reset_index()


def key_places(found: Findings) -> pd.DataFrame:
    """Name the services inside: partners' buildings, and premises where many need help.

    Returns
    -------
    DataFrame
        ``name, kind, grid`` (the square of 100 m); services and no people.
    """
    buildings = pd.DataFrame(
        {
            "name": found.buildings["building_name"].astype(object),
            "kind": found.buildings["use"].astype(object).str.replace("_", " ").str.capitalize(),
            "grid": _grid(found.buildings),
            "uprn": found.buildings["uprn"].astype(object),
        }
    )
    held = found.properties
    cared = held[held["vulnerable"].notna() & held["organisation"].notna()]
    premises = pd.DataFrame(
        {
            "name": cared["organisation"].astype(object),
            "kind": cared["vulnerable"].astype(object),
            "grid": _grid(cared),
            "uprn": cared["uprn"].astype(object),
        }
    )
    whole = pd.concat([buildings, premises], ignore_index=True)
    twice = whole["uprn"].notna() & whole["uprn"].duplicated()
    whole = whole[~twice].drop(columns="uprn")
    return whole.sort_values(["kind", "name"], ignore_index=True).fillna("")


def receiving(near: pd.DataFrame, *, most: int = 8) -> pd.DataFrame:
    """Say where people could be received: `name, use, metres_away, condition, open, floor_m2`."""
    few = near.head(most)
    return pd.DataFrame(
        {
            "name": few["building_name"].astype(object),
            "use": few["use"].astype(object).str.replace("_", " ").str.capitalize(),
            "metres_away": (few["metres"] / 50).round().mul(50).astype(int).map("{:,}".format),
            "condition": few["condition"].astype(object).fillna("Not told"),
            "open": few["opening_hours"].astype(object).fillna("Not told"),
            "floor_m2": few["floor_area"].map(lambda size: "" if pd.isna(size) else f"{size:,}"),
        }
    )


def _grid(rows: pd.DataFrame) -> pd.Series:
    return grid_references(rows["easting"], rows["northing"])


def _size(rows: pd.DataFrame, of: str | None) -> int:
    if of is None:
        return len(rows)
    homes = rows["is_home"].astype(bool)
    return int(homes.sum() if of == "is_home" else (~homes).sum())
