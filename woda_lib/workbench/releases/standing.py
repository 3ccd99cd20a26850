"""Every release of a pilot as it stands now; `woda_lib.records.standing` proves it."""

from __future__ import annotations

from woda_lib.records.standing import release_standings

__all__ = ["release_standings"]
