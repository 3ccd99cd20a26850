"""The register of the repository: read, and as plain data of which a test may spoil a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from woda_lib.pilots.partnership.roadmap import Register, read_register

PARAMETERS = Path(__file__).parents[4] / "parameters"
FILE = PARAMETERS / "partnership" / "roadmap.yaml"


@pytest.fixture(scope="session")
def content() -> dict[str, Any]:
    """What the file holds."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def register() -> Register:
    """The register, read."""
    return read_register(FILE)
