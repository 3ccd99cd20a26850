"""Every figure of a benefit in one table: quantities on the way, present values, ratio, payback."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation.money.cash_flows import Appraised, CashFlows, sums
from woda_lib.evaluation.money.discounting import payback_years
from woda_lib.evaluation.money.distributions import Floats

Measure = tuple[str, float, Floats | None, str]
"""Its name, its estimate, its draws (nothing where it has no interval) and its unit."""


def measures(
    flows: CashFlows, central: Appraised, appraised: Appraised, *, unit: str, named: str
) -> list[Measure]:
    """Return what a summary tells of.

    Parameters
    ----------
    flows
        The programme.
    central, appraised
        Its worth at the inputs' estimates, and draw by draw.
    unit
        Of the money.
    named
        What the result is called where it is one sum; empty for a programme of costs and years.
    """
    rows: list[Measure] = [
        (name.replace("_", " "), float(central.steps[name]), values, "")
        for name, values in appraised.steps.items()
    ]
    worth = appraised.net_present_value
    if named:
        rows.append((named, float(central.net_present_value), worth, unit))
    else:
        rows += _appraisal(flows, central, appraised, unit)
    rows.append(("Chance of more than nought", 100 * float((worth > 0).mean()), None, "%"))
    return rows


def summary_table(
    rows: Iterable[Measure], *, limits: Callable[[Floats], tuple[float, float]]
) -> pd.DataFrame:
    """Return measures with their intervals: `measure, estimate, low, high, mean, unit`."""
    table = []
    for measure, central, values, unit in rows:
        low, high = (np.nan, np.nan) if values is None else limits(values)
        mean = np.nan if values is None or not np.isfinite(values).all() else values.mean()
        table.append((measure, *(_finite(each) for each in (central, low, high, mean)), unit))
    return pd.DataFrame(table, columns=["measure", "estimate", "low", "high", "mean", "unit"])


def _appraisal(
    flows: CashFlows, central: Appraised, appraised: Appraised, unit: str
) -> list[Measure]:
    gains, pays = flows.table["kind"].eq("benefit"), flows.table["kind"].eq("cost")
    at, drawn = central.present_values, appraised.present_values
    benefits, costs = (sums(drawn, rows) for rows in (gains, pays))
    central_benefits, central_costs = (float(sums(at, rows)) for rows in (gains, pays))
    banked = sums(drawn, gains & flows.table["cashable"])
    central_banked = float(sums(at, gains & flows.table["cashable"]))
    paid_back = payback_years(appraised.net.cumsum(axis=0))
    central_paid = float(payback_years(central.net.cumsum(axis=0)))
    rows: list[Measure] = [
        (
            "Net present value",
            float(central.net_present_value),
            appraised.net_present_value,
            unit,
        ),
        ("Benefits, present value", central_benefits, benefits, unit),
        ("of these cashable", central_banked, banked, unit),
        ("Costs, present value", central_costs, costs, unit),
        ("Cashable benefits less costs", central_banked - central_costs, banked - costs, unit),
        (
            "Net present value, not corrected for optimism",
            float(central.uncorrected),
            appraised.uncorrected,
            unit,
        ),
    ]
    if central_costs > 0 and (costs > 0).all():
        ratio = central_benefits / central_costs
        rows.append(("Benefit–cost ratio", ratio, benefits / costs, "pounds a pound"))
    rows.append(("Paid back in year", central_paid, paid_back, "year"))
    within = 100 * float(np.isfinite(paid_back).mean())
    rows.append(("Chance of being paid back in these years", within, None, "%"))
    return rows


def _finite(value: Any) -> float:
    """A payback that never comes is not known, rather than infinite."""
    return float(value) if np.isfinite(value) else float("nan")
