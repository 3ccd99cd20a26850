"""The clock of an analysis: the day up to which everybody whose data it reads has delivered.

The clock is the oldest of the partners' newest deliveries. Where one partner is a month behind,
what the others sent since is not read yet, because half of the picture would be a wrong one.

Daily files change one thing. Somebody who delivers by the month cannot have sent this month's file
while the month lasts, and is not late. So where daily files have come,

- a partner that delivers something daily counts with the newest day of which all that it delivers
  daily is there: incidents without the people in them would be half of the picture too;
- a partner that delivers by the month alone counts as current until its next file is overdue: until
  `DUE_WITHIN` after the end of the month that follows its newest one.

Only the partners and datasets of one agreement are asked, so that nobody holds back an analysis
that does not read their data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from woda_lib.partners.datasets import CONTRACTS, OPT_OUTS
from woda_lib.partners.errors import ExtractError
from woda_lib.partners.folder import Delivery, deliveries

DUE_WITHIN = timedelta(days=14)
"""How long after a month's end its file may take. A hub that waited for nobody past the first of a
month would give no daily answer until the slowest partner had closed its books."""


def as_of(
    folder: Path,
    *,
    partners: Collection[str] | None = None,
    datasets: Collection[str] | None = None,
) -> date:
    """Return the clock of an analysis.

    Parameters
    ----------
    folder : Path
        Of extracts.
    partners, datasets : collection of str, optional
        Those of the agreement; everybody's, if left out or if none of theirs is there, since a run
        that reads nothing has a clock too.

    Raises
    ------
    ExtractError
        If the folder is missing, or holds no delivery.
    """
    own = dated(folder, partners, datasets) or dated(folder)
    if not own:
        raise ExtractError(
            f"{folder} holds no extract. Files must lie in a folder a partner and be named "
            "<dataset>_<YYYY-MM>.csv; docs/extracts.md says more."
        )
    by_partner: dict[str, list[Delivery]] = defaultdict(list)
    for item in own:
        by_partner[item.partner].append(item)
    daily = any(item.daily for item in own)
    return min(_current_until(items, daily) for items in by_partner.values())


def dated(
    folder: Path,
    partners: Collection[str] | None = None,
    datasets: Collection[str] | None = None,
) -> list[Delivery]:
    """Return the deliveries whose days count: of some partners and datasets, or of all.

    A choice counts as soon as it is known, so that lists of choices are not among them.
    """
    return [
        item
        for item in deliveries(folder)
        if item.dataset in CONTRACTS
        and item.dataset != OPT_OUTS
        and item.partner in CONTRACTS[item.dataset].partners
        and (partners is None or item.partner in partners)
        and (datasets is None or item.dataset in datasets)
    ]


def refuse_from_tomorrow(found: Collection[Delivery], today: date) -> None:
    """Refuse a file that is dated after today: it is misnamed, or not finished.

    Raises
    ------
    ExtractError
        Naming the first such file.
    """
    early = next((item for item in found if item.delivered_on > today), None)
    if early is not None:
        raise ExtractError(from_tomorrow(early, today))


def from_tomorrow(item: Delivery, today: date) -> str:
    """Say what is wrong with a file that is dated after today, and what to do."""
    what = "" if item.daily else ", the last day of its month"
    return (
        f"{item.name} is dated {item.delivered_on:%-d %B %Y}{what}, which is after today "
        f"({today:%-d %B %Y}). Ask the partner which day it is of and rename it, or take it out "
        "until then."
    )


def _current_until(items: list[Delivery], daily: bool) -> date:
    newest: dict[str, date] = {}
    for item in items:  # the oldest first
        if item.daily:
            newest[item.dataset] = item.delivered_on
    if newest:
        return min(newest.values())
    last = items[-1].delivered_on
    return next_month_due(last) if daily else last


def next_month_due(last: date) -> date:
    """Return the last day on which the file of the month that follows a month's end is in time."""
    return (pd.Timestamp(last) + pd.offsets.MonthEnd(1)).date() + DUE_WITHIN
