"""Run a linkage through Splink 5, on DuckDB or on Spark.

Splink makes the pairs, decides their levels, weighs them and clusters them, with our
specification and our parameters. What only our model knows, the dependence among non-matches and
the household class, is added to Splink's scores in SQL. Records pass through this process; pairs
stay in the database, and only those with some chance of being matches are brought back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from woda_lib.linkage.block_sizes import block_pairs, key_codes, rule_codes
from woda_lib.linkage.blocking import Pairs, source_numbers
from woda_lib.linkage.cluster import Labels
from woda_lib.linkage.feasible import CountedRule, require_few_pairs
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel, Patterns
from woda_lib.linkage.levels import Levels
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec
from woda_lib.linkage.splink_backend import (
    database,
    joins_as_written,
    register_jaro_winkler,
    spark_database,
    splink_package,
)
from woda_lib.linkage.splink_score import gamma, score_sql
from woda_lib.linkage.splink_settings import (
    Backend,
    needs_jaro_winkler,
    splink_settings,
    warn_of_what_splink_lacks,
)
from woda_lib.linkage.splink_tables import RECORD, SOURCE, Columns, beyond_ascii, splink_tables


@dataclass(frozen=True)
class SplinkScores:
    """Pairs that Splink scored, ordered by position.

    Attributes
    ----------
    pairs, levels
        The pairs and their comparison vectors.
    match_weight
        Bits; the prior is not in it.
    probability
        Match probability.
    """

    pairs: Pairs
    levels: Levels
    match_weight: Floats
    probability: Floats


@contextmanager
def open_splink(
    records: pd.DataFrame,
    spec: LinkageSpec,
    *,
    backend: Backend = "duckdb",
    session: Any = None,
    master: str | None = None,
) -> Iterator[SplinkRun]:
    """Put records into a Splink database and make their candidate pairs.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    spec
        The specification.
    backend
        ``"duckdb"`` or ``"spark"``.
    session
        A Spark session with Splink's library of functions and a checkpoint directory that its
        executors share. Python on the executors needs pyarrow and jellyfish.
    master
        Instead of a session, the URL of a Spark master on this machine (``local[2]``,
        ``spark://127.0.0.1:7077``), for which a session is made and closed.

    Yields
    ------
    SplinkRun

    Raises
    ------
    BlockingError
        A blocking rule would make too many pairs. Nothing has been started by then.
    LinkageError
        Splink or Spark is not installed, or the choice of backend and session does not fit.
    """
    report = _pair_counts(records, spec)
    with database(backend, session, master) as api:
        yield SplinkRun(api, records, spec, backend, report)


def splink_linker(
    frames: Mapping[str, pd.DataFrame],
    spec: LinkageSpec,
    model: LinkageModel,
    *,
    backend: Backend = "duckdb",
    session: Any = None,
) -> Any:
    """Open Splink itself on our model and records, for its charts and dashboards.

    Parameters
    ----------
    frames, spec
        As for `link`.
    model
        A fitted model, as in ``result.model``.
    backend, session
        Where it runs; Spark needs a session.

    Returns
    -------
    splink.Linker
        Its unique identifier ``record`` is the position of a record in the order of sources
        and, within a source, of identifiers.

    Raises
    ------
    LinkageError
        Splink or Spark is not installed, or the session lacks what Splink needs.

    Warns
    -----
    LinkageWarning
        The model knows more than Splink's can hold.

    Examples
    --------
    >>> linker = splink_linker(frames, spec, result.model)  # doctest: +SKIP
    >>> linker.visualisations.match_weights_chart()  # doctest: +SKIP
    """
    warn_of_what_splink_lacks(model)
    api = spark_database(session) if backend == "spark" else splink_package().DuckDBAPI()
    records = gather(frames, spec)
    return SplinkRun(api, records, spec, backend, _pair_counts(records, spec)).linker(model)


class SplinkRun:
    """The records of one linkage inside a Splink database; made by `open_splink`."""

    def __init__(
        self,
        api: Any,
        records: pd.DataFrame,
        spec: LinkageSpec,
        backend: Backend,
        report: pd.DataFrame,
    ) -> None:
        self._api = api
        self._spec = spec
        self._backend = backend
        self._report = report
        self._columns = Columns.of(spec)
        self._gammas = [gamma(self._columns, name) for name in spec.comparison_names]
        self._source = records["source"].map(self._columns.sources).to_numpy()
        tables = splink_tables(records, spec)
        compared = [self._columns.fields[field] for field in needs_jaro_winkler(spec)]
        self._by_letter = bool(compared) and beyond_ascii(tables, compared)
        if compared and (backend == "spark" or self._by_letter):
            register_jaro_winkler(api, backend)
        self._tables = [api.register(table) for table in tables.values()]

    def linker(self, model: LinkageModel) -> Any:
        """Make a Splink linker with the parameters of a model."""
        settings = splink_settings(model, self._spec, self._backend, by_letter=self._by_letter)
        return splink_package().Linker(
            self._tables, settings, log_level=None, validate_settings=False
        )

    def blocking(self) -> pd.DataFrame:
        """Report the pairs of each rule, as `blocking.candidate_pairs` does."""
        blocked = self.linker(_uninformed(self._spec)).inference.compute_blocked_pairs_for_predict()
        new = self._rows(
            f"select match_key, count(*) as n from {blocked.physical_name} group by match_key"
        )
        report = self._report.copy()
        report.loc[new["match_key"].astype(int), "new"] = new["n"].to_numpy()
        return report

    def patterns(self) -> Patterns:
        """Count the patterns of the candidate pairs; their `where` stays empty."""
        predicted = self._predict(_uninformed(self._spec))
        columns = ", ".join(self._gammas)
        counted = self._rows(
            f"select {columns}, count(*) as n from {predicted.physical_name} "
            f"group by {columns} order by {columns}"
        )
        predicted.drop_table_from_database_and_remove_from_cache()
        return Patterns(
            levels=counted[self._gammas].to_numpy(dtype=np.int8),
            counts=counted["n"].to_numpy(dtype=float),
            where=np.empty(0, dtype=np.int64),
        )

    def scores(self, model: LinkageModel, least_probability: float = 0.0) -> SplinkScores:
        """Score the candidate pairs and bring back those of at least some probability."""
        predicted = self._predict(model)
        ids = [f"{RECORD}_l", f"{RECORD}_r"]
        sql = score_sql(model, self._columns, predicted.physical_name, [*ids, *self._gammas])
        scored = self._rows(
            f"select * from ({sql}) where match_probability >= {least_probability!r}"
        )
        predicted.drop_table_from_database_and_remove_from_cache()
        one, other = (scored[name].to_numpy(dtype=np.int64) for name in ids)
        left, right = np.minimum(one, other), np.maximum(one, other)
        order = np.lexsort((right, left))
        return SplinkScores(
            pairs=Pairs(left[order], right[order]),
            levels=scored[self._gammas].to_numpy(dtype=np.int8)[order],
            match_weight=scored["match_weight"].to_numpy(dtype=float)[order],
            probability=scored["match_probability"].to_numpy(dtype=float)[order],
        )

    def cluster(self, links: Pairs, probability: Floats) -> Labels:
        """Let Splink cluster linked pairs.

        Parameters
        ----------
        links, probability
            The pairs and their match probabilities.

        Returns
        -------
        numpy.ndarray of int64, shape (records,)
            The smallest position of a record's group: the connected components of the links or,
            where a source is free of duplicates, the groups of Splink's single best links, which
            hold at most one record of such a source.
        """
        sides = {"l": links.left, "r": links.right}
        table: dict[str, Any] = {f"{RECORD}_{side}": places for side, places in sides.items()}
        if several := len(self._spec.sources) > 1:
            table |= {f"{SOURCE}_{side}": self._source[places] for side, places in sides.items()}
        edges = self._api.register(pa.table(table | {"match_probability": probability}))
        clustering = self.linker(_uninformed(self._spec)).clustering
        free = [
            self._columns.sources[source.name]
            for source in self._spec.sources
            if source.free_of_duplicates
        ]
        if several and free:
            with joins_as_written(self._api, self._backend):
                found = clustering.cluster_using_single_best_links(
                    edges, free, threshold_match_probability=0.0
                )
        else:
            found = clustering.cluster_pairwise_predictions_at_threshold(
                edges, threshold_match_probability=0.0
            )
        rows = self._rows(f"select {RECORD}, cluster_id from {found.physical_name}")
        labels = np.arange(len(self._source))
        labels[rows[RECORD]] = rows.groupby("cluster_id")[RECORD].transform("min")
        return labels

    def _predict(self, model: LinkageModel) -> Any:
        linker = self.linker(model)
        # They stay in the database's cache, and so are made once for all linkers.
        linker.inference.compute_blocked_pairs_for_predict()
        return linker.inference.predict()

    def _rows(self, sql: str) -> pd.DataFrame:
        """Bring the rows of a query into this process."""
        return self._api.query_sql(sql).as_pyarrow_table().to_pandas()


def _uninformed(spec: LinkageSpec) -> LinkageModel:
    """Return a model that gives every level the weight 0, for what needs no weights."""
    number = np.array([len(comparison.levels) + 1 for comparison in spec.comparisons])
    exist = np.arange(number.max()) < number[:, None]
    even = exist / number[:, None]
    return LinkageModel(
        comparisons=tuple(spec.comparisons),
        m=even,
        u=even,
        h=None,
        prior=0.5,
        household_prior=0.0,
        household=(),
        pairs=0,
    )


def _pair_counts(records: pd.DataFrame, spec: LinkageSpec) -> pd.DataFrame:
    """Count the pairs of each rule before any is made; refuse too many."""
    sources = source_numbers(records, spec)
    free = np.array([source.free_of_duplicates for source in spec.sources])
    rows = []
    for number, rule in enumerate(spec.rules, start=1):
        blocks = rule_codes(records, rule)
        sizes, pairs = block_pairs(blocks, sources, free)
        count, largest = int(pairs.sum()), int(sizes.max(initial=0))
        name = " and ".join(spec.blocking[number - 1])
        told = partial(np.asarray, blocks), partial(key_codes, records)
        require_few_pairs(CountedRule(number, name, count, *told), spec)
        rows.append({"rule": name, "pairs": count, "new": 0, "largest_block": largest})
    return pd.DataFrame(rows)
