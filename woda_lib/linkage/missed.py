"""Who is missed: how well a linkage serves each group of people.

Linkage errors are not spread evenly: records of people who move often, whose names are foreign to
the clerk, or who have little contact with services are linked less, and whatever is counted from
the links leaves them out (Bohensky and others 2010; Harron and others 2017). Three shares tell:

- *link rate*: the records of the group that stand in a cluster with another record (of another
  source, where there are several). It needs no truth, and no group need reach the same: a group
  may truly be known to one source alone.
- *recall*: the true pairs with a record of the group that were found.
- *precision*: the found pairs with a record of the group that are true.

A group is *below the rest* when the 95% interval of its difference from everyone else lies below
zero, which also asks how many everyone else is.

Method
    Newcombe, R. G. (1998), Interval estimation for the difference between independent proportions,
    Statistics in Medicine 17, 873–890, method 10.
    Bohensky, M. A. and others (2010), Data linkage: a powerful research tool with potential
    problems, BMC Health Services Research 10, 346.
    Harron, K. and others (2017), Challenges in administrative data linkage for research, Big Data
    & Society 4(2). Intervals: see `quality.wilson`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.errors import LinkageWarning, SourceError, nearest
from woda_lib.linkage.quality import pairs_of, true_entities, wilson
from woda_lib.linkage.record_keys import places_among, record_keys

BANDS = 5  # groups of about equal size that ages and other numbers are cut into
MOST_NUMBERS = 12  # different numbers that are groups as they are, such as tenths of deprivation
KEYS = ("source", "id", "entity_id")


def who_is_missed(
    records: pd.DataFrame,
    clusters: npt.NDArray,
    groups: pd.DataFrame,
    by: Sequence[str] | None = None,
    truth: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Measure a linkage group by group; see `LinkageResult.who_is_missed`.

    Parameters
    ----------
    records
        Records with ``source`` and ``id``.
    clusters
        Cluster of each record.
    groups
        ``source`` and ``id`` of every record, and what people are grouped by.
    by
        Which columns of it; by default all but the keys. The source is always among them.
    truth
        See `quality.true_entities`; without it link rates alone are measured.
    """
    columns = list(by) if by is not None else [c for c in groups.columns if c not in KEYS]
    described = _described(records, groups, columns)
    sources = pd.factorize(records["source"])[0]
    several = len(np.unique(sources)) > 1
    found = _between(pairs_of(pd.factorize(clusters)[0]), sources, several)
    linked = np.zeros(len(records), dtype=bool)
    linked[found.left] = linked[found.right] = True
    everyone = np.arange(len(records))
    shares = {"link rate": (Pairs(everyone, everyone), linked)}
    if truth is not None:
        entity = pd.factorize(true_entities(records, truth))[0]
        true = _between(pairs_of(entity), sources, several)
        together = pd.factorize(clusters)[0]
        shares["recall"] = true, together[true.left] == together[true.right]
        shares["precision"] = found, entity[found.left] == entity[found.right]
    rows = [
        row
        for name in described
        for measure, (pairs, good) in shares.items()
        # Of two sources, every pair has a record of each: the source tells nothing of pairs.
        if not (name == "source" and measure != "link rate")
        for row in _by_group(described[name], pairs, good, {"by": name, "measure": measure})
    ]
    table = pd.DataFrame(rows)
    _warn(table)
    return table


def _described(records: pd.DataFrame, groups: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the groups of every record, in words."""
    for column in ("source", "id", *by):
        if column not in groups.columns:
            raise SourceError(
                f"The table of groups has no column {column!r}. "
                f"{nearest(column, map(str, groups.columns))}"
            )
    here, told = record_keys(records, groups)
    if repeated := int(pd.Series(told).duplicated().sum()):
        raise SourceError(
            f"The table of groups names {repeated} records more than once. Keep one row each."
        )
    known = groups[by].reset_index(drop=True).reindex(places_among(here, told))
    known = known.reset_index(drop=True)  # nothing stands at −1
    described = {name: _in_words(known[name]) for name in by}
    return pd.DataFrame({"source": records["source"].astype(str)} | described)


def _in_words(values: pd.Series) -> pd.Series:
    """Cut numbers into bands; what is missing is a group of its own."""
    if pd.api.types.is_numeric_dtype(values) and values.nunique() > MOST_NUMBERS:
        edges = np.unique(np.ceil(values.quantile(np.linspace(0, 1, BANDS + 1)[1:-1])))
        cuts = [-np.inf, *edges[edges > values.min()].tolist(), np.inf]
        names = [f"{low:g} to under {high:g}" for low, high in pairwise(cuts)]
        names[0], names[-1] = f"under {cuts[1]:g}", f"{cuts[-2]:g} and over"
        values = pd.Series(pd.cut(values.to_numpy(dtype=float), cuts, right=False, labels=names))
    return values.astype(object).where(values.notna(), "not stated").astype(str)


def _between(pairs: Pairs, sources: npt.NDArray, several: bool) -> Pairs:
    return pairs.take(sources[pairs.left] != sources[pairs.right]) if several else pairs


def _by_group(group: pd.Series, pairs: Pairs, good: npt.NDArray, place: dict) -> list[dict]:
    """Share of good pairs in each group; a pair of two groups counts in both."""
    names = group.to_numpy()
    left, right = names[pairs.left], names[pairs.right]
    rows = []
    for name in sorted(set(names)):
        inside = (left == name) | (right == name)
        if not inside.any():
            continue
        counts = int(good[inside].sum()), int(inside.sum())
        others = int(good[~inside].sum()), int((~inside).sum())
        low, high = wilson(*counts)
        rows.append(
            place
            | {"group": name, "value": counts[0] / counts[1]}
            | {"low": low, "high": high, "numerator": counts[0], "denominator": counts[1]}
            | {"rest": others[0] / others[1] if others[1] else np.nan}
            | {"below_rest": difference_at_most(counts, others) < 0}
        )
    return rows


def difference_at_most(counts: tuple[int, int], others: tuple[int, int]) -> float:
    """Return the upper bound of the 95% interval of one share less another (Newcombe's)."""
    if not others[1]:
        return np.inf
    share, rest = counts[0] / counts[1], others[0] / others[1]
    above, below = wilson(*counts)[1] - share, rest - wilson(*others)[0]
    return float(share - rest + np.hypot(above, below))


def _warn(table: pd.DataFrame) -> None:
    """Say which groups fare worse; link rates alone where no truth tells more."""
    told = table[table["below_rest"]]
    if (table["measure"] != "link rate").any():
        told = told[told["measure"] != "link rate"]
    if told.empty:
        return
    worst = "; ".join(
        f"{row.by} {row.group}: {row.measure} {row.value:.1%} against {row.rest:.1%}"
        for row in told.itertuples()
    )
    warnings.warn(
        f"The linkage serves some groups worse than everyone else ({worst}). What is counted from "
        f"the links leaves them out. Look at how their records are written down, and at the rules "
        f"and comparisons that they need; a lower threshold helps the others as much.",
        LinkageWarning,
        stacklevel=4,
    )
