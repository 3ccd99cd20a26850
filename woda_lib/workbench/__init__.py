"""Plans and runs a pilot's notebooks, and turns what came out into pages that reviewers read."""

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
from woda_lib.workbench.planning.plan import Plan, PlanError, make_plan, parameters_cell
from woda_lib.workbench.review.site import build_site

__all__ = [
    "CellError",
    "CellHung",
    "CompleteRun",
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
    "keys_for_made_up",
    "make_county",
    "make_plan",
    "parameters_cell",
    "run_pilot",
    "run_pilots",
    "shown_progress",
    "verify_audit",
]
