"""Households as a table, without a county: features and outcomes of the planted mechanism, fast.

Each household has a strain that nobody sees. It shows, through noise, in what services write down;
what is written down at one date mostly is at the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng
from scipy.optimize import brentq
from scipy.special import ndtri

from woda_lib.synthetic.complex_dependencies.groups import draw_groups
from woda_lib.synthetic.complex_dependencies.living import draw_living
from woda_lib.synthetic.complex_dependencies.mechanism import (
    KNOWS,
    NEEDS,
    SERVICES,
    found,
    hazards,
    two_or_more,
)

DATES: Final[tuple[tuple[str, str], ...]] = (
    ("2022-03-31", "train"),
    ("2022-09-30", "train"),
    ("2023-09-30", "test"),
    ("2024-03-31", "watch"),
    ("2025-03-31", "score"),
)
"""The index dates with their splits."""

FEATURES: Final = (
    "people",
    "children",
    "under_fives",
    "lone_parent",
    "deprivation",
    "moves",
    "months_here",
    "kind",
    *NEEDS,
    "police_contacts",
    "domestic_contacts",
    "absence_terms",
    "suspended_days",
    "arrears_notices",
    "possession_notices",
    "charity_spells",
    "early_help_open",
    "childrens_services_open",
    "mental_health_open",
    "substance_misuse_open",
    "benefit_open",
    "statutory_12m",
    "months_since_statutory",
    *KNOWS,
)
"""Columns of the features, in order; numbers but for `kind`, a category."""

_SHIFTED: Final = ("watch", "score")
_NEW_A_YEAR: Final = 0.08  # of households: they come to the county, and as many leave
_STAYS: Final = 0.7  # what is left of a household's own after strain: its correlation by date
_POORER_STRAIN: Final = 0.22  # by fifth of deprivation, in standard deviations

# Levels are those of the made-up county (docs/made_up_dependencies.md).
# Share of households in which each is so, and how strongly it goes by strain (a correlation).
_YES_NO: Final[Mapping[str, tuple[float, float]]] = {
    "health": (0.135, 0.35),
    "substances": (0.010, 0.55),
    "relationships": (0.006, 0.50),
    "crime": (0.027, 0.60),
    "housing": (0.038, 0.50),
    "money": (0.118, 0.50),
    "mental_health_open": (0.028, 0.45),
    "benefit_open": (0.062, 0.45),
    "knows_care": (0.040, 0.35),
    "knows_health": (0.150, 0.40),
    "knows_charity": (0.020, 0.50),
    "knows_landlord": (0.140, 0.40),
    "knows_fire": (0.014, 0.15),
}
# The same, of households with children.
_OF_CHILDREN: Final[Mapping[str, tuple[float, float]]] = {
    "education": (0.26, 0.40),
    "early_years": (0.020, 0.40),
    "abuse": (0.024, 0.60),
    "early_help_open": (0.019, 0.50),
    "childrens_services_open": (0.029, 0.60),
}
# Mean number a year in a household, and how strongly it goes by strain.
_COUNTS: Final[Mapping[str, tuple[float, float]]] = {
    "police_contacts": (0.067, 1.05),
    "arrears_notices": (0.195, 0.95),
    "possession_notices": (0.020, 1.05),
    "charity_spells": (0.026, 0.80),
}
_COUNTS_OF_CHILDREN: Final[Mapping[str, tuple[float, float]]] = {
    "absence_terms": (0.600, 0.60),
    "suspended_days": (0.310, 1.00),
}
_MORE_NOTICES: Final = 1.5  # times as many more, where the threshold is lowered


@dataclass(frozen=True)
class MadeUp:
    """Households on the index dates.

    Attributes
    ----------
    spine : pandas.DataFrame
        ``household_id, index_date, split, uprn, kind, people`` and the groups ``ethnicity, sex,
        age, deprivation, services``.
    features : pandas.DataFrame
        ``household_id, index_date`` and a column a feature.
    outcomes : pandas.DataFrame
        ``household_id, index_date``, whether each service is seen to step in, ``services_new`` and
        ``happened``; no rows of the split *score*, whose year is not over.
    oracle : pandas.DataFrame
        ``household_id, index_date, risk``: the chance of ``happened``, by the mechanism.
    needed : pandas.DataFrame
        As `outcomes`, of what was needed, whether anybody saw it or not.
    """

    spine: pd.DataFrame
    features: pd.DataFrame
    outcomes: pd.DataFrame
    oracle: pd.DataFrame
    needed: pd.DataFrame


def draw_households(
    n: int, seed: int, *, signal: float = 1.0, coverage: float = 1.0, shift: float = 0.0
) -> MadeUp:
    """Draw households on each of the five index dates.

    Parameters
    ----------
    n
        Households a date. From date to date some leave and as many come.
    seed
    signal
        How strongly features tell of what comes (on log rates). At 0 they tell nothing, not even by
        coverage; the share of households in which it happens stays.
    coverage
        How far being found goes by how many services know a household; see `mechanism.found`.
    shift
        From the split *watch* on, by what share of 1.5 there are more notices of arrears, and more
        weight to a notice of possession.
    """
    rng = default_rng([seed, 13])
    living = _come_and_go(n, rng)
    everybody = int(living[-1].max()) + 1
    homes = draw_living(everybody, rng)
    groups = draw_groups(homes, rng)
    strain = rng.normal(size=everybody) + _POORER_STRAIN * (3 - homes["deprivation"].to_numpy())
    strain /= np.sqrt(1 + 2 * _POORER_STRAIN**2)
    latent = {name: rng.normal(size=everybody).astype(np.float32) for name in _DRAWN}
    parts, names = [], np.char.add("H", np.char.zfill(np.arange(everybody).astype(str), 7))
    names = names.astype(object)
    for (day, split), who in zip(DATES, living, strict=True):
        moved = shift if split in _SHIFTED else 0.0
        features = _features(homes.iloc[who], strain[who], who, latent, moved, day, rng)
        head = pd.DataFrame(
            {
                "household_id": names[who],
                "index_date": pd.Timestamp(day).as_unit("ns"),
                "split": split,
            }
        )
        parts.append((head, features, groups.iloc[who], moved))
    return _assembled(parts, signal, coverage, rng)


_DRAWN: Final = (*_YES_NO, *_OF_CHILDREN, *_COUNTS, *_COUNTS_OF_CHILDREN)


def _come_and_go(n: int, rng: Generator) -> list[np.ndarray]:
    """Who lives in the county on each date, by number."""
    days = np.array([day for day, _ in DATES], dtype="datetime64[D]")
    years = np.diff(days).astype(float) / 365.25
    living = [np.arange(n)]
    for gap in years:
        now = living[-1].copy()
        gone = np.flatnonzero(rng.random(n) < 1 - np.exp(-_NEW_A_YEAR * gap))
        now[gone] = now.max() + 1 + np.arange(len(gone))
        living.append(now)
    return living


def _features(
    homes: pd.DataFrame,
    strain: np.ndarray,
    who: np.ndarray,
    latent: Mapping[str, np.ndarray],
    shift: float,
    day: str,
    rng: Generator,
) -> pd.DataFrame:
    """The features of one date."""
    n = len(who)
    child = homes["children"].to_numpy() > 0

    def noise(name: str) -> np.ndarray:
        fresh = rng.standard_normal(n, dtype=np.float32)
        return np.sqrt(_STAYS) * latent[name][who] + np.sqrt(1 - _STAYS) * fresh

    def yes(name: str, share: float, by: float) -> np.ndarray:
        seen = by * strain + np.sqrt(1 - by**2) * noise(name)
        return (seen > ndtri(1 - share)).astype(float)

    def count(name: str, mean: float, by: float) -> np.ndarray:
        rate = mean * np.exp(by * strain + 0.5 * noise(name) - (by**2 + 0.25) / 2)
        return rng.poisson(rate).astype(float)

    f = {name: yes(name, *how) for name, how in _YES_NO.items()}
    f |= {name: child * yes(name, *how) for name, how in _OF_CHILDREN.items()}
    f["early_years"] *= homes["under_fives"].to_numpy() > 0
    more = {"arrears_notices": 1 + _MORE_NOTICES * shift}
    f |= {name: count(name, mean * more.get(name, 1.0), by) for name, (mean, by) in _COUNTS.items()}
    f |= {name: child * count(name, *how) for name, how in _COUNTS_OF_CHILDREN.items()}
    f["absence_terms"] = np.minimum(f["absence_terms"], 3 * homes["children"].to_numpy())
    f["domestic_contacts"] = rng.binomial(f["police_contacts"].astype(int), 0.24).astype(float)
    # What follows from something else that is known.
    f["domestic_abuse"] = (f["domestic_contacts"] > 0).astype(float)
    f["substance_misuse_open"] = f["substances"] * (rng.random(n) < 0.7)
    f["knows_police"] = (f["police_contacts"] > 0).astype(float)
    helped = np.maximum(f["early_help_open"], f["childrens_services_open"])
    f["knows_care"] = np.maximum(f["knows_care"], helped)
    f["knows_charity"] = np.maximum(f["knows_charity"], f["charity_spells"] > 0)
    f["knows_health"] = np.maximum(f["knows_health"], f["mental_health_open"])
    f["knows_benefits"] = f["benefit_open"]
    frame = pd.DataFrame(f, index=homes.index)
    for name in ("people", "children", "under_fives", "lone_parent", "deprivation"):
        frame[name] = homes[name].to_numpy(float)
    frame["kind"] = homes["kind"]
    frame["moves"] = rng.poisson(0.075 * np.exp(0.3 * strain)).astype(float)
    here = homes["came"].to_numpy() + (np.datetime64(day) - np.datetime64(DATES[0][0])).astype(int)
    frame["months_here"] = np.where(
        frame["moves"] > 0, rng.integers(0, 24, n), np.maximum(here / 30.4, 0.0)
    ).round(1)
    return _with_history(frame, shift, rng).reset_index(drop=True)


def _with_history(frame: pd.DataFrame, shift: float, rng: Generator) -> pd.DataFrame:
    """Add steps of the past, at the rates of the present: what stands is what stood."""
    before = frame.assign(months_since_statutory=np.nan, statutory_12m=0.0)
    rate = hazards(before, shift=shift).mul(found(before), axis=0).sum(axis=1).to_numpy()
    frame["statutory_12m"] = rng.poisson(rate).astype(float)
    older = rng.exponential(1.0, len(frame)) / rate * 12 + 12
    newest = 12 * rng.beta(1.0, np.maximum(frame["statutory_12m"], 1.0))
    since = np.where(frame["statutory_12m"] > 0, newest, older)
    # Sharing knows no further back than three years.
    frame["months_since_statutory"] = np.where(since <= 36, np.round(since, 1), np.nan)
    return frame[list(FEATURES)]


def _assembled(
    parts: list[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, float]],
    signal: float,
    coverage: float,
    rng: Generator,
) -> MadeUp:
    """Draw what comes of it, and put the dates together."""
    rates = [hazards(features, shift=moved) for _, features, _, moved in parts]
    shares = [found(features, coverage=coverage) for _, features, _, _ in parts]
    if signal != 1.0:
        rates, shares = _weakened(rates, shares, signal)
    head = pd.concat([part[0] for part in parts], ignore_index=True)
    features = pd.concat([part[1] for part in parts], ignore_index=True)
    groups = pd.concat([part[2] for part in parts], ignore_index=True)
    need = pd.concat(rates, ignore_index=True)
    seen = need.mul(np.concatenate(shares), axis=0)
    keys = head[["household_id", "index_date"]]
    # A step that is needed is seen, or not: both come of one draw.
    chance = rng.random(need.shape)
    over = head["split"].ne("score").to_numpy()
    known = np.minimum(features[list(KNOWS)].sum(axis=1).to_numpy(int), 4)
    services = np.array(["0", "1", "2", "3", "4 or more"], dtype=object)[known]
    return MadeUp(
        spine=pd.concat([head, groups.assign(services=services)], axis=1),
        features=pd.concat([keys, features], axis=1),
        outcomes=_came(keys, seen, chance, over),
        oracle=keys.assign(risk=two_or_more(seen)),
        needed=_came(keys, need, chance, over),
    )


def _came(
    keys: pd.DataFrame, rates: pd.DataFrame, chance: np.ndarray, over: np.ndarray
) -> pd.DataFrame:
    came = pd.DataFrame(chance < 1 - np.exp(-rates.to_numpy()), columns=list(SERVICES))
    new = came.sum(axis=1)
    table = pd.concat([keys, came.assign(services_new=new, happened=new.ge(2))], axis=1)
    return table.loc[over].reset_index(drop=True)


def _weakened(
    rates: list[pd.DataFrame], shares: list[np.ndarray], signal: float
) -> tuple[list[pd.DataFrame], list[np.ndarray]]:
    """Draw rates together towards one a service, so that as many households are hit as before."""
    need, share = np.log(rates[0].to_numpy()), shares[0]
    target = float(two_or_more(rates[0].mul(share, axis=0)).mean())
    middle, usual = need.mean(axis=0), float(share.mean())

    def weak(log_rates: np.ndarray, level: float) -> np.ndarray:
        return np.exp(level + middle + signal * (log_rates - middle))

    def off(level: float) -> float:
        seen = weak(need, level) * (usual + signal * (share - usual))[:, None]
        return float(two_or_more(pd.DataFrame(seen)).mean()) - target

    level = brentq(off, -3.0, 3.0, xtol=1e-4)
    weaker = [
        pd.DataFrame(weak(np.log(one.to_numpy()), level), columns=one.columns) for one in rates
    ]
    return weaker, [usual + signal * (one - usual) for one in shares]
