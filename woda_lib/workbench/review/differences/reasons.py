"""Why two runs differ: which parameters, data, code, packages or settings are not the same.

Fingerprints say it exactly, step by step. Where a run has none, its manifest is compared: it names
commit, lock, inputs and parameters, and cannot say which module changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from woda_lib.records import Manifest, StepRecord, as_plain, say_change
from woda_lib.workbench.review.differences.model import Cause, Reason
from woda_lib.workbench.review.differences.origins import outside_files

_SAYABLE = 40  # letters; hashes and lists of fields are longer
_SETTINGS: dict[str, Cause] = {  # by the first word of a fingerprint's setting
    "agreement": "agreement",
    "purpose": "agreement",
    "clock": "data",
    "extracts": "data",
    "county": "data",
    "lock": "packages",
    "packages": "packages",
    "python": "packages",
    "protocol": "protocol",
}
_NEW, _GONE, _OTHER = "not there", "gone", "changed"


def find_reasons(before: Manifest, after: Manifest) -> tuple[Reason, ...]:
    """Return everything upstream that differs, in the order of how people ask for it.

    A table that a step of this pilot saved is no reason: what changed in that step is.

    Parameters
    ----------
    before, after : Manifest
        Two runs of one pilot.
    """
    found = [
        *_parameters(before, after),
        *_protocols(before, after),
        *_data(before, after),
        *_code(before, after),
        *_settings(before, after),
    ]
    return tuple(_merged(_with_packages(found, before, after)))


def _parameters(before: Manifest, after: Manifest) -> Iterator[Reason]:
    for step, old, new in _pairs(before, after):
        for name in dict.fromkeys((*old.parameters, *new.parameters)):
            was, now = (_said(record.parameters.get(name)) for record in (old, new))
            if was != now:
                yield Reason("parameter", name, was, now, (step,))


def _protocols(before: Manifest, after: Manifest) -> Iterator[Reason]:
    """What an evaluation said beforehand, key by key; a fingerprint says it all in one."""
    for step, old, new in _pairs(before, after):
        said = say_change(as_plain(old.protocol), as_plain(new.protocol))
        if said:
            was, now = (_registered_said(record) for record in (old, new))
            yield Reason("protocol", "pre-registration", was, f"{now}: {said}", (step,))


def _registered_said(record: StepRecord) -> str:
    if record.protocol is None:
        return "none"
    protocol = record.protocol.protocol
    return f"version {protocol.version}, registered {protocol.registered_on:%-d %B %Y}"


def _data(before: Manifest, after: Manifest) -> Iterator[Reason]:
    found = False
    for step, old, new in _pairs(before, after):
        was, now = (outside_files(manifest, {step}) for manifest in (before, after))
        for name in dict.fromkeys((*was, *now)):
            files, others = was.get(name, {}), now.get(name, {})
            rows = name in old.rows or name in new.rows
            if files != others and (rows or {*files.values()} != {*others.values()}):
                found = True
                yield Reason(
                    _cause_of(name),
                    name,
                    _files_said(files, old, name),
                    f"{_files_said(others, new, name)}: {_files_moved(files, others)}",
                    (step,),
                )
    if not found:
        for step, old, new in _pairs(before, after):
            if old.as_of != new.as_of:
                yield Reason("data", "data up to", str(old.as_of), str(new.as_of), (step,))


def _code(before: Manifest, after: Manifest) -> Iterator[Reason]:
    unknown = []
    for step, _, _ in _pairs(before, after):
        old, new = (
            made.fingerprint if (made := manifest.made.get(step)) else None
            for manifest in (before, after)
        )
        if old is None or new is None:
            unknown.append(step)
            continue
        notebook = f"notebooks/{after.pilot}/{step}.ipynb"
        if old.code != new.code:
            yield Reason("code", notebook, "", _OTHER, (step,))
        if old.prose != new.prose:
            yield Reason("prose", notebook, "", "text changed", (step,))
        yield from _named("code", old.modules, new.modules, step)
    if unknown:
        yield from _commits(before, after, tuple(unknown))


def _commits(before: Manifest, after: Manifest, steps: tuple[str, ...]) -> Iterator[Reason]:
    """What can be said of the code by commit alone."""
    was, now = (_commit_said(manifest) for manifest in (before, after))
    if was != now:
        yield Reason("code", "the checkout", was, now, steps)
    elif before.dirty or after.dirty:
        now = "the same commit; what was uncommitted is not known, and may differ"
        yield Reason("code", "the checkout", was, now, steps)


def _settings(before: Manifest, after: Manifest) -> Iterator[Reason]:
    unknown = []
    for step, old, new in _pairs(before, after):
        was, now = (
            made.fingerprint if (made := manifest.made.get(step)) else None
            for manifest in (before, after)
        )
        if was and now:
            for reason in _named("setting", was.settings, now.settings, step):
                cause = _SETTINGS.get(reason.what.partition(" ")[0], "setting")
                if cause != "protocol":  # told already, and in words
                    yield replace(reason, cause=cause)
            continue
        unknown.append(step)
        if old.agreement != new.agreement:
            yield Reason("agreement", "agreement", old.agreement, new.agreement, (step,))
        if old.purpose != new.purpose:
            yield Reason("agreement", "purpose", old.purpose, new.purpose, (step,))
        if old.seed != new.seed:
            yield Reason("setting", "seed", str(old.seed), str(new.seed), (step,))
    if unknown and before.lock_sha256 != after.lock_sha256:
        yield Reason("packages", "lock", "", _OTHER, tuple(unknown))


def _with_packages(found: Sequence[Reason], before: Manifest, after: Manifest) -> list[Reason]:
    """Name the packages that moved once, instead of the lock's hash and a list of everything."""
    told = [reason for reason in found if reason.what in ("lock", "packages")]
    was, now = before.packages, after.packages
    moved = [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
    if not (told and moved):
        return list(found)
    old, new = (
        ", ".join(f"{name} {side.get(name, 'none')}" for name in moved) for side in (was, now)
    )
    steps = tuple(dict.fromkeys(step for reason in told for step in reason.steps))
    others = [reason for reason in found if reason not in told]
    return [*others, Reason("packages", "versions", old, new, steps)]


def _named(
    cause: Cause, before: Mapping[str, str], after: Mapping[str, str], step: str
) -> Iterator[Reason]:
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was != now:
            yield Reason(cause, name, *_said_or_hashed(was, now), (step,))


def _said_or_hashed(before: str | None, after: str | None) -> tuple[str, str]:
    if before is None:
        return _NEW, "new"
    if after is None:
        return "", _GONE
    if max(len(before), len(after)) > _SAYABLE:
        return "", _OTHER
    return before, after


def _merged(found: list[Reason]) -> Iterator[Reason]:
    """Say once what several steps say alike."""
    steps: dict[tuple[Cause, str, str, str], list[str]] = {}
    for reason in found:
        same = (reason.cause, reason.what, reason.before, reason.after)
        steps.setdefault(same, []).extend(reason.steps)
    for (cause, what, before, after), names in steps.items():
        yield Reason(cause, what, before, after, tuple(dict.fromkeys(names)))


def _pairs(before: Manifest, after: Manifest) -> Iterator[tuple[str, StepRecord, StepRecord]]:
    earlier = {record.step: record for record in before.steps}
    for record in after.steps:
        if record.step in earlier:
            yield record.step, earlier[record.step], record


def _cause_of(name: str) -> Cause:
    return "setting" if name.endswith((".yaml", ".yml")) else "data"


def _files_said(files: Mapping[str, str], record: StepRecord, name: str) -> str:
    if not files:
        return "none"
    said = "1 file" if len(files) == 1 else f"{len(files):,} files"
    rows = record.rows.get(name)
    return f"{said}, {rows.delivered:,} rows" if rows else said


def _files_moved(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    new = sum(name not in before for name in after)
    gone = sum(name not in after for name in before)
    other = sum(name in before and before[name] != digest for name, digest in after.items())
    parts = [(new, "new"), (other, "changed"), (gone, "gone")]
    return ", ".join(f"{count:,} {word}" for count, word in parts if count)


def _commit_said(manifest: Manifest) -> str:
    if manifest.commit is None:
        return "no commit is known"
    return f"commit {manifest.commit[:8]}{', with uncommitted changes' if manifest.dirty else ''}"


def _said(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)
