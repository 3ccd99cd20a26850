"""The one base class of every failure that is the user's to mend."""

from __future__ import annotations


class WodaError(Exception):
    """A failure that a person can act on; shown as its message, without a traceback.

    Each room derives one class per kind of failure. A message is whole sentences of plain
    English that say where (file, line, column, key), what was expected and what to do next. It
    never quotes a value from a partner's data, because messages reach logs and reports.
    """

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback (a hook of IPython's own)."""
        return [f"woda_lib.{type(self).__name__}: {self}"]
