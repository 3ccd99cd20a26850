"""nbformat, imported without a grammar that takes a second to build and that nothing here asks for.

nbformat imports jsonschema, which imports `rfc3987_syntax` where that is installed (Jupyter's
server brings it), to check texts that a schema calls an IRI. No notebook's schema does. Whatever
imports nbformat from here first spares every `woda` command that second.
"""

from __future__ import annotations

import sys

_GRAMMAR = "rfc3987_syntax"

if _GRAMMAR not in sys.modules:
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        import nbformat
    finally:
        del sys.modules[_GRAMMAR]
else:
    import nbformat

NotebookNode = nbformat.NotebookNode

__all__ = ["NotebookNode", "nbformat"]
