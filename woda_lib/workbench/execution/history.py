"""What past runs tell of a step to come: how long it takes, and how much memory."""

from __future__ import annotations

from dataclasses import dataclass

from woda_lib.records import ManifestError, Pilot, complete_runs, read_manifest
from woda_lib.settings import Settings

_LOOKED_AT = 5
"""So many runs, the newest first; steps that all of them lack are new."""


@dataclass(frozen=True)
class Expected:
    """What to expect of a step.

    Attributes
    ----------
    cell_seconds : tuple of float
        By cell; empty where no past run says.
    peak_mb : float or None
        The most memory that it held; None where no past run says.
    """

    cell_seconds: tuple[float, ...] = ()
    peak_mb: float | None = None

    @property
    def seconds(self) -> float | None:
        """How long the whole of it takes."""
        return sum(self.cell_seconds) if self.cell_seconds else None


def expected_of(pilot: Pilot, settings: Settings) -> dict[str, Expected]:
    """Return what to expect of each step, from the newest run that says it."""
    found: dict[str, Expected] = {}
    for run in reversed(complete_runs(settings.outputs_folder, pilot.pilot)[-_LOOKED_AT:]):
        try:
            made = read_manifest(run).made
        except ManifestError:
            continue
        for step, how in made.items():
            found.setdefault(step, Expected(how.cell_seconds, how.peak_mb or None))
        if len(found) == len(pilot.steps):
            break
    return {step.name: found.get(step.name, Expected()) for step in pilot.steps}
