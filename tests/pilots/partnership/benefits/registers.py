"""A register of benefits small enough to work out by hand, and figures for it."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from woda_lib.pilots.partnership.benefits import Reading, Register, reading_of
from woda_lib.records import Value

DEFLATORS = pd.DataFrame({"financial_year": ["2015-16", "2024-25"], "index": [75.0, 100.0]})

WHOLE: dict[str, Any] = {"share": "whole", "because": "Nothing else changed."}

SMALL: dict[str, Any] = {
    "price_base": "2024-25",
    "inputs": {
        "days_saved": {"from": "patient_flow/days_saved"},
        "people": {"from": "patient_flow/people_per_month"},
        "bed_day_cost": {"from": "assumed/bed_day_cost", "grade": 1},
        "due": {"from": "assumed/due", "grade": 1},
    },
    "partners": {
        "trust": {"title": "Acute trust"},
        "council": {"title": "County council"},
        "all_of_them": {"title": "All of them", "members": ["trust", "council"]},
    },
    "resources": {
        "bed_days": {"says": "Days of a bed"},
        "admissions": {"says": "Stays that do not begin", "contains": ["bed_days"]},
        "crises": {"says": "Crises", "contains": ["admissions"]},
        "floor": {"says": "Floor"},
    },
    "populations": {
        "referred": {"says": "People referred"},
        "households": {"says": "Households"},
        "buildings": {"says": "Buildings", "apart_from": ["referred", "households"]},
    },
    "flows": [
        {
            "flow": "Beds",
            "pilot": "patient_flow",
            "says": "Beds that come free.",
            "formula": "12 * days_saved * people * bed_day_cost",
            "partner": "trust",
            "resource": "bed_days",
            "population": "referred",
            "first_year": 0,
            "last_year": 4,
            "grade": 1,
            "attribution": {"share": "due", "because": "A judgement."},
        }
    ],
    "agreements": [
        {
            "says": "A month at average cost",
            "formula": "days_saved * people * bed_day_cost",
            "equals": "patient_flow/cost_avoided_per_month",
        }
    ],
}
"""One flow: 12 months of 2.7 days of 185 people at 306 pounds, of which 20% is due to sharing."""

FIGURES = {
    "patient_flow/days_saved": Value(name="days_saved", value=2.7, low=2.1, high=3.3, unit="days"),
    "patient_flow/people_per_month": Value(name="people_per_month", value=185.0, unit="people"),
    "patient_flow/cost_avoided_per_month": Value(
        name="cost_avoided_per_month", value=2.7 * 185 * 306, unit="pounds"
    ),
    "assumed/bed_day_cost": Value(name="bed_day_cost", value=306.0, unit="pounds"),
    "assumed/due": Value(name="due", value=20.0, low=5.0, high=45.0, unit="%"),
}


def cite(named: str) -> Value:
    """What `Run.cite` returns, of the figures above."""
    return FIGURES[named]


def spread(name: str) -> pd.DataFrame:
    """What `Run.spread` returns, of the parameters above: in the prices of 2024-25."""
    one = FIGURES[f"assumed/{name}"]
    unit = "%, of the days saved" if one.unit == "%" else one.unit
    called = "days that sharing saved" if name == "due" else None
    low, high = (one.value if end is None else end for end in (one.low, one.high))
    family = "beta" if low != high else "fixed"
    columns = ["name", "estimate", "low", "high", "distribution", "price_year", "unit", "called"]
    row = (name, one.value, low, high, family, None, unit, called)
    return pd.DataFrame([row], columns=columns)


def another(**changes: Any) -> dict[str, Any]:
    """A second flow: another pilot avoids admissions of households at the same trust."""
    return {
        "flow": "Admissions avoided",
        "pilot": "single_view",
        "says": "Stays that do not begin.",
        "formula": "bed_day_cost",
        "partner": "trust",
        "resource": "admissions",
        "population": "households",
        "first_year": 0,
        "last_year": 4,
        "grade": 6,
        "attribution": WHOLE,
        **changes,
    }


def content(*flows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The small register's content with more flows, and with other parts."""
    made = deepcopy(SMALL)
    made["flows"] += flows
    return {**made, **changes}


def register(*flows: dict[str, Any], **changes: Any) -> Register:
    """The small register with more flows, and with other parts."""
    return Register.model_validate(content(*flows, **changes))


def reading(*flows: dict[str, Any], **changes: Any) -> Reading:
    """The small register with its figures at hand."""
    return reading_of(register(*flows, **changes), cite=cite, spread=spread)


def written(folder: Path, stands: dict[str, Any], name: str = "benefits.yaml") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_text(yaml.safe_dump(stands), encoding="utf-8")
    return path
