"""What a linkage takes over from the one before, and hands on to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.assign import KEY, Assigned, assigned
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.contents import contents
from woda_lib.linkage.decisions import PAIR, Constraints, in_force, read_decisions
from woda_lib.linkage.entities import Entities
from woda_lib.linkage.errors import LinkageError
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel
from woda_lib.linkage.frequency import TermFrequencies
from woda_lib.linkage.held_once import Numbers, held_once
from woda_lib.linkage.identities import Ends, IdentityStore, record_names
from woda_lib.linkage.model_file import fingerprint
from woda_lib.linkage.spec import LinkageSpec


@dataclass(frozen=True)
class History:
    """The place of a linkage among others.

    Attributes
    ----------
    previous
        The store before, with all decisions now in force: its own and those of the files that
        the specification names.
    on, run
        Date and name of this linkage.
    """

    previous: IdentityStore
    on: date | None
    run: str

    @classmethod
    def begin(
        cls, spec: LinkageSpec, previous: IdentityStore | None, on: date | None, run: str
    ) -> History:
        """Read the decisions, and require a date wherever changes will have to be dated."""
        if previous is not None and on is None:
            raise LinkageError(
                "A linkage that follows a previous one needs the date 'on', so that its changes "
                "can be dated. Give the date of the run."
            )
        store = IdentityStore.empty() if previous is None else previous
        return cls(store.decide(decisions_now(spec, store)), on, run)

    def named(self, records: pd.DataFrame, entities: Entities, spec: LinkageSpec) -> Assigned:
        """Name the clusters of records as `assign.assign` does."""
        told = records[KEY].assign(content=contents(records, list(spec.kinds)))
        return assigned(told, entities, self.previous, on=self.on, run=self.run)


def decisions_now(spec: LinkageSpec, store: IdentityStore) -> pd.DataFrame:
    """Return the decisions in force: the store's, then those of the specification's files."""
    files = read_decisions(spec.decisions, [source.name for source in spec.sources])
    parts = [part for part in (store.decisions, files) if len(part)]
    if not parts:
        return files
    decisions = in_force(pd.concat(parts, ignore_index=True))
    refuse_contradictions(decisions)
    return decisions


def refuse_contradictions(decisions: pd.DataFrame) -> None:
    """Refuse, before any work, decisions in force of which not all can be followed.

    Raises
    ------
    DecisionError
        See `Constraints.of`.
    """
    if decisions.empty:
        return
    ends = pd.concat([decisions[side].set_axis(KEY, axis=1) for side in (PAIR[:2], PAIR[2:])])
    codes, names = pd.factorize(record_names(ends))
    left, right = codes.reshape(2, -1)
    Constraints.of(len(names), left, right, decisions)


@dataclass(frozen=True)
class Evidence:
    """The pairs that a model links, and those that it leaves in doubt.

    Attributes
    ----------
    pairs
        Of positions in the table of records.
    odds
        Their log2 odds.
    linked
        Which of them it links.
    """

    pairs: Pairs
    odds: Floats
    linked: npt.NDArray[np.bool_]

    def links(self) -> tuple[Pairs, Floats]:
        """Return those that it links, and their log2 odds."""
        return self.pairs.take(self.linked), self.odds[self.linked]

    def doubts(self) -> tuple[Pairs, Floats]:
        """Return the others."""
        return self.pairs.take(~self.linked), self.odds[~self.linked]


def handed_on(
    identities: Assigned,
    records: pd.DataFrame,
    evidence: Evidence,
    model: LinkageModel,
    spec: LinkageSpec,
) -> IdentityStore:
    """Add to a store what the next update needs.

    Parameters
    ----------
    identities
        From `History.named`.
    records
        Standardised records.
    evidence
        What the model says of them.
    model, spec
        What they were linked with.
    """
    known = identities.store.records
    source, names = (known[name].to_numpy(dtype=object)[identities.places] for name in KEY)
    sources = held_once(source)
    links, doubts = evidence.links(), evidence.doubts()
    return replace(
        identities.store,
        links=link_table(sources, names, *links),
        doubts=link_table(sources, names, *doubts),
        ends={
            "links": ends_of(links[0], identities.places),
            "doubts": ends_of(doubts[0], identities.places),
        },
        frequencies=TermFrequencies.count(records, spec),
        settled_with=fingerprint(model, spec),
    )


def ends_of(pairs: Pairs, places: npt.NDArray[np.integer]) -> Ends:
    """Return where the records of pairs stand, as `IdentityStore.ends` holds it.

    Parameters
    ----------
    pairs
        Of positions.
    places
        The place of each position.
    """
    held, ends = places.astype(np.int32), np.empty((2, len(pairs)), dtype=np.int32)
    for side, end in zip((pairs.left, pairs.right), ends, strict=True):
        end[:] = held[side]
    return ends


def link_table(
    sources: tuple[Numbers, npt.NDArray[np.object_]],
    names: npt.NDArray[np.object_],
    links: Pairs,
    odds: Floats,
) -> pd.DataFrame:
    """Write links with the names of records, as `IdentityStore.links` holds them.

    Parameters
    ----------
    sources
        From `held_once` of sources by position, which are few.
    names
        Identifiers by position, as texts.
    links, odds
        Pairs of positions, and their log2 odds.
    """
    number, source = sources
    columns = {
        "left_source": source[number[links.left]],
        "left_id": names[links.left],
        "right_source": source[number[links.right]],
        "right_id": names[links.right],
        "log2_odds": odds.astype(np.float64),
    }
    return pd.DataFrame(columns, copy=False)
