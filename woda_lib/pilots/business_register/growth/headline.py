"""The answer's text, and the values that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

Limits = tuple[float, float, float]


def values_of(
    growing: pd.DataFrame,
    everyone: pd.DataFrame,
    year: pd.DataFrame,
    five_years: Limits,
    shared: pd.DataFrame,
    *,
    fewest: int,
) -> dict[str, Limits]:
    """Return the headline shares in per cent: name to value, low and high.

    Parameters
    ----------
    growing
        From `tables.growing`; the first row is everyone.
    everyone
        From `scale_up_shares.bounds`, of all enterprises, of one row.
    year
        From `births_and_deaths.rates_of_a_year`, of everyone.
    five_years
        Share of companies that live on after five years.
    shared
        From `missing.who_shares`; the first row is everyone.
    fewest
        Enterprises; a share of fewer, or of all but fewer, is left out.

    Returns
    -------
    dict
        Without what cannot be told or may not be said.
    """
    found: dict[str, Limits] = {}
    if len(growing):
        row = growing.iloc[0]
        parts = (row["scale_ups"], row["near"], row["can_be_told"] - row["scale_ups"])
        if min(parts) >= fewest:
            found["scale_ups"] = _limits(row, "percent", "low", "high")
            found["scale_ups_of_sharers"] = (row["percent"], row["least"], row["most"])
    if len(everyone) and "scale_ups" in found:
        least, most = everyone.iloc[0][["least", "most"]]
        found["scale_ups_of_all"] = (found["scale_ups"][0], float(least), float(most))
    for what in ("birth", "death"):
        row = year.iloc[0]
        if row[f"{what}s"] >= fewest:
            names = (f"{what}_percent", f"{what}_low", f"{what}_high")
            found[f"{what}_rate"] = _limits(row, *names)
    if five_years[0] == five_years[0]:
        found["five_years"] = five_years
    found["workforce_known"] = _limits(shared.iloc[0], "percent", "low", "high")
    return {name: limits for name, limits in found.items() if limits[1] <= limits[0] <= limits[2]}


def headline(values: Mapping[str, Limits], where: str) -> str:
    """Return the answer's text, in which values stand by their names.

    Parameters
    ----------
    values
        From `values_of`.
    where
        Which sectors and districts differ, from `differing.who_differs`.
    """
    if "scale_ups" in values:
        text = (
            "Of the employers of ten or more of which it can be told, {scale_ups} are scale-ups. "
            f"As for where, {where}."
        )
    else:
        text = (
            "Too few employers shared three years of numbers to say what share are scale-ups: "
            "{workforce_known} of enterprises share any."
        )
    more = []
    if "scale_ups_of_sharers" in values:
        more.append(
            "Among all that shared a number the share lies within {scale_ups_of_sharers:interval}, "
            "whatever the missing ones are; of the whole county nothing narrower than "
            "{scale_ups_of_all:interval} is known, as only {workforce_known:value} of enterprises "
            "share their workforce."
            if "scale_ups_of_all" in values
            else "Among all that shared a number it lies within {scale_ups_of_sharers:interval}."
        )
    if "birth_rate" in values and "death_rate" in values:
        more.append(
            "In the last year births were {birth_rate} of active enterprises and deaths "
            "{death_rate}."
        )
    if "five_years" in values:
        more.append("{five_years} of companies live five years.")
    return text + "\n\n" + " ".join(more) if more else text


def _limits(row: pd.Series, *names: str) -> Limits:
    value, low, high = (float(row[name]) for name in names)
    return value, low, high
