"""How the command speaks to people: lines to the console, paths from where they stand."""

from __future__ import annotations

from pathlib import Path

import typer
from pydantic import ValidationError
from rich.console import Console

from woda_lib.records import explain
from woda_lib.settings import Settings

OUT = Console()
ERR = Console(stderr=True)


def say(text: str, *, to: Console | None = None, style: str | None = None) -> None:
    """Write one line, whole: it is wrapped by the terminal and never by us."""
    (to or OUT).print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def say_aligned(title: str, rows: list[tuple[str, str]]) -> None:
    """Write a title and below it a line a row, the names in one column; nothing for no rows."""
    if rows:
        width = max(len(name) for name, _ in rows)
        say(f"  {title}")
        for name, text in rows:
            say(f"    {name:<{width}}  {text}")


def short(path: Path) -> Path:
    """Return a path from the working directory, where it lies below that."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def noun(what: str) -> typer.Typer:
    """Return a sub-command that says what its verbs are when none is given."""
    return typer.Typer(help=what, rich_markup_mode=None, no_args_is_help=True)


def settings_of(**given: object) -> Settings:
    """Return the settings; a variable of the environment that cannot be read is named."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise typer.BadParameter(
            f"a WODA_… variable of the environment: {explain(error)}"
        ) from None
