"""The executive pack: a page a pilot from what is recorded, and nothing that is not."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.workbench import executed
from tests.workbench.review.runs import AFTER, BEFORE, pilot, record, workbench, write_run
from tests.workbench.review.test_difference_versions import release, with_releases
from woda_lib.records import read_pilots
from woda_lib.settings import Settings
from woda_lib.workbench.review.index import IndexedSigner, update_index
from woda_lib.workbench.review.pack import sheet_of, write_pack

ROOT = Path(__file__).parents[3]
PILOTS = read_pilots(ROOT / "parameters")
DOUBTS = """\
# How sure are we that it is so?

Not this one.

## How sure are we

- **Chance** is in the interval.
- **What would change the answer**: a neighbour that also changed.
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return workbench(tmp_path)


def boxes(settings: Settings, **changes: str) -> dict[str, tuple[str, ...]]:
    sheet = sheet_of(settings, update_index(settings), pilot(**changes))
    assert sheet is not None
    return {box.heading: box.paragraphs for box in sheet.boxes}


def test_each_box_holds_what_is_recorded_for_it(settings: Settings) -> None:
    write_run(settings.outputs_folder, BEFORE, prose=DOUBTS)
    assert boxes(settings, asks="Note the result.") == {
        "So what": ("Nothing else moved.",),
        "How sure": ("Chance is in the interval.",),
        "What would change our mind": ("A neighbour that also changed.",),
        "Asked of you": ("Note the result.",),
    }


def test_what_is_not_recorded_is_left_out(settings: Settings) -> None:
    write_run(settings.outputs_folder, BEFORE, record(answer="Only this."), prose="# How many?")
    assert boxes(settings) == {}


def test_what_does_not_fit_is_cut_after_a_sentence_and_the_page_says_so(settings: Settings) -> None:
    caveat = "This is one caveat among many that somebody has to know before they decide. "
    doubts = f"# How sure are we\n\n- {caveat * 5}\n- {caveat * 5}\n"
    write_run(settings.outputs_folder, BEFORE, record(answer="Only this."), prose=doubts)
    sheet = sheet_of(settings, update_index(settings), pilot())
    assert sheet is not None
    (sure,) = sheet.boxes
    assert [text.count("This is one caveat") for text in sure.paragraphs] == [5, 1]
    assert all(text.endswith("they decide.") for text in sure.paragraphs)
    page = write_pack(settings, update_index(settings), [pilot()]).read_text(encoding="utf-8")
    assert page.count("More in the report") == 1


def test_where_all_fits_no_report_is_pointed_to(settings: Settings) -> None:
    write_run(settings.outputs_folder, BEFORE, prose=DOUBTS)
    page = write_pack(settings, update_index(settings), [pilot()]).read_text(encoding="utf-8")
    assert "More in the report" not in page


@pytest.mark.parametrize("name", PILOTS)
def test_every_real_answer_says_how_sure_it_is_and_what_would_change_it(name: str) -> None:
    """In the notebook that answers, or in what it has said there with figures put in."""
    notebook = nbformat.read(
        ROOT / "notebooks" / name / f"{PILOTS[name].answered_by}.ipynb", as_version=4
    )
    whole = "\n\n".join(cell.source for cell in notebook.cells)
    *_, said = re.split(r"^## How sure are we\??$", whole, flags=re.MULTILINE)
    assert said != whole
    own, _, _ = said.partition("\n## ")
    assert re.search(r"^- \W*What would change|^run\.say\(", own, re.MULTILINE)


def test_a_pilot_without_a_run_has_no_page(settings: Settings) -> None:
    assert sheet_of(settings, update_index(settings), pilot()) is None


def test_a_run_is_marked_as_not_signed_and_compared_with_the_run_before(
    settings: Settings,
) -> None:
    moved = record().values[0].model_copy(update={"value": 2.7, "low": 2.1, "high": 3.3})
    write_run(settings.outputs_folder, BEFORE)
    write_run(settings.outputs_folder, AFTER, record(values=(moved,)))
    sheet = sheet_of(settings, update_index(settings), pilot())
    assert sheet is not None
    assert (sheet.word, sheet.since) == ("Not signed", "Since the run of 18 Nov 2026")
    assert "not signed" in sheet.foot
    (row,) = sheet.values
    assert row.change is not None
    assert (row.change.words, row.change.reading) == ("up 0.3 days", "not chance")


def test_a_release_that_counts_stands_before_newer_runs_and_names_its_signers(
    settings: Settings,
) -> None:
    old, new = (write_run(settings.outputs_folder, name) for name in (BEFORE, AFTER))
    signed = release("1.2", old).model_copy(
        update={"signers": (IndexedSigner(name="Imogen Quill", role="statistician"),)}
    )
    index = with_releases(settings, signed, release("1.3", new, "withdrawn"))
    sheet = sheet_of(settings, index, pilot())
    assert sheet is not None
    assert sheet.word == "Signed"
    assert sheet.foot == "Version 1.2, 18 November 2026. Signed: Imogen Quill (statistician)."
    voided = with_releases(settings, release("1.2", old, "void"))
    fallen_back = sheet_of(settings, voided, pilot())
    assert fallen_back is not None
    assert fallen_back.word == "Not signed"


def test_a_run_that_was_released_and_withdrawn_is_never_said_to_be_merely_not_released(
    settings: Settings,
) -> None:
    run = write_run(settings.outputs_folder, BEFORE)
    gone = release("1.0", run, "withdrawn").model_copy(update={"why": "A mistake."})
    sheet = sheet_of(settings, with_releases(settings, gone), pilot())
    assert sheet is not None
    assert (sheet.state, sheet.word) == ("withdrawn", "Withdrawn")
    assert sheet.foot.endswith("released as version 1.0, which was withdrawn: A mistake.")


def test_what_is_signed_is_not_replaced_by_what_awaits(settings: Settings) -> None:
    old, new = (write_run(settings.outputs_folder, name) for name in (BEFORE, AFTER))
    index = with_releases(settings, release("1.0", old), release("1.1", new, "awaiting"))
    sheet = sheet_of(settings, index, pilot())
    assert sheet is not None
    assert (sheet.word, sheet.since) == ("Signed", "")
    assert sheet.foot.endswith("Version 1.1 awaits signatures.")


def test_figures_of_two_pilots_keep_names_of_their_own(settings: Settings) -> None:
    for name in ("patient_flow", "asset_map"):
        found = record(pilot=name)
        write_run(settings.outputs_folder, BEFORE, found, drawing=executed.figure(), pilot=name)
    second = pilot(pilot="asset_map", title="Asset map")
    page = write_pack(settings, update_index(settings), [pilot(), second])
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    names = [tag["id"] for tag in soup.select("[id]")]
    assert len(names) == len(set(names))
    assert len(soup.select(".sheet figure")) == 2
    assert "Figure 1" not in soup.select_one("main").text
    assert soup.select(".sheet figure a") == []  # a download lies beside the report, not here
