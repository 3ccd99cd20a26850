"""A folder of extracts: which file is which delivery, and how new the newest is.

Files lie at ``<folder>/<partner>/<dataset>_<YYYY-MM>.csv``. A delivery's date is the last day of
its month.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from woda_lib.partners.datasets import CONTRACTS, OPT_OUTS
from woda_lib.partners.errors import ExtractError

MARKER = "SYNTHETIC.json"
GENERATOR = "woda_lib.synthetic"
MADE_UP_FORM = 3
"""Of the files that the generator writes; raised with every column that older ones lack."""
_FILE_NAME = re.compile(
    r"^(?P<dataset>[a-z][a-z_]*)_(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])\.csv$"
)


@dataclass(frozen=True, order=True)
class Delivery:
    """One delivered file."""

    delivered_on: date
    partner: str
    dataset: str
    path: Path

    @property
    def name(self) -> str:
        """Partner and file name, as messages give it."""
        return f"{self.partner}/{self.path.name}"


class SyntheticMarker(BaseModel):
    """What tells a folder of made-up extracts from one that partners delivered."""

    model_config = ConfigDict(extra="ignore")

    generator: str
    profile: str
    seed: int
    truth: str
    form: int = 1

    @property
    def outdated(self) -> bool:
        """Whether an earlier version made these extracts, which today's notebooks cannot read."""
        return self.generator == GENERATOR and self.form < MADE_UP_FORM


def deliveries(folder: Path, dataset: str | None = None) -> list[Delivery]:
    """Return the delivered files of a folder, the oldest first, and of each day by partner.

    Files whose names do not have the agreed form are left out; see `unknown_files`.

    Raises
    ------
    ExtractError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise ExtractError(
            f"There are no extracts at {folder}. Type `woda extracts make` in a terminal to make a "
            "county up, or name a folder of partners' extracts with --extracts (for notebooks, in "
            "WODA_EXTRACTS)."
        )
    found = []
    for path in folder.glob("*/*.csv"):
        name = _FILE_NAME.match(path.name)
        if name and not path.parent.name.startswith("."):
            year, month = int(name["year"]), int(name["month"])
            day = date(year, month, monthrange(year, month)[1])
            found.append(Delivery(day, path.parent.name, name["dataset"], path))
    return sorted(item for item in found if dataset in (None, item.dataset))


def absences(folder: Path, datasets: Iterable[str] = tuple(CONTRACTS)) -> list[str]:
    """Say what no loader of a folder would ever see, and what is not there, a sentence each.

    Files under names of another form, files of partners that do not deliver the dataset; and, of
    some datasets, partners that have delivered none and months missing between others. A run over
    such a folder would leave something out without a word, so it is refused.
    """
    found = deliveries(folder)
    read = {
        item.path
        for item in found
        if item.dataset in CONTRACTS and item.partner in CONTRACTS[item.dataset].partners
    }
    sentences = [
        f"{path.relative_to(folder)} is no extract: files are named <dataset>_<YYYY-MM>.csv in the "
        f"folder of a partner that delivers the dataset ({', '.join(CONTRACTS)})."
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path not in read and not _is_hidden(path.relative_to(folder))
    ]
    for dataset in datasets:
        for partner in CONTRACTS[dataset].partners:
            own = [item for item in found if (item.dataset, item.partner) == (dataset, partner)]
            sentences += _missing(own, dataset, partner)
    return sentences


def _missing(own: list[Delivery], dataset: str, partner: str) -> list[str]:
    if not own:
        return [f"{partner} has delivered no {dataset}."]
    months = pd.PeriodIndex([pd.Period(item.delivered_on, "M") for item in own], freq="M")
    return [
        f"{partner}/{dataset}_{month}.csv is missing between other months. A month without "
        "anything to report is a file with its heading alone."
        for month in pd.period_range(months.min(), months.max(), freq="M").difference(months)
    ]


def _is_hidden(path: Path) -> bool:
    return path.name == MARKER or any(part.startswith(".") for part in path.parts)


def as_of(folder: Path) -> date:
    """Return the clock of an analysis: the day up to which every partner has delivered.

    That is the oldest of the partners' newest deliveries. Where one partner is a month behind, what
    the others sent since is not read yet, because half of the picture would be a wrong one.

    Raises
    ------
    ExtractError
        If the folder is missing, or holds no delivery.
    """
    newest: dict[str, date] = {}
    for item in deliveries(folder):
        contract = CONTRACTS.get(item.dataset)
        if contract is None or item.dataset == OPT_OUTS:
            continue  # a choice counts as soon as it is known, and says nothing of the rest
        if item.partner in contract.partners:
            newest[item.partner] = item.delivered_on
    if not newest:
        raise ExtractError(
            f"{folder} holds no extract. Files must lie in a folder a partner and be named "
            "<dataset>_<YYYY-MM>.csv; docs/extracts.md says more."
        )
    return min(newest.values())


def synthetic_marker(folder: Path) -> SyntheticMarker | None:
    """Return the marker of a made-up county, or nothing where partners delivered the files.

    Raises
    ------
    ExtractError
        If there is a marker that cannot be read: real and made-up data must not be confused.
    """
    path = folder / MARKER
    if not path.exists():
        return None
    try:
        return SyntheticMarker.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, ValidationError):
        raise ExtractError(
            f"{path} is damaged, so it cannot be told whether these extracts are made up. Make "
            "them anew with `woda extracts make --force`."
        ) from None
