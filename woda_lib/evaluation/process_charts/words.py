"""The sentences that stand beside a chart: its method, what it assumes, what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from woda_lib.evaluation.process_charts.limits import Kind, Limits
from woda_lib.evaluation.time_axis import Every

_METHODS: dict[Kind, str] = {
    "xmr": "XmR chart: limits 2.66 mean moving ranges either side of the mean",
    "p": "p chart: limits three binomial standard errors either side of the mean share",
    "u": "u chart: limits three Poisson standard errors either side of the mean rate",
    "c": "c chart: limits three Poisson standard errors either side of the mean count",
    "t": "t chart: XmR limits of times between events to the power 1/3.6, raised back",
}
_RULES_SAID = "the four rules of NHS England's Making Data Count"


def about_gaps(missing: int, every: Every) -> list[str]:
    """Say that a run may reach over times without a point."""
    if missing == 0:
        return []
    what = f"One {every} inside the series has" if missing == 1 else f"{missing} {every}s have"
    return [
        f"{what} no point. Rules count points, so that a run or a moving range may reach over the "
        "gap."
    ]


def about_limits(
    limits: Sequence[Limits], table: pd.DataFrame, *, chart: Kind, laney: bool, screen: bool
) -> list[str]:
    """Say what in the data speaks against these limits."""
    said = []
    screened = sum(each.screened for each in limits)
    if screened:
        ranges = "moving range was" if screened == 1 else "moving ranges were"
        said.append(
            f"{screened} {ranges} too wide to be ordinary and left out of the mean range "
            "(`screen=False` keeps all)."
        )
    if (table["sigma_scaled"] == 0).any():
        said.append(
            "All points of a stretch are equal, or no case was counted: its limits have no width, "
            "and any other value would be outside them."
        )
    dispersion = limits[-1].over_dispersion
    points = int((table["segment"] == table["segment"].max()).sum())
    # The relative standard error of a mean moving range of two is about .91 by root (points - 1).
    if not laney and dispersion > 1 + 1.645 * 0.91 / max(points - 1, 1) ** 0.5:
        said.append(
            f"Points differ {dispersion:.1f} times as much as chance alone would make them: the "
            "limits are too narrow. `laney=True` widens them to what the process does."
        )
    if chart == "t" and (table["value"] == 0).any():
        said.append(
            "Some events share a time, so that the time between them is nought. Record them to the "
            "hour if the order matters."
        )
    return said


def method_of(chart: Kind, *, screen: bool, laney: bool) -> str:
    """Say where the limits come from and which rules are read."""
    words = [_METHODS[chart]]
    if laney and chart in ("p", "u", "c"):
        words.append("widened by the over-dispersion (Laney)")
    if screen and (laney or chart in ("xmr", "t")):
        words.append("moving ranges above their limit screened out")
    return f"{', '.join(words)}; {_RULES_SAID}."


def assumptions_of(chart: Kind, *, laney: bool, target: float | None) -> tuple[str, ...]:
    """Say what must hold for the limits of this kind of chart."""
    said = ["Points do not remember the ones before them, apart from the patterns that rules name."]
    match chart:
        case "xmr":
            said.append("Values spread about their mean without a long tail, and without seasons.")
        case "p" | "u" | "c" if not laney:
            said.append("Cases come one by one, none making another likelier.")
        case "t":
            said.append("Events come at random at one rate, so that times between are exponential.")
    if target is not None:
        said.append("What the icon of assurance expects holds only if the process stays as it is.")
    return tuple(said)


def unit_of(
    given: str | None, *, value: str | None, denominator: str | None, per: float, dated: bool
) -> str:
    """Return the unit of the points: as given, else from the names of the columns."""
    if given is not None:
        return given
    if value is None:
        return f"{'days' if dated else 'time'} between events"
    if denominator is None:
        return value
    scale = "by" if per == 1 else f"per {per:,g}"
    return f"{value} {scale} {denominator}"
