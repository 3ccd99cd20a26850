"""Which residents harm whom: partners, former partners, parents, children, siblings.

A couple is an ordered pair: who is harmed, and by whom. Couples are taken from the residents as
they live, so that households, ages, moves and deaths stay true of them. About three victims in
four are female (ONS, *Domestic abuse victim characteristics, England and Wales*); the rest of the
mix is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.draws import add_days, ages_on, as_days, days_between
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile

ADULT = 16  # the Domestic Abuse Act 2021 counts people from that age

# Shares of couples by where they come from.
_SHARES = {"together": 0.38, "apart": 0.36, "by_child": 0.13, "by_parent": 0.07, "siblings": 0.06}
_COUPLES_AN_INCIDENT = 0.58
_FEMALE_VICTIM = 0.80  # of couples of a woman and a man
_SAME_SEX_APART = 0.03
_BOTH_WAYS = 0.03  # of couples in whom either is recorded as harming the other

# Weights of deprivation quintiles 1 (most deprived) to 5, and of ages.
_BY_QUINTILE = np.array([1.9, 1.35, 1.0, 0.75, 0.55])
_AGE_LIMITS = (0, 16, 25, 35, 45, 55, 65, 75)
_BY_AGE = np.array([0.0, 1.3, 1.5, 1.3, 1.0, 0.6, 0.25, 0.12])

_WITH_CHILDREN = 1.8  # the weight of households of parents with children, as a multiple

_SEPARATES = 0.30  # of couples who live together, in the window
_SEPARATED_APART = 0.85  # of couples who do not
_MOVES_OUT = 0.75  # of those who separate from a shared home

# Robinson, Clancy and Hanks (2014), *Prevalence and characteristics of serial domestic abuse
# perpetrators*: between 4% and 20% of perpetrators by agency.
_SERIAL = 0.14
_SERIAL_AGAIN = 0.30
_DAYS_BETWEEN = 150.0


@dataclass(frozen=True)
class Pool:
    """Candidates of one kind: pairs of people, and what the second is to the first."""

    victim: np.ndarray
    perpetrator: np.ndarray
    kind: str


def draw_couples(
    profile: Profile,
    residents: pd.DataFrame,
    dwellings: pd.DataFrame,
    rng: Generator,
    always: np.ndarray,
) -> pd.DataFrame:
    """Draw the couples of Worcestershire among whom incidents may happen.

    Parameters
    ----------
    residents, dwellings : pandas.DataFrame
        See `woda_lib.synthetic.population.make_population`.
    always : numpy.ndarray of bool
        Residents who are drawn wherever they are candidates.

    Returns
    -------
    pandas.DataFrame
        ``victim, perpetrator, kind, since, separated_on`` as in `Histories`; ``begins, ends``, the
        days between which incidents may happen; ``moves_out``, whether the perpetrator leaves a
        shared home on the day of separation.
    """
    wanted = profile.incidents_a_year * (profile.months / 12) * _COUPLES_AN_INCIDENT
    people = _people_here(profile, residents, dwellings, always)
    chosen = [
        _choose(pool, people, int(wanted * share), rng)
        for pool, share in _pools(people, wanted, rng)
    ]
    couples = pd.concat(
        [
            pd.DataFrame({"victim": v, "perpetrator": p, "kind": kind, "together": together})
            for v, p, kind, together in chosen
        ],
        ignore_index=True,
    )
    couples = _date(couples, profile, rng)
    couples = _add_serial(couples, people, profile, rng)
    couples = _add_both_ways(couples, rng)
    return _within_lives(couples, people, profile)


def _people_here(
    profile: Profile, residents: pd.DataFrame, dwellings: pd.DataFrame, always: np.ndarray
) -> pd.DataFrame:
    """Residents of private households, with the weight by which they come into incidents."""
    here = residents["county"].eq(COUNTIES[0]) & residents["role"].ne("care_home")
    people = residents.loc[here, ["household", "role", "kind", "female", "died", "moved_on"]].copy()
    born = as_days(residents["born"])[here]
    middle = profile.opens + (profile.as_of - profile.opens) // 2
    people["age"] = ages_on(born, middle)
    people["adult_on"] = add_days(born, np.full(len(born), round(ADULT * 365.25)))
    quintile = dwellings["deprivation_quintile"].to_numpy()[residents.loc[here, "dwelling"]]
    band = np.searchsorted(_AGE_LIMITS, np.maximum(people["age"], 0), side="right") - 1
    families = np.where(people["kind"].isin(["family", "lone_parent"]), _WITH_CHILDREN, 1.0)
    people["weight"] = _BY_QUINTILE[quintile - 1] * _BY_AGE[band] * families
    people["always"] = always[here.to_numpy()]
    return people


def _pools(people: pd.DataFrame, wanted: float, rng: Generator) -> list[tuple[Pool, float]]:
    """Every kind of candidates, with the share of couples that it gives."""
    members = people.reset_index(names="person")
    head = members.loc[members["role"].eq("head")].set_index("household")["person"]
    with_head = members.loc[members["role"].ne("head")].assign(
        head=lambda rows: head.reindex(rows["household"]).to_numpy()
    )
    partners = with_head.loc[with_head["role"].eq("partner")]
    first, second = partners["head"].to_numpy(), partners["person"].to_numpy()
    children = with_head.loc[with_head["role"].eq("child") & with_head["age"].ge(ADULT)]
    elders = with_head.loc[with_head["role"].eq("elder")]
    child, parent = children["person"].to_numpy(), children["head"].to_numpy().copy()
    # Either parent, the mother more often.
    other = partners.set_index("household")["person"].reindex(children["household"]).to_numpy()
    parent_is_woman = people["female"].loc[parent].to_numpy()
    turns = ~np.isnan(other) & (rng.random(len(child)) < np.where(parent_is_woman, 0.3, 0.7))
    parent[turns] = other[turns]
    siblings = children.merge(children, on="household", suffixes=("", "_2"))
    siblings = siblings.loc[siblings["person"] < siblings["person_2"]]
    return [
        (_who_is_harmed(first, second, "partner", people, rng), _SHARES["together"]),
        (_pair_singles(people, int(wanted * _SHARES["apart"]), rng), _SHARES["apart"]),
        (
            Pool(
                np.concatenate([parent, elders["person"]]),
                np.concatenate([child, elders["head"]]),
                "child",
            ),
            _SHARES["by_child"],
        ),
        (Pool(child, parent, "parent"), _SHARES["by_parent"]),
        (
            _who_is_harmed(
                siblings["person"].to_numpy(),
                siblings["person_2"].to_numpy(),
                "sibling",
                people,
                rng,
            ),
            _SHARES["siblings"],
        ),
    ]


def _who_is_harmed(
    first: np.ndarray, second: np.ndarray, kind: str, people: pd.DataFrame, rng: Generator
) -> Pool:
    women = people["female"].loc[first].to_numpy(), people["female"].loc[second].to_numpy()
    chance = np.where(
        women[0] == women[1], 0.5, np.where(women[0], _FEMALE_VICTIM, 1 - _FEMALE_VICTIM)
    )
    is_first = rng.random(len(first)) < chance
    return Pool(np.where(is_first, first, second), np.where(is_first, second, first), kind)


def _singles(people: pd.DataFrame, taken: np.ndarray) -> pd.DataFrame:
    """Adults who live without a partner."""
    alone = people["kind"].isin(["lone_younger", "lone_parent", "shared", "lone_older"])
    alone &= people["role"].ne("child")
    grown = people["role"].eq("child") & people["age"].ge(18)
    return people.loc[(alone | grown) & ~people.index.isin(taken)]


def _pair_singles(people: pd.DataFrame, wanted: int, rng: Generator) -> Pool:
    """Pair people who do not live together, near each other in age."""
    singles = _singles(people, np.array([], dtype=np.int64))
    ranked = singles.iloc[_race(singles["weight"], singles["always"], rng)]
    women, men = ranked.loc[ranked["female"]], ranked.loc[~ranked["female"]]
    n = min(wanted, len(women), len(men))
    woman, man = (_by_age(side.iloc[:n], rng) for side in (women, men))
    n_same = int(n * _SAME_SEX_APART) // 2 * 2
    at = np.sort(rng.permutation(n)[:n_same])
    kept = np.setdiff1d(np.arange(n), at)
    # Neighbours in age of the same sex, side by side.
    first = np.concatenate([woman[kept], woman[at][::2], man[at][::2]])
    second = np.concatenate([man[kept], woman[at][1::2], man[at][1::2]])
    return _who_is_harmed(first, second, "partner", people, rng)


def _by_age(side: pd.DataFrame, rng: Generator) -> np.ndarray:
    return side.index.to_numpy()[np.argsort(side["age"].to_numpy() + rng.normal(0, 3, len(side)))]


def _race(weight: pd.Series, always: pd.Series, rng: Generator) -> np.ndarray:
    """Positions in the order in which a draw without replacement by weight would take them."""
    with np.errstate(divide="ignore"):
        arrives = rng.exponential(1.0, len(weight)) / weight.to_numpy()
    return np.argsort(np.where(always, -1.0, arrives), kind="stable")


def _choose(
    pool: Pool, people: pd.DataFrame, wanted: int, rng: Generator
) -> tuple[np.ndarray, np.ndarray, str, bool]:
    """Take the couples of a pool that are wanted, by the weights of the person harmed."""
    victim, other = people.loc[pool.victim], people.loc[pool.perpetrator]
    able = victim["age"].gt(ADULT - 1).to_numpy() & other["age"].gt(ADULT - 1).to_numpy()
    # A parent's own age says little about a quarrel with a grown child.
    younger = np.where(pool.kind in ("child", "parent"), other["weight"], victim["weight"])
    weight = pd.Series(np.maximum(younger, victim["weight"].to_numpy()) * able)
    always = pd.Series(victim["always"].to_numpy() | other["always"].to_numpy())
    at = _race(weight, always & able, rng)[: min(wanted, int(able.sum()))]
    household = people["household"]
    v, p = pool.victim[at], pool.perpetrator[at]
    together = household.loc[v].to_numpy() == household.loc[p].to_numpy()
    return v, p, pool.kind, together


def _date(couples: pd.DataFrame, profile: Profile, rng: Generator) -> pd.DataFrame:
    """When each couple began, and when those who separate do."""
    n = len(couples)
    window = int(days_between(profile.opens, profile.as_of))
    partners = couples["kind"].eq("partner").to_numpy()
    together = couples["together"].to_numpy(dtype=bool)
    separates = partners & (rng.random(n) < np.where(together, _SEPARATES, _SEPARATED_APART))
    # A couple that lives apart may have separated before the window opens.
    earliest = np.where(together, 30, -365)
    at = np.floor(earliest + rng.random(n) * (window - earliest))
    separated = np.where(separates, add_days(profile.opens, at), NOT_A_DAY)
    begins = np.where(separates, separated, np.full(n, profile.opens))
    mean = np.where(together, 2_500, 700)
    since = add_days(begins, -90 - np.floor(rng.exponential(mean)))
    return couples.assign(
        kind=np.where(separated < profile.opens, "former_partner", couples["kind"]),
        since=since,
        separated_on=separated,
        moves_out=separates & together & (rng.random(n) < _MOVES_OUT),
    )


def _add_serial(
    couples: pd.DataFrame, people: pd.DataFrame, profile: Profile, rng: Generator
) -> pd.DataFrame:
    """Give some perpetrators a later partner, once they have separated, and a few another yet."""
    partners = couples["kind"].isin(["partner", "former_partner"])
    able = couples.loc[partners & ~couples["perpetrator"].duplicated(keep=False)]
    chosen = able.loc[rng.random(len(able)) < _SERIAL].copy()
    window = int(days_between(profile.opens, profile.as_of))
    # Whoever goes on to another partner has left the one before, early enough for the next.
    stays = chosen["separated_on"].isna() | chosen["separated_on"].gt(
        pd.Timestamp(profile.opens) + pd.Timedelta(days=int(0.6 * window))
    )
    early = add_days(profile.opens, np.floor(rng.random(int(stays.sum())) * 0.6 * window))
    chosen.loc[stays, "separated_on"] = early
    chosen.loc[stays, "since"] = np.minimum(as_days(chosen.loc[stays, "since"]), early)
    couples = couples.copy()
    couples.loc[chosen.index, ["since", "separated_on"]] = chosen[["since", "separated_on"]]
    rounds = [couples]
    taken = np.union1d(couples["victim"], couples["perpetrator"])
    before = chosen
    for _ in range(2):
        later = _next_partners(before, people, taken, profile, rng)
        rounds.append(later)
        taken = np.union1d(taken, later["victim"])
        ended = later["separated_on"].notna().to_numpy()
        before = later.loc[ended & (rng.random(len(later)) < _SERIAL_AGAIN)]
    return pd.concat(rounds, ignore_index=True)


def _next_partners(
    before: pd.DataFrame,
    people: pd.DataFrame,
    taken: np.ndarray,
    profile: Profile,
    rng: Generator,
) -> pd.DataFrame:
    """The next partner of each perpetrator: of the sex of the one before, near in age."""
    free = _singles(people, taken)
    free = free.loc[free["age"].between(ADULT + 2, 65)]
    wants_woman = people["female"].loc[before["victim"]].to_numpy()
    parts = []
    for woman in (True, False):
        asks = before.loc[wants_woman == woman]
        side = free.loc[free["female"].eq(woman)]
        n = min(len(asks), len(side))
        asks = asks.iloc[np.argsort(people["age"].loc[asks["perpetrator"]].to_numpy())][:n]
        found = side.iloc[_race(side["weight"], side["always"] & False, rng)[:n]]
        parts.append(asks.assign(victim=_by_age(found, rng)))
    later = pd.concat(parts, ignore_index=True)
    n = len(later)
    gap = 14 + np.floor(rng.exponential(_DAYS_BETWEEN, n))
    since = np.maximum(add_days(as_days(later["separated_on"]), gap), profile.opens - 300)
    lasts = add_days(since, 60 + np.floor(rng.exponential(400.0, n)))
    separated = np.where((rng.random(n) < 0.7) & (lasts < profile.as_of), lasts, NOT_A_DAY)
    return later.assign(
        kind="partner", together=False, since=since, separated_on=separated, moves_out=False
    )


def _add_both_ways(couples: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Couples in whom the other is recorded as harming too."""
    chosen = couples.loc[rng.random(len(couples)) < _BOTH_WAYS]
    turned = {"parent": "child", "child": "parent"}
    reverse = chosen.assign(
        victim=chosen["perpetrator"],
        perpetrator=chosen["victim"],
        kind=chosen["kind"].replace(turned),
        moves_out=False,
    )
    together = pd.concat([couples, reverse], ignore_index=True)
    return together.drop_duplicates(["victim", "perpetrator"], ignore_index=True)


def _within_lives(couples: pd.DataFrame, people: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Add the days between which incidents may happen: both grown up, alive and in contact."""
    sides = [people.loc[couples[side]] for side in ("victim", "perpetrator")]
    grown = np.maximum(*(as_days(side["adult_on"]) for side in sides))
    died = np.fmin(*(as_days(side["died"]) for side in sides))
    begins = np.maximum(np.maximum(as_days(couples["since"]), grown), profile.opens - 365)
    ends = np.fmin(np.full(len(couples), profile.last_day + 1), died)
    lives = begins < ends
    couples = couples.assign(begins=begins, ends=ends)
    stays = as_days(sides[1]["moved_on"])
    couples["moves_out"] &= np.isnat(stays)
    return couples.loc[lives].reset_index(drop=True)
