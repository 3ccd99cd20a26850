"""The examples in the docstrings print what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import woda_lib.evaluation

FOLDER = Path(woda_lib.evaluation.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(FOLDER).with_suffix("").parts)
    for path in FOLDER.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of(name: str) -> None:
    # By name, because some public functions hide the module of their name.
    found = doctest.testmod(importlib.import_module(f"woda_lib.evaluation.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
