"""What the report tells of a list: counts alone, by place and group, beside the rule and before."""

from __future__ import annotations

import pandas as pd

from woda_lib.phrases import say_count
from woda_lib.pilots.complex_dependencies.review.listing import (
    CANNOT_TELL,
    DOES_NOT,
    LISTS,
    LITTLE_KNOWN,
    Listing,
)
from woda_lib.pilots.single_view.planning.shares import by_groups

GROUPS = {
    "district": "District",
    "deprivation": "Deprivation",
    "ethnicity": "Ethnicity",
    "sex": "Grown members",
    "age": "Oldest member",
    "services": "Services that know it",
}
"""To each column of the spine by what it tells households apart."""


def by_group(listing: Listing, spine: pd.DataFrame) -> pd.DataFrame:
    """Compare how many of each group are listed with the rest.

    Parameters
    ----------
    listing
        The list.
    spine
        `household_id` and `GROUPS`, a row a household that has a score.

    Returns
    -------
    DataFrame
        `by, group, households, listed, percent, low, high` (Wilson, 95%) and `adjusted_p` (Fisher's
        exact test against the rest, Holm). Groups of fewer than ten are left out.
    """
    hits = spine["household_id"].isin(listing.households["household_id"])
    groups = {said: spine[name].astype(object) for name, said in GROUPS.items() if name in spine}
    found = by_groups(hits, groups, whole="households", part="listed")
    return found


def finding(groups: pd.DataFrame) -> str:
    """Say in a clause how many groups are listed more or less than the rest beyond chance."""
    apart = groups.loc[groups["adjusted_p"].lt(0.05)]
    if apart.empty:
        return f"none of {len(groups)} differs from the rest beyond chance"
    most = apart.loc[apart["percent"].idxmax()]
    named = f"{str(most['by']).lower()}, {most['group']}"
    verb = "differs" if len(apart) == 1 else "differ"
    return (
        f"{say_count(len(apart))} of {len(groups)} {verb} from the rest beyond chance, the highest "
        f"share that of {named}"
    )


def at_a_glance(listing: Listing) -> pd.DataFrame:
    """Count what caseworkers should know before they begin: `listed_households, households`."""
    table = listing.households
    counts = {
        "Listed": len(table),
        "Early help is there": table["early_help"].gt(0).sum(),
        f"Known to {LITTLE_KNOWN} service or none": table["services"].le(LITTLE_KNOWN).sum(),
        "A record linked with doubt": table["doubtful"].gt(0).sum(),
        "Newest entry more than a year old": table["newest_days"].gt(365).sum(),
        "Data missing": table["gaps"].gt(0).sum(),
        "Score above all of the year that is over": table["beyond"].sum(),
    }
    return pd.DataFrame({"of those listed": list(counts), "households": list(counts.values())})


def beside_the_rule(listing: Listing) -> pd.DataFrame:
    """Count households by what the model and the simple rule say at the same capacity."""
    said = listing.households["rule_says"].value_counts()
    rows = [
        ("The model and the rule list it", said.get(LISTS, 0)),
        ("The model lists it, the rule does not", said.get(DOES_NOT, 0)),
        ("The model lists it, the rule cannot tell", said.get(CANNOT_TELL, 0)),
        ("The rule lists it, the model does not", len(listing.rule_only)),
    ]
    return pd.DataFrame(rows, columns=["what they say", "households"])


def since_before(listing: Listing, before: pd.DataFrame | None) -> pd.DataFrame:
    """Count what is new on the list and what is gone from it; no rows where there was none before.

    Parameters
    ----------
    listing
        The list.
    before
        The list before, with `household_id`.
    """
    if before is None:
        return pd.DataFrame(columns=["since the last list", "households"])
    now, then = set(listing.households["household_id"]), set(before["household_id"])
    rows = [
        ("New", len(now - then)),
        ("On both", len(now & then)),
        ("Gone", len(then - now)),
    ]
    return pd.DataFrame(rows, columns=["since the last list", "households"])


def told(listing: Listing) -> pd.DataFrame:
    """Return how high scores of the list are by what became of households like them.

    Returns
    -------
    DataFrame
        `of 1,000 like it`, bands, and `households`.
    """
    edges = [-1, 49, 99, 199, 299, 499, 1000]
    names = ["under 50", "50 to 99", "100 to 199", "200 to 299", "300 to 499", "500 or more"]
    band = pd.cut(listing.households["in_1000"], edges, labels=names)
    counted = band.value_counts().reindex(names)
    return pd.DataFrame({"of 1,000 like it": names, "households": counted.to_numpy(int)})
