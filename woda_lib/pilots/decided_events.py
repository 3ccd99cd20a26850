"""Events that a person brought about: who decided, when and why.

A linkage says of an event only that a decision was behind it. Here the event is given its own name
where it parts what was one entity (``unmerged``), and its reason tells whom to ask. This is done
once, when it happens, so that it stays in the history whatever is decided or linked later.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.linkage.assign import KEY
from woda_lib.linkage.decisions import PAIR

UNMERGED = "unmerged"
_BETWEEN = "\x1f"
_NAMES = {"cannot_link": ("split", "reassigned"), "must_link": ("merged", "reassigned", "joined")}
"""By kind of decision, the events that it can bring about."""


def with_deciders(
    events: pd.DataFrame, records: pd.DataFrame, decisions: pd.DataFrame
) -> pd.DataFrame:
    """Say of each event that follows from a decision whose it was.

    Parameters
    ----------
    events
        Of one linkage, as `woda_lib.linkage.assign` writes them.
    records
        `source, id, entity_id`, as they are after it.
    decisions
        In force: `left_source, left_id, right_source, right_id, decision, by, on, reason`.

    Returns
    -------
    DataFrame
        The events. One that parted two entities is called ``unmerged``, and `reason` reads
        ``decided by ANN on 2025-04-01: …``.
    """
    decided = (events["reason"] == "decision").to_numpy(dtype=bool)
    if not decided.any() or decisions.empty:
        return events
    entities = records.set_index(KEY)["entity_id"]
    one, other = events["entity_id"].fillna(""), events["other_entity_id"].fillna("")
    told = events.copy()
    for kind, names in _NAMES.items():
        chosen = decided & events["event"].isin(names).to_numpy()
        found = pd.Series(pd.NA, index=events.index, dtype="string")
        said = _said(decisions[decisions["decision"] == kind], entities)
        # What a decision joined is one entity by now, and goes by one name.
        for names_of in (one + _BETWEEN + other, other + _BETWEEN + one, one, other):
            found = found.fillna(names_of.map(said).astype("string"))
        found = found[chosen & found.notna().to_numpy()]
        told.loc[found.index, "reason"] = found
        if kind == "cannot_link":
            told.loc[found.index, "event"] = UNMERGED
    return told


def _said(decisions: pd.DataFrame, entities: pd.Series) -> dict[str, str]:
    """Write each decision in words, by the entities of its two records."""
    left, right = (
        entities.reindex(pd.MultiIndex.from_frame(decisions[side].set_axis(KEY, axis=1)))
        .fillna("")
        .astype(str)
        .reset_index(drop=True)
        for side in (PAIR[:2], PAIR[2:])
    )
    given = decisions.reset_index(drop=True)
    words = "decided by " + given["by"] + " on " + given["on"].dt.strftime("%Y-%m-%d")
    words += (": " + given["reason"]).where(given["reason"] != "", "")
    pairs = left.where(left == right, left + _BETWEEN + right)
    there = (left != "") & (right != "")
    return dict(zip(pairs[there], words[there], strict=True))
