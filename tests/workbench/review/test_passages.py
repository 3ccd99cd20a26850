"""What an author wrote or said in a notebook, as plain paragraphs by heading."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workbench import executed
from woda_lib.workbench.review.passages import UnreadablePassages, read_passages

SAID = (
    '<div class="told"><p>It left <strong>2.9 days</strong> (95% interval 1.8 to 3.9)'
    '<sup class="cite"><a href="#t-citations">1</a></sup> sooner.</p>'
    "<ul><li>Nearly all rests on that &amp; no more.</li></ul></div>"
)


def test_prose_and_what_was_said_with_figures_put_in(tmp_path: Path) -> None:
    path = tmp_path / "1_case.ipynb"
    cells = [
        executed.text("# Why?\n\nBecause."),
        executed.text("## How sure are we\n\n- **Chance** is in it."),
        executed.code("run.say(…)", executed.made("text", "sure", SAID)),
        executed.code("run.value(…)", executed.made("value", "days", "<p>No prose.</p>")),
    ]
    executed.write_notebook(path, executed.notebook(*cells))
    assert read_passages(path) == {
        "Why?": ["Because."],
        "How sure are we": [
            "Chance is in it.",
            "It left 2.9 days (95% interval 1.8 to 3.9) sooner.",
            "Nearly all rests on that & no more.",
        ],
    }


def test_a_notebook_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePassages, match=r"1_case\.ipynb cannot be read"):
        read_passages(tmp_path / "1_case.ipynb")
