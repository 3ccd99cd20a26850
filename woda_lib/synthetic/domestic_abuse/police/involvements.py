"""Who is entered as what in each entry: victim, perpetrator, child, witness, reporter."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.histories import Histories
from woda_lib.synthetic.draws import as_days

_THERE_AGAIN = 0.7  # of those present: who is entered again with a second entry
_TURNED = {"parent": "child", "child": "parent"}


def draw_involvements(entries: pd.DataFrame, histories: Histories, rng: Generator) -> pd.DataFrame:
    """Draw the rows of all entries.

    Returns
    -------
    pandas.DataFrame
        In the order of entries: ``entry, person_id, role, relationship, at``. Roles are the true
        ones; what one person is to another does not depend on them.
    """
    incidents = histories.incidents
    at = entries["incident"].to_numpy()
    kind = incidents["relationship"].to_numpy(dtype=object)[at]
    turned = pd.Series(kind).replace(_TURNED).to_numpy(dtype=object)
    number = np.arange(len(entries))
    told = entries["reporter"].to_numpy() >= 0
    by = entries["reported_by"].to_numpy(dtype=object)
    parts = [
        _part(number, incidents["victim"].to_numpy()[at], "victim", turned),
        _part(number, incidents["perpetrator"].to_numpy()[at], "perpetrator", kind),
        _others(entries, histories, rng),
        _part(
            number[told],
            entries["reporter"].to_numpy()[told],
            "reporter",
            np.where(by[told] == "neighbour", "none", "other_family").astype(object),
        ),
    ]
    rows = pd.concat(parts, ignore_index=True)
    # Who was there and rang is entered as having been there.
    rows = rows.drop_duplicates(["entry", "person_id"])
    rows = rows.sort_values(["entry"], kind="stable", ignore_index=True)
    return rows.assign(at=entries["reported_at"].to_numpy()[rows["entry"]])


def _part(entry: np.ndarray, person: np.ndarray, role: str, kind: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"entry": entry, "person_id": person, "role": role, "relationship": kind})


def _others(entries: pd.DataFrame, histories: Histories, rng: Generator) -> pd.DataFrame:
    """Children and witnesses, and what they are to the victim."""
    asked = entries[["incident", "duplicate_of"]].rename_axis("entry").reset_index()
    rows = asked.merge(histories.present, on="incident")
    first = rows["duplicate_of"].lt(0)
    rows = rows.loc[first | (rng.random(len(rows)) < _THERE_AGAIN)]
    return rows.assign(relationship=_to_the_victim(rows, histories))[
        ["entry", "person_id", "role", "relationship"]
    ]


def _to_the_victim(rows: pd.DataFrame, histories: Histories) -> np.ndarray:
    """What those present are to the victim, as households tell it."""
    residents = histories.residents
    person = rows["person_id"].to_numpy()
    victim = histories.incidents["victim"].to_numpy()[rows["incident"]]
    household, role = residents["household"].to_numpy(), residents["role"].to_numpy(dtype=object)
    born = as_days(residents["born"])
    own, theirs = role[person], role[victim]
    parent = np.isin(theirs, ["head", "partner"])
    together = household[person] == household[victim]
    return np.select(
        [
            ~together,
            (own == "child") & parent,
            (own == "child") & (theirs == "child"),
            np.isin(own, ["head", "partner"]) & (theirs == "child"),
            (own == "elder") & (born[person] < born[victim]),
        ],
        ["none", "child", "sibling", "parent", "parent"],
        "other_family",
    ).astype(object)
