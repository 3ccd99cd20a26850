"""What is wrong with a folder of extracts, file by file: the report of `woda extracts check`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.errors import ExtractError
from woda_lib.partners.folder import Delivery, deliveries, unknown_files
from woda_lib.partners.loading import hold
from woda_lib.partners.reading import read_file


@dataclass(frozen=True)
class ExtractsReport:
    """The findings of a check.

    Attributes
    ----------
    files : DataFrame
        A row a file: ``partner, file, delivered, kept, quarantined, superseded, duplicates,
        blanked_values, refusal`` (why the whole file is refused, or missing).
    faults : DataFrame
        ``partner, file, rule, column, outcome, rows``: quarantined rows and blanked values.
    problems : tuple of str
        Sentences: files refused, files that no loader reads, months and datasets that are missing.
    """

    files: pd.DataFrame
    faults: pd.DataFrame
    problems: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether a run would get through: no file is refused, and no dataset is missing."""
        return not self.problems


def check_extracts(folder: Path) -> ExtractsReport:
    """Hold every file of a folder to its contract.

    Parameters
    ----------
    folder : Path
        As `folder` describes it.

    Raises
    ------
    ExtractError
        If there is no such folder.
    """
    problems = [
        f"{path.relative_to(folder)} is no extract: files are named <dataset>_<YYYY-MM>.csv in a "
        f"folder a partner, for one of {', '.join(CONTRACTS)}."
        for path in unknown_files(folder, CONTRACTS)
    ]
    files: list[pd.DataFrame] = []
    faults: list[pd.DataFrame] = []
    refused: list[dict[str, str]] = []
    for contract in CONTRACTS.values():
        found = deliveries(folder, contract.dataset)
        problems += _absences(found, contract.dataset, contract.partners)
        raw = []
        for item in found:
            try:
                raw.append((item, read_file(item.path, contract)))
            except ExtractError as error:
                problems.append(str(error))
                refused.append(
                    {"partner": item.partner, "file": item.path.name, "refusal": str(error)}
                )
        together = hold(raw, contract)
        files.append(together.by_file)
        faults.append(together.quarantine)
    return ExtractsReport(
        files=pd.concat([*files, pd.DataFrame(refused)], ignore_index=True),
        faults=_summary(faults),
        problems=tuple(problems),
    )


def _absences(found: list[Delivery], dataset: str, partners: tuple[str, ...]) -> list[str]:
    problems = []
    for partner in partners:
        months = pd.PeriodIndex(
            [pd.Period(item.delivered_on, "M") for item in found if item.partner == partner],
            freq="M",
        )
        if months.empty:
            problems.append(f"{partner} has delivered no {dataset}.")
            continue
        for month in pd.period_range(months.min(), months.max(), freq="M").difference(months):
            problems.append(f"{partner}/{dataset}_{month}.csv is missing between other months.")
    problems += [
        f"{item.name} comes from {item.partner}, which does not deliver {dataset}."
        for item in found
        if item.partner not in partners
    ]
    return problems


def _summary(faults: list[pd.DataFrame]) -> pd.DataFrame:
    by = ["partner", "file", "rule", "column", "outcome"]
    together = pd.concat(faults, ignore_index=True)
    counted = together.groupby(by, sort=True)["line"].nunique().rename("rows").reset_index()
    return counted.sort_values(["outcome", "rows"], ascending=[True, False], ignore_index=True)
