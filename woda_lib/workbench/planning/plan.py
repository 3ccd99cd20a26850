"""What a run is going to do, and every check that can be made before any work."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from woda_lib.errors import WodaError
from woda_lib.records import ParameterError, Pilot, Step, nearest
from woda_lib.settings import Settings
from woda_lib.workbench.auditing import denials_recorded
from woda_lib.workbench.notebooks import NotebookNode, nbformat

PARAMETERS = "parameters"
"""The tag of the cell that holds a notebook's parameters."""


class PlanError(WodaError):
    """A run cannot start: a notebook, its parameters cell or an extract is not as it must be."""

    exit_code = 2


@dataclass(frozen=True)
class PlannedStep:
    """One notebook, read and checked, with the values that it will be given.

    Attributes
    ----------
    step : Step
    path : Path
        The notebook's file.
    shown : str
        The same from the checkout's root, for people.
    notebook : NotebookNode
    parameters : dict
        As a parameters cell writes them: a date is its ISO string.
    """

    step: Step
    path: Path
    shown: str
    notebook: NotebookNode
    parameters: dict[str, bool | int | float | str]


@dataclass(frozen=True)
class Plan:
    """A pilot's steps in the order in which they will be run, with every parameter's value."""

    pilot: Pilot
    parameters: dict[str, bool | int | float | str]
    steps: tuple[PlannedStep, ...]


def make_plan(
    pilot: Pilot,
    *,
    settings: Settings,
    overrides: Mapping[str, Any] | None = None,
    on_record: bool = True,
) -> Plan:
    """Check everything that a run of `pilot` leans on, and put its steps in order.

    Parameters
    ----------
    pilot : Pilot
    settings : Settings
    overrides : mapping of str to value, optional
        Parameter values that stand in for the file's, as text or typed.
    on_record : bool
        Whether the audit log records it where an agreement says no: if a run is wanted, and not if
        somebody only asks what it would do.

    Raises
    ------
    ParameterError
        If a name is not a parameter, or a value does not fit, or is a day after all that the
        extracts tell of.
    PlanError
        If steps need each other in a circle, a notebook is absent or cannot be read, its
        parameters cell differs from the parameter file, it reads data in any way but `run.load`,
        or the extracts lack a dataset.
    AgreementError, ExtractError, KeyStoreError
        If the agreement does not permit a dataset that a step loads, there are no extracts, or
        there is no key to read real ones with.
    """
    typed = pilot.values(overrides)
    values = {name: pilot.parameters[name].plain(value) for name, value in typed.items()}
    _check_data(pilot, settings, on_record=on_record)
    _check_days(pilot, typed, settings)
    steps = []
    for step in _in_order(pilot):
        path = settings.notebooks_folder / pilot.pilot / f"{step.name}.ipynb"
        shown = path.relative_to(settings.root).as_posix()
        notebook = _read(path, shown)
        _check_parameters_cell(notebook, pilot, step, shown)
        _check_ways_in(notebook, shown)
        given = {name: values[name] for name in step.parameters}
        steps.append(PlannedStep(step, path, shown, notebook, given))
    return Plan(pilot, values, tuple(steps))


def share_overrides(
    overrides: Mapping[str, Any], pilots: Sequence[Pilot]
) -> dict[str, dict[str, Any]]:
    """Give each of some pilots those overrides that are its own, by the pilot's name.

    Raises
    ------
    ParameterError
        If a parameter belongs to none of them; the nearest one is named.
    """
    known = {name for pilot in pilots for name in pilot.parameters}
    for name in overrides:
        if name not in known:
            whose = " or ".join(pilot.pilot for pilot in pilots)
            raise ParameterError(f"{whose} has no parameter {name!r}. {nearest(name, known)}")
    return {
        pilot.pilot: {name: overrides[name] for name in overrides if name in pilot.parameters}
        for pilot in pilots
    }


def parameters_cell(notebook: NotebookNode) -> dict[str, Any]:
    """Return the names and default values that a notebook's parameters cell sets.

    Raises
    ------
    ValueError
        If there are several such cells, or a line of it does more than set a name to a literal.
    """
    cells = [cell for cell in notebook.cells if PARAMETERS in cell.metadata.get("tags", ())]
    if len(cells) > 1:
        raise ValueError(f"{len(cells)} cells are tagged {PARAMETERS!r}, and one must be")
    defaults = {}
    for cell in cells:
        for line in ast.parse(cell.source).body:
            match line:
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    pass
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    pass
                case _:
                    raise ValueError(
                        f"line {line.lineno} of its parameters cell must read `name: type = value`"
                    )
            defaults[name] = ast.literal_eval(value)
    return defaults


def _in_order(pilot: Pilot) -> list[Step]:
    graph = TopologicalSorter({step.name: step.needs for step in pilot.steps})
    try:
        return [pilot.step(name) for name in graph.static_order()]
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise PlanError(
            f"{pilot.pilot}.yaml: steps need each other in a circle ({circle}), so that none can "
            "come first. Take one of these names out of a step's needs."
        ) from None


def _read(path: Path, shown: str) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        others = sorted(other.stem for other in path.parent.glob("*.ipynb"))
        raise PlanError(
            f"There is no notebook {shown} for the step {path.stem}."
            + (f" {nearest(path.stem, others)}" if others else "")
        ) from None
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise PlanError(
            f"{shown} cannot be read as a notebook ({type(error).__name__}). Open it in JupyterLab "
            "and save it again, or take it from git."
        ) from None


def _check_parameters_cell(notebook: NotebookNode, pilot: Pilot, step: Step, shown: str) -> None:
    """A notebook opened in JupyterLab must do what a run does, so both must say the same."""
    try:
        defaults = parameters_cell(notebook)
    except (ValueError, SyntaxError) as error:
        raise PlanError(f"{shown}: {error}.") from None
    yaml = f"parameters/{pilot.pilot}.yaml"
    for name in defaults:
        if name not in step.parameters:
            raise PlanError(
                f"{shown}: the parameters cell sets {name!r}, which {yaml} does not give to the "
                f"step {step.name}. {nearest(name, step.parameters)}"
            )
    for name in step.parameters:
        if name not in defaults:
            raise PlanError(
                f"{shown}: the parameters cell does not set {name!r}, which {yaml} gives to the "
                f"step {step.name}. Add it to the cell tagged {PARAMETERS!r}."
            )
        parameter = pilot.parameters[name]
        if parameter.checked(defaults[name], name) != parameter.value:
            raise PlanError(
                f"{shown}: the parameters cell sets {name} to {defaults[name]!r}, and {yaml} to "
                f"{parameter.plain(parameter.value)!r}. Make them equal, and use `-p {name}=…` for "
                "another value."
            )


def _check_ways_in(notebook: NotebookNode, shown: str) -> None:
    """A notebook reads data through `run.load`, and in no other way."""
    from woda_lib.partners.other_ways import other_ways  # here, because the room brings pandas

    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        try:
            found = other_ways(cell.source)
        except SyntaxError:
            continue  # the run will say so, with the cell
        if found:
            raise PlanError(
                f"{shown}, cell {number}, line {found[0].line}: {found[0].reader} reads data past "
                "the agreement. Use run.load, which asks it, honours opt-outs and records the load."
            )


def _check_data(pilot: Pilot, settings: Settings, *, on_record: bool) -> None:
    """Each step may load what it is going to load, and the extracts hold it."""
    loading = [(step, *load) for step in pilot.steps for load in step.datasets.items()]
    # Here, because it brings pandas.
    from woda_lib.partners import (
        NO_AGREEMENT,
        absences,
        contract_of,
        load_agreement,
        refuse_expired_extracts,
        refuse_future,
        require_key,
    )

    if not loading:
        if pilot.agreement == NO_AGREEMENT:
            require_key(NO_AGREEMENT, settings)  # it locks the counts that a study shows
        return
    agreement = load_agreement(pilot.agreement, settings.agreements_folder)
    folder = settings.extracts_folder
    with denials_recorded(pilot, settings) if on_record else nullcontext():
        agreement.admits(folder)
        for step, dataset, fields in loading:
            contract = contract_of(dataset)
            agreement.require(contract, fields, purpose=step.purpose, today=settings.today)
    refuse_future(folder, agreement, settings.today)
    if found := absences(folder, {dataset: None for _, dataset, _ in loading}):
        more = f" And {len(found) - 3} more." if len(found) > 3 else ""
        raise PlanError(
            f"{folder} cannot be used as it is. {' '.join(found[:3])}{more} "
            "`woda extracts check` lists everything."
        )
    require_key(agreement.id, settings)
    with denials_recorded(pilot, settings) if on_record else nullcontext():
        refuse_expired_extracts(agreement, dict.fromkeys(d for _, d, _ in loading), settings)


def _check_days(pilot: Pilot, values: Mapping[str, Any], settings: Settings) -> None:
    """A day that is asked for is one of which the extracts can tell.

    Where they begin is not known: a partner's first file may hold the years before it.
    """
    from woda_lib.partners.clock import dated  # here, because the room brings pandas

    read = {dataset for step in pilot.steps for dataset in step.datasets}
    days = [(name, value) for name, value in values.items() if isinstance(value, date)]
    if not (read and days):
        return
    there = [item.delivered_on for item in dated(settings.extracts_folder, datasets=read)]
    for name, value in days:
        if there and value > there[-1]:
            raise ParameterError(
                f"{name} is {value}, and the files that {pilot.pilot} reads are of "
                f"{there[0]:%-d %B %Y} to {there[-1]:%-d %B %Y}: they tell of no day after that. "
                f"Give one up to {there[-1]}."
            )
