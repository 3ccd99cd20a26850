"""Of what is said of a field the value that survives, and the record that gave it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.best_view.rules import Rule
from woda_lib.pilots.single_view.best_view.said import Said

_ORDER: dict[Rule, tuple[str, ...]] = {
    "most_recent": ("day", "trust", "agree"),
    "most_trusted": ("trust", "day", "agree"),
    "most_frequent": ("agree", "trust", "day"),
}
_DAYS, _ROWS = 24, 24  # bits for a day, and for the number of a row
_BITS = {"trust": 10, "day": _DAYS, "agree": _ROWS}


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
    size = int(told.rows["e"].max()) + 1 if len(told.rows) else 0
    best: dict[str, npt.NDArray] = {"k": _none(size), "i": _none(size)}
    best["differ"] = np.zeros(size, dtype=np.int64)
    _take_those_of_one(best, told.rows, worth, np.flatnonzero(~several))
    if counted:
        rows = told.rows[~several]
        e = rows["e"].to_numpy()
        best["agree"] = np.bincount(e[_once(rows, e)], minlength=size)
    if several.any():
        values = _values(told.rows, worth, np.flatnonzero(several))
        e = values["e"].to_numpy()
        chosen = values.iloc[_first_by(rule, values)]
        for name, column in best.items():
            known = np.bincount(e)[chosen["e"]] - 1 if name == "differ" else chosen[name]
            column[chosen["e"].to_numpy()] = known
    people = np.flatnonzero(best["k"] >= 0)
    told_of = {name: column[people] for name, column in best.items()}
    return pd.DataFrame({"e": people.astype(np.int32)} | told_of)


def _none(size: int) -> npt.NDArray[np.int32]:
    return np.full(size, -1, dtype=np.int32)


def _take_those_of_one(
    best: Mapping[str, npt.NDArray],
    rows: pd.DataFrame,
    worth: npt.NDArray[np.int64],
    kept: npt.NDArray[np.int64],
) -> None:
    """Of people of whom one value is told, in the rows `kept`: note the row that gives it best."""
    e = rows["e"].to_numpy()[kept]
    most = np.full(len(best["k"]), -1, dtype=np.int64)
    np.maximum.at(most, e, worth[kept])
    best["k"][e] = rows["k"].to_numpy()[kept]
    people = np.flatnonzero(most >= 0)
    best["i"][people] = _row(most[people])


def _values(
    rows: pd.DataFrame, worth: npt.NDArray[np.int64], kept: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Each value once: the row that gives it best, how recent it is and how many say so.

    By person and value; of the rows `kept`.
    """
    e, k, source = (rows[name].to_numpy()[kept] for name in ("e", "k", "source"))
    order = in_order(source.astype(np.int64))[0]
    value = e.astype(np.int64) * (int(k.max()) + 1) + k
    order = order[in_order(value[order])[0]]
    e, k, source, kept = e[order], k[order], source[order], kept[order]
    new = np.append(True, (e[1:] != e[:-1]) | (k[1:] != k[:-1]))
    first = np.flatnonzero(new)
    once = new | np.append(True, source[1:] != source[:-1])  # who says it twice says it once
    best = np.maximum.reduceat(worth[kept], first)
    return pd.DataFrame(
        {
            "e": e[first],
            "k": k[first],
            "i": _row(best),
            "trust": best >> (_DAYS + _ROWS),
            "day": np.maximum(np.maximum.reduceat(rows["day"].to_numpy()[kept], first), 0),
            "agree": np.add.reduceat(once, first, dtype=np.int64),
        }
    )


def _first_by(rule: Rule, values: pd.DataFrame) -> npt.NDArray[np.intp]:
    """Return the place of the value of each person that is the first by a rule.

    Of equals it is the one of the least number, since a person's stand in that order.
    """
    worth = np.zeros(len(values), dtype=np.int64)
    for name in _ORDER[rule]:
        worth = (worth << _BITS[name]) + values[name].to_numpy(np.int64)
    e = values["e"].to_numpy()
    new = np.append(True, e[1:] != e[:-1])
    most = np.maximum.reduceat(worth, np.flatnonzero(new))
    greatest = np.flatnonzero(worth == most[np.cumsum(new) - 1])
    whose = e[greatest]
    return greatest[np.append(True, whose[1:] != whose[:-1])]


def _row(worth: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Return the row that a worth is of; see `_worth`."""
    last = (1 << _ROWS) - 1
    return (last - (worth & last)).astype(np.int32)


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
