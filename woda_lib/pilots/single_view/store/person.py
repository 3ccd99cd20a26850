"""One person: the best view and where it stems from, and everything that partners said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd

from woda_lib.pilots.single_view.store.said import best_of, conflicts_of, values_of


@dataclass(frozen=True)
class Person:
    """What the store holds of one person, as far as the purpose is shown it.

    Attributes
    ----------
    entity_id : str
    on : Timestamp
        The day as of which household and open involvements are meant.
    summary : Series
        The row of ``persons``.
    best : DataFrame
        A row a field: ``field, value``; where the value stems from: ``partner, dataset, row_id,
        on`` (the newest source that gives it); how many ``partners`` give it, and how many
        ``others`` give another (of an address, now).
    values : DataFrame
        Every value that a partner gave: ``field, value, partner, dataset, local_id, row_id, on,
        until, delivered_on, best`` (whether it is the best view's).
    conflicts : DataFrame
        The values, as `values`, of fields on which partners disagree; of where somebody lives, as
        far as it is said to be so on the day.
    records : DataFrame
        ``partner, dataset, local_id, confidence, since``, and why a record belongs here: its
        strongest link to another, ``linked_dataset, linked_id, log2_odds, probability``.
    links : DataFrame
        Every pair of this person's records that was compared and kept: ``left_dataset, left_id,
        right_dataset, right_id, log2_odds, probability``.
    counted : DataFrame
        ``dataset, row_id, counted_off``: a word for each row of whom the build counted it off as
        at its address; records with the same word are counted off as one.
    involvements : DataFrame
        ``partner, dataset, service, started_on, ended_on, status, team, uprn, row_id, local_id``
        and ``hidden``: the clause that hides what it is about, or nothing.
    household : DataFrame
        Who lives with the person on the day, the person among them: ``household_id, kind, uprn,
        entity_id, forename, surname, date_of_birth, kinship, starts, ends``.
    residences : DataFrame
        ``uprn, address, postcode, starts, ends, sources, sure, elsewhere``, the newest first.
    events : DataFrame
        What became of this identity: ``on, run, event, entity_id, other_entity_id, source, id,
        reason``.
    timeline : DataFrame
        ``on, until, what, partner, dataset, detail, hidden``, the oldest first.
    hidden : DataFrame
        What this purpose is not shown of the datasets that know the person; see
        `Run.hidden_fields`.
    """

    entity_id: str
    on: pd.Timestamp
    summary: pd.Series
    best: pd.DataFrame
    values: pd.DataFrame
    conflicts: pd.DataFrame
    records: pd.DataFrame
    links: pd.DataFrame
    counted: pd.DataFrame
    involvements: pd.DataFrame
    household: pd.DataFrame
    residences: pd.DataFrame
    events: pd.DataFrame
    timeline: pd.DataFrame
    hidden: pd.DataFrame


_RECORDS = """
WITH pairs AS (
    SELECT left_source AS dataset, left_id AS local_id, right_source AS linked_dataset,
           right_id AS linked_id, log2_odds FROM links
    UNION ALL
    SELECT right_source, right_id, left_source, left_id, log2_odds FROM links
), own AS (SELECT * FROM records WHERE entity_id = $entity)
SELECT own.partner::VARCHAR AS partner, own.dataset::VARCHAR AS dataset, own.local_id,
       own.confidence, own.since, pairs.linked_dataset::VARCHAR AS linked_dataset, pairs.linked_id,
       pairs.log2_odds
FROM own LEFT JOIN pairs
  ON pairs.dataset::VARCHAR = own.dataset::VARCHAR AND pairs.local_id = own.local_id
 AND pairs.linked_id IN (SELECT local_id FROM own)
QUALIFY row_number() OVER (
    PARTITION BY own.dataset, own.local_id ORDER BY pairs.log2_odds DESC NULLS LAST) = 1
ORDER BY own.since, own.dataset, own.local_id
"""

_LINKS = """
SELECT left_source::VARCHAR AS left_dataset, left_id, right_source::VARCHAR AS right_dataset,
       right_id, log2_odds
FROM links
WHERE left_id IN (SELECT local_id FROM records WHERE entity_id = $entity)
  AND right_id IN (SELECT local_id FROM records WHERE entity_id = $entity)
ORDER BY log2_odds DESC
"""

_COUNTED = """
SELECT dataset::VARCHAR AS dataset, row_id, counted_off FROM details WHERE entity_id = $entity
"""

_HOUSEHOLD = """
SELECT o.household_id, o.kind, o.uprn, o.entity_id, p.forename, p.surname, p.date_of_birth,
       o.kinship, o.starts, o.ends
FROM household_on($day) o LEFT JOIN persons p USING (entity_id)
WHERE o.household_id IN (SELECT household_id FROM household_on($day) WHERE entity_id = $entity)
ORDER BY o.household_id, p.date_of_birth, o.entity_id
"""

_RESIDENCES = """
SELECT r.uprn, p.address, p.postcode, r.starts, r.ends, r.sources, r.sure, r.elsewhere
FROM residences r LEFT JOIN properties p USING (uprn)
WHERE r.entity_id = $entity ORDER BY r.starts DESC
"""

_INVOLVEMENTS = """
SELECT partner::VARCHAR AS partner, dataset::VARCHAR AS dataset, service::VARCHAR AS service,
       started_on, ended_on, status::VARCHAR AS status, team, uprn, row_id, local_id
FROM involvements WHERE entity_id = $entity ORDER BY started_on, dataset, row_id
"""

_EVENTS = """
SELECT "on", run, event, entity_id, other_entity_id, source, id, reason
FROM identity_events WHERE entity_id = $entity OR other_entity_id = $entity ORDER BY "on"
"""


def person_of(
    connection: duckdb.DuckDBPyConnection,
    entity_id: str,
    on: pd.Timestamp,
    *,
    hidden: pd.DataFrame,
    what_for: dict[str, str],
    aliases: Mapping[str, str],
) -> Person:
    """Return one person who is in the store.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Holds the tables and views.
    entity_id : str
    on : Timestamp
        As of which day household and addresses are meant.
    hidden : DataFrame
        What the purpose is not shown: `Run.hidden_fields`.
    what_for : dict of str to str
        By dataset, the field that says what an involvement is about.
    aliases : mapping of str to str
        Forenames and what they stand for.
    """

    def asked(sql: str) -> pd.DataFrame:
        given = {"entity": entity_id, "day": on}
        return connection.execute(sql, {n: v for n, v in given.items() if f"${n}" in sql}).df()

    summary = asked("SELECT * FROM persons WHERE entity_id = $entity").iloc[0]
    attributes = asked("SELECT * EXCLUDE entity_id FROM attributes WHERE entity_id = $entity")
    values = values_of(attributes, summary)
    conflicts = conflicts_of(values, on, aliases)
    records = asked(_RECORDS)
    by_clause = _clauses(hidden, what_for)
    involvements = asked(_INVOLVEMENTS)
    timeline = asked('SELECT * FROM timeline WHERE entity_id = $entity ORDER BY "on"')
    theirs = hidden["dataset"].isin(records["dataset"])
    return Person(
        entity_id=entity_id,
        on=on,
        summary=summary,
        best=best_of(values, summary, conflicts),
        values=values,
        conflicts=conflicts,
        records=_with_chance(records),
        links=_with_chance(asked(_LINKS)),
        counted=asked(_COUNTED),
        involvements=involvements.assign(hidden=involvements["dataset"].map(by_clause).fillna("")),
        household=asked(_HOUSEHOLD),
        residences=asked(_RESIDENCES),
        events=asked(_EVENTS),
        timeline=timeline.drop(columns="entity_id").assign(
            hidden=timeline["dataset"].map(by_clause).fillna("")
        ),
        hidden=hidden[theirs].reset_index(drop=True),
    )


def _clauses(hidden: pd.DataFrame, what_for: dict[str, str]) -> dict[str, str]:
    """Return, by dataset, the clause that hides what an involvement is about."""
    about = hidden[hidden["field"] == hidden["dataset"].map(what_for)]
    return dict(zip(about["dataset"], about["clause"], strict=True))


def _with_chance(pairs: pd.DataFrame) -> pd.DataFrame:
    """Add the probability that two records are of one person, of the log2 odds for it."""
    return pairs.assign(probability=1 / (1 + 2.0 ** -pairs["log2_odds"].astype(float)))
