"""Which input does the answer hang on, and how far must it move to overturn it?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

from woda_lib.evaluation.money.cash_flows import CashFlows
from woda_lib.evaluation.money.distributions import BOUNDS, Floats
from woda_lib.evaluation.money.uncertain_inputs import Inputs

_BINS = 40
_REACH = np.concatenate([[0.0], np.logspace(-5, 3, 801)])
"""How far from its estimate an input is moved, in multiples of its size."""


def tornado(inputs: Inputs, flows: CashFlows, drawn: Floats, worth: Floats) -> pd.DataFrame:
    """Move one input at a time to its limits, the others at their estimates.

    Parameters
    ----------
    inputs, flows
        The model.
    drawn, worth
        Draws of the inputs, shape (draws, inputs), and the result of each, shape (draws,).

    Returns
    -------
    DataFrame
        One row an input, the widest swing first: `input, called, unit, low, estimate, high` of the
        input; `at_low, at_high` of the result; `swing` between them; `rank_correlation` of input
        and result; and `variance_share`, the part of the result's variance that would go if the
        input were known: the first-order index of Sobol (1993), which is the correlation ratio of
        Pearson and holds where inputs go together as well. It is measured in bins of the input,
        with the correction for their number (Kelley 1935).
    """
    rows: list[dict[str, Any]] = []
    for place, row in enumerate(inputs.table.to_dict("records")):
        name = str(row["name"])
        at = {
            end: float(flows.appraise({**inputs.estimates, name: row[end]}).net_present_value)
            for end in ("low", "high")
        }
        known = row["low"] == row["high"]
        rows.append(
            {
                "input": name,
                **{key: row[key] for key in ("called", "unit", "low", "estimate", "high")},
                "at_low": at["low"],
                "at_high": at["high"],
                "swing": abs(at["high"] - at["low"]),
                "rank_correlation": 0.0 if known else _rank_correlation(drawn[:, place], worth),
                "variance_share": 0.0 if known else _variance_share(drawn[:, place], worth),
            }
        )
    table = pd.DataFrame(rows).sort_values("swing", ascending=False, kind="stable")
    return table.reset_index(drop=True)


def switching_values(
    inputs: Inputs, flows: CashFlows, drawn: Floats, target: float = 0.0
) -> pd.DataFrame:
    """Find the value of each input at which the result is just the target.

    Parameters
    ----------
    inputs, flows, drawn
        As for `tornado`.
    target
        Of the result; nought is where a programme just pays.

    Returns
    -------
    DataFrame
        One row an input, the nearest first: `input, estimate, switching_value` (the nearest to the
        estimate; missing where the input alone cannot do it, or only where it cannot be, such as
        a share of 3), `change` from the estimate in %,
        `within_limits`, and `chance` in % that the input lies at or beyond it.
    """
    rows: list[dict[str, Any]] = []
    for place, row in enumerate(inputs.table.to_dict("records")):
        value = _root(inputs, flows, row, target)
        estimate = float(row["estimate"])
        beyond = np.nan
        if np.isfinite(value):
            column = drawn[:, place]
            side = column >= value if value >= estimate else column <= value
            beyond = 100 * float(side.mean())
        rows.append(
            {
                "input": row["name"],
                "estimate": estimate,
                "switching_value": value,
                "change": 100 * (value - estimate) / abs(estimate) if estimate else np.nan,
                "within_limits": bool(row["low"] <= value <= row["high"]),
                "chance": beyond,
            }
        )
    table = pd.DataFrame(rows)
    order = table["change"].abs().sort_values(kind="stable", na_position="last").index
    return table.loc[order].reset_index(drop=True)


def _root(inputs: Inputs, flows: CashFlows, row: dict[Any, Any], target: float) -> float:
    estimate = float(row["estimate"])
    size = max(abs(estimate), float(row["high"]) - float(row["low"])) or 1.0

    def miss(values: Any) -> Any:
        moved = {**inputs.estimates, str(row["name"]): values}
        return flows.appraise(moved, finite=False).net_present_value - target

    nearest = np.nan
    lowest, highest = BOUNDS.get(str(row["distribution"]), (-np.inf, np.inf))
    for sign in (-1, 1):
        tried = estimate + sign * size * _REACH
        tried = tried[(tried >= lowest) & (tried <= highest)]
        found = miss(tried)
        crossed = np.flatnonzero(np.signbit(found[1:]) != np.signbit(found[:-1]))
        sound = [at for at in crossed if np.isfinite(found[at : at + 2]).all()]
        if sound:
            ends = sorted((float(tried[sound[0]]), float(tried[sound[0] + 1])))
            root = float(optimize.brentq(lambda value: float(miss(value)), *ends))
            if not abs(root - estimate) >= abs(nearest - estimate):
                nearest = root
    return nearest


def _rank_correlation(values: Floats, worth: Floats) -> float:
    if np.ptp(worth) == 0:
        return 0.0
    return float(stats.spearmanr(values, worth).statistic)


def _variance_share(values: Floats, worth: Floats) -> float:
    """Between-bin share of the variance, less what bins would take up by chance."""
    if np.ptp(worth) == 0:
        return 0.0
    ordered = worth[np.argsort(values, kind="stable")]
    parts = np.array_split(ordered, _BINS)
    within = sum(float(((part - part.mean()) ** 2).sum()) for part in parts)
    whole = float(((ordered - ordered.mean()) ** 2).sum())
    unexplained = within / whole * (len(worth) - 1) / (len(worth) - _BINS)
    return float(np.clip(1 - unexplained, 0.0, 1.0))
