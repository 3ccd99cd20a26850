"""The part of a page that a script writes, between two marks that readers do not see."""

from __future__ import annotations

from pathlib import Path


def write_between_marks(page: Path, told: str, *, name: str = "measured") -> None:
    """Replace what stands between ``<!-- name: begins -->`` and ``<!-- name: ends -->``.

    Raises
    ------
    ValueError
        If the page lacks a mark; it is left as it is.
    """
    begins, ends = f"<!-- {name}: begins -->", f"<!-- {name}: ends -->"
    before, begun, rest = page.read_text(encoding="utf-8").partition(begins)
    _, ended, after = rest.partition(ends)
    if not (begun and ended):
        raise ValueError(f"{page} has no {begins} with {ends} after it. Put both where it goes.")
    page.write_text(f"{before}{begins}\n{told}\n{ends}{after}", encoding="utf-8")
