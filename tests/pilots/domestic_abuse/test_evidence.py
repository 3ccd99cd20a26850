"""What is known of scores is said with its numbers and sources, and alike in pack and report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from woda_lib.pilots.domestic_abuse.evidence import FINDINGS, for_a_report, in_sentences

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "domestic_abuse" / "2_triage_pack.ipynb"


def test_the_report_quotes_every_finding_as_the_pack_does() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    report = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    for sentence in for_a_report():
        assert sentence in report


def test_a_report_holds_no_author_who_may_be_a_namesake_of_somebody_in_a_text() -> None:
    """Free text that was loaded may hold the same family name, and the gate then refuses it."""
    said = " ".join(for_a_report())
    for finding in FINDINGS:
        for name in finding.authors.replace(" and ", ", ").replace("others", "").split(", "):
            assert not name or name not in said
    assert all(finding.authors in " ".join(in_sentences()) for finding in FINDINGS)


@pytest.mark.parametrize(
    ("authors", "figures"),
    [
        ("Turner, Brown and Medina-Ariza", ("350,000", "0.748", "0.763")),
        ("Chalkley", ("67", "45 (67%)", "12,301", "22")),
        ("Caulfield, Gray, Edwards and Snowden", ("25,000", "five times")),
        ("Glass and others", ("6.70", "3.91 to 11.49", "7.48", "4.53 to 12.35")),
    ],
)
def test_figures_are_those_of_their_sources(authors: str, figures: tuple[str, ...]) -> None:
    [finding] = [finding for finding in FINDINGS if finding.authors == authors]
    assert all(figure in finding.found for figure in figures)
