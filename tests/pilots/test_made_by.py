"""By what something was made: another code, another mark."""

from __future__ import annotations

import pytest

from woda_lib.pilots import made_by


@pytest.fixture
def library(tmp_path, monkeypatch):
    (tmp_path / "room" / "deep").mkdir(parents=True)
    for name in ("room/one.py", "room/deep/two.py", "other.py"):
        (tmp_path / name).write_text("x = 1\n")
    monkeypatch.setattr(made_by, "_LIBRARY", tmp_path)
    made_by._of.cache_clear()
    yield tmp_path
    made_by._of.cache_clear()


def test_the_same_code_has_the_same_mark(library):
    before = made_by.made_by("room", gazetteer="abc")
    made_by._of.cache_clear()
    assert made_by.made_by("room", gazetteer="abc") == before


@pytest.mark.parametrize("name", ["room/one.py", "room/deep/two.py", "room/three.py", "other.py"])
def test_another_code_has_another(library, name):
    before = made_by.made_by("room", "other")
    (library / name).write_text("x = 2\n")
    made_by._of.cache_clear()
    assert made_by.made_by("room", "other") != before


def test_so_has_whatever_else_is_named(library):
    assert made_by.made_by("room", gazetteer="abc") != made_by.made_by("room", gazetteer="abd")


def test_other_libraries_make_another(library, monkeypatch):
    before = made_by.made_by("room")
    made_by._of.cache_clear()
    monkeypatch.setattr(made_by, "version", lambda name: "0")
    assert made_by.made_by("room") != before


def test_code_that_is_not_there_is_no_code(library):
    with pytest.raises(FileNotFoundError):
        made_by.made_by("nowhere")
