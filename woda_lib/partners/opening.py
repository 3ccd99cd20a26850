"""Opening a restricted table, page or model: for a stated purpose, on the record, until it expires.

The copy, a CSV file, a page or a ZIP archive, lies in ``data/opened/`` and its owner alone can read
it. A page says at its head who opened it, when, until when, and under which record of the audit
log. Nobody watches over a copy while no command runs: expired ones are removed by the next ``woda
run`` or ``woda restricted open``, and ``docs/governance.md`` says so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from woda_lib.partners.agreement_files import load_agreement
from woda_lib.partners.audit import account, audit_log
from woda_lib.partners.documents import OPENED
from woda_lib.partners.door import OPTED_OUT, Door
from woda_lib.partners.fleeting import remove_expired_pages, until_of
from woda_lib.partners.packages import zipped
from woda_lib.partners.spreadsheets import inert_table
from woda_lib.records import (
    DOCUMENT,
    DRAFT,
    MODEL,
    RESTRICTED_ENDS,
    AuditEvent,
    AuditHead,
    ManifestError,
    Pilot,
    RunFolder,
    TableNotFound,
    complete_runs,
    nearest,
)
from woda_lib.settings import Settings

HOURS = 8
"""How long a copy lasts, unless another time is asked for."""

LONGEST_HOURS = 72
_EXPIRES = "%Y-%m-%dT%H-%M-%SZ"


_BANNER = """\
<section class="woda-opened" role="note" aria-label="Who opened this page" style="border:2px solid
 #1a1a1a;background:#fff;color:#1a1a1a;padding:12px 16px;margin:0 0 16px;font:16px/1.5 sans-serif">
<strong>Restricted. Opened by {who} on {when:%-d %B %Y at %H:%M %Z}, for {purpose}.</strong>
Delete or leave it by <strong>{until:%-d %B %Y at %H:%M %Z}</strong>; then the copy is removed.
Agreement {agreement}; record {number} of the audit log. Do not pass it on.
</section>"""


@dataclass(frozen=True)
class Opened:
    """A copy of a restricted table, page or model: where it lies, and until when.

    Attributes
    ----------
    path : Path
    rows : int or None
        Of a table; none of a page or a model.
    expires : datetime
    """

    path: Path
    rows: int | None
    expires: datetime


def open_restricted(
    pilot: Pilot,
    run: str | None,
    name: str,
    *,
    purpose: str,
    reason: str,
    settings: Settings,
    hours: int = HOURS,
) -> Opened:
    """Write a copy of a restricted table, page or model that a permitted person may look at.

    Parameters
    ----------
    pilot : Pilot
    run : str, optional
        The run's identifier, or ``draft``; the last complete one, if left out.
    name : str
        ``<step>:<table>``, ``<step>:<page>`` or ``<step>:<model>``.
    purpose : str
        One of the agreement's. Opt-outs are applied to a table as it says; a page is opened for
        the purpose for which it was made alone.
    reason : str
        What for, in the person's own words; it is recorded.
    hours : int
        How long the copy lasts.

    Raises
    ------
    AgreementError
        If the agreement does not permit the purpose today.
    ManifestError, TableNotFound, RestrictedTableError, KeyStoreError
        If there is no such run or table, or it cannot be opened.
    """
    clear_expired(settings)
    folder = _run_folder(pilot, run, settings)
    step, _, table = name.partition(":")
    if not table:
        raise TableNotFound(f"{name!r} must read <step>:<table>. {_there(folder)}")
    found = folder.kept(pilot.step(step).name, table)
    if not found:
        raise TableNotFound(f"{folder.path.name} holds no {name}. {_there(folder)}")
    agreement = load_agreement(pilot.agreement, settings.agreements_folder)
    reference = f"{pilot.pilot}/{name}"
    door = Door(agreement, purpose, settings, run=f"{pilot.pilot}/{folder.path.name}/{step}")
    now = datetime.now(UTC).replace(microsecond=0)
    expires = min(now + timedelta(hours=hours), until_of(table) or datetime.max.replace(tzinfo=UTC))
    why = f"Opened until {expires:%Y-%m-%d %H:%M} UTC: {reason.strip()}"
    base = f"{pilot.pilot}.{step}.{table}.{expires:{_EXPIRES}}"
    if found[0].name.endswith(DOCUMENT):
        html, people = door.open_document(found[0], reference)
        head = door.note("break_glass", dataset=reference, people=people, detail=why)
        banner = _banner(door, head, now, expires)
        copy = _copied(settings, f"{base}.html", html.replace(OPENED, banner))
        return Opened(copy, None, expires)
    if found[0].name.endswith(MODEL):
        files = door.load_package(found[0], reference)
        door.note("break_glass", dataset=reference, fields=sorted(files), detail=why)
        return Opened(_copied(settings, f"{base}.zip", zipped(files)), None, expires)
    for linking in (step, *pilot.step(step).needs):
        door.add_linked(folder.table(linking, OPTED_OUT), f"{pilot.pilot}/{linking}:{OPTED_OUT}")
    frame = door.load_table(found[0], reference)
    fields = list(frame.columns)
    door.note("break_glass", dataset=reference, fields=fields, rows=len(frame), detail=why)
    text = inert_table(frame).to_csv(index=False, lineterminator="\n")
    return Opened(_copied(settings, f"{base}.csv", text), len(frame), expires)


def _banner(door: Door, head: AuditHead, now: datetime, expires: datetime) -> str:
    return _BANNER.format(
        who=escape(account()),
        when=now.astimezone(),
        until=expires.astimezone(),
        purpose=escape(door.purpose.replace("_", " ")),
        agreement=escape(door.agreement.id),
        number=head.number,
    )


def _copied(settings: Settings, name: str, content: str | bytes) -> Path:
    copy = settings.opened_folder / name
    copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return copy


def clear_expired(settings: Settings) -> list[Path]:
    """Remove copies, and pages that were kept for some hours only, whose time is over.

    That a page is gone is on the record, as that it was made is.

    Returns
    -------
    list of Path
        Which they were.
    """
    now = datetime.now(UTC)
    expired = remove_expired_pages(settings.outputs_folder, now)
    for path in expired:
        audit_log(settings).append(_removed(path))
    for path in sorted(settings.opened_folder.glob("*.*")):
        if path.suffix not in (".csv", ".html", ".zip"):
            continue
        try:
            until = datetime.strptime(path.stem.rpartition(".")[2], _EXPIRES).replace(tzinfo=UTC)
        except ValueError:
            until = now  # nothing but copies belongs here
        if until <= now:
            path.unlink(missing_ok=True)
            expired.append(path)
    return expired


def _removed(page: Path) -> AuditEvent:
    pilot, run, _, step = page.parts[-5:-1]
    return AuditEvent(
        kind="retention",
        dataset=f"{pilot}/{step}:{page.name.removesuffix(DOCUMENT)}",
        run=f"{pilot}/{run}/{step}",
        detail="A page that was kept for some hours only was removed after its time.",
    )


def _run_folder(pilot: Pilot, run: str | None, settings: Settings) -> RunFolder:
    complete = complete_runs(settings.outputs_folder, pilot.pilot)
    if run is None and complete:
        return complete[-1]
    names = [folder.path.name for folder in complete]
    draft = settings.outputs_folder / pilot.pilot / DRAFT
    if run == DRAFT and draft.is_dir():
        return RunFolder(draft)
    if run not in names:
        what = f"run {run!r}" if run else "complete run"
        raise ManifestError(f"{pilot.pilot} has no {what}. {nearest(run or '', names)}")
    return complete[names.index(run)]


def _there(folder: RunFolder) -> str:
    names = [f"{path.parent.name}:{path.name}" for path in folder.kept()]
    for end in RESTRICTED_ENDS:
        names = [name.removesuffix(end) for name in names]
    return f"There are: {', '.join(names) or 'none'}."
