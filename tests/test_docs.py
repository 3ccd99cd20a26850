"""Pages that are written from the code say what the code says, and every page can be found."""

from __future__ import annotations

import re
import runpy
import shlex
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from woda_lib.cli import app

DOCS = Path(__file__).parents[1] / "docs"
PAGES = runpy.run_path(str(DOCS / "generate.py"))["PAGES"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


OPENING = runpy.run_path(str(DOCS / "making" / "registers.py"))["opening"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("# What it is,\n# and for whom.\n\na: 1\n", "What it is, and for whom."),
        ("# What it is.\n#\n# More of it.\na: 1\n", "What it is."),
        ("# What it is. A grade says:\n#   one  much\n#   two  less\na: 1\n", "What it is."),
        ("# A table of one: many.\na: 1\n", "A table of one: many."),
        ("title: Evaluation\na: 1\n", "Evaluation"),
    ],
)
def test_a_register_is_told_by_the_first_paragraph_of_its_opening_words(tmp_path, written, said):
    (tmp_path / "register.yaml").write_text(written, encoding="utf-8")
    assert OPENING(tmp_path / "register.yaml") == said


def test_a_figure_and_the_ends_of_its_interval_are_told_apart():
    text = (DOCS / "reference" / "keys.md").read_text(encoding="utf-8")
    figures = text.partition("## Figures reported elsewhere")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^\| \**`(\w+)`\**.*\| (.*) \|$", figures, re.MULTILINE))
    assert "interval" in told["low"] == told["high"]
    assert "interval" not in told["value"]


ALL = sorted(DOCS.rglob("*.md"))
HAND_WRITTEN = [
    DOCS.parent / "README.md",
    DOCS.parent / "CHANGELOG.md",
    *(page for page in ALL if page.relative_to(DOCS).as_posix() not in PAGES),
]
_PATH = r"`((?:docs|tests|woda_lib|parameters|benchmarks)/[\w./-]+)`"
each_page = pytest.mark.parametrize(
    "page", HAND_WRITTEN, ids=lambda page: page.relative_to(DOCS.parent).as_posix()
)


@each_page
def test_a_page_has_no_gap_and_no_dead_link(page):
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"@[A-Z0-9]+@", text)
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (page.parent / target).exists(), target
    made_by_the_reader = re.findall(r"woda new-pilot (\w+)", text)
    for path in re.findall(_PATH, text):
        if not any(name in path for name in made_by_the_reader):
            assert (DOCS.parent / path).exists(), path


# What stands in the nav


def leaves(nav: Any) -> list[str]:
    """Every page that a nav names, in its order."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in leaves(part)]


def test_every_page_stands_in_the_nav_once():
    settings = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8"))
    named = leaves(settings["nav"])
    assert sorted(named) == [page.relative_to(DOCS).as_posix() for page in ALL]


def test_the_nav_is_in_the_order_of_what_a_reader_wants():
    """Learning, doing, looking up, understanding (Diátaxis), then proof and answering for it."""
    settings = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8"))
    assert [next(iter(part)) for part in settings["nav"]] == [
        *("Start", "Tutorials", "How to", "Reference", "Explanation"),
        *("Proofs and benchmarks", "Governance", "Glossary"),
    ]


# Commands that pages name


def commands(text: str) -> list[list[str]]:
    """The words of every line of a code block that begins with woda, without its comment."""
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    joined = "\n".join(blocks).replace("\\\n", " ")
    lines = re.findall(r"^ *(?:\$ )?(woda .*?)(?: {2,}\S.*)?$", joined, re.MULTILINE)
    spoken = re.findall(r"`(woda [a-z][^`]*)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [shlex.split(line, comments=True) for line in [*lines, *spoken]]


def fault(words: list[str]) -> str | None:
    """What the command does not know of a line: a verb, an option; or nothing."""
    verb: Any = typer.main.get_command(app)
    rest = words[1:]
    while rest and (below := getattr(verb, "commands", None)) and not rest[0].startswith("-"):
        if rest[0] not in below:
            return f"no verb {rest[0]!r}"
        verb, rest = below[rest[0]], rest[1:]
    known = {name for parameter in verb.params for name in (*parameter.opts, "--help")}
    if verb.name == "lab":  # hands the rest on to JupyterLab
        return None
    asked = [word.partition("=")[0] for word in takewhile(lambda word: word != "…", rest)]
    unknown = [word for word in asked if re.match(r"--?[a-z]", word) and word not in known]
    return f"no option {unknown[0]!r}" if unknown else None


@each_page
def test_a_page_names_no_command_that_is_not_there(page):
    if page.name == "CHANGELOG.md":  # says also what was called otherwise once
        return
    text = page.read_text(encoding="utf-8")
    faults = {" ".join(words): said for words in commands(text) if (said := fault(words))}
    assert faults == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("woda run patient_flow -p bed_day_cost=350", None),
        ("woda runn patient_flow", "no verb 'runn'"),
        ("woda run patient_flow --prise 3", "no option '--prise'"),
        ("woda identities remove single_view", "no verb 'remove'"),
    ],
)
def test_a_command_that_is_not_there_is_seen(line, said):
    assert fault(shlex.split(line)) == said


def test_no_command_is_told_in_half_a_sentence():
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    listed = text.partition("\n## woda run\n")[0]
    assert "demonstrate" in listed
    assert re.findall(r"^ +.*\.\.\.$", listed, re.MULTILINE) == []


def test_every_key_of_a_pilots_file_is_explained():
    text = (DOCS / "reference" / "keys.md").read_text(encoding="utf-8")
    pilots = text.partition("## An agreement")[0]
    rows = re.findall(r"^\| \**`(\w+)`\**.*\| (.*) \|$", pilots, re.MULTILINE)
    assert len(rows) > 30
    assert [name for name, means in rows if not means.strip()] == []
