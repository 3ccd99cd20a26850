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

from pydantic import BaseModel, ConfigDict, ValidationError

from woda_lib.partners.errors import ExtractError

MARKER = "SYNTHETIC.json"
_FILE_NAME = re.compile(
    r"^(?P<dataset>[a-z][a-z_]*)_(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])\.csv$"
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
            f"There are no extracts at {folder}. Name a folder with --extracts, or make the "
            "synthetic county with `woda extracts make`."
        )
    found = []
    for path in folder.glob("*/*.csv"):
        name = _FILE_NAME.match(path.name)
        if name and not path.parent.name.startswith("."):
            year, month = int(name["year"]), int(name["month"])
            day = date(year, month, monthrange(year, month)[1])
            found.append(Delivery(day, path.parent.name, name["dataset"], path))
    return sorted(item for item in found if dataset in (None, item.dataset))


def unknown_files(folder: Path, datasets: Iterable[str]) -> list[Path]:
    """Return the files of a folder that no loader would ever read."""
    known = {item.path for item in deliveries(folder) if item.dataset in set(datasets)}
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path not in known and path != folder / MARKER
    )


def as_of(folder: Path) -> date:
    """Return the clock of an analysis: the date of the newest delivery.

    Raises
    ------
    ExtractError
        If the folder is missing, or holds no delivery.
    """
    found = deliveries(folder)
    if not found:
        raise ExtractError(
            f"{folder} holds no extract. Files must lie in a folder a partner and be named "
            "<dataset>_<YYYY-MM>.csv; docs/extracts.md says more."
        )
    return found[-1].delivered_on


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
