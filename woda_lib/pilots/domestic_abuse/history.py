"""What was recorded before: the couple together, and each of them with others.

An incident that police entered twice is one event. For each of tonight's incidents the earlier
events of its victim and of its perpetrator are found, and each stands in one line:

=========================  ======================================================================
couple                     both of them, whichever way the roles were
victim_as_victim           tonight's victim, harmed by somebody else, or by nobody recorded
victim_as_perpetrator      tonight's victim, recorded as the one who harmed somebody else
perpetrator_as_perpetrator tonight's perpetrator, with somebody else as the victim
perpetrator_as_victim      tonight's perpetrator, harmed by somebody else
=========================  ======================================================================
"""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.harm import harm_days

KINDS = (
    "couple",
    "victim_as_victim",
    "victim_as_perpetrator",
    "perpetrator_as_perpetrator",
    "perpetrator_as_victim",
)
CASE = [
    "incident_id",
    "occurred_at",
    "crime_type",
    "victim",
    "perpetrator",
    "relationship",
    "duplicate_of",
    "victim_confidence",
    "perpetrator_confidence",
    "roles_doubtful",
]
_ROLES = {"victim": "perpetrator", "perpetrator": "victim"}


def events(cases: pd.DataFrame, harm: pd.DataFrame) -> pd.DataFrame:
    """Return events: incidents, of which several that are one event count once.

    Parameters
    ----------
    cases
        The columns of `CASE`; a row an incident that stands.
    harm
        From `read_harm`.

    Returns
    -------
    DataFrame
        A row an event, in the order of `occurred_at`: the columns of `CASE`, where `incident_id` is
        the first entry's; `days` of the gravest entry, with its `crime_type`; `entries`. What the
        first entry leaves out stands as a later one has it, and roles are doubtful if any entry's
        are.
    """
    require_columns(cases, CASE, table="cases")
    table = cases[CASE].assign(
        event=_first_entry(cases), days=harm_days(cases["crime_type"], harm), entries=1
    )
    table = table.assign(repeats=table["incident_id"].ne(table["event"]))
    table = table.sort_values("repeats", kind="stable", ignore_index=True)
    first = table.groupby("event", sort=False)
    merged = first[[*CASE, "days"]].first()
    merged["entries"] = first["entries"].sum()
    merged["roles_doubtful"] = first["roles_doubtful"].max()
    merged["occurred_at"] = first["occurred_at"].min()
    gravest = table.loc[first["days"].idxmax(), ["event", "crime_type", "days"]].set_index("event")
    merged[["crime_type", "days"]] = gravest[["crime_type", "days"]]
    return merged.sort_values(["occurred_at", "incident_id"]).rename_axis("event").reset_index()


def earlier_events(tonight: pd.DataFrame, happened: pd.DataFrame, *, months: int) -> pd.DataFrame:
    """Return the events that came before each of tonight's incidents.

    Parameters
    ----------
    tonight
        Rows of `cases` with the columns of `CASE`.
    happened
        From `events`.
    months
        How far back, in whole calendar months.

    Returns
    -------
    DataFrame
        A row an incident of tonight and an earlier event: `incident_id` (tonight's), `kind`,
        `event, occurred_at, crime_type, days, relationship, roles_doubtful`, `other` (who else was
        in it, missing where nobody was recorded), `other_confidence, confidence` (the least of the
        two people's), `days_before` (whole days), `other_way` (of the couple: roles reversed).
    """
    require_columns(tonight, CASE, table="cases")
    asked = pd.concat([_asked(tonight, role) for role in _ROLES], ignore_index=True)
    known = pd.concat([_known(happened, role) for role in _ROLES], ignore_index=True)
    pairs = asked.dropna(subset=["person"]).merge(known.dropna(subset=["person"]), on="person")
    pairs = pairs[
        (pairs["occurred_at"] < pairs["now"])
        & (pairs["occurred_at"] >= pairs["now"] - pd.DateOffset(months=months))
        & (pairs["event"] != pairs["this_event"])
    ]
    couple = pairs["other"].eq(pairs["partner"]).fillna(False).astype(bool)
    pairs = pairs.assign(
        kind=(pairs["as_role"] + "_as_" + pairs["role"]).where(~couple, "couple"),
        other_way=couple & pairs["as_role"].ne(pairs["role"]),
        days_before=(pairs["now"].dt.normalize() - pairs["occurred_at"].dt.normalize()).dt.days,
    )
    # A couple's event is found once for each of the two.
    pairs = pairs[~couple | pairs["as_role"].eq("victim")]
    order = ["incident_id", "occurred_at", "event"]
    return pairs.sort_values(order)[_PAIR].reset_index(drop=True)


_PAIR = [
    "incident_id",
    "kind",
    "event",
    "occurred_at",
    "crime_type",
    "days",
    "relationship",
    "roles_doubtful",
    "other",
    "other_confidence",
    "confidence",
    "days_before",
    "other_way",
]


def summarise(
    pairs: pd.DataFrame, tonight: pd.DataFrame, *, months: int, sure_from: float
) -> pd.DataFrame:
    """Count what came before each incident, in the last months and in all that was looked at.

    Parameters
    ----------
    pairs
        From `earlier_events`.
    tonight
        `incident_id, occurred_at`.
    months
        The shorter span.
    sure_from
        Events with a match less probable than this are counted, and counted as doubtful.

    Returns
    -------
    DataFrame
        A row an incident and kind that has any event: `incident_id, kind, recent` (events in the
        shorter span), `all, days_since_last, recent_days, all_days` (of harm), `gravest` (the
        crime type with the most days), `doubtful, other_way`.
    """
    now = pairs["incident_id"].map(tonight.set_index("incident_id")["occurred_at"])
    recent = pairs["occurred_at"] >= now - pd.DateOffset(months=months)
    doubtful = pairs["roles_doubtful"].astype(bool) | (pairs["confidence"] < sure_from)
    counted = pairs.assign(
        recent=recent.astype(int),
        recent_days=pairs["days"].where(recent, 0.0),
        doubtful=doubtful.astype(int),
        other_way=pairs["other_way"].astype(int),
    )
    grouped = counted.groupby(["incident_id", "kind"], sort=True)
    table = grouped.agg(
        recent=("recent", "sum"),
        all=("event", "size"),
        days_since_last=("days_before", "min"),
        recent_days=("recent_days", "sum"),
        all_days=("days", "sum"),
        doubtful=("doubtful", "sum"),
        other_way=("other_way", "sum"),
    )
    gravest = counted.sort_values(["days", "occurred_at"]).groupby(["incident_id", "kind"])
    table["gravest"] = gravest["crime_type"].last()
    return table.reset_index()


def others(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return with whom else each person was in incidents.

    Returns
    -------
    DataFrame
        `incident_id, kind, other` (entity), `incidents, last_at, confidence` (of the match of the
        other person, the surest that there is), `relationship` (as last recorded); the most
        incidents first.
    """
    apart = pairs[pairs["kind"].ne("couple") & pairs["other"].notna()]
    table = (
        apart.sort_values("occurred_at")
        .groupby(["incident_id", "kind", "other"], sort=False)
        .agg(
            incidents=("event", "size"),
            last_at=("occurred_at", "max"),
            confidence=("other_confidence", "max"),
            relationship=("relationship", "last"),
        )
        .reset_index()
    )
    order = ["incident_id", "kind", "incidents", "last_at"]
    return table.sort_values(order, ascending=[True, True, False, False], ignore_index=True)


def _first_entry(cases: pd.DataFrame) -> pd.Series:
    """The incident that each repeats, and itself where it repeats none that stands."""
    repeats = cases.set_index("incident_id")["duplicate_of"]
    first = cases["incident_id"]
    for _ in range(len(cases)):
        named = first.map(repeats)
        further = named.where(named.isin(repeats.index), first)
        if further.equals(first):
            return first
        first = further
    return first


def _asked(tonight: pd.DataFrame, role: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "incident_id": tonight["incident_id"],
            "this_event": tonight["duplicate_of"].fillna(tonight["incident_id"]),
            "now": tonight["occurred_at"],
            "as_role": role,
            "person": tonight[role],
            "partner": tonight[_ROLES[role]],
        }
    )


def _known(happened: pd.DataFrame, role: str) -> pd.DataFrame:
    confidences = happened[["victim_confidence", "perpetrator_confidence"]].astype(float)
    shared = ["event", "occurred_at", "crime_type", "days", "relationship", "roles_doubtful"]
    return happened[shared].assign(
        role=role,
        person=happened[role],
        other=happened[_ROLES[role]],
        other_confidence=confidences[f"{_ROLES[role]}_confidence"],
        confidence=confidences.min(axis=1),
    )
