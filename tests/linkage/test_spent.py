"""Freed memory goes back to the system before the next step asks for its own."""

import platform
import subprocess
import sys
import weakref

import psutil
import pytest

from tests.linkage.people import specification
from tests.linkage.test_link import A, B
from woda_lib.linkage import link
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


_BETWEEN = """
import numpy, psutil
from woda_lib.linkage.spent import give_back, keep_for_use_again, keep_no_large_piece
{asked}
numpy.ones(24 << 20, dtype=numpy.uint8)  # of which glibc would learn to keep as much
held = psutil.Process().memory_info().rss
arrays = [numpy.ones(8 << 20, dtype=numpy.uint8) for _ in range(20)]
lasts = arrays[-1]
del arrays
{then}
print((psutil.Process().memory_info().rss - held) >> 20)
"""


def _megabytes_kept(asked, then=""):
    run = [sys.executable, "-c", _BETWEEN.format(asked=asked, then=then)]
    return int(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc alone is asked to")
def test_large_arrays_go_back_as_they_are_freed_and_only_the_last_stays():
    assert _megabytes_kept("") > 100
    assert _megabytes_kept("keep_no_large_piece()") <= 9


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc alone is asked to")
def test_large_arrays_are_kept_for_use_again_until_they_are_given_back():
    asked = "keep_no_large_piece(); keep_for_use_again()"
    assert _megabytes_kept(asked) > 100
    assert _megabytes_kept(asked, then="give_back()") <= 9


def test_after_a_linkage_memory_is_given_back_before_the_caller_asks_for_more(monkeypatch):
    module, order = sys.modules["woda_lib.linkage.link"], []
    named = module._named
    monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(module, "give_back", lambda: order.append("given back"))
    monkeypatch.setattr(
        module, "_named", lambda *given, **told: order.append("named") or named(*given, **told)
    )
    link({"a": A, "b": B}, specification())
    assert order[-2:] == ["named", "given back"]


def test_tables_that_the_caller_does_not_keep_are_gone_before_their_records_are_compared(
    monkeypatch,
):
    module, left = sys.modules["woda_lib.linkage.link"], []
    given = [A.copy(), B.copy()]
    tables = [weakref.ref(table) for table in given]
    compared_by = module.compared_by
    monkeypatch.setattr(
        module,
        "compared_by",
        lambda *asked, **told: left.append([t() for t in tables]) or compared_by(*asked, **told),
    )
    link({"a": given.pop(0), "b": given.pop(0)}, specification())
    assert left == [[None, None]]
