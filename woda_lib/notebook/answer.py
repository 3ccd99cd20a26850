"""The answer at the top of a notebook: its place is kept from the start, and filled at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from woda_lib.notebook import markup
from woda_lib.notebook.displays import Displays
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.gallery import Exhibit
from woda_lib.records import nearest

_UNFINISHED = "The answer appears here when the last cell has run."


class Answer:
    """The place of one step's answer.

    Parameters
    ----------
    displays : Displays
        Where it is displayed.
    step : str

    Attributes
    ----------
    text : str
        The paragraphs as markup, with blank lines between; empty until it is filled.
    """

    def __init__(self, displays: Displays, step: str) -> None:
        self.text = ""
        self._displays = displays
        self._step = step
        self._handle = displays.open(
            "answer", step, markup.answer_markup([_UNFINISHED]), _UNFINISHED
        )

    def fill(
        self, paragraphs: Sequence[str], *, figure: str | None, shown: Mapping[str, Exhibit]
    ) -> None:
        """Put paragraphs of markup in its place, above a figure that was shown before.

        Raises
        ------
        NotebookError
            If the figure was not shown.
        """
        if figure is not None and figure not in shown:
            raise NotebookError(
                f"The answer asks for the figure {figure!r}, which was not shown before it. "
                f"{nearest(figure, shown)}"
            )
        drawn = shown[figure].html if figure else ""
        self.text = "\n\n".join(paragraphs)
        plain = markup.plain_text(self.text)
        html = markup.answer_markup(paragraphs, drawn)
        self._displays.fill(self._handle, "answer", self._step, html, plain)
