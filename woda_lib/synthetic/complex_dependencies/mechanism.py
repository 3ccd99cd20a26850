"""What makes statutory services step in, as planted: yearly rates of each from a home's features.

A rate is a base times e to the sum of weighted terms. Some terms are products or curves, so that
no straight line through the features is the truth. Ethnicity and sex are in none of them.

What is *needed* is not what is *recorded*: of the steps that a home needs, services take those that
they come to hear of, and they hear more of homes that more of them know (`found`). A model that
learns from records learns that too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

SERVICES: Final = (
    "childrens_social_care",
    "housing",
    "mental_health",
    "youth_justice",
    "school_attendance",
)
"""The services of `woda_lib.partners.datasets.notices.STATUTORY`, in its order."""

KNOWS: Final = (
    "knows_health",
    "knows_care",
    "knows_police",
    "knows_charity",
    "knows_landlord",
    "knows_fire",
    "knows_benefits",
)
NEEDS: Final = (
    "education",
    "early_years",
    "health",
    "substances",
    "relationships",
    "abuse",
    "crime",
    "domestic_abuse",
    "housing",
    "money",
)

_BASE: Final[Mapping[str, float]] = {
    "childrens_social_care": 0.134,
    "housing": 0.076,
    "mental_health": 0.053,
    "youth_justice": 0.053,
    "school_attendance": 0.123,
}
# Weights on log rates. `police`, `history` and the two products are made in `_terms`.
_ALL: Final[Mapping[str, float]] = {"police": 0.66, "history": 0.79, "poorer": 0.12}
_OWN: Final[Mapping[str, Mapping[str, float]]] = {
    "childrens_social_care": {
        "no_child": -1.3,
        "many_children": 0.16,
        "lone_parent": 0.22,
        "abuse": 0.62,
        "early_years": 0.31,
        "domestic_abuse": 0.35,
        "substances": 0.44,
        "relationships": 0.26,
        "childrens_services_open": 0.53,
        "early_help_open": 0.31,
        "domestic_with_under_fives": 0.53,
    },
    "housing": {
        "lone_parent": 0.18,
        "housing": 0.4,
        "money": 0.31,
        "benefit_open": 0.26,
        "moves": 0.18,
        "arrears": 0.14,
        "possession": 0.4,
        "arrears_with_possession": 0.26,
        "domestic_abuse": 0.26,
    },
    "mental_health": {
        "health": 0.26,
        "mental_health_open": 0.84,
        "substances": 0.53,
        "substance_misuse_open": 0.26,
        "one_person": 0.26,
        "money": 0.13,
    },
    "youth_justice": {
        "no_child": -1.2,
        "many_children": 0.13,
        "crime": 0.66,
        "suspended": 0.31,
        "absent_terms": 0.18,
        "education": 0.18,
        "substances": 0.22,
    },
    "school_attendance": {
        "no_child": -1.4,
        "many_children": 0.19,
        "absent_terms": 0.44,
        "education": 0.4,
        "suspended": 0.18,
        "money": 0.13,
        "domestic_abuse": 0.18,
    },
}
_MOST: Final = 1.5  # a year
_NEUTRAL: Final[Mapping[str, float]] = {"people": 2.0, "deprivation": 3.0}

# Share of needed steps that are taken and written down, by how many services know a home; and of
# every home's if being known did not matter, so that about as much is recorded in all.
_FOUND: Final = (0.46, 0.62, 0.75, 0.85, 0.92, 0.96, 0.98, 0.99)
_FOUND_EVENLY: Final = 0.61
_FADES: Final = 6.0  # months


def _terms(features: pd.DataFrame) -> dict[str, np.ndarray]:
    """What stands in the sums, by name; a feature that nobody knows counts as its usual value."""

    def of(name: str) -> np.ndarray:
        return np.nan_to_num(features[name].to_numpy(float), nan=_NEUTRAL.get(name, 0.0))

    since = features["months_since_statutory"].to_numpy(float)
    children, arrears, possession = of("children"), of("arrears_notices"), of("possession_notices")
    named = ("lone_parent", "early_help_open", "childrens_services_open", "mental_health_open")
    plain = {name: of(name) for name in (*NEEDS, *named, "substance_misuse_open", "benefit_open")}
    return {
        **plain,
        "no_child": (children == 0).astype(float),
        "many_children": np.clip(children - 1, 0, 3),
        "one_person": (of("people") == 1).astype(float),
        "poorer": 3.0 - of("deprivation"),
        "moves": np.clip(of("moves"), 0, 3),
        "suspended": np.sqrt(np.clip(of("suspended_days"), 0, 16)),
        "absent_terms": np.clip(of("absence_terms"), 0, 3),
        "arrears": np.clip(arrears, 0, 4),
        "possession": np.clip(possession, 0, 2),
        "arrears_with_possession": np.clip(arrears, 0, 3) * np.clip(possession, 0, 2),
        "domestic_with_under_fives": np.clip(of("domestic_contacts"), 0, 3)
        * (of("under_fives") > 0),
        # The tenth contact with police says little more than the third.
        "police": 1 - np.exp(-of("police_contacts") / 1.5),
        "history": np.exp(-np.nan_to_num(since, nan=np.inf) / _FADES)
        * (1 + 0.25 * np.clip(of("statutory_12m") - 1, 0, 3)),
    }


def hazards(features: pd.DataFrame, *, shift: float = 0.0) -> pd.DataFrame:
    """Return the yearly rates at which a home comes to need each service.

    Parameters
    ----------
    features
        A row a home and day, with the names of the pilot's features; `kind`, `months_here` and the
        `knows_*` are not asked for.
    shift
        By what share a notice of possession weighs more than it did; 1 doubles its weight.

    Returns
    -------
    DataFrame
        A column a service of `SERVICES`, steps a year, with the index of `features`.
    """
    terms = _terms(features)
    shared = sum(weight * terms[name] for name, weight in _ALL.items())
    rates = {}
    for service in SERVICES:
        weights = dict(_OWN[service])
        if "possession" in weights:
            weights["possession"] *= 1 + shift
        own = sum(weight * terms[name] for name, weight in weights.items())
        rates[service] = np.minimum(_BASE[service] * np.exp(shared + own), _MOST)
    return pd.DataFrame(rates, index=features.index)


def found(features: pd.DataFrame, *, coverage: float = 1.0) -> np.ndarray:
    """Return the share of needed steps that services hear of and write down, for each row.

    Parameters
    ----------
    features
        With the columns of `KNOWS`; one that is missing counts as not known.
    coverage
        1 as planted; 0 if being known to services mattered to nobody.
    """
    known = np.nan_to_num(features[list(KNOWS)].to_numpy(float)).sum(axis=1).astype(int)
    return _FOUND_EVENLY + coverage * (np.array(_FOUND)[known] - _FOUND_EVENLY)


def recorded(features: pd.DataFrame, *, coverage: float = 1.0, shift: float = 0.0) -> pd.DataFrame:
    """Return the yearly rates at which each service is seen to step in: those needed and found."""
    return hazards(features, shift=shift).mul(found(features, coverage=coverage), axis=0)


def two_or_more(rates: pd.DataFrame, *, years: float = 1.0) -> np.ndarray:
    """Return the chance that two services or more step in within so many years.

    Parameters
    ----------
    rates
        Steps a year, a column a service; constant, and independent of one another.
    """
    none = np.exp(-rates.to_numpy(float) * years)
    nobody = none.prod(axis=1)
    just_one = nobody * np.expm1(rates.to_numpy(float) * years).sum(axis=1)
    return np.clip(1 - nobody - just_one, 0.0, 1.0)


def risk(features: pd.DataFrame, *, coverage: float = 1.0, shift: float = 0.0) -> np.ndarray:
    """Return the chance that two services or more are seen to step in within a year.

    What knows the mechanism and sees the features of the day would say: the oracle.
    """
    return two_or_more(recorded(features, coverage=coverage, shift=shift))
