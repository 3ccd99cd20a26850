"""Headline counts that bear a decision: said in steps, so that one person more or fewer shows not.

A person who is parted from another, or joined to another, moves the counts of the next build by one
or two, and the gate refuses a number that differs by so few from what an earlier run said. In steps
as large as the threshold a number stays, or moves by as much as may be told.
"""

from __future__ import annotations

STEP = 10
"""The threshold of the agreement's disclosure rule."""


def in_steps(count: int) -> int:
    """Return a count to the nearest `STEP`."""
    return STEP * round(count / STEP)
