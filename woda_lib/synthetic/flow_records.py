"""What hospitals and councils write down about a stay: discharge events and referrals.

Until 30 June 2022 the hospital sent the council notices under the Care and Support (Discharge of
Hospital Patients) Regulations 2014: an assessment notice, then a discharge notice, either of which
could be withdrawn. The Health and Care Act 2022 ended them; from July 2022 people leave under
discharge to assess, by pathway 0 to 3, with a date from which they are ready.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.draws import add_days, as_days, days_between, take, weighted
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.stays import PAUSES, SITE_NAMES

# Reasons for a delay, and how likely each is on pathways 0 to 3.
_REASONS: dict[str, tuple[float, float, float, float]] = {
    "awaiting_care_package": (0.00, 0.52, 0.10, 0.02),
    "awaiting_care_home": (0.00, 0.00, 0.22, 0.55),
    "awaiting_assessment": (0.15, 0.20, 0.42, 0.20),
    "awaiting_equipment": (0.20, 0.15, 0.08, 0.02),
    "family_choice": (0.15, 0.06, 0.12, 0.20),
    "awaiting_transport": (0.40, 0.03, 0.03, 0.00),
    "housing": (0.10, 0.04, 0.03, 0.01),
}
_FIRST_REVIEW, _REVIEW_EVERY = 4, 7  # days after the clock starts
_NO_START_EVENT = 0.02  # the start event is lost; the council's date is then the only one

_SERVICES = ("home_care", "reablement", "care_home", "equipment", "assessment_only")
_SERVICE_BY_PATHWAY = (
    (0.05, 0.05, 0.00, 0.55, 0.35),
    (0.46, 0.44, 0.00, 0.05, 0.05),
    (0.08, 0.55, 0.22, 0.00, 0.15),
    (0.02, 0.03, 0.85, 0.00, 0.10),
)
_COMMUNITY_SERVICE = (0.38, 0.17, 0.10, 0.15, 0.20)
_HOSPITAL_TEAMS = {
    "worcestershire": ("Onward Care Team North", "Onward Care Team South"),
    "severnside": ("Hospital Discharge Hub",),
}
_LOCALITY_TEAMS = {
    "worcestershire": ("Locality Team North", "Locality Team South", "Locality Team Wyre Forest"),
    "severnside": ("Vale Adults Team", "City Adults Team"),
}
_REPEATED, _DUPLICATED = 0.04, 0.02
_SITE_UNKNOWN = 0.03
_COMMUNITY_PER_REFERRAL = 0.35


def write_events(profile: Profile, stays: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Write the discharge events of all stays, up to the end of the window.

    Returns
    -------
    pandas.DataFrame
        ``county, stay`` (row of `stays`), ``event_type, event_date, pathway`` (-1 for none) and
        ``delay_reason`` (empty for none), by date.
    """
    clocked = stays.index[stays["clock"] >= 0].to_numpy()
    waiting = stays.loc[clocked]
    start, end = as_days(waiting["started_on"]), as_days(waiting["discharge_date"])
    last_notice = np.datetime64(profile.last_notice_day)
    notices = start <= last_notice
    kept = rng.random(len(waiting)) >= _NO_START_EVENT
    pathway = waiting["pathway"].to_numpy()
    died = waiting["died"].to_numpy()
    none = np.full(len(waiting), -1)

    def events(
        kind: np.ndarray | str, on: np.ndarray, where: np.ndarray, way: np.ndarray = none
    ) -> pd.DataFrame:
        where = where & ~np.isnat(on)
        kinds = np.broadcast_to(np.asarray(kind, dtype=object), len(where))
        return pd.DataFrame(
            {
                "stay": clocked[where],
                "event_type": kinds[where],
                "event_date": on[where],
                "pathway": way[where],
            }
        )

    parts = [
        events("assessment_notice", start, notices & kept),
        events("pathway_decision", start, ~notices & kept, pathway),
    ]
    # People are usually fit to leave on the day of the decision or soon after it.
    wait = days_between(start, end)
    ready = add_days(start, np.minimum(rng.poisson(0.5, len(wait)), wait))
    parts.append(events("discharge_ready", ready, ~notices & (ready < _first_pause(waiting))))
    for number in range(1, PAUSES + 1):
        paused = as_days(waiting[f"paused_{number}"])
        resumed = as_days(waiting[f"resumed_{number}"])
        stop, go = ("withdrawal_notice", "assessment_notice")
        parts.append(events(np.where(notices, stop, "not_ready"), paused, kept))
        parts.append(events(np.where(notices, go, "discharge_ready"), resumed, kept))
    # A discharge notice gives at least a day's warning; after June 2022 a ready date stands for it.
    warned = np.maximum(add_days(end, -rng.integers(1, 4, len(end))), _last_resumed(waiting))
    gives = notices & ~died & (warned <= end)
    parts.append(events("discharge_notice", warned, gives & (warned <= last_notice)))
    parts.append(events("discharge_ready", warned, gives & (warned > last_notice)))
    parts.append(_delay_reviews(clocked, start, end, pathway, rng))
    parts.append(_simple_discharges(profile, stays, rng))

    table = pd.concat(parts, ignore_index=True)
    table["delay_reason"] = table["delay_reason"].fillna("")
    table["county"] = stays["county"].to_numpy()[table["stay"]]
    table = table.loc[table["event_date"] <= profile.as_of]
    return table.sort_values(["event_date", "stay"], kind="stable", ignore_index=True)


def _first_pause(waiting: pd.DataFrame) -> np.ndarray:
    first = as_days(waiting["paused_1"])
    return np.where(np.isnat(first), np.datetime64("2200-01-01"), first)


def _last_resumed(waiting: pd.DataFrame) -> np.ndarray:
    """The day a clock last started to run: nothing about leaving is written before it."""
    latest = as_days(waiting["started_on"])
    for number in range(1, PAUSES + 1):
        latest = np.fmax(latest, as_days(waiting[f"resumed_{number}"]))
    return latest


def _delay_reviews(
    clocked: np.ndarray, start: np.ndarray, end: np.ndarray, pathway: np.ndarray, rng: Generator
) -> pd.DataFrame:
    """A review on day 4 and every week thereafter, with the reason the person still waits."""
    wait = days_between(start, end)
    number = np.where(wait > _FIRST_REVIEW, 1 + (wait - _FIRST_REVIEW - 1) // _REVIEW_EVERY, 0)
    row = np.repeat(np.arange(len(wait)), number)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    # Reasons persist: two reviews in three repeat the first one of the stay.
    shares = np.cumsum(np.array(list(_REASONS.values())).T, axis=1)
    first = rng.random(len(wait))[row]
    fresh = rng.random(len(row))
    draw = np.where((nth > 0) & (rng.random(len(row)) < 1 / 3), fresh, first)
    bounds = shares[pathway[row]]
    reason = (draw[:, None] * bounds[:, -1:] > bounds).sum(axis=1)
    return pd.DataFrame(
        {
            "stay": clocked[row],
            "event_type": "delay_review",
            "event_date": add_days(start[row], _FIRST_REVIEW + nth * _REVIEW_EVERY),
            "pathway": -1,
            "delay_reason": take(list(_REASONS), reason),
        }
    )


def _simple_discharges(profile: Profile, stays: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Pathway 0 decisions for some people who go home without the council."""
    begin = np.datetime64(profile.last_notice_day) + np.timedelta64(1, "D")
    out = as_days(stays["discharge_date"])
    admitted = as_days(stays["admission_date"])
    simple = stays["clock"].lt(0) & stays["admission_method"].eq("emergency") & ~stays["died"]
    decided = np.maximum(add_days(out, -rng.integers(0, 2, len(out))), admitted)
    chosen = simple.to_numpy() & (rng.random(len(stays)) < 0.25) & (decided >= begin)
    return pd.DataFrame(
        {
            "stay": np.flatnonzero(chosen),
            "event_type": "pathway_decision",
            "event_date": decided[chosen],
            "pathway": 0,
        }
    )


def write_hospital_referrals(profile: Profile, stays: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Write the council's referrals for stays with a clock: first, repeated and keyed twice.

    Returns
    -------
    pandas.DataFrame
        ``county, stay, person_id, first`` (whether it is the one the clock is for),
        ``received_on, source, site, team, service, status, closed_on``.
    """
    waiting = stays.loc[stays["clock"] >= 0]
    n = len(waiting)
    start, end = as_days(waiting["started_on"]), as_days(waiting["discharge_date"])
    wait = days_between(start, end)
    # Most referrals arrive the day the clock starts, some a day or two later; where the start event
    # was lost, that is an error which nobody can mend.
    received = add_days(start, np.minimum(weighted(rng, n, (0.72, 0.20, 0.08)), wait))
    died = waiting["died"].to_numpy()
    first = pd.DataFrame(
        {
            "county": waiting["county"].to_numpy(),
            "stay": waiting.index.to_numpy(),
            "person_id": waiting["person_id"].to_numpy(),
            "first": True,
            "received_on": received,
            "source": "hospital",
            "site": np.where(rng.random(n) < _SITE_UNKNOWN, "", waiting["site"]),
            "team": _teams(waiting["county"].to_numpy(), waiting["site"].to_numpy()),
            "service": _services(waiting["pathway"].to_numpy(), rng),
            "status": np.where(died, "withdrawn", "closed"),
            "closed_on": add_days(end, rng.integers(0, 5, n)),
        }
    )
    again = (rng.random(n) < _REPEATED) & (days_between(received, end) >= 3)
    later = first.loc[again].copy()
    gap = days_between(received, end)[again]
    later["received_on"] = add_days(received[again], 2 + np.floor(rng.random(len(gap)) * (gap - 2)))
    later["first"] = False
    later["service"] = _services(waiting["pathway"].to_numpy()[again], rng)
    first.loc[again, "status"] = "withdrawn"
    first.loc[again, "closed_on"] = as_days(later["received_on"])
    twice = first.loc[rng.random(n) < _DUPLICATED].copy()
    twice["first"] = False
    return pd.concat([first, later, twice], ignore_index=True)


def write_community_referrals(
    profile: Profile, clients: pd.DataFrame, per_county: int, rng: Generator
) -> pd.DataFrame:
    """Write referrals of people at home: they belong to no stay (``stay`` is -1).

    `clients` gives ``county, person_id, recorded_on, died`` of everybody who may be referred.
    """
    parts = []
    for county in COUNTIES:
        pool = clients.loc[clients["county"].eq(county)]
        n = int(per_county * _COMMUNITY_PER_REFERRAL)
        chosen = pool.iloc[rng.integers(len(pool), size=n)]
        window = int(days_between(profile.opens, profile.as_of))
        received = add_days(np.full(n, profile.opens), rng.integers(0, window, n))
        closed = add_days(received, 1 + np.floor(rng.gamma(1.5, 14.0, n)))
        teams = take(_LOCALITY_TEAMS[county], rng.integers(len(_LOCALITY_TEAMS[county]), size=n))
        part = pd.DataFrame(
            {
                "county": county,
                "stay": -1,
                "person_id": chosen["person_id"].to_numpy(),
                "first": False,
                "received_on": received,
                "source": "community",
                "site": "",
                "team": teams,
                "service": take(_SERVICES, weighted(rng, n, _COMMUNITY_SERVICE)),
                "status": np.where(rng.random(n) < 0.07, "withdrawn", "closed"),
                "closed_on": closed,
            }
        )
        known = as_days(chosen["recorded_on"]) <= received
        died = as_days(chosen["died"])
        alive = np.isnat(died) | (died > received)
        parts.append(part.loc[known & alive])
    return pd.concat(parts, ignore_index=True)


def _teams(county: np.ndarray, site: np.ndarray) -> np.ndarray:
    """The hospital team that answers for each site."""
    teams = {
        name: _HOSPITAL_TEAMS[of][position % len(_HOSPITAL_TEAMS[of])]
        for of, names in SITE_NAMES.items()
        for position, name in enumerate(names)
    }
    return pd.Series(site).map(teams).to_numpy()


def _services(pathway: np.ndarray, rng: Generator) -> np.ndarray:
    bounds = np.cumsum(np.array(_SERVICE_BY_PATHWAY), axis=1)[pathway]
    return take(_SERVICES, (rng.random(len(pathway))[:, None] > bounds).sum(axis=1))
