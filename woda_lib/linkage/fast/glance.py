"""What can be told of many values at a glance, compiled: a record beside a row of others at once.

A block of many records is compared a record at a time, with all that stand after it. What the
tests need of these lies side by side (see `spread`), and no test here takes a turning, so that
a processor looks at several records in one step. Most comparisons are settled so; the few that a
glance leaves open are asked in full, as `kernels` has it.
"""

from __future__ import annotations

from typing import Any

from numba import float64, int32, njit, uint64

from woda_lib.linkage.fast.kernels import ones

_ROUNDING = 1e-9


@njit(nogil=True, forceinline=True)
def may_be_alike(
    mask_x: Any,
    head_x: Any,
    length_x: Any,
    mask_y: Any,
    head_y: Any,
    length_y: Any,
    least: float,
) -> bool:
    """Say whether Jaro–Winkler can reach `least`: the bound of `kernels.jaro_winkler`."""
    only_x, only_y = int32(ones(mask_x & ~mask_y)), int32(ones(mask_y & ~mask_x))
    matches = min(int32(length_x - only_x), int32(length_y - only_y))
    unlike = head_x ^ head_y
    prefix = (
        int32(unlike & uint64(0xFFFF) == 0)
        + int32(unlike & uint64(0xFFFFFFFF) == 0)
        + int32(unlike & uint64(0xFFFFFFFFFFFF) == 0)
        + int32(unlike == 0)
    )
    area = int32(length_x * length_y)
    shared = int32(matches * int32(length_x + length_y) + area)
    bound = int32(shared * int32(10 - prefix) + int32(3 * prefix) * area)
    return (matches > 0) & (float64(bound) >= 30.0 * (least - _ROUNDING) * float64(area))


@njit(nogil=True, forceinline=True)
def may_be_one_edit(mask_x: Any, length_x: Any, mask_y: Any, length_y: Any) -> bool:
    """Say whether one edit may turn one text into the other, by the letters that they hold."""
    return (abs(length_x - length_y) <= 1) & (ones(mask_x ^ mask_y) <= 2)


@njit(nogil=True, forceinline=True)
def may_be_one_digit(x: int, y: int) -> bool:
    """Say whether dates differ in one digit, or in two that are neighbours."""
    unlike = uint64(x ^ y) & uint64(0xFFFFFFFF)
    spread = unlike | unlike >> uint64(1) | unlike >> uint64(2) | unlike >> uint64(3)
    digits = spread & uint64(0x11111111)
    lowest = digits & (~digits + uint64(1))
    return (digits == lowest) | (digits == (lowest | lowest << uint64(4)))


@njit(nogil=True, forceinline=True)
def begin_row(left: Any, begin: Any, end: Any, across: Any, seen: int, codes: Any) -> None:
    """Begin with nothing but a mark at the records that share an earlier rule's block with `left`.

    Parameters
    ----------
    left, begin, end
        The record, and those beside it.
    across
        Blocks by earlier rule and record.
    seen
        The mark.
    codes
        To be filled.
    """
    for pair in range(end - begin):
        codes[pair] = 0
    for earlier in range(len(across)):
        block = across[earlier, left]
        if block >= 0:
            for other in range(begin, end):
                codes[other - begin] |= seen if across[earlier, other] == block else 0
