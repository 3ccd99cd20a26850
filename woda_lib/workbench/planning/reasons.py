"""Why a step is not fresh: what differs between two fingerprints, in words."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from woda_lib.phrases import say_count
from woda_lib.records import (
    CITES,
    DELIVERIES,
    LISTED,
    Fingerprint,
    say_change,
)
from woda_lib.workbench.planning.citing import why_cited
from woda_lib.workbench.planning.fingerprints import GONE, MADE_BY

_NAMED = 3
"""So many changed modules are named; of more, the first and how many others."""


def why_run(
    before: Fingerprint, now: Fingerprint, *, pilot: str, running: Collection[str] = ()
) -> tuple[str, ...]:
    """Return what differs of that which decides results; nothing where they are the same.

    Parameters
    ----------
    before, now : Fingerprint
        Of the run whose results are there, and as things are.
    pilot : str
        Whose step it is; its other steps go by their own names.
    running : collection of str
        The steps, as ``<pilot>/<step>``, that are to be run before this one.
    """
    return tuple(
        dict.fromkeys(
            [
                *_parameters(before.parameters, now.parameters),
                *(["the notebook's code changed"] if before.code != now.code else []),
                *_modules(before.modules, now.modules, code_changed=before.code != now.code),
                *_data(before, now, pilot, running),
                *_settings(before.settings, now.settings),
            ]
        )
    )


def why_render(before: Fingerprint, now: Fingerprint) -> tuple[str, ...]:
    """Return what differs of that which only the report shows."""
    prose = ["the notebook's prose changed"] if before.prose != now.prose else []
    names = _changed(before.rendering, now.rendering)
    said = [f"what {n} says for readers changed" for n in names if n.startswith("parameters/")]
    makers = [name for name in names if not name.startswith("parameters/")]
    return (*prose, *said, *_listed(makers, "changed"))


def _parameters(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in _changed(before, now):
        if name not in before:
            yield f"the parameter {name} is new"
        elif name not in now:
            yield f"the parameter {name} is gone"
        else:
            yield f"{name} {_said(before[name])} → {_said(now[name])}"


def _said(value: bool | int | float | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, int | float) else value


def _modules(
    before: Mapping[str, str], now: Mapping[str, str], *, code_changed: bool
) -> Iterator[str]:
    """Say which modules changed; what is new or gone follows from one that did, or from code."""
    changed = [name for name in _changed(before, now) if name in before and name in now]
    yield from _listed(changed, "changed")
    if not changed and not code_changed:
        yield from _listed(sorted(now.keys() - before.keys()), "is new")
        yield from _listed(sorted(before.keys() - now.keys()), "is gone")


def _listed(names: list[str], what: str) -> Iterator[str]:
    if len(names) <= _NAMED:
        yield from (f"{name} {what}" for name in names)
    else:
        others = say_count(len(names) - 1)
        yield f"{names[0]} and {others} other files of woda_lib {what}"


def _data(
    before: Fingerprint, now: Fingerprint, pilot: str, running: Collection[str]
) -> Iterator[str]:
    elsewhere = before.settings.get("extracts") != now.settings.get("extracts")
    names = sorted({*before.data, *now.data})
    moved = [n for n in names if n.startswith(CITES) and before.data.get(n) != now.data.get(n)]
    owners = {name.removeprefix(CITES) for name in moved}
    for name in names:
        old, new = before.data.get(name), now.data.get(name)
        if old == new or name.partition("/")[0] in owners:
            continue  # of what is cited, where it is cited from says it all
        if name in moved:
            yield from why_cited(name.removeprefix(CITES), old or {}, new or {})
            continue
        if MADE_BY in {**(old or {}), **(new or {})}:
            own = name.removeprefix(f"{pilot}/")
            yield f"{own} is run again" if name in running else f"{own} is of another run"
        elif name in LISTED:
            told = (_datasets if name == DELIVERIES else _changed)(old or {}, new or {})
            yield f"{name} changed ({', '.join(told)})"
        elif old is None:
            yield f"it reads {name}, which it did not before"
        elif new is None:
            yield f"it reads {name} no longer"
        elif _are_extracts(old, new):
            if not elsewhere:
                yield from _files(name, old, new)
        else:
            for path in _changed(old, new):
                yield f"{path} is gone" if new.get(path) == GONE else f"{path} changed"


def _datasets(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Name the datasets whose counts differ, a few and how many others."""
    of = list(
        dict.fromkeys(PurePosixPath(path).name.partition(".")[0] for path in _changed(old, new))
    )
    yield from of[:_NAMED]
    if len(of) > _NAMED:
        yield f"and {say_count(len(of) - _NAMED)} more"


def _are_extracts(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Extracts go by partner and file, ``<partner>/<dataset>_<month>.csv``."""
    return all(path.count("/") == 1 and path.endswith(".csv") for path in {**old, **new})


def _files(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    kinds = {
        "new": new.keys() - old.keys(),
        "changed": {path for path in new.keys() & old.keys() if new[path] != old[path]},
        "gone": old.keys() - new.keys(),
    }
    for kind, files in kinds.items():
        if files:
            number = say_count(len(files))
            noun = "file" if len(files) == 1 else "files"
            yield (
                f"{name}: {number} {kind} {noun}"
                if kind == "new"
                else f"{name}: {number} {noun} {kind}"
            )


def _settings(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    moved = before.get("extracts") != now.get("extracts")
    replaced = before.get("agreement") != now.get("agreement")
    for name in _changed(before, now):
        old, new = before.get(name, ""), now.get(name, "")
        match name:
            case "lock":
                yield "the lock changed"
            case "packages":
                yield from _packages(old, new)
            case "python":
                yield f"Python {old} → {new}"
            case "clock":
                if not moved:
                    yield f"extracts count up to {_day(new)} (before: {_day(old)})"
            case "county":
                if not moved:
                    yield f"made-up county {old or 'none'} → {new or 'none'}"
            case "key":
                yield f"the key of {now['agreement']} was renewed"
            case "question":
                yield "its question changed"
            case "example":
                yield "it is an example" if new else "it is an example no longer"
            case "datasets":
                yield from _fields(old, new)
            case "protocol":
                yield say_change(*(json.loads(text) if text else None for text in (old, new)))
            case "needs":
                yield f"it needs {new or 'no step'} (before: {old or 'none'})"
            case _ if name.startswith("agreement "):
                if not replaced:
                    yield f"{name} changed"
            case _:
                yield f"{name} {old or 'none'} → {new or 'none'}"


def _fields(old: str, new: str) -> Iterator[str]:
    before, now = json.loads(old or "{}"), json.loads(new or "{}")
    for dataset in _changed(before, now):
        if dataset in before and dataset in now:
            yield f"the fields of {dataset} that it asks for changed"
        else:
            yield f"it asks for {dataset}{'' if dataset in now else ' no longer'}"


def _packages(old: str, new: str) -> Iterator[str]:
    before, now = _versions(old), _versions(new)
    if not before:
        yield f"packages {old or 'were not noted'}"
        return
    for name in _changed(before, now):
        yield f"{name} {before.get(name, 'none')} → {now.get(name, 'none')}"


def _versions(text: str) -> dict[str, str]:
    return dict(each.split(" ") for each in text.split(", ") if each.count(" ") == 1)


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%-d %B %Y}" if text else "no day"


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
