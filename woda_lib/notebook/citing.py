"""The verbs by which figures of other pilots come into a case, each with where it is from.

A figure is cited from a release or run of another pilot, is a parameter of this step, or was
reported by somebody else. Each is recorded with the sentences that say it, and with those that say
what was worked out from it, so that whoever withdraws a release can be told which sentences move.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import pandas as pd

from woda_lib.disclosure import Loaded, gate_text
from woda_lib.notebook.displays import Displays
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.filling import (
    PLACEHOLDER,
    block_markup,
    blocks,
    filled,
    paragraphs,
)
from woda_lib.notebook.gallery import Gallery
from woda_lib.notebook.markup import plain_text
from woda_lib.notebook.names import Names
from woda_lib.notebook.typed_figures import refuse_typed
from woda_lib.partners import Door
from woda_lib.phrases import sentences
from woda_lib.records import (
    Citable,
    CitedFigure,
    Pilot,
    Value,
    as_value,
    nearest,
    say_amount,
    say_interval,
    say_name,
)

CITATIONS = "citations"
"""The name of the table to which the numbers beside figures lead."""

_SHOWN = (
    *("number", "figure", "value", "interval", "reference", "state", "run", "signed_by", "SHA-256"),
)
_MARK = re.compile(r"<sup.*?</sup>")


class CitingVerbs:
    """The verbs of `Run` that a case takes figures by, and says them."""

    pilot: Pilot
    parameters: dict[str, Any]
    _displays: Displays
    _door: Door
    _gallery: Gallery
    _loaded: Loaded
    _names: Names
    _values: dict[str, Value]
    _citable: Citable
    _cited: dict[str, CitedFigure]
    _handed: dict[str, None]
    _rests_on: dict[str, tuple[str, ...]]
    _worked_out: dict[str, dict[str, None]]
    _said: dict[str, None]

    def cite(self, named: str) -> Value:
        """Return a figure that stands elsewhere, and put it on the step's record.

        Parameters
        ----------
        named : str
            ``<pilot>/<value>``, from the version that the pilot's file gives under ``cites``;
            ``assumed/<parameter>``, a parameter of this step with its limits; or
            ``reported/<name>``, from ``parameters/<pilot>/reported.yaml``.

        Returns
        -------
        Value
            Its number, interval and unit.

        Raises
        ------
        CitationError
            If the pilot is not among those that the file cites, has no such value, or its release
            is void, withdrawn or not signed; naming the citation and the reason.
        ParameterError, ReportedError
            If there is no such parameter or reported figure.
        """
        value = self._figure(named)
        self._handed[named] = None
        return value

    def say(self, text: str, *, name: str) -> None:
        """Display prose in which every figure comes from where it stands.

        Parameters
        ----------
        text : str
            Paragraphs, parted by blank lines; lines that begin with ``- `` are a list.
            ``{patient_flow/days_saved}`` is a figure as `cite` takes it, and
            ``{net_present_value}`` a value that this step recorded, with unit and interval; with
            ``:value`` and ``:interval`` the number or the interval alone.
        name : str
            In snake_case, of its own.

        Raises
        ------
        NotebookError
            If a figure is typed by hand, or a name is not a recorded value.
        """
        self._names.require(name, self._said)
        self._loaded.refuse_text(text, name=f"The text {name}")
        gate_text(text, name=f"The text {name}")
        refuse_typed(text, f"The text {name}")
        body = "".join(block_markup(items, self._fill) for items in blocks(text))
        html = f'<div class="told">{body}</div>'
        self._said[name] = None
        lines = re.sub(r"</(?:p|li)>", "\n", without_marks(html))
        self._displays.show("text", name, html, plain_text(lines).rstrip())

    @property
    def citations(self) -> pd.DataFrame:
        """Every figure cited so far, a row a figure, in the order in which they were first said.

        ``number, named, figure, value, interval, unit, kind, reference, state, run, signed_by,
        SHA-256, note, sentences``: texts, but for the first and the last, which counts the
        sentences that say it. ``named`` is how the text names it, ``figure`` what it is called,
        ``reference`` where it stands (``patient_flow@1.0/days_saved``), ``state`` by what right it
        is said, and ``SHA-256`` how that of the record or manifest begins.
        """
        rows = [
            {
                "number": number,
                "named": one.named,
                "figure": one.label or say_name(one.name),
                "value": say_amount(as_value(one)),
                "interval": say_interval(as_value(one)),
                "unit": one.unit,
                "kind": one.kind,
                "reference": one.source,
                "state": one.state_in_words,
                "run": one.run_id,
                "signed_by": " and ".join(one.signers),
                "SHA-256": one.sha256[:8],
                "note": one.note,
                "sentences": len(one.sentences),
            }
            for number, one in enumerate(self._cited.values(), start=1)
        ]
        columns = (
            "number named figure value interval unit kind reference state run signed_by SHA-256 "
            "note sentences"
        )
        return pd.DataFrame(rows, columns=columns.split())

    def show_citations(self, caption: str) -> None:
        """Show `citations` as a table, to which the numbers beside figures lead.

        The page has the columns that fit onto paper; the CSV file beside it has all but the count
        of sentences, to which the answer may still add.
        """
        self._names.require(CITATIONS, self._gallery.shown)
        exhibit = self._gallery.hang_table(
            self.citations.drop(columns="sentences"),
            name=CITATIONS,
            caption=caption,
            counts=(),
            columns=_SHOWN,
        )
        self._door.note("show", dataset=CITATIONS, detail=exhibit.record.kind)
        self._displays.show("table", CITATIONS, exhibit.html, exhibit.plain)

    def require_citations_shown(self) -> None:
        """Refuse a step that said figures of elsewhere and did not show where they are from.

        Raises
        ------
        NotebookError
            Naming the first figure that is missing from the table.
        """
        shown = self._gallery.shown.get(CITATIONS)
        there = set() if shown is None else set(shown.frame["named"])
        for named in self._cited:
            if named not in there:
                raise NotebookError(
                    f"The step says {named}, which stands elsewhere, and does not show where. Call "
                    "run.show_citations(…) after the last figure is cited and before run.finish()."
                )

    @property
    def caveats_of_citations(self) -> list[str]:
        """What a reader must know of the cited figures before believing the answer, as markup."""
        notes = dict.fromkeys(one.note for one in self._cited.values() if one.note)
        if self._unsigned:
            *others, last = (name.replace("_", " ") for name in self._unsigned)
            whose = f"{', '.join(others)} and {last}" if others else last
            notes = {f"This is a draft: figures of {whose} are not signed.": None, **notes}
        return [escape(" ".join(notes), quote=False)] if notes else []

    def cited_figures(self) -> tuple[CitedFigure, ...]:
        """Return every figure cited, with the sentences that it holds up, for the step's record.

        What a value was worked out from nobody can see. So it rests on every figure that the
        notebook had been handed by then, and on every parameter that is said anywhere.
        """
        return tuple(
            one.model_copy(
                update={
                    "derived": tuple(
                        sentence
                        for sentence, values in self._worked_out.items()
                        if sentence not in one.sentences
                        and any(self._rests(value, one) for value in values)
                    )
                }
            )
            for one in self._cited.values()
        )

    def _rests(self, value: str, one: CitedFigure) -> bool:
        return one.kind == "assumed" or one.named in self._rests_on.get(value, ())

    @property
    def _unsigned(self) -> list[str]:
        cited = (one for one in self._cited.values() if one.kind == "cited")
        return list(dict.fromkeys(one.owner for one in cited if one.state != "signed"))

    def _paragraphs(self, text: str) -> list[str]:
        """Return the paragraphs of an answer as markup, with figures put in; note the sentences.

        A sentence of it without a figure is a conclusion from all that was worked out.
        """
        parts = paragraphs(text)
        found = [self._fill(each) for each in parts]
        for each in (sentence for part in parts for sentence in sentences(part)):
            if not PLACEHOLDER.search(each):
                self._worked_out.setdefault(each, {}).update(dict.fromkeys(self._values))
        return found

    def _fill(self, text: str) -> str:
        return " ".join(self._sentence(each) for each in sentences(text))

    def _figure(self, named: str) -> Value:
        if named not in self._cited:
            self._cited[named] = self._citable.figure(named)
        return as_value(self._cited[named])

    def _sentence(self, sentence: str) -> str:
        named: dict[str, None] = {}
        own: dict[str, None] = {}

        def figure(name: str) -> tuple[Value, str]:
            if "/" in name:
                named[name] = None
                value = self._figure(name)
                return value, cite_mark(list(self._cited).index(name) + 1)
            if name not in self._values:
                raise NotebookError(
                    f"The text speaks of {name}, which is not a recorded value. "
                    f"{nearest(name, self._values)}"
                )
            own[name] = None
            return self._values[name], ""

        html = filled(sentence, figure)
        plain = plain_text(without_marks(html))
        for each in named:
            one = self._cited[each]
            said = dict.fromkeys((*one.sentences, plain))
            self._cited[each] = one.model_copy(update={"sentences": tuple(said)})
        if own:
            self._worked_out.setdefault(plain, {}).update(own)
        return html


def cite_mark(number: int) -> str:
    """Return the number beside a figure, which leads to its row of the table of citations."""
    return f'<sup class="cite"><a href="#t-{CITATIONS}">{number}</a></sup>'


def without_marks(html: str) -> str:
    """Return markup without the numbers beside figures, for where their table does not stand."""
    return _MARK.sub("", html)
