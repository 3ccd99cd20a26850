"""Fills the desk's templates, which are texts of Markdown, YAML and Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"
_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]|])")


def render(name: str, facts: Mapping[str, Any]) -> str:
    """Return a template of `TEMPLATES`, without its ``.j2``, filled; a missing fact is an error."""
    return _environment().get_template(f"{name}.j2").render(facts)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"yaml": _as_yaml, "words": _as_words, "link": quote}
    return environment


def _as_yaml(text: str) -> str:
    """Write a text as YAML does on one line: as it is where it can be, and quoted else."""
    line = yaml.safe_dump(text, allow_unicode=True, width=10_000)
    return line.removesuffix("...\n").strip()


def _as_words(text: object) -> str:
    """Write a text so that Markdown shows it as it is, also in a cell of a table."""
    words = " ".join(str(text).split()).replace("&", "&amp;").replace("<", "&lt;")
    return _MEANS_SOMETHING.sub(r"\\\1", words)
