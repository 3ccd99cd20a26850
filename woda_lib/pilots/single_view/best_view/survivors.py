"""Of what is said of a field the value that survives, and the record that gave it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.best_view.rules import Rule
from woda_lib.pilots.single_view.best_view.said import Said
from woda_lib.pilots.single_view.homes.coding import in_one

_ORDER: dict[Rule, tuple[str, ...]] = {
    "most_recent": ("day", "trust", "agree"),
    "most_trusted": ("trust", "day", "agree"),
    "most_frequent": ("agree", "trust", "day"),
}
_DAYS, _ROWS = 24, 24  # bits for a day, and for the number of a row
_LAST_DAY = (1 << _DAYS) - 1
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
    first, several, who = told.first[:-1], told.several, told.who
    thousandths = np.round(trust.astype(np.float64) * 1000).astype(np.int64)
    given = _given_best(who.e, told.k, who.d, who.day, thousandths, several)
    best: dict[str, npt.NDArray] = {"k": first.copy(), "i": given[:-1]}
    best["differ"] = np.zeros(len(first), dtype=np.int64)
    if counted:
        rows = np.flatnonzero((told.k >= 0) & ~several[who.e])
        best["agree"] = _agree(who.e[rows], who.source[rows], len(first))
    if several.any():
        values = _values(told.contested, _worth(told.contested, thousandths))
        e = values["e"].to_numpy()
        chosen = values.iloc[_first_by(rule, values)]
        for name, column in best.items():
            known = np.bincount(e)[chosen["e"]] - 1 if name == "differ" else chosen[name]
            column[chosen["e"].to_numpy()] = known
    people = np.flatnonzero(first >= 0)
    told_of = {name: column[people] for name, column in best.items()}
    return pd.DataFrame({"e": people.astype(np.int32)} | told_of)


@kept
def _given_best(e: Any, k: Any, d: Any, day: Any, trust: Any, several: Any) -> Any:
    """Return the row that gives each person's value best, of whom one value is told; or −1."""
    given = np.full(len(several), -1, dtype=np.int32)
    most = np.full(len(several), -1, dtype=np.int64)
    for row in range(len(e)):
        person = e[row]
        if k[row] < 0 or several[person]:
            continue
        worth = (trust[d[row]] << _DAYS) + min(max(day[row], 0), _LAST_DAY)
        if worth > most[person]:  # of equals the first row stays
            given[person], most[person] = row, worth
    return given


def _agree(e: npt.NDArray, source: npt.NDArray, size: int) -> npt.NDArray[np.int64]:
    """Count the registrations of each person: who says it twice says it once."""
    pair = pd.Series(in_one(e, source))
    return np.bincount(e[~pair.duplicated().to_numpy()], minlength=size)


def _values(rows: pd.DataFrame, worth: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Each value once: the row that gives it best, how recent it is and how many say so.

    By person and value.
    """
    e, k, source = (rows[name].to_numpy() for name in ("e", "k", "source"))
    order = in_order(source.astype(np.int64))[0]
    value = e.astype(np.int64) * (int(k.max()) + 1) + k
    order = order[in_order(value[order])[0]]
    e, k, source = e[order], k[order], source[order]
    new = np.append(True, (e[1:] != e[:-1]) | (k[1:] != k[:-1]))
    first = np.flatnonzero(new)
    once = new | np.append(True, source[1:] != source[:-1])  # who says it twice says it once
    best = np.maximum.reduceat(worth[order], first)
    return pd.DataFrame(
        {
            "e": e[first],
            "k": k[first],
            "i": _row(best),
            "trust": best >> (_DAYS + _ROWS),
            "day": np.maximum(np.maximum.reduceat(rows["day"].to_numpy()[order], first), 0),
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


def _worth(rows: pd.DataFrame, thousandths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Trust, day and row in one number, by which the row that gives a value is the greatest."""
    worth: npt.NDArray[np.int64] = (thousandths << _DAYS)[rows["d"].to_numpy()]
    worth += np.clip(rows["day"].to_numpy(), 0, _LAST_DAY)
    worth <<= _ROWS
    worth += (1 << _ROWS) - 1
    worth -= rows["i"].to_numpy()
    return worth
