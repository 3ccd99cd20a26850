"""What police enter of each incident, when it reaches the hub, and what becomes of the entry.

An incident is entered once, or twice where a second call or officer brings it in again. An entry
may reach the hub late, have its roles the wrong way round, be corrected, and be withdrawn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.histories import Histories
from woda_lib.synthetic.domestic_abuse.police.quality import ENTERED_TWICE
from woda_lib.synthetic.domestic_abuse.presence import NOBODY
from woda_lib.synthetic.draws import add_days, as_days, take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile

_LATE, _DAYS_LATE = 0.03, 4.0
_SWAPPED, _SWAP_FOUND = 0.013, 0.5
_RECLASSIFIED = 0.02
_WITHDRAWN, _SECOND_WITHDRAWN = 0.008, 0.25
_TWICE_HOURS = 9.0
_OTHER_REPORTERS = ("professional", "officer", "victim")

# Outcomes of crimes. Most victims do not go on with a prosecution; shares are assumed.
_OUTCOMES = ("charged", "cautioned", "victim_does_not_support", "no_further_action")
_OUTCOME_SHARES = (0.09, 0.03, 0.55, 0.33)
_OPEN_AT_FIRST, _DECIDED = 0.45, 0.9

_PLAN_FROM = 25  # days before the window ends from which the next days' changes are taken


def draw_entries(profile: Profile, histories: Histories, rng: Generator) -> pd.DataFrame:
    """Draw the entries of all incidents, also of the days beyond the window.

    Returns
    -------
    pandas.DataFrame
        In the order of ``reported_at``: ``incident, duplicate_of`` (the entry of the same event
        before, else -1), ``occurred_at, reported_at, reported_by, reporter, crime_first, crime,
        crime_on, outcome_first, outcome, outcome_on, swapped, swap_found_on, withdrawn_on,
        delivered_on``. Days are NaT for what never comes.
    """
    incidents = histories.incidents
    entries = incidents.reset_index()[
        ["incident", "occurred_at", "reported_at", "reported_by", "reporter", "crime_type"]
    ].rename(columns={"crime_type": "crime"})
    entries["second"] = False
    second = _second(entries, profile, rng)
    entries = pd.concat([entries, second], ignore_index=True).sort_values(
        ["reported_at", "incident", "second"], kind="stable", ignore_index=True
    )
    first = np.empty(len(incidents), dtype=np.int64)
    own = np.flatnonzero(~entries["second"])
    first[entries["incident"].to_numpy()[own]] = own
    entries["duplicate_of"] = np.where(
        entries["second"], first[entries["incident"].to_numpy()], NOBODY
    )
    day = as_days(entries["reported_at"])
    n = len(entries)
    late = (rng.random(n) < _LATE) * (1 + rng.geometric(1 / _DAYS_LATE, n))
    entries["delivered_on"] = add_days(day, late)
    swapped = rng.random(n) < _SWAPPED
    entries["swapped"] = swapped
    entries["swap_found_on"] = _some(entries, swapped & (rng.random(n) < _SWAP_FOUND), 12.0, rng)
    gone = np.where(entries["second"], _SECOND_WITHDRAWN, _WITHDRAWN)
    entries["withdrawn_on"] = _some(entries, rng.random(n) < gone, 20.0, rng)
    _reclassify(entries, rng)
    _decide(entries, rng)
    _plan_next_days(entries, profile, rng)
    return entries.drop(columns="second")


def _second(entries: pd.DataFrame, profile: Profile, rng: Generator) -> pd.DataFrame:
    """Incidents as they are entered again, hours later and told by somebody else."""
    day = as_days(entries["reported_at"])
    again = entries.loc[rng.random(len(entries)) < ENTERED_TWICE.on(day, profile)].copy()
    n = len(again)
    minutes = 5 + np.floor(60 * rng.exponential(_TWICE_HOURS, n)).astype(np.int64)
    reported = again["reported_at"].to_numpy() + minutes.astype("timedelta64[m]")
    shift = rng.integers(-30, 31, n).astype("timedelta64[m]")
    occurred = np.minimum(again["occurred_at"].to_numpy() + shift, reported)
    again = again.assign(
        occurred_at=occurred,
        reported_at=reported,
        reported_by=take(_OTHER_REPORTERS, weighted(rng, n, (0.5, 0.2, 0.3))),
        reporter=NOBODY,
        second=True,
    )
    return again.loc[as_days(again["reported_at"]) <= profile.last_day]


def _some(entries: pd.DataFrame, which: np.ndarray, mean: float, rng: Generator) -> np.ndarray:
    """A day after delivery for the entries that are meant, NaT for the others."""
    after = 1 + np.floor(rng.exponential(mean, len(entries)))
    return np.where(which, add_days(as_days(entries["delivered_on"]), after), NOT_A_DAY)


def _reclassify(entries: pd.DataFrame, rng: Generator) -> None:
    """A few offences are entered as less than they turn out to be."""
    n = len(entries)
    graver = ~entries["crime"].isin(["no_crime", "common_assault"]).to_numpy()
    later = graver & (rng.random(n) < _RECLASSIFIED / graver.mean())
    less = take(("no_crime", "common_assault"), rng.integers(0, 2, n))
    entries["crime_first"] = np.where(later, less, entries["crime"].to_numpy(dtype=object))
    entries["crime_on"] = _some(entries, later, 9.0, rng)


def _decide(entries: pd.DataFrame, rng: Generator) -> None:
    """Draw what police did, and when it was known."""
    n = len(entries)
    is_crime = entries["crime"].ne("no_crime").to_numpy()
    outcome = take(_OUTCOMES, weighted(rng, n, _OUTCOME_SHARES))
    outcome = np.where(is_crime, outcome, "no_further_action").astype(object)
    is_open = is_crime & (rng.random(n) < _OPEN_AT_FIRST)
    decided = is_open & (rng.random(n) < _DECIDED)
    entries["outcome"] = np.where(is_open & ~decided, "under_investigation", outcome)
    entries["outcome_first"] = np.where(is_open, "under_investigation", outcome)
    entries["outcome_on"] = _some(entries, decided, 50.0, rng)


def _plan_next_days(entries: pd.DataFrame, profile: Profile, rng: Generator) -> None:
    """See to it that each day beyond the window brings a late entry, a correction, a withdrawal.

    They are taken from the entries of the weeks before of which nothing else is told.
    """
    reported = as_days(entries["reported_at"])
    plain = ~entries["swapped"] & entries["duplicate_of"].lt(0)
    plain &= entries["withdrawn_on"].isna() & entries["crime_on"].isna()
    plain &= as_days(entries["delivered_on"]) == reported
    free = (plain & (reported > profile.as_of - _PLAN_FROM)).to_numpy()
    for ahead in range(1, profile.days_beyond + 1):
        day = profile.as_of + ahead
        late = free & (reported >= day - 4) & (reported < day)
        for column, able in (
            ("delivered_on", late),
            ("swap_found_on", free & (reported <= profile.as_of - 1)),
            ("withdrawn_on", free & (reported <= profile.as_of - 1)),
        ):
            rows = np.flatnonzero(able & free)
            if not len(rows):
                continue
            row = rows[rng.integers(len(rows))]
            free[row] = False
            entries.loc[row, column] = pd.Timestamp(day)
            if column == "swap_found_on":
                entries.loc[row, "swapped"] = True
            if column == "delivered_on":
                entries.loc[row, "outcome_first"] = entries.loc[row, "outcome"]
                entries.loc[row, "outcome_on"] = pd.NaT
