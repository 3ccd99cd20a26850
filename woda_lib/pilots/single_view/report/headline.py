"""The answer's text, and the values that it speaks of."""

from __future__ import annotations

import pandas as pd

_LABELS = {
    "coverage": "People known, of the population estimate",
    "precision": "Precision of links between records",
    "precision_estimated": "Precision of links, estimated",
    "recall": "Recall of links between records",
    "recall_estimated": "Recall of links, estimated",
    "uprn_coverage": "Addresses found in the gazetteer",
    "uprn_accuracy": "Found addresses that are the right one",
    "duplicates": "Numbers of people that are one too many",
}


def values_of(
    everybody: pd.DataFrame,
    shares: pd.DataFrame,
    placed: pd.DataFrame,
    twice: pd.DataFrame,
) -> pd.DataFrame:
    """Return the headline shares: `name, label, value, low, high`, in per cent.

    Parameters
    ----------
    everybody
        From `coverage.coverage`, of everybody.
    shares
        From `links.quality_table`.
    placed
        From `places.matches`, of all addresses.
    twice
        From `links.duplicates`, of everybody.
    """
    row = everybody.iloc[0]
    rows = [("coverage", row["percent"], row["low"], row["high"])]
    for share in shares[shares["scope"] == "all pairs"].itertuples():
        rows.append((str(share.measure), share.percent, share.low, share.high))
        rows.append((f"{share.measure}_estimated", share.estimated_percent, None, None))
    where = placed.iloc[0]
    for name, stem in (("uprn_coverage", "coverage"), ("uprn_accuracy", "right")):
        if f"{stem}_percent" in where:
            rows.append((name, *(where[f"{stem}_{end}"] for end in ("percent", "low", "high"))))
    number = twice.iloc[0]
    rows.append(("duplicates", number["percent"], number["low"], number["high"]))
    table = pd.DataFrame(rows, columns=["name", "value", "low", "high"])
    table.insert(1, "label", table["name"].map(_LABELS))
    return table.dropna(subset=["value"]).reset_index(drop=True)


def headline(values: pd.DataFrame, *, made_up: bool) -> str:
    """Return the answer's text, in which values stand by their names.

    Parameters
    ----------
    values
        From `values_of`.
    made_up
        Whether the truth is known, so that the build can be marked.
    """
    known = set(values["name"])
    text = """By the partners’ records {people_seen} live in the county: {coverage} of the
    population estimate. {uprn_coverage:value} of the addresses that they gave are found in the
    gazetteer."""
    if not made_up:
        estimated = """

    As far as the linkage can tell by itself, {precision_estimated} of its links are right, and it
    found {recall_estimated} of those there are."""
        return text + (estimated if "recall_estimated" in known else "")
    return (
        text
        + """

    Of the links between records {precision} are right, and {recall} of the true ones were found.
    Households are exactly as they truly are in {household_exact} of cases. Of the numbers by
    which datasets know somebody, {duplicates:value} are one too many."""
    )
