"""What is wrong with a folder of extracts, file by file: the report of `woda extracts check`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from woda_lib.partners.clock import from_tomorrow
from woda_lib.partners.datasets import CONTRACTS, OPT_OUTS
from woda_lib.partners.doubtful import late_files, short_files
from woda_lib.partners.errors import ExtractError
from woda_lib.partners.folder import absences, deliveries
from woda_lib.partners.holding import hold
from woda_lib.partners.reading import read_file


@dataclass(frozen=True)
class ExtractsReport:
    """The findings of a check.

    Attributes
    ----------
    files : DataFrame
        A row a file: ``partner, file, delivered, kept, quarantined, superseded, duplicates,
        blanked_values, outdated, refusal`` (why the whole file is refused, or missing).
    faults : DataFrame
        ``partner, file, rule, column, outcome, rows``: quarantined rows and blanked values.
    problems : tuple of str
        Sentences: files refused, files that no loader reads or that are dated after today; months,
        days and whole partners that are missing of a dataset.
    doubts : tuple of str
        Sentences about what a run would take and somebody should look at: files with far fewer rows
        than those before them, and datasets whose newest file their neighbours are ahead of.
    undelivered : tuple of str
        Datasets of which nobody has delivered anything. A pilot that reads one is refused.
    """

    files: pd.DataFrame
    faults: pd.DataFrame
    problems: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    undelivered: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether a run would take this folder: nothing is refused, unknown or missing."""
        return not self.problems


def check_extracts(folder: Path, today: date | None = None) -> ExtractsReport:
    """Hold every file of a folder to its contract.

    Parameters
    ----------
    folder : Path
        As `folder` describes it.
    today : date, optional
        No file may be dated after it; the real day, if left out.

    Raises
    ------
    ExtractError
        If there is no such folder.
    """
    today = today or date.today()
    there = deliveries(folder)
    early = [item for item in there if item.dataset != OPT_OUTS and item.delivered_on > today]
    delivered = {item.dataset for item in there} & CONTRACTS.keys()
    asked = [name for name in CONTRACTS if name in delivered or name == OPT_OUTS]
    files: list[pd.DataFrame] = []
    faults: list[pd.DataFrame] = []
    refused: list[dict[str, str]] = []
    short: list[str] = []
    for contract in CONTRACTS.values():
        found = [item for item in there if item.dataset == contract.dataset]
        raw = []
        for item in found:
            try:
                raw.append((item, read_file(item.path, contract)))
            except ExtractError as error:
                refused.append(
                    {"partner": item.partner, "file": item.path.name, "refusal": str(error)}
                )
        held = hold(raw, contract)
        short += short_files(held.files)
        together = held.loaded()
        files.append(together.by_file)
        faults.append(together.quarantine)
    problems = [each["refusal"] for each in refused]
    problems += [from_tomorrow(item, today) for item in early]
    problems += absences(folder, asked, until=today)
    if not delivered:
        problems.append(f"{folder} holds no extract.")
    return ExtractsReport(
        files=pd.concat([*files, pd.DataFrame(refused)], ignore_index=True),
        faults=_summary(faults),
        problems=tuple(problems),
        doubts=(*late_files(item for item in there if item.delivered_on <= today), *short),
        undelivered=tuple(name for name in CONTRACTS if name not in asked),
    )


def _summary(faults: list[pd.DataFrame]) -> pd.DataFrame:
    by = ["partner", "file", "rule", "column", "outcome"]
    together = pd.concat(faults, ignore_index=True)
    counted = together.groupby(by, sort=True)["line"].nunique().rename("rows").reset_index()
    return counted.sort_values(["outcome", "rows"], ascending=[True, False], ignore_index=True)
