"""What is written down of a step that has just been executed, for later runs to go by."""

from __future__ import annotations

from collections.abc import Sequence

from woda_lib.records import CITES, Fingerprint, RunFolder, StepMade, StepRecord, sha256
from woda_lib.settings import Settings
from woda_lib.workbench.planning.citing import only_cited
from woda_lib.workbench.planning.decide import Decision
from woda_lib.workbench.planning.fingerprints import GONE, MADE_BY, present, step_of
from woda_lib.workbench.planning.plan import Plan
from woda_lib.workbench.planning.soundness import step_files
from woda_lib.workbench.planning.sources import Sources, read_made

CHANGED = "changed while the step ran"
"""What stands in a fingerprint for a file that was one thing before the step and another after."""


def step_made(
    plan: Plan,
    decision: Decision,
    record: StepRecord,
    folder: RunFolder,
    *,
    settings: Settings,
    run_id: str,
    seconds: float,
    cell_seconds: Sequence[float] = (),
) -> StepMade:
    """Describe a step that was executed: to be called when its files are there, report included.

    What the step turned out to read stands in its record, and is added to the fingerprint that was
    taken before. Whatever changed on the disk in the meantime is marked, so that it equals nothing
    later: nobody can say which of the two the step has seen.

    Parameters
    ----------
    plan : Plan
    decision : Decision
        As it was before.
    record : StepRecord
        What the step wrote down.
    folder : RunFolder
        Of the run, in the making; steps that were done before lie in it with their ``made.json``.
    settings : Settings
    run_id : str
    seconds : float
        What executing took, on a wall clock.
    cell_seconds : sequence of float
        The same by cell.
    """
    made = StepMade(
        run_id=run_id,
        reasons=decision.reasons,
        fingerprint=_settled(plan, decision, record, folder, settings),
        seconds=seconds,
        cell_seconds=tuple(cell_seconds),
    )
    return with_files(made, record.step, folder)


def with_files(made: StepMade, step: str, folder: RunFolder) -> StepMade:
    """Return a step's description with the hashes of its files as they lie in a run's folder."""
    files = {path.as_posix(): sha256(folder.path / path) for path in step_files(folder, step)}
    return made.model_copy(update={"files": files})


def _settled(
    plan: Plan, decision: Decision, record: StepRecord, folder: RunFolder, settings: Settings
) -> Fingerprint:
    def made_by(pilot: str, step: str) -> str:
        if pilot == plan.pilot.pilot:
            return _results_of(folder, step)
        newest = Sources(pilot, settings).newest
        made = newest[1].made.get(step) if newest else None
        return made.fingerprint.results if made and made.fingerprint else GONE

    read = _read(record)
    before = decision.fingerprint
    with present(settings) as now:
        after = now.extended(
            now.fingerprint(plan, decision.planned, made_by=made_by),
            read,
            pilot=plan.pilot,
            made_by=made_by,
        )
    data = {name: _same(before.data.get(name, {}), files) for name, files in after.data.items()}
    for name, files in after.data.items():
        if MADE_BY in files:
            data[name] = files
        elif name in read:
            data[name] = read[name]
    cited = {one.owner for one in record.cited if one.kind == "cited"}
    data = only_cited(data, plan.pilot, cited=cited, keep=read)
    return before.model_copy(
        update={
            "modules": _same(before.modules, after.modules),
            "settings": _same(before.settings, after.settings),
            "rendering": _same(before.rendering, after.rendering),
            "data": {name: data[name] for name in sorted(data)},
        }
    )


def _read(record: StepRecord) -> dict[str, dict[str, str]]:
    """What a step's record says that it read, but for other steps' tables, as data of a print."""
    from woda_lib.partners import CONTRACTS  # here: it brings pandas

    found: dict[str, dict[str, str]] = {}
    for each in record.inputs:
        if each.previous or each.name.startswith(CITES):
            continue  # another beginning, the same results; or told by the pilot's file
        if source := step_of(each.name):
            found[source] = {MADE_BY: ""}
            continue
        # An extract goes by partner and file, wherever the folder lies.
        path = "/".join(each.path.split("/")[-2:]) if each.name in CONTRACTS else each.path
        found.setdefault(each.name, {})[path] = each.sha256
    return found


def _same(before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
    """Return what was the same before and after, and mark what was not, or is gone."""
    gone = dict.fromkeys(before.keys() - after.keys(), CHANGED)
    there = {
        name: digest if before.get(name, digest) == digest else CHANGED
        for name, digest in after.items()
    }
    return dict(sorted({**there, **gone}.items()))


def _results_of(folder: RunFolder, step: str) -> str:
    made = read_made(folder.made(step))
    return made.fingerprint.results if made and made.fingerprint else GONE
