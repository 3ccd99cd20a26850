"""What a linkage takes over from the one before, and hands on to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.assign import KEY, assigned
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.decisions import PAIR, Constraints, in_force, read_decisions
from woda_lib.linkage.errors import LinkageError
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel
from woda_lib.linkage.frequency import TermFrequencies
from woda_lib.linkage.identities import IdentityStore, contents, record_names
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

    def identities(self, records: pd.DataFrame, spec: LinkageSpec) -> IdentityStore:
        """Name the clusters of records as `assign.assign` does."""
        return self.named(records, spec)[0]

    def named(
        self, records: pd.DataFrame, spec: LinkageSpec
    ) -> tuple[IdentityStore, npt.NDArray[np.object_]]:
        """Return the same, and the entity of each record."""
        content = contents(records, list(spec.kinds))
        clusters = records[[*KEY, "entity_id"]].assign(content=content)
        store, places = assigned(clusters, self.previous, on=self.on, run=self.run)
        return store, store.records["entity_id"].to_numpy(dtype=object)[places]


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


def handed_on(
    identities: IdentityStore,
    records: pd.DataFrame,
    pairs: Pairs,
    odds: Floats,
    linked: npt.NDArray[np.bool_],
    model: LinkageModel,
    spec: LinkageSpec,
) -> IdentityStore:
    """Add to a store what the next update needs.

    Parameters
    ----------
    identities
        The store as `assign` made it.
    records
        Standardised records.
    pairs, odds
        The pairs that the model links, and those that it leaves in doubt; and their log2 odds.
    linked
        Which of them it links.
    model, spec
        What they were linked with.
    """
    return replace(
        identities,
        links=link_table(records, pairs.take(linked), odds[linked]),
        doubts=link_table(records, pairs.take(~linked), odds[~linked]),
        frequencies=TermFrequencies.count(records, spec),
        settled_with=fingerprint(model, spec),
    )


def link_table(records: pd.DataFrame, links: Pairs, odds: Floats) -> pd.DataFrame:
    """Write links with the names of their records, as `IdentityStore.links` holds them."""
    source = records["source"].astype(str).to_numpy(dtype=object)
    return table_of(source, records["id"].astype(str).to_numpy(dtype=object), links, odds)


def table_of(
    source: npt.NDArray[np.object_], names: npt.NDArray[np.object_], links: Pairs, odds: Floats
) -> pd.DataFrame:
    """Do the same for records whose sources and identifiers are texts at hand."""
    columns = {
        "left_source": source[links.left],
        "left_id": names[links.left],
        "right_source": source[links.right],
        "right_id": names[links.right],
        "log2_odds": odds.astype(np.float64),
    }
    return pd.DataFrame(columns, copy=False)
