"""The page of the `woda` command: every verb's own help, as a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from woda_lib.cli import app

_WIDTH = 88
_OPENING = """\
# Commands

What `woda --help` and each verb's `--help` say, written from the command itself by `make docs`; a
test compares the two. A verb ends with exit code 0 where all went well, 1 where something failed, 2
where a name, a value or a file was wrong from the start, and 130 after Ctrl-C.
"""


def commands_markdown() -> str:
    """Return the whole page as Markdown."""
    parts = [_OPENING]
    for name, text in _helps(typer.main.get_command(app), "woda"):
        parts.append(f"## {name}\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def _helps(command: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the help of a command and of all beneath it, in the order of its help."""
    with command.make_context(
        name, ["--help"], resilient_parsing=True, max_content_width=_WIDTH, terminal_width=_WIDTH
    ) as context:
        text = command.get_help(context)
    lines = [line.rstrip() for line in text.strip().splitlines()]
    yield name, "\n".join(lines)
    for sub, verb in getattr(command, "commands", {}).items():
        yield from _helps(verb, f"{name} {sub}")
