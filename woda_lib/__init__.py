"""The shared helper library of the WODA workbench."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

# Whatever reads a notebook imports jsonschema, which at its import would work out 38 grammars of
# international addresses (RFC 3987): more than a second, in each command and each kernel. No
# notebook's schema knows such an address. None stands for a package that is not installed, without
# which jsonschema leaves this one check out.
sys.modules.setdefault("rfc3987_syntax", cast(ModuleType, None))

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
