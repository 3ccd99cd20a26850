"""What a test does without a program or package that not every desk machine has."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def absent(need: str, reason: str) -> NoReturn:
    """Skip with the reason, or fail where ``WODA_REQUIRE`` lists the need."""
    if need in os.environ.get("WODA_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)
