"""People's decisions about who is who: where their files lie, and how records name them."""

from __future__ import annotations

from pathlib import Path

DECISIONS = "people's decisions"
"""The name under which a step's record, and its fingerprint, list the files."""

IDENTITIES = "identities.csv"
"""The file that `woda identities` writes; others beside it count as well."""


def decision_files(folder: Path, pilot: str) -> list[Path]:
    """Return the files of a pilot's decisions below a folder, in the order of their names."""
    return sorted((folder / pilot).glob("[!.]*.csv"))
