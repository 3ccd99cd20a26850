"""Judge which sources hold each entity once, by records that agree on who they are."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from woda_lib.linkage.block_sizes import Codes, block_pairs, rule_codes
from woda_lib.linkage.keys import Key

TOLD_TWICE = 0.001  # within-source pairs to between-source pairs of a source that has no duplicates
MOSTLY = 0.5  # share of a source's records that hold the fields by which it is judged
FEWEST_TOLD = 20  # between-source pairs from which that can be judged
FEWEST_FIELDS = 3  # on all of which only records of one entity agree
WHERE = frozenset({"address", "postcode", "phone", "email"})  # kinds by which people are found


def free_of_duplicates(
    records: pd.DataFrame, kinds: Mapping[str, str], sources: Codes, names: list[str]
) -> tuple[np.ndarray, list[str]]:
    """Judge whether a source holds each entity once, by records that agree on who they are.

    Pairs within a source that agree on birth date and names (or on a number that few share) are
    set against pairs with other sources that do: where the latter abound and the former are
    missing, the source has no duplicates. It is judged by fields that it holds.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    kinds
        Field name to kind.
    sources
        Number of each record's source among `names`.
    names
        The sources.

    Returns
    -------
    free : numpy.ndarray of bool, shape (sources,)
    reasons : list of str
        A sentence for each source; none where there is but one.
    """
    free = np.zeros(len(names), dtype=bool)
    if len(names) == 1:
        return free, []
    rules = _telling_rules(kinds, records)
    reasons = []
    for number, name in enumerate(names):
        own = sources == number
        because = "nothing tells its records apart, or too few are in other sources"
        for rule in rules:
            fields = [key.field for key in rule]
            if records.loc[own, fields].notna().all(axis=1).mean() < MOSTLY:
                continue
            between, within = _told(rule_codes(records, rule), own)
            if between < FEWEST_TOLD:
                continue
            free[number] = within <= TOLD_TWICE * between
            because = (
                f"its records {'hardly ever' if free[number] else 'do'} agree with each other on "
                f"{' and '.join(fields)}, as they do with other sources"
            )
            break
        verdict = "" if free[number] else "not "
        reasons.append(f"Source {name!r} is {verdict}taken to be free of duplicates: {because}.")
    return free, reasons


def _told(block: Codes, own: np.ndarray) -> tuple[int, int]:
    """Count the pairs that one source's records make with other sources' and with each other."""
    apart = np.array([True, True])
    between = int(block_pairs(block, own.astype(np.int64), apart)[1].sum())
    inside = np.where(own, block, -1)
    return between, int(block_pairs(inside, np.zeros(len(own), np.int64), ~apart[:1])[1].sum())


def _telling_rules(kinds: Mapping[str, str], records: pd.DataFrame) -> list[list[Key]]:
    """Rules on which only records of one entity agree, the surest first."""
    names = [name for name, kind in kinds.items() if kind in ("name", "company")][:2]
    born = [name for name, kind in kinds.items() if kind == "date_of_birth"][:1]
    at = [name for name, kind in kinds.items() if kind in WHERE]
    if born and names:
        told = [(*born, *names)]
    elif names:
        told = [(*names, where) for where in at]
    else:
        told = list(combinations(at, 2))
    told += [
        (name,)
        for name, kind in kinds.items()
        if kind in ("nhs_number", "identifier", "email", "phone") and _rarely_shared(records, name)
    ]
    if len(kinds) >= FEWEST_FIELDS:
        told.append(tuple(kinds))
    return [[Key(name) for name in rule] for rule in told]


def _rarely_shared(records: pd.DataFrame, name: str) -> bool:
    """Whether there is a source that mostly holds a value of the field once."""
    by_source = records.groupby("source", observed=True)[name]
    return bool((by_source.nunique() / by_source.count()).max() > MOSTLY)
