"""The glossary: every term of the field that is used, one sentence each, in alphabetical order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "glossary.md"
TERMS = dict(re.findall(r"^(\S.*)\n:   (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))

# The names that everything uses: file, YAML, notebook, test.
EVERYWHERE = [
    *("partner", "extract", "contract", "agreement", "pilot", "study", "step", "run", "release"),
    *("value", "link", "cluster", "entity_id"),
]
# What reports and docs say of methods.
METHODS = [
    *("blocking rule", "comparison level", "m and u probability", "match weight"),
    *("segmented regression", "restricted mean", "calibration slope", "moving range"),
    *("difference in differences", "synthetic control", "net present value", "optimism bias"),
]


@pytest.mark.parametrize("term", [*EVERYWHERE, *METHODS])
def test_the_term_is_explained(term):
    assert term in TERMS


def test_terms_stand_in_alphabetical_order():
    plain = [re.sub(r"[^a-z0-9 ]", "", term.lower().replace("-", " ")) for term in TERMS]
    assert plain == sorted(plain)
    assert len(plain) == len(set(plain))


@pytest.mark.parametrize("term", TERMS)
def test_a_term_has_one_sentence(term):
    means = TERMS[term]
    assert means.endswith(".")
    assert not re.search(r"\. [A-Z]", means), "two sentences"


def test_a_term_that_another_is_sent_to_is_there():
    text = " ".join(TERMS.values())
    assert [term for term in re.findall(r"See \*(.+?)\*", text) if term not in TERMS] == []
