"""Memory that a step is done with, given back before the next step asks for its own.

What was freed in many small pieces stays with the C library, where the large arrays of the next
step find no room: after a county's records are linked, a third of what the process holds.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

import pyarrow as pa

LARGE = 4 << 20
"""Bytes from which memory is asked of the system by itself, and goes back as soon as it is freed.

A column of a county's rows has more; glibc learns, up to 32 MB, to keep what was once freed.
"""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h

_WHOLE = 1 << 30
"""Bytes that no array of a county has."""


def give_back() -> None:
    """Return freed memory to the system, as far as it can be: by glibc, and by Arrow anywhere.

    References
    ----------
    Linux manual, *malloc_trim(3)*.
    """
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError, TypeError):  # no glibc: it gives back, or not, by itself
        ctypes.CDLL(None).malloc_trim(0)


def keep_no_large_piece() -> None:
    """Let each large array be given back when it is freed, from now on in this process.

    Left to itself glibc keeps arrays of up to 32 MB among its small pieces, where one that lasts
    holds on to the room of all that were freed before it.

    References
    ----------
    Linux manual, *mallopt(3)*, ``M_MMAP_THRESHOLD``.
    """
    _ask(_M_MMAP_THRESHOLD, LARGE)


def keep_for_use_again() -> None:
    """Keep what is freed, from now on in this process, until `give_back` is called.

    Steps that ask for arrays of the same sizes over and over are else handed fresh pages each time,
    which the system fills with noughts first: for a table's column that takes longer than what is
    done with it. An older glibc takes up to 32 MB only, and then gives large arrays back as before.

    References
    ----------
    Linux manual, *mallopt(3)*, ``M_MMAP_THRESHOLD`` and ``M_TRIM_THRESHOLD``.
    """
    _ask(_M_MMAP_THRESHOLD, _WHOLE)
    _ask(_M_TRIM_THRESHOLD, _WHOLE)


def _ask(parameter: int, value: int) -> None:
    with suppress(OSError, AttributeError, TypeError):  # no glibc: as above
        ctypes.CDLL(None).mallopt(parameter, value)
