"""Hashes are remembered while a file rests, and never longer."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from woda_lib.records import text_sha256
from woda_lib.workbench.planning import hashing
from woda_lib.workbench.planning.hashing import Remembered


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read to their end."""
    read: list[Path] = []

    def counted(path: Path) -> str:
        read.append(path)
        return text_sha256(path.read_text())

    monkeypatch.setattr(hashing, "sha256", counted)
    return read


@pytest.fixture
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file have rested long enough."""
    monkeypatch.setattr(hashing, "RESTED_NS", -1)


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def known(tmp_path: Path) -> Remembered:
    return Remembered(tmp_path / "cache" / "known.json")


@pytest.mark.usefixtures("rested")
def test_a_file_that_stays_is_read_once_also_by_the_next_command(tmp_path, reads):
    file, first = written(tmp_path / "a", "one"), known(tmp_path)
    assert first.sha256(file) == first.sha256(file) == text_sha256("one")
    first.write()
    assert known(tmp_path).sha256(file) == text_sha256("one")
    assert reads == [file]


@pytest.mark.usefixtures("rested")
def test_a_file_of_the_same_size_and_time_is_read_again_where_it_was_replaced(tmp_path, reads):
    file, first = written(tmp_path / "a", "one"), known(tmp_path)
    first.sha256(file)
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    other = written(tmp_path / "b", "two")
    os.utime(other, ns=times)
    other.replace(file)
    assert file.stat().st_mtime_ns == times[1]
    assert first.sha256(file) == text_sha256("two")


@pytest.mark.usefixtures("rested")
def test_a_file_written_in_place_whose_time_was_put_back_is_read_again(tmp_path, reads):
    file, first = written(tmp_path / "a", "one"), known(tmp_path)
    first.sha256(file)
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    time.sleep(0.02)  # beyond the clock of the file system
    written(file, "two")
    os.utime(file, ns=times)
    assert first.sha256(file) == text_sha256("two")


def test_a_file_that_has_not_rested_is_not_trusted(tmp_path, reads):
    file, first = written(tmp_path / "a", "one"), known(tmp_path)
    assert [first.sha256(file), first.sha256(file)] == [text_sha256("one")] * 2
    assert reads == [file, file]


@pytest.mark.usefixtures("rested")
@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 3}', '{"files": {}, "notes": 1}'])
def test_a_damaged_store_is_as_good_as_none(tmp_path, reads, content):
    store = tmp_path / "cache" / "known.json"
    store.parent.mkdir()
    store.write_text(content)
    file, first = written(tmp_path / "a", "one"), known(tmp_path)
    assert first.sha256(file) == text_sha256("one")
    first.write()
    assert known(tmp_path).sha256(file) == text_sha256("one")
    assert reads == [file]


@pytest.mark.usefixtures("rested", "reads")
def test_where_nothing_can_be_kept_the_next_command_reads_again(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    first = known(tmp_path)
    first.sha256(written(tmp_path / "a", "one"))
    first.write()
    assert (tmp_path / "cache").is_file()
