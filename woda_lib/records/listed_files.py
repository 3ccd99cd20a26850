"""Files that a step may read all of, so that one which is added counts as much as one that changed.

People's decisions, official boundaries and what was measured of deliveries come so; and a study of
the pilots themselves, such as what sharing data waits for, reads every pilot's parameter file and
every agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from woda_lib.records.decided import DECISIONS, decision_files
from woda_lib.records.measured import DELIVERIES, quality_files
from woda_lib.records.place_files import PLACE_FILES, place_files
from woda_lib.settings import Settings

PARAMETER_FILES = "the parameter files"
AGREEMENT_FILES = "the agreements"
"""The names under which a step's record, and its fingerprint, list the files."""


def _of(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


LISTED: Mapping[str, Callable[[Settings, str], list[Path]]] = {
    PARAMETER_FILES: lambda settings, pilot: _of(settings.parameters_folder),
    AGREEMENT_FILES: lambda settings, pilot: _of(settings.agreements_folder),
    DECISIONS: lambda settings, pilot: decision_files(settings.decisions_folder, pilot),
    PLACE_FILES: lambda settings, pilot: place_files(settings.places_folder),
    DELIVERIES: lambda settings, pilot: quality_files(settings.accepted_of_extracts),
}
"""By that name what finds the files that lie there now for a pilot, in the order of their names."""
