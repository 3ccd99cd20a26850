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

from woda_lib.linkage.quality import pairs_of
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
        Cluster of each record.
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
    held = pd.DataFrame({"cluster": labels, "value": column.astype(object).to_numpy()}).dropna()
    held = held[held["value"].str.len() > 1]  # an initial is no name
    size = held.groupby("cluster")["value"].transform("size")
    held = held[(size > 1) & (size <= LARGEST_CLUSTER)].drop_duplicates()
    clusters = held["value"].value_counts()
    held = held[held.duplicated("cluster", keep=False)].reset_index(drop=True)
    pairs = pairs_of(held["cluster"].to_numpy())
    values = held["value"].to_numpy(dtype=object)
    met = pd.DataFrame({"one": values[pairs.left], "other": values[pairs.right]})
    turned = (met["one"] > met["other"]).to_numpy(dtype=bool)
    met.loc[turned, ["one", "other"]] = met.loc[turned, ["other", "one"]].to_numpy()
    table = met.value_counts().rename("clusters").reset_index()
    disagreements = pd.concat([met["one"], met["other"]])
    everyone = column.astype(object)
    from scipy.special import pdtrc  # here: few specifications learn aliases

    # Errors that nobody repeats fill the disagreements, nicknames may be most of them: of the two
    # ways to say how common a value is, the one that leaves chance less is the better null.
    expected = np.minimum(
        _met_by_chance(table, everyone, len(met)), _met_by_chance(table, disagreements, len(met))
    )
    rarer = table[["one", "other"]].apply(lambda side: side.map(clusters)).min(axis=1)
    table["lift"] = table["clusters"] / expected
    chance = pdtrc(table["clusters"].to_numpy() - 1, expected)  # Poisson: so many or more
    table = table[
        (table["clusters"] >= FEWEST_CLUSTERS)
        & (table["lift"] >= LEAST_LIFT)
        & (table["clusters"] >= LEAST_SHARE * rarer)
        & (chance * max(len(table), 1) < SIGNIFICANCE)
    ]
    table = table.sort_values(["clusters", "one", "other"], ascending=[False, True, True])
    return _with_one_form_each(table, clusters)


def _met_by_chance(table: pd.DataFrame, values: pd.Series, number: int) -> npt.NDArray[np.float64]:
    """How many of so many disagreements two values would share, if values met at random."""
    share = values.value_counts(normalize=True)
    one, other = (table[side].map(share).to_numpy(dtype=float) for side in ("one", "other"))
    return 2 * one * other * number


def _with_one_form_each(table: pd.DataFrame, clusters: pd.Series) -> pd.DataFrame:
    """Give each value one canonical form: the commoner value of its most frequent pair."""
    forms: dict[str, str] = {}
    rows = []
    columns = ["one", "other", "clusters", "lift"]
    for one, other, number, lift in zip(*(table[name] for name in columns), strict=True):
        value, form = sorted((one, other), key=lambda each: (clusters[each], each))
        if form in forms:  # it is an alias itself: the other may still be its form
            value, form = form, value
        if value in forms or value in forms.values() or form in forms:
            continue
        forms[value] = form
        rows.append((value, form, number, lift))
    return pd.DataFrame(rows, columns=["value", "alias_of", "clusters", "lift"])
