"""How good the links of businesses are, by kind of pair: with truth, and as the model says itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from woda_lib.linkage.quality import wilson
from woda_lib.pilots.business_register.report.words import ACCEPTED, KINDS_OF_PAIRS

QUALITY = ["pairs_of", "measure", "percent", "low", "high", "right", "of", "estimated_percent"]
_OVERALL = "the three registers"
_ALL = "all pairs"


def true_enterprises(truth: pd.DataFrame) -> pd.DataFrame:
    """Return which enterprise each record truly is of: `source, id, entity_id, site`.

    Parameters
    ----------
    truth
        `dataset, row_id, enterprise_id, site_id`, as the made-up county has it.
    """
    names = {
        "dataset": "source",
        "row_id": "id",
        "enterprise_id": "entity_id",
        "site_id": "site",
    }
    return truth.rename(columns=names)[list(names.values())].astype("string")


def quality(
    clusters: pd.DataFrame, links: pd.DataFrame, truth: pd.DataFrame | None, *, least: float
) -> pd.DataFrame:
    """Return precision and recall, %, by kind of pair and over all.

    Parameters
    ----------
    clusters
        `source, id, entity_id`.
    links
        From `linking.group`; what the model says of its own links.
    truth
        From `true_enterprises`; without it the estimates stand alone.
    least
        Match probability from which records were joined.

    Returns
    -------
    DataFrame
        `QUALITY`: a row a kind of pair and measure, with Wilson's interval. `estimated_percent` is
        what the model expects without truth: of precision the mean probability of the pairs that it
        joined, of recall their share of all matches that it expects among the pairs it looked at.
    """
    kinds = {**KINDS_OF_PAIRS}
    kinds[_OVERALL] = [pair for name in ACCEPTED for pair in KINDS_OF_PAIRS[name]]
    kinds[_ALL] = [pair for pairs in KINDS_OF_PAIRS.values() for pair in pairs]
    rows = []
    for name, pairs in kinds.items():
        told = pair_counts(clusters, truth, pairs) if truth is not None else (0, 0, 0)
        guess = _estimated(links, pairs, least)
        right, found, true = told
        for measure, of in (("precision", found), ("recall", true)):
            share = 100 * right / of if of else np.nan
            low, high = (100 * end for end in wilson(right, of)) if of else (np.nan, np.nan)
            rows.append((name, measure, share, low, high, right, of, guess[measure]))
    table = pd.DataFrame(rows, columns=QUALITY)
    return (
        table
        if truth is not None
        else table.drop(columns=["percent", "low", "high", "right", "of"])
    )


def pair_counts(
    clusters: pd.DataFrame, truth: pd.DataFrame, pairs: Sequence[tuple[str, str]]
) -> tuple[int, int, int]:
    """Count pairs of records of some sources: rightly joined, joined, and truly of one enterprise."""
    both = clusters.astype({"source": "string", "id": "string"}).merge(
        truth.rename(columns={"entity_id": "true_id"}), on=["source", "id"]
    )
    counts = [0, 0, 0]
    for one, other in dict.fromkeys(pairs):
        for place, keys in enumerate((["entity_id", "true_id"], ["entity_id"], ["true_id"])):
            sizes = both.groupby([*keys, "source"]).size().unstack(fill_value=0)
            sizes = sizes.reindex(columns=[one, other], fill_value=0) if one != other else sizes
            if one == other:
                own = sizes.get(one, pd.Series(dtype=int))
                counts[place] += int((own * (own - 1) // 2).sum())
            else:
                counts[place] += int((sizes[one] * sizes[other]).sum())
    return counts[0], counts[1], counts[2]


def site_quality(
    table: pd.DataFrame, truth: pd.DataFrame, true_sites: pd.DataFrame
) -> pd.DataFrame:
    """Say how often a record was put at its true property, %.

    Parameters
    ----------
    table
        From `sites.placed`.
    truth
        From `true_enterprises`.
    true_sites
        `site_id, uprn` as the made-up county has it.

    Returns
    -------
    DataFrame
        `source, records, found_percent` (a property was found) and `right_percent` (of those).
    """
    keys = ["source", "id"]
    known = truth[[*keys, "site"]].rename(columns={"id": "record_id"})
    both = table.astype({"source": "string"}).merge(known, on=["source", "record_id"])
    uprn = true_sites.astype({"site_id": "string"}).set_index("site_id")["uprn"].astype("string")
    both["true_uprn"] = both["site"].map(uprn)
    both = both[both["true_uprn"].notna()]
    found = both["uprn"].notna()
    right = (both["uprn"] == both["true_uprn"]).fillna(False)
    by = both.groupby("source", sort=False)
    size, hits = by.size(), found.groupby(both["source"], sort=False).sum()
    shares = {
        "records": size,
        "found_percent": 100 * hits / size,
        "right_percent": 100 * right.groupby(both["source"], sort=False).sum() / hits,
    }
    return pd.DataFrame(shares).reset_index()


def _estimated(
    links: pd.DataFrame, pairs: Sequence[tuple[str, str]], least: float
) -> dict[str, float]:
    of = {frozenset(pair) for pair in pairs}
    sides = zip(links["left_source"], links["right_source"], strict=True)
    own = links[[frozenset(pair) in of for pair in sides]]
    joined = own["became"].isin(["joined", "together"]) & own["probability"].ge(least)
    expected, among = own.loc[joined, "probability"], own["probability"]
    among = among[own["became"].isin(["joined", "together", "doubtful"])]
    return {
        "precision": 100 * expected.mean() if len(expected) else np.nan,
        "recall": 100 * expected.sum() / among.sum() if len(among) else np.nan,
    }
