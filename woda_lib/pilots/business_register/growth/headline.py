"""The answer's text, and the values that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.phrases import say_count

Limits = tuple[float, float, float]

LABELS = {
    "scale_ups": "Scale-ups, of employers of which it can be told",
    "scale_ups_of_sharers": "Scale-ups, of all that shared a number",
    "scale_ups_of_all": "Scale-ups, of the whole county",
    "birth_rate": "Births a year, of active enterprises",
    "death_rate": "Deaths a year, of active enterprises",
    "five_years": "Companies that live five years",
    "workforce_known": "Enterprises that share their workforce",
}
"""What each value is called in a page."""


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
        if min(row["scale_ups"], row["can_be_told"] - row["scale_ups"]) >= fewest:
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


def headline(values: Mapping[str, Limits], growing: pd.DataFrame, where: str, fewest: int) -> str:
    """Return the answer's text, in which values stand by their names.

    Parameters
    ----------
    values, growing, fewest
        From `values_of`, and as it takes them.
    where
        Which sectors and districts differ, from `differing.who_differs`.
    """
    if "scale_ups" in values:
        text = (
            "Of the employers big enough, of which it can be told, {scale_ups} are scale-ups in an "
            f"average year. As for where: {where}."
        )
        more = []
        if {"scale_ups_of_sharers", "scale_ups_of_all"} <= set(values):
            more.append(
                "Among all that shared a number the share lies within "
                "{scale_ups_of_sharers:interval}, whatever the missing ones are; of the whole "
                "county nothing narrower than {scale_ups_of_all:interval} is known: "
                "{workforce_known:value} of enterprises share their workforce."
            )
    else:
        text = (
            f"{_how_few(growing, fewest)}: too few to say what share, or where. "
            "{workforce_known} of enterprises share their workforce."
        )
        more = []
    if "birth_rate" in values and "death_rate" in values:
        more.append(
            "In the last year births were {birth_rate} of active enterprises, and deaths "
            "{death_rate}."
        )
    if "five_years" in values:
        more.append("{five_years} of companies live five years.")
    return text + "\n\n" + " ".join(more) if more else text


def _how_few(growing: pd.DataFrame, fewest: int) -> str:
    told, ups = growing.iloc[0][["can_be_told", "scale_ups"]]
    if told < fewest:
        return "Of hardly any employer can it be told whether it is a scale-up"
    if ups >= fewest:
        return "Nearly all employers of which it can be told are scale-ups"
    number = f"Fewer than {say_count(fewest)}" if ups else "None"
    return f"{number} of the employers of which it can be told grew into scale-ups"


def _limits(row: pd.Series, *names: str) -> Limits:
    value, low, high = (float(row[name]) for name in names)
    return value, low, high
