"""Every kind of page in a real browser without a network, as a reader meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from tests.browser import Browser, View, open_browser, require_axe
from tests.workbench import executed
from tests.workbench.history import FIRST, add_run, release_of_run, run_name, workbench
from woda_lib.records import Attempt, ReleaseStanding, StepOutcome, write_json
from woda_lib.records import standing as releases_room
from woda_lib.settings import Settings
from woda_lib.workbench.review import states
from woda_lib.workbench.review.report import render_report
from woda_lib.workbench.review.site import build_site

pytestmark = pytest.mark.browser

RUN = "2026-11-18T06-00-02-a1b2"
LAPTOP = (1440, 900)
PHONE = (390, 844)

# A kind of page, and an example of it below outputs/. A new kind needs a line here, and what
# `pages` must write for it.
PAGE_KINDS = {
    "report": f"patient_flow/{RUN}/2_evaluate.html",
    "front": "site/index.html",
    "versions": "site/patient_flow/versions.html",
    "agreements": "site/agreements.html",
    "dictionary": "site/dictionary.html",
}
every_kind = pytest.mark.parametrize("kind", PAGE_KINDS)

Pages = Mapping[str, Path]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """A site on which every state of an answer stands, with a page of every kind."""
    settings = workbench(
        tmp_path_factory.mktemp("workbench") / "checkout",
        *("patient_flow", "asset_map", "single_view", "register", "domestic_abuse", "never_run"),
    )
    for pilot in ("patient_flow", "asset_map", "single_view", "register", "domestic_abuse"):
        for number, days in enumerate((2.2, 2.4, 2.7)):
            add_run(settings, number, days, pilot=pilot, data=str(number))
    _write_report(settings)
    _fail(settings, "asset_map")
    with pytest.MonkeyPatch.context() as patch:
        stands = {
            "patient_flow": [
                release_of_run(settings, "1.1", 0, state="withdrawn", why="a ward was missing"),
                release_of_run(settings, "1.2", 1, signers=("Imogen Quill", "Marcus Ledger")),
            ],
            "register": [release_of_run(settings, "0.4", 2, pilot="register", state="void")],
            "domestic_abuse": [
                release_of_run(settings, "1.0", 2, pilot="domestic_abuse", signers=("Imogen",))
            ],
        }
        patch.setattr(releases_room, "release_standings", _standings(stands))
        changed = {"single_view": ("hospital_spells: two new files", "bed_day_cost 306 → 350")}
        patch.setattr(states, "inputs_changed", lambda pilot, _: changed.get(pilot.pilot, ()))
        build_site(settings)
    return {kind: settings.outputs_folder / path for kind, path in PAGE_KINDS.items()}


def _standings(stands: Mapping[str, list[ReleaseStanding]]) -> object:
    return lambda settings, pilot: stands.get(pilot, [])


def _write_report(settings: Settings) -> None:
    run = settings.outputs_folder / "patient_flow" / RUN
    records = [executed.step_record(step) for step in ("1_link", "2_evaluate")]
    for record in records:
        render_report(
            executed.write_notebook(run / f"{record.step}.ipynb", executed.whole_notebook()),
            run / f"{record.step}.html",
            record=record,
            pilot=executed.PILOT,
            commit="4f2c91e" + "0" * 33,
            dirty=False,
            lock_sha256="7be1" * 16,
            steps=executed.PILOT.steps[:2],
        )
    write_json(run / "manifest.json", executed.manifest(RUN, *records))


def _fail(settings: Settings, pilot: str) -> None:
    started = FIRST + timedelta(days=20)
    attempt = Attempt(
        pilot=pilot,
        run_id=run_name(20),
        started=started,
        finished=started + timedelta(minutes=3),
        outcome="failed",
        steps={"2_evaluate": StepOutcome(state="failed", seconds=3)},
        message=f"{pilot} stopped in step 2_evaluate, at cell 7.",
        notebook=f"data/failed/{pilot}/2_evaluate.ipynb",
    )
    write_json(settings.outputs_folder / pilot / "attempt.json", attempt)


def column(view: View, number: int) -> list[str]:
    cells = view.page.locator(f"table[data-sort] tbody tr > :nth-child({number})")
    return [text.strip() for text in cells.all_text_contents()]


def luminance(colour: str) -> float:
    """Relative luminance of an ``rgb()`` colour, as WCAG 2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(number) / 255 for number in re.findall(r"\d+", colour)[:3])
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(view: View, selector: str) -> float:
    """Contrast of an element's text with the page's paper."""
    pair = (
        luminance(view.style(selector, "color")),
        luminance(view.style("body", "backgroundColor")),
    )
    return (max(pair) + 0.05) / (min(pair) + 0.05)


@every_kind
def test_a_page_asks_for_nothing_but_itself_and_complains_of_nothing(
    browser: Browser, pages: Pages, kind: str
) -> None:
    with browser.view(pages[kind]) as view:
        view.page.wait_for_timeout(200)
        assert view.requests == [pages[kind].resolve().as_uri()]
        assert view.complaints == []


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_answer_stands_on_the_first_screen_in_the_largest_type_after_the_title(
    browser: Browser, pages: Pages, size: tuple[int, int]
) -> None:
    width, height = size
    with browser.view(pages["report"], width=width, height=height) as view:
        box = view.measure("#answer .say")
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
        sizes = {
            selector: float(view.style(selector, "fontSize").removesuffix("px"))
            for selector in ("h1", ".say", ".body h2", ".facts .v", ".answer p:not(.say)")
        }
        assert sorted(sizes, key=sizes.__getitem__, reverse=True)[:2] == ["h1", ".say"]
    with browser.view(pages["front"], width=width, height=height) as view:
        box = view.measure(".said")
        assert box["y"] + box["height"] <= height


@every_kind
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_no_page_scrolls_sideways(browser: Browser, pages: Pages, kind: str, width: int) -> None:
    with browser.view(pages[kind], width=width) as view:
        assert view.overflow <= 0


def test_one_of_the_two_drawings_shows_as_the_window_allows(browser: Browser, pages: Pages) -> None:
    with browser.view(pages["report"]) as view:
        for width, wide in ((1440, True), (390, False)):
            view.page.set_viewport_size({"width": width, "height": 800})
            assert view.page.locator(".picture .wide").is_visible() is wide
            assert view.page.locator(".picture .narrow").is_visible() is not wide


def test_one_switch_opens_and_folds_all_code(browser: Browser, pages: Pages) -> None:
    with browser.view(pages["report"]) as view:
        switch = view.page.get_by_role("button", name="Show code")
        code = view.page.locator("details.code .cell")
        assert not any(cell.is_visible() for cell in code.all())
        switch.press("Enter")
        assert all(cell.is_visible() for cell in code.all())
        assert switch.get_attribute("aria-pressed") == "true"
        switch.press("Enter")
        assert not any(cell.is_visible() for cell in code.all())


def test_a_table_sorts_up_then_down_then_as_it_was_with_withheld_cells_last(
    browser: Browser, pages: Pages
) -> None:
    with browser.view(pages["report"]) as view:
        people = view.page.get_by_role("button", name="People")
        as_it_was = column(view, 1)
        people.click()
        assert column(view, 2) == ["250", "335", "1,210", "[c]"]
        assert view.page.locator("th[aria-sort=ascending]").count() == 1
        people.click()
        assert column(view, 2) == ["1,210", "335", "250", "[c]"]
        people.click()
        assert column(view, 1) == as_it_was
        assert view.page.locator("th[aria-sort]").count() == 0
        view.page.get_by_role("button", name="Days saved").click()
        assert column(view, 3) == ["−0.4", "6.0", "6.3", "[c]"]
        view.page.get_by_role("button", name="95% interval").click()
        assert column(view, 4)[1:] == ["10.0 to 14.6", "10.9 to 13.9", "[c]"]


def test_the_dictionary_narrows_to_rows_that_say_every_word(browser: Browser, pages: Pages) -> None:
    with browser.view(pages["dictionary"], width=390) as view:
        box = view.page.get_by_role("searchbox")
        assert view.page.locator(".contents a:visible").count() == 0
        first = view.page.locator("#datasets h2").first.bounding_box()
        assert first is not None
        assert first["y"] < 900  # the index is folded, so that a telephone's reader soon meets it
        view.page.get_by_text("Who delivers what").click()
        every = view.page.locator("[data-row]:visible").count()
        box.fill("Hospital stays NHS_number")
        rows = view.page.locator("[data-row]:visible")
        assert [row.locator("th code").first.inner_text() for row in rows.all()] == ["nhs_number"]
        assert view.page.get_by_role("status").inner_text() == "1 column of 1 dataset"
        assert view.page.locator(".contents a:visible").all_inner_texts() == ["Hospital stays"] * 2
        box.fill("zebra")
        assert view.page.locator("[data-entry]:visible").count() == 0
        assert "Nothing here says that" in view.page.get_by_role("status").inner_text()
        box.fill("")
        assert view.page.locator("[data-row]:visible").count() == every
    with browser.view(pages["dictionary"], width=390, script=False) as view:
        assert view.page.locator(".contents a:visible").count() > 0
        assert not view.page.locator("[data-find]").is_visible()
        assert view.page.locator("[data-row]:visible").count() == every


def test_a_table_takes_the_tab_key_only_when_it_scrolls(browser: Browser, pages: Pages) -> None:
    region = ".scroll:has(table[data-sort])"
    with browser.view(pages["report"]) as view:
        assert view.page.locator(region).get_attribute("tabindex") is None
        view.page.set_viewport_size({"width": 320, "height": 700})
        view.until(f"document.querySelector('{region}').tabIndex === 0")


def test_the_theme_follows_the_reader_and_the_switch(browser: Browser, pages: Pages) -> None:
    for dark in (False, True):
        with browser.view(pages["report"], dark=dark) as view:
            paper = luminance(view.style("body", "backgroundColor"))
            assert (paper < 0.05) is dark
            for selector in (".say", ".meta dt", "a.dl", ".facts dd", ".contents a", ".prov dt"):
                assert contrast(view, selector) >= 4.5, selector
    with browser.view(pages["report"]) as view:
        switch = view.page.locator("[data-theme-switch]")
        for theme, is_dark in (("light", False), ("dark", True), ("auto", False)):
            switch.click()
            assert switch.inner_text() == f"Theme: {theme}"
            assert (luminance(view.style("body", "backgroundColor")) < 0.05) is is_dark


def test_links_between_the_pages_lead_there(browser: Browser, pages: Pages) -> None:
    with browser.view(pages["front"]) as view:
        view.page.locator("#patient_flow h2 a").click()
        assert view.page.title().startswith(executed.QUESTION)
        view.page.get_by_role("link", name="1. Link").first.click()
        assert "1_link.html" in view.page.url
        view.page.get_by_role("link", name="All questions").click()
        assert view.page.url.endswith("site/index.html")


def test_from_a_frozen_copy_the_way_leads_to_the_site_too(browser: Browser, pages: Pages) -> None:
    report, outputs = pages["report"], pages["front"].parent.parent
    frozen = outputs / "releases" / "patient_flow" / "1.2" / "files" / report.name
    frozen.parent.mkdir(parents=True)
    frozen.write_bytes(report.read_bytes())
    with browser.view(frozen) as view:
        view.page.get_by_role("link", name="All questions").click()
        assert view.page.url == pages["front"].resolve().as_uri()


def test_without_script_everything_reads_and_no_dead_control_shows(
    browser: Browser, pages: Pages
) -> None:
    with browser.view(pages["report"], script=False) as view:
        assert view.page.locator("button:visible").count() == 0
        assert view.page.locator(".say").is_visible()
        view.page.locator("details.code summary").first.click()
        assert view.page.locator("details.code .cell").first.is_visible()
        assert view.page.locator(".scroll[tabindex='0']").count() >= 2


def test_on_paper_a_report_begins_with_a_sheet_of_the_answer(
    browser: Browser, pages: Pages
) -> None:
    with browser.view(pages["report"]) as view:
        sheets = view.page.pdf(prefer_css_page_size=True)
        assert 3 <= len(re.findall(rb"/Type\s*/Page\b", sheets)) <= 7
        view.page.emulate_media(media="print")
        assert not view.page.locator(".contents").is_visible()
        assert view.page.locator(".picture .wide").is_visible()


def test_axe_finds_the_faults_of_a_page_that_has_some(browser: Browser, tmp_path: Path) -> None:
    require_axe()
    page = tmp_path / "faint.html"
    faint = '<p style="color: #ccc">Faint.</p><p style="color: #cccccd">Faint as well.</p>'
    page.write_text(f"<!doctype html><title>Faint</title><main>{faint}<p>Plain.</p></main>")
    with browser.view(page) as view:
        colour, language, *_ = sorted(view.accessibility_faults())
    assert colour.startswith("color-contrast: ") and colour.count("nth-child") == 2
    assert language.startswith("html-has-lang: ")


@every_kind
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_no_fault(browser: Browser, pages: Pages, kind: str, width: int) -> None:
    require_axe()
    with browser.view(pages[kind], width=width) as view:
        for details in view.page.locator("details").all():
            details.evaluate("element => { element.open = true; }")
        for box in view.page.get_by_role("searchbox").all():
            box.fill("hospital spells")  # a dataset has every kind of row, and fifty take a minute
        for dark in (False, True):
            view.turn(width=width, dark=dark)
            assert view.accessibility_faults() == [], "dark" if dark else "light"


@every_kind
def test_the_keyboard_alone_reaches_every_control_in_order_and_shows_where_it_is(
    browser: Browser, pages: Pages, kind: str
) -> None:
    with browser.view(pages[kind]) as view:
        controls = view.page.evaluate(
            """() => [...document.querySelectorAll(
                    "a[href], button, input, summary, [tabindex='0']")]
                .filter(e => e.checkVisibility({contentVisibilityAuto: true})
                    && (!e.closest("details:not([open])") || e.tagName === "SUMMARY"))
                .map((e, i) => { e.dataset.order = i; return i; })"""
        )
        met, unseen = [], []
        for _ in controls:
            view.page.keyboard.press("Tab")
            order, ring = view.page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                    const ring = s.outlineStyle === "none" ? 0 : parseFloat(s.outlineWidth);
                    return [Number(e.dataset.order), ring]; }"""
            )
            met.append(order)
            if ring < 3:
                unseen.append(order)
        assert met == controls
        assert unseen == []


@every_kind
def test_the_first_tab_leads_past_the_head(browser: Browser, pages: Pages, kind: str) -> None:
    with browser.view(pages[kind]) as view:
        view.page.keyboard.press("Tab")
        assert view.page.evaluate("document.activeElement.className") == "skip"
        view.page.keyboard.press("Enter")
        assert view.page.evaluate("document.activeElement.id") == "main"


def test_every_state_has_a_shape_and_a_word(browser: Browser, pages: Pages) -> None:
    with browser.view(pages["front"]) as view:
        states_shown = view.page.locator(".standing .state")
        assert sorted(states_shown.all_inner_texts()) == [
            "Awaiting sign-off",
            "Failing",
            "Inputs changed",
            "Never run",
            "Signatures void",
            "Signed and fresh",
        ]
        shapes = {state.locator("use").get_attribute("href") for state in states_shown.all()}
        assert len(shapes) == states_shown.count()
        for shape in shapes:
            assert view.page.locator(f"symbol{shape} > *").count() >= 1
        for state in ("signed", "awaiting", "changed", "failing", "void", "unrun"):
            assert contrast(view, f".standing .{state}") >= 4.5, state


def test_a_failing_pilot_shows_its_last_answer_above_the_reason(
    browser: Browser, pages: Pages
) -> None:
    with browser.view(pages["front"]) as view:
        answer, reason = (
            view.measure(f"#asset_map {selector}") for selector in (".said", ".failure")
        )
        assert answer["y"] + answer["height"] <= reason["y"]


@every_kind
def test_on_paper_tools_are_gone_and_each_sheet_is_numbered_and_marked(
    browser: Browser, pages: Pages, kind: str
) -> None:
    with browser.view(pages[kind]) as view:
        view.page.emulate_media(media="print")
        for tool in (".menu", ".theme", ".skip"):
            assert not view.page.locator(tool).first.is_visible(), tool
        rules = view.page.evaluate(
            "[...document.styleSheets].flatMap(s => [...s.cssRules].map(r => r.cssText)).join(' ')"
        )
        assert "counter(page)" in rules
        assert "Synthetic data: a county that never was" in rules


def test_on_paper_the_first_sheet_of_the_front_page_holds_every_answer(
    browser: Browser, pages: Pages
) -> None:
    with browser.view(pages["front"]) as view:
        assert not view.page.locator(".summary").is_visible()
        view.page.set_viewport_size({"width": 665, "height": 972})  # A4 less its margins, at 96 dpi
        view.page.emulate_media(media="print")
        assert view.page.locator(".summary tbody tr").count() == 6
        box = view.measure(".summary")
        assert box["y"] + box["height"] <= 972
        assert view.style(".questions", "breakBefore") == "page"


def test_on_paper_the_steps_of_a_run_stand_open(browser: Browser, pages: Pages) -> None:
    with browser.view(pages["front"]) as view:
        steps = view.page.locator("#asset_map .reached li").first
        assert not steps.is_visible()
        view.page.emulate_media(media="print")
        assert steps.is_visible()
