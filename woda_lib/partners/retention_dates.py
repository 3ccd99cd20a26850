"""Until when something may be kept, and the refusal of what should be gone."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from woda_lib.partners.agreements import Agreement


def made_on(path: Path) -> date:
    """Return the day from which the months of a saved table or page count."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def keep_until(day: date, months: int) -> date:
    """Return the last day on which something of `day` may be kept, whole months after it.

    The day is the same of its month, or the month's last: what came on 31 January and is kept for
    a month is kept until the end of February.
    """
    beyond = day.year * 12 + day.month - 1 + months
    year, month = divmod(beyond, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def refuse_expired(
    agreement: Agreement,
    kept: Iterable[tuple[str, date]],
    *,
    clause: Literal["data_months", "results_months"],
    today: date,
) -> None:
    """Refuse to read what an agreement no longer lets be kept.

    Parameters
    ----------
    agreement : Agreement
    kept : iterable of (str, date)
        What is to be read, by name, and the day from which its months count.
    clause : {"data_months", "results_months"}
    today : date

    Raises
    ------
    Denied
        Naming the first that should be gone.
    """
    months = getattr(agreement.retention, clause)
    expired = [name for name, day in kept if keep_until(day, months) < today]
    if expired:
        more = f" and {len(expired) - 1} more" if len(expired) > 1 else ""
        raise agreement.denial(
            f"retention.{clause}",
            f"lets data be kept for {months} months, and {expired[0]}{more} should be gone. "
            "Nothing is read until `woda retention apply` has deleted what is due",
        )
