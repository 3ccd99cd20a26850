"""How many addresses were found in the gazetteer, and how many of those are the right property."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.quality import wilson
from woda_lib.pilots.single_view.report.words import DATASETS

HOW = {
    "given": "The partner's own property number",
    "exact": "As the gazetteer writes it",
    "parts": "The same parts, written otherwise",
    "fuzzy": "Spelt otherwise",
    "alternative": "Under an alternative address",
    "historical": "Under a former address",
    "building": "The building, of a flat",
}


def matches(
    details: pd.DataFrame,
    places: pd.DataFrame,
    truth: pd.DataFrame | None,
    by: str | None = "dataset",
) -> pd.DataFrame:
    """Return coverage and accuracy of the address match.

    Parameters
    ----------
    details
        `dataset, row_id, address, uprn` (a partner's own number).
    places
        `dataset, row_id, uprn, how`, a row a row of `details`.
    truth
        `dataset, row_id, uprn` of the rows that truly mean a property of the county; without it
        accuracy is missing.
    by
        `dataset` or `how`; everything together, if left out.

    Returns
    -------
    DataFrame
        `group, addresses, matched, coverage_percent` with its interval, and `right_percent` with
        its own (Wilson's). An address that truly is in no gazetteer counts as wrong where it was
        matched, and does not count against coverage where the truth tells.
    """
    keys = ["dataset", "row_id"]
    written = details.loc[details["address"].notna() | details["uprn"].notna(), keys]
    table = written.astype({"dataset": object}).merge(
        places[[*keys, "uprn", "how"]].astype({"dataset": object, "uprn": object}),
        on=keys,
        how="left",
    )
    table["matched"] = table["uprn"].notna()
    if truth is None:
        table["asked"], table["right"] = True, False
    else:
        meant = truth[[*keys, "uprn"]].astype({"dataset": object}).rename(columns={"uprn": "true"})
        table = table.merge(meant.drop_duplicates(keys), on=keys, how="left")
        table["asked"] = table["true"].notna()
        table["right"] = table["matched"] & (table["uprn"] == table["true"]).fillna(False)
    group = table[by].astype(object) if by else pd.Series("all addresses", index=table.index)
    told = table[group.notna()].groupby(group)
    rows = [_row(str(name), part, truth is not None) for name, part in told]
    found = pd.DataFrame(rows)
    names = HOW if by == "how" else DATASETS
    found["group"] = found["group"].map(lambda name: names.get(name, name))
    return found.sort_values("addresses", ascending=False, ignore_index=True)


def _row(name: str, part: pd.DataFrame, known: bool) -> dict[str, object]:
    asked, found = int(part["asked"].sum()), int((part["asked"] & part["matched"]).sum())
    matched, right = int(part["matched"].sum()), int(part["right"].sum())
    low, high = wilson(found, asked)
    row: dict[str, object] = {
        "group": name,
        "addresses": len(part),
        "matched": matched,
        "coverage_percent": 100 * found / asked if asked else np.nan,
        "coverage_low": 100 * low,
        "coverage_high": 100 * high,
    }
    if known:
        low, high = wilson(right, matched)
        row |= {
            "right_percent": 100 * right / matched if matched else np.nan,
            "right_low": 100 * low,
            "right_high": 100 * high,
        }
    return row
