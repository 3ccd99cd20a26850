"""A report as a committee paper: its first page alone, nothing cut, read aloud as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject

from tests.browser import Browser, open_browser
from tests.workbench import executed
from tests.workbench.review.runs import BEFORE, pilot, record, workbench, write_run
from tests.workbench.review.tags import count, faults
from tests.workbench.review.test_difference_versions import release, with_releases
from woda_lib.notebook import markup
from woda_lib.records import RunFolder, Step
from woda_lib.settings import Settings
from woda_lib.workbench.review.index import IndexedRelease, IndexedSigner
from woda_lib.workbench.review.paper import find_paper, print_report
from woda_lib.workbench.review.report import render_report

pytestmark = pytest.mark.browser

SIGNERS = (
    IndexedSigner(name="Anna Price", role="Analytical lead"),
    IndexedSigner(name="Ben Shah", role="Caldicott Guardian"),
)
ASKED = pilot(asks="Note the result, and plan on it.")
PARAGRAPH = "What a page says in one paragraph, at some length, so that it fills a few lines. " * 4


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, RunFolder]:
    """A run with a long report: ten sections, each with a paragraph that leads to a figure."""
    settings = workbench(tmp_path_factory.mktemp("workbench"), ASKED)
    folder = write_run(settings.outputs_folder, BEFORE)
    begun = executed.made("answer", "2_evaluate", executed.answer(executed.figure()))
    cells = [executed.text("# How many days?\n\nOpening words."), executed.code("begin()", begun)]
    for number in range(10):
        cells.append(executed.text(f"## Section {number}\n\n{PARAGRAPH}\n\nSee for {number}:"))
        drawing = executed.figure().replace("days_by_month", f"waits_{number}")
        shown = executed.made("figure", f"waits_{number}", drawing)
        cells.append(executed.code("show()", shown))
    cells.append(executed.text("## In numbers"))
    cells.append(executed.code("show()", executed.made("table", "days", executed.hostile_table())))
    cells.append(executed.text("## Column by column"))
    cells.append(executed.code("show()", executed.made("table", "wide", wide_table(14))))
    cells.append(executed.text("## Ward by ward"))
    cells.append(executed.code("show()", executed.made("table", "wards", long_table(90))))
    executed.write_notebook(folder.notebook("2_evaluate"), executed.notebook(*cells))
    render_report(
        folder.notebook("2_evaluate"),
        folder.report("2_evaluate"),
        record=record(parameters={}),
        pilot=ASKED,
        commit="a" * 40,
        dirty=False,
        lock_sha256="1" * 64,
        steps=ASKED.steps,
    )
    return settings, folder


def long_table(rows: int) -> str:
    """A table that no page holds."""
    body = "".join(
        f'<tr><th scope="row">Ward {row}</th><td class="n">{row * 5}</td></tr>'
        for row in range(1, rows + 1)
    )
    return (
        '<div class="scroll" role="region" tabindex="0" aria-labelledby="t-wards"><table>'
        '<caption id="t-wards"><span class="cap"><b>Table 2.</b> Waiting, by ward</span></caption>'
        '<thead><tr><th scope="col">Name of ward</th><th scope="col">Waiting</th></tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def wide_table(columns: int) -> str:
    """A table wider than a page, whose columns cannot be narrower than a word of theirs."""
    heads = "".join(f'<th scope="col">measurement_{column}</th>' for column in range(columns))
    cells = "".join(f"<td>{column}</td>" for column in range(columns))
    return (
        '<div class="scroll" role="region" tabindex="0" aria-labelledby="t-wide"><table>'
        '<caption id="t-wide"><span class="cap"><b>Table 3.</b> Many columns</span></caption>'
        f"<thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table></div>"
    )


def printed(checkout: tuple[Settings, RunFolder], *releases: IndexedRelease) -> PdfReader:
    settings, _ = checkout
    return PdfReader(print_report(settings, with_releases(settings, *releases), ASKED))


def words(reader: PdfReader, page: int = 0) -> str:
    return " ".join(reader.pages[page].extract_text().split())


@pytest.fixture(scope="module")
def signed(browser: Browser, checkout: tuple[Settings, RunFolder]) -> PdfReader:
    """The paper of a signed release."""
    return printed(
        checkout,
        release("1.0", checkout[1]).model_copy(update={"state": "signed", "signers": SIGNERS}),
    )


def test_a_reader_who_hears_it_is_told_what_one_who_sees_it_is(signed: PdfReader) -> None:
    assert faults(signed) == []
    assert count(signed, "/Figure") >= 11
    assert count(signed, "/TH") > 3
    assert count(signed, "/Form") == 0  # a head that sorts a table on the screen is no button here


def test_the_first_page_stands_alone(signed: PdfReader) -> None:
    first = words(signed)
    for said in (
        "How many days?",
        "The pathway saved 2.7 days",
        "Signed",
        "Version 1.0, 18 November 2026",
        "Signed by Anna Price, Analytical lead Ben Shah, Caldicott Guardian",
        "Asked of you Note the result, and plan on it.",
        "“woda verify patient_flow 1.0” says how it stands since.",
        "Synthetic data: a county that never was. No figure here is about real people.",
    ):
        assert said in first
    assert "About this report" in words(signed, 1)


def test_a_case_with_many_values_and_parameters_shows_its_figure_on_the_first_page(
    browser: Browser, tmp_path: Path
) -> None:
    """Values stand where they are worked out, and parameters where the run is told of."""
    many = {f"price_{number}": 100 + number for number in range(12)}
    step = Step(
        name="2_evaluate",
        question="How many days?",
        purpose="service_evaluation",
        parameters=tuple(many),
    )
    asked = pilot(
        asks="Decide.",
        steps=(step,),
        parameters={
            name: {"type": "int", "value": value, "description": "A price, and where it is from."}
            for name, value in many.items()
        },
    )
    settings = workbench(tmp_path, asked)
    folder = write_run(settings.outputs_folder, BEFORE)
    value = record().values[0]
    values = [value.model_copy(update={"name": f"worth_{number}"}) for number in range(20)]
    begun = executed.made("answer", "2_evaluate", executed.answer(executed.figure()))
    shown = executed.made("table", "cited", cited_table())
    cells = [
        executed.text("# How many days?\n\nOpening words."),
        executed.code("begin()", begun),
        *(
            executed.code("value()", executed.made("value", one.name, markup.value_markup(one)))
            for one in values
        ),
        executed.text("## Every figure, and where it stands"),
        executed.code("show_citations()", shown),
    ]
    executed.write_notebook(folder.notebook("2_evaluate"), executed.notebook(*cells))
    render_report(
        folder.notebook("2_evaluate"),
        folder.report("2_evaluate"),
        record=record(parameters=many, values=tuple(values)),
        pilot=asked,
        commit="a" * 40,
        dirty=False,
        lock_sha256="1" * 64,
        steps=asked.steps,
    )
    paper = PdfReader(print_report(settings, with_releases(settings), asked))
    pages = [words(paper, number) for number in range(len(paper.pages))]
    assert "Figure 1. The wait fell" in pages[0]
    assert "Worth 3" in pages[0] and "Worth 4" not in pages[0]
    assert "16 other values stand below." in pages[0]
    whole = " ".join(pages[1:])
    assert "Worth 19" in whole
    before, _, after = whole.rpartition("Where this came from")
    before, _, cited = before.partition("Every figure, and where it stands")
    assert "stands at the end" in before and "price_11" not in before
    assert "Anna Price" in cited
    beneath = "waits@1.0/days_saved Run 2026-11-18T06-00-00-20f0a1 SHA-256 20f0a1d7"
    assert beneath in cited  # in the cell of what they are of, and in no column
    assert cited.count("SHA-256") == 1 and cited.count("Run ") == 1
    assert "price_11" in after


def cited_table() -> str:
    """What a case cites: with columns that a program compares, for which paper has no room."""
    heads = ("Figure", "Reference", "Signed by", "Run", "SHA-256")
    run = "2026-11-18T06-00-00-20f0a1"
    cells = ("Days saved", "waits@1.0/days_saved", "Anna Price", run, "20f0a1d7")
    return (
        '<div class="scroll" role="region" tabindex="0" aria-labelledby="t-cited"><table>'
        '<caption id="t-cited"><span class="cap"><b>Table 1.</b> Cited</span></caption>'
        f"<thead><tr>{''.join(f'<th scope=col>{head}</th>' for head in heads)}</tr></thead>"
        f"<tbody><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></tbody></table></div>"
    )


def test_every_page_says_what_it_belongs_to_and_which_it_is(signed: PdfReader) -> None:
    pages = len(signed.pages)
    assert pages > 4
    for number in range(pages):
        assert f"Page {number + 1} of {pages}" in words(signed, number)
        assert "Synthetic data" in words(signed, number)
        assert ("Patient flow, version 1.0: Signed" in words(signed, number)) == (number > 0)


def test_no_heading_is_parted_from_what_it_leads_to(signed: PdfReader) -> None:
    pages = [words(signed, number) for number in range(len(signed.pages))]
    for number in range(10):
        (page,) = (text for text in pages if f"Section {number} " in text)
        assert "What a page says" in page.partition(f"Section {number} ")[2]
        (page,) = (text for text in pages if f"See for {number}:" in text)
        led_to = f" Figure {number + 2}. The wait fell"  # the first stands with the answer
        assert page.partition(f"See for {number}:")[2].startswith(led_to)


def test_a_table_that_no_page_holds_has_its_head_on_each(signed: PdfReader) -> None:
    pages = [words(signed, number) for number in range(len(signed.pages))]
    rows = {page: [f"Ward {row} {row * 5}" in page for row in range(1, 91)] for page in pages}
    holding = [page for page in pages if any(rows[page])]
    assert len(holding) > 1
    assert all("Name of ward" in page for page in holding)
    assert all(sum(column) >= 1 for column in zip(*rows.values(), strict=True))


def test_a_wide_table_is_squeezed_and_the_paper_keeps_its_size_of_type(
    signed: PdfReader,
) -> None:
    sizes = []

    def note(text: str, at: object, matrix: list[float], font: object, size: float) -> None:
        if "Opening words" in text:
            sizes.append(size * matrix[0] * at[0])  # type: ignore[index]

    signed.pages[1].extract_text(visitor_text=note)
    assert sizes == [pytest.approx(11, abs=0.2)]


def test_one_that_awaits_signatures_or_was_withdrawn_says_so(
    browser: Browser, checkout: tuple[Settings, RunFolder]
) -> None:
    awaiting = words(printed(checkout, release("1.1", checkout[1], "awaiting")))
    assert "Awaiting signatures" in awaiting
    assert "Signed by nobody yet" in awaiting
    settings, folder = checkout
    gone = release("1.2", folder, "withdrawn").model_copy(update={"why": "Ward 3 counted twice."})
    paper = print_report(settings, with_releases(settings, gone), ASKED, "1.2")
    assert "Withdrawn Ward 3 counted twice." in words(PdfReader(paper))


def test_a_paper_is_current_until_report_or_signatures_change(
    browser: Browser, checkout: tuple[Settings, RunFolder]
) -> None:
    settings, folder = checkout
    index = with_releases(settings)
    print_report(settings, index, ASKED)
    assert find_paper(settings, index, ASKED).is_printed
    page = folder.report("2_evaluate")
    page.write_bytes(page.read_bytes())
    assert not find_paper(settings, index, ASKED).is_printed


def test_the_check_finds_what_is_amiss(signed: PdfReader, tmp_path: Path) -> None:
    untagged = PdfWriter()
    untagged.add_blank_page(100, 100)
    untagged.write(tmp_path / "untagged.pdf")
    assert faults(PdfReader(tmp_path / "untagged.pdf")) == ["It is not tagged."]

    spoilt = PdfWriter(clone_from=signed)
    root = spoilt.root_object
    del root["/Lang"]
    shown = {NameObject("/DisplayDocTitle"): BooleanObject(False)}
    root[NameObject("/ViewerPreferences")] = DictionaryObject(shown)
    spoilt.metadata = {}
    spoilt.write(tmp_path / "spoilt.pdf")
    assert faults(PdfReader(tmp_path / "spoilt.pdf")) == [
        "It does not say its language.",
        "It has no title.",
        "Its file's name is shown in place of its title.",
    ]
