"""Who was in which incident, and in which role: as recorded, roles kept apart.

A role is what an officer wrote about one incident. The same person may be a victim tonight and a
witness next month, and both stay in two roles of one incident where both were written.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.record_keys import ordered_by, record_keys
from woda_lib.pilots.domestic_abuse.errors import require_columns

CURRENT = "current"
POLICE = "police_persons"
ROLE_COLUMNS = ["incident_id", "nominal_id", "entity_id", "role", "relationship", "confidence"]

OTHER_SIDE = {
    "partner": "partner",
    "former_partner": "former_partner",
    "parent": "child",
    "child": "parent",
    "sibling": "sibling",
    "other_family": "other_family",
    "none": "none",
}
"""What one of two people is to the other, given what the other is to the one."""


def standing(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the incidents that police have not withdrawn."""
    require_columns(incidents, ["incident_id", "record_status"], table="police_incidents")
    return incidents[incidents["record_status"] == CURRENT]


def incident_people(
    involvements: pd.DataFrame, incidents: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    """Return who was in which standing incident, in which role.

    Parameters
    ----------
    involvements
        `involvement_id, record_status, incident_id, nominal_id, role, relationship, recorded_on`,
        the newest delivery of each row.
    incidents
        `incident_id, record_status`.
    people
        From `people.people_table`.

    Returns
    -------
    DataFrame
        `incident_id, nominal_id, entity_id, role, relationship, confidence`: rows and incidents
        that were withdrawn are left out. A person whom police have not described yet has no
        `entity_id`.

    Raises
    ------
    DomesticAbuseError
        If a table lacks a column.
    """
    needed = ["record_status", "incident_id", "nominal_id", "role", "relationship", "recorded_on"]
    require_columns(involvements, needed, table="police_involvements")
    rows = involvements[involvements["record_status"] == CURRENT]
    rows = rows[rows["incident_id"].isin(standing(incidents)["incident_id"])]
    rows = rows.sort_values("recorded_on", kind="stable")
    rows = rows.drop_duplicates(["incident_id", "nominal_id", "role"], keep="last")
    known = people.loc[people["dataset"] == POLICE, ["local_id", "entity_id", "confidence"]]
    found = rows.merge(known.rename(columns={"local_id": "nominal_id"}), "left", on="nominal_id")
    found = found.iloc[ordered_by(found, ["incident_id", "role", "nominal_id"])]
    return found[ROLE_COLUMNS].reset_index(drop=True)


def one_of(people: pd.DataFrame, role: str) -> pd.DataFrame:
    """Return one person of a role for each incident, by `incident_id`.

    Where police recorded several, the one who is or was a partner comes first, then a relative,
    then whoever has the smallest number.
    """
    nearness = {name: place for place, name in enumerate(OTHER_SIDE)}
    own = people[people["role"] == role]
    rank = own["relationship"].map(nearness).fillna(len(nearness))
    [incidents], [numbers] = (
        record_keys(own, columns=[name], in_order=True) for name in ("incident_id", "nominal_id")
    )
    ordered = own.iloc[np.lexsort((numbers, rank, incidents))]
    return ordered.drop_duplicates("incident_id").set_index("incident_id")
