"""What differs between two releases: as sentences, as the next version, and as a CHANGELOG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from woda_lib.records import (
    Release,
    ReleaseStanding,
    Value,
    as_plain,
    say_amount,
    say_change,
    say_interval,
    say_label,
    versions_in_order,
)

Part = Literal["major", "minor"]

FIRST = "1.0"


def next_version(
    taken: Iterable[str], before: Release | None, now: Release, part: Part | None
) -> str:
    """Return the version of a release.

    The first is 1.0. After that the second number counts up, as long as everything that could be
    cited from the release before still means the same: the question and the registered primary
    models are the same, and every value is there in the same unit. Where not, the first number
    does. `part` overrules that.

    Parameters
    ----------
    taken : iterable of str
        Every version that ever was; none is given twice.
    before : Release, optional
        The release to compare with.
    now : Release
    part : {"major", "minor"}, optional
    """
    versions = versions_in_order(taken)
    if not versions:
        return FIRST
    major, minor = map(int, versions[-1].split("."))
    if part is None:
        part = "minor" if before is None or _means_the_same(before, now) else "major"
    return f"{major + 1}.0" if part == "major" else f"{major}.{minor + 1}"


def changes_between(before: Release | None, now: Release) -> tuple[str, ...]:
    """Say what differs from the release before, a sentence each: values, then causes."""
    if before is None:
        return ("The first release.",)
    values = list(_values_changed(before, now)) or ["No headline value changed."]
    return (*values, *_causes(before, now))


def changelog(pilot: str, standings: Sequence[ReleaseStanding]) -> str:
    """Return the CHANGELOG of a pilot's releases in Markdown, the newest first."""
    releases = {one.release.version: one.release for one in standings}
    parts = [
        f"# Releases of {pilot}\n\nWritten anew at each release, signature and withdrawal. How a "
        f"release stands now is proved by `woda verify {pilot}`.\n"
    ]
    for standing in reversed(standings):
        release = standing.release
        parts.append(f"## {release.version}, {release.released:%-d %B %Y}: {_state(standing)}\n")
        if not release.files:
            continue
        parts.append(f"{_origin(release)}\n")
        if release.reason:
            parts.append(f"Released although a value was not as expected: {release.reason}\n")
        parts.append(_table(releases.get(release.previous or ""), release))
        parts.append("".join(f"- {change}\n" for change in release.changes))
    return "\n".join(parts)


def _means_the_same(before: Release, now: Release) -> bool:
    units = {value.name: value.unit for value in now.values}
    kept = all(units.get(value.name) == value.unit for value in before.values)
    primaries = [
        {step: one.protocol.primary for step, one in release.protocols.items()}
        for release in (before, now)
    ]
    same_model = not primaries[0] or primaries[0] == primaries[1]
    return kept and same_model and before.question == now.question


def _values_changed(before: Release, now: Release) -> Iterator[str]:
    old, new = _by_name(before), _by_name(now)
    for name, value in new.items():
        if name not in old:
            yield f"New: {say_label(value)}, {_said(value)}."
        elif _said(old[name]) != _said(value):
            yield f"{say_label(value)}: {_said(old[name])} → {_said(value)}."
    for name in sorted(old.keys() - new.keys()):
        yield f"No longer given: {say_label(old[name])}."


def _causes(before: Release, now: Release) -> Iterator[str]:
    if before.question != now.question:
        yield f"The question was: {before.question}"
    for name in sorted(before.parameters.keys() | now.parameters.keys()):
        old, new = (one.parameters.get(name, "not there") for one in (before, now))
        if old != new:
            yield f"Parameter {name}: {old} → {new}."
    for step in sorted(before.protocols.keys() | now.protocols.keys()):
        old, new = (as_plain(one.protocols.get(step)) for one in (before, now))
        if said := say_change(old, new):
            yield f"{step}: {said}."
    if before.extracts != now.extracts or before.synthetic != now.synthetic:
        yield f"Data: {_data(before)} → {_data(now)}."
    if before.data_up_to != now.data_up_to and now.data_up_to:
        was = f"{before.data_up_to:%-d %B %Y} → " if before.data_up_to else ""
        yield f"Data up to: {was}{now.data_up_to:%-d %B %Y}."
    if (before.commit, before.dirty) != (now.commit, now.dirty):
        yield f"Code: {_code(before)} → {_code(now)}."


def _table(before: Release | None, now: Release) -> str:
    old: Mapping[str, Value] = _by_name(before) if before else {}
    new = _by_name(now)
    names = [*new, *(name for name in old if name not in new)]
    if not names:
        return ""
    heading = ["value", *([before.version] if before else []), now.version]
    columns = [old, new] if before else [new]
    rows = [heading, ["---"] * len(heading)]
    for name in names:
        cells = [_said(column[name]) if name in column else "" for column in columns]
        rows.append([f"`{name}`", *cells])
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in escaped)


def _origin(release: Release) -> str:
    up_to = f" up to {release.data_up_to:%-d %B %Y}" if release.data_up_to else ""
    return (
        f"Run `{release.run_id}` by {', '.join(release.authors) or release.author}, released by "
        f"{release.released_by}. Data: {_data(release)}{up_to}. Code: {_code(release)}."
    )


def _state(standing: ReleaseStanding) -> str:
    signers = " and ".join(f"{signer.name} ({signer.role})" for signer in standing.signers)
    match standing.state:
        case "signed":
            return f"signed by {signers}"
        case "awaiting":
            return f"awaits signatures; signed by {signers}" if signers else "awaits signatures"
        case state:
            gone = standing.withdrawal
            when = f" on {gone.at:%-d %B %Y} by {gone.by}" if gone and state == "withdrawn" else ""
            return f"**{state}**{when}. {standing.why}"


def _said(value: Value) -> str:
    interval = say_interval(value)
    return f"{say_amount(value)} ({interval})" if interval else say_amount(value)


def _by_name(release: Release) -> dict[str, Value]:
    return {value.name: value for value in release.values}


def _data(release: Release) -> str:
    return f"{release.extracts} (made up)" if release.synthetic else release.extracts


def _code(release: Release) -> str:
    commit = release.commit[:8] if release.commit else "not in git"
    return f"{commit}, with changes that are not committed" if release.dirty else commit
