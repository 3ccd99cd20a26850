"""Outcomes of contests as tables, on the terminal and in docs/linkage_benchmarks.md."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.contest import ROOT, Bar, Outcome
from benchmarks.measure import cores

PAGE = ROOT / "docs" / "linkage_benchmarks.md"
MEASURES = {"seconds": "time", "peak_mb": "peak memory", "f1": "F1"}
METHOD = """\
Every figure comes from a process of its own, and contenders take turns (A B A B …). *In memory and
warm* starts with the records in memory and ends with clusters in memory; a small county linked
before has done the imports and loaded the kernel. *Whole process* is what an onlooker's watch says
of a script that imports, reads a file, links and writes clusters; the compile cache is warm. Times
are medians, with the shortest and longest in brackets. Ratios are taken round by round: their
median, and in brackets the least and greatest. Processor seconds count every thread. Peak memory is
the process's own high-water mark, in units of 2²⁰ bytes.

All engines make the same candidate pairs. *Selective* rules are the six of
`parameters/linkage/benchmark.yaml`, two whole fields each; *wide* rules are those of
`parameters/linkage/people.yaml` that need no NHS number (`benchmark_wide.yaml`). Peers are given
standardised fields, and keys such as Soundex as columns, worked out beforehand and uncounted; ours
does both within its time, from Arrow columns. F1 counts the pairs of records within clusters
against the truth: ours at its own defaults, Splink's at the best of ten thresholds, which only the
truth tells, and that of recordlinkage, which compares in one process unless told otherwise, as its
classifier decides. Splink is tuned: EM and u on a million sampled pairs, and no column kept that it
does not need.

*1% of changes* are a third each new, changed and withdrawn records, taken into an open store; the
full relink has the same records, model and identities to keep. The limit walks the same pairs in
the same loop and asks only which fields are equal, as whole numbers.
"""


def measurements(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Return a table of texts, a row for each contender of each contest."""
    rows = []
    for outcome in outcomes:
        contest = outcome.contest
        for name, runs in outcome.rows.groupby("contender", sort=False):
            rows.append(
                {
                    "measured": contest.title,
                    "records": f"{contest.records:,}",
                    "rules": contest.rules,
                    "by": str(name),
                    "pairs": f"{int(runs['pairs'].iloc[0]):,}",
                    "seconds": spread(runs["seconds"]),
                    "processor s": brief(runs["cpu_seconds"].median()),
                    "peak MB": f"{runs['peak_mb'].median():,.0f}",
                    "F1": "" if runs["f1"].isna().all() else f"{runs['f1'].median():.4f}",
                }
            )
    return pd.DataFrame(rows)


def verdicts(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Return a table of texts, a row for each bar of each contest."""
    rows = []
    for outcome in outcomes:
        contest = outcome.contest
        for bar in contest.bars:
            found = by_round(outcome, bar)
            rows.append(
                {
                    "measured": contest.title,
                    "records": f"{contest.records:,}",
                    "rules": contest.rules,
                    "figure": _figure(bar),
                    "found": spread(found, bar.of) if len(found) else "not measured",
                    "asked": _asked(bar),
                    "met": _met(bar, found),
                }
            )
    return pd.DataFrame(rows)


def by_round(outcome: Outcome, bar: Bar) -> pd.Series:
    """Return the quotient, difference or figure that a bar is about, for each round."""
    table = outcome.rows.pivot(index="round", columns="contender", values=bar.of)
    empty = pd.Series(np.nan, index=table.index)
    one = table.get(bar.one, empty)
    if bar.other is None:
        return one.dropna()
    other = table.get(bar.other, empty)
    return (one - other if bar.of == "f1" else one / other).dropna()


def spread(values: pd.Series, measure: str = "seconds") -> str:
    """Write the median, and in brackets the least and greatest where they differ."""
    write = signed if measure == "f1" else brief
    low, middle, high = (write(each) for each in (values.min(), values.median(), values.max()))
    return middle if low == high else f"{middle} ({low}–{high})"


def brief(value: float) -> str:
    """Write a positive number to three digits, whole from a hundred on: 0.0215, 4.52, 1,204."""
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}"


def signed(value: float) -> str:
    """Write a difference of F1 to four places, with its sign: +0.0012, −0.0003."""
    return f"{value:+.4f}".replace("-", "−")


def _figure(bar: Bar) -> str:
    measure = MEASURES[bar.of]
    if bar.other is None:
        return f"{measure} of {bar.one}{', MB' if bar.of == 'peak_mb' else ''}"
    return f"{measure}, {bar.one} {'−' if bar.of == 'f1' else '÷'} {bar.other}"


def _asked(bar: Bar) -> str:
    if bar.at_most is None:
        return ""
    if bar.of != "f1":
        return f"at most {bar.at_most:g}"
    return f"at least −{bar.at_most:g}" if bar.at_most else "at least 0"


def _met(bar: Bar, found: pd.Series) -> str:
    if bar.at_most is None or not len(found):
        return ""
    middle = found.median()
    met = middle >= -bar.at_most if bar.of == "f1" else middle <= bar.at_most
    return "yes" if met else "no"


def markdown(table: pd.DataFrame) -> str:
    """Write a table of texts in Markdown; columns of numbers stand to the right."""
    to_the_right = {"records", "pairs", "seconds", "processor s", "peak MB", "F1", "found"}
    lines = ["| " + " | ".join(table.columns) + " |"]
    lines.append(
        "|" + "|".join("--:" if name in to_the_right else "---" for name in table.columns) + "|"
    )
    lines += ["| " + " | ".join(row) + " |" for row in table.itertuples(index=False)]
    return "\n".join(lines)


def machine() -> str:
    """Describe the machine: processor, cores that may be used, memory, system."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"model name\s*: (.+)", information.read_text(encoding="utf-8"))
        model = found[1] if found else model
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cores()} cores ({model}), {gigabytes:.0f} GB of memory, {platform.system()}"


def conditions(outcomes: Sequence[Outcome], command: str, rounds: int, load: float) -> str:
    """Say when, where, with what and by which command."""
    versions = {"Python": platform.python_version()}
    for outcome in outcomes:
        versions |= outcome.versions
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    lines = [
        f"- Command: `{command}`; {rounds} rounds",
        f"- Date: {datetime.now(UTC):%d %B %Y}; commit {_commit()}",
        f"- Machine: {machine()}; load average before the first process {load:.1f}",
        f"- Versions: {told}",
    ]
    return "\n".join(lines)


@cache
def _commit() -> str:
    """The commit that is measured, asked once: the page itself, as it grows, is no change of it."""
    asked = ["git", "describe", "--always", "--dirty"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def page(outcomes: Sequence[Outcome], told: str) -> str:
    """Write the whole page."""
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    parts = [
        "# How fast linkage is, beside its peers",
        "This page is written by the command below; run it again rather than edit.",
        told,
        "## What was asked, and what was found",
        markdown(verdicts(outcomes)),
        *(
            ["Not everything went to plan:", "\n".join(f"- {each}" for each in failures)]
            * bool(failures)
        ),
        "## What was measured",
        markdown(measurements(outcomes)),
        "## How",
        METHOD.strip(),
    ]
    return "\n\n".join(parts) + "\n"
