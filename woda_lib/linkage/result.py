"""What a linkage returns: links, clusters, the model, and the reasons for each decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage import quality
from woda_lib.linkage.assign import Assigned
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.entities import Entities
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.explain import explained
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel
from woda_lib.linkage.from_store import clusters_settled
from woda_lib.linkage.history import Evidence, History, handed_on
from woda_lib.linkage.identities import IdentityStore
from woda_lib.linkage.score import Scorer, Scores
from woda_lib.linkage.spec import LinkageSpec
from woda_lib.linkage.whereabouts import Whereabouts, rows_as_given

if TYPE_CHECKING:
    from woda_lib.linkage.draws import Draws
    from woda_lib.linkage.review_widget import ReviewWidget


@dataclass(frozen=True)
class LinkageResult:
    """The outcome of `link`.

    Attributes
    ----------
    clusters
        One row a record: ``source``, ``id``, ``entity_id``, ``confidence``. Confidence is the
        highest match probability with another record of the cluster; for a record that stands
        alone, one minus its highest with any other.
    model
        The fitted parameters.
    blocking
        Pairs by blocking rule; see `blocking.candidate_pairs`.
    spec
        The specification that was followed.
    """

    clusters: pd.DataFrame
    model: LinkageModel
    blocking: pd.DataFrame
    spec: LinkageSpec
    truth: pd.DataFrame | None
    _records: pd.DataFrame = field(repr=False)
    _candidates: Pairs = field(repr=False)
    _scores: Scores = field(repr=False)
    _scorer: Scorer = field(repr=False)
    _odds: Callable[[Pairs], Floats] = field(repr=False)
    _proposed: npt.NDArray[np.bool_] = field(repr=False)
    _must: Pairs = field(repr=False)
    _history: History = field(repr=False)
    _identities: Assigned | None = field(repr=False)

    @cached_property
    def links(self) -> pd.DataFrame:
        """The pairs whose match probability reaches the threshold ``link``.

        Returns
        -------
        pandas.DataFrame
            Most probable first: ``left_source``, ``left_id``, ``right_source``, ``right_id``,
            ``match_weight`` (bits), ``match_probability``, and a column of level numbers per
            comparison (−1 is missing).
        """
        return self._pair_table(self._linked)

    @cached_property
    def review(self) -> pd.DataFrame:
        """The pairs between the thresholds ``review`` and ``link``, a person's to decide."""
        asked = self._scores.probability >= self.spec.thresholds.review
        return self._pair_table(asked & ~self._linked)

    @cached_property
    def store(self) -> IdentityStore:
        """The store to give to the next linkage as ``previous``, or to `incremental.update`."""
        return handed_on(self._settled, self._records, self._evidence, self.model, self.spec)

    def clusters_of_store(self) -> pd.DataFrame:
        """Return what `from_store.clusters_of` says of the store, and look up no name for it."""
        links, odds = self._evidence.links()
        joined = Pairs(
            np.concatenate([links.left, self._must.left]),
            np.concatenate([links.right, self._must.right]),
        )
        odds = np.append(odds, np.full(len(self._must), np.inf))
        return clusters_settled(self._settled, joined, odds)

    def whereabouts(self, frames: Mapping[str, pd.DataFrame]) -> Whereabouts:
        """Return where the records of the tables that were linked stand in `clusters_of_store`."""
        return Whereabouts.settled(self._settled, rows_as_given(frames, self.spec, self._records))

    @cached_property
    def _settled(self) -> Assigned:
        if self._identities is not None:
            return self._identities
        entities = Entities.of(self._records["entity_id"])
        return self._history.named(self._records, entities, self.spec)

    @cached_property
    def _evidence(self) -> Evidence:
        """What the model alone says, whatever people decided."""
        weight = self._scores.match_weight
        chances, thresholds = self.model.probability(weight), self.spec.thresholds
        kept = self._proposed & (chances >= thresholds.review)
        return Evidence(
            self._candidates.take(kept),
            weight[kept] + np.log2(self.model.prior / (1 - self.model.prior)),
            chances[kept] >= thresholds.link,
        )

    @property
    def changes(self) -> pd.DataFrame:
        """What this linkage changed: its events; see `assign.assign`."""
        known = len(self._history.previous.events)
        return self.store.events.iloc[known:].reset_index(drop=True)

    def draws(self, n: int, seed: int) -> Draws:
        """Draw plausible alternative linkages; see `draws.draw`."""
        from woda_lib.linkage.draws import draw  # here: numba takes a second to start

        return draw(self._records, self._candidates, self._scores.probability, self._odds, n, seed)

    def review_widget(
        self, path: str | Path, *, by: str, n: int = 50, seed: int = 0
    ) -> ReviewWidget:
        """Decide on the pairs worth most in JupyterLab; see `review_widget.ReviewWidget`."""
        from woda_lib.linkage.review_widget import ReviewWidget  # here: only notebooks have widgets

        return ReviewWidget.begin(self, path, by=by, n=n, seed=seed)

    def features(self) -> pd.DataFrame:
        """Return the comparison vectors in recordlinkage's form.

        Returns
        -------
        pandas.DataFrame
            A column a comparison: the level as a share of the best, so that 1 is the best level,
            0 "anything else" or, as recordlinkage has it, missing. The index is a MultiIndex of
            two identifiers, which recordlinkage's classifiers and measures expect; where pairs
            of more than one kind of source are possible, an identifier is the text
            ``source:id``. Engine ``recordlinkage`` keeps every candidate pair, the others those
            with some chance of a match.
        """
        best = [len(comparison.levels) for comparison in self.spec.comparisons]
        shares = np.maximum(self._scores.levels, 0) / np.array(best)
        sources = self.spec.sources
        names = self._records["id"]
        if len(sources) > 2 or (
            len(sources) == 2 and not all(source.free_of_duplicates for source in sources)
        ):
            names = self._records["source"].astype(str) + ":" + names.astype(str)
        index = pd.MultiIndex.from_arrays(
            [names.to_numpy()[self._candidates.left], names.to_numpy()[self._candidates.right]],
            names=["left_id", "right_id"],
        )
        return pd.DataFrame(shares, index=index, columns=self.spec.comparison_names)

    def explain(
        self,
        left_id: Any,
        right_id: Any,
        *,
        left_source: str | None = None,
        right_source: str | None = None,
    ) -> pd.DataFrame:
        """Show how much each comparison speaks for or against a pair being one entity.

        Parameters
        ----------
        left_id, right_id
            Identifiers of two records, whether or not they were candidates.
        left_source, right_source
            Their sources; needed only where an identifier occurs in more than one.

        Returns
        -------
        pandas.DataFrame
            One row each for the prior, the comparisons and, where the model has them, the
            dependence among non-matches and the household rival: ``comparison``, ``level``,
            ``meaning``,
            ``m``, ``u``, ``term_frequency`` and ``weight`` (bits, term frequency included) and
            ``total``, the running log2 odds. No values of the records are shown.

        Raises
        ------
        SourceError
            There is no such record, or more than one.
        """
        pair = Pairs(
            np.array([self._position(left_id, left_source)]),
            np.array([self._position(right_id, right_source)]),
        )
        return explained(self._scorer.score(pair), self.spec)

    def quality(self, truth: pd.DataFrame | None = None) -> pd.DataFrame:
        """Measure precision, recall and F1 of links and clusters.

        Parameters
        ----------
        truth
            One row a record: ``source``, ``id`` and its true ``entity_id``; by default the
            truth that `link` was given. Without either, the model's own estimates are returned,
            with their caveat.

        Returns
        -------
        pandas.DataFrame
            See `quality.against_truth` and `quality.without_truth`.
        """
        truth = self.truth if truth is None else truth
        if truth is None:
            probability = self._scores.probability
            return quality.without_truth(probability[self._linked], probability)
        found = {"links": self._candidates.take(self._linked), "clusters": self._clustered()}
        return quality.against_truth(self._records, found, truth)

    def who_is_missed(
        self,
        groups: pd.DataFrame | None = None,
        by: Sequence[str] | None = None,
        truth: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Say who is missed: link rate, recall and precision of the clusters by group.

        Parameters
        ----------
        groups
            A row a record: ``source``, ``id``, and what people are grouped by (ethnic group, age,
            sex, deprivation, …); numbers of many values are cut into five bands. By default the
            truth, if it has such columns; without either, records are grouped by source alone.
        by
            Which columns of it; by default all.
        truth
            By default what `link` was given. Without it link rates alone are measured.

        Returns
        -------
        pandas.DataFrame
            ``by``, ``measure`` (link rate, recall, precision), ``group``, ``value``, ``low``,
            ``high`` (95%), ``numerator``, ``denominator``, ``rest`` (the value of everyone else)
            and ``below_rest``: whether the interval of their difference lies wholly below zero.

        Raises
        ------
        SourceError
            A column is missing, or a record is named twice.

        Warns
        -----
        LinkageWarning
            A group's interval lies below the rest.
        """
        from woda_lib.linkage.missed import who_is_missed  # here: few results are asked

        truth = self.truth if truth is None else truth
        if groups is None:
            groups = truth if truth is not None else self._records[["source", "id"]]
        clusters = self._records["entity_id"].to_numpy()
        return who_is_missed(self._records, clusters, groups, by, truth)

    def unlinkable(self) -> pd.DataFrame:
        """Count the records too poor to be linked even to a copy of themselves.

        Each record is compared with itself. When that perfect match does not reach the
        threshold, too much is missing, or too common, for any link.

        Returns
        -------
        pandas.DataFrame
            ``source``, ``records``, ``unlinkable``, ``share``.
        """
        everyone = np.arange(len(self._records))
        itself = self._scorer.score(Pairs(everyone, everyone)).probability
        poor = itself < self.spec.thresholds.link
        table = (
            pd.DataFrame({"source": self._records["source"], "poor": poor})
            .groupby("source", sort=False, observed=True)["poor"]
            .agg(records="size", unlinkable="sum", share="mean")
        )
        return table.reset_index()

    @property
    def _linked(self) -> npt.NDArray[np.bool_]:
        linked: npt.NDArray[np.bool_] = self._scores.probability >= self.spec.thresholds.link
        return linked

    def _pair_table(self, chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
        """Write some of the candidate pairs out with the names of their records."""
        scores = self._scores
        found = np.flatnonzero(chosen)
        found = found[np.argsort(-scores.match_weight[found], kind="stable")]
        pairs = self._candidates.take(found)
        columns: dict[str, Any] = {}
        for side, places in {"left": pairs.left, "right": pairs.right}.items():
            columns[f"{side}_source"] = self._records["source"].to_numpy(dtype=object)[places]
            columns[f"{side}_id"] = self._records["id"].to_numpy()[places]
        columns["match_weight"] = scores.match_weight[found]
        columns["match_probability"] = scores.probability[found]
        levels = scores.patterns.levels[scores.patterns.where[found]]
        columns |= dict(zip(self.spec.comparison_names, levels.T, strict=True))
        return pd.DataFrame(columns)

    def _clustered(self) -> Pairs:
        return quality.pairs_of(pd.factorize(self._records["entity_id"])[0])

    def _position(self, identifier: Any, source: str | None) -> int:
        chosen = self._records["id"] == identifier
        if source is not None:
            chosen &= self._records["source"] == source
        places = np.flatnonzero(chosen.to_numpy())
        if len(places) == 1:
            return int(places[0])
        if len(places) > 1:
            raise SourceError(
                "More than one source has a record with this identifier. Say which with "
                "left_source and right_source."
            )
        raise SourceError(
            "No record has this identifier. Identifiers must have the type they have in the "
            "source, and a source must be one of the specification's."
        )
