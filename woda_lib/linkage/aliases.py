"""Aliases: values that stand for one another, such as Liz and Elizabeth, learned from clusters.

No list of nicknames knows a county's own renamed streets, or its Polish diminutives. The records
themselves do: where a first linkage put records into one cluster although their forenames differ,
the same two forenames come up in cluster after cluster if one is short for the other, and hardly
ever twice by chance. A second linkage then takes such values as nearly equal.

Two values are aliases when the clusters that hold both are many, many more than chance lets meet,
and a fair share of all clusters that hold the rarer one. Chance is what their own numbers give: in
a cluster that wrongly joins two people of a family, any two forenames may meet, and common ones
meet often. A value keeps one canonical form, so that two nicknames of one
name are aliases too, but no chain of nicknames leads from one name to another.

Method
    Church, K. W. and Hanks, P. (1990), Word association norms, mutual information, and
    lexicography, Computational Linguistics 16, 22–29: the lift of two words over chance.
    Bonferroni's correction holds for the number of pairs of values that are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.pairs_of_runs import pairs_of_runs
from woda_lib.linkage.spec import LinkageSpec

FEWEST_CLUSTERS = 5  # that hold both values; a table of aliases then tells of no one
LEAST_LIFT = 8.0  # times as many as by chance
LEAST_SHARE = 0.05  # of the clusters that hold the rarer value
SIGNIFICANCE = 0.01  # chance that any pair at all is learned from values that meet at random
LARGEST_CLUSTER = 20  # records; more are no entity that could teach anything

Values = npt.NDArray[np.object_]


def learn_aliases(records: pd.DataFrame, labels: npt.NDArray, fields: list[str]) -> pd.DataFrame:
    """Learn which values stand for one another.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    labels
        Cluster of each record: whole numbers from 0, not all of which need occur.
    fields
        Where to look.

    Returns
    -------
    pandas.DataFrame
        ``field``, ``value``, ``alias_of`` (the canonical form), ``clusters`` (that hold both) and
        ``lift`` (times as many as by chance), the most frequent first.
    """
    parts = [_learned(records[name], labels).assign(field=name) for name in fields]
    columns = ["field", "value", "alias_of", "clusters", "lift"]
    return pd.concat(parts, ignore_index=True)[columns]


def knowing(spec: LinkageSpec, learned: pd.DataFrame) -> LinkageSpec:
    """Return the specification with learned aliases beside those that it gave.

    Parameters
    ----------
    spec
        The specification.
    learned
        From `learn_aliases`.
    """
    comparisons = []
    for comparison in spec.comparisons:
        own = learned[learned["field"] == comparison.field]
        found = dict(zip(own["value"], own["alias_of"], strict=True))
        known = set(comparison.aliases) | set(comparison.aliases.values())
        # A form that is an alias itself stands for its own form: no chain leads on from it.
        new = {
            value: comparison.aliases.get(form, form)
            for value, form in found.items()
            if value not in known
        }
        comparisons.append(comparison.model_copy(update={"aliases": comparison.aliases | new}))
    return spec.model_copy(update={"comparisons": comparisons})


def canonical(values: Values, aliases: Mapping[str, str]) -> npt.NDArray[np.int32]:
    """Number the canonical forms of values that have aliases; −1 for all others."""
    forms = {**{form: form for form in aliases.values()}, **aliases}
    number = {form: place for place, form in enumerate(sorted(set(aliases.values())))}
    return np.array([number[forms[v]] if v in forms else -1 for v in values], dtype=np.int32)


def are_aliases(left: Values, right: Values, aliases: Mapping[str, str]) -> npt.NDArray[np.bool_]:
    """Say which pairs of values differ and have one canonical form."""
    one, other = canonical(left, aliases), canonical(right, aliases)
    return (one == other) & (one >= 0) & (left != right)


def _learned(column: pd.Series, labels: npt.NDArray) -> pd.DataFrame:
    """Learn the aliases of one field."""
    codes, distinct = pd.factorize(column)
    values = np.asarray(distinct, dtype=object)
    everyone = np.bincount(codes[codes >= 0], minlength=len(values))
    clusters, met = _meeting(codes, values, labels)
    one, other = met.T
    disagreements = np.bincount(met.ravel(), minlength=len(values))
    both, number = np.unique(one * len(values) + other, return_counts=True)
    one, other = np.divmod(both, max(len(values), 1))
    from scipy.special import pdtrc  # here: few specifications learn aliases

    # Errors that nobody repeats fill the disagreements, nicknames may be most of them: of the two
    # ways to say how common a value is, the one that leaves chance less is the better null.
    expected = np.minimum(
        *(_met_by_chance(one, other, of, len(met)) for of in (everyone, disagreements))
    )
    lift = number / expected
    chance = pdtrc(number - 1, expected)  # Poisson: so many or more
    rarer = np.minimum(clusters[one], clusters[other])
    taught = (
        (number >= FEWEST_CLUSTERS)
        & (lift >= LEAST_LIFT)
        & (number >= LEAST_SHARE * rarer)
        & (chance * max(len(both), 1) < SIGNIFICANCE)
    )
    one, other = one[taught], other[taught]
    told = {"one": values[one], "other": values[other]}
    table = pd.DataFrame(told | {"clusters": number[taught], "lift": lift[taught]})
    table = table.sort_values(["clusters", "one", "other"], ascending=[False, True, True])
    known = np.union1d(one, other)
    return _with_one_form_each(table, dict(zip(values[known], clusters[known], strict=True)))


def _meeting(
    codes: npt.NDArray[np.intp], values: Values, labels: npt.NDArray
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return how many clusters hold each value, and which values meet in one.

    Parameters
    ----------
    codes
        The value of each record; −1 for none.
    values
        What the numbers stand for.
    labels
        Cluster of each record.

    Returns
    -------
    clusters : ndarray, shape (values,)
        Of those of several records, and of no more than teach.
    met : ndarray, shape (pairs, 2)
        Each two values of one cluster, once, in the order of their texts.
    """
    is_name = pd.Series(values, dtype=object).str.len().to_numpy() > 1  # an initial is none
    told = np.flatnonzero(np.append(is_name, False)[codes])
    cluster = labels[told]
    size = np.bincount(cluster)[cluster]
    some = np.flatnonzero((size > 1) & (size <= LARGEST_CLUSTER))
    once = np.sort(cluster[some].astype(np.int64) * len(values) + codes[told[some]])
    once = once[np.append(True, once[1:] != once[:-1])[: len(once)]]
    cluster, value = np.divmod(once, max(len(values), 1))
    met = np.column_stack([value[places] for places in pairs_of_runs(cluster)])
    known = np.unique(met)
    rank = np.zeros(len(values), dtype=np.int64)
    rank[known[np.argsort(values[known])]] = np.arange(len(known))
    turned = rank[met[:, 0]] > rank[met[:, 1]]
    met[turned] = met[turned, ::-1]
    return np.bincount(value, minlength=len(values)), met


def _met_by_chance(
    one: npt.NDArray, other: npt.NDArray, times: npt.NDArray, number: int
) -> npt.NDArray[np.float64]:
    """How many of so many disagreements two values would share, if values met at random.

    `times` says how often each value stands.
    """
    share = times / max(int(times.sum()), 1)
    expected: npt.NDArray[np.float64] = 2 * share[one] * share[other] * number
    return expected


def _with_one_form_each(table: pd.DataFrame, clusters: Mapping[str, int]) -> pd.DataFrame:
    """Give each value one canonical form: the commoner value of its most frequent pair."""
    forms: dict[str, str] = {}
    canonical_forms: set[str] = set()
    rows = []
    columns = ["one", "other", "clusters", "lift"]
    for one, other, number, lift in zip(*(table[name] for name in columns), strict=True):
        value, form = sorted((one, other), key=lambda each: (clusters[each], each))
        if form in forms:  # it is an alias itself: the other may still be its form
            value, form = form, value
        if value in forms or value in canonical_forms or form in forms:
            continue
        forms[value] = form
        canonical_forms.add(form)
        rows.append((value, form, number, lift))
    return pd.DataFrame(rows, columns=["value", "alias_of", "clusters", "lift"])
