"""The 27 answers of DASH, the officer's grade and judgement, as an incident's facts suggest them.

The questions are those of DASH (2009), which police forces ask: whether there is injury, fear,
isolation, depression; separation, child contact, stalking; pregnancy, stepchildren, harm and
threats to children; more often, worse, control, weapons, threats to kill, strangulation, sexual
harm, others who threaten, harm to others, to pets; money, drink and drugs and mental health,
suicide, breaches, trouble with police. How often each is ticked is assumed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.police.quality import ANSWERED
from woda_lib.synthetic.profiles import Profile

# Of 27 questions in order: how often each is ticked whatever the facts.
_BASE = (
    0.06, 0.34, 0.33, 0.09, 0.17, 0.08, 0.05, 0.12, 0.03, 0.16, 0.02, 0.015, 0.14, 0.13, 0.14,
    0.03, 0.04, 0.03, 0.03, 0.04, 0.11, 0.01, 0.11, 0.18, 0.07, 0.04, 0.38,
)  # fmt: skip
# What a flag does to questions (from 1), as the chance that they are ticked.
_BY_FLAG: dict[str, dict[int, float]] = {
    "strangulation": {18: 0.95, 2: 0.7, 1: 0.6},
    "weapons": {16: 0.93, 2: 0.6},
    "pregnancy": {9: 0.97},
    "stalking": {8: 0.94, 2: 0.55},
    "coercive_control": {15: 0.93, 4: 0.6, 23: 0.4},
    "threats_to_kill": {17: 0.95, 2: 0.7, 3: 0.7},
    "suicidal_thoughts": {5: 0.55, 25: 0.5},
    "sexual_violence": {19: 0.9, 2: 0.6},
    "honour_based_abuse": {20: 0.92},
    "child_harm": {11: 0.7, 12: 0.3},
    "alcohol": {24: 0.93},
    "drugs": {24: 0.93},
    "mental_health": {24: 0.9, 5: 0.3},
    "separation": {6: 0.92},
    "pets": {22: 0.93},
}
# Of couples with two entries or more before: more often, worse, in trouble with police.
_REPEATED = {13: 0.55, 14: 0.4, 27: 0.7}
_INJURY = (
    "grievous_bodily_harm_with_intent", "grievous_bodily_harm", "actual_bodily_harm",
    "attempted_murder",
)  # fmt: skip
_GRAVE = ("strangulation", "weapons", "threats_to_kill", "sexual_violence", "honour_based_abuse")
# Some cases are worse in everything: the log scale of that, and what grave flags add.
_SPREAD, _GRAVE_FACTOR = 1.0, 2.2
_JUDGEMENT, _JUDGEMENT_GRAVE = 0.02, 0.22
_HIGH, _MEDIUM = 14, 8  # ticks: SafeLives' criterion of visible high risk, and an assumption


def fill_in(
    incidents: pd.DataFrame, day: np.ndarray, profile: Profile, rng: Generator
) -> pd.DataFrame:
    """Draw what the officer fills in at each entry: ``dash_answers, dash_risk,
    professional_judgement``.

    Parameters
    ----------
    incidents
        A row an entry, with the columns of `Histories.incidents`.
    day
        On which it was entered.
    """
    n = len(incidents)
    grave = incidents[list(_GRAVE)].any(axis=1).to_numpy()
    worse = np.exp(rng.normal(0, _SPREAD, n)) * np.where(grave, _GRAVE_FACTOR, 1.0)
    chance = 1 - (1 - np.array(_BASE)) ** worse[:, None]
    for flag, questions in _BY_FLAG.items():
        has = incidents[flag].to_numpy()
        for question, likely in questions.items():
            column = chance[:, question - 1]
            column[has] = np.maximum(column[has], likely)
    chance[incidents["crime_type"].isin(_INJURY).to_numpy(), 0] = 0.9
    former = incidents["relationship"].eq("former_partner").to_numpy()
    chance[former & incidents["children_present"].gt(0).to_numpy(), 6] = 0.4
    chance[incidents["crime_type"].eq("breach_of_order").to_numpy(), 25] = 0.95
    repeated = _earlier(incidents["couple"].to_numpy(), day) >= 2
    for question, likely in _REPEATED.items():
        chance[repeated, question - 1] = likely
    ticked = rng.random((n, len(_BASE))) < chance
    answered = rng.random((n, len(_BASE))) < ANSWERED.on(day, profile)[:, None]
    letters = np.where(answered, np.where(ticked, "Y", "N"), "?")
    judges = rng.random(n) < np.where(grave, _JUDGEMENT_GRAVE, _JUDGEMENT)
    # Officers' grades follow the ticks loosely.
    seen = (ticked & answered).sum(axis=1) + rng.integers(-2, 3, n)
    risk = np.select([judges | (seen >= _HIGH), seen >= _MEDIUM], ["high", "medium"], "standard")
    return pd.DataFrame(
        {
            "dash_answers": np.ascontiguousarray(letters).view(f"<U{len(_BASE)}").ravel(),
            "dash_risk": risk,
            "professional_judgement": np.where(judges, "yes", "no"),
        },
        dtype=object,
    )


def _earlier(couple: np.ndarray, day: np.ndarray) -> np.ndarray:
    """How many entries of the couple came before each one; rows are in their order."""
    return pd.Series(day).groupby(couple).cumcount().to_numpy()
