"""What a report says of an incident's area: counts that pass the gate, and services by name."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.business_register.incident.inside import Findings, registered, worked_at
from woda_lib.pilots.business_register.incident.kinds import (
    ONE_OF,
    SHELTERED,
    drawn,
    services,
)
from woda_lib.pilots.business_register.incident.points import grid_references
from woda_lib.pilots.business_register.sections import SECTIONS
from woda_lib.pilots.single_view.steps import in_steps

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
_SITES = "Businesses' sites, to the nearest ten"
_REGISTERED = "Firms only registered there, to the nearest ten"
_UNKNOWN = "Not known"
_BANDS = (0, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000)
_MANY = 5
"""A sector with fewer firms than this stands under *Other*: its employees would be theirs."""


def at_a_glance(found: Findings) -> pd.DataFrame:
    """Return how much lies inside and on the edge: `what, inside, on_the_edge`.

    People are counted elsewhere, so that no column holds people beside things. Firms are told to
    the nearest ten: exact numbers of two areas would say which of them holds one firm more, which
    the rounding of `sectors` hides.
    """
    edge = found.edge
    rows = [
        ("Homes", found.properties, edge["properties"], "is_home"),
        ("Other premises", found.properties, edge["properties"], "is_premises"),
        (_SITES, found.worked_at, worked_at(edge["sites"]), None),
        (_REGISTERED, found.registered, registered(edge["sites"]), None),
        ("Partners' buildings", found.buildings, edge["buildings"], None),
    ]
    return pd.DataFrame(
        [(what, _size(what, inside, of), _size(what, ring, of)) for what, inside, ring, of in rows],
        columns=["what", "inside", "on_the_edge"],
    )


def vulnerable(found: Findings) -> pd.DataFrame:
    """Count services where many may need help to leave: `kind, inside, on_the_edge`."""
    inside = services(found.properties)["vulnerable"]
    edge = services(found.edge["properties"])["vulnerable"]
    return pd.DataFrame(
        {
            "kind": list(ONE_OF),
            "inside": [int(inside.eq(kind).sum()) for kind in ONE_OF],
            "on_the_edge": [int(edge.eq(kind).sum()) for kind in ONE_OF],
        }
    )


def sheltered(found: Findings) -> pd.DataFrame:
    """Count dwellings of sheltered housing: `homes, inside, on_the_edge`.

    Each is the home of one or two people, so that small numbers are theirs.
    """
    inside, edge = (
        int(rows["vulnerable"].eq(SHELTERED).sum())
        for rows in (found.properties, found.edge["properties"])
    )
    return pd.DataFrame({"homes": [SHELTERED], "inside": [inside], "on_the_edge": [edge]})


def sectors(found: Findings) -> pd.DataFrame:
    """Count sites and enterprises by sector, and say about how many work there, the most first.

    Firms that are only registered there are left out: nobody need be at work there.

    Returns
    -------
    DataFrame
        ``sector, sites, enterprises, sites_without_number`` (which say nothing of how many work
        there), and ``employees_from``: the lower end of the band that an estimate of the employees
        lies in. A number would let two areas that differ by one firm tell that firm's; a band
        seldom moves, and tells little if it does.
    """
    sites = with_sector(found.worked_at)
    by = sites.groupby("sector", sort=False)
    table = pd.DataFrame(
        {
            "sites": by.size(),
            "enterprises": by["enterprise_id"].nunique(),
            "sites_without_number": by["employees"].agg(lambda column: column.isna().sum()),
            "employees_from": by["employees"].sum(),
        }
    ).reset_index()
    table = table.astype(dict.fromkeys(table.columns[1:], "int64"))
    table["employees_from"] = table["employees_from"].map(band_from)
    # Within a band by name: the order would tell which of two has more.
    by_size = ["employees_from", "sector"]
    table = table.sort_values(by_size, ascending=[False, True], ignore_index=True)
    whole = {
        "sector": ALL,
        "sites": len(sites),
        "enterprises": sites["enterprise_id"].nunique(),
        "sites_without_number": int(sites["employees"].isna().sum()),
        "employees_from": band_from(int(sites["employees"].sum())),
    }
    return pd.concat([table, pd.DataFrame([whole])], ignore_index=True)


def band_from(employees: int) -> int:
    """Return the lower end of the band that a number of employees lies in: 120 is from 100."""
    return max(end for end in _BANDS if end <= employees)


def employees_behind(found: Findings) -> pd.DataFrame:
    """Return whose employees were summed, for the dominance rules: `sector, employees_from`.

    Of a sector in which nobody told a number, every firm stands with none.
    """
    sites = with_sector(found.worked_at)
    told_of = sites["employees"].notna().groupby(sites["sector"]).transform("any")
    sites = sites.assign(employees=sites["employees"].mask(~told_of, 0))
    sites = sites.dropna(subset=["employees"])
    firms = sites.groupby(["sector", "enterprise_id"], as_index=False)["employees"].sum()
    told = pd.DataFrame(firms[["sector", "employees"]]).astype({"employees": "int64"})
    whole = sites.groupby("enterprise_id")["employees"].sum().astype("int64")
    both = [told, pd.DataFrame({"sector": ALL, "employees": whole})]
    return pd.concat(both, ignore_index=True).rename(columns={"employees": "employees_from"})


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
    """List the services inside: partners' buildings by name, others where many need help by kind.

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
    # An organisation of the gazetteer may be called after who runs it, so that these have no name.
    cared = drawn(found.properties)
    premises = pd.DataFrame(
        {
            "name": as_one_of(cared),
            "kind": cared["vulnerable"].astype(object),
            "grid": _grid(cared),
            "uprn": cared["uprn"].astype(object),
        }
    )
    whole = pd.concat([buildings, premises], ignore_index=True)
    twice = whole["uprn"].notna() & whole["uprn"].duplicated()
    whole = whole[~twice].drop(columns="uprn")
    return whole.sort_values(["kind", "name"], ignore_index=True).fillna("")


def as_one_of(held: pd.DataFrame) -> pd.Series:
    """Say what each of `kinds.services` is and in which square of 100 m, and not who runs it."""
    kind = held["vulnerable"].astype(object).map(ONE_OF).astype(object)
    return (kind + " at " + _grid(held)).astype(object)


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


def _size(what: str, rows: pd.DataFrame, of: str | None) -> int:
    if of is None:
        return in_steps(len(rows)) if what in (_SITES, _REGISTERED) else len(rows)
    homes = rows["is_home"].astype(bool)
    return int(homes.sum() if of == "is_home" else (~homes).sum())
