"""Tables of other pilots that a run reads: whether they have been made, before any work."""

from __future__ import annotations

from collections.abc import Sequence

from woda_lib.records import complete_runs
from woda_lib.settings import Settings
from woda_lib.workbench.planning.cells import strings_of
from woda_lib.workbench.planning.decide import Decisions
from woda_lib.workbench.planning.fingerprints import step_of
from woda_lib.workbench.planning.plan import Plan, PlanError
from woda_lib.workbench.planning.sources import newest_manifest


def require_tables(plans: Sequence[Plan], decisions: Decisions, settings: Settings) -> None:
    """Refuse a run that would read a table of another pilot which nobody has made.

    A step finds such a table in the other pilot's last complete run on the same extracts. A pilot
    that is asked for as well is run first, and makes it.

    Raises
    ------
    PlanError
        Naming the steps and the command that runs both.
    """
    asked = [plan.pilot.pilot for plan in plans]
    absent = {
        (f"{pilot}/{planned.step.name}", source)
        for pilot, plan in zip(asked, plans, strict=True)
        for planned in plan.steps
        if decisions[pilot, planned.step.name].action == "run"
        for source in map(step_of, strings_of(planned.notebook))
        if source.partition("/")[0] not in ("", *asked) and not _is_made(source, settings)
    }
    if absent:
        first = sorted(absent)
        said = "; ".join(f"{step} reads what {source} saves" for step, source in first)
        owners = dict.fromkeys(source.partition("/")[0] for _, source in first)
        raise PlanError(
            f"{said}. There is no complete run of {' or '.join(owners)} on "
            f"{settings.extracts_name}. On the same extracts `woda run "
            f"{' '.join([*owners, *asked])}` runs what must come first, and then the rest."
        )


def _is_made(source: str, settings: Settings) -> bool:
    owner, _, step = source.partition("/")
    newest = newest_manifest(complete_runs(settings.outputs_folder, owner))
    return (
        newest is not None
        and newest.extracts == settings.extracts_name
        and step in {record.step for record in newest.steps}
    )
