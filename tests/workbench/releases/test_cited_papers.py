"""What is printed of a case says that what it cites has fallen: the pack, the committee paper."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.workbench.releases.test_cited_moves import newer, withdraw
from woda_lib.workbench import build_site
from woda_lib.workbench.review import paper
from woda_lib.workbench.review.index import update_index
from woda_lib.workbench.review.paper import find_paper, print_report

FELL = "Three sentences of version 1.0 no longer stand"


class Sheet:
    """In place of a browser's page: keeps what the paper adds to the report."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}

    def add_style_tag(self, **_: Any) -> None: ...

    def set_viewport_size(self, _: Any) -> None: ...

    def evaluate(self, _: str, facts: dict[str, Any]) -> None:
        self.facts = facts


@pytest.fixture
def sheet(monkeypatch: pytest.MonkeyPatch) -> Sheet:
    made = Sheet()

    def print_page(page, target, *, prepare):
        prepare(made)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"%PDF")
        return target

    monkeypatch.setattr(paper, "print_page", print_page)
    return made


@pytest.fixture
def signed(study):
    study.committed()
    study.release()
    study.sign()
    return study


def pack(study) -> dict[str, str]:
    """By pilot, the words of its page in the pack."""
    text = (build_site(study.hub.settings).parent / "pack.html").read_text()
    parts = re.findall(r'<section class="sheet".*?</section>', text, re.DOTALL)
    said = (" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in parts)
    return {each.partition(" ")[0].lower(): each for each in said}


def test_the_pack_says_that_a_signed_case_rests_on_what_was_withdrawn(signed):
    assert "Case Signed Is it worth it?" in pack(signed)["case"]
    withdraw(signed)
    said = pack(signed)
    assert "Case Signed; evidence no longer stands Is it worth it?" in said["case"]
    assert f"{FELL}: tiny@1.0 was withdrawn: A mistake." in said["case"]
    assert "Tiny Withdrawn" in said["tiny"]
    assert "released as version 1.0, which was withdrawn: A mistake." in said["tiny"]
    assert "Version 1.0 was withdrawn: A mistake. There are" in said["tiny"]
    assert "not released" not in said["tiny"]


def test_a_newer_number_is_said_and_the_signature_stands(signed):
    newer(signed, 7.0)
    said = pack(signed)["case"]
    assert said.startswith("Case Signed Is it")
    assert "Two sentences of version 1.0 move: tiny@1.1, signed, says 7.0 days" in said


def test_the_paper_says_it_first_and_is_printed_anew(signed, sheet):
    settings = signed.hub.settings

    def printed() -> bool:
        return find_paper(settings, update_index(settings), signed.pilot).is_printed

    print_report(settings, update_index(settings), signed.pilot)
    assert sheet.facts["word"] == "Signed"
    assert printed()
    withdraw(signed)
    assert not printed()
    print_report(settings, update_index(settings), signed.pilot)
    assert sheet.facts["state"] == "void"
    assert sheet.facts["word"] == "Signed; evidence no longer stands"
    assert sheet.facts["rows"][0] == (
        "What it cites",
        [f"{FELL}.", "tiny@1.0 was withdrawn: A mistake."],
    )
    assert printed()


def test_the_paper_of_a_run_says_that_its_release_was_withdrawn(study, sheet):
    withdraw(study)
    settings, tiny = study.hub.settings, study.hub.pilot
    print_report(settings, update_index(settings), tiny, "last")
    assert sheet.facts["word"] == "Withdrawn"
    assert sheet.facts["rows"][0][1][-1] == "A mistake."
