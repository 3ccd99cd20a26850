"""Freed memory goes back to the system before the next step asks for its own."""

import platform

import psutil
import pytest

from woda_lib.linkage.spent import give_back

PIECES, SIZE = 60_000, 2_000


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc alone is asked to")
def test_what_was_freed_in_small_pieces_is_no_longer_held():
    process = psutil.Process()
    pieces = [bytes(SIZE) for _ in range(2 * PIECES)]
    kept = pieces[::20]  # here and there a piece stays, so that the heap cannot just be cut short
    del pieces
    held = process.memory_info().rss
    give_back()
    assert held - process.memory_info().rss > PIECES * SIZE
    assert len(kept) == 2 * PIECES // 20
