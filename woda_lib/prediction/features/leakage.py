"""The leakage test: change whatever nobody could know on the index date, and see what moves.

A feature may depend on what had begun and was known by its index date, and on nothing else. So each
index date is taken by itself and everything after it is changed, one way after another; features
are built again, and each that differs for a single household leaks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.prediction.errors import PredictionError

Build = Callable[[pd.DataFrame, pd.DataFrame, pd.DataFrame], pd.DataFrame]
"""From events, spine and memberships to features, as `build` takes them."""

_Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
_Change = Callable[[_Tables, pd.Timestamp, np.random.Generator], _Tables]
_KEYS = ["household_id", "index_date"]


def leaks(
    build_fn: Build,
    events: pd.DataFrame,
    spine: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    seed: int,
    changes: Collection[str] = (),
) -> pd.DataFrame:
    """Change everything after each index date and report which features move.

    Parameters
    ----------
    build_fn
        What builds features: ``build_fn(events, spine, memberships)`` returns `household_id,
        index_date` and a column a feature. It must return the same table for the same input.
    events, spine, memberships
        As for `build`; a sample of households, with all of their events, will do.
    seed
    changes
        Names of `CHANGES`; all of them, if left out.

    Returns
    -------
    DataFrame
        `feature, change, households` (rows compared) and `moved` (how many differ), a row a feature
        and a change. Nothing leaks where `moved` is nought throughout.

    Raises
    ------
    PredictionError
        If `build_fn` does not return the same table twice, so that nothing could be told, or not
        a row a household.
    """
    rng = np.random.default_rng(seed)
    whole = build_fn(events, spine, memberships)
    features = [name for name in whole.columns if name not in _KEYS]
    # Of tables of its own, so that nothing that was kept of the first time answers for the second.
    again = build_fn(*(table.copy() for table in (events, spine, memberships)))
    _require_same(whole, again, features)
    moved = {(name, change): 0 for change in (changes or CHANGES) for name in features}
    for day in sorted(spine["index_date"].unique()):
        here = spine.loc[spine["index_date"].eq(day)].reset_index(drop=True)
        before = whole.loc[whole["index_date"].eq(day)]
        for change in changes or CHANGES:
            changed = CHANGES[change]((events, here, memberships), pd.Timestamp(day), rng)
            after = build_fn(*changed)
            for name, number in _differing(before, after, features).items():
                moved[name, change] += number
    rows = [(name, change, len(spine), number) for (name, change), number in moved.items()]
    return pd.DataFrame(rows, columns=["feature", "change", "households", "moved"])


def leaking(table: pd.DataFrame) -> str:
    """Say which features moved, and by what; an empty text where none did.

    Parameters
    ----------
    table
        From `leaks`.
    """
    bad = table.loc[table["moved"].gt(0)]
    said = [
        f"{name} moves when {' and when '.join(mine['change'])}"
        for name, mine in bad.groupby("feature", sort=False)
    ]
    return "; ".join(said)


def _require_same(first: pd.DataFrame, second: pd.DataFrame, features: list[str]) -> None:
    if moved := [name for name, n in _differing(first, second, features).items() if n]:
        raise PredictionError(
            f"The feature {moved[0]} differs when it is built twice from the same tables, so that "
            "no leak could be told from chance. Take out what is drawn at random, or sort first."
        )


def _differing(before: pd.DataFrame, after: pd.DataFrame, features: list[str]) -> dict[str, int]:
    a, b = (_by_key(table, features) for table in (before, after))
    if not a.index.equals(b.index):
        raise PredictionError(
            "The features that were built again are not of the households that were asked for: "
            f"{len(a):,} rows became {len(b):,}. A row each is needed, whatever happens later."
        )
    # Categories are compared as they are written, whatever number each has.
    one, other = (table.astype(object).mask(table.isna(), None).to_numpy() for table in (a, b))
    return dict(zip(features, (one != other).sum(axis=0).tolist(), strict=True))


def _by_key(table: pd.DataFrame, features: list[str]) -> pd.DataFrame:
    keys = table[_KEYS].astype({"household_id": object})
    return table[features].set_index(pd.MultiIndex.from_frame(keys)).sort_index()


def _later(events: pd.DataFrame, day: pd.Timestamp) -> np.ndarray:
    """Events of which nothing could be known on the day."""
    return (events["started_on"].gt(day) | events["known_on"].gt(day)).to_numpy()


def _dropped(tables: _Tables, day: pd.Timestamp, rng: np.random.Generator) -> _Tables:
    events, spine, memberships = tables
    return events.loc[~_later(events, day)].reset_index(drop=True), spine, memberships


def _added(tables: _Tables, day: pd.Timestamp, rng: np.random.Generator) -> _Tables:
    """An event of every unit and kind that there is, begun and known after the day."""
    events, spine, memberships = tables
    new = _copies(events)
    begun = day + _days(rng, len(new), 1, 90)
    return _with(events, new, started_on=begun, ended_on=begun + _days(rng, len(new), 0, 60),
                 known_on=begun), spine, memberships  # fmt: skip


def _told_late(tables: _Tables, day: pd.Timestamp, rng: np.random.Generator) -> _Tables:
    """An event of every unit and kind that there is, begun before the day and known after it."""
    events, spine, memberships = tables
    new = _copies(events)
    begun = day - _days(rng, len(new), 0, 200)
    return _with(events, new, started_on=begun, ended_on=pd.NaT,
                 known_on=day + _days(rng, len(new), 1, 300)), spine, memberships  # fmt: skip


def _future_dated(tables: _Tables, day: pd.Timestamp, rng: np.random.Generator) -> _Tables:
    """An event of every unit and kind that there is, known before the day it is dated."""
    events, spine, memberships = tables
    new = _copies(events)
    return _with(events, new, started_on=day + _days(rng, len(new), 1, 300), ended_on=pd.NaT,
                 known_on=day - _days(rng, len(new), 0, 200)), spine, memberships  # fmt: skip


def _ends_moved(tables: _Tables, day: pd.Timestamp, rng: np.random.Generator) -> _Tables:
    """Whatever goes on after the day ends some other day after it, or never."""
    events, spine, memberships = tables
    going_on = (events["ended_on"].isna() | events["ended_on"].gt(day)).to_numpy()
    ended = day + pd.Series(_days(rng, len(events), 1, 400), index=events.index)
    ended = ended.mask(rng.random(len(events)) < 0.3)
    return events.assign(ended_on=events["ended_on"].mask(going_on, ended)), spine, memberships


def _values_changed(tables: _Tables, day: pd.Timestamp, rng: np.random.Generator) -> _Tables:
    """What came after the day has another value, kind and unit."""
    events, spine, memberships = tables
    later = pd.Series(_later(events, day), index=events.index)
    at = rng.permutation(np.flatnonzero(later))
    changed = events.copy()
    for name in ("unit_id", "kind"):
        column = events[name].astype(object).to_numpy(copy=True)
        column[later] = column[at]
        changed[name] = pd.Series(column, index=events.index, dtype=object)
    changed["value"] = events["value"].astype(float).mask(later, 1000.0)
    return changed, spine, memberships


def _known_moved(tables: _Tables, day: pd.Timestamp, rng: np.random.Generator) -> _Tables:
    """What came after the day was known sooner or later after it."""
    events, spine, memberships = tables
    later = _later(events, day)
    known = day + pd.Series(_days(rng, len(events), 1, 400), index=events.index)
    return events.assign(known_on=events["known_on"].mask(later, known)), spine, memberships


def _homes_changed(tables: _Tables, day: pd.Timestamp, rng: np.random.Generator) -> _Tables:
    """Who moves in after the day moves in elsewhere, and who moves out does so another day."""
    events, spine, memberships = tables
    there = memberships.loc[memberships["starts"].le(day)].reset_index(drop=True)
    going_on = (there["ends"].isna() | there["ends"].gt(day)).to_numpy()
    ends = day + pd.Series(_days(rng, len(there), 1, 400), index=there.index)
    ends = ends.mask(rng.random(len(there)) < 0.3)
    there = there.assign(ends=there["ends"].mask(going_on, ends))
    newcomers = there.assign(
        household_id=rng.permutation(there["household_id"].astype(object).to_numpy()),
        starts=day + _days(rng, len(there), 1, 300),
        ends=day + _days(rng, len(there), 300, 900),
    )
    own = [part.astype({"household_id": object, "unit_id": object}) for part in (there, newcomers)]
    return events, spine, pd.concat(own, ignore_index=True)


def _fewer_asked(tables: _Tables, day: pd.Timestamp, rng: np.random.Generator) -> _Tables:
    """Other index dates, and the order of the tables, are nobody's business."""
    events, spine, memberships = tables
    return (
        events.iloc[rng.permutation(len(events))].reset_index(drop=True),
        spine.iloc[rng.permutation(len(spine))].reset_index(drop=True),
        memberships.iloc[rng.permutation(len(memberships))].reset_index(drop=True),
    )


def _copies(events: pd.DataFrame) -> pd.DataFrame:
    """A row a unit and kind."""
    new = events.drop_duplicates(["unit_id", "kind"]).reset_index(drop=True)
    return new.assign(value=997.0)


def _with(events: pd.DataFrame, new: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    new = new.assign(**columns).astype(events[list(columns)].dtypes.to_dict())
    return pd.concat([events, new], ignore_index=True)


def _days(rng: np.random.Generator, size: int, least: int, most: int) -> pd.TimedeltaIndex:
    return pd.to_timedelta(rng.integers(least, most, size), unit="D")


CHANGES: dict[str, _Change] = {
    "later events are dropped": _dropped,
    "later events are added": _added,
    "events are told after the date": _told_late,
    "events are dated ahead": _future_dated,
    "ends after the date are moved": _ends_moved,
    "values of later events are changed": _values_changed,
    "later events are known on other days": _known_moved,
    "homes after the date are changed": _homes_changed,
    "other dates and orders are given": _fewer_asked,
}
"""By name, every way in which what comes after an index date is changed."""
