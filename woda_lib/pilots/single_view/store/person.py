"""One person: the best view and where it stems from, and everything that partners said."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


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
    involvements : DataFrame
        ``partner, dataset, service, started_on, ended_on, status, team, uprn, row_id, local_id``
        and ``hidden``: the clause that hides which service it is, or nothing.
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
    involvements: pd.DataFrame
    household: pd.DataFrame
    residences: pd.DataFrame
    events: pd.DataFrame
    timeline: pd.DataFrame
    hidden: pd.DataFrame
