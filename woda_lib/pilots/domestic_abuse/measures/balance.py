"""What must not get worse while triage gets faster: cases, people at the table, and repeats.

Cases and people are compared with the neighbour's meetings; the repeat rate is that of the county
alone, since no other force shares its incidents, so that its own trend and seasons are fitted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from woda_lib.evaluation import BalancingMeasures, Interval, balancing_measures
from woda_lib.pilots.domestic_abuse.measures.meetings import paired
from woda_lib.pilots.doubts import PAIR
from woda_lib.records import Balance

REPEAT_RATE = "repeat_rate"


def balancing(
    monthly: pd.DataFrame,
    repeats: pd.DataFrame,
    *,
    registered: Sequence[Balance],
    go_live: Any,
    settings: Mapping[str, Any],
) -> BalancingMeasures:
    """Hold each registered measure to its margin.

    Parameters
    ----------
    monthly
        From `meetings_by_month`.
    repeats
        From `repeats_by_month`.
    registered
        The protocol's secondary outcomes: `repeat_rate`, and columns of `monthly`.
    go_live, settings
        Of the evaluation.
    """
    margins = {one.name: one.margin if one.better == "lower" else -one.margin for one in registered}
    compared = [name for name in margins if name != REPEAT_RATE]
    found = balancing_measures(
        pd.concat([paired(monthly, name).assign(measure=name) for name in compared]),
        measure="measure",
        **PAIR,
        start=go_live,
        margins={name: margins[name] for name in compared},
        **settings,
    )
    tables = [found.table]
    if REPEAT_RATE in margins:
        alone = balancing_measures(
            repeats.assign(measure=REPEAT_RATE),
            measure="measure",
            outcome=REPEAT_RATE,
            time="month",
            start=go_live,
            margins={REPEAT_RATE: margins[REPEAT_RATE]},
            **settings,
        )
        tables.append(alone.table)
    return BalancingMeasures(pd.concat(tables, ignore_index=True), found.level)


def change_of(found: BalancingMeasures, measure: str) -> Interval:
    """Return the change of one measure with its interval."""
    row = found.table.set_index("measure").loc[measure]
    return Interval(float(row["estimate"]), float(row["low"]), float(row["high"]), "")
