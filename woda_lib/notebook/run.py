"""The verbs of a run: what a notebook holds in its hand once `begin` has started it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from woda_lib.disclosure import Loaded, Rule, gate_text
from woda_lib.figures import Picture
from woda_lib.notebook import markup
from woda_lib.notebook.displays import Displays
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.gallery import Gallery
from woda_lib.notebook.headlines import headline_value, paragraphs_of
from woda_lib.notebook.inputs import extracts_name, lasting, saved_table
from woda_lib.notebook.memory import COUNTS, Memory
from woda_lib.notebook.protocol_markup import protocol_markup
from woda_lib.notebook.registration import Registration
from woda_lib.partners import OPTED_OUT, Door, as_of, load_agreement, synthetic_marker
from woda_lib.records import (
    DRAFT,
    Input,
    ParameterError,
    Pilot,
    Protocol,
    RowCounts,
    RunFolder,
    Step,
    StepRecord,
    Value,
    describe_input,
    nearest,
    say_amount,
    say_interval,
    write_json,
)
from woda_lib.settings import Settings

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_UNFINISHED = "The answer appears here when the last cell has run."


class Run:
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
        self.as_of: date = as_of(settings.extracts_folder)
        self._memory = Memory(
            self._folder,
            outputs=settings.outputs_folder,
            pilot=pilot.pilot,
            step=step.name,
            extracts=extracts_name(settings),
            as_of=self.as_of,
            rule=self._rule,
            key=lambda: self._door.key,
        )
        self._registration = Registration(
            step, settings.parameters_folder, {**pilot.values(), **self.parameters}
        )
        self._loaded = Loaded()
        self._gallery = Gallery(self._folder, step.name, self._rule, self._memory, self._loaded)
        marker = synthetic_marker(settings.extracts_folder)
        self.synthetic = marker is not None
        self.truth_folder: Path | None = settings.truth_folder / marker.truth if marker else None
        self._values: dict[str, Value] = {}
        self._inputs: dict[Path, Input] = {}
        self._rows: dict[str, RowCounts] = {}
        self._saved: dict[str, Input] = {}
        self._answer = ""
        self._displays = Displays()
        self._handle = self._displays.open(
            "answer", step.name, markup.answer_markup([_UNFINISHED]), _UNFINISHED
        )

    def load(self, name: str, *, fields: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the permitted columns of an accepted extract, or a table that a step saved.

        Parameters
        ----------
        name : str
            A dataset (``hospital_spells``), or ``<pilot>/<step>:<table>``.
        fields : sequence of str, optional
            Of a dataset: the fields that are wanted. Left out, those that the pilot's file gives
            to the step.

        Raises
        ------
        AgreementError
            If the agreement does not permit the dataset, or one of the fields, for this step's
            purpose today, or an extract is past its retention.
        OptOutError
            If it cannot be told who opted out.
        ExtractError
            If a file is not the dataset at all; it is named.
        KeyStoreError
            If the agreement has no key, or it cannot be unlocked.
        TableNotFound, RestrictedTableError
            If no step has saved the table, or it was saved under another agreement.
        """
        for step in self.step.needs:
            self._honour_linkage_of(f"{self.pilot.pilot}/{step}")
        if ":" in name:
            return self._load_table(name)
        loaded = self._door.load(name, fields or self.step.datasets.get(name))
        self._rows[name] = loaded.counts
        for path in loaded.files:
            self.record_input(path, name)
        self._loaded.note(loaded.frame, self._agreement.identifiers)
        return loaded.frame

    def save(self, name: str, frame: pd.DataFrame, *, reidentified: bool = False) -> None:
        """Keep a row-level table for later steps, encrypted in the run's restricted folder.

        It is read back as ``<pilot>/<step>:<name>``. Reviewers never see it.

        Parameters
        ----------
        name : str
            In snake_case.
        frame : DataFrame
        reidentified : bool
            Whether the file holds partners' own numbers where `frame` holds pseudonyms: only for a
            purpose whose agreement says why, and recorded.
        """
        self._require_name(name, self._saved)
        if name == COUNTS:
            raise NotebookError(
                f"{name} is what the gate calls its own table. Choose another name."
            )
        if named := [column for column in frame.columns if column in self._agreement.identifiers]:
            raise NotebookError(
                f"The table {name} holds {', '.join(named)}, which the agreement shares for "
                "linkage alone. Drop what identifies people once they are linked."
            )
        path = self._folder.table(self.step.name, name)
        reference = f"{self.pilot.pilot}/{self.step.name}:{name}"
        self._door.save(path, reference, frame, reidentified=reidentified)
        self._saved[name] = describe_input(name, path, self._folder.path)

    def spread_opt_outs(self, people: pd.DataFrame) -> int:
        """Let opt-outs reach every record of a person, once linkage has found who is whom.

        A council record without an NHS number may turn out to be of somebody who opted out. Later
        steps that need this one leave those records out too.

        Parameters
        ----------
        people : DataFrame
            ``partner, local_id, entity_id``.

        Returns
        -------
        int
            How many records are of people who opted out.
        """
        found = self._door.spread_opt_outs(people)
        self.save(OPTED_OUT, found)
        return len(found)

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
        rows = []
        for name in names:
            if name not in self.parameters:
                raise ParameterError(
                    f"The step {self.step.name} has no parameter {name!r}. "
                    f"{nearest(name, self.parameters)}"
                )
            parameter, value = self.pilot.parameters[name], self.parameters[name]
            if parameter.type not in ("int", "float"):
                raise ParameterError(f"{name} is not a number, and so has no spread.")
            low, high = parameter.limits(float(value))
            family = (parameter.distribution or "normal") if low < high else "fixed"
            year = parameter.price_year or None
            rows.append((name, float(value), low, high, family, year))
        columns = ["name", "estimate", "low", "high", "distribution", "price_year"]
        return pd.DataFrame(rows, columns=columns)

    def pseudonymise(self, values: pd.Series, *, field: str, partners: pd.Series) -> pd.Series:
        """Return partners' numbers as this step is handed them in what it loads.

        Parameters
        ----------
        values, partners : Series of str
        field : str
            What they number, such as ``spell_id``.
        """
        return self._door.pseudonymise(values, field=field, partners=partners)

    def value(
        self,
        name: str,
        value: float,
        *,
        low: float | None = None,
        high: float | None = None,
        unit: str = "",
        decimals: int = 1,
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
        """
        self._require_name(name, self._values)
        self._loaded.refuse_text(unit, name=f"The unit of {name}")
        record = headline_value(
            name,
            value,
            low=low,
            high=high,
            unit=gate_text(unit, name=f"The unit of {name}"),
            decimals=decimals,
            rule=self._rule,
            memory=self._memory,
        )
        self._values[name] = record
        plain = f"{name}: {say_amount(record)}"
        if interval := say_interval(record):
            plain += f" (95% interval {interval})"
        self._displays.show("value", name, markup.value_markup(record), plain)

    def show(
        self,
        shown: pd.DataFrame | Picture,
        *,
        name: str,
        caption: str,
        alt: str = "",
        counts: Iterable[str] | None = None,
        totals: Iterable[str] = (),
        contributions: Mapping[str, pd.DataFrame] | None = None,
    ) -> None:
        """Pass a table or figure through the gate, display it, and export it beside the report.

        Parameters
        ----------
        shown : DataFrame or Picture
        name : str
            In snake_case; also the name of the exported files.
        caption : str
            What it shows; a figure's caption says the finding.
        alt : str
            For a figure: the finding and its numbers, for those who cannot see it.
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
        self._require_name(name, self._gallery.shown)
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
            ``{name:interval}`` for the interval. Blank lines part the answer from what follows.
        figure : str, optional
            The name of a figure shown before, to stand beneath it.
        """
        self._loaded.refuse_text(text, name="The answer")
        gate_text(text, name="The answer")
        paragraphs = paragraphs_of(text, self._values, example=self.pilot.example)
        paragraphs += self._registration.caveats
        if figure is not None and figure not in self._gallery.shown:
            raise NotebookError(
                f"The answer asks for the figure {figure!r}, which was not shown before it. "
                f"{nearest(figure, self._gallery.shown)}"
            )
        drawn = self._gallery.shown[figure].html if figure else ""
        self._answer = "\n\n".join(paragraphs)
        plain = markup.plain_text(self._answer)
        html = markup.answer_markup(paragraphs, drawn)
        self._displays.fill(self._handle, "answer", self.step.name, html, plain)

    def finish(self) -> None:
        """Write down what the step did, and display where everything came from.

        Raises
        ------
        NotebookError
            If the question was never answered, or the step has a protocol and the notebook neither
            showed it nor took its primary model from it.
        """
        if not self._answer:
            raise NotebookError("The notebook never answered its question. Call run.answer(...).")
        self._registration.require_kept()
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
            extracts=extracts_name(self._settings),
            agreement=self.pilot.agreement,
            purpose=self.step.purpose,
            started=self._started,
            finished=datetime.now(UTC),
            answer=self._answer,
            values=tuple(self._values.values()),
            inputs=tuple(self._inputs.values()),
            rows=self._rows,
            shown=tuple(exhibit.record for exhibit in self._gallery.shown.values()),
            saved=tuple(self._saved.values()),
            fields=self._door.fields,
            opt_outs=self._door.opt_outs_in_words,
            example=self.pilot.example,
            protocol=self._registration.record,
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

    @property
    def loaded(self) -> pd.DataFrame:
        """What became of the rows of each dataset loaded so far; a row a dataset."""
        rows = [{"dataset": name, **counts.model_dump()} for name, counts in self._rows.items()]
        return pd.DataFrame(rows, columns=["dataset", *RowCounts.model_fields])

    def record_input(self, path: Path, name: str) -> None:
        """Note a file as an input of this step, so that the manifest lists it with its SHA-256."""
        if path not in self._inputs:
            found = describe_input(name, path, self._settings.root)
            self._inputs[path] = found.model_copy(update={"path": lasting(path, self._settings)})

    def _load_table(self, reference: str) -> pd.DataFrame:
        self._agreement.admits_tables_of(reference.partition("/")[0], pilot=self.pilot.pilot)
        path = saved_table(reference, pilot=self.pilot.pilot, settings=self._settings)
        self._honour_linkage_of(reference.partition(":")[0])
        frame = self._door.load_table(path, reference)
        self._loaded.note(frame, self._agreement.identifiers)
        self.record_input(path, reference)
        return frame

    def _honour_linkage_of(self, step: str) -> None:
        """Take up who turned out to have opted out in a step (``<pilot>/<step>``)."""
        reference = f"{step}:{OPTED_OUT}"
        path = saved_table(reference, pilot=self.pilot.pilot, settings=self._settings)
        if self._door.add_linked(path, reference):
            self.record_input(path, reference)

    def _require_name(self, name: str, taken: Iterable[str]) -> None:
        """In a run a name is used once; in a draft, running a cell again replaces what it made."""
        if not _NAME.match(name):
            raise NotebookError(
                "A name that the notebook gives is not in snake_case: small letters, digits and _."
            )
        self._loaded.refuse_text(name.replace("_", " "), name="A name that the notebook gives")
        if name in taken and self._settings.step_folder:
            raise NotebookError(f"{name} has been used already in this step. Choose another name.")
