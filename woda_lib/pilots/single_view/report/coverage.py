"""How much of the county is seen: people who live here by the records, beside population estimates.

More than the estimate is no good sign: whoever died or left and is still counted, and whoever is
counted twice, hide as many who are not seen at all.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.report.words import PARTNERS

BANDS = {
    "0-4": "0 to 4",
    "5-15": "5 to 15",
    "16-24": "16 to 24",
    "25-44": "25 to 44",
    "45-64": "45 to 64",
    "65-74": "65 to 74",
    "75-84": "75 to 84",
    "85+": "85 and over",
}
"""Codes of the population estimates' bands, and how readers know them."""

_FROM = [0, 5, 16, 25, 45, 65, 75, 85]
_SEXES = {"F": "female", "M": "male"}
_Z = 1.96  # a standard normal's 97.5th percentile


def living_here(persons: pd.DataFrame, residences: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Return the people who, by the records, live in the county on a day.

    Parameters
    ----------
    persons
        `entity_id, date_of_birth, sex, died_on, district` and what else is to be kept.
    residences
        `entity_id, uprn, starts, ends`.
    on
        The day.

    Returns
    -------
    DataFrame
        Those rows of `persons` who are not known to have died and have a home, with `age_band`
        (missing without a birth date).
    """
    there = (residences["starts"] <= on) & ~(residences["ends"] < on)
    here = persons["entity_id"].isin(residences.loc[there, "entity_id"])
    alive = ~(persons["died_on"] <= on)
    table = persons[here & alive].reset_index(drop=True)
    return table.assign(age_band=_bands(table["date_of_birth"], on))


def latest(population: pd.DataFrame) -> pd.DataFrame:
    """Return the estimates of the newest year: `district, age_band, sex, residents`."""
    newest = population[population["year"] == population["year"].max()]
    return newest[["district", "age_band", "sex", "residents"]].reset_index(drop=True)


def coverage(here: pd.DataFrame, population: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Hold the people who are seen against the estimate.

    Parameters
    ----------
    here
        From `living_here`.
    population
        From `latest`.
    by
        `district`, `age_band` or `sex`; everybody together, if left out.

    Returns
    -------
    DataFrame
        `by, group, seen, residents, percent, low, high`. The interval is of the number seen, as a
        Poisson count; the estimate has an error of its own, which is not in it. People without the
        value stand under *not known*, without an estimate.
    """
    if by is None:
        counted = pd.DataFrame({"seen": [len(here)], "residents": [population["residents"].sum()]})
        return _shares(counted.assign(by="everybody", group="everybody"))
    seen = here[by].astype(object)
    groups = population.groupby(by, observed=True)["residents"].sum()
    seen = seen.where(seen.isin(groups.index), "not known")
    counted = groups.to_frame().join(seen.value_counts().rename("seen"), how="outer")
    order = list(BANDS) if by == "age_band" else sorted(set(counted.index) - {"not known"})
    counted = counted.reindex([*order, *(["not known"] if "not known" in counted.index else [])])
    counted = counted.rename_axis("group").reset_index().fillna({"seen": 0})
    names = {**BANDS, **_SEXES}
    group = counted["group"].map(lambda name: names.get(name, name))
    return _shares(counted.assign(by=by.replace("_", " "), group=group))


def by_groups(here: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Return `coverage` by district, age and sex, one under another, as far as it has a share."""
    parts = [coverage(here, population, by) for by in ("district", "age_band", "sex")]
    table = pd.concat(parts, ignore_index=True)
    return table[table["percent"].notna()].reset_index(drop=True)


def finding(groups: pd.DataFrame) -> str:
    """Say in a sentence which age is seen least and which most, and how many have none.

    Parameters
    ----------
    groups
        From `by_groups`.
    """
    ages = groups[groups["by"] == "age band"]
    least, most = (ages.loc[at()] for at in (ages["percent"].idxmin, ages["percent"].idxmax))
    said = (
        f"People aged {least['group']} are seen least, at {least['percent']:.0f}% of the estimate, "
        f"and those aged {most['group']} most, at {most['percent']:.0f}%"
    )
    everybody = groups.loc[groups["by"] == "district", "seen"].sum()
    ageless = 100 * (1 - ages["seen"].sum() / everybody)
    if round(ageless) < 1:
        return said
    return f"{said}; the {ageless:.0f}% whose age nobody knows count in none, and so with sex"


def by_partner(records: pd.DataFrame, here: pd.DataFrame) -> pd.DataFrame:
    """Count whom each partner knows.

    Parameters
    ----------
    records
        `partner, dataset, local_id, entity_id`.
    here
        From `living_here`.

    Returns
    -------
    DataFrame
        `partner, numbers` (of people, as the partner counts), `people, living_here` and
        `percent_of_seen`, of everybody who is seen here; most first.
    """
    distinct = records.drop_duplicates(["partner", "entity_id"])
    inside = distinct[distinct["entity_id"].isin(here["entity_id"])]
    table = pd.DataFrame(
        {
            "numbers": records.groupby("partner", observed=True).size(),
            "people": distinct.groupby("partner", observed=True).size(),
            "living_here": inside.groupby("partner", observed=True).size(),
        }
    )
    table = table.fillna(0).astype(int).reset_index()
    table["percent_of_seen"] = 100 * table["living_here"] / max(len(here), 1)
    table["partner"] = table["partner"].astype(str).map(lambda name: PARTNERS.get(name, name))
    return table.sort_values("living_here", ascending=False, ignore_index=True)


def known_to(records: pd.DataFrame, here: pd.DataFrame) -> pd.DataFrame:
    """Count the people who are seen by how many partners know them: `partners, people`."""
    inside = records[records["entity_id"].isin(here["entity_id"])]
    number = inside.groupby("entity_id")["partner"].nunique()
    counted = number.clip(upper=5).value_counts().sort_index()
    names = {1: "one partner alone", 5: "five or more"}
    labels = [names.get(n, ("two", "three", "four")[n - 2] if n < 5 else "") for n in counted.index]
    return pd.DataFrame({"partners": labels, "people": counted.to_numpy()})


def over_and_under(
    here: pd.DataFrame,
    true_people: pd.DataFrame,
    opted_out: pd.DataFrame,
    households: pd.DataFrame,
) -> pd.DataFrame:
    """Say what coverage is made of, where the truth is known.

    Parameters
    ----------
    here
        From `living_here`.
    true_people
        `entity_id, person_id`: who each entity truly is.
    opted_out
        The same of the entities that are left out.
    households
        The truth's: `person_id` of everybody who lives here.

    Returns
    -------
    DataFrame
        `what, people, percent` of everybody who truly lives here.
    """
    whom = here[["entity_id"]].merge(true_people, on="entity_id", how="left")["person_id"]
    resident = whom.isin(households["person_id"])
    once = whom[resident].nunique()
    total = households["person_id"].nunique()
    chose = set(households["person_id"]) & set(opted_out["person_id"]) - set(whom)
    rows = {
        "Live here and are seen": once,
        "Live here and opted out": len(chose),
        "Live here and are not seen": total - once - len(chose),
        "Seen a second time: a link was missed": int(resident.sum()) - once,
        "Seen, but died, left or never lived here": int((~resident).sum()),
    }
    table = pd.DataFrame({"what": rows.keys(), "people": rows.values()})
    return table.assign(percent=100 * table["people"] / total)


def _bands(born: pd.Series, on: pd.Timestamp) -> pd.Series:
    before_birthday = (born.dt.month > on.month) | (
        (born.dt.month == on.month) & (born.dt.day > on.day)
    )
    age = on.year - born.dt.year - before_birthday
    cuts = pd.cut(age, [*_FROM, 200], right=False, labels=list(BANDS))
    return pd.Series(cuts.astype("string"), index=born.index)


def _shares(counted: pd.DataFrame) -> pd.DataFrame:
    seen = counted["seen"].astype(float)
    spread = _Z * np.sqrt(seen)
    residents = counted["residents"].astype(float)
    table = counted.assign(
        seen=counted["seen"].astype(int),
        residents=counted["residents"].astype("Int64"),
        percent=100 * seen / residents,
        low=100 * (seen - spread) / residents,
        high=100 * (seen + spread) / residents,
    )
    return table[["by", "group", "seen", "residents", "percent", "low", "high"]]
