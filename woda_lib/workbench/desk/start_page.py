"""The page that JupyterLab opens with: what can be asked, what was found last, and how to go on.

It is written anew at each start from the parameter files and the index of runs, so that it needs
no run to have been made, and no file to be in order: what cannot be read is said on the page.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from woda_lib.partners import ExtractError, synthetic_marker
from woda_lib.records import (
    Parameter,
    ParameterError,
    ParameterFileError,
    Pilot,
    RunFolder,
    in_reading_order,
    read_pilot,
    say_amount,
    say_interval,
)
from woda_lib.settings import Settings
from woda_lib.workbench.desk.rendering import render
from woda_lib.workbench.review.answers import answer_paragraphs
from woda_lib.workbench.review.index import Index, IndexedRun, update_index
from woda_lib.workbench.review.states import Standing, say_standing, standing_of

NAME = "Start here.md"
"""In the root of the checkout, where it can be seen and opened again; git ignores it."""


def write_start_page(settings: Settings) -> Path:
    """Write the page whole or not at all, and return where it is."""
    pilots: list[Pilot] = []
    problems: list[str] = []
    for path in sorted(settings.parameters_folder.glob("*.yaml")):
        try:
            pilots.append(read_pilot(path))
        except ParameterFileError as error:
            problems.append(str(error))
    site = settings.outputs_folder / "site" / "index.html"
    index = update_index(settings)
    text = render(
        "start_here.md",
        {
            "extracts": _from_root(settings.extracts_folder, settings),
            "made_up": _made_up(settings),
            "outputs": _from_root(settings.outputs_folder, settings),
            "site": _link(site, settings) if site.is_file() else "",
            "pilots": [_entry(pilot, settings, index) for pilot in in_reading_order(pilots)],
            "problems": problems,
            "made": _moment(datetime.now().astimezone()),
        },
    )
    page = settings.root / NAME
    hidden = page.with_name(f".{NAME}.{os.getpid()}")
    hidden.write_text(text, encoding="utf-8")
    hidden.replace(page)
    return page


def _entry(pilot: Pilot, settings: Settings, index: Index) -> dict[str, object]:
    run = index.last_run(pilot.pilot)
    standing = standing_of(pilot, settings, index)
    home = settings.outputs_folder / pilot.pilot
    report = RunFolder(home / run.run_id).report(pilot.answered_by) if run else None
    return {
        "title": pilot.title,
        "question": pilot.question,
        "state": " ".join(_state(pilot, run, standing, index)),
        "trouble": _trouble(standing),
        "stopped": _stopped(standing, settings),
        "report": _link(report, settings) if report and report.is_file() else "",
        "answer": answer_paragraphs(run.answer) if run else (),
        "results": list(_values(run)) if run else (),
        "steps": [
            {
                "name": step.name,
                "question": step.question,
                "needs": ", ".join(step.needs),
                "path": f"notebooks/{pilot.pilot}/{step.name}.ipynb",
            }
            for step in pilot.steps
        ],
        "parameters": [
            {
                "name": name,
                "value": f"{parameter.plain(parameter.value)} {parameter.unit}".rstrip(),
                "range": _range(parameter),
                "description": parameter.description,
                "steps": ", ".join(s.name for s in pilot.steps if name in s.parameters),
            }
            for name, parameter in pilot.parameters.items()
        ],
        "commands": list(_commands(pilot)),
    }


def _state(pilot: Pilot, run: IndexedRun | None, standing: Standing, index: Index) -> Iterator[str]:
    """Say in sentences how things stand with a pilot."""
    if pilot.example:
        yield "Still the example that a new pilot begins with."
    for name in index.newer_unreadable(pilot.pilot):
        yield f"The manifest of {name} cannot be read."
    if run is None:
        yield "Not run yet."
    else:
        yield f"Last run {_moment(run.finished.astimezone())}, on {run.extracts}."
        yield say_standing(replace(standing, failure=None))
    if standing.failure is not None:
        yield f"The last attempt {'was stopped' if standing.failure.interrupted else 'failed'}."


def _trouble(standing: Standing) -> str:
    """What stopped the last attempt, where nothing has been completed since."""
    failure = standing.failure
    if failure is None:
        return ""
    return f"The last attempt, {_moment(failure.at.astimezone())}: {failure.message}"


def _stopped(standing: Standing, settings: Settings) -> str:
    """A link to the notebook as it stopped, where it is kept and JupyterLab can open it."""
    if standing.failure is None or not standing.failure.notebook:
        return ""
    path = settings.root.resolve() / standing.failure.notebook
    return _link(path, settings) if path.is_file() else ""


def _values(run: IndexedRun) -> Iterator[tuple[str, str]]:
    for value in run.values.values():
        interval = say_interval(value)
        amount = say_amount(value)
        yield value.name, f"{amount} ({interval})" if interval else amount


def _range(parameter: Parameter) -> str:
    if parameter.choices is not None:
        return " or ".join(str(choice) for choice in parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"from {low}"
    return f"up to {high}" if high is not None else ""


def _commands(pilot: Pilot) -> Iterator[str]:
    yield f"woda run {pilot.pilot}"
    for name, parameter in pilot.parameters.items():
        if (other := _another(parameter)) is not None:
            yield f"woda run {pilot.pilot} -p {name}={other}"
            return


def _another(parameter: Parameter) -> float | int | None:
    """A value that a number might have instead, to show how it is changed."""
    value = parameter.value
    if parameter.type not in ("int", "float") or not isinstance(value, int | float):
        return None
    for other in (type(value)(value * 1.5), type(value)(value / 2)):
        try:
            parameter.checked(other, parameter.description)
        except ParameterError:
            continue
        if other != value:
            return other
    return None


def _made_up(settings: Settings) -> bool:
    try:
        return synthetic_marker(settings.extracts_folder) is not None
    except ExtractError:
        return False


def _link(path: Path, settings: Settings) -> str:
    """A path from the page, for JupyterLab; nothing where it lies outside what Lab shows."""
    root = settings.root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else ""


def _from_root(path: Path, settings: Settings) -> str:
    return _link(path, settings) or path.as_posix()


def _moment(moment: datetime) -> str:
    return f"{moment:%-d %B %Y, %H:%M}"
