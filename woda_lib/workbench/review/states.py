"""How a pilot's answer stands: signed, awaiting, changed beneath, failing, withdrawn, void, unrun.

A state has a shape and a word; its colour comes third. The first of these that holds is shown:
the last attempt failed; a released file was altered; the inputs changed; the answer shown was
withdrawn; it is signed; it awaits signatures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from woda_lib.records import Attempt, Pilot
from woda_lib.settings import Settings
from woda_lib.workbench.review.index import Index, IndexedRelease, IndexedRun

StateKey = Literal["signed", "awaiting", "changed", "failing", "void", "withdrawn", "unrun"]

WORDS: dict[StateKey, str] = {
    "failing": "Failing",
    "void": "Signatures void",
    "changed": "Inputs changed",
    "withdrawn": "Withdrawn",
    "awaiting": "Awaiting sign-off",
    "signed": "Signed and fresh",
    "unrun": "Never run",
}
SIGNERS_NEEDED = 2


@dataclass(frozen=True)
class Failure:
    """A last attempt that did not end in a complete run; `notebook` is for those who may see it."""

    at: datetime
    step: str
    message: str
    interrupted: bool
    notebook: str


@dataclass(frozen=True)
class Standing:
    """How a pilot's answer stands.

    Attributes
    ----------
    state : str
    release : IndexedRelease, optional
        The release that the answer shown belongs to, or else the last one that still counts.
    is_release : bool
        Whether the answer shown is that release's.
    changed : tuple of str
        What changed since the run, in words.
    failure : Failure, optional
    """

    state: StateKey
    release: IndexedRelease | None
    is_release: bool
    changed: tuple[str, ...]
    failure: Failure | None

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state]

    @property
    def missing_signers(self) -> int:
        """How many signatures the release still needs."""
        if self.release is None or self.release.state != "awaiting":
            return 0
        return max(SIGNERS_NEEDED - len(self.release.signers), 0)


def read_attempt(settings: Settings, pilot: str) -> Attempt | None:
    """Return how the last attempt to run a pilot ended; None where that is not known."""
    path = settings.outputs_folder / pilot / "attempt.json"
    try:
        return Attempt.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        return None


def inputs_changed(pilot: Pilot, settings: Settings) -> tuple[str, ...]:
    """Return in words what changed since a pilot's last run, so that results may differ."""
    from woda_lib.workbench.planning.freshness import freshness  # here: it brings Jupyter

    found = freshness(pilot, settings)
    return () if found.only_look else found.reasons


def standing_of(pilot: Pilot, settings: Settings, index: Index) -> Standing:
    """Return how a pilot's answer stands.

    Parameters
    ----------
    pilot : Pilot
    settings : Settings
    index : Index
        Up to date.
    """
    run = index.last_run(pilot.pilot)
    releases = index.releases.get(pilot.pilot, ())
    own = release_of_run(index, run) if run else None
    counting = next((r for r in reversed(releases) if r.state in ("signed", "awaiting")), None)
    release = own or counting or (releases[-1] if releases else None)
    failure = _failure(read_attempt(settings, pilot.pilot), run)
    changed = inputs_changed(pilot, settings) if run else ()
    state = _state(run, release, own, failure, changed)
    return Standing(state, release, own is not None, changed, failure)


def say_standing(standing: Standing) -> str:
    """Return in a line how an answer stands: "Inputs changed, last version 1.3: price 4 → 3."."""
    text = standing.word
    if standing.release is not None:
        kind = "version" if standing.is_release else "last version"
        text += f", {kind} {standing.release.version}"
    changed = "; ".join(what.rstrip(".") for what in standing.changed)
    if standing.failure is None:
        return f"{text}: {changed}." if changed else f"{text}."
    how = "was stopped" if standing.failure.interrupted else "failed"
    said = [f"{text}.", *([f"Changed since: {changed}."] if changed else ())]
    return " ".join([*said, f"The last attempt {how}. {standing.failure.message}".rstrip()])


def _state(
    run: IndexedRun | None,
    release: IndexedRelease | None,
    own: IndexedRelease | None,
    failure: Failure | None,
    changed: tuple[str, ...],
) -> StateKey:
    if failure is not None and not failure.interrupted:
        return "failing"
    if run is None:
        return "unrun"
    if release is not None and release.state == "void":
        return "void"
    if own is not None and own.state == "withdrawn":
        return "withdrawn"
    if changed:
        return "changed"
    return "signed" if own is not None and own.state == "signed" else "awaiting"


def release_of_run(index: Index, run: IndexedRun) -> IndexedRelease | None:
    """Return the newest release that a run's results belong to, however it stands."""
    releases = reversed(index.releases.get(run.pilot, ()))
    return next((one for one in releases if _same_results(index, run, one)), None)


def _same_results(index: Index, run: IndexedRun, release: IndexedRelease) -> bool:
    """Whether a run's results are a release's: the same run, or one that took all of it over."""
    if run.run_id == release.run_id:
        return True
    released = index.runs.get(run.pilot, {}).get(release.run_id)
    return released is not None and released.executed == run.executed


def _failure(attempt: Attempt | None, run: IndexedRun | None) -> Failure | None:
    if attempt is None or attempt.outcome == "complete":
        return None
    if run is not None and attempt.run_id <= run.run_id:
        return None
    failed = (name for name, step in attempt.steps.items() if step.state == "failed")
    step = next(failed, "")
    message = attempt.message or (attempt.steps[step].message if step else "")
    return Failure(
        at=attempt.finished,
        step=step,
        message=message,
        interrupted=attempt.outcome == "interrupted",
        notebook=attempt.notebook or "",
    )
