"""Hospital stays: when each begins and ends, where, and which resident it happens to.

Stays are drawn first and people found for them afterwards, which keeps the number and the mix of
referrals the same in every profile. Nobody is in two beds at once, or in any after death.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.draws import add_days, ages_on, as_days, days_between, weighted
from woda_lib.synthetic.patient_flow import BAND_LIMITS, Waits
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile

PAUSES = 2  # a clock pauses at most twice
_PAUSE_HAZARD = 0.012  # a day of waiting: unwell again, or the notice withdrawn
_PAUSE_DAYS = 3.0

# Stays without a referral, a resident a year, by age (NHS Hospital Admitted Patient Care Activity
# shows about 0.25 for all ages with day cases; these are the ordinary ones, some 0.12).
_STAY_AGE_LIMITS = (0, 1, 18, 45, 65, 75, 85)
_STAY_RATES = (0.22, 0.05, 0.07, 0.10, 0.19, 0.30, 0.42)
_EMERGENCY_BY_AGE = (0.95, 0.85, 0.55, 0.50, 0.58, 0.70, 0.82)
_DEATH_IN_STAY = (0.001, 0.0005, 0.002, 0.010, 0.025, 0.045, 0.080)
_OVER_THE_BORDER = 0.02

_SITES = {
    "worcestershire": (
        ("Worcestershire Royal", 0.62),
        ("Alexandra", 0.30),
        ("Kidderminster", 0.08),
    ),
    "severnside": (("Severnside General", 0.75), ("Deerhurst", 0.25)),
}
SITE_NAMES = {county: [name for name, _ in sites] for county, sites in _SITES.items()}
_WARDS = ("Avon 1", "Avon 2", "Beech", "Cedar", "Elgar", "Laurel", "Medical Short Stay", "Oak 1",
          "Oak 2", "Severn", "Trauma", "Willow")  # fmt: skip


def draw_stays(
    profile: Profile, waits: Waits, residents: pd.DataFrame, rng: Generator
) -> pd.DataFrame:
    """Draw every stay at both trusts, and who it happens to.

    Returns
    -------
    pandas.DataFrame
        One row a stay, by admission: ``county`` (of the trust), ``person_id``, ``admission_date``,
        ``discharge_date`` (true, perhaps after the window; NaT never), ``died``,
        ``admission_method``, ``site``, ``ward``, ``clock`` (row of the waits' table, -1 for
        none), and for stays with a clock ``started_on, pathway, paused_1, resumed_1, paused_2,
        resumed_2`` (days; NaT for none).
    """
    referred = _stays_with_clock(profile, waits, rng)
    others = _stays_without_clock(profile, residents, rng)
    stays = pd.concat([referred, others], ignore_index=True)
    stays["person_id"] = _find_people(stays, residents, rng)
    stays = stays.loc[stays["person_id"] >= 0].reset_index(drop=True)
    _describe_admissions(stays, residents, rng)
    order = ["admission_date", "county", "person_id"]
    columns = ["pool_county", "band", "ends_on"]
    return stays.sort_values(order, kind="stable", ignore_index=True).drop(columns=columns)


def _stays_with_clock(profile: Profile, waits: Waits, rng: Generator) -> pd.DataFrame:
    """Turn waits into dated stays: acute treatment, the wait with its pauses, then the end."""
    clocks = waits.table
    n = len(clocks)
    started_on = as_days(clocks["started_on"])
    waited = np.minimum(clocks["days"].to_numpy(), clocks["dies_after"].to_numpy())
    pauses, paused_days = _draw_pauses(profile, started_on, waited, rng)
    acute = 1 + np.floor(rng.gamma(1.6, 4.0, n) + clocks["pathway"].to_numpy())
    stays = pd.DataFrame(
        {
            "county": clocks["county"],
            "pool_county": clocks["county"],
            "band": clocks["band"],
            "admission_date": add_days(started_on, -acute),
            "discharge_date": add_days(started_on, waited + paused_days),
            "died": (clocks["dies_after"] < clocks["days"]).to_numpy(),
            "clock": np.arange(n),
            "started_on": started_on,
            "pathway": clocks["pathway"],
        }
    )
    return stays.assign(**pauses)


def _draw_pauses(
    profile: Profile, started_on: np.ndarray, waited: np.ndarray, rng: Generator
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Draw when clocks pause, at a hazard that knows nothing of the wait still to come.

    A pause under the notice regime that would end after the last day for notices is left out,
    because no notice could have ended it.
    """
    last_notice = np.datetime64(profile.last_notice_day)
    in_notices = started_on <= last_notice
    at = np.zeros(len(waited), dtype=np.int64)
    paused_days = np.zeros(len(waited), dtype=np.int64)
    pauses: dict[str, np.ndarray] = {}
    for number in range(1, PAUSES + 1):
        at = at + 1 + np.floor(rng.exponential(1 / _PAUSE_HAZARD, len(waited))).astype(np.int64)
        length = 1 + rng.poisson(_PAUSE_DAYS - 1, len(waited))
        paused = add_days(started_on, at + paused_days)
        resumed = add_days(paused, length)
        happens = (at < waited) & ~(in_notices & (resumed > last_notice))
        pauses[f"paused_{number}"] = np.where(happens, paused, NOT_A_DAY)
        pauses[f"resumed_{number}"] = np.where(happens, resumed, NOT_A_DAY)
        paused_days = paused_days + np.where(happens, length, 0)
    return pauses, paused_days


def _age_class(age: np.ndarray) -> np.ndarray:
    return np.clip(np.searchsorted(_STAY_AGE_LIMITS, age, side="right") - 1, 0, None)


def _stays_without_clock(profile: Profile, residents: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Ordinary stays: a Poisson number for each resident, by age and frailty."""
    years = profile.months / 12
    born = as_days(residents["born"])
    age = ages_on(born, profile.opens) + years / 2
    rate = np.array(_STAY_RATES)[_age_class(age)] * residents["frailty"].to_numpy() ** 0.7
    person = np.repeat(np.arange(len(residents)), rng.poisson(rate * years))
    n = len(person)
    window = int(days_between(profile.opens, profile.as_of)) + 1
    admission = add_days(np.full(n, profile.opens), rng.integers(0, window, n))
    age_class = _age_class(ages_on(born[person], admission))
    length = np.floor(rng.gamma(0.8, 3.0 + 0.9 * age_class, n))
    home = residents["county"].to_numpy()[person]
    away = np.where(home == COUNTIES[0], COUNTIES[1], COUNTIES[0])
    return pd.DataFrame(
        {
            "county": np.where(rng.random(n) < _OVER_THE_BORDER, away, home),
            "pool_county": home,
            "band": -1,
            "admission_date": admission,
            "discharge_date": add_days(admission, length),
            "died": rng.random(n) < np.array(_DEATH_IN_STAY)[age_class],
            "clock": -1,
            "pathway": -1,
            "person_id": person,
        }
    )


def _find_people(stays: pd.DataFrame, residents: pd.DataFrame, rng: Generator) -> np.ndarray:
    """Give each stay with a clock a resident of its county and age band who is free to have it.

    Clashes are looked for over everybody's stays at once; those with a clock are drawn again until
    none clashes, and an ordinary stay in the way is left out (-1).
    """
    start, end = as_days(stays["admission_date"]), as_days(stays["discharge_date"])
    stays["ends_on"] = end
    has_clock = stays["clock"].to_numpy() >= 0
    pools = _Pools(stays, residents)
    person = np.where(has_clock, -1, stays["person_id"].fillna(-1)).astype(np.int64)
    wanted = np.flatnonzero(has_clock)
    born, died = as_days(residents["born"]), as_days(residents["died"])
    for attempt in range(40):
        person[wanted] = pools.draw(wanted, rng)
        # Stays with a clock keep their place against ordinary ones.
        among = np.flatnonzero(has_clock)
        clash = _clashes(person[among], start[among], end[among], stays["died"].to_numpy()[among])
        gone = died[person[among]] <= end[among]
        wanted = among[clash | gone]
        if len(wanted) == 0:
            break
        if attempt == 30:
            pools.widen()
    person[wanted] = -1
    ordinary = ~has_clock
    unborn_or_dead = (born[person] > start) | (died[person] <= end)
    person[ordinary & unborn_or_dead] = -1
    return _leave_out_clashes(person, start, end, stays["died"].to_numpy(), has_clock)


def _clashes(
    person: np.ndarray, start: np.ndarray, end: np.ndarray, died: np.ndarray
) -> np.ndarray:
    """Which stays begin before an earlier one of the same person is over, or after a fatal one."""
    until = np.where(died, np.datetime64("2200-01-01"), add_days(end, np.ones(len(end))))
    order = np.lexsort((start, person))
    who, begins, busy = person[order], start[order], until[order].astype(np.int64)
    first = np.r_[True, who[1:] != who[:-1]]
    # A running maximum within each person: lift every person's days above those of the one before.
    lift = np.cumsum(first) * 200_000
    latest = np.maximum.accumulate(busy + lift) - lift
    clash = np.zeros(len(person), dtype=bool)
    clash[order[1:]] = ~first[1:] & (begins[1:].astype(np.int64) <= latest[:-1])
    return clash


def _leave_out_clashes(
    person: np.ndarray, start: np.ndarray, end: np.ndarray, died: np.ndarray, has_clock: np.ndarray
) -> np.ndarray:
    """Drop ordinary stays that clash with any other stay, until none does."""
    person = person.copy()
    while True:
        among = np.flatnonzero(person >= 0)
        forward = _clashes(person[among], start[among], end[among], died[among])
        order = np.lexsort((start[among], person[among]))
        # Of a clashing pair the ordinary one goes, whichever comes first.
        rank = np.empty(len(among), dtype=np.int64)
        rank[order] = np.arange(len(among))
        before = order[np.maximum(rank - 1, 0)]
        loser = np.where(has_clock[among], before, np.arange(len(among)))[forward]
        loser = among[loser[~has_clock[among][loser]]]
        if len(loser) == 0:
            return person
        person[loser] = -1


class _Pools:
    """Residents to draw from, by county, age band and calendar year, weighted by frailty."""

    def __init__(self, stays: pd.DataFrame, residents: pd.DataFrame) -> None:
        self._year = as_days(stays["admission_date"]).astype("datetime64[Y]").astype(int) + 1970
        self._county = stays["pool_county"].to_numpy()
        self._band = stays["band"].to_numpy()
        self._born = as_days(residents["born"])
        self._lives_in = residents["county"].to_numpy()
        self._weight = residents["frailty"].to_numpy() ** 0.7
        self._spread = 0

    def widen(self) -> None:
        """Accept people up to ten years outside the band, for a county too small to fill it."""
        self._spread = 10

    def draw(self, rows: np.ndarray, rng: Generator) -> np.ndarray:
        """Draw a resident for each of the stays `rows`."""
        person = np.empty(len(rows), dtype=np.int64)
        keys = pd.DataFrame({"c": self._county[rows], "b": self._band[rows], "y": self._year[rows]})
        for key, members in keys.groupby(["c", "b", "y"]).indices.items():
            county, band, year = cast(tuple[str, int, int], key)
            low, high = BAND_LIMITS[band] - self._spread, BAND_LIMITS[band + 1] + self._spread
            age = ages_on(self._born, np.datetime64(f"{year}-07-01"))
            inside = (self._lives_in == county) & (age >= max(low, 18)) & (age < high)
            pool = np.flatnonzero(inside)
            person[members] = pool[weighted(rng, len(members), self._weight[pool])]
        return person


def _describe_admissions(stays: pd.DataFrame, residents: pd.DataFrame, rng: Generator) -> None:
    """How, to which site and to which ward each person was admitted."""
    n = len(stays)
    born = as_days(residents["born"])[stays["person_id"]]
    age_class = _age_class(ages_on(born, as_days(stays["admission_date"])))
    has_clock = stays["clock"].to_numpy() >= 0
    emergency = np.where(has_clock, 0.90, np.array(_EMERGENCY_BY_AGE)[age_class])
    draw = rng.random(n)
    stays["admission_method"] = np.select(
        [draw < emergency, draw < emergency + 0.03], ["emergency", "transfer"], "elective"
    )
    site = np.empty(n, dtype=object)
    for county, sites in _SITES.items():
        members = np.flatnonzero(stays["county"].eq(county))
        names, shares = zip(*sites, strict=True)
        site[members] = np.array(names, dtype=object)[weighted(rng, len(members), shares)]
    stays["site"] = site
    stays["ward"] = np.array(_WARDS, dtype=object)[rng.integers(len(_WARDS), size=n)]
