"""A day's changes against a store: compare what changed, regroup what it touched, keep the rest.

Whether two records are compared, what their evidence is, and how a component is grouped depends
on nothing outside them, given the model and the term frequencies. So only pairs with a new or
changed record are compared, and only the components of linked records that these pairs, or a
record's withdrawal, touch are grouped again.

**Tolerance.** With the term frequencies of the last full relink the outcome is exactly that of
a full relink with the same model, in whatever order the records came. A full relink also counts
the values anew, which moves the evidence of a pair by no more than `OpenStore.drift` bits per
field; pairs nearer than that to the threshold may be decided otherwise. ``link(..., model=model,
previous=store)`` settles them. Decisions of people are read anew by every update. Two things look
at all records at once and are not followed here: ``largest_block``, so that an update may compare
pairs that a full relink leaves out, and the cutting of components of more than 400 records below
odds of one to one, should a specification link pairs that unlikely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.assign import KEY, assigned, following
from woda_lib.linkage.blocking import Pairs, Positions
from woda_lib.linkage.cluster import cluster
from woda_lib.linkage.contents import contents, contents_of
from woda_lib.linkage.decisions import PAIR, Constraints
from woda_lib.linkage.engines import comparer_of
from woda_lib.linkage.entities import Entities
from woda_lib.linkage.errors import SourceError, StoreError
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel
from woda_lib.linkage.frequency import TermFrequencies
from woda_lib.linkage.history import decisions_now
from woda_lib.linkage.holdings import Holdings
from woda_lib.linkage.identities import Hashes, IdentityStore, record_names
from woda_lib.linkage.model_file import fingerprint, require_fit
from woda_lib.linkage.opening import Opening
from woda_lib.linkage.score import Scorer
from woda_lib.linkage.sources import gather, gather_texts
from woda_lib.linkage.spec import LinkageSpec
from woda_lib.linkage.store_names import StoreNames, names_meanwhile
from woda_lib.linkage.taken_names import TakenNames
from woda_lib.linkage.weighed import Weighed, connected, effective, written
from woda_lib.linkage.whereabouts import Whereabouts

Frames = Mapping[str, pd.DataFrame]
Engine = Literal["fast", "recordlinkage"]


@dataclass(frozen=True)
class Update:
    """The outcome of an update.

    Attributes
    ----------
    changes
        Its events; see `assign.assign`.
    clusters
        ``source``, ``id``, ``entity_id`` of the records that were grouped again.
    compared
        Pairs of records that were compared for links.
    """

    changes: pd.DataFrame
    clusters: pd.DataFrame
    compared: int


def update(
    store: IdentityStore,
    *,
    frames: Frames,
    spec: LinkageSpec,
    model: LinkageModel,
    new: Frames | None = None,
    changed: Frames | None = None,
    withdrawn: Mapping[str, Iterable[object]] | None = None,
    decisions: pd.DataFrame | None = None,
    on: date,
    run: str,
    engine: Engine = "fast",
) -> tuple[IdentityStore, Update]:
    """Bring a store up to date.

    Parameters
    ----------
    store
        The store of the last linkage or update.
    frames
        The records of every source. Whatever in them is new, changed or gone since the store
        was made is found by content and treated as such, so that today's full extracts will do
        without further parameters.
    spec, model
        As in the last full linkage; ``LinkageModel.load`` reads a saved model.
    new, changed
        Further records by source, which replace those of `frames`.
    withdrawn
        Identifiers by source of records that are to count as gone.
    decisions
        Those of people in force (`decisions.in_force`), in place of the store's and of those of
        the specification's files: one that is no longer among them is taken back.
    on, run
        Date and name of this run.
    engine
        What compares; both give the same levels, and ``fast`` first compiles a kernel for a
        specification that it has not met.

    Returns
    -------
    store : IdentityStore
    update : Update

    Raises
    ------
    StoreError
        The store was settled with another model or specification.
    SourceError
        The records do not fit the specification, or are not what they are given as.
    """
    opened = OpenStore(store, frames, spec, model, engine=engine)
    outcome = opened.update(
        new=new, changed=changed, withdrawn=withdrawn, decisions=decisions, on=on, run=run
    )
    return opened.store, outcome


class OpenStore:
    """A store with its records at hand, for one update after another.

    Parameters
    ----------
    store, frames, spec, model, engine
        See `update`. What differs between `store` and `frames` waits for the first update.
    names
        From `store_names.names_meanwhile` of the same store, where that was begun before.
    """

    def __init__(
        self,
        store: IdentityStore,
        frames: Frames,
        spec: LinkageSpec,
        model: LinkageModel,
        *,
        engine: Engine = "fast",
        names: Callable[[], StoreNames] | None = None,
    ) -> None:
        from woda_lib.linkage.fast.threads import at_once  # here: numba takes a while to start

        spec = require_fit(model, spec)
        mark = fingerprint(model, spec)
        if store.settled_with not in ("", mark):
            raise StoreError(
                "This store was settled with another model or specification. Relink once with "
                "link(frames, spec, model=model, previous=store, on=…), and update its store."
            )
        self._spec, self._model, self._engine = spec, model, engine
        hashed = names_meanwhile(store) if names is None else names
        records, _ = at_once(
            lambda: gather_texts(frames, spec), lambda: self._hold(store, hashed().require(store))
        )
        content = contents_of([records.fields[name] for name in spec.kinds], len(records))
        self._given, self._rows = records.names, records.rows
        self._positions = held = self._holdings.locate(records.names)
        same = self._unchanged(content, held) & bool(store.settled_with)
        self._waiting = records.table(~same)
        counted = store.frequencies
        if not store.settled_with:  # so that all of them wait
            counted = TermFrequencies.count(self._waiting, spec)
        self._store = replace(store, settled_with=mark, frequencies=counted)
        absent = self._holdings.here.copy()
        absent[held[held >= 0]] = False
        self._gone = np.flatnonzero(absent)
        self._opening = Opening.of(self._holdings)
        self._holdings.write_at(held[same], records.fields_of(same))

    def _hold(self, store: IdentityStore, names: StoreNames) -> None:
        """Take over what a store says of its records, whatever their sources say of them now."""
        self._holdings = Holdings(store.records, names, self._spec)
        self._used = TakenNames(names.entities, names.given)
        self._links = Weighed.of_table(store.links, names.links)
        self._doubts = Weighed.of_table(store.doubts, names.doubts)
        number = len(self._holdings)
        constraint = self._constraints(np.arange(number), store.decisions)
        self._holdings.component = connected(number, effective(constraint, self._links.pairs))

    @property
    def store(self) -> IdentityStore:
        """The store as it stands."""
        told = written({"links": self._links, "doubts": self._doubts}, self._holdings)
        return replace(self._store, records=self._holdings.every_identity(), **told)

    def clusters(self) -> pd.DataFrame:
        """Return what `from_store.clusters_of` says of the store as it stands."""
        certain = self._store.decisions[self._store.decisions["decision"] == "must_link"]
        joined = Pairs(*self._positions_of(certain))
        joined = joined.take((joined.left >= 0) & (joined.right >= 0))
        return self._links.and_also(joined, np.full(len(joined), np.inf)).clusters(self._holdings)

    def whereabouts(self) -> Whereabouts:
        """Return where the records that it was opened with stand among `clusters`."""
        here, positions = self._holdings.here, self._positions.copy()
        new = positions < 0  # when it was opened
        positions[new] = self._holdings.locate(self._given[new])
        return Whereabouts.of(self._rows, positions, here, self._holdings.entity[here])

    def news(self) -> dict[str, int]:
        """Count what is here, new and changed since it was opened; see `Opening.news`."""
        return self._opening.news(self._holdings)

    def drift(self) -> pd.Series:
        """Return, by field, the most bits by which counting the values anew would move a weight."""
        records = self._holdings.records(np.flatnonzero(self._holdings.here))
        return self._store.frequencies.drift(TermFrequencies.count(records, self._spec))

    def update(
        self,
        *,
        new: Frames | None = None,
        changed: Frames | None = None,
        withdrawn: Mapping[str, Iterable[object]] | None = None,
        decisions: pd.DataFrame | None = None,
        on: date,
        run: str,
    ) -> Update:
        """Take in changes; parameters and errors as in the function `update`.

        After an error, open the store again: what lies in its folder is as it was.
        """
        if decisions is None:
            decisions = decisions_now(self._spec, self._store)
        batch = self._batch(new or {}, changed or {})
        gone = self._withdrawn(withdrawn or {})
        batch = batch[~np.isin(record_names(batch), gone)]
        number = len(self._holdings)
        arrived = self._holdings.write(batch)
        leaving = self._holdings.locate(gone)
        leaving = np.union1d(np.setdiff1d(self._gone, arrived), leaving[leaving >= 0])
        self._holdings.here[leaving] = False
        stale = np.concatenate([arrived[arrived < number], leaving])
        self._links = self._links.without(stale, len(self._holdings))
        self._doubts = self._doubts.without(stale, len(self._holdings))
        compared = self._holdings.candidates(arrived)
        found = self._add_links(compared)
        asked = [self._reconsidered(decisions, arrived), self._holdings.companions(arrived)]
        seeds = np.concatenate([arrived, leaving, found.left, found.right, *asked])
        self._waiting, self._gone = self._waiting.iloc[:0], self._gone[:0]
        self._store = self._store.decide(decisions)
        if not len(seeds):
            empty = IdentityStore.empty()
            return Update(empty.events, empty.records[[*KEY, "entity_id"]], 0)
        changes, clusters = self._regroup(seeds, leaving, on, run)
        return Update(changes, clusters, len(compared))

    def _batch(self, new: Frames, changed: Frames) -> pd.DataFrame:
        """Put together what waits and what is given, the records given last winning."""
        parts = [self._waiting]
        waiting = record_names(self._waiting)
        for what, frames in (("new", new), ("changed", changed)):
            given = {name: frame for name, frame in frames.items() if len(frame)}
            if not given:
                continue
            records = gather(given, self._spec, whole=False)
            names = record_names(records)
            position = self._holdings.locate(names)
            here = self._holdings.is_here(position)
            faulty = here if what == "new" else ~here & ~np.isin(names, waiting)
            if faulty.any():
                raise SourceError(
                    f"{int(faulty.sum())} of {len(names)} records given as {what} are "
                    f"{'in the store already' if what == 'new' else 'not in the store'}. Give "
                    f"them as {'changed' if what == 'new' else 'new'}."
                )
            content = contents(records, list(self._spec.kinds))
            parts.append(records[~self._unchanged(content, position)])
        parts = [part for part in parts if len(part)] or parts[:1]
        if len(parts) > 1:  # categories would have to be the same
            parts = [part.astype(object) for part in parts]
        batch = pd.concat(parts, ignore_index=True)
        repeated = pd.Series(record_names(batch)).duplicated(keep="last").to_numpy()
        return batch.loc[~repeated].reset_index(drop=True)

    def _withdrawn(self, withdrawn: Mapping[str, Iterable[object]]) -> Hashes:
        """Return the names of records that are to go."""
        parts = [pd.DataFrame({"source": [], "id": []}, dtype=object)]
        for source, identifiers in withdrawn.items():
            parts.append(
                pd.DataFrame({"id": list(identifiers)}, dtype=object).assign(source=source)
            )
        names = record_names(pd.concat(parts, ignore_index=True))
        here = self._holdings.is_here(self._holdings.locate(names))
        unknown = ~here & ~np.isin(names, record_names(self._waiting))
        if unknown.any():
            raise SourceError(
                f"{int(unknown.sum())} of {len(names)} records to withdraw are not in the store. "
                f"Name them by source and identifier as their source does."
            )
        return names

    def _unchanged(self, content: Hashes, position: Positions) -> npt.NDArray[np.bool_]:
        """Say which records are here, at the positions of their names, with the same content."""
        before = np.append(self._holdings.identity["content"], np.uint64(0))[position]
        return (before == content) & self._holdings.is_here(position)

    def _add_links(self, pairs: Pairs) -> Pairs:
        """Compare pairs, keep those that the model links or doubts, and return the links."""
        if not len(pairs):
            return pairs
        concerned = np.zeros(len(self._holdings), dtype=bool)
        concerned[pairs.left] = concerned[pairs.right] = True
        positions = np.flatnonzero(concerned)
        place = np.cumsum(concerned) - 1
        local = Pairs(place[pairs.left], place[pairs.right])
        scores = self._scorer(self._holdings.records(positions)).score(local)
        linked = scores.probability >= self._spec.thresholds.link
        prior = np.log2(self._model.prior / (1 - self._model.prior))
        doubted = ~linked & (scores.probability >= self._spec.thresholds.review)
        found, odds = pairs.take(linked), scores.match_weight + prior
        self._links = self._links.and_also(found, odds[linked])
        self._doubts = self._doubts.and_also(pairs.take(doubted), odds[doubted])
        return found

    def _reconsidered(self, decisions: pd.DataFrame, arrived: Positions) -> Positions:
        """Records of decisions that are new, were taken back, or have waited for a record."""
        before, now = (
            pd.MultiIndex.from_frame(table[[*PAIR, "decision"]])
            for table in (self._store.decisions, decisions)
        )
        every = pd.concat([self._store.decisions, decisions], ignore_index=True)
        altered = np.concatenate([~before.isin(now), ~now.isin(before)])
        left, right = self._positions_of(every)
        concerned = altered | np.isin(left, arrived) | np.isin(right, arrived)
        positions = np.concatenate([left[concerned], right[concerned]])
        return positions[positions >= 0]

    def _positions_of(self, decisions: pd.DataFrame) -> tuple[Positions, Positions]:
        """Positions of the two records of each decision; −1 for those that are not here."""
        left, right = (
            self._holdings.locate(record_names(decisions[side].set_axis(KEY, axis=1)))
            for side in (PAIR[:2], PAIR[2:])
        )
        here = self._holdings.is_here
        return np.where(here(left), left, -1), np.where(here(right), right, -1)

    def _constraints(self, members: Positions, decisions: pd.DataFrame) -> Constraints:
        """Return the decisions about some records, by their places among these."""
        place = np.full(len(self._holdings) + 1, -1, dtype=np.int64)
        place[members] = np.arange(len(members))
        left, right = self._positions_of(decisions)
        return Constraints.of(len(members), place[left], place[right], decisions)

    def _scorer(self, records: pd.DataFrame) -> Scorer:
        comparer = comparer_of(self._engine, records, self._spec)
        return Scorer(records, self._spec, comparer, self._model, self._store.frequencies)

    def _regroup(
        self, seeds: Positions, leaving: Positions, on: date, run: str
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Group the components of some records again; return events and clusters."""
        holdings = self._holdings
        touched = np.zeros(int(holdings.component.max(initial=0)) + 1, dtype=bool)
        touched[holdings.component[seeds]] = True
        inside = touched[holdings.component]
        members = holdings.ordered(np.flatnonzero(inside & holdings.here))
        place = np.full(len(holdings), -1, dtype=np.int64)
        place[members] = np.arange(len(members))
        links = self._links.pairs.take(inside[self._links.pairs.left])
        links = Pairs(place[links.left], place[links.right])
        constraint = self._constraints(members, self._store.decisions)
        links = effective(constraint, links)
        records = holdings.records(members)
        scorer = self._scorer(records)

        def odds(pairs: Pairs) -> Floats:
            return constraint.odds(pairs, scorer.log2_odds(pairs))

        labels = np.arange(len(members))
        if len(links):
            labels = cluster(len(members), links, odds(links), odds)
        first = int(holdings.component.max(initial=-1)) + 1
        holdings.component[members] = first + connected(len(members), links)
        holdings.component[leaving] = first + len(members) + np.arange(len(leaving))
        clusters = records[KEY].assign(content=contents(records, list(self._spec.kinds)))
        entities = Entities.after_first(self._spec.entity, records, labels)
        before = replace(
            IdentityStore.empty(),
            records=holdings.identities(np.concatenate([members, leaving])),
            decisions=self._store.decisions,
        )
        after = assigned(clusters, entities, before, on=on, run=run, used=self._used).store
        holdings.settle(after.records)
        self._used.add(after.records["entity_id"].to_numpy(dtype=object))
        self._store = replace(self._store, events=following(self._store.events, after.events))
        return after.events, after.current[[*KEY, "entity_id"]].reset_index(drop=True)
