"""People's decisions about pairs: must-link and cannot-link, which outrank the model.

A decision is a row of a CSV file that people keep (``data/decisions/``) and that the
specification names under ``decisions``: two records, what was decided, by whom, when and why.
The newest decision on a pair counts; ``undecided`` takes an earlier one back. Clustering under
such constraints: Wagstaff and others (2001), Constrained k-means clustering, ICML 577–584.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.blocking import Pairs, Positions
from woda_lib.linkage.cluster import LARGEST_COMPONENT, VETO
from woda_lib.linkage.errors import DecisionError, nearest
from woda_lib.linkage.fellegi_sunter import Floats

PAIR = ["left_source", "left_id", "right_source", "right_id"]
COLUMNS = [*PAIR, "decision", "by", "on", "reason"]
DECISIONS = ("must_link", "cannot_link", "undecided")

# log2 odds that no evidence outweighs, even averaged over the pairs of two large groups.
ALWAYS = -VETO
NEVER = 1000 * VETO


def no_decisions() -> pd.DataFrame:
    """Return an empty table of decisions."""
    nothing = {name: np.empty(0, dtype=object) for name in COLUMNS}
    return pd.DataFrame(nothing | {"on": np.empty(0, dtype="datetime64[ns]")})


def read_decisions(paths: Iterable[str | Path], sources: Iterable[str]) -> pd.DataFrame:
    """Read files of decisions.

    Parameters
    ----------
    paths
        CSV files with the columns ``left_source``, ``left_id``, ``right_source``, ``right_id``,
        ``decision`` (must_link, cannot_link or undecided), ``by``, ``on`` (such as 2024-05-31)
        and ``reason``.
    sources
        The sources that a decision may name.

    Returns
    -------
    pandas.DataFrame
        All rows of all files in their order, whatever else stands in them too, with ``origin``:
        file and row, as a spreadsheet numbers it.

    Raises
    ------
    DecisionError
        A file cannot be read, or a row does not say what it must; file and row are named.
    """
    known = list(sources)
    tables = [_read(Path(path), known) for path in paths]
    if not tables:
        return no_decisions().assign(origin=pd.Series(dtype=object))
    return pd.concat(tables, ignore_index=True)


def in_force(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the decision that counts for each pair, the same whichever record stands left.

    Parameters
    ----------
    decisions
        Decisions in the order in which they were made; of two with one date, the later row
        counts.
    """
    table = decisions.copy()
    turned = (table["left_source"] > table["right_source"]) | (
        (table["left_source"] == table["right_source"]) & (table["left_id"] > table["right_id"])
    )
    table.loc[turned, PAIR] = table.loc[turned, [*PAIR[2:], *PAIR[:2]]].to_numpy()
    newest = table.sort_values("on", kind="stable").drop_duplicates(PAIR, keep="last")
    return newest[newest["decision"] != "undecided"].sort_values(PAIR, ignore_index=True)


@dataclass(frozen=True)
class Constraints:
    """Decisions about one table of records, ready for clustering.

    Attributes
    ----------
    must, cannot
        The pairs that people decided on.
    group
        Shape (records,): records with one number must be one entity, because must-links lead
        from each to each. Empty where there is no decision to be followed.
    """

    must: Pairs
    cannot: Pairs
    group: Positions

    @classmethod
    def of(
        cls, number: int, left: Positions, right: Positions, decisions: pd.DataFrame
    ) -> Constraints:
        """Turn decisions in force into constraints.

        Parameters
        ----------
        number
            Number of records.
        left, right
            Positions of the records of each decision; −1 where there is no such record (any
            more, or yet), in which case the decision waits.
        decisions
            The decisions in force, row by row.

        Raises
        ------
        DecisionError
            Must-links make one entity of two records that a cannot-link keeps apart, or join
            more records than any entity has.
        """
        present = (left >= 0) & (right >= 0)
        pairs = Pairs(np.minimum(left, right), np.maximum(left, right))
        if not present.any():
            nothing = pairs.take(present)
            return cls(nothing, nothing, np.empty(0, dtype=np.int64))
        # Imported here: numba takes a second to start, which not everyone need wait for.
        from woda_lib.linkage.fast.components import components

        is_must = (decisions["decision"] == "must_link").to_numpy(dtype=bool)
        must, cannot = pairs.take(present & is_must), pairs.take(present & ~is_must)
        group = components(number, must.left, must.right)
        _refuse(
            decisions[present & ~is_must][group[cannot.left] == group[cannot.right]],
            "this keeps two records apart that must_link decisions make one entity. Take one of "
            "these decisions back with 'undecided'.",
        )
        _refuse(
            decisions[present & is_must][np.bincount(group)[group[must.left]] > LARGEST_COMPONENT],
            f"this belongs to must_link decisions that join more than {LARGEST_COMPONENT} records "
            f"into one entity. Take those back that are wrong with 'undecided'.",
        )
        return cls(must, cannot, group)

    def __bool__(self) -> bool:
        return bool(len(self.must) or len(self.cannot))

    def with_must(self, pairs: Pairs) -> tuple[Pairs, npt.NDArray[np.bool_]]:
        """Add the must-linked pairs to others, in order of position and without repetition.

        Returns
        -------
        pairs : Pairs
        given : numpy.ndarray of bool
            Which of them were among `pairs`.
        """
        if not len(self.must):
            return pairs, np.ones(len(pairs), dtype=bool)
        number = len(self.group)
        before = pairs.left * number + pairs.right
        keys = np.union1d(before, self.must.left * number + self.must.right)
        return Pairs(keys // number, keys % number), np.isin(keys, before)

    def probability(self, pairs: Pairs, probability: Floats) -> Floats:
        """Put 1 or 0 for the match probability of pairs that people decided on."""
        return self._decided(pairs, probability, 1.0, 0.0)

    def odds(self, pairs: Pairs, odds: Floats) -> Floats:
        """Put `ALWAYS` or `NEVER` for the log2 odds of pairs that people decided on.

        Records that must be one are one entity with several appearances (a name before and
        after marriage, say), and any other record is held against the one that it fits best.
        What must not join one of them must not join any.
        """
        return self._decided(pairs, self._best_appearance(pairs, odds), ALWAYS, NEVER)

    def _best_appearance(self, pairs: Pairs, odds: Floats) -> Floats:
        if not len(self.must):
            return odds
        several = np.bincount(self.group, minlength=1)[self.group] > 1
        chosen = np.flatnonzero(several[pairs.left] | several[pairs.right])
        if not len(chosen):
            return odds
        left, right = self.group[pairs.left[chosen]], self.group[pairs.right[chosen]]
        meeting = np.minimum(left, right) * len(self.group) + np.maximum(left, right)
        of_meeting = pd.Series(odds[chosen]).groupby(meeting)
        worst, best = of_meeting.transform("min"), of_meeting.transform("max")
        result = odds.copy()
        result[chosen] = best.where(worst > VETO, worst)
        return result

    def _decided(self, pairs: Pairs, values: Floats, must: float, cannot: float) -> Floats:
        if not self:
            return values
        number = len(self.group)
        kept_apart = np.isin(
            pairs.left * number + pairs.right,
            np.concatenate(
                [
                    self.cannot.left * number + self.cannot.right,
                    self.cannot.right * number + self.cannot.left,
                ]
            ),
        )
        together = (self.group[pairs.left] == self.group[pairs.right]) & (pairs.left != pairs.right)
        return np.where(kept_apart, cannot, np.where(together, must, values))


def constraints(records: pd.DataFrame, decisions: pd.DataFrame) -> Constraints:
    """Find the records that decisions are about.

    Parameters
    ----------
    records
        ``source`` and ``id`` of each record; a decision knows an identifier by its text.
    decisions
        The decisions in force.

    Raises
    ------
    DecisionError
        See `Constraints.of`.
    """
    if decisions.empty:
        nothing = np.empty(0, dtype=np.int64)
        return Constraints.of(len(records), nothing, nothing, decisions)
    named = set(decisions["left_id"]) | set(decisions["right_id"])
    texts = records["id"].astype(str)
    chosen = np.flatnonzero(texts.isin(named).to_numpy())
    index = pd.MultiIndex.from_arrays(
        [records["source"].astype(str).to_numpy()[chosen], texts.to_numpy()[chosen]]
    )
    chosen = np.append(chosen, -1)
    left, right = (
        chosen[index.get_indexer(pd.MultiIndex.from_frame(decisions[side]))]
        for side in (PAIR[:2], PAIR[2:])
    )
    return Constraints.of(len(records), left, right, decisions)


def _read(path: Path, sources: list[str]) -> pd.DataFrame:
    try:
        from woda_lib.records import read_list  # here: most linkages have no decisions to read

        table = read_list(path)
    except OSError as error:
        raise DecisionError(
            f"The file of decisions {path} cannot be read: {error.strerror}. A file that holds "
            f"only the heading {','.join(COLUMNS)} will do."
        ) from None
    except (ValueError, UnicodeDecodeError) as error:  # pandas' parser errors are ValueErrors
        raise DecisionError(
            f"{path} is not a CSV file in UTF-8 ({type(error).__name__}). Save it as CSV again."
        ) from None
    table.columns = [str(name).strip() for name in table.columns]
    for name in COLUMNS:
        if name not in table.columns:
            raise DecisionError(
                f"{path}, row 1: there is no column {name!r}. {nearest(name, table.columns)}"
            )
    table = table.apply(lambda column: column.str.strip())
    on = pd.to_datetime(table["on"], format="%Y-%m-%d", errors="coerce")
    same = (table["left_source"] == table["right_source"]) & (table["left_id"] == table["right_id"])
    checks = {
        f"'decision' must be one of {', '.join(DECISIONS)}.": table["decision"].isin(DECISIONS),
        "'on' must be a date such as 2024-05-31.": on.notna(),
        "'by' is empty. Say who decided.": table["by"] != "",
        "an identifier is empty.": (table["left_id"] != "") & (table["right_id"] != ""),
        f"a source is none of the specification's: {', '.join(sources)}.": (
            table["left_source"].isin(sources) & table["right_source"].isin(sources)
        ),
        "both sides are the same record.": ~same,
    }
    for sentence, holds in checks.items():
        if not holds.all():
            row = int(np.flatnonzero(~holds.to_numpy())[0])
            raise DecisionError(f"{path}, row {row + 2}: {sentence}")
    origin = f"{path}, row " + (table.index + 2).astype(str)
    return table.assign(on=on, origin=origin)


def _refuse(faulty: pd.DataFrame, sentence: str) -> None:
    """Name the first of the decisions that cannot stand."""
    if faulty.empty:
        return
    first = faulty.iloc[0]
    known = isinstance(first.get("origin"), str)
    origin = first["origin"] if known else f"The store's decision of {first['on']:%Y-%m-%d}"
    raise DecisionError(f"{origin}: {sentence}")
