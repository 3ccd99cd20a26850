"""The case's files are read with their figures, and refused where a release no longer follows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from woda_lib.notebook.spreads import spread_of
from woda_lib.pilots.partnership.benefits import BenefitsError
from woda_lib.pilots.partnership.case import CaseError, read_case
from woda_lib.records import Value, read_pilot

PARAMETERS = Path(__file__).parents[4] / "parameters"
PILOT = read_pilot(PARAMETERS / "partnership.yaml")
RELEASED = {
    "patient_flow/days_saved": 2.5,
    "patient_flow/people_per_month": 180.0,
    "patient_flow/cost_avoided_per_month": 2.5 * 180 * 306,
    "patient_flow/cash_released_per_month": 2.5 * 180 * 36,
    "patient_flow/support_cost_per_month": 2.5 * 180 * 40,
    "asset_map/saved_at_most_low": 500_000.0,
    "asset_map/saved_at_most_high": 900_000.0,
    "asset_map/moves_possible": 20.0,
}


def run_with(**changed: float) -> Any:
    """What `read_case` asks of a run, on the partnership's own files."""
    step = PILOT.step("3_business_case")
    values: Mapping[str, Any] = {
        **{name: PILOT.parameters[name].value for name in step.parameters},
        **changed,
    }

    def cite(named: str) -> Value:
        owner, _, name = named.partition("/")
        if owner != "assumed":
            return Value(name=name, value=RELEASED[named], unit="")
        unit = "%" if PILOT.parameters[name].unit.startswith("%") else ""
        return Value(name=name, value=float(values[name]), unit=unit)

    return SimpleNamespace(
        pilot=PILOT,
        step=step,
        parameters=values,
        parameters_folder=PARAMETERS,
        record_input=lambda *_: None,
        cite=cite,
        spread=lambda *names: spread_of(names, pilot=PILOT, step=step, values=values),
    )


def test_the_partnerships_own_case_is_read() -> None:
    assert set(read_case(run_with()).flows["option"]) == {"stop", "minimum", "permanent"}


@pytest.mark.parametrize(
    ("price", "released"),
    [
        ("bed_day_cost", "cost_avoided_per_month is 137,700"),
        ("marginal_bed_day_cost", "cash_released_per_month is 16,200"),
        ("support_day_cost", "support_cost_per_month is 18,000"),
    ],
)
def test_a_price_that_is_not_the_pilots_own_is_refused(price: str, released: str) -> None:
    with pytest.raises(BenefitsError, match=f"patient_flow/{released}"):
        read_case(run_with(**{price: 50.0}))


def test_costs_do_not_run_on_past_the_benefits() -> None:
    with pytest.raises(CaseError, match=r"looks 10 years ahead, and .* no further than 5"):
        read_case(run_with(years=10))


@pytest.mark.parametrize("share", [0.0, 60.0, 99.0, 100.0])
def test_any_share_that_a_reader_holds_can_be_tried(share: float) -> None:
    inputs = read_case(run_with(days_due_to_sharing=share)).inputs.set_index("name")
    low, high = inputs.loc["days_due_to_sharing", ["low", "high"]]
    assert 0 <= low <= share / 100 <= high <= 1
