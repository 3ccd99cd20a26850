"""Retention: what is due, and its end: deleted, certified, and with a tombstone where it lay.

An extract is due when no agreement that shares its dataset, and binds its partner, lets it be kept
any longer. Its rows that lie in quarantine, those that were kept as accepted, and what was measured
of them go with it. A restricted table is due when the agreement of its pilot says so, counted from
the day it was written. The key of an agreement is due when the agreement has ended and nothing that
was read under it may be kept: then even copies of its tables that nobody knows of are noise.
Results that passed the gate hold nobody's record and stay.

Deleting a file does not wipe the disk beneath it, nor a backup. For restricted tables the key does;
for extracts the operator must, and ``docs/governance.md`` says so.
"""

from __future__ import annotations

import csv
import getpass
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import pandas as pd

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.audit import audit_log
from woda_lib.partners.folder import deliveries, synthetic_marker
from woda_lib.partners.key_store import SYNTHETIC, FolderStore
from woda_lib.partners.retention_dates import keep_until, made_on
from woda_lib.records import (
    SWEEPS,
    AuditEvent,
    Certificate,
    Pilot,
    RunFolder,
    Tombstone,
    sha256,
    write_json,
)
from woda_lib.records.pilots import NO_AGREEMENT
from woda_lib.settings import Settings

DELETED = ".deleted"
"""The folder of tombstones among extracts; no loader looks into it, because of its dot."""

_TOMBSTONE = "{name}.deleted.json"


@dataclass(frozen=True)
class Due:
    """One thing that must go, with where it lies (a key lies nowhere in particular)."""

    tombstone: Tombstone
    path: Path | None = None


def due(
    settings: Settings, agreements: Mapping[str, Agreement], pilots: Mapping[str, Pilot]
) -> list[Due]:
    """Return what is due for deletion today, extracts first and keys last.

    Parameters
    ----------
    settings : Settings
        Where extracts, results and keys lie, and which day it is.
    agreements, pilots : mapping by name
    """
    found = [*_extracts(settings, agreements.values()), *_tables(settings, agreements, pilots)]
    return [*found, *_keys(settings, agreements.values())]


def delete(found: Iterable[Due], settings: Settings) -> tuple[Certificate, Path]:
    """Delete what is due, leave tombstones, and write and record the certificate.

    A table that later runs took over lies in their folders too, as the same file or a copy of it;
    it is deleted in all of them.

    Returns
    -------
    certificate : Certificate
    path : Path
        ``data/retention/<id>.json``.
    """
    deleted = [_delete(item, settings) for item in _wherever_it_lies(found, settings)]
    now = datetime.now(UTC)
    certificate = Certificate(
        id=f"{now:%Y-%m-%dT%H-%M-%S}-{token_hex(2)}",
        at=now,
        by=getpass.getuser(),
        deleted=tuple(deleted),
    )
    path = settings.data_folder / "retention" / f"{certificate.id}.json"
    write_json(path, certificate)
    log = audit_log(settings)
    for tombstone in deleted:
        log.append(
            AuditEvent(
                kind="key" if tombstone.kind == "key" else "retention",
                agreement=tombstone.agreement,
                dataset=tombstone.path,
                detail=f"Deleted, due {tombstone.due}. Certificate {certificate.id}.",
            )
        )
    return certificate, path


def _extracts(settings: Settings, agreements: Iterable[Agreement]) -> Iterator[Due]:
    folder = settings.extracts_folder
    if not folder.is_dir() or synthetic_marker(folder) is not None:
        return
    sharing = list(agreements)
    quarantined: dict[Path, Tombstone] = {}
    for item in deliveries(folder):
        kept = [
            (keep_until(item.delivered_on, agreement.retention.data_months), agreement)
            for agreement in sharing
            if item.partner in agreement.partners and item.dataset in agreement.datasets
        ]
        if not kept:
            continue
        until, agreement = max(kept, key=lambda pair: pair[0])
        if until >= settings.today:
            continue
        stone = Tombstone(
            kind="extract",
            path=_named(item.path, settings),
            agreement=agreement.id,
            clause="retention.data_months",
            due=until,
            sha256=sha256(item.path),
            bytes=item.path.stat().st_size,
        )
        yield Due(stone, item.path)
        rows = settings.quarantine_of_extracts / f"{item.dataset}.csv"
        if rows.is_file():
            quarantined[rows] = stone
    for rows, stone in quarantined.items():
        of_rows = {"kind": "quarantine", "path": _named(rows, settings)}
        yield Due(stone.model_copy(update=of_rows | {"sha256": None, "bytes": None}), rows)


def _tables(
    settings: Settings, agreements: Mapping[str, Agreement], pilots: Mapping[str, Pilot]
) -> Iterator[Due]:
    for pilot in pilots.values():
        agreement = agreements.get(pilot.agreement)
        if agreement is None:
            continue
        months = agreement.retention.results_months
        for path in _restricted(settings, pilot.pilot):
            until = keep_until(made_on(path), months)
            if until < settings.today:
                yield Due(
                    Tombstone(
                        kind="table",
                        path=_named(path, settings),
                        agreement=agreement.id,
                        clause="retention.results_months",
                        due=until,
                        sha256=sha256(path),
                        bytes=path.stat().st_size,
                    ),
                    path,
                )


def _wherever_it_lies(found: Iterable[Due], settings: Settings) -> list[Due]:
    """Add to some tables that are due the same tables in the folders of other runs."""
    items = list(found)
    known = {item.path for item in items}
    for item in list(items):
        if item.tombstone.kind != "table" or item.path is None:
            continue
        pilot = item.path.relative_to(settings.outputs_folder).parts[0]
        for path in _restricted(settings, pilot, item.path):
            if path not in known and _same_content(path, item.tombstone):
                known.add(path)
                there = item.tombstone.model_copy(update={"path": _named(path, settings)})
                items.append(Due(there, path))
    return items


def _restricted(settings: Settings, pilot: str, like: Path | None = None) -> list[Path]:
    """The restricted tables and pages of a pilot's runs, drafts and sweeps.

    With `like`, those alone that lie where it does and are called as it is.
    """
    home = settings.outputs_folder / pilot
    runs = [*home.glob("*"), *home.glob(f"{SWEEPS}/*/*")]
    found = [path for run in runs for path in RunFolder(run).kept()]
    where = (like.parent.name, like.name) if like else None
    return sorted(path for path in found if where in (None, (path.parent.name, path.name)))


def _same_content(path: Path, stone: Tombstone) -> bool:
    return path.stat().st_size == stone.bytes and sha256(path) == stone.sha256


def _keys(settings: Settings, agreements: Iterable[Agreement]) -> Iterator[Due]:
    """Keys of agreements that have ended, once the last thing locked with them is due.

    Keys in a vault are destroyed there; keys of made-up data protect nobody.
    """
    known = {record.name: record for record in FolderStore(settings.keys_folder).records()}
    for agreement in agreements:
        record = known.get(agreement.id)
        if agreement.id == NO_AGREEMENT or record is None or record.destroyed is not None:
            continue
        until = keep_until(agreement.ends, agreement.retention.results_months)
        if until < settings.today and not agreement.id.endswith(SYNTHETIC):
            stone = Tombstone(
                kind="key", path=agreement.id, agreement=agreement.id, clause="ends", due=until
            )
            yield Due(stone)


def _delete(item: Due, settings: Settings) -> Tombstone:
    stone = item.tombstone
    if stone.kind == "key":
        FolderStore(settings.keys_folder).destroy(stone.path)
        return stone
    assert item.path is not None
    if stone.kind == "quarantine":
        _delete_rows(item.path, settings)
        return stone
    place = item.path.parent
    if stone.kind == "extract":
        place = settings.extracts_folder / DELETED / item.path.parent.name
        for kept in settings.accepted_of_extracts.glob("*/[!.]*"):  # rows, and their measurement
            if item.path.name.startswith(f"{kept.name.partition('.')[0]}_"):
                kept.unlink()
    write_json(place / _TOMBSTONE.format(name=item.path.name), stone)
    item.path.unlink()
    return stone


def _delete_rows(path: Path, settings: Settings) -> None:
    """Leave in quarantine only the rows of files that are still there."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0]) if rows else []
    folder = settings.extracts_folder
    kept = [row for row in rows if (folder / row["partner"] / row["file"]).is_file()]
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    pd.DataFrame(kept, columns=columns).to_csv(
        hidden, index=False, encoding="utf-8", lineterminator="\n"
    )
    hidden.replace(path)


def _named(path: Path, settings: Settings) -> str:
    for base in (settings.root.resolve(), settings.extracts_folder.parent):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.name
