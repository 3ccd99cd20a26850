"""Which records are one enterprise: weighed by pairs, joined from the surest on, named for good.

Registers know a firm by different names, so that records chain: see `linkage.fast.anchored`. Two
company numbers are two enterprises, whatever their names and places say; that keeps the companies
of a group, and a company and its phoenix, apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from woda_lib.linkage import IdentityStore, LinkageModel, LinkageSpec, ModelError, assign
from woda_lib.linkage.entities import entity_names
from woda_lib.linkage.fast.anchored import anchored
from woda_lib.notebook import Identities, Run
from woda_lib.pilots.business_register.lifetimes import handed_over, overlap_days, possible
from woda_lib.pilots.business_register.occupiers import occupiers
from woda_lib.pilots.business_register.views import PAIR, views, weigh
from woda_lib.pilots.linking import EVENTS

_KEY = ["source", "id"]
_MOST = 1 - 1e-9


@dataclass(frozen=True)
class Linked:
    """Which records are one enterprise today.

    Attributes
    ----------
    clusters : DataFrame
        `source, id, entity_id, confidence`, a row a record.
    links : DataFrame
        Pairs of records whose match probability reaches the threshold `review`:
        `left_source, left_id, right_source, right_id, probability`, the level of each comparison
        and `became` (*joined*, *together*, or why not: *doubtful*, *name alone*,
        *not at one time*, *two numbers*).
    store, model
        To be kept for the next run.
    changes : DataFrame
        Events since the last run; see `woda_lib.linkage.assign`.
    linked_on : date
        The clock of the run in which the weights were learned.
    says : str
        From what the run began, in words.
    """

    clusters: pd.DataFrame
    links: pd.DataFrame
    store: IdentityStore
    model: LinkageModel
    changes: pd.DataFrame
    linked_on: date
    says: str


def specification(run: Run) -> LinkageSpec:
    """Return how businesses are linked; ``parameters/linkage/businesses.yaml`` is an input."""
    path = run.parameters_folder / "linkage" / "businesses.yaml"
    run.record_input(path, path.name)
    return LinkageSpec.from_yaml(path)


def news(linked: Linked) -> pd.DataFrame:
    """Return what the linkage found and what changed since the last run: `what, number`."""
    counted = linked.changes["event"].value_counts()
    numbers = {
        "Records": len(linked.clusters),
        "Enterprises": linked.clusters["entity_id"].nunique(),
        "Pairs of records that may be one enterprise": len(linked.links),
        **{said: int(counted.get(event, 0)) for event, said in EVENTS.items()},
    }
    return pd.DataFrame({"what": list(numbers), "number": list(numbers.values())})


def link_businesses(
    known: Identities,
    records: pd.DataFrame,
    places: pd.DataFrame,
    names: pd.DataFrame,
    spec: LinkageSpec,
    *,
    relearn_after_days: int,
    grace_days: int,
    handover_days: int,
) -> Linked:
    """Find which records are one enterprise.

    All pairs are compared in each run, which takes seconds; the weights are kept, so that nothing
    changes where no record has changed, and learned again once in a while.

    Parameters
    ----------
    known
        From `Run.identities`.
    records, places, names
        From `sources.records`, `addresses.locate` and `names.called`.
    spec
        ``parameters/linkage/businesses.yaml``.
    relearn_after_days
        How old the weights may be, in days.
    grace_days, handover_days
        See `lifetimes.possible` and `lifetimes.handed_over`.
    """
    model, before, says = _begin(known, spec, relearn_after_days)
    learned = known.on if model is None else known.linked_on
    links, model = weigh(views(records, places, names), spec, model)
    by_place = occupiers(records, places, names, links)
    links = pd.concat([links, by_place], ignore_index=True)
    links, labels, confidence = group(
        records,
        links,
        least=spec.thresholds.link,
        grace_days=grace_days,
        handover_days=handover_days,
        as_of=pd.Timestamp(known.on),
    )
    clusters = records[_KEY].assign(
        entity_id=entity_names(spec.entity, records, labels), content=_contents(records, names)
    )
    store = assign(clusters, before, on=known.on, run=known.run)
    named = store.current.set_index(_KEY)["entity_id"]
    keys = pd.MultiIndex.from_frame(records[_KEY].astype(object))
    found = records[_KEY].assign(entity_id=named.reindex(keys).to_numpy(), confidence=confidence)
    assert learned is not None, "identities that were kept say when the weights were learned"
    return Linked(
        clusters=found,
        links=links,
        store=store,
        model=model,
        changes=store.events.iloc[len(before.events) :].reset_index(drop=True),
        linked_on=learned,
        says=says,
    )


def group(
    records: pd.DataFrame,
    links: pd.DataFrame,
    *,
    least: float,
    grace_days: int,
    handover_days: int,
    as_of: pd.Timestamp,
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Join records from the surest link on, so that no enterprise has two company numbers.

    Parameters
    ----------
    records
        `source, id, number, began, ended`.
    links
        From `views.weigh`.
    least
        Match probability from which two records are joined.
    grace_days, handover_days
        See `lifetimes.possible` and `lifetimes.handed_over`.
    as_of
        The day up to which records are known; of two links that are as sure, that of records which
        were there together for longer comes first.

    Returns
    -------
    links : DataFrame
        In the order in which they were joined, with `became`.
    labels : ndarray of int64
        The first record of each record's group.
    confidence : ndarray of float
        How sure it is that each record belongs to its enterprise: the odds of its best link there
        against those of its best link elsewhere, and of none.
    """
    in_time = possible(links, records, grace_days=grace_days)
    in_time &= ~handed_over(links, records, days=handover_days)
    told = links.assign(
        together=overlap_days(links, records, as_of), in_time=in_time, told=more_than_a_name(links)
    )
    best = [False, False, *[True] * len(PAIR)]
    links = told.sort_values(["match_weight", "together", *PAIR], ascending=best, ignore_index=True)
    position = pd.Index(pd.MultiIndex.from_frame(records[_KEY].astype(object)))
    left, right = (
        position.get_indexer(pd.MultiIndex.from_frame(links[list(side)].astype(object)))
        for side in (PAIR[:2], PAIR[2:])
    )
    likely = links["in_time"] & links["told"] & (links["probability"] >= least)
    sure = likely.to_numpy(bool)
    anchor = pd.factorize(records["number"])[0].astype(np.int64)
    labels, joined = anchored(len(records), left[sure], right[sure], anchor)
    became = pd.Series("doubtful", index=links.index, dtype=object)
    became[~links["told"]] = "name alone"
    became[~links["in_time"]] = "not at one time"
    became[sure] = pd.Series(joined).map({1: "joined", 0: "together", -1: "two numbers"}).to_numpy()
    links = links.assign(became=became).drop(columns=["together", "in_time", "told"])
    counts = ~links["became"].isin(["not at one time", "name alone"]).to_numpy(bool)
    confidence = _confidence(left[counts], right[counts], links[counts], labels)
    return links, labels, confidence


def more_than_a_name(links: pd.DataFrame) -> pd.Series:
    """Say which pairs share a registered name, a company number or a place.

    Every town has a *Corner Shop*. What stands over a door tells firms apart there and not
    elsewhere; only a registered name is borne by one firm in the country.
    """
    return links["registered"].gt(0) | links["number"].gt(0) | links["place"].gt(0)


def _confidence(
    left: np.ndarray, right: np.ndarray, links: pd.DataFrame, labels: np.ndarray
) -> np.ndarray:
    probability = links["probability"].clip(upper=_MOST).to_numpy(float)
    odds = probability / (1 - probability)
    inside, outside = np.zeros(len(labels)), np.zeros(len(labels))
    same = labels[left] == labels[right]
    for side in (left, right):
        np.maximum.at(inside, side[same], odds[same])
        np.maximum.at(outside, side[~same], odds[~same])
    alone = np.bincount(labels, minlength=len(labels))[labels] == 1
    return np.where(alone, 1.0, inside) / (np.where(alone, 1.0, 1.0 + inside) + outside)


def _begin(
    known: Identities, spec: LinkageSpec, days: int
) -> tuple[LinkageModel | None, IdentityStore, str]:
    """Take over identities and weights of the last run, as far as they can be."""
    if not known.tables:
        return None, IdentityStore.empty(), known.says
    store = IdentityStore.of_tables(known.tables, settled_with=known.settled_with)
    assert known.linked_on is not None, (
        "identities that were kept say when the weights were learned"
    )
    age = (known.on - known.linked_on).days
    if age > days:
        return None, store, f"{known.says} The weights were {age} days old, and learned again."
    try:
        model = LinkageModel.of_text(known.model)
    except ModelError:
        return None, store, f"{known.says} The rules have changed since; the weights are new."
    if tuple(model.comparisons) != tuple(spec.comparisons):
        return None, store, f"{known.says} The rules have changed since; the weights are new."
    return model, store, f"{known.says} The weights are those of {known.linked_on:%-d %B %Y}."


def _contents(records: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    """Hash what each record says, so that the store can tell which have changed."""
    said = names.groupby(_KEY)["name"].agg("|".join)
    keys = pd.MultiIndex.from_frame(records[_KEY])
    whole = records.assign(names=said.reindex(keys).to_numpy()).astype(str)
    return pd.Series(pd.util.hash_pandas_object(whole, index=False).to_numpy(), index=records.index)
