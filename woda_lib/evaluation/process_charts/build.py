"""A chart built from a table, step by step: points, stretches, limits, rules, verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.process_charts.advice import (
    rebasing_advised,
    rebasing_unwarranted,
    short_stretches,
)
from woda_lib.evaluation.process_charts.chart import ProcessChart
from woda_lib.evaluation.process_charts.errors import ProcessChartError
from woda_lib.evaluation.process_charts.limits import (
    RANGE_LIMIT,
    ROOT,
    Kind,
    Limits,
    from_counts,
    from_ranges,
)
from woda_lib.evaluation.process_charts.points import (
    missing_steps,
    read_points,
    read_times,
    spacing,
)
from woda_lib.evaluation.process_charts.rules import RULES, find_signals
from woda_lib.evaluation.process_charts.verdicts import (
    Better,
    Verdict,
    assurance_of,
    variation_of,
)
from woda_lib.evaluation.process_charts.words import (
    about_gaps,
    about_limits,
    assumptions_of,
    method_of,
    unit_of,
)
from woda_lib.phrases import say_number

Floats = NDArray[np.floating[Any]]

_NATURAL: dict[Kind, tuple[float | None, float | None]] = {
    "xmr": (None, None),
    "p": (0.0, 1.0),
    "u": (0.0, None),
    "c": (0.0, None),
    "t": (0.0, None),
}


def process_chart(
    frame: pd.DataFrame,
    *,
    value: str | None = None,
    time: str,
    chart: Kind = "xmr",
    denominator: str | None = None,
    better: Better | None = None,
    target: float | str | None = None,
    rebase: Sequence[Any] = (),
    baseline: int | None = None,
    trajectory: str | None = None,
    exclude: Sequence[Any] = (),
    notes: Mapping[Any, str] | None = None,
    screen: bool = True,
    laney: bool = False,
    per: float = 1,
    possible: tuple[float | None, float | None] = (None, None),
    unit: str | None = None,
) -> ProcessChart:
    """Put a series on a process chart: is this month different, or the ordinary coming and going?

    Parameters
    ----------
    frame
        One row a point in time, in any order.
    value
        Column of the measure (xmr), the count of cases (p, u, c), or the time between events (t).
        A t chart may leave it out: each row of `frame` is then an event, and the days between
        them are worked out from `time`.
    time
        Column of dates, periods, years or numbers, any distance apart.
    chart
        "xmr" for any measured value, "p" for the share of cases out of `denominator`, "u" for
        events in the exposure `denominator`, "c" for events in an exposure that never changes,
        "t" for the time between rare events.
    denominator
        Column of the number of people, or of the exposure; p and u charts only.
    better
        Which direction is an improvement; without it a special cause is neither good nor bad.
    target
        A value to reach, or a column of it where it changes; assurance is against the newest.
    rebase
        Times from which limits are worked out afresh.
    baseline
        Let the limits of each stretch rest on its first so many points alone.
    trajectory
        Column of planned values, drawn as a line.
    exclude
        Times of points to show and to leave out of limits and rules: known to be no part of the
        process, with a reason that you write beside the chart.
    notes
        Time to a few words to write at that point.
    screen
        Leave moving ranges above their limit out of the mean range, as NHSRplotthedots does.
        Without it limits are those of the Making Data Count spreadsheets.
    laney
        On p, u and c charts, widen limits by the over-dispersion (Laney's p' and u').
    per
        Multiply shares and rates: 100 for per cent, 1,000 for a rate per 1,000.
    possible
        Lowest and highest value that can be; limits are clipped to them. Shares are clipped to 0
        and 1, counts, rates and times to 0, of themselves.
    unit
        What the points count, for sentences and the axis; the column's name without it.

    Returns
    -------
    ProcessChart

    Raises
    ------
    ProcessChartError
        If the table cannot be charted so: a time stands twice, a stretch between rebasing dates
        has fewer than two points, counts are no counts, a setting does not fit the chart.
    FrameError, TimeError
        If a column is missing, or holds no numbers or no times.

    Examples
    --------
    >>> frame = pd.DataFrame({"week": range(1, 13), "waits": [7, 9, 8, 7, 9, 8, 7, 8, 9, 8, 7, 20]})
    >>> chart = process_chart(frame, value="waits", time="week", better="low")
    >>> chart.verdict.variation, chart.finding
    ('concern high', '1 of the 12 points since 1 is out of the ordinary')
    """
    if better not in (None, "low", "high"):
        raise ProcessChartError(
            f"`better` must be 'low', 'high' or None for neither, and is {better!r}."
        )
    points = read_points(
        frame,
        value=value,
        time=time,
        chart=chart,
        denominator=denominator,
        target=target,
        trajectory=trajectory,
        per=per,
        laney=laney,
    )
    left_out = read_times(exclude, points, argument="exclude")
    _check_known(left_out, points, argument="exclude")
    points["used"] = ~points["time"].isin(left_out)
    cuts = read_times(rebase, points, argument="rebase")
    points["segment"] = np.searchsorted(cuts, points["time"], side="right") if cuts else 0
    _check_stretches(points, baseline)
    every = spacing(points)
    stretches = [
        _stretch(rows, chart=chart, baseline=baseline, screen=screen, laney=laney, per=per)
        for _, rows in points.groupby("segment")
    ]
    table = pd.concat([rows for rows, _ in stretches], ignore_index=True)
    clipped = _clip(table, chart=chart, per=per, possible=possible)
    table = _with_rules(table, better=better)
    segments = _segments(table, baseline)
    newest = table[table["used"]].iloc[-1]
    last_target = float(newest["target"]) if pd.notna(newest["target"]) else None
    limits = [limits for _, limits in stretches]
    return ProcessChart(
        kind=chart,
        table=_public(table, denominator=denominator),
        segments=segments,
        verdict=Verdict(
            variation_of(int(newest["direction"]), better),
            assurance_of(last_target, newest["lower"], newest["upper"], better),
        ),
        method=method_of(chart, screen=screen, laney=laney),
        assumptions=assumptions_of(chart, laney=laney, target=last_target),
        warnings=(
            *short_stretches(segments, every),
            *about_gaps(0 if chart == "t" else missing_steps(points), every),
            *rebasing_unwarranted(table[table["used"]], every),
            *about_limits(limits, table, chart=chart, laney=laney, screen=screen),
            *clipped,
        ),
        advice=rebasing_advised(table[table["used"]], every),
        unit=unit_of(
            unit,
            value=value,
            denominator=denominator,
            per=per,
            dated=isinstance(newest["time"], pd.Timestamp),
        ),
        target=last_target,
        better=better,
        every=every,
        over_dispersion=limits[-1].over_dispersion,
        notes=_noted(notes or {}, points),
    )


def _stretch(
    rows: pd.DataFrame,
    *,
    chart: Kind,
    baseline: int | None,
    screen: bool,
    laney: bool,
    per: float,
) -> tuple[pd.DataFrame, Limits]:
    """Add limits to one stretch: on the scale of the rules, and as they are drawn."""
    counted = rows["used"] & (rows["used"].cumsum() <= (baseline or len(rows)))
    used = counted.to_numpy()
    if chart in ("xmr", "t"):
        power = ROOT if chart == "t" else 1.0
        scaled = rows["value"].to_numpy() ** (1 / power)
        limits = from_ranges(scaled, used=used, screen=screen)
    else:
        power = 1.0
        scaled = rows["value"].to_numpy()
        limits = from_counts(
            rows["cases"].to_numpy(),
            rows["denominator"].to_numpy(),
            used=used,
            binomial=chart == "p",
            laney=laney,
            screen=screen,
        )
    mean, sigma = limits.mean * per, limits.sigma * per
    lower, upper = mean - 3 * sigma, mean + 3 * sigma
    ranges = rows["value"].where(rows["used"]).dropna().diff().abs()
    ranged = chart == "xmr"
    return rows.assign(
        scaled=scaled,
        mean_scaled=mean,
        sigma_scaled=sigma,
        moving_range=ranges if ranged else np.nan,
        mean=mean**power,
        lower=np.sign(lower) * np.abs(lower) ** power,
        upper=upper**power,
        range_mean=limits.range_mean if ranged else np.nan,
        range_limit=RANGE_LIMIT * limits.range_mean if ranged else np.nan,
    ), limits


def _with_rules(table: pd.DataFrame, *, better: Better | None) -> pd.DataFrame:
    """Add a column a rule, the side that it points to, and what that means."""
    marked = pd.DataFrame(False, index=table.index, columns=list(RULES))
    direction = pd.Series(0, index=table.index)
    for _, rows in table[table["used"]].groupby("segment"):
        signals = find_signals(
            *(rows[name].to_numpy() for name in ("scaled", "mean_scaled", "sigma_scaled"))
        )
        for rule in RULES:
            marked.loc[rows.index, rule] = signals.marked(rule)
        direction.loc[rows.index] = signals.side()
    icons = [variation_of(side, better).rsplit(" ", 1)[0] for side in direction]
    words = {"common": "common cause", "neither": "special cause"}
    variation = pd.Series([words.get(icon, icon) for icon in icons], index=table.index)
    return table.assign(
        **{rule: marked[rule] for rule in RULES},
        direction=direction,
        side=direction.map({1: "high", -1: "low"}).astype("string"),
        variation=variation.where(table["used"], "left out"),
    )


def _clip(
    table: pd.DataFrame,
    *,
    chart: Kind,
    per: float,
    possible: tuple[float | None, float | None],
) -> list[str]:
    """Keep limits within what can be, in place, and return what to say about it."""
    natural = _NATURAL[chart]
    floor = possible[0] if possible[0] is not None else natural[0]
    ceiling = (
        possible[1] if possible[1] is not None else None if natural[1] is None else natural[1] * per
    )
    if table["value"].lt(-math.inf if floor is None else floor).any() or (
        table["value"].gt(math.inf if ceiling is None else ceiling).any()
    ):
        raise ProcessChartError("Some values lie outside `possible`. Give their range.")
    said = []
    if floor is not None and (table["lower"] < floor).any():
        said.append(
            f"Lower limits below {say_number(floor, 0)} cannot be, and are drawn there: no point "
            "can fall outside them, so that only runs can show a fall."
        )
    if ceiling is not None and (table["upper"] > ceiling).any():
        said.append(
            f"Upper limits above {say_number(ceiling, 0)} cannot be, and are drawn there: no point "
            "can rise above them, so that only runs can show a rise."
        )
    if floor is None and (table["value"] >= 0).all() and (table["lower"] < 0).any():
        said.append(
            "A lower limit lies below nought, though no value does. If none can, give "
            "`possible=(0, None)`; if values are low counts, a c, u or t chart fits better."
        )
    table["lower"] = table["lower"].clip(lower=floor)
    table["upper"] = table["upper"].clip(upper=ceiling)
    return said


def _segments(table: pd.DataFrame, baseline: int | None) -> pd.DataFrame:
    used = table[table["used"]].groupby("segment")
    segments = used.agg(
        first=("time", "min"),
        last=("time", "max"),
        points=("time", "size"),
        **{
            name: pd.NamedAgg(name, "last")
            for name in ("mean", "lower", "upper", "range_mean", "range_limit")
        },
    )
    if baseline is not None:
        segments["points"] = segments["points"].clip(upper=baseline)
    return segments


def _public(table: pd.DataFrame, *, denominator: str | None) -> pd.DataFrame:
    """Leave out what only the sums needed, and columns that say nothing."""
    columns = ["time", "value"]
    columns += ["cases", "denominator"] if denominator is not None else []
    columns += ["segment", "used", "moving_range", "mean", "lower", "upper"]
    columns += ["range_mean", "range_limit"]
    columns += [name for name in ("target", "trajectory") if table[name].notna().any()]
    return table[[*columns, *RULES, "side", "variation"]]


def _noted(notes: Mapping[Any, str], points: pd.DataFrame) -> dict[Any, str]:
    found = {
        read_times([when], points, argument="notes")[0]: words for when, words in notes.items()
    }
    _check_known(list(found), points, argument="notes")
    return found


def _check_known(times: Sequence[Any], points: pd.DataFrame, *, argument: str) -> None:
    unknown = [when for when in times if not points["time"].eq(when).any()]
    if unknown:
        raise ProcessChartError(
            f"`{argument}` names {len(unknown)} time(s) at which there is no point. Give the times "
            "as they stand in the column of times."
        )


def _check_stretches(points: pd.DataFrame, baseline: int | None) -> None:
    if baseline is not None and (baseline < 2 or baseline != int(baseline)):
        raise ProcessChartError("`baseline` must be a whole number, two points or more.")
    if points.groupby("segment")["used"].sum().lt(2).any() or len(points) < 2:
        raise ProcessChartError(
            "Limits need at least two points, and there are fewer before, between or after the "
            "dates at which limits begin afresh. Leave out such a date, or use a longer series."
        )
