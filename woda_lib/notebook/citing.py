"""The verbs by which figures of other pilots come into a case, each with where it is from.

A figure is cited from a release or run of another pilot, is a parameter of this step, or was
reported by somebody else. Each is recorded with the sentences that say it, so that whoever
withdraws a release can be told which sentences move.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from woda_lib.disclosure import Loaded, gate_text
from woda_lib.notebook.displays import Displays
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.gallery import Gallery
from woda_lib.notebook.markup import plain_text
from woda_lib.notebook.names import Names
from woda_lib.notebook.tables import Tables
from woda_lib.notebook.typed_figures import PLACEHOLDER, refuse_typed
from woda_lib.records import (
    CITES,
    CitationError,
    CitedFigure,
    Evidence,
    ParameterError,
    Pilot,
    ReportedFigure,
    Step,
    Value,
    evidence_of,
    nearest,
    read_reported,
    say_amount,
    say_interval,
)
from woda_lib.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

ASSUMED, REPORTED = "assumed", "reported"
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z£“\"(])")


class CitingVerbs:
    """The verbs of `Run` that a case takes figures by, and says them."""

    pilot: Pilot
    step: Step
    parameters: dict[str, Any]
    parameters_folder: Path
    synthetic: bool
    _settings: Settings
    _displays: Displays
    _gallery: Gallery
    _loaded: Loaded
    _names: Names
    _tables: Tables
    _values: dict[str, Value]
    _evidence: dict[str, Evidence]
    _cited: dict[str, CitedFigure]
    _said: dict[str, None]
    show: Callable[..., None]

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
            is void, withdrawn or not signed.
        ParameterError, ReportedError
            If there is no such parameter or reported figure.
        """
        figure = self._figure(named)
        return Value(
            name=named.partition("/")[2],
            **figure.model_dump(include={"value", "low", "high", "unit", "decimals"}),
        )

    def say(self, text: str, *, name: str) -> None:
        """Display prose in which every figure comes from where it stands.

        Parameters
        ----------
        text : str
            Paragraphs, parted by blank lines; a paragraph of lines that begin with ``- `` is a
            list. ``{patient_flow/days_saved}`` is a figure as `cite` takes it, and
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
        blocks = [self._block(block) for block in re.split(r"\n\s*\n", text.strip())]
        html = f'<div class="said">{"".join(blocks)}</div>'
        self._said[name] = None
        self._displays.show("text", name, html, plain_text(html))

    @property
    def citations(self) -> pd.DataFrame:
        """Every figure cited so far, a row a figure, in the order in which they were first said.

        ``number, figure, value, interval, kind, source, state, run, signed_by, record,
        sentences``: texts, but for the first and the last, which counts the sentences that say it.
        """
        rows = [
            {
                "number": number,
                "figure": one.named,
                "value": say_amount(as_value(one)),
                "interval": say_interval(as_value(one)),
                "kind": one.kind,
                "source": one.source,
                "state": one.state,
                "run": one.run_id,
                "signed_by": " and ".join(one.signers),
                "record": one.sha256[:12],
                "sentences": len(one.sentences),
            }
            for number, one in enumerate(self._cited.values(), start=1)
        ]
        columns = "number figure value interval kind source state run signed_by record sentences"
        return pd.DataFrame(rows, columns=columns.split())

    def show_citations(self, caption: str) -> None:
        """Show `citations` as a table, to which the numbers beside figures lead."""
        self.show(self.citations, name="citations", caption=caption, counts=())

    def require_citations_shown(self) -> None:
        """Refuse a step that said figures of elsewhere and did not show where they are from.

        Raises
        ------
        NotebookError
        """
        if self._cited and "citations" not in self._gallery.shown:
            raise NotebookError(
                "The step says figures that stand elsewhere, and does not show where. Call "
                "run.show_citations(…) before run.finish()."
            )

    @property
    def is_draft(self) -> bool:
        """Whether a figure that was cited so far is not signed."""
        return any(one.kind == "cited" and one.state != "signed" for one in self._cited.values())

    def fill(self, text: str) -> str:
        """Return escaped text with its figures put in, as markup; note the sentences."""
        return " ".join(self._sentence(each) for each in _SENTENCE.split(" ".join(text.split())))

    def _block(self, block: str) -> str:
        lines = [line.strip() for line in block.strip().splitlines()]
        if all(line.startswith("- ") for line in lines):
            return f"<ul>{''.join(f'<li>{self.fill(line[2:])}</li>' for line in lines)}</ul>"
        return f"<p>{self.fill(block)}</p>"

    def _sentence(self, sentence: str) -> str:
        named: list[str] = []

        def put(match: re.Match[str]) -> str:
            name, form = match["name"], match["form"] or ""
            mark = ""
            if "/" in name:
                value = self.cite(name)
                named.append(name)
                number = list(self._cited).index(name) + 1
                mark = f'<sup class="cite"><a href="#t-citations">{number}</a></sup>'
            elif name in self._values:
                value = self._values[name]
            else:
                raise NotebookError(
                    f"The text speaks of {name}, which is not a recorded value. "
                    f"{nearest(name, self._values)}"
                )
            return said_markup(value, form) + mark

        html = PLACEHOLDER.sub(put, escape(sentence, quote=False))
        plain = re.sub(r"<sup.*?</sup>", "", html)
        for each in dict.fromkeys(named):
            one = self._cited[each]
            sentences = dict.fromkeys((*one.sentences, plain_text(plain)))
            self._cited[each] = one.model_copy(update={"sentences": tuple(sentences)})
        return html

    def _figure(self, named: str) -> CitedFigure:
        if named not in self._cited:
            owner, _, name = named.partition("/")
            if not name:
                raise CitationError(
                    f"{named!r} must read <pilot>/<value>, such as patient_flow/days_saved."
                )
            if owner == ASSUMED:
                self._cited[named] = self._assumption(named, name)
            elif owner == REPORTED:
                self._cited[named] = self._report(named, name)
            else:
                self._cited[named] = self._citation(named, owner, name)
        return self._cited[named]

    def _citation(self, named: str, owner: str, name: str) -> CitedFigure:
        evidence = self._evidence_of(owner)
        value = evidence.value(name)
        assert value.value is not None
        return CitedFigure(
            named=named,
            kind="cited",
            source=evidence.source(name),
            state=evidence.state,
            run_id=evidence.run_id,
            signers=evidence.signers,
            sha256=evidence.sha256,
            **value.model_dump(include={"value", "low", "high", "unit", "decimals"}),
        )

    def _evidence_of(self, owner: str) -> Evidence:
        if owner in self._evidence:
            return self._evidence[owner]
        if owner not in self.pilot.cites:
            raise CitationError(
                f"{self.pilot.pilot} cites {owner!r}, which its file does not name under cites. "
                f"{nearest(owner, self.pilot.cites)}"
            )
        found = evidence_of(owner, self.pilot.cites[owner], self._settings)
        if found.synthetic != self.synthetic:
            data = "made-up data" if found.synthetic else "partners' data"
            raise CitationError(
                f"{found.pilot} {found.version} rests on {data}, and this step does not. Figures "
                "of both kinds never stand in one case."
            )
        self._tables.record_input(found.path, f"{CITES}{owner}")
        self._evidence[owner] = found
        return found

    def _assumption(self, named: str, name: str) -> CitedFigure:
        if name not in self.step.parameters:
            raise ParameterError(
                f"{self.step.name} has no parameter {name!r} that could be assumed. "
                f"{nearest(name, self.step.parameters)}"
            )
        parameter, value = self.pilot.parameters[name], self.parameters[name]
        if parameter.type not in ("int", "float"):
            raise ParameterError(f"The parameter {name} is no number, and cannot be said as one.")
        low, high = parameter.limits(float(value))
        known = low == high
        unit = parameter.unit.partition(",")[0]
        return CitedFigure(
            named=named,
            kind="assumed",
            source=f"parameters/{self.pilot.pilot}.yaml",
            value=float(value),
            low=None if known else low,
            high=None if known else high,
            unit="pounds" if unit.split(" ")[0] == "pounds" else unit,
            decimals=len(f"{float(value):g}".partition(".")[2]),
        )

    def _report(self, named: str, name: str) -> CitedFigure:
        figure = self._reported_figure(name)
        return CitedFigure(
            named=named,
            kind="reported",
            source=figure.source,
            **figure.model_dump(include={"value", "low", "high", "unit", "decimals"}),
        )

    def _reported_figure(self, name: str) -> ReportedFigure:
        path = self.parameters_folder / self.pilot.pilot / "reported.yaml"
        figures = read_reported(path)
        self._tables.record_input(path, "reported figures")
        if name not in figures:
            raise CitationError(f"{path.name} has no figure {name!r}. {nearest(name, figures)}")
        return figures[name]


def as_value(figure: CitedFigure) -> Value:
    """Return a cited figure as a value, to be said."""
    return Value(
        name=figure.named.partition("/")[2],
        **figure.model_dump(include={"value", "low", "high", "unit", "decimals"}),
    )


def said_markup(value: Value, form: str) -> str:
    """Return a figure as a sentence says it: with its interval, or one of the two alone."""
    amount = f"<strong>{escape(say_amount(value))}</strong>"
    interval = escape(say_interval(value))
    if form == "value" or (not form and not interval):
        return amount
    return interval if form == "interval" else f"{amount} (95% interval {interval})"
