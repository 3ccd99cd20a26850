"""The figure and the text of the answer of `1_link`, and the values that they speak of."""

from __future__ import annotations

import pandas as pd

from woda_lib.linkage.quality import wilson
from woda_lib.pilots.business_register.report.words import SOURCES

_OVERALL = "the three registers"


def marks(shares: pd.DataFrame, linked: pd.DataFrame) -> pd.DataFrame:
    """Return the headline shares: `name, label, value, low, high`, in per cent.

    Parameters
    ----------
    shares
        From `quality.quality`.
    linked
        From `counts.linked_records`.
    """
    rows: list[tuple] = []
    for row in shares[shares["pairs_of"] == _OVERALL].itertuples():
        label = f"{str(row.measure).capitalize()} of links between registers"
        if "percent" in shares.columns and pd.notna(row.percent):
            rows.append((str(row.measure), label, row.percent, row.low, row.high))
        estimated = (f"{row.measure}_estimated", f"{label}, estimated")
        rows.append((*estimated, row.estimated_percent, None, None))
    for name, share in _shares(linked).iterrows():
        label = f"Records of {SOURCES[str(name)]} linked to another register"
        rows.append((f"{name}_linked", label, share["percent"], share["low"], share["high"]))
    table = pd.DataFrame(rows, columns=["name", "label", "value", "low", "high"])
    return table.dropna(subset=["value"]).reset_index(drop=True)


def for_the_figure(shares: pd.DataFrame, linked: pd.DataFrame, *, made_up: bool) -> pd.DataFrame:
    """Return what the figure draws: `by, group, percent, low, high`.

    With truth, precision and recall by kind of pair; without, how many records of each register
    are linked to another.
    """
    if not made_up:
        table = _shares(linked).reset_index(drop=True)
        told = table.assign(by="linked to another register", group=linked["register"])
        return told[["by", "group", "percent", "low", "high"]]
    kinds = shares[shares["of"].gt(0) & ~shares["pairs_of"].isin([_OVERALL, "all pairs"])]
    table = kinds.rename(columns={"measure": "by", "pairs_of": "group"})
    order = table.assign(place=table["by"].map({"precision": 0, "recall": 1}))
    order = order.sort_values("place", kind="stable").reset_index(drop=True)
    return order[["by", "group", "percent", "low", "high"]]


def finding(figure: pd.DataFrame) -> str:
    """Say in a sentence which pairs are found least well."""
    last = figure["by"].iloc[-1]
    worst = figure[figure["by"] == last].sort_values("percent", kind="stable").iloc[0]
    return f"Lowest {last}: {worst['group']}, {worst['percent']:.1f}%"


def headline(*, made_up: bool) -> str:
    """Return the answer's text, in which values stand by their names."""
    text = """Four registers know of {enterprises} at {sites}. {business_rates_linked:value} of
    rates accounts and {food_hygiene_linked:value} of inspected kitchens are linked to another
    register."""
    if not made_up:
        return (
            text
            + """

    As far as the linkage can tell by itself, {precision_estimated} of the links between companies,
    rates and hygiene are right, and it found {recall_estimated} of those there are."""
        )
    return (
        text
        + """

    Of the links between companies, rates and hygiene {precision} are right, and {recall} of the
    true ones were found. {offices} of the sites are a registered office and nothing else."""
    )


def _shares(linked: pd.DataFrame) -> pd.DataFrame:
    counts = linked[["linked", "records"]].astype(int)
    ends = [wilson(hit, of) for hit, of in counts.itertuples(index=False, name=None)]
    table = pd.DataFrame(ends, columns=["low", "high"]) * 100
    known = {said: name for name, said in SOURCES.items()}
    table["percent"] = (100 * counts["linked"] / counts["records"]).to_numpy(float)
    return table.set_index(linked["register"].map(known))
