"""Write out the pairs that weigh enough, compiled: from their codes alone, whatever was compared.

What a specification compares is in the codes already, so that one loop serves all specifications
and is compiled once, not with each kernel.
"""

from __future__ import annotations

from typing import Any

from woda_lib.linkage.fast.compiled import kept


@kept
def emit(
    low: int,
    high: int,
    at: int,
    order: Any,
    first: Any,
    last: Any,
    known: int,
    tape: Any,
    weights: Any,
    agreeing: Any,
    rarity: Any,
    least: float,
    lefts: Any,
    rights: Any,
    codes: Any,
) -> int:
    """Write out the pairs that weigh at least `least`; return how many there are.

    `weights` and `agreeing` are by pattern code: its weight before term frequencies, and a bit for
    each comparison with term frequencies that agrees. `rarity` is by record and such comparison.
    """
    number = 0
    for slot in range(low, high):
        for other in range(first[slot], last[slot]):
            code = tape[at]
            at += 1
            if code == known:
                continue
            weight = weights[code]
            bits = agreeing[code]
            place = 0
            while bits:
                if bits & 1:
                    weight += rarity[order[slot], place]
                bits >>= 1
                place += 1
            if weight >= least:
                lefts[number] = order[slot]
                rights[number] = order[other]
                codes[number] = code
                number += 1
    return number
