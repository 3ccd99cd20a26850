"""What an incident was: the gravest offence, and what is true of it that a text may say.

About six incidents in ten are crimes: half were in the year to March 2018 (ONS: 599,549 of
1,198,094), and recording has become stricter since. The mix of offences is assumed, and so are the
rates of flags, which no force publishes. Flags hang together with the offence, with the couple and
with the person: drink belongs to somebody, control to a couple, strangulation to an incident.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.domestic_abuse.presence import expects_a_child
from woda_lib.synthetic.draws import as_days, days_between, take

CRIME_TYPES = tuple(CONTRACTS["police_incidents"].columns["crime_type"].codes)

# Weights by who the perpetrator is to the victim: partner, former partner, family.
_WEIGHTS = {
    "attempted_murder": (0.05, 0.05, 0.03),
    "grievous_bodily_harm_with_intent": (0.2, 0.1, 0.15),
    "grievous_bodily_harm": (0.6, 0.2, 0.4),
    "rape": (1.2, 1.2, 0.2),
    "sexual_assault": (0.6, 0.7, 0.3),
    "strangulation": (3.0, 1.3, 0.8),
    "actual_bodily_harm": (11.0, 4.0, 8.0),
    "common_assault": (27.0, 11.0, 24.0),
    "threats_to_kill": (0.8, 1.2, 1.2),
    "false_imprisonment": (0.4, 0.3, 0.1),
    "coercive_control": (4.5, 3.0, 1.0),
    "stalking": (0.5, 9.0, 0.4),
    "harassment": (2.0, 11.0, 3.5),
    "malicious_communications": (2.0, 8.0, 4.0),
    "criminal_damage": (5.0, 6.0, 9.0),
    "burglary": (0.1, 0.6, 0.4),
    "theft": (0.8, 1.4, 4.0),
    "breach_of_order": (0.6, 4.0, 0.6),
    "no_crime": (40.0, 33.0, 42.0),
}
_VIOLENT = (
    "attempted_murder", "grievous_bodily_harm_with_intent", "grievous_bodily_harm", "rape",
    "strangulation", "actual_bodily_harm", "common_assault", "threats_to_kill",
)  # fmt: skip
_SEVERITY_SPREAD = 0.5  # log scale, of couples

# What somebody or a couple brings to every incident: the share who do, and how often it shows.
_TRAITS = {"alcohol": (0.42, 0.62), "drugs": (0.22, 0.55), "mental_health": (0.30, 0.50)}
_OTHERWISE = 0.03
_CONTROLLING, _CONTROL_SHOWS = (0.30, 0.06), 0.55  # of partners, of family
_HONOUR, _HONOUR_SHOWS = 0.015, 0.70
_PETS, _PETS_SHOW = 0.06, 0.35

# The chance that an incident of an offence has a flag; elsewhere the last.
_BY_OFFENCE: dict[str, tuple[dict[str, float], float]] = {
    "strangulation": (
        {
            "strangulation": 1.0, "attempted_murder": 0.4, "grievous_bodily_harm_with_intent": 0.3,
            "grievous_bodily_harm": 0.3, "rape": 0.2, "actual_bodily_harm": 0.18,
            "common_assault": 0.05,
        },
        0.01,
    ),
    "weapons": (
        {
            "attempted_murder": 0.6, "grievous_bodily_harm_with_intent": 0.6,
            "grievous_bodily_harm": 0.4, "threats_to_kill": 0.3, "actual_bodily_harm": 0.14,
            "criminal_damage": 0.10, "common_assault": 0.05,
        },
        0.02,
    ),
    "threats_to_kill": (
        {"threats_to_kill": 1.0, "attempted_murder": 0.5, "harassment": 0.10, "stalking": 0.14},
        0.035,
    ),
    "stalking": ({"stalking": 1.0, "harassment": 0.35, "breach_of_order": 0.2}, 0.02),
    "sexual_violence": ({"rape": 1.0, "sexual_assault": 1.0, "coercive_control": 0.10}, 0.015),
}  # fmt: skip
_CHILD_HARM_PRESENT, _CHILD_HARM_OTHERWISE = 0.07, 0.008
_SUICIDAL_WITH_TRAIT, _SUICIDAL_OTHERWISE = 0.14, 0.035
_SEPARATION_SAID = 0.75
_SEPARATION_DAYS = (-30, 365)


def what_to_the_victim(couples: pd.DataFrame, couple: np.ndarray, day: np.ndarray) -> np.ndarray:
    """What the perpetrator of an incident is to the victim on that day."""
    kind = couples["kind"].to_numpy(dtype=object)[couple]
    parted = as_days(couples["separated_on"])[couple] <= day
    return np.where((kind == "partner") & parted, "former_partner", kind)


def draw_crime_types(
    couples: pd.DataFrame, couple: np.ndarray, kind: np.ndarray, rng: Generator
) -> np.ndarray:
    """Draw the gravest offence of each incident; some couples' are graver than others'."""
    column = np.select([kind == "partner", kind == "former_partner"], [0, 1], 2)
    weights = np.array([_WEIGHTS[name] for name in CRIME_TYPES]).T[column]
    severity = np.exp(rng.normal(0, _SEVERITY_SPREAD, len(couples)))[couple]
    weights[:, np.isin(CRIME_TYPES, _VIOLENT)] *= severity[:, None]
    bounds = np.cumsum(weights, axis=1)
    drawn = rng.random(len(couple)) * bounds[:, -1]
    return take(CRIME_TYPES, (drawn[:, None] > bounds).sum(axis=1))


def draw_flags(
    incidents: pd.DataFrame,
    couples: pd.DataFrame,
    kind: np.ndarray,
    residents: pd.DataFrame,
    rng: Generator,
) -> pd.DataFrame:
    """Draw what is true of each incident now, a boolean column a flag."""
    n = len(incidents)
    couple = incidents["couple"].to_numpy()
    crime = incidents["crime_type"]
    day = as_days(incidents["occurred_at"])
    intimate = np.isin(kind, ["partner", "former_partner"])
    persons, who = np.unique(incidents["perpetrator"].to_numpy(), return_inverse=True)
    flags: dict[str, np.ndarray] = {}
    for name, (by_offence, otherwise) in _BY_OFFENCE.items():
        chance = crime.map(by_offence).fillna(otherwise).to_numpy()
        flags[name] = rng.random(n) < chance
    has: dict[str, np.ndarray] = {}
    for name, (share, shows) in _TRAITS.items():
        has[name] = (rng.random(len(persons)) < share)[who]
        flags[name] = (has[name] & (rng.random(n) < shows)) | (rng.random(n) < _OTHERWISE)
    suicidal = np.where(has["mental_health"], _SUICIDAL_WITH_TRAIT, _SUICIDAL_OTHERWISE)
    flags["suicidal_thoughts"] = rng.random(n) < suicidal

    def of_couple(share: float | np.ndarray, shows: float) -> np.ndarray:
        traits = rng.random(len(couples))[couple] < share
        return traits & (rng.random(n) < shows)

    control = np.where(intimate, *_CONTROLLING)
    flags["coercive_control"] = of_couple(control, _CONTROL_SHOWS) | crime.eq("coercive_control")
    flags["honour_based_abuse"] = of_couple(_HONOUR, _HONOUR_SHOWS)
    flags["pets"] = of_couple(_PETS, _PETS_SHOW)
    seen = incidents["children_present"].gt(0)
    harmed = np.where(seen, _CHILD_HARM_PRESENT, _CHILD_HARM_OTHERWISE)
    flags["child_harm"] = rng.random(n) < harmed
    since = days_between(as_days(couples["separated_on"])[couple], day)
    parts = intimate & (since >= _SEPARATION_DAYS[0]) & (since <= _SEPARATION_DAYS[1])
    flags["separation"] = parts & (rng.random(n) < _SEPARATION_SAID)
    flags["pregnancy"] = expects_a_child(incidents["victim"].to_numpy(), day, residents, rng)
    return pd.DataFrame(flags, index=incidents.index).astype(bool)
