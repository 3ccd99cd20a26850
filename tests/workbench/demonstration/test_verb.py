"""`woda demonstrate` as people type it: what it says, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workbench.conftest import Woda
from tests.workbench.releases.hub import Hub
from woda_lib.workbench.review import pdf


@pytest.fixture
def _printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are printed, without a browser."""
    pages: list[str] = []

    def print_page(page: Path, target: Path, **how: object) -> Path:
        pages.append(page.name)
        target.write_bytes(b"%PDF-")
        return target

    place = "woda_lib.workbench.demonstration.papers"
    monkeypatch.setattr(f"{place}.print_page", print_page)
    monkeypatch.setattr("woda_lib.workbench.review.paper.print_page", print_page)
    monkeypatch.setattr(pdf, "find_browser", lambda: "chromium")
    return pages


def test_from_a_county_to_signed_answers_and_papers_and_nothing_twice(
    hub: Hub, woda: Woda, _printed: list[str]
) -> None:
    first = woda("demonstrate")
    assert first.exit_code == 0, first.stderr
    assert "tiny 1.0: signed." in first.stdout
    assert "Signed by Demonstration reviewer one (throw-away key" in first.stdout
    assert "    tiny  Signed and fresh, version 1.0." in first.stdout
    assert "Review site: outputs/site/index.html" in first.stdout
    assert "Pack: outputs/site/pack.pdf" in first.stdout
    assert _printed == ["pack.html"]
    runs = hub.bench.runs()

    again = woda("demonstrate")
    assert again.exit_code == 0
    assert "tiny 1.0: signed." not in again.stdout
    assert "    tiny  Signed and fresh, version 1.0." in again.stdout
    assert _printed == ["pack.html"]
    assert hub.bench.runs() == runs


def test_without_chromium_no_pdf_is_printed_and_that_is_no_failure(
    woda: Woda, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent() -> str:
        raise pdf.PrintError("PDFs are printed by Chromium, which is not installed.")

    monkeypatch.setattr(pdf, "find_browser", absent)
    result = woda("demonstrate")
    assert result.exit_code == 0
    assert "No PDF was printed. PDFs are printed by Chromium" in result.stderr
    assert "tiny 1.0: signed." in result.stdout


def test_a_paper_that_cannot_be_printed_is_a_failure_and_the_rest_stands(
    woda: Woda, _printed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(page: Path, target: Path, **how: object) -> Path:
        raise pdf.PrintError("pack.html is not printed: more stands under 'Tiny' than one page.")

    monkeypatch.setattr("woda_lib.workbench.demonstration.papers.print_page", cut)
    result = woda("demonstrate")
    assert result.exit_code == 1
    assert "more stands under 'Tiny'" in result.stderr
    assert "    tiny  Signed and fresh, version 1.0." in result.stdout


def test_a_pilot_that_fails_makes_the_exit_code_and_is_said(
    hub: Hub, woda: Woda, _printed: list[str]
) -> None:
    hub.bench.write(f"outputs/tiny/{hub.run.path.name}/notes.txt", "mine")
    result = woda("demonstrate")
    assert result.exit_code == 1
    assert "none of its results" in result.stderr
    assert "What failed is said above. Everything else stands." in result.stderr


def test_partners_extracts_are_refused_with_what_to_use_instead(
    hub: Hub, woda: Woda, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODA_EXTRACTS", str(hub.settings.extracts_folder))
    result = woda("demonstrate")
    assert result.exit_code == 2
    assert "A demonstration is for made-up data alone" in result.stderr
    assert not hub.releases.exists()
