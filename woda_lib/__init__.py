"""The shared helper library of the WODA workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "1.0.0"

__all__ = ["__version__", "begin"]

if TYPE_CHECKING:
    from woda_lib.notebook import begin


def __getattr__(name: str) -> Any:
    """Import `begin` only when it is asked for, so that one room can be used without the rest."""
    if name == "begin":
        from woda_lib.notebook import begin

        return begin
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
