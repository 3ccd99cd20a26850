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
        """Return what IPython shows instead of a traceback (a hook of IPython's own).

        Only what this library itself has raised is marked as its own: a notebook can put a
        person's name into any error that it raises.
        """
        frame = self.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        module = "" if frame is None else frame.tb_frame.f_globals.get("__name__", "")
        ours = "woda_lib." if module.startswith("woda_lib.") else ""
        return [f"{ours}{type(self).__name__}: {self}"]
