"""How a model treats each group: five measures, each group against the rest, and the bound.

fairlearn's `MetricFrame` takes the measures apart by group (Bird, Dudik, Edgar et al. 2020,
Microsoft technical report MSR-TR-2020-32); intervals come from households drawn again, which
`MetricFrame` does row by row and too slowly for a county.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
)
from scipy.stats import norm
from sklearn.metrics import precision_score
from statsmodels.stats.proportion import proportion_confint

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.fairness.counts import COUNTED, GroupCounts, group_counts
from woda_lib.prediction.fairness.enough import Enough
from woda_lib.prediction.fairness.judged import GROUPS, empty_levels, judged_rows, on_the_list
from woda_lib.prediction.fairness.measures import BOUNDS, MEASURES, SLOPE, Measure
from woda_lib.prediction.fairness.result import Fairness
from woda_lib.prediction.fairness.shares import equal_misses, list_shares
from woda_lib.prediction.fairness.slopes import calibration_slope

Floats = npt.NDArray[np.float64]

GAP_LEVEL = 0.99
"""Of the intervals of gaps: some 25 groups are looked at, and one in twenty would err by chance."""


def fairness(
    scores: pd.DataFrame,
    outcomes: pd.DataFrame,
    spine: pd.DataFrame,
    *,
    capacity: float,
    by: Sequence[str] = GROUPS,
    bounds: Mapping[str, float] = BOUNDS,
    bounded: Mapping[str, Sequence[str]] | None = None,
    enough: Enough | None = None,
    listed: npt.NDArray[np.bool_] | None = None,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> Fairness:
    """Measure how a model treats each group of households, and hold each gap to its bound.

    Parameters
    ----------
    scores
        `household_id, index_date, risk`: the rows to be judged, those of the test date.
    outcomes
        `household_id, index_date, happened`.
    spine
        `household_id, index_date` and the columns of `by`. A household without a value stands in
        the group "not known", and a warning says how many there are.
    capacity
        Of 1,000 households: how many of each date caseworkers look into, the riskiest first.
    by
        Columns of groups.
    bounds
        Measure to how far a group may lie from the rest, as registered before the data were seen.
        Differences, in the measure's own unit: 0.15 of the false-negative rate is 15 in 100.
    bounded
        Measure to the columns of groups that its bound holds for; all of them unless given.
    enough
        How many of what a group needs to be told; `Enough()` unless given.
    listed
        Whether each row of `scores` is on the list, where the list was drawn by a rule other than
        the capacity's.
    resamples, seed
        Of the household bootstrap.
    level
        Of the intervals of values. Those of gaps have 99%, because many groups are looked at.

    Returns
    -------
    Fairness
        Its `table` is what the stop rule reads.

    Raises
    ------
    PredictionError
        If a column is missing, nothing was scored, it happened to nobody or to everybody, a score
        is no probability, a bound names no measure, or a scored household has no outcome.
    """
    unknown = sorted(set(bounds) - {*(measure.name for measure in MEASURES), SLOPE})
    if unknown:
        raise PredictionError(
            f"A bound is given for {', '.join(unknown)}, which is no measure. Measures are "
            f"{', '.join(measure.name for measure in MEASURES)} and {SLOPE}."
        )
    enough = enough or Enough()
    rows = judged_rows(scores, outcomes, spine, by=by)
    if rows["happened"].nunique() < 2:
        raise PredictionError(
            "It happened to nobody, or to everybody, of those who were scored. Neither misses nor "
            "false alarms can be told: judge a date whose horizon is over."
        )
    listed = on_the_list(rows, capacity) if listed is None else np.asarray(listed, dtype=bool)
    counts = group_counts(rows, listed, by, resamples=resamples, seed=seed)
    parts = [
        _of_a_measure(measure, counts, enough, level=level, bound=bounds.get(measure.name))
        for measure in MEASURES
    ]
    parts.append(_slopes(rows, counts, enough, level=level, bound=bounds.get(SLOPE)))
    table = _agreed(pd.concat(parts, ignore_index=True), rows, listed, by)
    for measure, columns in (bounded or {}).items():
        free = (table["measure"] == measure) & ~table["by"].isin(columns)
        table.loc[free, ["bound", "exceeds", "within"]] = np.nan, False, False
    return Fairness(
        table=table,
        shares=list_shares(counts, enough, level=level),
        equal_misses=equal_misses(rows, listed, by, enough),
        everybody=_everybody(counts, level),
        bounds=dict(bounds),
        enough=enough,
        capacity=float(capacity),
        level=level,
        gap_level=GAP_LEVEL,
        unknown=_unknown(rows, by),
        empty=empty_levels(spine, rows, by),
    )


def _of_a_measure(
    measure: Measure, counts: GroupCounts, enough: Enough, *, level: float, bound: float | None
) -> pd.DataFrame:
    rest = counts.rest
    value, drawn = measure.value(counts.seen), measure.value(counts.drawn)
    other, other_drawn = measure.value(rest.seen), measure.value(rest.drawn)
    low, high = _limits(measure, counts.seen, drawn, level)
    gap = value - other
    gap_low, gap_high = _percentiles(drawn - other_drawn, GAP_LEVEL)
    if measure.share:
        stuck = np.isclose(value, 0) | np.isclose(value, 1)
        mine = _limits(measure, counts.seen, drawn, GAP_LEVEL)
        theirs = _limits(measure, rest.seen, other_drawn, GAP_LEVEL)
        recovered = (
            gap - np.hypot(value - mine[0], theirs[1] - other),
            gap + np.hypot(mine[1] - value, other - theirs[0]),
        )
        gap_low = np.where(stuck, recovered[0], gap_low)
        gap_high = np.where(stuck, recovered[1], gap_high)
    own, others = enough.told(measure.of, counts.seen), enough.told(measure.of, rest.seen)
    return _rows(
        counts,
        measure.name,
        own,
        own & others,
        (value, low, high),
        (gap, gap_low, gap_high),
        bound,
        shown=measure.shown(counts, enough.shown),
    )


def _slopes(
    rows: pd.DataFrame, counts: GroupCounts, enough: Enough, *, level: float, bound: float | None
) -> pd.DataFrame:
    """The calibration slope of each group that has enough outcomes, and of the rest."""
    at = COUNTED.index("happened")
    own = counts.seen[:, at] >= enough.happened_for_slope
    told = own & (counts.rest.seen[:, at] >= enough.happened_for_slope)
    risk, did = rows["risk"].to_numpy(), rows["happened"].to_numpy()
    found = np.full((len(told), 4), np.nan)
    for place in np.flatnonzero(own):
        name, group = counts.groups.iloc[place]
        inside = (rows[name] == group).to_numpy()
        for start, who in ((0, inside), (2, ~inside)) if told[place] else ((0, inside),):
            found[place, start : start + 2] = calibration_slope(
                risk[who], did[who], rows["household_id"][who]
            )
    value, error, other, other_error = found.T
    gap, width = value - other, _z(GAP_LEVEL) * np.hypot(error, other_error)
    reach = _z(level) * error
    return _rows(
        counts,
        SLOPE,
        own & np.isfinite(value),
        told & np.isfinite(gap),
        (value, value - reach, value + reach),
        (gap, gap - width, gap + width),
        bound,
        shown=own,
    )


def _rows(
    counts: GroupCounts,
    measure: str,
    own: npt.NDArray[np.bool_],
    told: npt.NDArray[np.bool_],
    value: tuple[Floats, Floats, Floats],
    gap: tuple[Floats, Floats, Floats],
    bound: float | None,
    *,
    shown: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    """A row a group; figures of groups too small to tell are left out, and the groups are not.

    A large group keeps its value where the rest is too small to be set against (`own`). Whether
    its figures may be shown is told apart from them: the stop rule judges what is not shown too.
    """
    figures = {
        **_where(own, ("value", "low", "high"), value),
        **_where(told, ("gap", "gap_low", "gap_high"), gap),
    }
    limit = np.nan if bound is None else float(bound)
    beyond = (np.abs(figures["gap"]) > limit) & (figures["gap_low"] * figures["gap_high"] > 0)
    within = (figures["gap_low"] >= -limit) & (figures["gap_high"] <= limit)
    return counts.groups.assign(
        households=counts.seen[:, 0].round().astype(int),
        happened=counts.seen[:, 1].round().astype(int),
        measure=measure,
        **figures,
        bound=limit,
        exceeds=beyond,
        within=within,
        told=told,
        shown=own & shown,
    )


def _where(
    told: npt.NDArray[np.bool_], names: Sequence[str], columns: Sequence[Floats]
) -> dict[str, Floats]:
    pairs = zip(names, columns, strict=True)
    return {name: np.where(told, column, np.nan) for name, column in pairs}


def _limits(measure: Measure, seen: Floats, drawn: Floats, level: float) -> tuple[Floats, Floats]:
    """Percentiles of the bootstrap; Wilson's limits where all or none are counted.

    A share of nought or one is the same in every resample, which is no certainty.
    """
    low, high = _percentiles(drawn, level)
    if not measure.share:
        return low, high
    top, bottom = measure.parts(seen)
    safe = np.maximum(bottom, 1)
    wilson = proportion_confint(np.clip(top, 0, safe), safe, alpha=1 - level, method="wilson")
    stuck = np.isclose(top, 0) | np.isclose(top, bottom)
    return np.where(stuck, wilson[0], low), np.where(stuck, wilson[1], high)


def _percentiles(drawn: Floats, level: float) -> tuple[Floats, Floats]:
    tail = (1 - level) / 2
    known = np.isfinite(drawn).any(axis=0)
    found = np.full((2, drawn.shape[1]), np.nan)
    found[:, known] = np.nanquantile(drawn[:, known], [tail, 1 - tail], axis=0)
    return found[0], found[1]


def _z(level: float) -> float:
    return float(norm.ppf((1 + level) / 2))


def _agreed(
    table: pd.DataFrame, rows: pd.DataFrame, listed: npt.NDArray[np.bool_], by: Sequence[str]
) -> pd.DataFrame:
    """Take the shares as fairlearn's `MetricFrame` gives them, of rows counted by kind."""
    metrics: dict[str, Any] = {
        "selection_rate": selection_rate,
        "false_positive_rate": false_positive_rate,
        "false_negative_rate": false_negative_rate,
        "precision": partial(precision_score, zero_division=np.nan),
    }
    for name in by:
        kinds = (
            rows.assign(listed=listed)
            .groupby([name, "happened", "listed"], observed=True)
            .size()
            .reset_index(name="rows")
        )
        frame = MetricFrame(
            metrics=metrics,
            y_true=kinds["happened"],
            y_pred=kinds["listed"],
            sensitive_features=kinds[name],
            sample_params={metric: {"sample_weight": kinds["rows"]} for metric in metrics},
        )
        values = frame.by_group
        for metric in metrics:
            mine = (table["by"] == name) & (table["measure"] == metric) & table["value"].notna()
            table.loc[mine, "value"] = values[metric].reindex(table.loc[mine, "group"]).to_numpy()
    return table


def _everybody(counts: GroupCounts, level: float) -> pd.DataFrame:
    seen, drawn = counts.everybody
    rows = []
    for measure in MEASURES:
        low, high = _limits(measure, seen[None], measure.value(drawn)[:, None], level)
        value = float(measure.value(seen))
        rows.append({"measure": measure.name, "value": value, "low": low[0], "high": high[0]})
    return pd.DataFrame(rows)


def _unknown(rows: pd.DataFrame, by: Sequence[str]) -> dict[str, int]:
    return {name: int((rows[name] == "not known").sum()) for name in by}
