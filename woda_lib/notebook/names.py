"""The names that a notebook gives to its values, tables and figures."""

from __future__ import annotations

import re
from collections.abc import Iterable

from woda_lib.disclosure import Loaded
from woda_lib.notebook.errors import NotebookError

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class Names:
    """What a name must be.

    Parameters
    ----------
    loaded : Loaded
        Refuses a name that holds an identifier or a full name that was loaded.
    once : bool
        Whether a name is used once, as in a run; in a draft, running a cell again replaces what it
        made.
    """

    def __init__(self, loaded: Loaded, *, once: bool) -> None:
        self._loaded = loaded
        self._once = once

    def require(self, name: str, taken: Iterable[str]) -> None:
        """Refuse a name that is not in snake_case, tells of a person, or is taken."""
        if not _NAME.match(name):
            raise NotebookError(
                "A name that the notebook gives is not in snake_case: small letters, digits and _."
            )
        self._loaded.refuse_text(name.replace("_", " "), name="A name that the notebook gives")
        if name in taken and self._once:
            raise NotebookError(f"{name} has been used already in this step. Choose another name.")
