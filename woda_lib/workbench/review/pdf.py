"""A page of the site as a PDF: tagged, titled, A4, printed by headless Chromium without a network.

Chromium writes the tags, the language and the title that the page itself has, so that what a screen
reader says of the page it says of the paper too.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from woda_lib.errors import WodaError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (  # nothing of Chromium's own goes out, and no sandbox is asked of a container
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_WIDTH, _HEIGHT = 680, 1028  # what the pack's margins leave of an A4 sheet, in CSS pixels
_CUT = """selector => [...document.querySelectorAll(selector)]
  .filter(part => part.scrollHeight > part.clientHeight + 1)
  .map(part => part.querySelector("h2").textContent)"""


class PrintError(WodaError):
    """A page cannot be printed: the browser, its driver or the page is missing."""


def print_page(
    page: Path,
    target: Path,
    *,
    prepare: Callable[[Any], None] = lambda sheet: None,
    whole: str = "",
) -> Path:
    """Print a page of the site to a PDF, whole or not at all.

    Parameters
    ----------
    page : Path
        The page, a file.
    target : Path
        Where the PDF goes; folders above it are made.
    prepare : callable, optional
        Handed the page as it is laid out for paper, to add to it what only paper says.
    whole : str
        A selector of parts of fixed height, of which nothing may be cut off.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    PrintError
        If the page is not there, Chromium or the package playwright is not installed, Chromium
        fails, or something would be cut off.
    """
    if not page.is_file():
        raise PrintError(f"{page.name} is not there, so it cannot be printed.")
    browser = find_browser()
    from playwright.sync_api import Error

    target.parent.mkdir(parents=True, exist_ok=True)
    hidden = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        # In a thread of its own: where this is called from Jupyter an event loop runs already.
        with ThreadPoolExecutor(max_workers=1) as threads:
            threads.submit(_print, browser, page, hidden, prepare, whole).result()
        hidden.replace(target)
    except Error as error:
        first = str(error).partition("\n")[0]
        raise PrintError(f"Chromium could not print {page.name}: {first}") from None
    finally:
        hidden.unlink(missing_ok=True)
    return target


def _print(
    browser: str, page: Path, target: Path, prepare: Callable[[Any], None], whole: str
) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(QUIET))
        try:
            # A page lets no script in but its own; what prepares it for paper is ours.
            context = chromium.new_context(offline=True, color_scheme="light", bypass_csp=True)
            sheet = context.new_page()
            sheet.goto(page.resolve().as_uri(), wait_until="load")
            sheet.emulate_media(media="print")
            prepare(sheet)
            if whole:
                sheet.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
                _refuse_cut(sheet.evaluate(_CUT, whole), page)
            sheet.pdf(
                path=str(target),
                format="A4",
                prefer_css_page_size=True,
                print_background=True,
                tagged=True,
                outline=True,
            )
        finally:
            chromium.close()


def _refuse_cut(titles: Sequence[str], page: Path) -> None:
    if titles:
        raise PrintError(
            f"{page.name} is not printed: more stands under {titles[0]!r} than one A4 page holds. "
            "Shorten the answer's first paragraph, or what the parameter file asks."
        )


def is_newer(target: Path, sources: Iterable[Path]) -> bool:
    """Whether a file is there and was written after everything that it is made from."""
    if not target.is_file():
        return False
    written = target.stat().st_mtime_ns
    return all(path.stat().st_mtime_ns < written for path in sources if path.exists())


def find_browser(names: Sequence[str] = BROWSERS) -> str:
    """Return the path of Chromium.

    Raises
    ------
    PrintError
        If it, or the package that drives it, is not installed; with what to do.
    """
    if importlib.util.find_spec("playwright") is None:
        raise PrintError(
            "PDFs are printed by Chromium through the Python package playwright, which is not "
            "installed. Use `pip install playwright`, or print the page from a browser."
        )
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        raise PrintError(
            "PDFs are printed by Chromium, which is not installed (on Debian: apt-get install "
            "chromium). Install it, or print the page from a browser."
        )
    return found
