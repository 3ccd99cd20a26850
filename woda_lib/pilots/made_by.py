"""By what something was made: a mark that is another as soon as the code or a library is.

A step that takes over what its last run made (`Run.kept_tables`) must not mix what two versions of
its code say. So the text of every module counts that may have a say, comments and all.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

_LIBRARY = Path(__file__).parents[1]
_LIBRARIES = ("numba", "numpy", "pandas", "pyarrow", "scipy")


def made_by(*places: str, **others: str) -> str:
    """Return a mark of code, of the libraries that it stands on, and of whatever else is named.

    Parameters
    ----------
    *places
        Modules or packages of the library as paths, such as ``linkage/addresses``; of a package
        every module counts, however deep.
    **others
        What else must be the same, by name: the SHA-256 of a file of rules, say.

    Returns
    -------
    str
        A SHA-256.

    Examples
    --------
    >>> made_by("pilots/single_view/at_home") == made_by("pilots/single_view/at_home")
    True

    Raises
    ------
    FileNotFoundError
        If there is no such module or package.
    """
    whole = json.dumps([[_of(place) for place in places], others], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


@cache
def _of(place: str) -> list[str]:
    path = _LIBRARY / place
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    texts = [f"{file.relative_to(_LIBRARY)}\n{file.read_text(encoding='utf-8')}" for file in files]
    return [*texts, *(f"{name} {version(name)}" for name in _LIBRARIES)]
