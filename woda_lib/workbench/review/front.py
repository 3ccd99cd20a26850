"""What the front page shows of each pilot: its answer, its values and how they moved, its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from woda_lib.phrases import say_number
from woda_lib.records import Pilot, RunFolder, Value, as_plain, say_change, say_label
from woda_lib.settings import Settings
from woda_lib.workbench.review.answers import BESIDE, answer_paragraphs
from woda_lib.workbench.review.changes import Change, value_change
from woda_lib.workbench.review.citations import Citations, citations_of
from woda_lib.workbench.review.index import Index, IndexedRelease, IndexedRun
from woda_lib.workbench.review.places import FRONT, difference_page, href, site_folder
from woda_lib.workbench.review.sparkline import Point, sparkline
from woda_lib.workbench.review.states import WORDS, Standing, StateKey, read_attempt, standing_of

StepState = Literal["ran", "taken over", "failed", "not run"]


@dataclass(frozen=True)
class Move:
    """How far a value moved since something; `note` says what else differs."""

    since: str
    change: Change | None
    note: str
    link: str

    @property
    def said(self) -> tuple[str, ...]:
        """What a reader is told of it."""
        change = self.change
        return (change.words, change.interval, change.reading, self.note) if change else ()


@dataclass(frozen=True)
class Headline:
    """One value: now, through its history, and since the last release and the last run."""

    value: Value
    spark: Markup
    moves: tuple[Move, ...]
    unexpected: str


@dataclass(frozen=True)
class StepShown:
    """One step of the last attempt: whether it ran, how long, and where its report is."""

    name: str
    question: str
    state: StepState
    seconds: float
    executed_by: str
    link: str


@dataclass(frozen=True)
class Entry:
    """One question of the front page.

    `unreadable` names newer runs whose manifest is damaged, and `protocol` says how what was
    registered beforehand differs from the last release, and where the run departs from it. `cited`
    is what a study cites, as it stands now.
    """

    pilot: Pilot
    run: IndexedRun | None
    standing: Standing
    answer: Markup
    headlines: tuple[Headline, ...]
    steps: tuple[StepShown, ...]
    report: str
    unreadable: tuple[str, ...]
    protocol: tuple[str, ...]
    cited: tuple[Citations, ...] = ()

    @property
    def folded(self) -> tuple[Headline, ...]:
        """The values that a reader must open: beyond the first few, and as they were expected."""
        return tuple(one for one in self.headlines[BESIDE:] if not one.unexpected)

    def count(self, state: StepState) -> int:
        """How many steps of the last attempt ended so."""
        return sum(step.state == state for step in self.steps)

    @property
    def seconds(self) -> float:
        """What the steps that ran took together."""
        return sum(step.seconds for step in self.steps if step.state == "ran")


@dataclass(frozen=True)
class Tally:
    """How many pilots are in one state, and which."""

    state: StateKey
    word: str
    pilots: tuple[Pilot, ...]


def entry_of(pilot: Pilot, settings: Settings, index: Index) -> Entry:
    """Gather what the front page shows of a pilot."""
    page = site_folder(settings.outputs_folder) / FRONT
    run = index.last_run(pilot.pilot)
    standing = standing_of(pilot, settings, index)
    paragraphs = answer_paragraphs(run.answer) if run else []
    steps = _steps(pilot, run, standing, settings, page)
    return Entry(
        pilot=pilot,
        run=run,
        standing=standing,
        answer=paragraphs[0] if paragraphs else Markup(""),
        headlines=_headlines(pilot, run, standing, settings, index),
        steps=steps,
        report=_report(pilot, run, pilot.answered_by, settings, page) if run else "",
        unreadable=index.newer_unreadable(pilot.pilot),
        protocol=_protocol_notes(run, standing, index) if run else (),
        cited=citations_of(pilot, settings, index),
    )


def tallies(entries: Sequence[Entry]) -> list[Tally]:
    """Count the states, what needs somebody first."""
    return [
        Tally(state, word, pilots)
        for state, word in WORDS.items()
        if (pilots := tuple(e.pilot for e in entries if e.standing.state == state))
    ]


def _headlines(
    pilot: Pilot,
    run: IndexedRun | None,
    standing: Standing,
    settings: Settings,
    index: Index,
) -> tuple[Headline, ...]:
    if run is None:
        return ()
    answering = run.steps.get(pilot.answered_by)
    values = answering.values if answering and answering.values else tuple(run.values.values())
    before = index.run_before(run)
    release = _release_before(run, standing, index)
    history = index.history(pilot.pilot)
    versions = {r.run_id: r.version for r in index.releases.get(pilot.pilot, ())}
    return tuple(
        Headline(
            value=value,
            spark=sparkline(
                say_label(value),
                [Point(h.values.get(value.name), versions.get(h.run_id, "")) for h in history],
            ),
            moves=tuple(
                move
                for move in _merged(
                    _since_release(value, run, release, standing, settings, index),
                    _since_run(value, run, before, settings),
                )
                if move.change is not None or position == 0  # that there is nothing is said once
            ),
            unexpected=_unexpected(pilot, value),
        )
        for position, value in enumerate(values)
    )


def _protocol_notes(run: IndexedRun, standing: Standing, index: Index) -> tuple[str, ...]:
    """Say what a reader must know of the pre-registration before believing the answer."""
    notes = []
    release = _release_before(run, standing, index)
    for step, registered in run.protocols.items():
        if release is not None:
            before = as_plain(release.protocols.get(step))
            if said := say_change(before, as_plain(registered)):
                notes.append(f"Since release {release.version} {said}.")
        if registered.departures:
            departures = "; ".join(registered.departures)
            notes.append(f"This is not the registered analysis: {departures}.")
    if release is not None:
        dropped = release.protocols.keys() - run.protocols.keys()
        notes.extend(f"Since release {release.version} {step} has no protocol." for step in dropped)
    return tuple(notes)


def _release_before(run: IndexedRun, standing: Standing, index: Index) -> IndexedRelease | None:
    """Return the release to compare with: of a release itself, the one before it."""
    releases = [r for r in index.releases.get(run.pilot, ()) if r.state in ("signed", "awaiting")]
    if standing.is_release and standing.release in releases:
        releases = releases[: releases.index(standing.release)]
    return releases[-1] if releases else None


def _since_release(
    value: Value,
    run: IndexedRun,
    release: IndexedRelease | None,
    standing: Standing,
    settings: Settings,
    index: Index,
) -> Move:
    if release is None:
        return Move("Since a release", None, "none to compare with", "")
    old = next((other for other in release.values if other.name == value.name), None)
    released = index.runs.get(run.pilot, {}).get(release.run_id)
    same_data = released is not None and released.data == run.data
    own = (standing.release.version,) if standing.is_release and standing.release else ()
    return Move(
        f"Since release {release.version}",
        value_change(old, value, same_data=same_data),
        _note(run, release.parameters, same_data),
        _difference(run, release.version, (*own, run.run_id), settings),
    )


def _since_run(
    value: Value, run: IndexedRun, before: IndexedRun | None, settings: Settings
) -> Move:
    if before is None:
        return Move("Since the last run", None, "this is the first", "")
    same_data = before.data == run.data
    return Move(
        "Since the last run",
        value_change(before.values.get(value.name), value, same_data=same_data),
        _note(run, before.parameters, same_data),
        _difference(run, before.run_id, (run.run_id,), settings),
    )


def _merged(since_release: Move, since_run: Move) -> tuple[Move, ...]:
    """Return both moves, or one where they say the same."""
    if since_release.change is None or since_release.said != since_run.said:
        return since_release, since_run
    return (replace(since_release, since=f"{since_release.since} and the last run"),)


def _note(run: IndexedRun, parameters: Mapping[str, object], same_data: bool) -> str:
    """Say what else differs: parameters first, since they are somebody's choice."""
    names = sorted({*parameters, *run.parameters})
    changed = [
        f"{name} {_said(parameters.get(name))} → {_said(run.parameters.get(name))}"
        for name in names
        if parameters.get(name) != run.parameters.get(name)
    ]
    return "; ".join(changed) or ("same data" if same_data else "")


def _said(value: object) -> str:
    if value is None:
        return "not set"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _difference(run: IndexedRun, old: str, names: Sequence[str], settings: Settings) -> str:
    """Return a link to the page that compares the two, under the first name that has one."""
    outputs = settings.outputs_folder
    pages = (difference_page(outputs, run.pilot, old, name) for name in names)
    found = next((page for page in pages if page.is_file()), None)
    return href(found, site_folder(outputs) / FRONT) if found else ""


def expected_of(pilot: Pilot) -> Mapping[str, Any]:
    """Return by name the ranges that a parameter file expects of its values."""
    expected: Mapping[str, Any] = getattr(pilot, "expected", {})
    return expected


def _unexpected(pilot: Pilot, value: Value) -> str:
    """Say what was expected of a value that lies outside its declared range."""
    expected = expected_of(pilot).get(value.name)
    if expected is None or value.value is None:
        return ""
    low, high = expected.low, expected.high
    if (low is None or value.value >= low) and (high is None or value.value <= high):
        return ""
    ends = ["" if end is None else say_number(end, max(value.decimals, 0)) for end in (low, high)]
    if all(ends):
        return f"{ends[0]} to {ends[1]}"
    return f"at least {ends[0]}" if ends[0] else f"at most {ends[1]}"


def _steps(
    pilot: Pilot,
    run: IndexedRun | None,
    standing: Standing,
    settings: Settings,
    page: Path,
) -> tuple[StepShown, ...]:
    attempt = read_attempt(settings, pilot.pilot) if standing.failure else None
    shown = []
    for step in pilot.steps:
        name = step.name
        link = _report(pilot, run, name, settings, page) if run else ""
        if attempt is not None:
            outcome = attempt.steps.get(name)
            said = outcome.state if outcome else "not run"
            state: StepState = "ran" if said == "done" else said
            shown.append(
                StepShown(name, step.question, state, outcome.seconds if outcome else 0, "", link)
            )
        elif run is not None and name in run.steps:
            made = run.steps[name]
            state = "taken over" if run.taken_over(name) else "ran"
            shown.append(
                StepShown(name, step.question, state, made.seconds, made.executed_by, link)
            )
        else:
            shown.append(StepShown(name, step.question, "not run", 0, "", ""))
    return tuple(shown)


def _report(pilot: Pilot, run: IndexedRun, step: str, settings: Settings, page: Path) -> str:
    """Return the link to a step's report, where the run has one."""
    folder = RunFolder(settings.outputs_folder / pilot.pilot / run.run_id)
    report = folder.report(step)
    return href(report, page) if report.is_file() else ""
