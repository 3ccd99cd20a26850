"""Plans and runs a pilot's notebooks, and turns what came out into pages that reviewers read.

A name is imported from its module when it is first asked for: papermill and Jupyter take seconds to
import, and to say what is fresh neither is needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from woda_lib.workbench.auditing import keys_for_made_up, verify_audit
    from woda_lib.workbench.county import county_is_missing, make_county
    from woda_lib.workbench.execution.board import shown_progress
    from woda_lib.workbench.execution.failures import (
        CellError,
        CellHung,
        KernelDied,
        OutOfMemory,
        UnfinishedStep,
    )
    from woda_lib.workbench.execution.locks import PilotIsRunning
    from woda_lib.workbench.execution.partial import OutputsError
    from woda_lib.workbench.execution.progress import OnProgress, Progress, StepState
    from woda_lib.workbench.execution.running import (
        CompleteRun,
        SeveralFailed,
        run_pilot,
        run_pilots,
    )
    from woda_lib.workbench.execution.strays import ForeignOutput
    from woda_lib.workbench.planning.decide import Decision, decide, standing
    from woda_lib.workbench.planning.plan import Plan, PlanError, make_plan, parameters_cell
    from woda_lib.workbench.review.site import build_site

_MODULES = {
    "auditing": ("keys_for_made_up", "verify_audit"),
    "county": ("county_is_missing", "make_county"),
    "execution.board": ("shown_progress",),
    "execution.failures": (
        "CellError",
        "CellHung",
        "KernelDied",
        "OutOfMemory",
        "UnfinishedStep",
    ),
    "execution.locks": ("PilotIsRunning",),
    "execution.partial": ("OutputsError",),
    "execution.progress": ("OnProgress", "Progress", "StepState"),
    "execution.running": ("CompleteRun", "SeveralFailed", "run_pilot", "run_pilots"),
    "execution.strays": ("ForeignOutput",),
    "planning.decide": ("Decision", "decide", "standing"),
    "planning.plan": ("Plan", "PlanError", "make_plan", "parameters_cell"),
    "review.site": ("build_site",),
}

__all__ = [
    "CellError",
    "CellHung",
    "CompleteRun",
    "Decision",
    "ForeignOutput",
    "KernelDied",
    "OnProgress",
    "OutOfMemory",
    "OutputsError",
    "PilotIsRunning",
    "Plan",
    "PlanError",
    "Progress",
    "SeveralFailed",
    "StepState",
    "UnfinishedStep",
    "build_site",
    "county_is_missing",
    "decide",
    "keys_for_made_up",
    "make_county",
    "make_plan",
    "parameters_cell",
    "run_pilot",
    "run_pilots",
    "shown_progress",
    "standing",
    "verify_audit",
]


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
