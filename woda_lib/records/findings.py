"""How a mistake in a file is said: what pydantic found, and the nearest name that is known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from pydantic import ValidationError


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the known name nearest to `word`, or else lists all of them."""
    names = list(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known: {', '.join(names)}." if names else "None is defined."


def require_known(
    names: Iterable[str], known: Iterable[str], says: str, end: str = "is not known"
) -> None:
    """Refuse the first name that is not known, offering the nearest; for pydantic.

    Parameters
    ----------
    names
        What a file names.
    known
        What it may name.
    says
        What stands before the name that is refused, such as ``step 2_evaluate needs``.
    end
        What is wrong about it.

    Raises
    ------
    ValueError
        ``<says> '<name>', which <end>. Did you mean …?``
    """
    known = list(known)
    for name in names:
        if name not in known:
            raise ValueError(f"{says} {name!r}, which {end}. {nearest(name, known)}")


def explain(error: ValidationError) -> str:
    """Return pydantic's findings as one line: each key with what is wrong about it."""
    parts = []
    for finding in error.errors():
        key = ".".join(str(part) for part in finding["loc"]) or "the file"
        parts.append(f"{key}: {finding['msg'].removeprefix('Value error, ')}")
    said = "; ".join(parts).rstrip(".")
    return said if said.endswith("?") else f"{said}."
