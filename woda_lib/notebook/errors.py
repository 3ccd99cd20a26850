"""What can be wrong with how a notebook uses its run."""

from __future__ import annotations

from woda_lib.errors import WodaError


class NotebookError(WodaError):
    """A notebook uses its run in a way that cannot be recorded."""
