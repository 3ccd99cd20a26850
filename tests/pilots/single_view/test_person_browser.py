"""A person's page in a real browser without a network, as `woda restricted open` leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.browser import Browser, open_browser, require_axe
from tests.pilots.single_view.made_up_person import dossier
from woda_lib.partners import OPENED
from woda_lib.pilots.single_view.person.page import person_page

pytestmark = pytest.mark.browser

BANNER = (
    '<section class="woda-opened" role="note" aria-label="Who opened this page" style="border:2px '
    'solid #1a1a1a;background:#fff;color:#1a1a1a"><strong>Restricted. Opened by plumb.</strong> '
    "Record 7 of the audit log.</section>"
)
UNFOLD = "document.querySelectorAll('details').forEach(d => { d.open = true; })"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("opened") / "person.html"
    html = person_page(
        dossier(weighed=True),
        agreement="single_view",
        purpose="early_help",
        timeline_years=6,
        synthetic=True,
    )
    path.write_text(html.replace(OPENED, BANNER), encoding="utf-8")
    return path


def test_it_asks_for_nothing_but_itself(browser: Browser, opened: Path) -> None:
    with browser.view(opened) as view:
        assert view.requests == [opened.resolve().as_uri()]
        assert view.complaints == []


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1200, True)])
def test_axe_finds_no_fault_and_nothing_scrolls_sideways(
    browser: Browser, opened: Path, width: int, dark: bool
) -> None:
    require_axe()
    with browser.view(opened, width=width, dark=dark) as view:
        view.page.evaluate(UNFOLD)
        assert view.overflow <= 0
        assert view.accessibility_faults() == []


@pytest.mark.parametrize(("width", "drawn"), [(1200, "wide"), (390, "narrow"), (320, "narrow")])
def test_words_of_the_drawings_are_never_smaller_than_12_pixels(
    browser: Browser, opened: Path, width: int, drawn: str
) -> None:
    script = """() => [...document.querySelectorAll("svg.fig text")]
        .filter(text => text.checkVisibility() && text.textContent.trim())
        .map(text => parseFloat(getComputedStyle(text).fontSize)
            * text.getScreenCTM().a)"""
    with browser.view(opened, width=width) as view:
        view.page.evaluate(UNFOLD)
        assert min(view.page.evaluate(script)) >= 11.99
        shown = "() => document.querySelector('.timeline .fig.wide').checkVisibility()"
        assert view.page.evaluate(shown) == (drawn == "wide")


def test_on_paper_it_is_short_says_that_it_is_restricted_and_keeps_what_was_said(
    browser: Browser, opened: Path
) -> None:
    with browser.view(opened) as view:
        sheets = PdfReader(BytesIO(view.page.pdf(prefer_css_page_size=True)))
    texts = [" ".join(sheet.extract_text().split()) for sheet in sheets.pages]
    assert len(texts) <= 4
    assert all("Restricted: names people" in text for text in texts)
    assert "Opened by plumb" in texts[0]
    assert "best view" in " ".join(texts)
