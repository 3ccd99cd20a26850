"""How good the links of people are: with truth, without it, and for whom they are worse."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd

from woda_lib.linkage import LinkageWarning, cluster_missed, cluster_quality
from woda_lib.linkage.quality import wilson
from woda_lib.phrases import say_count
from woda_lib.pilots.single_view.report.words import DATASETS

_SOME = 100
"""Pairs from which a group's share is worth a sentence."""
_BY = {
    "ethnic_group": "ethnic group",
    "age_band": "age",
    "sex": "sex",
    "deprivation": "deprivation, by fifth",
    "source": "a dataset's record in the pair",
}


def quality_table(
    clusters: pd.DataFrame, truth: pd.DataFrame | None, estimated: Mapping[str, float]
) -> pd.DataFrame:
    """Return precision and recall, %, by truth and as the linkage estimates them without.

    Parameters
    ----------
    clusters
        `source, id, entity_id, confidence`.
    truth
        `source, id, entity_id`; without it the estimates stand alone.
    estimated
        `precision, recall`, from `woda_lib.linkage.estimated_quality`.

    Returns
    -------
    DataFrame
        `scope, measure, percent, low, high` (Wilson's interval) and `estimated_percent`, of all
        pairs alone.
    """
    guess = {name: 100 * estimated[name] for name in ("precision", "recall")}
    if truth is None:
        nothing = dict.fromkeys(["percent", "low", "high"], np.nan)
        rows = [
            {"scope": "all pairs", "measure": name, **nothing, "estimated_percent": share}
            for name, share in guess.items()
        ]
        return pd.DataFrame(rows)
    table = cluster_quality(clusters, truth)
    table = table[table["measure"].isin(guess)].reset_index(drop=True)
    shares = {end: 100 * table[end] for end in ("low", "high")}
    told = table["measure"].map(guess).where(table["scope"] == "all pairs")
    return table[["scope", "measure"]].assign(
        percent=100 * table["value"], **shares, estimated_percent=told
    )


def who_is_missed(clusters: pd.DataFrame, known: pd.DataFrame | None) -> pd.DataFrame:
    """Return the share of true links that were found, by group of people.

    Parameters
    ----------
    clusters
        `source, id, entity_id`.
    known
        From `truth.record_truth`. Without it, the share of each dataset's records that were linked
        to another dataset at all, which none need reach.

    Returns
    -------
    DataFrame
        `by, group, pairs, found_percent, low, high, below_the_rest`.
    """
    measure = "link rate" if known is None else "recall"
    groups = clusters[["source", "id"]] if known is None else known
    names = [name for name in _BY if name in groups.columns and name != "source"]
    with warnings.catch_warnings():  # the table says who, and readers of a report see no warning
        warnings.simplefilter("ignore", LinkageWarning)
        table = cluster_missed(clusters, groups, by=names, truth=known)
    table = table[(table["measure"] == measure) & table["by"].isin(_BY)]
    years = table["group"].str.extract(r"^(\d+)", expand=False).astype(float).fillna(0)
    order = table.assign(place=table["by"].map(list(_BY).index), years=years)
    table = order.sort_values(["place", "years"], kind="stable").reset_index(drop=True)
    return pd.DataFrame(
        {
            "by": table["by"].map(_BY),
            "group": table["group"].map(lambda name: DATASETS.get(name, name)),
            "pairs": table["denominator"],
            "found_percent": 100 * table["value"],
            "low": 100 * table["low"],
            "high": 100 * table["high"],
            "below_the_rest": table["below_rest"].map({True: "yes", False: ""}),
        }
    )


def duplicates(records: pd.DataFrame, known: pd.DataFrame | None) -> pd.DataFrame:
    """Count the people whom a dataset knows under more numbers than one.

    Parameters
    ----------
    records
        `dataset, local_id, entity_id`.
    known
        From `truth.record_truth`, to say what share of those who truly are was found.

    Returns
    -------
    DataFrame
        `dataset, numbers, people, under_several, percent` (of numbers that are one too many),
        `low, high` (Wilson's) and, with truth, `found_percent`.
    """
    found = _several(records["dataset"].astype(object), records["entity_id"])
    shares = [wilson(extra, n) for extra, n in zip(found["extra"], found["numbers"], strict=True)]
    found["percent"] = 100 * found["extra"] / found["numbers"]
    found["low"], found["high"] = (100 * np.array(side) for side in zip(*shares, strict=True))
    if known is not None:
        pairs = _pairs_found(records, known)
        found["found_percent"] = found["dataset"].map(pairs)
    found["dataset"] = found["dataset"].map(lambda name: DATASETS.get(name, name))
    return found.drop(columns="extra").sort_values("percent", ascending=False, ignore_index=True)


def duplicates_of_all(records: pd.DataFrame) -> pd.DataFrame:
    """Return `percent, low, high` of the numbers that are one too many, all datasets together."""
    each = _several(records["dataset"].astype(object), records["entity_id"])
    extra, numbers = int(each["extra"].sum()), int(each["numbers"].sum())
    low, high = wilson(extra, numbers)
    share = {"percent": 100 * extra / numbers, "low": 100 * low, "high": 100 * high}
    return pd.DataFrame([share])


def people_alone(missed: pd.DataFrame) -> pd.DataFrame:
    """Return `who_is_missed` for a figure: by what people are, and not by who holds their records.

    Without truth, when only the datasets can be told apart, it is all of them.
    """
    table = missed.rename(columns={"found_percent": "percent"})
    people = table[table["by"] != _BY["source"]]
    return (people if len(people) else table).reset_index(drop=True)


def overall(shares: pd.DataFrame) -> float:
    """Return the recall of everybody, %: the true one where it is known."""
    row = shares[(shares["scope"] == "all pairs") & (shares["measure"] == "recall")].iloc[0]
    return float(row["estimated_percent"] if pd.isna(row["percent"]) else row["percent"])


def finding(missed: pd.DataFrame) -> str:
    """Say in a sentence whose true links are missed most."""
    people = people_alone(missed)
    some = people[(people["pairs"] >= _SOME) & (people["group"] != "not stated")]
    worst = (some if len(some) else people).sort_values("percent", kind="stable").iloc[0]
    below = int((people["below_the_rest"] == "yes").sum())
    lies = "lies" if below == 1 else "lie"
    return (
        f"{say_count(below).capitalize()} of {say_count(len(people))} groups {lies} below the "
        f"rest; lowest is {worst['by']} {worst['group']}, at {worst['percent']:.1f}%"
    )


def _several(dataset: pd.Series, entity: pd.Series) -> pd.DataFrame:
    counted = pd.DataFrame({"dataset": dataset, "entity": entity}).value_counts().reset_index()
    by = counted.groupby("dataset")["count"]
    table = pd.DataFrame({"numbers": by.sum(), "people": by.size()})
    table["under_several"] = counted[counted["count"] > 1].groupby("dataset").size()
    table = table.fillna(0).astype(int)
    table["extra"] = table["numbers"] - table["people"]
    return table.reset_index()


def _pairs_found(records: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """The share, %, of numbers truly one too many that were seen to be."""
    whom = known.rename(columns={"source": "dataset", "id": "local_id", "entity_id": "person_id"})
    keys = ["dataset", "local_id"]
    both = (
        records[[*keys, "entity_id"]]
        .astype({"dataset": object})
        .merge(whom[[*keys, "person_id"]], on=keys)
    )
    truly = _several(both["dataset"], both["person_id"]).set_index("dataset")["extra"]
    # A number that stands with another of the same true person in the same entity is seen to.
    together = both["person_id"].astype(str) + "/" + both["entity_id"].astype(str)
    seen = _several(both["dataset"], together).set_index("dataset")["extra"]
    return 100 * seen / truly.where(truly > 0)
