"""Who disagrees about a person, and what only looks like it.

A conflict is two registrations of one person whose latest values cannot both be right. Another
writing of the same value is a variant and no conflict: a slip of the pen, an initial, a second
forename beside the first, a nickname, one half of a double-barrelled surname, forename and surname
in each other's boxes, a birth date whose day and month are swapped or of which one part differs.
What a partner said before it heard of a change is history and no conflict either.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.radix import in_order
from woda_lib.linkage.pairs_of_runs import pairs_of_runs
from woda_lib.pilots.single_view.best_view.said import Numbers, Said
from woda_lib.pilots.single_view.homes.coding import in_one

LIKE = 0.88
"""Jaro–Winkler similarity from which two names are one with a slip."""

_NAMES = """
select i,
    jaro_winkler_similarity(a, b) >= $like
    or (damerau_levenshtein(a, b) <= 1 and least(length(a), length(b)) >= 3)
    or (least(length(a), length(b)) = 1 and left(a, 1) = left(b, 1))
    or len(list_intersect(string_split(a, ' '), string_split(b, ' '))) > 0
    or replace(a, ' ', '') = replace(b, ' ', '') as variant
from pairs order by i
"""
_BROAD_GROUPS = {
    **dict.fromkeys("ABC", "white"),
    **dict.fromkeys("DEFG", "mixed"),
    **dict.fromkeys("HJKL", "asian"),
    **dict.fromkeys("MNP", "black"),
    **dict.fromkeys("RS", "other"),
}
"""NHS letters by the broad group that they belong to; R (Chinese) stood with S until 2011."""


def conflicts(
    told: Said, field: str, *, aliases: Mapping[str, str], other_box: Said | None = None
) -> Numbers:
    """Return the people whose registrations disagree about a field.

    Parameters
    ----------
    told
        From `said.said`.
    field
        Which it is of.
    aliases
        Forename to the name it stands for, both without case and marks.
    other_box
        For a forename what is said of surnames, for a surname of forenames: a value that stands
        there too was written into the wrong box.

    Returns
    -------
    ndarray of int32
        The numbers `e`, each once, in order.
    """
    e, k, other = _pairs(told, other_box)
    number, distinct = pd.factorize(k.astype(np.int64) * len(told.keys) + other)
    keys = told.keys.to_numpy()
    one, another = np.divmod(distinct, max(len(keys), 1))
    variant = are_variants(keys[one], keys[another], field, aliases)
    return np.unique(e[~variant[number]])


def are_variants(
    left: npt.NDArray[np.object_],
    right: npt.NDArray[np.object_],
    field: str,
    aliases: Mapping[str, str],
) -> npt.NDArray[np.bool_]:
    """Say which pairs of different values of a field are the same thing written otherwise."""
    if field in ("forename", "surname"):
        with duckdb.connect() as con:
            con.register("pairs", pd.DataFrame({"i": np.arange(len(left)), "a": left, "b": right}))
            found = con.execute(_NAMES, {"like": LIKE}).fetchnumpy()["variant"]
        named = [pd.Series(side, dtype=object) for side in (left, right)]
        known = [side.map(aliases).fillna(side) for side in named]
        return np.asarray(found, dtype=bool) | (known[0] == known[1]).to_numpy(dtype=bool)
    if field == "date_of_birth":
        return _same_day_but_for_a_slip(left, right)
    if field == "ethnic_group":
        broad = [pd.Series(side, dtype=object).map(_BROAD_GROUPS) for side in (left, right)]
        return (broad[0] == broad[1]).to_numpy(dtype=bool)
    return np.zeros(len(left), dtype=bool)


def _pairs(told: Said, other_box: Said | None) -> tuple[Numbers, Numbers, Numbers]:
    """Each two different latest values of one person: who it is, and both, the smaller first."""
    e, k = _latest(told)
    if other_box is not None and len(e):
        place = other_box.keys.get_indexer(told.keys)[k]
        asked = np.zeros(len(other_box.first), dtype=bool)
        asked[e[place >= 0]] = True
        theirs, values = (other_box.contested[name].to_numpy() for name in ("e", "k"))
        at = np.flatnonzero(asked[theirs])
        there = pd.Index(in_one(e, place)).isin(in_one(theirs[at], values[at]))
        own = (place < 0) | ~((other_box.first[e] == place) | there)
        e, k = e[own], k[own]
    left, right = pairs_of_runs(e)
    return e[left], k[left], k[right]


def _latest(told: Said) -> tuple[Numbers, Numbers]:
    """The latest value of each registration, each once a person, by person and value."""
    e, k, source, day = (told.contested[name].to_numpy() for name in ("e", "k", "source", "day"))
    last = np.full(int(source.max(initial=-1)) + 1, np.iinfo(np.int64).min)
    # Rows stand in the order of the details: of those of one day the last counts.
    np.maximum.at(last, source, in_one(day, np.arange(len(source))))
    rows = last[last > np.iinfo(np.int64).min] & 0xFFFFFFFF
    e, k = e[rows], k[rows]
    order, pairs = in_order(e.astype(np.int64) * len(told.keys) + k)
    once = order[np.append(True, pairs[1:] != pairs[:-1])[: len(order)]]
    return e[once], k[once]


def _same_day_but_for_a_slip(
    left: npt.NDArray[np.object_], right: npt.NDArray[np.object_]
) -> npt.NDArray[np.bool_]:
    parts = []
    for side in (left, right):
        texts = pd.Series(side, dtype=object).str
        parts.append([texts[0:4], texts[4:6], texts[6:8]])
    (year, month, day), (other_year, other_month, other_day) = parts
    same = (year == other_year).astype(int) + (month == other_month) + (day == other_day)
    swapped = (year == other_year) & (month == other_day) & (day == other_month)
    return ((same >= 2) | swapped).to_numpy(dtype=bool)
