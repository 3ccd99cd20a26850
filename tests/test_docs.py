"""Pages that are written from the code say what the code says."""

import re
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = runpy.run_path(str(DOCS / "generate.py"))["PAGES"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


HAND_WRITTEN = [
    DOCS.parent / "README.md",
    DOCS.parent / "CHANGELOG.md",
    *sorted(page for page in DOCS.glob("*.md") if page.name not in PAGES),
]
_PATH = r"`((?:docs|tests|woda_lib|parameters|benchmarks)/[\w./-]+)`"


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=lambda page: page.name)
def test_a_page_has_no_gap_and_no_dead_link(page):
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"@[A-Z]+@", text)
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (page.parent / target).exists(), target
    for path in re.findall(_PATH, text):
        assert (DOCS.parent / path).exists(), path
