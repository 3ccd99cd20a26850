"""Two runs of one table: a count that changed by a few people between them gives those people away.

What is compared is the table of the same name, row by row (all its labels) and column by column,
with every earlier complete run of the pilot:

- Runs on the *same extracts*, where a parameter or the code changed: whoever is in one and not in
  the other is a group with a definition (those of 65 exactly), so a change of fewer people than
  the threshold is never shown, however counts are rounded.
- Runs on *other extracts*, such as yesterday's: people come and go, and the change is no one's
  definition. It is shown where rounding alone leaves it open by at least the threshold, which
  rounding to the threshold does.

Where a count is the same as before, what was shown is known and cannot be taken back; what was
withheld stays withheld. `woda_lib.disclosure.linked` sees to that, by treating the earlier table as
one that counts the same people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from woda_lib.disclosure.linked import CountTable
from woda_lib.disclosure.rule import Rule
from woda_lib.disclosure.secondary import Need


@dataclass(frozen=True)
class EarlierTable:
    """A table that an earlier complete run shows.

    Attributes
    ----------
    run : str
    same_extracts : bool
        Whether that run read the same extracts as this one.
    table : CountTable
        With the counts of that run.
    """

    run: str
    same_extracts: bool
    table: CountTable


def changed_by_few(
    table: CountTable, earlier: Iterable[EarlierTable], rule: Rule
) -> dict[int, Need]:
    """Return the cells whose difference from an earlier run is a few people.

    To be protected, the difference must be able to reach the threshold.
    """
    found: dict[int, Need] = {}
    mine = _by_row(table)
    rounding_hides = 2 * (rule.rounding - 1) >= rule.threshold
    for other in earlier:
        before = other.table
        if before.name != table.name or (rounding_hides and not other.same_extracts):
            continue
        theirs = _by_row(before)
        width = table.counts.shape[1]
        for here, heading in enumerate(table.columns):
            if heading not in before.columns:
                continue
            there = before.columns.index(heading)
            for key, row in mine.items():
                if key not in theirs or before.hidden[theirs[key], there]:
                    continue
                now, then = table.counts[row, here], before.counts[theirs[key], there]
                # A row that was not there, or a count that was missing, counted nobody.
                if 0 < abs(np.nan_to_num(now) - np.nan_to_num(then)) < rule.threshold:
                    found[row * width + here] = Need(down=0.0, up=float(rule.threshold))
    return found


def _by_row(table: CountTable) -> dict[str, int]:
    texts = table.labels.astype(str).to_numpy(dtype=object)
    return {"\x1f".join(row).lower(): place for place, row in enumerate(texts)}
