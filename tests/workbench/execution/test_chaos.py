"""Kill it, fill the disk, forbid writing, run it twice: readers see whole runs, and it goes on."""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.workbench.bench import Bench
from tests.workbench.execution.chaos import (
    Broken,
    as_an_ordinary_user,
    attempt,
    digests,
    finished,
    grow,
    killed_after,
    look,
    small_disk,
    started,
)
from woda_lib.workbench import OutputsError, run_pilot

PAGE = Path(__file__).parents[3] / "docs" / "chaos.md"
SEED = 20261125
EVENTS = 20
"""Lines in the log of a whole run: a start, two steps of seven cells, an end."""

ENOUGH = 20_000
"""Kilobytes for several runs of the bench."""


def a_kill(bench: Bench, start: int, chance: random.Random, whole: float) -> Broken:
    """Kill a run at some moment, and let the next one end it."""
    before = digests(bench)
    events, seconds = chance.randrange(EVENTS + 1), chance.uniform(0, 2)
    still = killed_after(bench, events, seconds, "-p", f"start={start}")
    look(bench, before)
    how = f"{seconds:.1f} s after event {events} of {EVENTS}"
    return _goes_on(bench, start, "kill -9", how, "killed" if still else "complete")


def a_full_disk(bench: Bench, start: int, chance: random.Random, whole: float) -> Broken:
    """Leave too little room for a run, then make some."""
    outputs = bench.root / "outputs"
    before = digests(bench)
    free = chance.randrange(4, 200, 4)
    used = _kilobytes(outputs)
    grow(outputs, used + free)
    command = started(bench, "-p", f"start={start}")
    _, said = command.communicate()
    look(bench, before)
    grow(outputs, ENOUGH)
    last = "complete" if command.returncode == 0 else _first_sentence(said, bench)
    assert command.returncode in (0, 1), said
    assert "Traceback" not in said
    return _goes_on(bench, start, "full disk", f"{free} kB left", last)


def two_at_once(bench: Bench, start: int, chance: random.Random, whole: float) -> Broken:
    """Start two runs of one question within moments."""
    before = digests(bench)
    first = started(bench, "-p", f"start={start}")
    pause = chance.uniform(0, whole / 2)
    time.sleep(pause)
    second = started(bench, "-p", f"start={start}")
    for command in (first, second):
        _, said = command.communicate()
        assert command.returncode == 0, said
    look(bench, before)
    new = {name.partition("/")[0] for name in digests(bench).keys() - before.keys()}
    assert len(new) == 1  # whoever came second found that nothing was left to do
    return _goes_on(bench, start, "two at once", f"{pause:.1f} s apart", "one run, both content")


def a_read_only_folder(bench: Bench, start: int, chance: random.Random, whole: float) -> Broken:
    """Forbid an ordinary user to write where results go."""
    before = digests(bench)
    outputs = bench.root / "outputs"
    folders = chance.choice(([outputs / ".locks", outputs], [outputs / "tiny"]))

    def ask() -> int:
        try:
            run_pilot(bench.pilot, settings=bench.settings, overrides={"start": start})
        except OutputsError as error:
            return 0 if "give this user the right" in str(error) else 2
        return 1

    (outputs / ".locks").mkdir(exist_ok=True)
    for lock in (outputs / ".locks").iterdir():
        lock.chmod(0o666)
    assert as_an_ordinary_user(ask, folders) == 0
    look(bench, before)
    how = f"{folders[-1].relative_to(bench.root)} read-only"
    return _goes_on(bench, start, "read-only folder", how, "Results cannot be written.")


def _goes_on(bench: Bench, start: int, kind: str, how: str, said: str) -> Broken:
    """The next run ends well, with the right answer, and leaves nothing behind."""
    before = digests(bench)
    manifest = finished(bench, "-p", f"start={start}")
    assert manifest.values["doubled"].value == 2 * start
    look(bench, before)
    left = [name for name in bench.runs() if name.startswith(".")]
    assert left == []
    assert attempt(bench).outcome == "complete"
    states = [outcome.state for outcome in attempt(bench).steps.values()]
    return Broken(kind, how, said, states.count("taken over"))


def _first_sentence(said: str, bench: Bench) -> str:
    """What a failing run says of the disk: its own steps, or the site that is built after them."""
    # The small disk lies elsewhere, under a name of its own each time.
    lines = re.sub(r"/\S*/(?=outputs/)", "", said.replace(f"{bench.root}/", "")).splitlines()
    full = next(line for line in lines if "room" in line or "No space left" in line)
    return full.partition(". ")[0]


def _kilobytes(folder: Path) -> int:
    done = subprocess.run(["du", "-sk", str(folder)], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0])


@pytest.fixture
def home() -> Iterator[Bench]:
    """A bench that every user may look into, whose first run is complete."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        Path(folder).chmod(0o755)
        bench = Bench(Path(folder))
        yield bench


Round = Callable[[Bench, int, random.Random, float], Broken]


@pytest.mark.prove
@pytest.mark.parametrize("chaos", [a_kill, a_read_only_folder, two_at_once])
def test_what_readers_see_is_whole_and_the_next_run_goes_on(home: Bench, chaos: Round):
    whole = _first_run(home)
    chaos(home, 5, random.Random(SEED), whole)


def test_a_full_disk_is_said_and_the_next_run_goes_on(home: Bench):
    with small_disk(home.root / "outputs", ENOUGH):
        a_full_disk(home, 5, random.Random(SEED), _first_run(home))


@pytest.mark.prove
def test_thirty_rounds_of_chaos(home: Bench):
    chance = random.Random(SEED)
    rounds: list[Round] = [a_kill] * 18 + [a_full_disk] * 6 + [two_at_once] * 3
    rounds += [a_read_only_folder] * 3
    chance.shuffle(rounds)
    with small_disk(home.root / "outputs", ENOUGH):
        whole = _first_run(home)
        found = [chaos(home, start, chance, whole) for start, chaos in enumerate(rounds, 10)]
        runs = len([name for name in home.runs() if not name.startswith(".")])
    assert runs == len(rounds) + 1
    assert any(each.taken_over == 1 for each in found)  # a broken run was taken up again
    _write(found)


def _first_run(bench: Bench) -> float:
    began = time.monotonic()
    run_pilot(bench.pilot, settings=bench.settings)  # imports all that a forked child needs
    return max(2.0, time.monotonic() - began)


def _write(found: list[Broken]) -> None:
    rows = "".join(
        f"| {number} | {each.kind} | {each.how} | {each.said} | {each.taken_over} of 2 |\n"
        for number, each in enumerate(found, 1)
    )
    PAGE.write_text(
        "# Chaos\n\n"
        "Written by `make prove`. Each round breaks a run of a small pilot of two steps in one\n"
        "way and looks at what readers see: never a part of a run, and every complete run as it\n"
        "was, byte for byte. Then the pilot is run again, undisturbed; it must end well, with the\n"
        "right answer, and leave nothing hidden behind. The last column says how many of the two\n"
        "steps that run took over.\n\n"
        "| round | what | how | it said | taken over |\n|---|---|---|---|---|\n"
        f"{rows}\n"
        f"In **{len(found)} of {len(found)}** rounds nothing partial was visible, nothing complete "
        "was lost, and the next run ended well.\n",
        encoding="utf-8",
    )
