"""Until when something may be kept."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


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
