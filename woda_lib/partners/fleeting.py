"""Pages that are kept for some hours only: their name says until when.

Nobody watches over them while no command runs. They are removed as expired copies are: by the next
``woda run`` (``woda run --due`` too, which a schedule calls), ``woda restricted open`` or ``woda
incident people``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from woda_lib.records import DOCUMENT, DRAFT

_FORM = "%Y%m%dt%H%Mz"
_ENDS = re.compile(r"_until_(\d{8}t\d{4}z)$")


def until(name: str, expires: datetime) -> str:
    """Return the name of a page that is kept until a moment: ``people_until_20250331t1800z``."""
    return f"{name}_until_{expires.astimezone(UTC):{_FORM}}"


def until_of(name: str) -> datetime | None:
    """Return until when a page is kept; none for one that is kept like any other."""
    found = _ENDS.search(name)
    if not found:
        return None
    return datetime.strptime(found[1], _FORM).replace(tzinfo=UTC)


def remove_expired_pages(outputs: Path, now: datetime) -> list[Path]:
    """Remove the pages in drafts whose time is over, and return which were removed here."""
    expired = []
    for path in sorted(outputs.glob(f"*/{DRAFT}/restricted/*/*_until_*{DOCUMENT}")):
        ends = until_of(path.name.removesuffix(DOCUMENT))
        if ends is not None and ends <= now:
            try:
                path.unlink()
            except FileNotFoundError:  # another command was faster, and has said so
                continue
            expired.append(path)
    return expired
