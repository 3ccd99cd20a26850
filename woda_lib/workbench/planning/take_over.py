"""Taking a step over: its files stand in a new run as they stood in the one that made them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.records import RunFolder, StepMade
from woda_lib.workbench.execution.failures import Place
from woda_lib.workbench.execution.strays import refuse_foreign_outputs
from woda_lib.workbench.notebooks import nbformat
from woda_lib.workbench.planning.cells import merged
from woda_lib.workbench.planning.decide import Decision
from woda_lib.workbench.planning.soundness import step_files


class SourceChanged(WodaError):
    """A run's files are no longer what they were when it was decided to use them."""


def take_over(step: str, decision: Decision, target: RunFolder) -> StepMade:
    """Bring a step's files into another run's folder: by hard link, or else as a copy.

    A file that is linked is one file under two names, so it takes no room; its time of writing,
    from which retention counts, is the same. The record comes last. Where the report is to be
    rendered again, the executed notebook is brought with the new prose, and the report is left to
    the caller, who then completes the result with `made.with_files`.

    Parameters
    ----------
    step : str
    decision : Decision
        *take over* or *render*.
    target : RunFolder
        The folder of a run in the making.

    Returns
    -------
    StepMade
        Which run executed the step, and what it followed from.

    Raises
    ------
    SourceChanged
        If the source is no longer whole.
    ForeignOutput
        If new prose holds what may not be published, such as a pasted picture.
    OSError
        If the files cannot be written.
    """
    source, made = decision.source, decision.made
    assert source is not None and made is not None, "only a step that was done is taken over"
    anew = {source.notebook(step), source.report(step)} if decision.action == "render" else set()
    try:
        record, *others = step_files(source, step)
        for name in (*others, record):
            if source.path / name not in anew:
                _bring(source.path / name, target.path / name)
    except (FileNotFoundError, ValueError):
        raise SourceChanged(
            f"The results of {step} in run {source.path.name} went away while they were taken "
            "over. Run the pilot again; the step is then run anew."
        ) from None
    if anew:
        _merge(step, decision, source, target)
    return made.model_copy(update={"reasons": (), "fingerprint": decision.fingerprint})


def _bring(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(file, target)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one that knows no links
        shutil.copy2(file, target)


def _merge(step: str, decision: Decision, source: RunFolder, target: RunFolder) -> None:
    executed = nbformat.read(source.notebook(step), as_version=4)
    planned = decision.planned
    notebook = merged(executed, planned.notebook)
    pilot = planned.path.parent.name
    refuse_foreign_outputs(notebook, Place(pilot, step, planned.shown, planned.parameters))
    nbformat.write(notebook, target.notebook(step))
