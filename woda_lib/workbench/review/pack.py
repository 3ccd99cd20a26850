"""The pack for the Partnership Executive Group: one A4 page a question, from what is recorded.

Nothing is written for it: the answer's first paragraph is the answer, its others say what follows;
the notebook's section *How sure are we* says how sure, and what would change our mind; what is
asked of the group stands in the parameter file as ``asks``. What is not recorded is left out; what
does not fit is cut off after a sentence, and the page says that the report has more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from woda_lib.phrases import sentences
from woda_lib.records import ManifestError, Pilot, RunFolder, Value, read_manifest
from woda_lib.settings import Settings
from woda_lib.workbench.review.answers import BESIDE, answer_paragraphs
from woda_lib.workbench.review.changes import Change, value_change
from woda_lib.workbench.review.citations import read_citations
from woda_lib.workbench.review.fragments import UnsafeOutput
from woda_lib.workbench.review.index import Index, IndexedRelease, IndexedRun
from woda_lib.workbench.review.pages import say_day, say_moment, short_day, write_page
from woda_lib.workbench.review.passages import UnreadablePassages, read_passages
from woda_lib.workbench.review.places import FRONT, PACK, frozen_run, href, site_folder
from woda_lib.workbench.review.reading import ReportError, read_notebook
from woda_lib.workbench.review.states import WORDS, release_of_run

_FIGURE = re.compile(r"<figure\b.*?</figure>", re.DOTALL)
_TOOLS = re.compile(r'<a class="dl".*?</a>|<b>Figure \d+\.</b> ', re.DOTALL)
_NAMES = re.compile(r'(aria-labelledby|figcaption id)="(f-[^"]+)"')
_SURE = re.compile(r"how sure", re.IGNORECASE)
_MIND = re.compile(r"^what would change[^:]*:\s*", re.IGNORECASE)
_LETTERS = 500  # that one of the four boxes holds without crowding the page


@dataclass(frozen=True)
class Box:
    """A heading and what stands beneath it; whether the report says more of it."""

    heading: str
    paragraphs: tuple[str, ...]
    shortened: bool = False


@dataclass(frozen=True)
class ValueRow:
    """A value now, and how far it moved since the version before."""

    value: Value
    change: Change | None


@dataclass(frozen=True)
class Notice:
    """What a reader must know first: that it was withdrawn, or what became of its evidence."""

    said: str
    fallen: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One page: a pilot's newest signed release, else one that awaits, else its last run.

    `notice` says that it was withdrawn, or that what it cites fell or is another number by now.
    """

    pilot: Pilot
    state: str
    word: str
    answer: Markup
    figure: Markup
    boxes: tuple[Box, ...]
    values: tuple[ValueRow, ...]
    since: str
    foot: str
    report: str
    synthetic: bool
    notice: Notice | None = None


def write_pack(settings: Settings, index: Index, pilots: Sequence[Pilot]) -> Path:
    """Write ``outputs/site/pack.html``, which prints to one A4 page a pilot.

    Parameters
    ----------
    settings : Settings
    index : Index
        Brought up to date.
    pilots : sequence of Pilot
        In their order. Those that have neither release nor run have no page.
    """
    path = site_folder(settings.outputs_folder) / PACK
    sheets = [sheet for pilot in pilots if (sheet := sheet_of(settings, index, pilot))]
    write_page(
        path,
        "pack.html",
        sheets=sheets,
        synthetic=any(sheet.synthetic for sheet in sheets),
        front=FRONT,
        here=PACK,
    )
    return path


def sheet_of(settings: Settings, index: Index, pilot: Pilot) -> Sheet | None:
    """Return a pilot's page; None where it has neither a release that counts nor a run.

    A withdrawn release, or one whose files were altered, does not count; a run that was released so
    says it. A newer release that awaits signatures does not replace one that is signed.
    """
    counting = [r for r in index.releases.get(pilot.pilot, ()) if r.state in ("signed", "awaiting")]
    run = index.last_run(pilot.pilot)
    before: IndexedRelease | IndexedRun | None
    state: str
    notice: Notice | None = None
    if counting:
        release = next((one for one in reversed(counting) if one.state == "signed"), counting[-1])
        folder = frozen_run(settings.outputs_folder, release.pilot, release.version)
        earlier = counting[: counting.index(release)]
        before = earlier[-1] if earlier else None
        state, word = release.state, "Signed" if release.state == "signed" else "Awaiting sign-off"
        name, foot = f"version {release.version}", _released(release)
        if counting[-1] is not release:
            foot += f" Version {counting[-1].version} awaits signatures."
    elif run is not None:
        folder = RunFolder(settings.outputs_folder / pilot.pilot / run.run_id)
        before = index.run_before(run)
        state, word, foot, notice = _of_run(index, run)
        name = f"the run of {say_day(run.finished)}"
    else:
        return None
    try:
        manifest = read_manifest(folder)
    except ManifestError:
        return None
    cited = read_citations(name, folder, pilot, settings)
    if notice is None and cited and cited.moving:
        notice = Notice(cited.said, bool(cited.fallen), cited.reasons)
        if notice.fallen:
            state, word = "void", f"{word}; evidence no longer stands"
    record = next((r for r in manifest.steps if r.step == pilot.answered_by), None)
    values = record.values if record and record.values else tuple(manifest.values.values())
    first, *others = answer_paragraphs(manifest.answer) or [Markup("")]
    report, page = folder.report(pilot.answered_by), site_folder(settings.outputs_folder) / PACK
    return Sheet(
        pilot=pilot,
        state=state,
        word=word,
        answer=first,
        figure=_figure(folder.notebook(pilot.answered_by), pilot.pilot),
        boxes=tuple(_boxes(pilot, [p.striptags() for p in others], folder)),
        values=_rows(values, before, _same_data(index, before, manifest.run_id)),
        since=_since(before),
        foot=foot,
        report=href(report, page) if report.is_file() else "",
        synthetic=any(step.synthetic for step in manifest.steps),
        notice=notice,
    )


def _of_run(index: Index, run: IndexedRun) -> tuple[str, str, str, Notice | None]:
    """Say how a run stands that is shown for want of a release: state, word, foot and notice."""
    release = release_of_run(index, run)
    made = f"Run of {say_moment(run.finished)}"
    if release is None:
        return "awaiting", "Not signed", f"{made}, not signed and not released.", None
    became = "was withdrawn" if release.state == "withdrawn" else "is void"
    why = f"{release.why.rstrip('.')}." if release.why else "nobody may cite it."
    foot = f"{made}, released as version {release.version}, which {became}: {why}"
    notice = Notice(f"Version {release.version} {became}", True, (why,))
    return release.state, WORDS[release.state], foot, notice


def _rows(
    values: Sequence[Value], before: IndexedRelease | IndexedRun | None, same_data: bool
) -> tuple[ValueRow, ...]:
    old = _values_of(before)
    return tuple(
        ValueRow(
            value,
            value_change(old.get(value.name), value, same_data=same_data) if before else None,
        )
        for value in values[:BESIDE]
    )


def _values_of(before: IndexedRelease | IndexedRun | None) -> dict[str, Value]:
    if isinstance(before, IndexedRun):
        return before.values
    return {value.name: value for value in before.values} if before else {}


def _since(before: IndexedRelease | IndexedRun | None) -> str:
    if isinstance(before, IndexedRun):
        return f"Since the run of {short_day(before.finished)}"
    return f"Since {before.version}" if before else ""


def _same_data(index: Index, before: IndexedRelease | IndexedRun | None, run_id: str) -> bool:
    """Whether both versions read the same bytes; of a run that is gone nobody knows."""
    runs = index.runs.get(before.pilot, {}) if before else {}
    old, new = runs.get(before.run_id) if before else None, runs.get(run_id)
    return old is not None and new is not None and old.data == new.data


def _released(release: IndexedRelease) -> str:
    names = ", ".join(f"{signer.name} ({signer.role})" for signer in release.signers)
    signed = f"Signed: {names}." if names else "Not signed yet."
    return f"Version {release.version}, {say_day(release.released)}. {signed}"


def _boxes(pilot: Pilot, others: list[str], folder: RunFolder) -> list[Box]:
    sure, mind = _doubts(folder.notebook(pilot.answered_by))
    boxes = [
        _fitting("So what", others),
        _fitting("How sure", sure),
        _fitting("What would change our mind", mind),
        Box("Asked of you", (pilot.asks,) if pilot.asks else ()),
    ]
    return [box for box in boxes if box.paragraphs or box.shortened]


def _doubts(notebook: Path) -> tuple[list[str], list[str]]:
    """What the author says of how sure we are, and of what would change the answer."""
    try:
        passages = read_passages(notebook)
    except UnreadablePassages:
        return [], []
    heading = next((name for name in reversed(passages) if _SURE.match(name)), "")
    said = passages.get(heading, [])
    mind = [_MIND.sub("", text) for text in said if _MIND.match(text)]
    sure = [text for text in said if not _MIND.match(text)]
    return sure, [text[:1].upper() + text[1:] for text in mind]


def _fitting(heading: str, paragraphs: Sequence[str]) -> Box:
    """A box with the first sentences that fit into it."""
    kept: list[str] = []
    room = _LETTERS
    for text in paragraphs:
        fits: list[str] = []
        for sentence in sentences(text):
            room -= len(sentence)
            if room < 0:
                kept += [" ".join(fits)] if fits else []
                return Box(heading, tuple(kept), shortened=True)
            fits.append(sentence)
        kept.append(text)
    return Box(heading, tuple(kept))


def _figure(notebook: Path, pilot: str) -> Markup:
    """The figure that stands with the answer, or else the step's first, with names of its own."""
    try:
        reading = read_notebook(notebook)
    except (ReportError, UnsafeOutput):
        return Markup("")
    blocks = [reading.answer, *(block for part in reading.sections for block in part.blocks)]
    found = next((match[0] for html in blocks if (match := _FIGURE.search(html))), "")
    plain = _TOOLS.sub("", found)
    return Markup(_NAMES.sub(rf'\1="{pilot}-\2"', plain))
