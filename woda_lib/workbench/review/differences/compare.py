"""Two runs of a pilot compared: reasons, values, tables, figures, sentences and rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import PurePosixPath

from woda_lib.errors import WodaError
from woda_lib.records import (
    Manifest,
    RunFolder,
    Shown,
    StepRecord,
    Value,
    read_exported,
    read_manifest,
)
from woda_lib.workbench.review.answers import answer_paragraphs
from woda_lib.workbench.review.changes import value_change
from woda_lib.workbench.review.differences.model import (
    Difference,
    Fate,
    FigureChange,
    Piece,
    Reason,
    RowsChange,
    TableChange,
    TextChange,
    ValueChange,
)
from woda_lib.workbench.review.differences.origins import same_data, shared_files, upstream_of
from woda_lib.workbench.review.differences.reasons import find_reasons
from woda_lib.workbench.review.differences.tables import compare_rows
from woda_lib.workbench.review.differences.words import compare_paragraphs, compare_words
from woda_lib.workbench.review.passages import UnreadablePassages, read_passages


class NotComparable(WodaError):
    """Two runs are not of one pilot."""

    exit_code = 2


def compare_runs(before: RunFolder, after: RunFolder) -> Difference:
    """Compare two runs, or the frozen files of two releases, of one pilot.

    Only what passed the gate is read: values, exported tables, captions and answers. Nothing is
    subtracted but values as they are shown.

    Parameters
    ----------
    before, after : RunFolder
        The older and the newer one.

    Raises
    ------
    ManifestError
        If a manifest cannot be read.
    NotComparable
        If the runs belong to different pilots.
    """
    old, new = read_manifest(before), read_manifest(after)
    if old.pilot != new.pilot:
        raise NotComparable(
            f"Run {old.run_id} belongs to {old.pilot} and run {new.run_id} to {new.pilot}. "
            "Name two runs of one pilot."
        )
    notes: list[str] = []
    reasons = find_reasons(old, new)
    tables, figures = _exhibits((before, old), (after, new), notes)
    return Difference(
        pilot=new.pilot,
        before=old.run_id,
        after=new.run_id,
        reasons=reasons,
        values=tuple(_values(old, new, reasons)),
        tables=tuple(tables),
        figures=tuple(figures),
        texts=tuple(_texts((before, old), (after, new), notes)),
        rows=tuple(_rows(old, new)),
        files=shared_files(old, new),
        notes=tuple(notes),
    )


def _values(old: Manifest, new: Manifest, reasons: tuple[Reason, ...]) -> Iterator[ValueChange]:
    was, now = _by_name(old), _by_name(new)
    for name in dict.fromkeys((*now, *was)):
        step = (now.get(name) or was[name])[0]
        before, after = (side[name][1] if name in side else None for side in (was, now))
        change = value_change(before, after, same_data=same_data(old, new, step))
        reached = upstream_of(new, step) | upstream_of(old, step)
        because = tuple(
            dict.fromkeys(
                reason.name
                for reason in reasons
                if reason.cause != "prose" and reached.intersection(reason.steps)
            )
        )
        yield ValueChange(step, change, change.reading, because)


def _by_name(manifest: Manifest) -> dict[str, tuple[str, Value]]:
    return {value.name: (r.step, value) for r in manifest.steps for value in r.values}


Side = tuple[RunFolder, Manifest]


def _exhibits(
    before: Side, after: Side, notes: list[str]
) -> tuple[list[TableChange], list[FigureChange]]:
    was, now = (
        {(r.step, shown.kind, shown.name): shown for r in side[1].steps for shown in r.shown}
        for side in (before, after)
    )
    tables, figures = [], []
    for key in dict.fromkeys((*now, *was)):
        step, kind, _ = key
        old, new = was.get(key), now.get(key)
        if kind != "table":
            figures.append(_figure(step, old, new, before[0], after[0]))
        for was_table, now_table in _tables_of(old, new):
            try:
                tables.append(_table(step, was_table, now_table, before[0], after[0]))
            except (OSError, UnicodeDecodeError, csv.Error):
                notes.append(f"The table {key[2]} of step {step} cannot be read, and is left out.")
    return tables, figures


def _tables_of(old: Shown | None, new: Shown | None) -> Iterator[tuple[Shown | None, Shown | None]]:
    """The tables of an exhibit in both versions: a map has one for each of its layers."""
    was, now = (_by_table(shown) if shown else {} for shown in (old, new))
    for name in dict.fromkeys((*now, *was)):
        yield was.get(name), now.get(name)


def _by_table(shown: Shown) -> dict[str, Shown]:
    if shown.kind == "figure":
        return {}
    if shown.kind == "table":
        return {shown.name: shown}
    files = {PurePosixPath(file).stem: file for file in shown.files if file.endswith(".csv")}
    return {
        stem: shown.model_copy(update={"name": stem.replace(".", "_"), "files": (file,)})
        for stem, file in files.items()
    }


def _table(
    step: str, old: Shown | None, new: Shown | None, before: RunFolder, after: RunFolder
) -> TableChange:
    shown = new or old
    assert shown is not None  # a change has at least one side
    sides = [
        read_exported(run.path / side.files[0]) if side else ((), [])
        for side, run in ((old, before), (new, after))
    ]
    fate: Fate = "added" if old is None else "removed" if new is None else "same"
    if fate == "same" and sides[0] != sides[1]:
        fate = "changed"
    columns, labels, rows = compare_rows(*sides)
    if fate == "changed" and all(row.fate == "same" for row in rows) and _same_heads(columns):
        fate = "same"  # only the order of rows or columns differs
    return TableChange(step, shown.name, shown.caption, fate, columns, labels, rows)


def _same_heads(columns: tuple[tuple[str, Fate], ...]) -> bool:
    return all(fate == "same" for _, fate in columns)


def _figure(
    step: str, old: Shown | None, new: Shown | None, before: RunFolder, after: RunFolder
) -> FigureChange:
    shown = new or old
    assert shown is not None  # as above
    fate: Fate = "added" if old is None else "removed" if new is None else "changed"
    if old and new and _bytes(before, old) == _bytes(after, new):
        fate = "same"
    return FigureChange(
        step,
        shown.name,
        fate,
        old.caption if old else "",
        new.caption if new else "",
        old.files if old else (),
        new.files if new else (),
    )


def _bytes(run: RunFolder, shown: Shown) -> list[bytes | None]:
    """The numbers behind a figure; its drawing carries identifiers, and decides where it is all.

    Of a map the picture counts too: boundaries may move while their numbers stay.
    """
    kinds = (".csv", ".svg") if shown.kind == "map" else (".csv",)
    files = [name for name in shown.files if name.endswith(kinds)] or list(shown.files)
    return [path.read_bytes() if (path := run.path / name).is_file() else None for name in files]


def _texts(before: Side, after: Side, notes: list[str]) -> Iterator[TextChange]:
    earlier = {record.step: record for record in before[1].steps}
    for new in after[1].steps:
        old = earlier.get(new.step)
        if old is None:
            continue
        if old.question != new.question:
            yield TextChange(new.step, "The question", compare_words(old.question, new.question))
        for pieces in compare_paragraphs(_said(old), _said(new)):
            yield TextChange(new.step, "The answer", pieces)
        captions = {(s.kind, s.name): s.caption for s in old.shown}
        for shown in new.shown:
            was = captions.get((shown.kind, shown.name), shown.caption)
            if was != shown.caption:
                where = f"Caption of {shown.name.replace('_', ' ')}"
                yield TextChange(new.step, where, compare_words(was, shown.caption))
        yield from _prose(new.step, before[0], after[0], notes)


def _said(record: StepRecord) -> list[str]:
    return [paragraph.striptags() for paragraph in answer_paragraphs(record.answer)]


def _prose(
    step: str, before: RunFolder, after: RunFolder, notes: list[str]
) -> Iterator[TextChange]:
    try:
        was, now = (read_passages(run.notebook(step)) for run in (before, after))
    except UnreadablePassages:
        notes.append(f"The text of step {step} cannot be read in both versions, and is left out.")
        return
    for heading in dict.fromkeys((*now, *was)):
        changed: list[tuple[Piece, ...]] = compare_paragraphs(
            was.get(heading, []), now.get(heading, [])
        )
        for pieces in changed:
            yield TextChange(step, heading, pieces)


def _rows(old: Manifest, new: Manifest) -> Iterator[RowsChange]:
    was, now = (
        {(r.step, name): rows for r in side.steps for name, rows in r.rows.items()}
        for side in (old, new)
    )
    for key in dict.fromkeys((*now, *was)):
        if was.get(key) != now.get(key):
            yield RowsChange(*key, was.get(key), now.get(key))
