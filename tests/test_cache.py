"""Work that can be done again is kept in one folder of the user's, or where the variable says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from woda_lib.cache import cache_folder


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper() == "WODA_CACHE"]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("name", ["WODA_CACHE", "woda_cache"])
def test_the_variable_names_it(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, str(tmp_path / "here" / ".." / "there"))
    assert cache_folder() == tmp_path / "there"


def test_it_lies_in_the_home_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "woda"
