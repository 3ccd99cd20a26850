"""Sweeps by hand, with what a page must be able to show: grids, failures, what was withheld."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

from woda_lib.records import Pilot, Scenario, Sweep, Value

WHEN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

PILOT = Pilot.model_validate(
    {
        "pilot": "patient_flow",
        "title": "Patient flow",
        "question": "How many days did the new discharge pathway save?",
        "owner": "Board",
        "agreement": "none",
        "answered_by": "2_evaluate",
        "steps": [
            {
                "name": "2_evaluate",
                "question": "How many?",
                "purpose": "study",
                "parameters": ["bed_day_cost", "horizon_days"],
            }
        ],
        "parameters": {
            "bed_day_cost": {
                "type": "float",
                "value": 306.0,
                "unit": "pounds per bed-day",
                "description": "What an excess bed-day costs on average.",
            },
            "horizon_days": {
                "type": "int",
                "value": 90,
                "unit": "days",
                "description": "Waits count up to this many days.",
            },
        },
    }
)


def found(cost: float, horizon: int) -> tuple[Value, ...]:
    """What a scenario finds: days by the horizon, pounds by both."""
    days, pounds = 2.7 * horizon / 90, 466 * cost * horizon / 90
    return (
        Value(name="days_saved", value=days, low=days - 1, high=days + 1, unit="days"),
        Value(
            name="cost_avoided_per_month",
            value=pounds,
            low=pounds * 0.63,
            high=pounds * 1.37,
            unit="pounds",
            decimals=-3,
        ),
        Value(name="people_waiting", value=40, unit="people", decimals=0),
    )


def made_up_sweep(**changes: Any) -> Sweep:
    """Three costs by two horizons, of which one scenario failed and one was withheld in part."""
    scenarios = []
    for number, (cost, horizon) in enumerate(product((280.0, 306.0, 350.0), (60, 90))):
        swept = {"bed_day_cost": cost, "horizon_days": horizon}
        base = (cost, horizon) == (306.0, 90)
        values = found(cost, horizon)
        if number == 0:
            values = (values[0].model_copy(update={"value": None, "low": None, "high": None}),
                      *values[1:])  # fmt: skip
        if number == 4:
            message = "patient_flow stopped in step 2_evaluate, at cell 7\nValueError: too few"
            scenarios.append(Scenario(swept=swept, base=base, message=message))
            continue
        run_id = f"2026-11-24T09-3{number}-00-a1b2"
        scenarios.append(Scenario(swept=swept, base=base, run_id=run_id, values=values))
    given = {
        "pilot": "patient_flow",
        "sweep_id": "2026-11-24T09-30-00-c3d4",
        "question": PILOT.question,
        "started": WHEN,
        "finished": WHEN.replace(minute=52),
        "synthetic": True,
        "extracts": "data/extracts/demo",
        "swept": ("bed_day_cost", "horizon_days"),
        "scenarios": tuple(scenarios),
    }
    return Sweep(**(given | changes))


def over_cost() -> Sweep:
    """The costs alone."""
    scenarios = [
        Scenario(
            swept={"bed_day_cost": cost},
            base=cost == 306,
            run_id=f"2026-11-24T09-3{number}-00-a1b2",
            values=found(cost, 90),
        )
        for number, cost in enumerate((280.0, 306.0, 350.0))
    ]
    return made_up_sweep(swept=("bed_day_cost",), scenarios=tuple(scenarios))
