"""Memory that a step is done with, given back before the next step asks for its own.

What was freed in many small pieces stays with the C library, where the large arrays of the next
step find no room: after a county's records are linked, a third of what the process holds.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

import pyarrow as pa


def give_back() -> None:
    """Return freed memory to the system, as far as it can be: by glibc, and by Arrow anywhere.

    References
    ----------
    Linux manual, *malloc_trim(3)*.
    """
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError, TypeError):  # no glibc: it gives back, or not, by itself
        ctypes.CDLL(None).malloc_trim(0)
