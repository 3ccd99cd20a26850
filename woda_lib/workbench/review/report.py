"""A step's report: its executed notebook and its record as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from markupsafe import Markup

from woda_lib.records import Input, Parameter, Pilot, Step, StepMade, StepRecord
from woda_lib.records.phrases import MINUS
from woda_lib.workbench.review.answers import BESIDE, answer_paragraphs
from woda_lib.workbench.review.fragments import merged_facts
from woda_lib.workbench.review.pages import write_page
from woda_lib.workbench.review.places import FRONT, href, site_folder, versions_page
from woda_lib.workbench.review.reading import Section, read_notebook


@dataclass(frozen=True)
class Setting:
    """A parameter as a report shows it: what it was, and what it is when nobody changes it."""

    name: str
    value: str
    unit: str
    description: str
    usual: str | None


@dataclass(frozen=True)
class InputGroup:
    """The files of one dataset (or the one table of an earlier step) that a step read."""

    name: str
    files: tuple[Input, ...]

    @property
    def megabytes(self) -> float:
        """Their size together."""
        return sum(file.bytes for file in self.files) / 1e6


def render_report(
    notebook: Path,
    target: Path,
    *,
    record: StepRecord,
    pilot: Pilot,
    commit: str | None,
    dirty: bool | None,
    lock_sha256: str,
    steps: Sequence[Step],
    made: StepMade | None = None,
    author: str = "",
) -> None:
    """Write the report of one step: self-contained, the answer first, code folded away.

    Parameters
    ----------
    notebook : Path
        The executed notebook.
    target : Path
        The page, ``<run>/<step>.html``; downloads beside tables are linked relative to it.
    record : StepRecord
        What the step wrote down; the provenance section comes from it.
    pilot : Pilot
        For the names of owner and question, and the units and descriptions of parameters.
    commit, dirty : str, bool, optional
        The code's commit and whether it had uncommitted changes; None outside a checkout.
    lock_sha256 : str
        The hash of the file that pins every package.
    steps : sequence of Step
        The steps of this run, in order, which the page links to.
    made : StepMade, optional
        How the step came about, where that is known: which run executed it, and why.
    author : str
        Who ran it.

    Raises
    ------
    ReportError
        If the notebook cannot be read.
    UnsafeOutput
        If one of its outputs holds what could run or fetch.
    """
    reading = read_notebook(notebook)
    outputs = target.parent.parent.parent
    run = target.parent.name.removeprefix(".").removesuffix(".partial")
    write_page(
        target,
        "report.html",
        title=Markup(reading.title) if reading.title else record.question,
        answer=Markup(reading.answer),
        answer_paragraphs=answer_paragraphs(record.answer),
        facts=_merged(reading.facts[:BESIDE]),
        folded_facts=_merged(reading.facts[BESIDE:]),
        folded_count=len(reading.facts[BESIDE:]),
        has_map=reading.has_map,
        opening=_safe(reading.opening),
        sections=[_safe(section) for section in reading.sections],
        settings=_settings(record.parameters, pilot.parameters),
        record=record,
        inputs=_grouped(record.inputs),
        pilot=pilot,
        run=run,
        executed_by=made.run_id if made and made.run_id != run else "",
        reasons=made.reasons if made else (),
        author=author,
        commit=commit,
        dirty=dirty,
        lock_sha256=lock_sha256,
        steps=steps,
        synthetic=record.synthetic,
        front=href(site_folder(outputs) / FRONT, target),
        versions=href(versions_page(outputs, pilot.pilot), target),
    )


def _merged(facts: list[str]) -> Markup:
    return Markup(merged_facts(facts) if facts else "")


def _safe(section: Section) -> dict[str, Any]:
    """Mark as HTML what `reading` has escaped or checked."""
    return {
        "anchor": section.anchor,
        "heading": Markup(section.heading),
        "blocks": [Markup(block) for block in section.blocks],
        "code": [{"cell": code.cell, "html": Markup(code.html)} for code in section.code],
    }


def _settings(values: dict[str, Any], parameters: dict[str, Parameter]) -> list[Setting]:
    settings = []
    for name, value in values.items():
        parameter = parameters[name]
        spread = f"; {parameter.spread}" if parameter.spread else ""
        usual = parameter.plain(parameter.value)
        settings.append(
            Setting(
                name=name,
                value=_said(value),
                unit=f"{parameter.unit}{spread}",
                description=parameter.description,
                usual=_said(usual) if value != usual else None,
            )
        )
    return settings


def _said(value: bool | int | float | str | date) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        whole_and_few = isinstance(value, int) and abs(value) < 10_000
        thousands = "" if whole_and_few else ","  # a year is no quantity
        return f"{value:{thousands}.10g}".replace("-", MINUS)
    return str(value)


def _grouped(inputs: Sequence[Input]) -> list[InputGroup]:
    ordered = sorted(inputs, key=lambda file: (file.name, file.path))
    return [
        InputGroup(name, tuple(files))
        for name, files in groupby(ordered, key=lambda file: file.name)
    ]
