"""Files of the places folder: official boundaries, and other tables that a map is made of."""

from __future__ import annotations

from pathlib import Path

PLACE_FILES = "the places folder"
"""The name under which a step's record, and its fingerprint, list the files."""


def place_files(folder: Path) -> list[Path]:
    """Return the files that users put into the places folder, in the order of their names."""
    return sorted(path for path in folder.glob("[!.]*") if path.is_file())
