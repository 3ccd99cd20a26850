"""Measuring what partners delivered of a dataset, once its rows have been held to the contract.

What is written down are counts and days by partner: no value, no row, no line of a file. It is
taken before opt-outs are honoured, since it describes files and not people; see `quality` for what
is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from woda_lib.partners.contracts import Contract
from woda_lib.partners.folder import Delivery, gaps
from woda_lib.partners.holding import Loaded
from woda_lib.partners.parsing import BLANKED, FAULTS
from woda_lib.partners.reading import STRAY, WRONG_WIDTH
from woda_lib.records import (
    DatasetMeasured,
    Fault,
    PartnerMeasured,
    RowCounts,
    as_json,
    write_text,
)

_UNREAD = frozenset({*FAULTS, WRONG_WIDTH, STRAY} - BLANKED)
"""Faults of rows that are held to no rule over several columns, since a cell could not be read."""
_ROW = ["partner", "file", "line"]


Filled = Mapping[str, Mapping[str, int]]
"""By partner and column, the rows with a value."""


def measure(
    loaded: Loaded,
    contract: Contract,
    files: Sequence[Delivery],
    there: Sequence[Delivery],
    *,
    filled: Filled,
) -> DatasetMeasured:
    """Count what partners delivered of a dataset.

    Parameters
    ----------
    loaded : Loaded
        What became of the rows, nobody's opt-out honoured yet.
    contract : Contract
        The dataset's.
    files : sequence of Delivery
        Those that were read.
    there : sequence of Delivery
        Every file of the dataset in the folder of extracts, the oldest first.
    filled : mapping of str to mapping of str to int
        From `filled_by`.
    """
    senders = sorted({item.partner for item in files})
    return DatasetMeasured(
        dataset=contract.dataset,
        partners=tuple(
            _of_partner(name, loaded, contract, files, there, filled[name]) for name in senders
        ),
    )


def keep_measured(path: Path, found: DatasetMeasured) -> None:
    """Write a measurement whole or not at all; one that says what is there already is let be."""
    text = as_json(found)
    if not (path.is_file() and path.read_text(encoding="utf-8") == text):
        write_text(path, text)


def _of_partner(
    partner: str,
    loaded: Loaded,
    contract: Contract,
    files: Sequence[Delivery],
    there: Sequence[Delivery],
    filled: Mapping[str, int],
) -> PartnerMeasured:
    own = [item for item in there if item.partner == partner]
    counts = loaded.by_file[loaded.by_file["partner"] == partner]
    counted = counts.drop(columns=["partner", "file"]).sum().astype(int)
    quarantine = loaded.quarantine[loaded.quarantine["partner"] == partner]
    # The same letters twice in one delivery were judged once, and stand nowhere else.
    read = int(counted["delivered"] - counted["duplicates"])
    over_several = {rule.name for rule in contract.rules}
    return PartnerMeasured(
        partner=partner,
        first_delivered=own[0].delivered_on,
        last_delivered=own[-1].delivered_on,
        delivered=len(own),
        absent=gaps(own),
        daily=own[-1].daily,
        files=sum(item.partner == partner for item in files),
        rows=RowCounts(**counted),
        faulty=_rows(quarantine),
        judged=read - _rows(quarantine[quarantine["rule"].isin(_UNREAD)]),
        broken=_rows(quarantine[quarantine["rule"].isin(over_several)]),
        filled=dict(filled),
        faults=_faults(quarantine),
    )


def filled_by(
    kept: pd.DataFrame, contract: Contract, senders: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Count the rows with a value by partner and column.

    Only columns that may be blank are looked at: a row without a value in another is refused.
    """
    sender = pd.Index(senders).get_indexer(pd.Index(kept["partner"]))
    counted: dict[str, dict[str, int]] = {name: {} for name in senders}
    for name, column in contract.columns.items():
        there = sender if column.required else sender[kept[name].notna().to_numpy(bool)]
        rows = np.bincount(there, minlength=len(senders))
        for partner, number in zip(senders, rows, strict=True):
            counted[partner][name] = int(number)
    return counted


def _rows(faults: pd.DataFrame) -> int:
    """How many rows of files these faults are of; a row may have several."""
    return len(faults.drop_duplicates(_ROW))


def _faults(quarantine: pd.DataFrame) -> tuple[Fault, ...]:
    by = ["rule", "column", "outcome"]
    counted = quarantine.drop_duplicates([*_ROW, *by]).groupby(by).size()
    rows = counted.rename("rows").reset_index().to_dict("records")
    return tuple(Fault.model_validate(row) for row in rows)
