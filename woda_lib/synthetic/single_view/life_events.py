"""What changes who lives together: couples part, children leave and come back, homes are shared.

Few of the rates are published. In a year about seven of 1,000 married people are divorced (ONS,
*Divorces in England and Wales: 2022*), and couples who are not married part more often; half of all
people from 20 to 24 live with their parents (51.2%, Census 2021, England and Wales). The rest is
assumed. Nobody has two of these events but who leaves home and comes back, and none befalls a
household that leaves the county as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import add_days, ages_on, days_between, drawn_by
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile

AWAY = -1
"""The home of who has left the county."""

# Couples who part in the window, by kind of household, and where the one who leaves goes.
_PARTS = {"family": 0.055, "couple_younger": 0.060, "grown_children": 0.030, "couple_older": 0.008}
_SHE_LEAVES, _CHILDREN_GO_WITH_HER = 0.40, 0.75
_LEAVER_GOES = {"alone": 0.80, "share": 0.08, "away": 0.12}

_LEAVES_HOME_A_YEAR = 0.13  # of children who have come of age
_CHILD_GOES = {"alone": 0.24, "pair": 0.28, "share": 0.26, "away": 0.22}
_COMES_BACK, _BACK_AFTER = 0.15, (150, 700)  # of those who live alone or share, and after days
_OF_AGE = 18
_A_SHARE = 4  # people
_SHARER_GOES = {"stays": 0.70, "alone": 0.14, "away": 0.16}
_HOUSEHOLD_GOES = 0.030  # away, in the window, of those to whom nothing else happens

COLUMNS = ["person_id", "on", "dwelling", "unit", "role"]


@dataclass
class Living:
    """People as the population has them, and the homes that nobody has.

    Parameters
    ----------
    base : pandas.DataFrame
        Index ``person_id``: ``household, role, kind, female, dwelling, born, died, moved_on,
        to_care, moves_with_household, leaves_household``.
    dwellings : pandas.DataFrame
    """

    base: pd.DataFrame
    dwellings: pd.DataFrame

    def __post_init__(self) -> None:
        self._taken = 0
        self._next_unit = self.first_unit + len(self.dwellings)

    @cached_property
    def first_unit(self) -> int:
        """Number of the first unit that is no household of the population: a care home each."""
        return int(self.base["household"].max()) + 1

    @cached_property
    def settled(self) -> np.ndarray:
        """Whether each person lives in a private household whose couple stays together so far."""
        odd = self.base["leaves_household"].groupby(self.base["household"]).transform("any")
        return (~odd & self.base["role"].ne("care_home") & ~self.base["to_care"]).to_numpy()

    def alive(self, on: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether people (positions in `base`) are born and live on those days."""
        born, died = (self.base[c].to_numpy()[rows] for c in ("born", "died"))
        return (born < on) & (np.isnat(died) | (died > on))

    def new_homes(self, n: int, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return `n` empty homes, and a unit for each."""
        empty = self._empty[(self._taken + np.arange(n)) % len(self._empty)]
        self._taken += n
        units = self._next_unit + np.arange(n)
        self._next_unit += n
        return empty, units

    @cached_property
    def _empty(self) -> np.ndarray:
        used = np.zeros(len(self.dwellings), dtype=bool)
        for column in ("dwelling", "dwelling_after"):
            used[self.base[column].to_numpy()] = True
        here = self.dwellings["county"].eq(self.dwellings["county"].iloc[0]).to_numpy()
        private = self.dwellings["kind"].ne("care_home").to_numpy()
        return np.random.default_rng(0).permutation(np.flatnonzero(~used & here & private))


def draw_life_events(profile: Profile, living: Living, rng: Generator) -> pd.DataFrame:
    """Draw where people go to, beyond the moves of their households.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: who goes on which day to which home (`AWAY` out of the county), the unit that
        they live with from then on, and their role there.
    """
    parted = _couples_part(profile, living, rng)
    households = living.base["household"]
    broken = households.isin(households.loc[parted["person_id"]]).to_numpy()
    left = _children_leave(profile, living, ~broken, rng)
    shared = _sharers_leave(profile, living, rng)
    some = pd.concat([parted, left, shared], ignore_index=True)
    touched = households.isin(households.loc[some["person_id"]]).to_numpy()
    gone = _households_go(profile, living, ~touched, rng)
    return pd.concat([some, gone], ignore_index=True)


def _any_days(profile: Profile, n: int, rng: Generator) -> np.ndarray:
    window = int(days_between(profile.opens, profile.as_of))
    return add_days(np.full(n, profile.opens), rng.integers(1, window, n))


def _events(
    person: np.ndarray,
    on: np.ndarray,
    dwelling: np.ndarray | int,
    unit: np.ndarray | int,
    role: str,
) -> pd.DataFrame:
    return pd.DataFrame(
        {"person_id": person, "on": on, "dwelling": dwelling, "unit": unit, "role": role}
    )


def _couples_part(profile: Profile, living: Living, rng: Generator) -> pd.DataFrame:
    """One of a couple leaves, with the children or without."""
    base = living.base
    person, household = base.index.to_numpy(), base["household"].to_numpy()
    role = base["role"].to_numpy()
    n = living.first_unit
    side = {name: np.full(n, -1) for name in ("head", "partner")}
    for name, rows in side.items():
        at = np.flatnonzero((role == name) & living.settled)
        rows[household[at]] = at
    couples = np.flatnonzero((side["head"] >= 0) & (side["partner"] >= 0))
    chance = base["kind"].map(_PARTS).fillna(0.0).to_numpy()[side["head"][couples]]
    couples = couples[rng.random(len(couples)) < chance]
    on = np.full(n, NOT_A_DAY)
    on[couples] = _any_days(profile, len(couples), rng)
    for rows in side.values():
        couples = couples[living.alive(on[couples], rows[couples])]
    # A child that is born after they have parted would need a house of its own.
    unborn = np.zeros(n, dtype=bool)
    children = np.flatnonzero(role == "child")
    later = base["born"].to_numpy()[children] >= on[household[children]]
    unborn[household[children[later]]] = True
    couples = couples[~unborn[couples]]

    head, partner = side["head"][couples], side["partner"][couples]
    wife = np.where(base["female"].to_numpy()[head], head, partner)
    she = rng.random(len(couples)) < _SHE_LEAVES
    leaver = np.where(she, wife, np.where(wife == head, partner, head))
    goes = _goes(_LEAVER_GOES, len(couples), rng)
    with_her = she & (rng.random(len(couples)) < _CHILDREN_GO_WITH_HER) & (goes != "away")
    goes[with_her] = "alone"
    placed = _place(living, person[leaver], on[couples], goes, rng)

    taken = np.full(n, -1)
    taken[couples[with_her]] = np.flatnonzero(with_her)
    minor = ages_on(base["born"].to_numpy()[children], on[household[children]]) < _OF_AGE
    goes_along = children[minor & (taken[household[children]] >= 0)]
    mother = placed.set_index("person_id").loc[person[leaver[taken[household[goes_along]]]]]
    along = mother.assign(role="child").reset_index(drop=True)
    along["person_id"] = person[goes_along]
    return pd.concat([placed, along], ignore_index=True)


def _goes(options: dict[str, float], n: int, rng: Generator) -> np.ndarray:
    shares = np.array([list(options.values())])
    return drawn_by(tuple(options), shares, np.zeros(n, dtype=np.int64), rng)


def _place(
    living: Living, person: np.ndarray, on: np.ndarray, goes: np.ndarray, rng: Generator
) -> pd.DataFrame:
    """Send people away, to a home of their own, or to one that they share."""
    parts = []
    away = goes == "away"
    parts.append(_events(person[away], on[away], AWAY, AWAY, "head"))
    alone = np.flatnonzero(goes == "alone")
    parts.append(_events(person[alone], on[alone], *living.new_homes(len(alone), rng), "head"))
    sharing = np.flatnonzero(goes == "share")
    sharing = sharing[np.argsort(on[sharing], kind="stable")]
    homes, units = living.new_homes(-(-len(sharing) // _A_SHARE), rng)
    at = np.arange(len(sharing)) // _A_SHARE
    parts.append(_events(person[sharing], on[sharing], homes[at], units[at], "sharer"))
    return pd.concat(parts, ignore_index=True)


def _children_leave(
    profile: Profile, living: Living, among: np.ndarray, rng: Generator
) -> pd.DataFrame:
    """Grown children go to live alone, with somebody, in a share or elsewhere; some come back."""
    base = living.base
    child = base["role"].eq("child").to_numpy() & living.settled & among
    rows = np.flatnonzero(child)
    of_age = add_days(base["born"].to_numpy()[rows], np.full(len(rows), int(_OF_AGE * 365.25)))
    waits = np.floor(rng.exponential(365.25 / _LEAVES_HOME_A_YEAR, len(rows)))
    on = add_days(np.maximum(of_age, profile.opens + 1), waits)
    leaves = (on <= profile.as_of) & living.alive(on, rows)
    rows, on = rows[leaves], on[leaves]
    person = base.index.to_numpy()
    goes = _goes(_CHILD_GOES, len(rows), rng)
    pairs = _pair(living, person[rows], on, base["female"].to_numpy()[rows], goes, rng)
    placed = _place(living, person[rows], on, goes, rng)

    at = np.flatnonzero(np.isin(goes, ["alone", "share"]) & (rng.random(len(rows)) < _COMES_BACK))
    back = add_days(on[at], rng.integers(*_BACK_AFTER, len(at)))
    # Parents who have moved or will are not come back to: their home would have to be followed.
    stay = base["moved_on"].isna().groupby(base["household"]).transform("all").to_numpy()
    kept = (back <= profile.as_of) & stay[rows[at]]
    at, back = at[kept], back[kept]
    home = base.iloc[rows[at]]
    returned = _events(
        person[rows[at]], back, home["dwelling"].to_numpy(), home["household"].to_numpy(), "child"
    )
    return pd.concat([pairs, placed, returned], ignore_index=True)


def _pair(
    living: Living,
    person: np.ndarray,
    on: np.ndarray,
    female: np.ndarray,
    goes: np.ndarray,
    rng: Generator,
) -> pd.DataFrame:
    """Let those who go to live with somebody do so with one another, two by two by their ages."""
    born = living.base["born"].loc[person].to_numpy()
    order = np.argsort(born, kind="stable")
    order = order[goes[order] == "pair"]
    his, hers = order[~female[order]], order[female[order]]
    n = min(len(his), len(hers))
    goes[np.concatenate([his[n:], hers[n:]])] = "alone"
    his, hers = his[:n], hers[:n]
    day = np.maximum(on[his], on[hers])
    homes, units = living.new_homes(n, rng)
    return pd.concat(
        [
            _events(person[his], day, homes, units, "head"),
            _events(person[hers], day, homes, units, "partner"),
        ],
        ignore_index=True,
    )


def _sharers_leave(profile: Profile, living: Living, rng: Generator) -> pd.DataFrame:
    """Some of those who share a home leave it."""
    base = living.base
    rows = np.flatnonzero(base["role"].eq("sharer").to_numpy() & living.settled)
    on = _any_days(profile, len(rows), rng)
    goes = _goes(_SHARER_GOES, len(rows), rng)
    lives = living.alive(on, rows)
    return _place(living, base.index.to_numpy()[rows[lives]], on[lives], goes[lives], rng)


def _households_go(
    profile: Profile, living: Living, among: np.ndarray, rng: Generator
) -> pd.DataFrame:
    """Whole households leave the county."""
    base = living.base
    household = base["household"].to_numpy()
    fit = np.ones(living.first_unit, dtype=bool)
    still = base["moved_on"].isna().to_numpy() & living.settled & among
    fit[household[~still]] = False
    goes = fit & (rng.random(len(fit)) < _HOUSEHOLD_GOES)
    on = _any_days(profile, len(fit), rng)
    rows = np.flatnonzero(goes[household])
    # Who is born later is born elsewhere.
    day = np.maximum(on[household[rows]], base["born"].to_numpy()[rows])
    return _events(base.index.to_numpy()[rows], day, AWAY, AWAY, "head")
