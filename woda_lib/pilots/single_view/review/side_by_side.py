"""What a reviewer sees of a pair: what both records say, where they differ, and why it waits."""

from __future__ import annotations

import jellyfish
import numpy as np
import pandas as pd

from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.levels import one_edit
from woda_lib.linkage.review import CLOSE, DIFFERENT, MISSING, SAME
from woda_lib.linkage.standardise import standardise

KINDS = {
    "forename": "name",
    "surname": "name",
    "date_of_birth": "date_of_birth",
    "sex": "sex",
    "nhs_number": "nhs_number",
    "address": "address",
    "postcode": "postcode",
}
"""Fields that are shown, in their order, and their kinds."""

WHY = {
    "twins": "Twins, or one person with two forenames",
    "one_name": "Father and son, or one person with two birth dates",
    "changed_name": "A changed surname, or relatives",
    "initial": "An initial or no forename at one address",
    "no_birth_date": "No birth date: name and address alone",
    "moved": "One name and birth date, two addresses",
    "written": "Written otherwise, or somebody else",
}
"""Why pairs wait, the first that fits counting, as readers are told."""

_ALIKE = 0.85


def side_by_side(pairs: pd.DataFrame, details: pd.DataFrame) -> pd.DataFrame:
    """Return pairs with what both records say.

    Parameters
    ----------
    pairs
        From `queue.waiting`.
    details
        `dataset, local_id, started_on` and the fields of `KINDS`: of each record the newest row
        that says something counts.

    Returns
    -------
    DataFrame
        The pairs, with `why` (of `WHY`) and for each field ``<field>_left``, ``<field>_differs``
        (same, close, DIFFERENT or missing) and ``<field>_right``, in standard form.
    """
    newest = _newest(pairs, details)
    left, right = (
        newest.reindex(pd.MultiIndex.from_frame(pairs[side])).reset_index(drop=True)
        for side in (PAIR[:2], PAIR[2:])
    )
    table = pairs.reset_index(drop=True)
    marks = {name: _marks(left[name], right[name], kind) for name, kind in KINDS.items()}
    table["why"] = _why(left, right, marks)
    for name in KINDS:
        table[f"{name}_left"] = left[name]
        table[f"{name}_differs"] = marks[name]
        table[f"{name}_right"] = right[name]
    return table


def _newest(pairs: pd.DataFrame, details: pd.DataFrame) -> pd.DataFrame:
    """What each record of the pairs says, in standard form, by dataset and number."""
    named = pd.concat([pairs[side].set_axis(["dataset", "local_id"], axis=1)
                       for side in (PAIR[:2], PAIR[2:])]).drop_duplicates()  # fmt: skip
    chosen = details[details["local_id"].isin(named["local_id"])]
    keys = ["dataset", "local_id"]
    rows = chosen.astype(dict.fromkeys(keys, str)).sort_values("started_on", kind="stable")
    rows = rows[[*keys, *KINDS]]
    standard = rows.assign(**{name: standardise(rows[name], kind) for name, kind in KINDS.items()})
    return standard.groupby(keys, sort=False)[list(KINDS)].last()  # of what is known


def _marks(left: pd.Series, right: pd.Series, kind: str) -> np.ndarray:
    absent = (left.isna() | right.isna()).to_numpy()
    same = (left == right).fillna(False).to_numpy(dtype=bool)
    close = np.zeros(len(left), dtype=bool)
    rest = np.flatnonzero(~absent & ~same)
    if kind in ("name", "address"):
        close[rest] = [
            jellyfish.jaro_winkler_similarity(left[at], right[at]) >= _ALIKE
            or (min(len(left[at]), len(right[at])) == 1 and left[at][0] == right[at][0])
            for at in rest
        ]
    elif kind != "sex" and len(rest):
        sides = (side.iloc[rest].to_numpy(dtype=object) for side in (left, right))
        close[rest] = one_edit(*sides) == 1
    return np.select([absent, same, close], [MISSING, SAME, CLOSE], DIFFERENT)


def _why(left: pd.DataFrame, right: pd.DataFrame, marks: dict[str, np.ndarray]) -> np.ndarray:
    """Say of each pair what makes it hard."""
    forename, surname, born = (marks[name] for name in ("forename", "surname", "date_of_birth"))
    letters = [
        side["forename"].astype("string").str.len().fillna(0).to_numpy() for side in (left, right)
    ]
    short = (letters[0] <= 1) | (letters[1] <= 1)
    alike = np.isin(forename, [SAME, CLOSE])
    conditions = {
        "initial": short,
        "twins": (born == SAME) & (surname == SAME) & (forename == DIFFERENT),
        "one_name": alike & (surname == SAME) & np.isin(born, [CLOSE, DIFFERENT]),
        "changed_name": alike & (surname == DIFFERENT),
        "moved": alike & (born == SAME) & (marks["postcode"] == DIFFERENT),
        "no_birth_date": born == MISSING,
    }
    return np.select(list(conditions.values()), list(conditions), "written")
