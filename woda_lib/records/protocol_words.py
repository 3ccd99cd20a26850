"""What a protocol says, and what changed in it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from woda_lib.phrases import say_number
from woda_lib.records.protocols import Hypothesis, Registered, Setting, say_plain

_LONGEST = 60
"""Letters of a text that is quoted in a change; a longer one is said to be reworded."""
_OF = "\u241f"  # between a part of a list and its own keys; no text holds it
_ONE = {
    "hypotheses": "hypothesis",
    "secondary": "secondary outcome",
    "subgroups": "sub-groups",
    "deviations": "deviation",
}


def protocol_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what differs between two protocols, a clause each.

    Parameters
    ----------
    before, now : mapping
        What `Protocol.model_dump` gives in JSON's types.

    Returns
    -------
    tuple of str
        Such as ``primary model interrupted_time_series → synthetic_control``; empty where both
        say the same.
    """
    old, new = dict(_flat(before)), dict(_flat(now))
    parts = [{label.partition(_OF)[0] for label in side if _OF in label} for side in (old, new)]
    changes = []
    for label in dict.fromkeys((*new, *old)):
        part = label.partition(_OF)[0]
        if part in parts[0] ^ parts[1]:  # all of it came or went: said once
            changes.append(f"{part} {'added' if part in parts[1] else 'dropped'}")
        elif old.get(label) != new.get(label):
            changes.append(_change(label, old.get(label), new.get(label)))
    if changes and before.get("version") == now.get("version"):
        changes.append(f"its version still says {now.get('version')}")
    return tuple(dict.fromkeys(changes))


def say_change(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> str:
    """Say in one clause how a step's protocol changed; nothing where it did not.

    Parameters
    ----------
    before, now : mapping, optional
        `Registered` in JSON's types; None where the step had no protocol.
    """
    if not before or not now:
        if not now:
            return "its protocol is gone" if before else ""
        version = now["protocol"]["version"]
        return f"a protocol was registered for it (version {version})"
    if before["sha256"] == now["sha256"]:
        return ""
    changes = protocol_changes(before["protocol"], now["protocol"])
    if not changes:
        return "the protocol's file changed, in its comments or layout alone"
    return f"the protocol changed: {'; '.join(changes)}"


def as_plain(registered: Registered | None) -> dict[str, Any] | None:
    """Return a protocol in JSON's types, for `say_change`."""
    return registered.model_dump(mode="json") if registered else None


def say_settings(settings: Mapping[str, Setting]) -> str:
    """Return keyword arguments as a reader takes them in: ``impact step, season none``."""
    return ", ".join(
        f"{name.replace('_', ' ')} {'none' if value is None else say_plain(value)}"
        for name, value in settings.items()
    )


def say_aim(hypothesis: Hypothesis) -> str:
    """Say direction and size: "lower, by at least 1 day to matter", "no worse than by 3 points"."""
    unit = hypothesis.unit.removesuffix("s") if hypothesis.smallest == 1 else hypothesis.unit
    size = f"{say_number(hypothesis.smallest, 2).rstrip('0').rstrip('.')} {unit}"
    if hypothesis.direction == "no worse":
        return f"no worse, within a margin of {size}"
    return f"{hypothesis.direction}, and it matters from {size} on"


def _flat(content: Any, label: str = "") -> Iterator[tuple[str, str]]:
    """Take a protocol apart into what each of its keys says, under a name for people."""
    if isinstance(content, Mapping):
        for key, part in content.items():
            if key not in ("protocol", "name"):
                yield from _flat(part, f"{label} {key.replace('_', ' ')}".strip())
    elif isinstance(content, list | tuple):
        for number, part in enumerate(content, start=1):
            if isinstance(part, Mapping):
                name = str(part.get("name", number)).replace("_", " ")
                yield from _flat(part, f"{_ONE.get(label, label)} {name}{_OF}")
            else:
                yield f"{label} {number}", str(part)
    elif content not in (None, ""):
        yield label.replace(f"{_OF} ", _OF), say_plain(content)


def _change(label: str, old: str | None, new: str | None) -> str:
    said = label.replace(_OF, ": ")
    if old is None:
        return f"{said} added" if len(str(new)) > _LONGEST else f"{said} added: {new}"
    if new is None:
        return f"{said} dropped"
    if max(len(old), len(new)) > _LONGEST:
        return f"{said} reworded"
    return f"{said} {old} → {new}"
