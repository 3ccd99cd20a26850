"""What every page that a reader opens is written on: the house's style, and what a page may do.

The style sheet, ``house.css``, holds tokens in light and dark, type, frame, tables, marks and
paper. A page carries it inside itself, so that it opens from a memory stick, and after it what its
kind has beside. This file imports nothing that is slow, so that every command may use it; how
templates are filled stands in `woda_lib.stationery.templates`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path

_BESIDE = "; frame-src 'self' file:"  # file: is not 'self' to every browser
_PARTS = re.compile(r"(?<=[/@_])(?=\w)")


@cache
def house_style() -> str:
    """Return the house's style sheet, to be put into a page's own ``<style>``.

    Its colours are those of `woda_lib.figures.TOKENS`, with their dark halves.
    """
    return (Path(__file__).parent / "house.css").read_text(encoding="utf-8")


@cache
def opened_style() -> str:
    """Return the look of the banner that says whom a page names and who opened it, for packs."""
    return (Path(__file__).parent / "opened.css").read_text(encoding="utf-8")


def content_policy(script: str, *, frames: bool = False) -> str:
    """Return the content security policy of a page that asks nothing of any network.

    Parameters
    ----------
    script : str
        The one script that may run, as it stands between the page's ``<script>`` tags.
    frames : bool
        Whether the page holds frames of pages that lie beside it, such as maps.

    Returns
    -------
    str
        For ``<meta http-equiv="Content-Security-Policy">``: nothing is fetched, styles and
        pictures stand in the page, and of scripts the one with this hash runs.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        f"{_BESIDE if frames else ''}"
    )


def breakable(text: str) -> str:
    """Return text as markup in which a long name ends a line after ``/``, ``@`` or ``_``."""
    return _PARTS.sub("<wbr>", escape(text))
