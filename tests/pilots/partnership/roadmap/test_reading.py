"""What the roadmap reads is on its record, so that it goes stale with it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from tests.pilots.partnership.roadmap.conftest import FILE, PARAMETERS
from woda_lib.pilots.partnership.roadmap import read_sources
from woda_lib.records import AGREEMENT_FILES, PARAMETER_FILES


def test_every_file_that_is_read_is_an_input() -> None:
    read: dict[str, set[Path]] = {}
    read_sources(
        SimpleNamespace(
            parameters_folder=PARAMETERS,
            pilot=SimpleNamespace(pilot="partnership"),
            record_input=lambda path, name, public=(): read.setdefault(name, set()).add(path),
        )
    )
    assert read == {
        "sharing register": {FILE},
        AGREEMENT_FILES: set(PARAMETERS.glob("agreements/*.yaml")),
        PARAMETER_FILES: set(PARAMETERS.glob("*.yaml")),
    }
