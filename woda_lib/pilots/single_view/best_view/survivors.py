"""Of what is said of a field the value that survives, and the record that gave it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.pilots.single_view.best_view.rules import Rule
from woda_lib.pilots.single_view.best_view.said import Said

_ORDER: dict[Rule, tuple[str, ...]] = {
    "most_recent": ("day", "trust", "agree"),
    "most_trusted": ("trust", "day", "agree"),
    "most_frequent": ("agree", "trust", "day"),
}
_DAYS, _ROWS = 24, 24  # bits for a day, and for the number of a row


def survivors(
    told: Said, rule: Rule, trust: npt.NDArray[np.float32], *, counted: bool = True
) -> pd.DataFrame:
    """Return the best value of each person who has any.

    Parameters
    ----------
    told
        From `said.said`.
    rule
        What decides first.
    trust
        By the number of a dataset.
    counted
        Whether to count who agrees, which takes longest and decides nothing where all do.

    Returns
    -------
    DataFrame
        `e`; `k` the value; `i` the row of the details that gave it: the most trusted, then the
        latest, of those that say so; `differ`, other values; if `counted` also `agree`,
        registrations that say so.
    """
    worth, several = _worth(told.rows, trust), told.contested
    one = _best_of_one(told.rows, worth, np.flatnonzero(~several)).assign(differ=0)
    if counted:
        rows = told.rows[~several]
        e = rows["e"].to_numpy()
        agreed = np.bincount(e[_once(rows, e)], minlength=int(e.max(initial=-1)) + 1)
        one["agree"] = agreed[one["e"].to_numpy()]
    both = one
    if several.any():
        rows = told.rows[several].assign(worth=worth[several])
        best = _values(rows, np.unique(_pair(rows), return_inverse=True)[1])
        e = best["e"].to_numpy()
        best["differ"] = np.bincount(e)[e] - 1
        first, second, third = (-best[name].to_numpy(np.int64) for name in _ORDER[rule])
        order = np.lexsort((best["k"], third, second, first, e))
        best = best.iloc[order].drop_duplicates("e")
        # Both stand in order, which a stable sort makes use of.
        both = pd.concat([one, best]).sort_values("e", kind="stable", ignore_index=True)
    return both[["e", "k", "i", "differ", *(["agree"] if counted else [])]]


def _best_of_one(
    rows: pd.DataFrame, worth: npt.NDArray[np.int64], kept: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Of people of whom one value is told, in the rows `kept`: the row that gives it best."""
    e = rows["e"].to_numpy()[kept]
    size = int(e.max()) + 1 if len(e) else 0
    best, value = np.full(size, -1, dtype=np.int64), np.full(size, -1, dtype=np.int32)
    np.maximum.at(best, e, worth[kept])
    value[e] = rows["k"].to_numpy()[kept]
    people = np.flatnonzero(value >= 0)
    row = ((1 << _ROWS) - 1 - (best[people] & ((1 << _ROWS) - 1))).astype(np.int32)
    return pd.DataFrame({"e": people.astype(np.int32), "k": value[people], "i": row})


def _values(rows: pd.DataFrame, value: npt.NDArray) -> pd.DataFrame:
    """Each value once: the row that gives it best, how recent it is and how many say so."""
    size = int(value.max()) + 1 if len(value) else 0
    best = np.full(size, -1, dtype=np.int64)
    np.maximum.at(best, value, rows["worth"].to_numpy())
    day = np.zeros(size, dtype=np.int32)
    np.maximum.at(day, value, rows["day"].to_numpy())
    agree = np.bincount(value[_once(rows, value)], minlength=size)
    is_best = rows["worth"].to_numpy() == best[value]
    at = value[is_best]
    found = rows.loc[is_best, ["e", "k", "i"]].reset_index(drop=True)
    trust = best[at] >> (_DAYS + _ROWS)
    return found.assign(trust=trust, day=day[at], agree=agree[at])


def _once(rows: pd.DataFrame, value: npt.NDArray) -> npt.NDArray[np.bool_]:
    """Mark one row of each registration and value: who says it twice says it once."""
    pair = pd.Series((value.astype(np.int64) << 32) + rows["source"].to_numpy())
    return ~pair.duplicated().to_numpy()


def _worth(rows: pd.DataFrame, trust: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Trust, day and row in one number, by which the row that gives a value is the greatest."""
    thousandths = np.round(trust.astype(np.float64) * 1000).astype(np.int64) << _DAYS
    worth: npt.NDArray[np.int64] = thousandths[rows["d"].to_numpy()]
    worth += np.clip(rows["day"].to_numpy(), 0, (1 << _DAYS) - 1)
    worth <<= _ROWS
    worth += (1 << _ROWS) - 1
    worth -= rows["i"].to_numpy()
    return worth


def _pair(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    return (rows["e"].to_numpy(np.int64) << 32) + rows["k"].to_numpy()
