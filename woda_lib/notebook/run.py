"""The verbs of a run: what a notebook holds in its hand once `begin` has started it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from woda_lib.disclosure import Loaded, Rule, gate_text
from woda_lib.figures import Picture
from woda_lib.notebook import markup
from woda_lib.notebook.answer import Answer
from woda_lib.notebook.citing import CitingVerbs, without_marks
from woda_lib.notebook.decisions import DecisionVerbs
from woda_lib.notebook.deliveries import DeliveryVerbs
from woda_lib.notebook.displays import Displays
from woda_lib.notebook.earlier import EarlierVerb
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.gallery import Gallery
from woda_lib.notebook.headlines import headline_value
from woda_lib.notebook.identities import IdentityVerbs
from woda_lib.notebook.kept import KeptVerbs
from woda_lib.notebook.memory import Memory
from woda_lib.notebook.models import ModelVerbs
from woda_lib.notebook.names import Names
from woda_lib.notebook.places import PlaceVerbs
from woda_lib.notebook.prose import refuse_prose
from woda_lib.notebook.protocol_markup import protocol_markup
from woda_lib.notebook.public_words import public_words
from woda_lib.notebook.registration import Registration
from woda_lib.notebook.rows import RowVerbs
from woda_lib.notebook.spreads import spread_of
from woda_lib.notebook.tables import Tables
from woda_lib.notebook.typed_code import refuse_typed_notebook
from woda_lib.notebook.typed_figures import refuse_typed
from woda_lib.partners import Door, load_agreement, synthetic_marker
from woda_lib.records import (
    DRAFT,
    Citable,
    CitedFigure,
    Pilot,
    Protocol,
    RunFolder,
    Step,
    StepRecord,
    Value,
    say_amount,
    say_interval,
    write_json,
)
from woda_lib.settings import Settings

if TYPE_CHECKING:
    from woda_lib.places.sealed import SealedMap

_ONLY_AN_EXAMPLE = "Only the example that every new pilot begins with:"


class Run(
    RowVerbs,
    ModelVerbs,
    EarlierVerb,
    IdentityVerbs,
    KeptVerbs,
    DecisionVerbs,
    PlaceVerbs,
    DeliveryVerbs,
    CitingVerbs,
):
    """One execution of one step.

    Attributes
    ----------
    parameters : dict
        The step's parameters, typed and checked.
    as_of : date
        The clock of the analysis: the day of the newest delivery among the extracts.
    seed : int
        For every random draw.
    synthetic : bool
        Whether the extracts are of the made-up county.
    truth_folder : Path or None
        Where that county's truth lies. For `woda_lib.synthetic.known_truth` only.
    """

    def __init__(
        self, pilot: Pilot, step: Step, parameters: Mapping[str, Any], settings: Settings
    ) -> None:
        self.pilot = pilot
        self.step = step
        self.parameters_folder = settings.parameters_folder
        self.parameters = dict(parameters)
        self.seed = pilot.seed
        self._settings = settings
        folder = settings.step_folder or settings.outputs_folder / pilot.pilot / DRAFT
        self._folder = RunFolder(folder)
        self._started = datetime.now(UTC)
        self._agreement = load_agreement(pilot.agreement, settings.agreements_folder)
        self._door = Door(
            self._agreement,
            step.purpose,
            settings,
            run=f"{pilot.pilot}/{settings.run_id or DRAFT}/{step.name}",
        )
        self._rule = Rule(**self._agreement.disclosure.model_dump())
        self.as_of: date = self._agreement.clock(settings.extracts_folder)
        self._memory = Memory(
            self._folder,
            outputs=settings.outputs_folder,
            pilot=pilot.pilot,
            step=step.name,
            extracts=settings.extracts_name,
            as_of=self.as_of,
            rule=self._rule,
            key=lambda: self._door.key,
        )
        self._registration = Registration(
            step, settings.parameters_folder, {**pilot.values(), **self.parameters}
        )
        self._loaded = Loaded()
        self._loaded.know(public_words(pilot, self._agreement))
        self._names = Names(self._loaded, once=settings.step_folder is not None)
        self._tables = Tables(
            pilot,
            step,
            settings,
            agreement=self._agreement,
            door=self._door,
            folder=self._folder,
            loaded=self._loaded,
        )
        marker = synthetic_marker(settings.extracts_folder)
        self.synthetic = marker is not None
        self._gallery = Gallery(
            self._folder,
            step.name,
            self._rule,
            self._memory,
            self._loaded,
            draft=settings.step_folder is None,
            synthetic=self.synthetic,
        )
        self.truth_folder: Path | None = settings.truth_folder / marker.truth if marker else None
        self._values: dict[str, Value] = {}
        self._sources: dict[str, str] = {}
        self._citable = Citable(
            pilot,
            self.parameters,
            settings,
            synthetic=self.synthetic,
            on_read=self._tables.record_input,
        )
        self._cited: dict[str, CitedFigure] = {}
        self._handed: dict[str, None] = {}
        self._rests_on: dict[str, tuple[str, ...]] = {}
        self._worked_out: dict[str, dict[str, None]] = {}
        self._said: dict[str, None] = {}
        self._displays = Displays()
        self._answer = Answer(self._displays, step.name)

    @property
    def started_on(self) -> date:
        """The day on which the step was begun, which may be long after `as_of`."""
        return self._started.date()

    @property
    def fewest(self) -> int:
        """The smallest count of people that the agreement lets be shown."""
        return self._rule.threshold

    def spread(self, *names: str) -> pd.DataFrame:
        """Return parameters with how uncertain each is, as its pilot's file says.

        Parameters
        ----------
        names : str
            Parameters of this step. One without limits is taken as known; where a run sets another
            value than the file's, its limits move in proportion.

        Returns
        -------
        DataFrame
            A row a parameter: ``name, estimate, low, high, distribution, price_year``; for
            `woda_lib.evaluation.money.uncertain_inputs`.

        Raises
        ------
        ParameterError
            If this step has no such parameter, or it is not a number.
        """
        return spread_of(names, pilot=self.pilot, step=self.step, values=self.parameters)

    def value(
        self,
        name: str,
        value: float,
        *,
        low: float | None = None,
        high: float | None = None,
        unit: str = "",
        decimals: int = 1,
        label: str = "",
    ) -> None:
        """Record a headline number, which runs are compared by, and display it.

        Parameters
        ----------
        name : str
            In snake_case.
        value, low, high : float
            The estimate and the ends of its 95% interval, both or neither.
        unit : str
            "days", "people", "%", or "pounds", which is written as £. A whole number of people
            without an interval is a count: it is rounded, and not said if it is small.
        decimals : int
            Digits shown after the point; -3 rounds to thousands. What is recorded is not rounded.
        label : str
            What it is, and of what, in a few words: pages and papers call it so. Left out, they
            call it by its name.
        """
        self._names.require(name, self._values)
        self._loaded.refuse_text(unit, name=f"The unit of {name}")
        self._loaded.refuse_text(label, name=f"The label of {name}")
        record = headline_value(
            name,
            value,
            low=low,
            high=high,
            unit=gate_text(unit, name=f"The unit of {name}"),
            decimals=decimals,
            label=gate_text(label, name=f"The label of {name}"),
            rule=self._rule,
            memory=self._memory,
        )
        self._values[name] = record
        self._rests_on[name] = tuple(self._handed)
        plain = f"{name}: {say_amount(record)}"
        if interval := say_interval(record):
            plain += f" (95% interval {interval})"
        self._displays.show("value", name, markup.value_markup(record), plain)

    def show(
        self,
        shown: pd.DataFrame | Picture | SealedMap,
        *,
        name: str,
        caption: str,
        alt: str = "",
        counts: Iterable[str] | None = None,
        totals: Iterable[str] = (),
        contributions: Mapping[str, pd.DataFrame] | None = None,
    ) -> None:
        """Pass an exhibit through the gate, display it, and export it beside the report.

        Parameters
        ----------
        shown : DataFrame, Picture or SealedMap
            A map's layers say themselves which of their columns count people.
        name : str
            In snake_case; also the name of the exported files.
        caption : str
            What it shows; a figure's caption says the finding.
        alt : str
            For a figure or map: the finding and its numbers, for those who cannot see it.
        counts : iterable of str, optional
            The columns that count people. Left out, every column of whole numbers does; a Picture
            says itself.
        totals : iterable of str, optional
            Labels of rows and headings of columns that are totals, where they do not say so.
        contributions : mapping of str to DataFrame, optional
            For each column of sums (money, hours) the rows that were summed, a row a contributor,
            with the table's labels and a column of the same heading; for the dominance rules.

        Raises
        ------
        DisclosureError
            If the gate refuses it.
        """
        self._names.require(name, self._gallery.shown)
        exhibit = self._gallery.hang(
            shown,
            name=name,
            caption=caption,
            alt=alt,
            counts=counts,
            totals=totals,
            contributions=contributions,
        )
        self._door.note("show", dataset=name, detail=exhibit.record.kind)
        self._displays.show(exhibit.record.kind, name, exhibit.html, exhibit.plain)

    def answer(self, text: str, *, figure: str | None = None) -> None:
        """Fill the answer at the top of the notebook.

        Parameters
        ----------
        text : str
            ``{name}`` stands for a value with its interval, ``{name:value}`` for the number alone,
            ``{name:interval}`` for the interval; ``{patient_flow/days_saved}`` is a figure as
            `cite` takes it. Blank lines part the answer from what follows.
        figure : str, optional
            The name of a figure shown before, to stand beneath it.
        """
        self._loaded.refuse_text(text, name="The answer")
        gate_text(text, name="The answer")
        if self.pilot.cites:
            refuse_typed(text, "The answer")
        if self.pilot.example:
            text = f"{_ONLY_AN_EXAMPLE} {text.lstrip()}"
        paragraphs = self._paragraphs(text)
        paragraphs += [*self.caveats_of_citations, *self._registration.caveats]
        self._answer.fill(paragraphs, figure=figure, shown=self._gallery.shown)

    def finish(self) -> None:
        """Write down what the step did, and display where everything came from.

        Raises
        ------
        NotebookError
            If the question was never answered, or the step has a protocol and the notebook neither
            showed it nor took its primary model from it.
        DisclosureError
            If the notebook itself names or quotes somebody who was loaded.
        """
        if not self._answer.text:
            raise NotebookError("The notebook never answered its question. Call run.answer(...).")
        self._registration.require_kept()
        name = f"{self.step.name}.ipynb"
        notebook = self._settings.notebooks_folder / self.pilot.pilot / name
        refuse_prose(notebook, self._loaded)
        if self.pilot.cites:
            refuse_typed_notebook(notebook)
            self.require_citations_shown()
        record = StepRecord(
            pilot=self.pilot.pilot,
            step=self.step.name,
            question=self.step.question,
            parameters={
                name: self.pilot.parameters[name].plain(value)
                for name, value in self.parameters.items()
            },
            seed=self.seed,
            as_of=self.as_of,
            synthetic=self.synthetic,
            extracts=self._settings.extracts_name,
            agreement=self.pilot.agreement,
            purpose=self.step.purpose,
            started=self._started,
            finished=datetime.now(UTC),
            answer=without_marks(self._answer.text),
            values=tuple(self._values.values()),
            inputs=tuple(self._tables.inputs.values()),
            rows=self._tables.rows,
            shown=tuple(exhibit.record for exhibit in self._gallery.shown.values()),
            saved=tuple(self._tables.saved.values()),
            fields=self._door.fields,
            opt_outs=self._door.opt_outs_in_words,
            example=self.pilot.example,
            protocol=self._registration.record,
            sources=self._sources,
            cited=self.cited_figures(),
        )
        self._memory.write()
        run = self._settings.run_id or DRAFT
        footer = markup.provenance_markup(record, run=run)
        record = record.model_copy(update={"displayed": self._displays.digests(footer)})
        write_json(self._folder.record(self.step.name), record)
        self._displays.show(
            "provenance", self.step.name, footer, f"Finished: {self.pilot.pilot}/{run}"
        )

    @property
    def protocol(self) -> Protocol:
        """What was registered for this step before any outcome was seen.

        Raises
        ------
        NotebookError
            If the pilot's file names no protocol for the step.
        """
        return self._registration.protocol

    def show_protocol(self) -> None:
        """Display what was registered, with its hash and where this run departs from it."""
        html, plain = protocol_markup(self._registration.found)
        self._registration.shown = True
        self._displays.show("protocol", self.step.name, html, plain)

    def primary_settings(self) -> dict[str, Any]:
        """Return the settings of the registered primary model, to be handed over as they are."""
        return self._registration.primary_settings()
