"""What is counted of every group, and how far chance moves it: households drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

Floats = npt.NDArray[np.float64]

COUNTED = ("households", "happened", "listed", "caught", "expected")
"""Rows, those to whom it happened, those on the list, those of whom both is true, sum of risks."""

_AT_ONCE = 32


@dataclass(frozen=True, eq=False)
class GroupCounts:
    """Counts of every group of every column, as they are and drawn again.

    Attributes
    ----------
    groups
        `by, group`, in the order of the second axis of the arrays.
    seen
        (groups, `COUNTED`).
    drawn
        (resamples, groups, `COUNTED`).
    """

    groups: pd.DataFrame
    seen: Floats
    drawn: Floats

    @property
    def rest(self) -> GroupCounts:
        """The same of everybody who is not in the group."""
        place, first = self._columns()
        whole = np.stack([self.seen[place == each].sum(0) for each in range(len(first))])
        totals = np.stack([self.drawn[:, place == each].sum(1) for each in range(len(first))], 1)
        return GroupCounts(self.groups, whole[place] - self.seen, totals[:, place] - self.drawn)

    @property
    def everybody(self) -> tuple[Floats, Floats]:
        """Counts of all rows, (`COUNTED`), and drawn again, (resamples, `COUNTED`)."""
        place, _ = self._columns()
        return self.seen[place == 0].sum(0), self.drawn[:, place == 0].sum(1)

    def _columns(self) -> tuple[npt.NDArray[np.int64], pd.Index]:
        place, first = pd.factorize(self.groups["by"])
        return place, first


def group_counts(
    rows: pd.DataFrame,
    listed: npt.NDArray[np.bool_],
    by: Sequence[str],
    *,
    resamples: int,
    seed: int,
) -> GroupCounts:
    """Count every group, and again in samples of households drawn with replacement.

    Parameters
    ----------
    rows
        As `judged_rows` returns them. All rows of a household are drawn together.
    listed
        Whether each is on the list.
    by
        Columns of groups.
    resamples, seed
        Of the bootstrap.
    """
    happened = rows["happened"].to_numpy()
    measures = np.column_stack(
        [np.ones(len(rows)), happened, listed, happened & listed, rows["risk"]]
    ).astype(float)
    household, names = pd.factorize(rows["household_id"])
    frames, blocks = [], []
    for name in by:
        group, levels = pd.factorize(rows[name], sort=True)
        frames.append(pd.DataFrame({"by": name, "group": levels}))
        for each in range(measures.shape[1]):
            shape = (len(levels), len(names))
            blocks.append(sparse.csr_matrix((measures[:, each], (group, household)), shape=shape))
    whole = sparse.vstack(blocks, format="csr")
    whole.eliminate_zeros()
    order = _by_group(frames, measures.shape[1])
    rng = np.random.default_rng(seed)
    drawn = np.concatenate(
        [
            (whole @ _weights(rng, len(names), min(_AT_ONCE, resamples - start))).T[:, order]
            for start in range(0, resamples, _AT_ONCE)
        ]
    )
    seen = (whole @ np.ones(len(names)))[order]
    return GroupCounts(pd.concat(frames, ignore_index=True), seen, drawn)


def _weights(rng: np.random.Generator, households: int, times: int) -> Floats:
    """How often each household is drawn, (households, times)."""
    columns = [
        np.bincount(rng.integers(households, size=households), minlength=households)
        for _ in range(times)
    ]
    return np.column_stack(columns).astype(float)


def _by_group(frames: list[pd.DataFrame], measures: int) -> npt.NDArray[np.int64]:
    """Return where (group, measure) stands among blocks that are stacked measure by measure."""
    places, start = [], 0
    for frame in frames:
        levels = len(frame)
        places.append(start + np.arange(measures) * levels + np.arange(levels)[:, None])
        start += measures * levels
    return np.concatenate(places)
