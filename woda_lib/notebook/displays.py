"""What a step has displayed: the workbench lets nothing else into a report."""

from __future__ import annotations

from typing import Any

from IPython.display import DisplayHandle, display

from woda_lib.records import text_sha256


class Displays:
    """Displays what the verbs made, and remembers the digest of each."""

    def __init__(self) -> None:
        self._digests: dict[str, None] = {}

    def show(self, kind: str, name: str, html: str, plain: str) -> None:
        """Display a thing.

        Parameters
        ----------
        kind, name : str
            What it is, for whoever renders the report.
        html, plain : str
            How it looks in a browser and in a terminal.
        """
        self._note(html)
        display(_bundle(html, plain), raw=True, metadata=_metadata(kind, name))

    def open(self, kind: str, name: str, html: str, plain: str) -> DisplayHandle:
        """Display a thing that `fill` will replace."""
        self._note(html)
        handle: Any = display(
            _bundle(html, plain), raw=True, metadata=_metadata(kind, name), display_id=True
        )
        return handle

    def fill(self, handle: DisplayHandle, kind: str, name: str, html: str, plain: str) -> None:
        """Put something in the place of what `open` displayed."""
        self._note(html)
        handle.update(_bundle(html, plain), raw=True, metadata=_metadata(kind, name))

    def digests(self, *more: str) -> tuple[str, ...]:
        """The SHA-256 of each HTML displayed so far, and of more that will be."""
        return (*self._digests, *map(text_sha256, more))

    def _note(self, html: str) -> None:
        self._digests[text_sha256(html)] = None


def _bundle(html: str, plain: str) -> dict[str, str]:
    return {"text/html": html, "text/plain": plain}


def _metadata(kind: str, name: str) -> dict[str, Any]:
    return {"woda": {"kind": kind, "name": name}}
