"""Which names a new pilot may have: in snake_case, and nobody else's."""

from __future__ import annotations

import builtins
import keyword
import re
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.partners import NO_AGREEMENT
from woda_lib.records import DRAFT
from woda_lib.settings import Settings

LONGEST = 40
_SNAKE_CASE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
# What lies below outputs/ and parameters/ beside pilots, and what a notebook calls its own.
_RESERVED = frozenset(
    {"site", "releases", "benchmarks", DRAFT, "index", "attempt", "sweeps", "failures", "values"}
    | {"agreements", "linkage", "reviewers", NO_AGREEMENT}
    | {"run", "begin", "evaluation", "disclosure", "prediction", "places", "pilots", "woda_lib"}
    | {"pd", "np", "months", "months_back", "per_month", "stays", "chart"}
)


class NewPilotError(WodaError):
    """A new pilot cannot be laid out: its name is no good or taken, or a text of it is."""

    exit_code = 2


def check_name(name: str) -> None:
    """Refuse a name that files, Python or the workbench itself could not live with.

    Raises
    ------
    NewPilotError
    """
    if not _SNAKE_CASE.match(name) or len(name) > LONGEST:
        raise NewPilotError(
            f"{name!r} cannot name a pilot. A name is in snake_case, such as bed_occupancy: small "
            f"letters, digits and single underscores, a letter first, at most {LONGEST} characters."
        )
    if name in _RESERVED or keyword.iskeyword(name) or hasattr(builtins, name):
        raise NewPilotError(
            f"{name!r} means something else already, to the workbench or to Python. Choose a name "
            "that says what the pilot is about, such as bed_occupancy."
        )


def check_free(name: str, paths: list[Path], settings: Settings) -> None:
    """Refuse a name of which something is there already.

    Parameters
    ----------
    name : str
    paths : list of Path
        What would be written, from the checkout.
    settings : Settings

    Raises
    ------
    NewPilotError
        Naming what is there.
    """
    root = settings.root
    package = Path("woda_lib", "pilots", name)
    taken = [path for path in (*paths, package.with_suffix(".py")) if (root / path).exists()]
    if taken:
        raise NewPilotError(
            f"{taken[0].as_posix()} is there already, so nothing was laid out. Choose another "
            "name, or move it away first."
        )
    if (settings.outputs_folder / name).exists():
        raise NewPilotError(
            f"The outputs folder holds results of a pilot called {name}, and a new pilot does not "
            "continue another's history. Choose another name, or move them away first."
        )
