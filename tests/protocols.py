"""A small pre-registration, to be spoilt."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from woda_lib.records import Protocol, Registered

PROTOCOL: dict[str, Any] = {
    "protocol": "tiny",
    "version": "1.0",
    "registered_on": "2023-09-15",
    "question": "How many days does it save?",
    "population": "Everybody who waits.",
    "clock": "From referral to discharge.",
    "window": "Since April 2021.",
    "parameters": {"rate": 1.5},
    "primary": {
        "outcome": "Mean days",
        "model": "interrupted_time_series",
        "settings": {"impact": "step", "season": 2},
        "value": "days_saved",
    },
    "hypotheses": [
        {
            "name": "fewer_days",
            "says": "Waits are shorter",
            "direction": "lower",
            "smallest": 1.0,
            "unit": "days",
        }
    ],
    "secondary": [
        {
            "name": "died",
            "says": "Death in hospital",
            "better": "lower",
            "margin": 1.5,
            "unit": "percentage points",
            "reason": "The clinical leads said so.",
        }
    ],
    "analyses": ["Pretended dates."],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The protocol with one key set, by its way down: ``primary.model``; None takes it away."""
    content = deepcopy(PROTOCOL)
    at: Any = content
    *way, last = path.split(".")
    for key in way:
        at = at[int(key)] if key.isdigit() else at[key]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return content


def registered(content: dict[str, Any] = PROTOCOL, *, sha256: str = "a" * 64) -> Registered:
    """What a step's record keeps of it."""
    return Registered(protocol=Protocol.model_validate(content), sha256=sha256)
