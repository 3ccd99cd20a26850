"""What is true of police's records, as far as they have been delivered by a day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.synthetic.domestic_abuse.police import POLICE, PoliceRecords
from woda_lib.synthetic.domestic_abuse.police.quality import planted
from woda_lib.synthetic.domestic_abuse.timing import NEAR_DAYS, NEAR_SHARE, SEPARATION_RISK
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.profiles import Profile


def persons_known(police: PoliceRecords, until: np.datetime64) -> pd.DataFrame:
    """Return who is who among police's records: ``partner, dataset, local_id, person_id``."""
    people = police.people.loc[as_days(police.people["created_on"]) <= until]
    return (
        people[["nominal_id", "person_id"]]
        .rename(columns={"nominal_id": "local_id"})
        .assign(partner=POLICE, dataset="police_persons")
    )


def incidents_known(police: PoliceRecords, until: np.datetime64) -> dict[str, pd.DataFrame]:
    """Return the tables ``da_incidents`` and ``da_flags`` of `woda_lib.synthetic.truth`."""
    entries = police.entries.loc[as_days(police.entries["delivered_on"]) <= until]
    righted = as_days(entries["swap_found_on"]) <= until
    incidents = pd.DataFrame(
        {
            "partner": POLICE,
            "incident_id": entries["incident_id"],
            "victim": entries["victim"],
            "perpetrator": entries["perpetrator"],
            "relationship": entries["relationship"],
            "occurred_at": entries["occurred_at"],
            "duplicate_of": entries["duplicate_of"].astype("string"),
            "roles_swapped": entries["swapped"] & ~righted,
            "withdrawn": as_days(entries["withdrawn_on"]) <= until,
            "held_back": entries["held_back"],
            "delivered_on": entries["delivered_on"],
        }
    ).reset_index(drop=True)
    flags = police.flags.loc[as_days(police.flags["delivered_on"]) <= until]
    flags = flags.drop(columns="delivered_on").assign(partner=POLICE)
    columns = ["partner", "incident_id", "text", "flag", "state", "template", "held_back"]
    return {"da_incidents": incidents, "da_flags": flags[columns].reset_index(drop=True)}


def effect_on_records(police: PoliceRecords, profile: Profile) -> dict[str, object]:
    """Return what was planted in police's records, and what came of it in the window.

    ``duplicate_rate_before`` and ``duplicate_rate_after`` are the shares of new records of persons
    that are of somebody who has one already, by whether they were made before go-live.
    """
    people = police.people.sort_values("created_on", kind="stable")
    people = people.loc[as_days(people["created_on"]) <= profile.as_of]
    second = people["person_id"].duplicated()
    live = as_days(people["created_on"]) >= np.datetime64(profile.triage_go_live, "D")
    return {
        "go_live": profile.triage_go_live,
        "duplicate_rate_before": float(second[~live].mean()),
        "duplicate_rate_after": float(second[live].mean()),
        "planted": planted(),
        # Repeats are not planted to change: nothing of what happened knows of the pack.
        "repeat_rate_change": 0.0,
        "near_repeat": {"share": NEAR_SHARE, "mean_days": NEAR_DAYS},
        "separation_risk": SEPARATION_RISK,
    }
