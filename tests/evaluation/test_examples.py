"""The examples in the docstrings print what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["autoregressive", "interrupted_series", "interval", "money"])
def test_examples_of(name: str) -> None:
    # By name, because the room's function interrupted_series hides the module of that name.
    found = doctest.testmod(importlib.import_module(f"woda_lib.evaluation.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
