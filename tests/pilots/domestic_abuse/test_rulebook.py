"""The titles of rules and flags may stand in a report, whatever people wrote in the day's texts."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from woda_lib.disclosure.free_text import FreeText
from woda_lib.pilots.domestic_abuse.flag_lines import FLAGS
from woda_lib.pilots.domestic_abuse.triage import read_rulebook

PARAMETERS = Path(__file__).parents[3] / "parameters"


@pytest.fixture(scope="module")
def public() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}

    def record_input(path: Path, name: str, *, public: Any = ()) -> None:
        found[name] = list(public)

    run: Any = SimpleNamespace(parameters_folder=PARAMETERS, record_input=record_input)
    book = read_rulebook(run)
    assert {rule.title for rule in book.order} <= set(found["urgency.yaml"])
    return found


@pytest.mark.parametrize(
    ("titles", "written"),
    [
        ("urgency.yaml", "She took it for a threat to kill a child of hers"),
        ("flags.yaml", "She speaks of sexual violence, weapons, coercive control"),
    ],
)
def test_titles_side_by_side_are_no_quotation(
    public: dict[str, list[str]], titles: str, written: str
) -> None:
    texts = FreeText()
    texts.note([written])
    assert texts.found_in_cells(public[titles]) == "words out of a free text"
    texts.know(public[titles])
    assert texts.found_in_cells(public[titles]) == ""


def test_every_flag_has_its_title_there(public: dict[str, list[str]]) -> None:
    assert public["flags.yaml"] == list(FLAGS.values())
