"""The pack in a real browser without a network, opened as `woda restricted open` leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.browser import Browser, open_browser, require_axe
from tests.pilots.domestic_abuse.made_up_pack import AMBER, BARE, PACK, WHOLE
from woda_lib.partners.documents import OPENED
from woda_lib.pilots.domestic_abuse.pack import pack_page

pytestmark = pytest.mark.browser

BANNER = (
    '<section class="woda-opened" role="note" aria-label="Who opened this page" style="border:2px '
    'solid #1a1a1a;background:#fff;color:#1a1a1a"><strong>Restricted. Opened by plumb.</strong> '
    "Record 7 of the audit log.</section>"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("opened") / "pack.html"
    path.write_text(pack_page(PACK).replace(OPENED, BANNER), encoding="utf-8")
    return path


def test_it_asks_for_nothing_but_itself_and_runs_nothing_that_people_wrote(
    browser: Browser, opened: Path
) -> None:
    with browser.view(opened) as view:
        view.page.wait_for_timeout(200)
        assert view.requests == [opened.resolve().as_uri()]
        assert view.complaints == []


@pytest.mark.parametrize("width", [320, 768, 1440, 1920])
def test_it_does_not_scroll_sideways_with_everything_unfolded(
    browser: Browser, opened: Path, width: int
) -> None:
    with browser.view(opened, width=width) as view:
        view.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert view.overflow <= 0


def test_a_crowded_night_does_not_scroll_sideways_on_a_phone(
    browser: Browser, tmp_path: Path
) -> None:
    people = tuple(replace(AMBER, key=f"child_{n}", forename=f"Amber{n}") for n in range(9))
    full = replace(WHOLE, people=(*WHOLE.people, *people))
    cards = tuple(replace(full if n < 20 else BARE, position=n + 1, of=40) for n in range(40))
    path = tmp_path / "crowded.html"
    path.write_text(pack_page(replace(PACK, cards=cards)), encoding="utf-8")
    with browser.view(path, width=320) as view:
        assert view.overflow <= 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_no_fault(browser: Browser, opened: Path, dark: bool, width: int) -> None:
    require_axe()
    with browser.view(opened, width=width, dark=dark) as view:
        view.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert view.accessibility_faults() == []


@pytest.mark.parametrize(
    ("width", "drawn"), [(1440, "wide"), (768, "wide"), (700, "narrow"), (320, "narrow")]
)
def test_words_of_the_timeline_are_never_smaller_than_12_pixels(
    browser: Browser, opened: Path, width: int, drawn: str
) -> None:
    script = """() => [...document.querySelectorAll("#card-1 .fig")]
        .filter(svg => svg.checkVisibility())
        .map(svg => [svg.classList[1], 13 * svg.getBoundingClientRect().width
            / svg.viewBox.baseVal.width])"""
    with browser.view(opened, width=width) as view:
        [(name, size)] = view.page.evaluate(script)
        assert name == drawn
        assert size >= 12


def test_a_table_takes_the_tab_key_only_where_it_scrolls_and_always_without_script(
    browser: Browser, opened: Path
) -> None:
    region = "#card-1 .scroll:has(.counts)"
    with browser.view(opened, width=1440) as view:
        view.until(f"!document.querySelector('{region}').hasAttribute('tabindex')")
        view.page.set_viewport_size({"width": 320, "height": 700})
        view.until(f"document.querySelector('{region}').tabIndex === 0")
    with browser.view(opened, script=False) as view:
        assert view.page.locator(region).get_attribute("tabindex") == "0"


def test_by_the_keyboard_to_the_next_card_with_its_name_in_sight(
    browser: Browser, opened: Path
) -> None:
    with browser.view(opened) as view:
        view.page.locator(".cards a").first.press("Enter")
        view.page.locator("#card-1 .way a", has_text="Next").press("Enter")
        assert view.page.url.endswith("#card-2")
        view.page.mouse.wheel(0, 400)
        view.page.wait_for_timeout(100)
        assert view.measure("#card-2 .way")["y"] <= 1
        assert view.measure("#card-2 .way")["height"] > 20


def test_words_for_are_underlined_on_a_tint_and_words_against_dashed_without_one(
    browser: Browser, opened: Path
) -> None:
    with browser.view(opened) as view:
        raises, against = ".flags .for mark", ".flags .against mark"
        assert view.style(raises, "borderBottomStyle") == "solid"
        assert view.style(raises, "backgroundColor") == "rgb(251, 233, 169)"
        assert view.style(against, "borderBottomStyle") == "dashed"
        assert view.style(against, "backgroundColor") == "rgba(0, 0, 0, 0)"


def test_on_paper_a_card_fills_one_sheet_or_two_and_each_says_restricted_and_synthetic(
    browser: Browser, opened: Path
) -> None:
    with browser.view(opened) as view:
        sheets = PdfReader(BytesIO(view.page.pdf(prefer_css_page_size=True)))
        texts = [" ".join(sheet.extract_text().split()) for sheet in sheets.pages]
    assert all("Restricted: names people" in text for text in texts)
    assert all("Synthetic data: a county that never was" in text for text in texts)
    assert "Opened by plumb" in texts[0]
    of_a_card = [sum(f"card {n} of 3 " in text for text in texts) for n in (1, 2, 3)]
    assert of_a_card == [2, 1, 1]
    assert sheets.pages[0].mediabox.width == pytest.approx(595, abs=1)
