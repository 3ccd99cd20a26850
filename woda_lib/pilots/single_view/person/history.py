"""What happened to a person's identity: made, joined, merged, split, taken apart by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.pilots.single_view.person.lines import Event
from woda_lib.pilots.single_view.person.words import as_day, say_dataset, text_of

_REASONS = {
    "decision": "a person decided",
    "changed record": "a record had changed",
    "new record": "a record was new",
    "withdrawn record": "a partner no longer delivers a record",
    "model": "other evidence weighed more",
}
_BY_A_PERSON = frozenset({"decision", "unmerged"})


def events_of(events: pd.DataFrame, entity_id: str) -> tuple[Event, ...]:
    """Return an identity's events in words, the oldest first.

    Parameters
    ----------
    events
        Rows of ``identity_events`` that name it, on either side.
    entity_id
        The identity.
    """
    return tuple(_event(row, entity_id) for row in events.to_dict("records"))


def _event(row: Mapping[Any, Any], entity_id: str) -> Event:
    reason = text_of(row["reason"])
    return Event(
        on=as_day(row["on"]),
        words=_words(row, entity_id),
        by_a_person=reason in _BY_A_PERSON or row["event"] == "unmerged",
        reason=_REASONS.get(reason, reason),
    )


def _words(row: Mapping[Any, Any], entity_id: str) -> str:
    event, other = str(row["event"]), text_of(row["other_entity_id"])
    record = f"a record of {say_dataset(row['source']).lower()}" if pd.notna(row["source"]) else ""
    own = row["entity_id"] == entity_id
    if event == "created":
        return "This identity was made"
    if event == "joined":
        return f"{record.capitalize() or 'A record'} joined"
    if event == "withdrawn":
        return f"{record.capitalize() or 'A record'} is no longer delivered"
    if event == "merged":
        gone, into = (entity_id, other) if own else (text_of(row["entity_id"]), "this one")
        return f"{'This one' if own else gone} was merged into {into}"
    if event == "split":
        return (
            f"Split off from {other}" if own else f"{text_of(row['entity_id'])} was split off this"
        )
    if event == "reassigned":
        came = f"came from {other}" if own else f"went to {text_of(row['entity_id'])}"
        return f"{record.capitalize() or 'A record'} {came}"
    if event == "unmerged":
        from_whom = other if own else text_of(row["entity_id"])
        return f"{record.capitalize() or 'Records'} taken apart" + (
            f" from {from_whom}" if from_whom else ""
        )
    return event.capitalize()
