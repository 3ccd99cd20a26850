"""The reported worked example: its parts make it again beside what was measured, or stop it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from woda_lib.pilots.partnership.case.errors import CaseError
from woda_lib.pilots.partnership.case.tables import measured_beside_reported
from woda_lib.records import Value, read_reported

MEASURED = {
    "patient_flow/days_saved": Value(name="a", value=2.9, low=1.8, high=3.9, unit="days"),
    "patient_flow/people_per_month": Value(name="b", value=178, unit="people", decimals=0),
    "patient_flow/cost_avoided_per_month": Value(
        name="c", value=157957.2, low=96000, high=216000, unit="pounds", decimals=-3
    ),
    "assumed/bed_day_cost": Value(name="d", value=306, unit="pounds", decimals=0),
}


def run(**reported: float):
    """Stands in for a run that cites these figures, and the project's own reported ones."""
    root = Path(__file__).parents[4] / "parameters" / "partnership"
    figures = {
        f"reported/{name}": Value(
            name=name,
            value=reported.get(name, one.value),
            **one.model_dump(include={"unit", "decimals"}),
        )
        for name, one in read_reported(root / "reported.yaml").items()
    } | MEASURED
    table = pd.DataFrame({"named": list(figures), "reference": [f"at {name}" for name in figures]})
    return SimpleNamespace(cite=figures.__getitem__, citations=table)


def test_the_reported_153_000_pounds_is_made_of_its_parts_again():
    table = measured_beside_reported(run())
    assert table["reported"].tolist() == ["2.7 days", "185 people", "£306", "£153,000", "£152,847"]
    assert table["measured"].tolist() == ["2.9 days", "178 people", "£306", "£158,000", "£157,957"]
    assert table["stands_in"].iloc[0] == "at patient_flow/days_saved"


def test_a_reported_part_that_does_not_make_the_reported_worth_is_refused():
    with pytest.raises(CaseError, match=r"make £163,992 a month, and £153,000 was reported"):
        measured_beside_reported(run(days_saved=2.9, people_per_month=184.8))
