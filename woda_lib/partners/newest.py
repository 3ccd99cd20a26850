"""Which accepted row of each key is the newest, and since when it has stood as it stands.

A partner that delivers all it has each month sends most rows again and again. So keys are numbered
once, and what is asked of them is asked of the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.partners.agreements import DELIVERED_ON
from woda_lib.partners.numbers import arrow_texts, numbers_of

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Newest:
    """The newest rows, ordered by partner and key.

    Attributes
    ----------
    places
        Of these rows, among all.
    superseded
        Places of the other rows that were asked about.
    since
        The day on which each newest row first came as it stands. A row that went away from what it
        says and came back counts from when it came back.
    """

    places: Places
    superseded: Places
    since: npt.NDArray[np.datetime64]


def newest_of(rows: pd.DataFrame, sound: Places, *, key: str, columns: Sequence[str]) -> Newest:
    """Find the last row of each partner and key.

    Parameters
    ----------
    rows
        As delivered, the oldest first: ``partner``, ``delivered_on``, the key and the columns.
    sound
        The places of those that count, in their order.
    key
        The column that is one row's alone.
    columns
        What a row says.
    """
    keys = numbers_of(rows, ["partner", key])[sound]
    order = np.argsort(keys, kind="stable")
    first = np.append(True, np.diff(keys[order]) != 0)[: len(keys)]
    last = np.append(first[1:], True)[: len(keys)]
    days = rows[DELIVERED_ON].to_numpy()[sound]
    since = days[order][_beginnings(rows, sound[order], first, columns)[last]]
    at = order[last]
    names = ["partner", key]
    texts = [arrow_texts(rows[name].take(sound[at])) for name in names]
    sort = pc.sort_indices(
        pa.table(texts, names=names), sort_keys=[(name, "ascending") for name in names]
    ).to_numpy()
    others = np.ones(len(sound), dtype=bool)
    others[at] = False
    return Newest(sound[at[sort]], sound[others], since[sort])


def _beginnings(
    rows: pd.DataFrame, places: Places, first: npt.NDArray[np.bool_], columns: Sequence[str]
) -> Places:
    """Return for each row the one, of its key and before it, since which all say the same.

    Parameters
    ----------
    places
        Of the rows, key by key, the oldest of each first.
    first
        Which of them begin a key.
    """
    changed = first.copy()
    repeats = ~first
    several = np.flatnonzero(repeats | np.append(repeats[1:], False))
    if len(several):
        said = rows[[*columns]].iloc[places[several]]
        content = pd.util.hash_pandas_object(said, index=False).to_numpy()
        changed[several] |= np.append(True, content[1:] != content[:-1])
    beginning: Places = np.maximum.accumulate(np.where(changed, np.arange(len(changed)), 0))
    return beginning
