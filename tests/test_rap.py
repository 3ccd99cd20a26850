"""The levels of RAP: no line of the framework is left out, and every piece of evidence exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "rap.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?) \| (yes|partly|no) \| (.+) \|$", PAGE, re.MULTILINE)

# How each line of the framework begins, level by level, at the commit that the page names.
LEVELS = {
    "Baseline": [
        *("Data produced by code in an open-source", "Code is version controlled"),
        *("Repository includes a README.md", "Code has been peer reviewed"),
        "Code is published in the open",
    ],
    "Silver": [
        *("Outputs are produced by code with minimal", "Code is well-documented"),
        *(
            "Code is well-organised",
            "Reusable functions",
            "Code adheres to agreed coding standards",
        ),
        *("Pipeline includes a testing framework", "Repository includes dependency information"),
        *("Logs are automatically recorded", "Data is handled and output in a Tidy"),
    ],
    "Gold": [
        *("Code is fully packaged", "Repository automatically runs tests"),
        *("Process runs based on event-based triggers", "Changes to the RAP are clearly"),
    ],
}


def test_every_line_of_every_level_is_answered_in_its_order():
    expected = [line for lines in LEVELS.values() for line in lines]
    assert len(ROWS) == len(expected)
    for (line, _, _), begins in zip(ROWS, expected, strict=True):
        assert line.startswith(begins)


@pytest.mark.parametrize("line", [row[0] for row in ROWS])
def test_the_evidence_is_there(line):
    evidence = next(row[2] for row in ROWS if row[0] == line)
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"`([^`]+)`", evidence)
    places = [name for name in named if re.match(r"[\w.-]*/|[\w.-]+\.\w+$|LICENSE|\.git", name)]
    assert places
    for place in places:
        assert place == "manifest.json" or (ROOT / place).exists(), place  # each run makes that one
    for target in re.findall(r"`make (\w+)`", evidence):
        assert re.search(rf"^{target}:", targets, re.MULTILINE), target


def test_what_is_met_in_part_is_said_in_the_summary():
    partly = [line for line, met, _ in ROWS if met == "partly"]
    assert [met for _, met, _ in ROWS].count("no") == 0
    assert len(partly) == 2
    assert "Two lines of baseline are met only in part" in PAGE.replace("\n", " ")
