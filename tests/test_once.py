"""What workers of one run share is made once, whole, by whoever asks first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.once import once_a_run


class Worker:
    """The temporary folders of one worker, beside those of the others of its run."""

    def __init__(self, run: Path, name: str) -> None:
        self._base = run / f"popen-{name}"
        self._base.mkdir()

    def getbasetemp(self) -> Path:
        return self._base

    def mktemp(self, name: str) -> Path:
        folder = self._base / f"{name}{len(list(self._base.iterdir()))}"
        folder.mkdir()
        return folder


@pytest.fixture
def workers(tmp_path: Path) -> list[Worker]:
    return [Worker(tmp_path, name) for name in ("gw0", "gw1", "gw2")]


def writes(made: list[str], name: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        made.append(name)
        time.sleep(0.1)  # long enough for whoever asks meanwhile
        (folder / "county.csv").write_text(name)

    return make


def test_three_workers_that_ask_at_once_find_what_one_of_them_made(workers: list[Worker]) -> None:
    made: list[str] = []
    found: list[Path] = []
    together = threading.Barrier(3)

    def ask(worker: Worker, name: str) -> None:
        together.wait()
        found.append(once_a_run(worker, "quick", writes(made, name)))

    asking = [threading.Thread(target=ask, args=(w, f"{n}")) for n, w in enumerate(workers)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(made) == 1
    assert len(set(found)) == 1
    assert (found[0] / "county.csv").read_text() == made[0]


def test_another_name_is_made_by_itself(workers: list[Worker]) -> None:
    made: list[str] = []
    one, other = (once_a_run(workers[0], name, writes(made, name)) for name in ("one", "other"))
    assert made == ["one", "other"]
    assert one != other


def test_what_one_worker_could_not_make_the_next_makes_anew(workers: list[Worker]) -> None:
    def fail(folder: Path) -> None:
        (folder / "half.csv").write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        once_a_run(workers[0], "quick", fail)
    folder = once_a_run(workers[1], "quick", writes([], "second"))
    assert [path.name for path in folder.iterdir()] == ["county.csv"]
