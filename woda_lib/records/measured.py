"""What acceptance measured of partners' deliveries: counts and days, and nothing of any row.

::

    data/accepted/<extracts>/<agreement>/<dataset>.parquet         what was accepted, encrypted
    data/accepted/<extracts>/<agreement>/<dataset>.rows.parquet    what became of it, encrypted
    data/accepted/<extracts>/<agreement>/<dataset>.before.parquet  and on the day before
    data/accepted/<extracts>/<agreement>/<dataset>.quality.json    what was measured of it, plain

The file holds counts, so that every share in a report can be worked out again from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from woda_lib.records.runs import RowCounts

DELIVERIES = "what was measured of deliveries"
"""The name under which a step's record, and its fingerprint, list the files."""

_ENDING = ".quality.json"


class _Measured(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fault(_Measured):
    """How many rows broke one rule at one column, and what became of them."""

    rule: str
    column: str
    outcome: str
    rows: int


class PartnerMeasured(_Measured):
    """What was measured of one partner's deliveries of a dataset.

    Attributes
    ----------
    partner : str
    first_delivered, last_delivered : date
        Of the files that are there, those that no load reads yet included.
    delivered : int
        How many files are there.
    absent : int
        Days or months between the first and the last of which no file is there.
    daily : bool
        Whether the newest file is that of a day.
    files : int
        How many of them were read and judged: up to the clock of the agreement.
    rows : RowCounts
        What became of their rows, before anybody's opt-out.
    faulty : int
        Rows delivered that were quarantined or had a value blanked, each counted once.
    judged : int
        Rows that could be read, and so were held to the rules over several columns.
    broken : int
        Of those: how many broke one.
    filled : mapping of str to int
        For each column, in how many of the kept rows it has a value.
    faults : tuple of Fault
    """

    partner: str
    first_delivered: date
    last_delivered: date
    delivered: int
    absent: int
    daily: bool
    files: int
    rows: RowCounts
    faulty: int
    judged: int
    broken: int
    filled: Mapping[str, int]
    faults: tuple[Fault, ...]


class DatasetMeasured(_Measured):
    """What was measured of a dataset, by partner."""

    dataset: str
    partners: tuple[PartnerMeasured, ...]


def quality_file(folder: Path, dataset: str) -> Path:
    """Return where the measurement of a dataset lies in a folder of accepted rows."""
    return folder / f"{dataset}{_ENDING}"


def quality_files(accepted: Path) -> list[Path]:
    """Return every measurement of some extracts, whatever the agreement, in order of its name."""
    return sorted(accepted.glob(f"*/[!.]*{_ENDING}"))
