"""The verbs by which a model is kept and comes back: encrypted, recorded, checked byte by byte."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from woda_lib.disclosure import Loaded, gate_text
from woda_lib.notebook.displays import Displays
from woda_lib.notebook.gallery import Gallery
from woda_lib.notebook.names import Names
from woda_lib.notebook.tables import Tables
from woda_lib.partners import Door
from woda_lib.records import Pilot, RunFolder, Step, public_contacts

if TYPE_CHECKING:
    # A step without a model shall not hang on every module of prediction.
    from woda_lib.prediction.bundle import Bundle, Paper
    from woda_lib.prediction.training import Model


class ModelVerbs:
    """What a run does with models; each verb goes through the door."""

    pilot: Pilot
    step: Step
    parameters_folder: Path
    _displays: Displays
    _door: Door
    _folder: RunFolder
    _gallery: Gallery
    _loaded: Loaded
    _names: Names
    _tables: Tables

    def save_model(self, name: str, bundle: Bundle) -> None:
        """Keep a model for later steps, encrypted in the run's restricted folder.

        It is read back as ``<pilot>/<step>:<name>``. Reviewers never see it: trees hold thresholds
        and counts that can tell of small groups. What they see of it is published.

        Parameters
        ----------
        name : str
            In snake_case.
        bundle : Bundle
            From `woda_lib.prediction.bundle.make_bundle`.

        Raises
        ------
        AgreementError
            If the agreement does not know this step's purpose, or not any more.
        """
        self._names.require(name, self._tables.saved)
        self._tables.save_model(name, bundle)

    def publish(self, paper: Paper, *, caption: str) -> Paper:
        """Pass a paper about a model through the gate, display it, and export it beside the report.

        It is written as JSON, Markdown, HTML and CSV, so that a register can take it as it is. A
        table in it stands as `show` has shown one of its name before.

        Parameters
        ----------
        paper : Paper
            From `woda_lib.prediction.bundle.model_card` or `transparency_record`.
        caption : str
            What it is, in a sentence.

        Returns
        -------
        Paper
            As it is published, to be kept with the model.

        Raises
        ------
        NotebookError
            If a table of it holds numbers and was not shown.
        DisclosureError
            If the gate refuses a text.
        """
        from woda_lib.notebook.papers import gated_paper, paper_markup, write_paper

        self._names.require(paper.name, self._gallery.shown)
        public = public_contacts(self.parameters_folder, self.pilot.pilot)
        gated = gated_paper(paper, shown=self._gallery.shown, loaded=self._loaded, public=public)
        record = write_paper(gated, self._folder, self.step.name, gate_text(caption, name="It"))
        html, plain = paper_markup(gated, record)
        self._gallery.file(record, html, plain, gated.table())
        self._door.note("show", dataset=paper.name, detail="paper")
        self._displays.show("table", paper.name, html, plain)
        return gated

    def load_model(self, name: str) -> Model:
        """Return a model that a step saved, after every file of it was held to its hash.

        Where a package that scores is of another version than the one that the model was made with,
        the report says so.

        Parameters
        ----------
        name : str
            ``<pilot>/<step>:<model>``.

        Raises
        ------
        AgreementError
            If the agreement does not permit it for this step's purpose today, or the model is past
            its retention.
        PredictionError
            If it is not as it was written, or was made with a LightGBM that scores otherwise.
        TableNotFound, RestrictedTableError
            If no step has saved it, or it was saved under another agreement.
        """
        bundle = self._tables.load_model(name)
        model = bundle.model
        if bundle.warnings:
            said = " ".join(bundle.warnings)
            self._displays.show("note", name, f'<p class="tnote">{escape(said)}</p>', said)
        return model
