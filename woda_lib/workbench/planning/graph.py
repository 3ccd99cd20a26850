"""One graph over the steps of several pilots: what must be done before what."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from woda_lib.records import complete_runs
from woda_lib.settings import Settings
from woda_lib.workbench.planning.cells import strings_of
from woda_lib.workbench.planning.fingerprints import step_of
from woda_lib.workbench.planning.plan import Plan, PlanError
from woda_lib.workbench.planning.sources import newest_manifest

Node = tuple[str, str]
"""A pilot and one of its steps."""


def graph(plans: Sequence[Plan], settings: Settings) -> TopologicalSorter[Node]:
    """Return the steps of some pilots with what each waits for; not prepared yet.

    Within a pilot that is what the parameter file says under ``needs``. A step that reads a table
    of another pilot finds it in that pilot's last complete run, and so waits for all of its steps,
    and for its run to be complete; so does whatever cites figures of it. Which tables a step reads
    is told by its notebook and by what its last run recorded.

    Raises
    ------
    PlanError
        If pilots wait for each other in a circle.
    """
    edges = waits(plans, settings)
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        circle = " → ".join(dict.fromkeys(f"{pilot}/{step}" for pilot, step in error.args[1]))
        raise PlanError(
            f"Steps of several pilots wait for each other in a circle ({circle}), so that none can "
            "come first. Let one of them do without the other's table."
        ) from None
    return TopologicalSorter(edges)


def waits(plans: Sequence[Plan], settings: Settings) -> dict[Node, set[Node]]:
    """Return for each step of some pilots the steps that must be done before it."""
    by_pilot = {plan.pilot.pilot: plan for plan in plans}
    edges: dict[Node, set[Node]] = {}
    for name, plan in by_pilot.items():
        loaded = _loaded(plan, settings)
        for planned in plan.steps:
            before = {(name, need) for need in planned.step.needs}
            texts = strings_of(planned.notebook) | loaded.get(planned.step.name, set())
            owners = {step_of(text).partition("/")[0] for text in texts} | set(plan.pilot.cites)
            for owner in owners & (by_pilot.keys() - {name}):
                before |= {(owner, other.step.name) for other in by_pilot[owner].steps}
            edges[name, planned.step.name] = before
    return edges


def _loaded(plan: Plan, settings: Settings) -> dict[str, set[str]]:
    """The names of what each step read in the pilot's last complete run."""
    manifest = newest_manifest(complete_runs(settings.outputs_folder, plan.pilot.pilot))
    if manifest is None:
        return {}
    return {record.step: {each.name for each in record.inputs} for record in manifest.steps}
