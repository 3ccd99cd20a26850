"""How many records, enterprises and sites there are, and what is left unlinked, and why."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.business_register.report.words import SOURCES

_WHY = {
    "not at one time": "the record most like it is of another time",
    "two numbers": "the record most like it is of another company",
    "doubtful": "the record most like it is not like enough",
    "name alone": "a record shares a name over the door, and no place",
}
_NOTHING = "no record of another register is like it"


def linked_records(clusters: pd.DataFrame, confident: float) -> pd.DataFrame:
    """Count the records of each register, and how many are linked to one of another register.

    Parameters
    ----------
    clusters
        `source, id, entity_id, confidence`.
    confident
        Confidence from which a link counts as sure.

    Returns
    -------
    DataFrame
        `register, records, linked, linked_percent, sure, alone`.
    """
    linked = _linked(clusters)
    sure = linked & clusters["confidence"].ge(confident)
    by = clusters["source"].astype("string")
    table = pd.DataFrame(
        {
            "records": by.value_counts(),
            "linked": linked.groupby(by).sum(),
            "sure": sure.groupby(by).sum(),
        }
    ).reindex([name for name in SOURCES if name in set(by)])
    table["linked_percent"] = 100 * table["linked"] / table["records"]
    table["alone"] = table["records"] - table["linked"]
    table = table.rename_axis("register").reset_index()
    table["register"] = table["register"].map(SOURCES)
    return table[["register", "records", "linked", "linked_percent", "sure", "alone"]]


def unlinked(clusters: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Count the records that no other register knows, by why the best candidate was not taken.

    Returns
    -------
    DataFrame
        `register, why, records`.
    """
    alone = clusters.loc[~_linked(clusters), ["source", "id"]].astype("string")
    across = links[links["left_source"] != links["right_source"]]
    sides = [
        across[[f"{side}_source", f"{side}_id", "became", "probability"]].set_axis(
            ["source", "id", "became", "probability"], axis=1
        )
        for side in ("left", "right")
    ]
    best = pd.concat(sides).astype({"source": "string", "id": "string"})
    best = best.sort_values("probability", ascending=False, kind="stable")
    best = best.drop_duplicates(["source", "id"])
    told = alone.merge(best, on=["source", "id"], how="left")
    told["why"] = told["became"].map(_WHY).fillna(_NOTHING)
    counted = told.groupby(["source", "why"]).size().rename("records").reset_index()
    counted["place"] = counted["source"].map(list(SOURCES).index)
    counted = counted.sort_values(["place", "records"], ascending=[True, False])
    counted["register"] = counted["source"].map(SOURCES)
    return counted[["register", "why", "records"]].reset_index(drop=True)


def built(enterprises: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Count enterprises and sites, by what they are: `what, number`."""
    alive = enterprises["died_on"].isna() & enterprises["died_before"].isna()
    several = enterprises["sites"].gt(1)
    offices = sites["kind"].eq("registered_office")
    numbers = {
        "Enterprises": len(enterprises),
        "Enterprises that live": int(alive.sum()),
        "Enterprises with several sites": int(several.sum()),
        "Enterprises that are no company": int(enterprises["company_number"].isna().sum()),
        "Enterprises of a group": int(enterprises["group_name"].notna().sum()),
        "Sites": len(sites),
        "Sites that are a registered office alone": int(offices.sum()),
        "Sites found as a property": int(sites["located_by"].eq("property").sum()),
        "Sites known by their postcode alone": int(sites["located_by"].eq("postcode").sum()),
        "Sites that nothing locates": int(sites["located_by"].eq("nothing").sum()),
    }
    return pd.DataFrame({"what": list(numbers), "number": list(numbers.values())})


def offices(sites: pd.DataFrame) -> float:
    """Return the share of sites, %, that are a registered office and nothing else."""
    return float(100 * sites["kind"].eq("registered_office").mean())


def by_district(sites: pd.DataFrame) -> pd.DataFrame:
    """Count open sites: `district, premises, both, registered_office, sites`."""
    open_ = sites[sites["ended_on"].isna()]
    district = open_["district"].astype("string").fillna("elsewhere, or not known")
    table = pd.crosstab(district, open_["kind"].astype("string"))
    kinds = ["premises", "both", "registered_office"]
    table = table.reindex(columns=kinds, fill_value=0).rename_axis(columns=None)
    return table.assign(sites=table.sum(axis=1)).reset_index()


def addresses(places: pd.DataFrame) -> pd.DataFrame:
    """Count addresses found: `register, records, found_percent, exact_percent, mass`."""
    by = places["source"].astype("string")
    size = by.value_counts()
    table = pd.DataFrame(
        {
            "records": size,
            "found_percent": 100 * places["uprn"].notna().groupby(by).sum() / size,
            "exact_percent": 100 * places["how"].isin(["exact", "given"]).groupby(by).sum() / size,
            "mass": places["mass"].groupby(by).sum(),
        }
    ).reindex([name for name in SOURCES if name in set(by)])
    table = table.rename_axis("register").reset_index()
    return table.assign(register=table["register"].map(SOURCES))


def _linked(clusters: pd.DataFrame) -> pd.Series:
    by = clusters.groupby("entity_id")["source"]
    return by.transform("nunique").gt(1)
