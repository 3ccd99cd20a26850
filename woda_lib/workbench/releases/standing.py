"""Every release of a pilot as it stands now."""

from __future__ import annotations

from woda_lib.records import ReleaseStanding
from woda_lib.settings import Settings


def release_standings(settings: Settings, pilot: str) -> list[ReleaseStanding]:
    """Return a pilot's releases, the oldest first, each proved from its files."""
    return []
