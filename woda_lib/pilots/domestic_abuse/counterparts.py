"""Whom somebody stands beside in a record: the other of a couple, by name.

Two records of one name, one of them without birth date and home, say little. That both were harmed
by the same named person says a good deal. Police's incidents, probation's orders and MARAC's cases
each name both sides of a couple; the newest that names one counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.pilots.domestic_abuse.registers import MARAC, MARAC_NUMBER, MARAC_ROLES, in_role

COUPLE = ("victim", "perpetrator")


def with_counterparts(
    people: Mapping[str, pd.DataFrame],
    involvements: pd.DataFrame,
    loaded: Mapping[str, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Return people's records with `counterpart`, the name of the other of the couple.

    Parameters
    ----------
    people
        From `people.records`.
    involvements
        `record_status, incident_id, nominal_id, role, recorded_on`.
    loaded
        ``probation_orders`` and ``marac_cases`` by name, as far as there are any.
    """
    found = {"police": _of_incidents(involvements, people["police"])}
    if "probation_orders" in loaded:
        found["probation"] = _of_orders(loaded["probation_orders"])
    if MARAC in loaded:
        found["marac"] = _of_cases(loaded[MARAC])
    none = pd.Series(dtype="string")
    return {
        source: frame.assign(counterpart=frame["id"].map(found.get(source, none)).astype("string"))
        for source, frame in people.items()
    }


def _of_incidents(involvements: pd.DataFrame, police: pd.DataFrame) -> pd.Series:
    """By number, the name of the other side of the newest incident with two sides."""
    names = _named(police.set_index("id"), "")
    rows = involvements[involvements["record_status"] == "current"]
    rows = rows[["incident_id", "nominal_id", "role", "recorded_on"]]
    sides = [rows[rows["role"] == role].drop(columns="role") for role in COUPLE]
    pairs = sides[0].merge(sides[1], on="incident_id", suffixes=("", "_other"))
    back = pairs.rename(
        columns={"nominal_id": "nominal_id_other", "nominal_id_other": "nominal_id"}
    )
    both = pd.concat([pairs, back], ignore_index=True)
    both = both[both["nominal_id"] != both["nominal_id_other"]]
    both = both.assign(name=both["nominal_id_other"].map(names)).dropna(subset=["name"])
    both = both.sort_values(["recorded_on", "incident_id"], kind="stable")
    return both.drop_duplicates("nominal_id", keep="last").set_index("nominal_id")["name"]


def _of_orders(orders: pd.DataFrame) -> pd.Series:
    """By number, the name of whom the newest order protects."""
    named = orders.assign(name=_named(orders, "protects_")).dropna(subset=["name"])
    newest = named.sort_values("starts_on", kind="stable").drop_duplicates(
        "supervisee_id", keep="last"
    )
    return newest.set_index("supervisee_id")["name"]


def _of_cases(cases: pd.DataFrame) -> pd.Series:
    """By number and role, the name of the other of the case."""
    parts = [
        _named(cases, f"{other}_").set_axis(in_role(cases[MARAC_NUMBER], role))
        for role, other in zip(MARAC_ROLES, reversed(MARAC_ROLES), strict=True)
    ]
    return pd.concat(parts).dropna()


def _named(frame: pd.DataFrame, prefix: str) -> pd.Series:
    return frame[f"{prefix}forename"] + " " + frame[f"{prefix}surname"]
