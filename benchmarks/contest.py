"""Processes that take turns: A B A B, so that none profits from a quiet machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.measure import spent_by_children

ROOT = Path(__file__).parents[1]
_FORBIDS_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Contender:
    """A command that measures something and prints one line of JSON.

    Attributes
    ----------
    name
        As tables call it.
    command
        Run in the repository's folder.
    whole
        Whether its time is that of the whole process, as an onlooker's watch has it, and not what
        the process reports of itself.
    """

    name: str
    command: list[str]
    whole: bool = False


@dataclass(frozen=True)
class Bar:
    """What is asked of one contender beside another, or of a figure of its own.

    Attributes
    ----------
    of
        The measure: ``seconds``, ``peak_mb`` or ``f1``.
    one, other
        The contenders that are set beside each other; without `other`, the figure itself counts.
    at_most
        The most that the quotient or figure may be; for F1, by how much the first may lie below
        the other. None where nothing is asked and it is only told.
    """

    of: str
    one: str
    other: str | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Contest:
    """Contenders over the same records.

    Attributes
    ----------
    title
        What is measured.
    records, rules
        How many records, under which blocking rules.
    contenders
        In the order of their turns.
    bars
        What is asked of them.
    same_pairs
        Whether all must make the same number of pairs.
    """

    title: str
    records: int
    rules: str
    contenders: list[Contender]
    bars: list[Bar]
    same_pairs: bool = True


@dataclass
class Outcome:
    """What came of a contest.

    Attributes
    ----------
    contest
        Which.
    rows
        A row a process: ``round``, ``contender``, ``pairs``, ``seconds``, ``cpu_seconds``,
        ``peak_mb`` and, where it was measured, ``f1``.
    versions
        Of the packages that took part.
    failures
        Sentences about processes that did not finish, or that did other work than the rest.
    """

    contest: Contest
    rows: pd.DataFrame
    versions: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def held(contest: Contest, rounds: int) -> Outcome:
    """Hold a contest: every contender once a round, each in a process of its own.

    A contender that does not survive takes no further part.
    """
    where = f"{contest.title}, {contest.records:,} records, {contest.rules} rules"
    rows: list[dict[str, Any]] = []
    versions: dict[str, str] = {}
    failures: list[str] = []
    standing = list(contest.contenders)
    for turn in range(rounds):
        for contender in list(standing):
            try:
                measured = run(contender)
            except RuntimeError as error:
                failures.append(f"{where}: {error}")
                standing.remove(contender)
                continue
            versions |= measured.pop("versions")
            told = f"{where}: {contender.name} took {measured['seconds']:.2f} s"
            print(told, file=sys.stderr, flush=True)
            rows.append({"round": turn, "contender": contender.name, **measured})
    table = pd.DataFrame(rows).reindex(
        columns=["round", "contender", "pairs", "seconds", "cpu_seconds", "peak_mb", "f1"]
    )
    made = dict(zip(table["contender"], table["pairs"], strict=True))
    if contest.same_pairs and len(set(made.values())) > 1:
        told = ", ".join(f"{name} {number:,}" for name, number in made.items())
        failures.append(
            f"{where}: the numbers of pairs differ ({told}): these times do not compare."
        )
    return Outcome(contest, table, versions, failures)


def run(contender: Contender) -> dict[str, Any]:
    """Run one contender and return what it measured.

    Raises
    ------
    RuntimeError
        The process did not finish.
    """
    done, seconds, used = watched(contender.command, quiet=True)
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise RuntimeError(f"{contender.name} did not survive ({why[0]}).")
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if contender.whole:
        measured |= {"seconds": seconds, "cpu_seconds": used}
    return measured


def watched(
    command: list[str], *, quiet: bool = False
) -> tuple[subprocess.CompletedProcess[str], float, float]:
    """Run a command in the repository's folder; return what became of it, and what it took.

    Python keeps the bytecode of what it imports, as it does for whoever does not forbid it. Where
    the caller's environment does, our modules would be compiled anew in each process, and those of
    a peer, which its installer compiled, would not.

    Parameters
    ----------
    command
        What to run.
    quiet
        Whether what it prints is kept, and not shown.

    Returns
    -------
    tuple
        The process that ended, wall seconds, and processor seconds of it and of its own processes.
    """
    keeping = {name: text for name, text in os.environ.items() if name != _FORBIDS_BYTECODE}
    before = spent_by_children()
    began = time.perf_counter()
    done = subprocess.run(
        command, check=False, capture_output=quiet, text=True, cwd=ROOT, env=keeping
    )
    seconds = time.perf_counter() - began
    return done, seconds, spent_by_children() - before
