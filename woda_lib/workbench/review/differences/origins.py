"""What a step of a run rests on: the steps before it, and the files from outside the pilot."""

from __future__ import annotations

from pathlib import PurePosixPath

from woda_lib.records import Manifest
from woda_lib.workbench.review.differences.model import Overlap


def upstream_of(manifest: Manifest, step: str) -> frozenset[str]:
    """Return a step with all steps of the same run that it builds on."""
    records = {record.step: record for record in manifest.steps}
    reached: set[str] = set()
    waiting = [step]
    while waiting:
        name = waiting.pop()
        if name in records and name not in reached:
            reached.add(name)
            waiting += [
                other
                for other in (_own_step(manifest.pilot, i.name) for i in records[name].inputs)
                if other
            ]
    return frozenset(reached)


def shared_files(before: Manifest, after: Manifest) -> Overlap:
    """Count the files that came from outside the pilot, and how many are in both runs."""
    old, new = (
        {digest for files in outside_files(manifest).values() for digest in files.values()}
        for manifest in (before, after)
    )
    return Overlap(len(old & new), len(old), len(new))


def same_data(before: Manifest, after: Manifest, step: str) -> bool:
    """Whether a step, with all it builds on, read the same bytes in both runs, with one seed."""
    sides = []
    for manifest in (before, after):
        steps = upstream_of(manifest, step)
        seeds = {record.seed for record in manifest.steps if record.step in steps}
        files = outside_files(manifest, steps)
        sides.append((steps, seeds, {name: {*found.values()} for name, found in files.items()}))
    return sides[0] == sides[1]


def outside_files(
    manifest: Manifest, steps: frozenset[str] | set[str] | None = None
) -> dict[str, dict[str, str]]:
    """Return by input the files that came from outside the pilot, with their SHA-256.

    Parameters
    ----------
    manifest : Manifest
    steps : set of str, optional
        Only what these steps read; else what any did.
    """
    files: dict[str, dict[str, str]] = {}
    for record in manifest.steps:
        if steps is not None and record.step not in steps:
            continue
        for file in record.inputs:
            if not _own_step(manifest.pilot, file.name):
                name = "/".join(PurePosixPath(file.path).parts[-2:])
                files.setdefault(file.name, {})[name] = file.sha256
    return files


def _own_step(pilot: str, name: str) -> str:
    """The step of this pilot whose table an input is: "patient_flow/1_link:pairs" → "1_link"."""
    whole, colon, _ = name.partition(":")
    owner, slash, step = whole.partition("/")
    return step if colon and slash and owner == pilot else ""
