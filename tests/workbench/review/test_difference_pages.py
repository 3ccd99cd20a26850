"""Difference, lineage and pack in a real browser without a network, on a screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.browser import Browser, open_browser, require_axe
from tests.workbench import executed
from tests.workbench.review.runs import AFTER, BEFORE, inputs, pilot, record, workbench, write_run
from tests.workbench.review.tags import faults
from tests.workbench.review.test_difference_versions import release, with_releases
from woda_lib.records import Pilot, Value, read_manifest
from woda_lib.settings import Settings
from woda_lib.workbench.review.differences import write_differences
from woda_lib.workbench.review.index import Index, update_index
from woda_lib.workbench.review.lineage import write_lineage
from woda_lib.workbench.review.pack import write_pack
from woda_lib.workbench.review.paper import NotPrinted, print_report
from woda_lib.workbench.review.pdf import PrintError, find_browser, print_page
from woda_lib.workbench.review.report import render_report

pytestmark = pytest.mark.browser

A4 = (595, 842)
SERIES = "month,observed,fitted,expected,expected_low,expected_high\n" + "\n".join(
    f"2024-{month:02}-01,{6 + month / 10},6.5,8.1,7.2,9.0" for month in range(1, 13)
)
WARDS = "site,ward,waiting,over_7_days\n" + "\n".join(
    f"Worcestershire Royal,Ward {number},{number * 5},[c]" for number in range(20)
)
VALUES = (
    Value(name="days_saved", value=2.4, low=1.7, high=3.1, unit="days"),
    Value(
        name="cost_avoided_per_month",
        value=153e3,
        low=119e3,
        high=187e3,
        unit="pounds",
        decimals=-3,
    ),
    Value(name="people_waiting", value=40, unit="people", decimals=0),
)
LONG = "What follows from it is said here at some length, so that a box is well filled. " * 5


@dataclass(frozen=True)
class Pages:
    """One of each kind."""

    difference: Path
    lineage: Path
    pack: Path

    def __iter__(self) -> Iterator[Path]:
        return (getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True)
class Built:
    """A workbench of two pilots with two runs and a release, and its pages."""

    settings: Settings
    index: Index
    pilots: tuple[Pilot, Pilot]
    pages: Pages


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    first, second = pilot(asks=LONG), pilot(pilot="asset_map", title="Asset map")
    settings = workbench(tmp_path_factory.mktemp("workbench"), first, second)
    outputs = settings.outputs_folder
    link = record("1_link", values=(), inputs=inputs({"clients": {"a.csv": "1"}}))
    table = inputs({"patient_flow/1_link:pairs": {"p": "1"}, "hospital_spells": {"a.csv": "1"}})
    answer = f"The pathway saved <strong>2.4 days</strong>.\n\n{LONG}"
    doubts = f"## How sure are we\n\n- {LONG}\n- What would change the answer: {LONG}"
    old = write_run(
        outputs,
        BEFORE,
        link,
        record(values=VALUES, inputs=table, answer=answer),
        tables={"wards": WARDS, "waits": "district,days\nRedditch,5.5\nWorcester,5.8"},
        figures={"effect": SERIES, "bars": "reason,stays\ncare,120"},
        prose=doubts,
        drawing=executed.figure(),
    )
    new = write_run(
        outputs,
        AFTER,
        link,
        record(
            values=tuple(
                value.model_copy(update={"value": (value.value or 0) * 1.1}) for value in VALUES
            ),
            inputs=table,
            answer=answer.replace("2.4", "2.6"),
            parameters={"horizon_days": 120},
        ),
        tables={
            "wards": WARDS.replace("[c]", "5", 3),
            "waits": "district,days\nRedditch,5.4\nWorcester,5.8",
        },
        figures={"effect": SERIES.replace("6.5", "6.3"), "bars": "reason,stays\ncare,115"},
        prose=doubts,
        drawing=executed.figure(),
        commit="b" * 40,
    )
    write_run(outputs, BEFORE, record(pilot="asset_map"), pilot="asset_map")
    render_report(
        old.notebook("2_evaluate"),
        old.report("2_evaluate"),
        record=record(values=VALUES, parameters={}),
        pilot=first,
        commit="a" * 40,
        dirty=False,
        lock_sha256="1" * 64,
        steps=first.steps,
    )
    index = with_releases(settings, release("1.3", old))
    latest = {"patient_flow": (new, read_manifest(new))}
    pages = Pages(
        write_differences(settings, index, first)[0],
        write_lineage(settings, index, latest, [first, second], synthetic=True),
        write_pack(settings, index, [first, second]),
    )
    return Built(settings, index, (first, second), pages)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_nothing_wrong_and_nothing_scrolls_sideways(
    browser: Browser, built: Built, width: int, dark: bool
) -> None:
    require_axe()
    for path in built.pages:
        with browser.view(path, width=width, dark=dark) as view:
            assert view.accessibility_faults() == [], path.name
            assert view.overflow == 0, path.name


def test_a_page_asks_for_nothing_but_itself(browser: Browser, built: Built) -> None:
    for path in built.pages:
        with browser.view(path) as view:
            view.page.wait_for_timeout(200)
            assert view.requests == [path.resolve().as_uri()]
            assert view.complaints == []


def test_pages_read_without_the_script(browser: Browser, built: Built) -> None:
    with browser.view(built.pages.difference, script=False) as view:
        assert view.page.locator(".say").is_visible()
        assert view.page.locator("td.moved").first.is_visible()
    with browser.view(built.pages.lineage, script=False) as view:
        assert view.page.locator("svg.lineage").is_visible()


def test_the_answer_of_a_difference_stands_on_the_first_screen(
    browser: Browser, built: Built
) -> None:
    for width, height in ((1440, 900), (390, 844)):
        with browser.view(built.pages.difference, width=width, height=height) as view:
            box = view.measure(".short .say")
            assert 0 <= box["y"] < height - 100


def test_both_sides_of_a_figure_have_the_same_axis(browser: Browser, built: Built) -> None:
    with browser.view(built.pages.difference) as view:
        charts = view.page.locator(".figures .wide svg.chart")
        marks = [chart.locator("text").all_text_contents() for chart in charts.all()]
        assert len(marks) == 2
        assert marks[0] == marks[1]


def test_on_a_phone_figures_stand_below_each_other_and_their_words_can_be_read(
    browser: Browser, built: Built
) -> None:
    with browser.view(built.pages.difference, width=320) as view:
        older, newer = view.page.locator(".figures .pair").first.locator("figure").all()
        assert older.bounding_box()["y"] < newer.bounding_box()["y"]
        drawn = view.page.locator(".figures .narrow svg.chart").first
        scale = drawn.bounding_box()["width"] / 300
        assert 13 * scale >= 12


def test_a_phone_shows_the_lineage_as_a_list_and_a_laptop_both(
    browser: Browser, built: Built
) -> None:
    for width, graph in ((320, False), (1440, True)):
        with browser.view(built.pages.lineage, width=width) as view:
            assert view.page.locator("svg.lineage").is_visible() is graph
            assert view.page.locator(".aslist").is_visible()


def test_the_keyboard_reaches_a_box_and_its_edges_light_up(browser: Browser, built: Built) -> None:
    with browser.view(built.pages.lineage) as view:
        page = view.page
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('svg.lineage a.step')"):
                break
        else:
            pytest.fail("forty times Tab, and no step of the graph has the focus")
        lit = page.evaluate(
            """() => {
              const plum = getComputedStyle(document.querySelector(".lineage a:focus rect")).stroke;
              const width = (edge) => parseFloat(getComputedStyle(edge).strokeWidth);
              const edges = [...document.querySelectorAll(".lineage .edge")];
              return [plum, edges.filter((edge) => width(edge) > 2).length, edges.length];
            }"""
        )
        assert lit[0] != "none"
        assert 0 < lit[1] < lit[2]


def test_the_pack_prints_to_exactly_one_page_a_pilot_even_with_full_boxes(
    browser: Browser, built: Built, tmp_path: Path
) -> None:
    printed = PdfReader(print_page(built.pages.pack, tmp_path / "pack.pdf", whole=".sheet"))
    assert len(printed.pages) == 2
    assert faults(printed) == []
    for page, asked in zip(printed.pages, built.pilots, strict=True):
        text = " ".join(page.extract_text().split())
        assert asked.title in text
        assert "Synthetic data" in text
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4
    assert "Page 1 of 2" in printed.pages[0].extract_text()


def test_a_pack_that_would_be_cut_off_is_refused(
    browser: Browser, built: Built, tmp_path: Path
) -> None:
    asked = pilot(asks="A word that is said too often. " * 200)
    page = write_pack(built.settings, built.index, [asked])
    with pytest.raises(PrintError, match="more stands under 'How many days did the pathway save"):
        print_page(page, tmp_path / "pack.pdf", whole=".sheet")
    assert not any(tmp_path.iterdir())
    write_pack(built.settings, built.index, built.pilots)


def test_the_pdf_of_a_release_is_tagged_titled_and_says_how_it_stands(
    browser: Browser, built: Built
) -> None:
    path = print_report(built.settings, built.index, built.pilots[0])
    assert path.name == "1.3.pdf"
    printed = PdfReader(path)
    root = printed.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert printed.metadata is not None
    assert "Patient flow" in str(printed.metadata.title)
    first = " ".join(printed.pages[0].extract_text().split())
    assert "Version 1.3, 18 November 2026" in first
    assert "Signed by nobody yet" in first
    for number, page in enumerate(printed.pages, start=1):
        text = page.extract_text()
        assert "Synthetic data" in text
        assert f"{number} of {len(printed.pages)}" in text
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4


def test_an_altered_release_is_not_printed(built: Built) -> None:
    releases = built.index.releases["patient_flow"]
    voided = [r.model_copy(update={"state": "void", "why": "A file differs."}) for r in releases]
    index = built.index.model_copy(update={"releases": {"patient_flow": tuple(voided)}})
    with pytest.raises(NotPrinted, match="A file differs"):
        print_report(built.settings, index, built.pilots[0])


def test_a_missing_browser_or_page_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PrintError, match="apt-get install"):
        find_browser(("no-such-browser",))
    with pytest.raises(PrintError, match="is not there"):
        print_page(tmp_path / "none.html", tmp_path / "none.pdf")


def test_a_run_is_printed_where_there_is_no_release(browser: Browser, built: Built) -> None:
    index = update_index(built.settings)
    path = print_report(built.settings, index, built.pilots[0], BEFORE)
    assert "not signed and not released" in " ".join(
        PdfReader(path).pages[0].extract_text().split()
    )
