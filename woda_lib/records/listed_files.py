"""Files that a step may read all of, so that one which is added counts as much as one that changed.

A study of the pilots themselves, such as what sharing data waits for, reads every pilot's parameter
file and every agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from woda_lib.settings import Settings

PARAMETER_FILES = "the parameter files"
AGREEMENT_FILES = "the agreements"
"""The names under which a step's record, and its fingerprint, list the files."""


def _of(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


LISTED: Mapping[str, Callable[[Settings], list[Path]]] = {
    PARAMETER_FILES: lambda settings: _of(settings.parameters_folder),
    AGREEMENT_FILES: lambda settings: _of(settings.agreements_folder),
}
"""By that name what finds the files that lie there now, in the order of their names."""
