"""What happened to identities between a store and the linkage after it: see `assign.assign`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.record_keys import text_order
from woda_lib.linkage.side_by_side import KEY, Codes, Flags, SideBySide

_Names = npt.NDArray[np.object_]


def events_of(
    both: SideBySide, entity: Codes, names: _Names, went_on: Codes, decisions: pd.DataFrame
) -> pd.DataFrame:
    """Return the events, kind by kind, each kind ordered by entity and record.

    Parameters
    ----------
    both
        The records.
    entity
        The entity of each now, among `names`.
    names
        Those of `both` first, then those given anew.
    went_on
        Entities that were there and still are.
    decisions
        People's, in force.

    Returns
    -------
    DataFrame
        Of the columns of `identities.EVENTS` those after ``on`` and ``run``.
    """
    whose = _Whose(both, entity, np.append(names, np.array([np.nan], dtype=object)))
    goes_on = np.zeros(len(names) + 1, dtype=bool)
    goes_on[went_on] = True
    existed = goes_on[entity]
    moved = both.present & (both.before >= 0) & (both.before != entity)
    moves = whose.rows(moved)
    split = _most(moves[~existed[moved]], "entity_id", "before")
    merged = _most(moves[~goes_on[both.before[moved]]], "before", "entity_id")
    explained = pd.concat(
        [
            split.rename(columns={"name": "entity_id", "other": "before"}),
            merged.rename(columns={"name": "before", "other": "entity_id"}),
        ]
    )
    by_pair = pd.MultiIndex.from_frame(moves[["entity_id", "before"]])
    alone = moves[~by_pair.isin(pd.MultiIndex.from_frame(explained[["entity_id", "before"]]))]
    came = whose.rows(both.present & ~both.current & existed)
    made = _named_in_order(entity[both.present & ~existed], names, len(both.names))
    created = made[~made.isin(split["name"])]
    gone = whose.rows(~both.present & both.current)
    kinds = [
        _rows("created", created),
        _rows("merged", merged["name"], merged["other"]),
        _rows("split", split["name"], split["other"]),
        _rows("reassigned", alone["entity_id"], alone["before"], alone),
        _rows("joined", came["entity_id"], record=came),
        _rows("withdrawn", gone["entity_id"], record=gone),
    ]
    # Column by column: pandas would ask of every value of those that are empty whether it is.
    columns = {
        name: np.concatenate([kind[name].to_numpy(dtype=object) for kind in kinds])
        for name in kinds[0]
    }
    events = pd.DataFrame(columns, copy=False)
    events["reason"] = _reasons(events, whose, decisions)
    return events


@dataclass(frozen=True)
class _Whose:
    """Whose the records are and were, written out for some of them at a time."""

    both: SideBySide
    entity: Codes
    names: _Names  # the last is missing

    def rows(self, chosen: Flags) -> pd.DataFrame:
        """Return `source, id, entity_id` and `before` of some records."""
        both, at = self.both, np.flatnonzero(chosen)
        columns = {
            "source": both.source[at],
            "id": both.id[at],
            "entity_id": self.names[self.entity[at]],
            "before": self.names[both.before[at]],
        }
        return pd.DataFrame(columns, dtype=object)

    def concerned(self, chosen: Flags) -> _Names:
        """Return the entities that some records belong to, or did."""
        both = pd.unique(np.concatenate([self.entity[chosen], self.both.before[chosen]]))
        return self.names[both[both >= 0]]


def _named_in_order(entities: Codes, names: _Names, known: int) -> pd.Series:
    """Name each of some entities once, in order; names stand so, but for those from `known` on."""
    each = np.flatnonzero(np.bincount(entities, minlength=len(names)))
    named = pd.Series(names[each], dtype=object)
    return named.iloc[text_order(named)] if len(each) and each[-1] >= known else named


def _rows(
    event: str,
    names: pd.Series,
    others: pd.Series | None = None,
    record: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Write events of one kind, ordered by entity; where names are all, they stand in order."""
    rows = pd.DataFrame({"entity_id": names.to_numpy(dtype=object)})
    rows["event"] = event
    rows["other_entity_id"] = None if others is None else others.to_numpy(dtype=object)
    rows["source"] = None if record is None else record["source"].to_numpy(dtype=object)
    rows["id"] = None if record is None else record["id"].to_numpy(dtype=object)
    if others is None and record is None:
        return rows.astype(object)
    return rows.sort_values(["entity_id", "source", "id"], kind="stable").astype(object)


def _most(moves: pd.DataFrame, name: str, other: str) -> pd.DataFrame:
    """For each `name`, the `other` that most of its records went to or came from."""
    counts = moves.groupby([name, other]).size().rename("size").reset_index()
    counts = counts.sort_values(["size", other], ascending=[False, True])
    first = counts.drop_duplicates(name).sort_values(name)
    return pd.DataFrame({"name": first[name], "other": first[other]}, dtype=object)


def _reasons(events: pd.DataFrame, whose: _Whose, decisions: pd.DataFrame) -> pd.Series:
    """Name the most telling circumstance of each event; see `assign.assign`."""
    both = whose.both
    differs = both.present & (both.before >= 0) & (both.content != both.content_before)
    circumstances = {
        "changed record": differs,
        "new record": both.present & ~both.current,
        "withdrawn record": ~both.present & both.current,
    }
    own = events["event"].map(
        {"created": "new record", "joined": "new record", "withdrawn": "withdrawn record"}
    )
    reasons = own.fillna("model")
    asked = events[own.isna()]  # the others say by their name why they came about
    for reason, holds in reversed(circumstances.items()) if len(asked) else ():
        concerned = whose.concerned(holds)
        told = asked["entity_id"].isin(concerned) | asked["other_entity_id"].isin(concerned)
        reasons[asked.index[told]] = reason
    reasons[_decided(events, whose, decisions)] = "decision"
    return reasons.astype(object)


def _decided(events: pd.DataFrame, whose: _Whose, decisions: pd.DataFrame) -> pd.Series:
    """Say which events join, or part, two entities as a person decided about their records."""
    if decisions.empty or events.empty:
        return pd.Series(False, index=events.index)
    ends = pd.concat([decisions[side].set_axis(KEY, axis=1) for side in (PAIR[:2], PAIR[2:])])
    asked = whose.rows(np.asarray(pd.Series(whose.both.id).isin(ends["id"])))
    names = asked.set_index(KEY)[["before", "entity_id"]]
    left, right = (
        names.reindex(pd.MultiIndex.from_frame(decisions[side], names=KEY)).reset_index(drop=True)
        for side in (PAIR[:2], PAIR[2:])
    )
    must = (decisions["decision"] == "must_link").reset_index(drop=True)
    joins = events["event"].isin(["merged", "reassigned", "joined"])
    parts = events["event"].isin(["split", "reassigned"])
    which = _unordered(events["entity_id"], events["other_entity_id"])
    result = pd.Series(False, index=events.index)
    for one in names:
        for other in names:
            about = _unordered(left[one], right[other])
            result |= joins & which.isin(about[must]) | parts & which.isin(about[~must])
    named = pd.MultiIndex.from_frame(ends[np.tile(must.to_numpy(), 2)])
    return result | joins & pd.MultiIndex.from_frame(events[KEY]).isin(named)


def _unordered(one: pd.Series, other: pd.Series) -> pd.Series:
    """Write two names as one key, the same whichever stands first; missing if either is."""
    smaller, larger = one.where(one < other, other), other.where(one < other, one)
    return (smaller + "\x1f" + larger).where(one.notna() & other.notna())
