"""`begin`: the first call of every notebook, which checks its parameters and starts the run."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from woda_lib.notebook.inputs import require_needs
from woda_lib.notebook.run import Run
from woda_lib.records import ParameterError, Pilot, Step, read_pilot
from woda_lib.settings import Settings


def begin(pilot: str, step: str) -> Run:
    """Start a step: check its parameters, open its agreement, and leave room for the answer.

    Works the same in JupyterLab, where results go to ``outputs/<pilot>/draft/``, and in a run.

    Parameters
    ----------
    pilot : str
        The name of the parameter file, such as ``patient_flow``.
    step : str
        The notebook's name, such as ``2_evaluate``.

    Returns
    -------
    Run

    Raises
    ------
    ParameterFileError
        If there is no such pilot or step, or its file is not valid.
    ParameterError
        If the notebook's parameters cell lacks a parameter, or a value does not fit.
    AgreementError
        If there is no such agreement, or its file is not valid.
    NotebookError
        If a draft builds on a step that has not been run on the same extracts.
    """
    namespace = sys._getframe(1).f_globals
    settings = Settings()
    plan = read_pilot(settings.parameters_folder / f"{pilot}.yaml")
    this = plan.step(step)
    require_needs(plan, this, settings)
    return Run(plan, this, _parameters(plan, this, namespace), settings)


def _parameters(pilot: Pilot, step: Step, namespace: Mapping[str, Any]) -> dict[str, Any]:
    for name in step.parameters:
        if name not in namespace:
            raise ParameterError(
                f"The parameters cell of {pilot.pilot}/{step.name} does not set {name}, which "
                f"{pilot.pilot}.yaml gives the step. Add it to the cell."
            )
    return {name: pilot.parameters[name].checked(namespace[name], name) for name in step.parameters}
