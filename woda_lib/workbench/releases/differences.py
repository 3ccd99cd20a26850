"""Counts of a run held against those of releases, so that no two of them give a few people away.

A step's gate compares with what was complete when it ran. Two runs side by side do not see each
other, and a run can be released long after others were; so the comparison is made once more here,
on the true counts, before anything is released. Each release keeps a copy of its counts, locked
under the agreement's key, so that later runs and releases are compared with it as long as retention
lets the counts be kept, whatever became of its run's folder. Once they are erased, nothing on the
same extracts is released any more.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator

from woda_lib.disclosure import CountTable, EarlierTable, changed_by_few
from woda_lib.notebook.memory import COUNTS, counts_of, made_from_of
from woda_lib.partners import AgreementKey, key_of_tables
from woda_lib.records import ReleaseStanding, RunFolder, StepRecord, kept_folder
from woda_lib.settings import Settings
from woda_lib.workbench.releases.errors import ReleaseError
from woda_lib.workbench.releases.gate import Candidate


def refuse_differences(
    candidate: Candidate, standings: Iterable[ReleaseStanding], settings: Settings
) -> None:
    """Refuse a run that shows a count which differs by a few people from a release's.

    Every release counts, withdrawn and void ones too: people have read them.

    Raises
    ------
    ReleaseError
        Naming the release, the table and how many counts; never a count.
    KeyStoreError
        If the agreement's key cannot be had, so that nothing can be compared.
    """
    alike = [one for one in standings if one.release.synthetic == candidate.synthetic]
    counted = [record for record in candidate.manifest.steps if _counts_people(record)]
    if not alike or not counted:
        return
    key = key_of_tables(candidate.agreement.id, synthetic=candidate.synthetic, settings=settings)
    for record in counted:
        mine = counts_of(candidate.run, record.step, key)
        if mine is None:
            raise ReleaseError(
                f"{_name(candidate)} cannot be released. The counts of its step {record.step} are "
                "gone, so nobody can tell whether they differ by a few people from those of an "
                "earlier release. Run the pilot again."
            )
        for standing in alike:
            earlier = list(_earlier(standing, record, candidate, key, settings))
            for table in mine:
                _refuse(table, earlier, standing, candidate)


def keep_counts(candidate: Candidate, version: str, settings: Settings) -> None:
    """Keep a copy of a run's true counts for later runs and releases to be compared with.

    They bear the time at which they were written, from which retention counts.
    """
    kept = kept_folder(settings.outputs_folder, candidate.pilot.pilot, version)
    making = RunFolder(kept.path.with_name(f".keeping-{version}"))
    # What lies there belongs to a release that never came to be: nobody else is at work here.
    shutil.rmtree(making.path, ignore_errors=True)
    shutil.rmtree(kept.path, ignore_errors=True)
    try:
        making.path.mkdir(mode=0o700)
        for record in candidate.manifest.steps:
            own = candidate.run.table(record.step, COUNTS)
            if own.is_file():
                making.table(record.step, COUNTS).parent.mkdir(parents=True)
                shutil.copy2(own, making.table(record.step, COUNTS))
            making.record(record.step).parent.mkdir(exist_ok=True)
            shutil.copy2(candidate.run.record(record.step), making.record(record.step))
        making.path.rename(kept.path)
    finally:
        shutil.rmtree(making.path, ignore_errors=True)


def _refuse(
    table: CountTable,
    earlier: Iterable[EarlierTable],
    standing: ReleaseStanding,
    candidate: Candidate,
) -> None:
    cells = changed_by_few(table, earlier, candidate.rule)
    shown = sum(not table.hidden.flat[cell] for cell in cells)
    if shown:
        what = "a count that differs" if shown == 1 else f"{shown} counts that differ"
        raise ReleaseError(
            f"{_name(candidate)} cannot be released. Its {table.name} shows {what} by fewer people "
            f"than may be told apart from {standing.release.pilot} {standing.release.version}, "
            "which counts the same people. Run the pilot again: its gate then knows that release, "
            "and withholds what it must."
        )


def _earlier(
    standing: ReleaseStanding,
    record: StepRecord,
    candidate: Candidate,
    key: AgreementKey,
    settings: Settings,
) -> Iterator[EarlierTable]:
    """Give the tables of a release, each with whether it counts the same people as a step."""
    release = standing.release
    kept = kept_folder(settings.outputs_folder, release.pilot, release.version)
    steps = dict(made_from_of(kept))
    for step, made_from in steps.items():
        same = made_from == (record.extracts, record.as_of.isoformat())
        tables = counts_of(kept, step, key)
        if tables is None and same and not candidate.synthetic:
            raise _erased(candidate, standing)
        for table in tables or ():
            yield EarlierTable(release.version, same, table)
    if not steps and not candidate.synthetic:
        raise _erased(candidate, standing)


def _erased(candidate: Candidate, standing: ReleaseStanding) -> ReleaseError:
    return ReleaseError(
        f"{_name(candidate)} cannot be released. What {standing.release.pilot} "
        f"{standing.release.version} counted is no longer kept, so nobody can tell whether this "
        "run differs from it by a few people. Release a run on later extracts."
    )


def _counts_people(record: StepRecord) -> bool:
    """Whether a step shows anything that may count people: its gate has kept the counts then."""
    return bool(record.shown) or any(value.low is None for value in record.values)


def _name(candidate: Candidate) -> str:
    return f"{candidate.pilot.pilot}/{candidate.run.path.name}"
