"""What is known of scores is said with its numbers and sources, and alike in pack and report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from woda_lib.pilots.domestic_abuse.evidence import FINDINGS, in_sentences

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "domestic_abuse" / "2_triage_pack.ipynb"


def test_the_report_quotes_every_finding_as_the_pack_does() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    report = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    for sentence in in_sentences():
        assert sentence in report


@pytest.mark.parametrize(
    ("source", "figures"),
    [
        ("Turner, Brown and Medina-Ariza (2022)", ("350,000", "0.748", "0.763")),
        ("Chalkley (2015)", ("67", "45 (67%)", "12,301", "22")),
        ("Caulfield, Gray, Edwards and Snowden (2025)", ("25,000", "five times")),
        ("Glass et al. (2008)", ("6.70", "3.91 to 11.49", "7.48", "4.53 to 12.35")),
    ],
)
def test_figures_are_those_of_their_sources(source: str, figures: tuple[str, ...]) -> None:
    [finding] = [finding for finding in FINDINGS if finding.source.startswith(source)]
    assert all(figure in finding.found for figure in figures)
