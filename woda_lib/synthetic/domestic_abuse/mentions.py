"""Which flags each text mentions, and in which state, before any word of it is chosen."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.histories import FLAGS
from woda_lib.synthetic.domestic_abuse.labels import STATES
from woda_lib.synthetic.domestic_abuse.templates import REGISTERS

# Shares are assumed: no published count of such mentions in police texts was found. They are high
# enough for every flag and state to be met often in a year of incidents.
_TRUE_IS_MENTIONED = 0.9
_IN_BOTH, _ONLY_IN_LOG = 0.3, 0.3
# How often a text mentions a flag in each weaker state, where it is true and where it is not.
_WEAKER = {
    "past": (0.05, 0.020),
    "hypothetical": (0.03, 0.015),
    "negated": (0.08, 0.035),
    "someone_else": (0.02, 0.015),
}
# Officers ask after some things of everybody, and write the no down.
_ASKED_OF_ALL = ("weapons", "pregnancy", "alcohol", "drugs", "mental_health", "strangulation")
_ASKED = 2.0
_MOST = {"log": 4, "referral": 7}
"""Mentions in one text; the rest go unsaid, those of what is so last."""


def plan_mentions(
    facts: pd.DataFrame, written: dict[str, np.ndarray], rng: Generator
) -> pd.DataFrame:
    """Draw the mentions of each incident's texts.

    Parameters
    ----------
    facts : pandas.DataFrame
        A boolean column a flag of `FLAGS`, a row an incident.
    written : dict of numpy.ndarray
        Register to whether each incident has such a text at all.

    Returns
    -------
    pandas.DataFrame
        A row a mention: ``row`` (position in facts), ``register`` and ``flag`` and ``state``
        (positions in `REGISTERS`, `FLAGS`, `STATES`), in the order in which the text says them.
    """
    true = facts[list(FLAGS)].to_numpy(dtype=bool)
    n, flags = true.shape
    said = true & (rng.random((n, flags)) < _TRUE_IS_MENTIONED)
    where = rng.random((n, flags))
    both = written["log"] & written["referral"]
    in_log = said & (~both[:, None] | (where < _IN_BOTH + _ONLY_IN_LOG))
    in_referral = said & (~both[:, None] | (where < _IN_BOTH) | (where >= _IN_BOTH + _ONLY_IN_LOG))
    asked = np.array([_ASKED if flag in _ASKED_OF_ALL else 1.0 for flag in FLAGS])

    parts = []
    for position, register in enumerate(REGISTERS):
        here = written[register][:, None]
        now = (in_log if register == "log" else in_referral) & here
        for state, name in enumerate(STATES):
            if name == "now":
                mentioned = now
            else:
                if_true, if_not = _WEAKER[name]
                share = np.where(true, if_true, if_not) * (asked if name == "negated" else 1.0)
                mentioned = (rng.random((n, flags)) < share) & here
            row, flag = np.nonzero(mentioned)
            parts.append(
                pd.DataFrame({"row": row, "register": position, "flag": flag, "state": state})
            )
    mentions = pd.concat(parts, ignore_index=True)
    return _in_order(_not_too_many(mentions, rng), rng)


def _not_too_many(mentions: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Keep so many mentions of each text as it has room for, those of what is so first."""
    weight = rng.random(len(mentions)) + (mentions["state"] != 0)
    ranked = mentions.assign(weight=weight).sort_values(["row", "register", "weight"])
    rank = ranked.groupby(["row", "register"]).cumcount()
    room = ranked["register"].map(dict(enumerate(_MOST[register] for register in REGISTERS)))
    return ranked.loc[rank < room].drop(columns="weight")


def _in_order(mentions: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    shuffled = mentions.assign(place=rng.random(len(mentions)))
    ordered = shuffled.sort_values(["row", "register", "place"], ignore_index=True)
    return ordered.drop(columns="place")
