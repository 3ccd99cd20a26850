"""What partners' rows said on each index date: what was delivered by then, and known from when.

Partners began to share with one file of all that they held, and have delivered every month since.
An index date after that is asked of the files delivered by then, so that a row that was written
over later says what it said at the time. For one before it the first file stands in: what it holds
of the time before is taken as known as soon after the day that it is dated as rows have come since.
Without that a model would learn from days on which everything was known at once, and be used on
days on which the last month is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from woda_lib.notebook import Run

Rows = Mapping[str, pd.DataFrame]

_WHEN_OVER = frozenset({"attendance_terms"})
"""Datasets whose rows are of something that is over: events of its last day."""
_FEWEST = 20  # rows that tell a delay
_SETTLED = 90  # days
STOPPED_MONTHS = 2
"""A dataset whose newest delivery is older than this has stopped: files come every month, so that
one that is late is waited for, and of two that are missing nobody can say that nothing happened."""


@dataclass(frozen=True)
class Held:
    """Partners' rows as they stood.

    Attributes
    ----------
    newest
        By dataset the rows as they stand now; outcomes are told from these.
    first
        By dataset the day of its first delivery.
    delay
        By dataset how long after its day a row usually comes.
    then
        To each index date the rows by dataset, as delivered by that date or, for an earlier one,
        as first delivered.
    """

    newest: Rows
    first: Mapping[str, pd.Timestamp]
    delay: Mapping[str, pd.Timedelta]
    then: Mapping[pd.Timestamp, Rows]

    def absent(self, day: pd.Timestamp, datasets: Iterable[str]) -> dict[str, str]:
        """Return the datasets that are not there on an index date, each with the reason in words.

        One is absent of which no row was delivered, or, from the day on which it began to be
        delivered, whose newest delivery is more than `STOPPED_MONTHS` months older than the date.
        """
        oldest = day - pd.DateOffset(months=STOPPED_MONTHS)
        found = {}
        for name in datasets:
            rows = self.then[day].get(name)
            if rows is None or rows.empty:
                found[name] = f"no row of {name} was delivered"
                continue
            newest = rows["delivered_on"].max()
            if day >= self.first[name] and newest < oldest:
                found[name] = f"nothing of {name} was delivered after {newest:%-d %B %Y}"
        return found

    def alike(self) -> list[tuple[list[pd.Timestamp], Rows]]:
        """Index dates that ask the same rows, together, each with its rows."""
        found: dict[tuple[int, ...], tuple[list[pd.Timestamp], Rows]] = {}
        for day, rows in self.then.items():
            key = tuple(id(frame) for frame in rows.values())
            found.setdefault(key, ([], rows))[0].append(day)
        return list(found.values())


def what_was_held(run: Run, datasets: Iterable[str], dates: pd.Series) -> Held:
    """Load datasets as they stand and as they stood on each index date.

    Parameters
    ----------
    run
    datasets
        Of the step; each with ``delivered_on`` among its fields.
    dates
        Index dates.
    """
    newest = {name: run.load(name) for name in datasets}
    first = {name: first_delivery(rows) for name, rows in newest.items()}
    delay = {name: usual_delay(day_of(name, rows), first[name]) for name, rows in newest.items()}
    clock = pd.Timestamp(run.as_of)
    kept: dict[tuple[str, pd.Timestamp], pd.DataFrame] = {}

    def as_of(name: str, day: pd.Timestamp) -> pd.DataFrame:
        by = max(day, first[name])
        if by >= clock:
            return newest[name]
        if (name, by) not in kept:
            kept[name, by] = run.load(name, delivered_by=by.date())
        return kept[name, by]

    then = {day: {name: as_of(name, day) for name in newest} for day in pd.to_datetime(dates)}
    return Held(newest, first, delay, then)


def first_delivery(rows: pd.DataFrame) -> pd.Timestamp:
    """Return the day of a dataset's first delivery; the beginning of time of one without rows."""
    first = rows["delivered_on"].min()
    return pd.Timestamp(first) if pd.notna(first) else pd.Timestamp.min.ceil("D")


def day_of(dataset: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with `started_on` as the day that they are of: the last, of what is over."""
    if dataset not in _WHEN_OVER:
        return rows
    day = rows["ended_on"].fillna(rows["started_on"])
    return rows.assign(started_on=day, ended_on=day)


def usual_delay(rows: pd.DataFrame, first: pd.Timestamp) -> pd.Timedelta:
    """Return how long after its day something is usually delivered (the median).

    Told by whatever began or ended since the first delivery: a row comes again when it has ended.
    Nothing, where there are fewer than 20.

    Parameters
    ----------
    rows
        `started_on, delivered_on`, and `ended_on` where they last.
    first
        The day of the dataset's first delivery.
    """
    newest = (
        rows["ended_on"].fillna(rows["started_on"]) if "ended_on" in rows else rows["started_on"]
    )
    # What is dated shortly before the last delivery and has come already came quickly.
    last = rows["delivered_on"].max() - pd.Timedelta(days=_SETTLED)
    delays = (rows["delivered_on"] - newest).loc[newest.gt(first) & newest.le(last)]
    delay = pd.Timedelta(delays.median()) if len(delays) >= _FEWEST else pd.Timedelta(0)
    return max(delay.floor("D"), pd.Timedelta(0))


def known_on(rows: pd.DataFrame, first: pd.Timestamp, delay: pd.Timedelta) -> pd.Series:
    """Return from which day each row was known.

    Parameters
    ----------
    rows
        `started_on, delivered_on`.
    first
        The day of the dataset's first delivery, which tells nothing of when its rows were known:
        they are taken as known `delay` after their day, or on the day of the delivery if that was
        sooner.
    delay
        From `usual_delay`.
    """
    begun, told = rows["started_on"], rows["delivered_on"]
    usual = (begun + delay).where(begun + delay <= first, first)
    earlier = pd.concat([begun, usual], axis=1).max(axis=1)
    later = pd.concat([begun, told], axis=1).max(axis=1)
    return earlier.where(told.le(first), later)
