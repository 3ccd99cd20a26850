"""Compile a function once and keep its machine code, wherever that may be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with numba, and keep the code beside the module or in the user's cache.

    An installation that nobody may write to, run by a user without a home, keeps nothing and
    compiles in each session.
    """
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba found no folder to keep code in
        return njit(nogil=True)(function)
