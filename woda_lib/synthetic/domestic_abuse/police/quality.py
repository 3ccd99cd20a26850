"""How well police write things down, before the triage pack and from its first day on.

The pack is planted to have made recording better: fewer second records of one person, fewer events
entered twice, fewer blanks. What is planted here is what an evaluation ought to recover.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from woda_lib.synthetic.profiles import Profile


@dataclass(frozen=True)
class Change:
    """A share before go-live and from that day on."""

    before: float
    after: float

    def on(self, days: np.ndarray, profile: Profile) -> np.ndarray:
        """The share on each day."""
        live = days.astype("datetime64[D]") >= np.datetime64(profile.triage_go_live, "D")
        return np.where(live, self.after, self.before)


DUPLICATE_PERSONS = Change(0.14, 0.06)
"""Of new records of persons: those of somebody who has one already."""

ENTERED_TWICE = Change(0.030, 0.018)
"""Of incidents: those that a second call or officer brings into the books again."""

COMPLETE = {
    "police_incidents": {
        "reported_by": Change(0.90, 0.97),
        "postcode": Change(0.90, 0.97),
        "children_present": Change(0.78, 0.93),
        "dash_answers": Change(0.82, 0.94),
        "dash_risk": Change(0.85, 0.95),
        "professional_judgement": Change(0.70, 0.90),
    },
    "police_involvements": {"relationship": Change(0.85, 0.95)},
    "police_persons": {
        "date_of_birth": Change(0.92, 0.97),
        "ethnic_group": Change(0.62, 0.81),
        "address": Change(0.90, 0.96),
        "postcode": Change(0.85, 0.94),
    },
}
"""Of rows as first delivered: those in which a field is filled in, whatever else is."""

ANSWERED = Change(0.88, 0.95)
"""Of the questions of DASH, where it was asked at all."""


def planted() -> dict[str, object]:
    """What was planted, for the truth."""
    return {
        "duplicate_persons": asdict(DUPLICATE_PERSONS),
        "entered_twice": asdict(ENTERED_TWICE),
        "completeness": {
            dataset: {field: asdict(change) for field, change in fields.items()}
            for dataset, fields in COMPLETE.items()
        },
        "dash_answered": asdict(ANSWERED),
    }


def blanks(
    dataset: str, days: np.ndarray, profile: Profile, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Draw which rows lack each of the fields that are not always filled in."""
    return {
        field: rng.random(len(days)) >= change.on(days, profile)
        for field, change in COMPLETE[dataset].items()
    }
