"""A folder of extracts: which file is which delivery.

Files lie at ``<folder>/<partner>/<dataset>_<YYYY-MM>.csv``; a delivery's date is the last day of
its month. A dataset whose contract says *every day* comes as ``<dataset>_<YYYY-MM-DD>.csv``, and by
the month for the time before its daily files begin. How far a run reads: see `clock`.
"""

from __future__ import annotations

import json
import os
import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.errors import ExtractError
from woda_lib.records import once

MARKER = "SYNTHETIC.json"
GENERATOR = "woda_lib.synthetic"
MADE_UP_FORM = 5
"""Of the files that the generator writes; raised with every column that older ones lack."""
_FILE_NAME = re.compile(
    r"^(?P<dataset>[a-z][a-z_]*)_(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])"
    r"(?:-(?P<day>0[1-9]|[12]\d|3[01]))?\.csv$"
)


@dataclass(frozen=True, order=True)
class Delivery:
    """One delivered file."""

    delivered_on: date
    partner: str
    dataset: str
    path: Path
    daily: bool = field(default=False, compare=False)

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

    Files whose names do not have the agreed form are left out; see `absences`. A piece of work that
    only looks (`proved_once`) sees the folder as it was when it was first looked at.

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
    names = once(("extracts", str(folder)), lambda: _names_in(folder))
    return list(_listed(folder, names).get(dataset, ()))


def _names_in(folder: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what lies in each partner's folder, in an order that another look would find too."""
    return tuple(
        (partner.name, _names(partner.path))
        for partner in sorted(os.scandir(folder), key=lambda entry: entry.name)
        if partner.is_dir() and not partner.name.startswith(".")
    )


def _names(folder: str) -> tuple[str, ...]:
    """Return the names in a folder; none where it may not be looked into."""
    try:
        return tuple(sorted(entry.name for entry in os.scandir(folder)))
    except PermissionError:
        return ()


@lru_cache(maxsize=4)
def _listed(
    folder: Path, names: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str | None, list[Delivery]]:
    """Return the deliveries among files by dataset, and under None all of them.

    A plan asks some hundred times, of a folder of some thousand files. Each time the folder itself
    is looked at; what its names say is worked out once.
    """
    found: dict[str | None, list[Delivery]] = {None: []}
    for partner, files in names:
        for file in files:
            if item := _delivery(folder / partner / file):
                found[None].append(item)
    found[None].sort(key=lambda own: (own.delivered_on, own.partner, own.dataset, own.path.name))
    for item in found[None]:
        found.setdefault(item.dataset, []).append(item)
    return found


def _delivery(path: Path) -> Delivery | None:
    """Return which delivery a file is by its name; nothing where it has not the agreed form."""
    name = _FILE_NAME.match(path.name)
    if not name:
        return None
    year, month = int(name["year"]), int(name["month"])
    last = monthrange(year, month)[1]
    day = int(name["day"] or last)
    if day > last or (name["day"] and not _comes_daily(name["dataset"])):
        return None
    of = (path.parent.name, name["dataset"], path)
    return Delivery(date(year, month, day), *of, daily=bool(name["day"]))


def absences(
    folder: Path, datasets: Iterable[str] = tuple(CONTRACTS), *, until: date | None = None
) -> list[str]:
    """Say what no loader of a folder would ever see, and what is not there, a sentence each.

    Files under names of another form, files of partners that do not deliver the dataset; and, of
    some datasets, partners that have delivered none, months and days missing between others, and
    months that came whole although their days did. A run over such a folder would leave something
    out, or take it twice, without a word, so it is refused. What is missing before a file that is
    dated after `until` is not said.
    """
    found = deliveries(folder)
    read = {
        item.path
        for item in found
        if item.dataset in CONTRACTS and item.partner in CONTRACTS[item.dataset].partners
    }
    sentences = [
        _no_extract(path, folder)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path not in read and not _is_hidden(path.relative_to(folder))
    ]
    for dataset in datasets:
        for partner in CONTRACTS[dataset].partners:
            own = [
                item
                for item in found
                if (item.dataset, item.partner) == (dataset, partner)
                and (until is None or item.delivered_on <= until)
            ]
            sentences += _missing(own, dataset, partner)
    return sentences


def _comes_daily(dataset: str) -> bool:
    return dataset in CONTRACTS and CONTRACTS[dataset].every == "day"


def _no_extract(path: Path, folder: Path) -> str:
    name = _FILE_NAME.match(path.name)
    if name and name["day"] and name["dataset"] in CONTRACTS and not _comes_daily(name["dataset"]):
        return (
            f"{path.relative_to(folder)} is named as the file of a day, and {name['dataset']} is "
            f"delivered by the month, as {name['dataset']}_{path.name[-14:-7]}.csv."
        )
    return (
        f"{path.relative_to(folder)} is no extract: files are named <dataset>_<YYYY-MM>.csv, or "
        "<dataset>_<YYYY-MM-DD>.csv where the dataset is delivered every day, in the folder of a "
        f"partner that delivers the dataset ({', '.join(CONTRACTS)})."
    )


def gaps(own: list[Delivery]) -> int:
    """Return how many months and days are missing between files of a partner's dataset.

    Parameters
    ----------
    own : list of Delivery
        Of one partner and dataset, the oldest first.
    """
    if not own:
        return 0
    of = _Calendar.of(own)
    return len(of.absent_months) + len(of.absent_days)


@dataclass(frozen=True)
class _Calendar:
    """Which months and days of a partner's dataset came twice, or not at all between others."""

    days: pd.PeriodIndex
    twice: pd.PeriodIndex
    absent_months: pd.PeriodIndex
    absent_days: pd.PeriodIndex

    @classmethod
    def of(cls, own: list[Delivery]) -> _Calendar:
        days = _periods((item for item in own if item.daily), "D")
        months = _periods((item for item in own if not item.daily), "M")
        twice = months[months.end_time >= days.min().start_time] if len(days) else months[:0]
        before = months.difference(twice)
        last_month, since = None, None
        if len(days) and len(before):
            last_month = days.min().asfreq("M") - 1
            since = None if len(twice) else (last_month + 1).asfreq("D", "start")
        return cls(
            days=days,
            twice=twice,
            absent_months=_absent(before, before, last_month),
            absent_days=_absent(days, days if since is None else [since], None),
        )


def _missing(own: list[Delivery], dataset: str, partner: str) -> list[str]:
    if not own:
        return [f"{partner} has delivered no {dataset}."]
    of = _Calendar.of(own)
    whole = f"{partner}/{dataset}"
    return [
        *(
            f"{whole}_{month}.csv is the file of a whole month, and daily files of {dataset} begin "
            f"on {of.days.min()}: what it holds would come twice. Take the month's file out, or "
            "the days up to its end."
            for month in of.twice
        ),
        *(
            f"{whole}_{month}.csv is missing between other {'files' if len(of.days) else 'months'}."
            " A month without anything to report is a file with its heading alone."
            for month in of.absent_months
        ),
        *(
            f"{whole}_{day}.csv is missing between other files. A day without anything to report "
            "is a file with its heading alone."
            for day in of.absent_days
        ),
    ]


def _absent(
    there: pd.PeriodIndex, since: pd.PeriodIndex | list[pd.Period], until: pd.Period | None
) -> pd.PeriodIndex:
    """The periods without a file, from the first of `since` to the last one or to `until`."""
    if there.empty:
        return there
    last = there.max() if until is None else max(until, there.max())
    return pd.period_range(min(since), last, freq=there.freq).difference(there)


def _periods(items: Iterable[Delivery], frequency: str) -> pd.PeriodIndex:
    of = [pd.Period(item.delivered_on, frequency) for item in items]
    return pd.PeriodIndex(of, freq=frequency)


def _is_hidden(path: Path) -> bool:
    return path.name == MARKER or any(part.startswith(".") for part in path.parts)


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
