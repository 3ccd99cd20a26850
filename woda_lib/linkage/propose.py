"""Propose blocking rules that few matches escape, at a number of pairs that can be afforded.

A match escapes when every rule insists on a field that is wrong or missing in one of its two
records. So each rule is judged by the combinations of faulty fields that it survives, and rules
are added while they save enough of what the rules before them lose: greedy weighted set cover
(Chvátal 1979; for blocking, Bilenko, Kamath and Mooney 2006). How often a field is missing is
counted; how often it is wrong is assumed, in `WRONG`, from what registers are known to hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.block_sizes import Codes, block_pairs, crossed, key_codes
from woda_lib.linkage.keys import FUNCTIONS, Key

# Chance that the two records of a match disagree on a field that both hold.
WRONG: Mapping[str, float] = {
    "name": 0.10, "date_of_birth": 0.06, "nhs_number": 0.03, "postcode": 0.12, "address": 0.20,
    "identifier": 0.08, "sex": 0.02, "category": 0.05, "phone": 0.20, "email": 0.20,
    "company": 0.15,
}  # fmt: skip
USUALLY_WRONG = 0.15  # for any other kind
# Functions that forgive, with the share of a field's errors that they leave unnoticed.
FORGIVES: Mapping[str, float] = {
    "soundex": 0.5, "first_letter": 0.7, "year": 0.6, "year_month": 0.3, "day_month": 0.3,
    "sector": 0.4, "outward": 0.6, "first_word": 0.5, "last_word": 0.5,
}  # fmt: skip
KEYS_OF: Mapping[str, tuple[str | None, ...]] = {
    "name": (None, "soundex", "first_letter"),
    "company": (None, "soundex", "first_word"),
    "address": (None, "first_word", "last_word"),
    "date_of_birth": (None, "year_month", "day_month", "year"),
    "postcode": (None, "sector", "outward"),
}
SAMPLE = 20_000  # records on which candidate rules are tried out
PAIRS_PER_RECORD = 10  # that one rule may make
FEW_PAIRS = 200_000  # always affordable
MOST_RULES = 12
DRAWS = 20_000  # made-up matches on which rules are judged
# Errors come together: of this share of matches one record was written down carelessly, and its
# fields are wrong so many times as often.
CARELESS, TIMES_AS_OFTEN, MOST_OFTEN = 0.15, 3.0, 0.5
LEAST_GAIN = 0.0001  # share of matches that a rule must save for each pair that a record enters


@dataclass(frozen=True)
class Proposal:
    """Blocking rules, and what they are expected to do.

    Attributes
    ----------
    rules
        As `LinkageSpec.blocking` holds them.
    pairs
        Pairs that each rule makes, estimated on a sample of the records.
    missed
        Share of matches that escape all rules, under the assumptions of this module.
    """

    rules: list[list[str]]
    pairs: list[int]
    missed: float


@dataclass(frozen=True)
class _Rule:
    keys: tuple[Key, ...]
    pairs: float


def propose_rules(
    records: pd.DataFrame,
    kinds: Mapping[str, str],
    sources: Codes,
    free: npt.NDArray[np.bool_],
) -> Proposal:
    """Choose blocking rules for some records.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    kinds
        Field name to kind.
    sources, free
        Source number of each record; whether each source is free of duplicates.
    """
    number = len(records)
    if number > SAMPLE:
        chosen = np.sort(np.random.default_rng(0).choice(number, SAMPLE, replace=False))
        records, sources = records.iloc[chosen], sources[chosen]
    scale = (number / len(records)) ** 2
    limit = max(PAIRS_PER_RECORD * number, FEW_PAIRS)
    keys = _keys(kinds)
    codes = {key: key_codes(records, key) for key in keys}
    candidates = _affordable(codes, sources, free, limit / scale)
    missing = {name: float(records[name].isna().mean()) for name in kinds}
    agree = _draw_matches(keys, kinds, missing)
    chosen_rules, missed = _cover(candidates, agree, len(records), FEW_PAIRS / scale)
    return Proposal(
        rules=[[_written(key) for key in rule.keys] for rule in chosen_rules],
        pairs=[round(rule.pairs * scale) for rule in chosen_rules],
        missed=missed,
    )


def _keys(kinds: Mapping[str, str]) -> list[Key]:
    return [
        Key(name, function)
        for name, kind in kinds.items()
        for function in KEYS_OF.get(kind, (None,))
        if function is None or function in FUNCTIONS
    ]


def _written(key: Key) -> str:
    return key.field if key.function is None else f"{key.function}({key.field})"


def _affordable(
    codes: dict[Key, Codes], sources: Codes, free: npt.NDArray[np.bool_], limit: float
) -> list[_Rule]:
    """List the rules of up to three keys within the limit of which no part is."""
    found: list[_Rule] = []
    oversize: list[tuple[Key, ...]] = [()]
    for _ in range(3):
        tried: list[tuple[Key, ...]] = []
        for start in oversize:
            for key in codes:
                # Keys stand in one order, so that each combination is tried once.
                if start and list(codes).index(key) <= list(codes).index(start[-1]):
                    continue
                if key.field not in {part.field for part in start}:
                    tried.append((*start, key))
        oversize = []
        for keys in tried:
            if any(set(rule.keys) <= set(keys) for rule in found):
                continue
            block = crossed([codes[key] for key in keys])
            pairs = float(block_pairs(block, sources, free)[1].sum())
            if pairs > limit:
                oversize.append(keys)
            elif pairs:
                found.append(_Rule(keys, pairs))
    return found


def _draw_matches(
    keys: list[Key], kinds: Mapping[str, str], missing: Mapping[str, float]
) -> dict[Key, npt.NDArray[np.bool_]]:
    """Draw matches with their faults; say for each key in which of them both records agree on it.

    A function that forgives an error does so in every rule that uses it.
    """
    generator = np.random.default_rng(0)
    careless = generator.random(DRAWS) < CARELESS
    wrong, absent = {}, {}
    for name, kind in kinds.items():
        seldom = WRONG.get(kind, USUALLY_WRONG)
        often = min(TIMES_AS_OFTEN * seldom, MOST_OFTEN)
        wrong[name] = generator.random(DRAWS) < np.where(careless, often, seldom)
        absent[name] = generator.random(DRAWS) < 1 - (1 - missing[name]) ** 2
    agree = {}
    for key in keys:
        forgiven = generator.random(DRAWS) < FORGIVES.get(key.function or "", 0.0)
        agree[key] = ~absent[key.field] & (~wrong[key.field] | forgiven)
    return agree


def _cover(
    candidates: list[_Rule],
    agree: Mapping[Key, npt.NDArray[np.bool_]],
    number: int,
    costless: float,
) -> tuple[list[_Rule], float]:
    """Take the rule that saves most matches for its pairs, until none saves enough."""
    chosen: list[_Rule] = []
    lost = np.ones(DRAWS, dtype=bool)
    if not candidates:
        return chosen, 1.0
    found = np.array([np.all([agree[key] for key in rule.keys], axis=0) for rule in candidates])
    pairs = np.array([rule.pairs for rule in candidates])
    cost = 1 + pairs / number
    needed = LEAST_GAIN * (1 + np.maximum(pairs - costless, 0.0) / number)
    while len(chosen) < MOST_RULES:
        gain = (found & lost).mean(axis=1)
        best = int(np.argmax(np.where(gain >= needed, gain / np.sqrt(cost), -1.0)))
        if gain[best] < needed[best]:
            break
        chosen.append(candidates[best])
        lost &= ~found[best]
    return chosen, float(lost.mean())
