"""Deliveries that a run would take and that look wrong beside others: cut short, or not there yet.

A file that broke off in the sending keeps its contract row by row, and the newest file that was
never sent leaves no gap between others. Neither is refused, since a month can be quiet and a
partner late: a sentence says what was seen and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from woda_lib.partners.folder import Delivery
from woda_lib.phrases import say_count

MOST, FEWEST = 12, 6
"""A file is compared with so many before it: those of a year, for some months are always quiet, and
with none while fewer than half a year's are there."""
SHARE = 0.5
CHANCE = 4.0
"""Few is less than `SHARE` of the fewest before, and below them by `CHANCE` times their square
root, which is how far chance takes a count of rows that come independently of each other."""


def short_files(files: Sequence[tuple[Delivery, int]]) -> list[str]:
    """Say which files hold far fewer rows than any of those before them, a sentence each.

    Parameters
    ----------
    files : sequence of (Delivery, int)
        Of one dataset, the oldest first, and how many rows each holds.
    """
    sentences = []
    series: dict[tuple[str, bool], list[int]] = {}
    for item, rows in files:
        known = series.setdefault((item.partner, item.daily), [])
        before = known[-MOST:]
        known.append(rows)
        if len(before) >= FEWEST and _far_below(rows, min(before)):
            sentences.append(
                f"{item.name} holds {say_count(rows)} {'row' if rows == 1 else 'rows'}, and none "
                f"of the {say_count(len(before))} files before it fewer than {min(before):,}. If "
                "it was cut short, ask the partner to send it again; if so few are right, leave it."
            )
    return sentences


def late_files(there: Iterable[Delivery]) -> list[str]:
    """Say where files end while those of their neighbours go on, a sentence each.

    Neighbours are the partner's other datasets, and the same dataset of other partners, that come
    as often.

    Parameters
    ----------
    there : iterable of Delivery
        The oldest first.
    """
    newest = {(item.partner, item.dataset): item for item in there}.values()
    sentences = []
    for own in newest:
        ahead = [other for other in newest if _is_ahead(other, own)]
        if ahead:
            last = max(ahead)
            sentences.append(
                f"{own.name} is the newest {own.dataset} of {own.partner}, and {last.name} is there"
                " already. Ask for what has come since: a run may take it for nothing to report, "
                "which would be a file with its heading alone."
            )
    return sentences


def _far_below(rows: int, fewest: int) -> bool:
    return rows < fewest * SHARE and fewest - rows > CHANCE * fewest**0.5


def _is_ahead(other: Delivery, own: Delivery) -> bool:
    return (
        other.daily == own.daily
        and other.delivered_on > own.delivered_on
        and (other.partner == own.partner or other.dataset == own.dataset)
    )
