"""What changed: in partners' own words over the years, and in what was measured since last time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.partners import OPT_OUTS
from woda_lib.pilots.partnership.roadmap.access import MAY_BE_READ
from woda_lib.pilots.partnership.roadmap.quality import DIMENSIONS, FAIR, GOOD, POOR, UNKNOWN
from woda_lib.pilots.partnership.roadmap.register import Register

LEARNING = 3
"""The level from which on a dataset is shared in an orderly way; see `levels`."""

_RANK = {POOR: 0, FAIR: 1, GOOD: 2}
_CHANGES = ("partner", "dataset", "what", "before", "now", "direction")


def own_words(register: Register) -> pd.DataFrame:
    """Return how many datasets each partner put at `LEARNING` or above, a column a year.

    Returns
    -------
    DataFrame
        ``partner, datasets`` (that it spoke of in the newest year), a column a year as text, and
        ``more``: how many more than in the first year. The last row is of all.
    """
    rows = [
        (register.partners[partner], year, level >= LEARNING)
        for dataset, held in register.held.items()
        if dataset != OPT_OUTS  # no dataset of a pilot; see `standing`
        for partner, by in held.by.items()
        for year, level in by.maturity.items()
    ]
    said = pd.DataFrame(rows, columns=["partner", "year", "reached"])
    counts = said.groupby(["partner", "year"])["reached"].sum().unstack(fill_value=0)
    spoke = said[said["year"] == said["year"].max()].groupby("partner").size()
    order = [name for name in register.partners.values() if name in counts.index]
    counts = counts.loc[order]
    table = pd.concat([spoke.reindex(order, fill_value=0).rename("datasets"), counts], axis=1)
    table.loc["All partners"] = table.sum()
    table["more"] = table[counts.columns[-1]] - table[counts.columns[0]]
    table.columns = [str(column) for column in table.columns]
    return table.rename_axis("partner").reset_index()


def kept(stands: pd.DataFrame) -> pd.DataFrame:
    """Return what a later run compares with: ``partner, dataset, state, measured``, grades."""
    columns = ["partner", "dataset", "state", "measured", *(f"grade_{n}" for n in DIMENSIONS)]
    return stands[columns].reset_index(drop=True)


def changes(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return what is otherwise than the last time, a row a partner, dataset and thing.

    Parameters
    ----------
    now, before : DataFrame
        From `kept`.

    Returns
    -------
    DataFrame
        ``partner, dataset, what`` (*dataset*, *level*, *agreement* or a dimension), ``before, now``
        in words, ``direction``: *better*, *worse*, *new*, *gone* or *changed*.
    """
    pairs = ["partner", "dataset"]
    both = now.merge(before, on=pairs, how="outer", suffixes=("", "_before"), indicator=True)
    came = both[both["_merge"] != "both"]
    new = (came["_merge"] == "left_only").to_numpy()
    parts = [
        came[pairs].assign(
            what="dataset",
            before=np.where(new, "not there", "there"),
            now=np.where(new, "there", "not there"),
            direction=np.where(new, "new", "gone"),
        )
    ]
    both = both[both["_merge"] == "both"]
    for column, what in _compared().items():
        old, present = both[f"{column}_before"], both[column]
        rank = _ranked(present, column) - _ranked(old, column)
        said, says = _in_words(old), _in_words(present)
        moved = (said != says).to_numpy()
        parts.append(
            both.loc[moved, pairs].assign(
                what=what,
                before=said[moved],
                now=says[moved],
                direction=np.select(
                    [rank[moved] > 0, rank[moved] < 0], ["better", "worse"], "changed"
                ),
            )
        )
    return pd.concat(parts, ignore_index=True).sort_values(pairs, kind="stable", ignore_index=True)[
        list(_CHANGES)
    ]


def _compared() -> dict[str, str]:
    return {
        "measured": "level",
        "state": "agreement",
        **{f"grade_{name}": name for name in DIMENSIONS},
    }


def _ranked(values: pd.Series, column: str) -> pd.Series:
    if column == "measured":
        return values.astype(float)
    if column == "state":
        return values.isin(MAY_BE_READ).astype(float)
    return values.map({**_RANK, UNKNOWN: np.nan}).astype(float)


def _in_words(values: pd.Series) -> pd.Series:
    return values.map(lambda value: f"{value:.0f}" if isinstance(value, float) else str(value))
