"""What the notebook of an incident says besides its tables: the area, how sure, the answer."""

from __future__ import annotations

import pandas as pd

from woda_lib.linkage.quality import wilson
from woda_lib.pilots.business_register.incident.area import Area
from woda_lib.pilots.business_register.incident.inside import Findings, Known
from woda_lib.pilots.business_register.incident.kinds import ONE_OF, services
from woda_lib.pilots.single_view.steps import in_steps


def area_told(area: Area) -> pd.DataFrame:
    """Return what is asked about: `what, said`."""
    beyond = f"{100 * area.outside:.0f}% of it; nothing is known there" if area.outside else "None"
    rows = [
        ("Asked for", area.words),
        ("Size", f"{area.square_km:,.2f} km²"),
        ("Beyond the county", beyond),
        ("SHA-256 of its corners", area.sha256[:16]),
    ]
    return pd.DataFrame(rows, columns=["what", "said"])


def placed(known: Known) -> pd.DataFrame:
    """Say how much of what is known has a place: `what, placed, without_a_place`.

    What has none is inside no area, so that it is missing from every count by place.
    """
    rows = [
        ("Businesses' sites", known.sites),
        ("Homes and premises", known.properties),
        ("Partners' buildings", known.buildings),
    ]
    return pd.DataFrame(
        [(what, len(of.table), of.unplaced) for what, of in rows],
        columns=["what", "placed", "without_a_place"],
    )


def buildings_faults(known: Known) -> pd.DataFrame:
    """Say what is wrong with where partners' buildings are said to be, and what was done."""
    if known.faults.empty:
        return pd.DataFrame({"reason": ["nothing"], "outcome": [""], "buildings": [0]})
    return known.faults.sort_values("buildings", ascending=False, kind="stable", ignore_index=True)


def people_placed(known: Known) -> pd.DataFrame:
    """Count entries of the register by how exactly they are placed: `placed, people`."""
    ways = known.people.table.drop_duplicates("assistance_id")["how"].value_counts()
    said = {"home": "At their home", "postcode": "At their postcode alone"}
    rows = [(said[how], int(ways.get(how, 0))) for how in said]
    return pd.DataFrame([*rows, ("Nowhere", known.people.unplaced)], columns=["placed", "people"])


def rightly_placed(known: Known, truth: pd.DataFrame) -> pd.DataFrame:
    """Say how many entries stand where the person truly lives (made-up county only).

    Parameters
    ----------
    truth
        ``assistance_id, uprn``: the true home, missing for who died or left the county.

    Returns
    -------
    DataFrame
        ``entries, people, percent, low, high`` of those that were placed at a home, with Wilson's
        interval.
    """
    table = known.people.table
    home = table[table["how"].eq("home")][["assistance_id", "place"]]
    both = home.merge(truth[["assistance_id", "uprn"]], on="assistance_id")
    right = (both["place"].astype(object) == both["uprn"].astype(object)).fillna(False)
    gone = both["uprn"].isna()
    parts = {
        "Live where the register says": right,
        "Moved, and the register does not know": ~right & ~gone,
        "Died or left the county": gone,
    }
    rows = []
    for said, which in parts.items():
        low, high = wilson(int(which.sum()), len(both))
        rows.append((said, int(which.sum()), 100 * which.mean(), 100 * low, 100 * high))
    return pd.DataFrame(rows, columns=["entries", "people", "percent", "low", "high"])


def homes_about(found: Findings) -> int:
    """Return how many homes lie inside, in steps, as headline counts are."""
    return in_steps(int(found.properties["is_home"].sum()))


def sites_about(found: Findings) -> int:
    """Return how many sites lie inside at which somebody may be at work, in steps."""
    return in_steps(len(found.worked_at))


def vulnerable_said(found: Findings) -> str:
    """Say which services inside hold many who may need help: *2 care homes, 1 school*.

    Sheltered housing is no service: see `tables.sheltered`.
    """
    counted = services(found.properties)["vulnerable"].value_counts()
    named = {
        "Care homes": ("care home", "care homes"),
        "Nurseries": ("nursery", "nurseries"),
        "Schools": ("school", "schools"),
        "Hospitals and hospices": ("hospital", "hospitals"),
        "Surgeries and clinics": ("surgery", "surgeries"),
    }
    said = [
        f"{counted[kind]:,} {named[kind][int(counted[kind] > 1)]}"
        for kind in ONE_OF
        if counted.get(kind, 0)
    ]
    if not said:
        return "no care home, school or hospital"
    return f"{', '.join(said[:-1])} and {said[-1]}" if said[1:] else said[0]
