"""Large deliveries judged ahead, by another process, while this one goes on with the last.

What is kept of a dataset (`acceptance`) is all that the two share: the other process holds the next
datasets to their contracts and keeps what it accepted, and this one takes it over from there as it
would on the next day. Whatever becomes of the other, this one judges what is left, and says what is
wrong with a file as it would have. Whoever ends this process ends the other at its next dataset,
which is kept whole or not at all.

Which files and under which key goes to it through a pipe, and stands on no command line.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from woda_lib.errors import WodaError
from woda_lib.partners.acceptance import held, is_kept
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.folder import Delivery
from woda_lib.partners.keys import AgreementKey

WORTH_IT = 50_000_000
"""Bytes of files not judged yet, or by rules of another day, from which another process is worth
the seconds that it starts."""

_LARGE = {"MALLOC_MMAP_THRESHOLD_": str(4 << 20)}
"""Bytes from which glibc gives memory back as soon as it is freed (Linux manual, *mallopt(3)*).

Left to itself it keeps what one large dataset took until all of them are judged.
"""

_ROOT = Path(__file__).parents[2]
_JUDGE = "from woda_lib.partners.ahead import judge; judge()"


class Ahead:
    """Datasets that another process is judging.

    Parameters
    ----------
    process : Popen or None
        None where nothing is worth one.
    datasets : iterable of str
        In the order in which it judges them.
    """

    def __init__(self, process: subprocess.Popen[bytes] | None, datasets: Sequence[str]) -> None:
        self._process = process
        self._coming = list(datasets)

    @property
    def at_work(self) -> bool:
        """Whether there is another process."""
        return self._process is not None

    def is_to_judge(self, dataset: str) -> bool:
        """Whether the other process judges a dataset, or is going to."""
        return self.at_work and dataset in self._coming

    def wait(self, dataset: str) -> None:
        """Wait until a dataset is judged, or is not going to be."""
        while self._process is not None and self.is_to_judge(dataset):
            said = cast(BinaryIO, self._process.stdout).readline().decode().strip()
            self._coming = self._coming[1:] if said else []


@contextmanager
def judged_ahead(
    asked: Mapping[str, Sequence[Delivery]], *, folder: Path, key: AgreementKey
) -> Iterator[Ahead]:
    """Judge datasets in another process, as far as nothing is kept of them that is of use.

    After the workbench's own code has changed that is nothing at all.

    Parameters
    ----------
    asked : mapping of str to sequence of Delivery
        Files by dataset, which may be opened.
    folder, key
        As for `acceptance.held`.
    """
    new = dict(asked) if _size(asked) >= WORTH_IT else {}
    new = {name: files for name, files in new.items() if not is_kept(folder, key, name)}
    if not new or _size(new) < WORTH_IT:
        yield Ahead(None, ())
        return
    paths = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _JUDGE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_LARGE, "PYTHONPATH": paths},
    )
    try:
        with suppress(BrokenPipeError), cast(BinaryIO, process.stdin) as pipe:
            pickle.dump((folder, key, new), pipe)
        yield Ahead(process, list(new))
    finally:
        process.kill()
        process.wait()
        cast(BinaryIO, process.stdout).close()


def size_of(found: Iterable[Delivery]) -> int:
    """Return how many bytes some files have."""
    return sum(item.path.stat().st_size for item in found)


def _size(files: Mapping[str, Sequence[Delivery]]) -> int:
    return sum(map(size_of, files.values()))


def judge() -> None:
    """Judge what standard input names, and say each dataset when it is done with."""
    folder, key, asked = pickle.load(sys.stdin.buffer)
    for dataset, files in asked.items():
        with suppress(WodaError):  # whoever loads it says so
            held(files, CONTRACTS[dataset], folder=folder, key=key)
        sys.stdout.write(f"{dataset}\n")
        sys.stdout.flush()
