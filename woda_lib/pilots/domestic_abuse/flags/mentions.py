"""What a text says of a flag: the words, their state, and the words that decided it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

STATES = ("now", "past", "hypothetical", "negated", "someone_else")
"""Strongest first. ``now`` raises the flag; the others are shown beside it or against it."""

SPEAKERS = ("victim", "suspect", "witness", "officer", "")
"""Who says so; nothing where the text does not tell."""


@dataclass(frozen=True)
class ContextWord:
    """Words near a mention that decide its state: which state, and where they stand."""

    state: str
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Mention:
    """One place of a text that speaks of a flag.

    Attributes
    ----------
    flag, rule
        Which flag, and which of its rules found it.
    state
        One of `STATES`.
    start, end
        Where the words stand in the text, in characters; the end is not included.
    words
        The words as they are written.
    context
        The words near them that made the state, in the order of the text; none for ``now``.
    said_by
        One of `SPEAKERS`.
    """

    flag: str
    rule: str
    state: str
    start: int
    end: int
    words: str
    context: tuple[ContextWord, ...] = ()
    said_by: str = ""


def strongest(mentions: Iterable[Mention]) -> dict[str, Mention]:
    """Return the strongest mention of each flag of one text; the first of equals."""
    best: dict[str, Mention] = {}
    for mention in sorted(mentions, key=lambda each: each.start):
        known = best.get(mention.flag)
        if known is None or STATES.index(mention.state) < STATES.index(known.state):
            best[mention.flag] = mention
    return best


def strongest_rows(found: pd.DataFrame) -> pd.DataFrame:
    """Return a row per incident, text and flag, with the strongest state.

    Parameters
    ----------
    found
        ``incident_id, text, flag, state`` and whatever else, such as `flag_texts` returns.

    Returns
    -------
    DataFrame
        The same columns, a row for each incident, text and flag, in the order of those.
    """
    order = found["state"].map({state: place for place, state in enumerate(STATES)})
    keys = ["incident_id", "text", "flag"]
    ranked = found.assign(_order=order).sort_values([*keys, "_order"], kind="stable")
    return ranked.drop_duplicates(keys).drop(columns="_order").reset_index(drop=True)
