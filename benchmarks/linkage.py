"""How fast linkage is, beside Splink and recordlinkage, on a county of made-up records.

    python -m benchmarks.linkage                              everything; an hour on two cores
    python -m benchmarks.linkage --scale 0.1 --rounds 2       with a tenth of the records
    python -m benchmarks.linkage splink limit --rules wide    some sections, some rules
    python -m benchmarks.linkage --write                      writes docs/linkage_benchmarks.md too

Run it on a machine that does nothing else. What each section measures, and how, is told by
`report.METHOD`; engines, peers and the limit are modules of their own, which can be run alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contest import Bar, Contender, Contest, Outcome, held, run
from benchmarks.files import SPECIFICATIONS, WARM_UP, made_elsewhere
from benchmarks.report import PAGE, conditions, page

SECTIONS = ["splink", "whole", "recordlinkage", "growth", "incremental", "limit"]
SIZES = [100_000, 1_000_000]
GROWN = 5
FEWEST = 10_000
TOLERANCE = 0.0005  # of F1: an update counts term frequencies as they were at the last relink


@dataclass(frozen=True)
class Plan:
    """What is asked for on the command line."""

    sections: list[str]
    scale: float
    rounds: int
    rules: list[str]
    splink_python: str
    folder: Path

    def records(self, number: int) -> int:
        """Scale a number of records."""
        return round(number * self.scale)

    def ours(self, name: str, records: int, rules: str, job: str) -> Contender:
        """Our engine, at one of the jobs of `benchmarks.ours`."""
        made_elsewhere(WARM_UP, self.folder)
        path = made_elsewhere(records, self.folder)
        command = [sys.executable, "-m", "benchmarks.ours", str(path)]
        command += ["--rules", rules, "--job", job, "--clusters", str(self.clusters("ours"))]
        return Contender(name, command, whole=job == "whole")

    def peer(self, name: str, module: str, records: int, rules: str, *options: str) -> Contender:
        """A peer, on the county as it is prepared for peers."""
        path, small = (made_elsewhere(each, self.folder, rules) for each in (records, WARM_UP))
        python = self.splink_python if module == "splink_peer" else sys.executable
        command = [python, "-m", f"benchmarks.{module}", str(path), "--warm-up", str(small)]
        return Contender(name, [*command, *options], whole="whole" in options)

    def clusters(self, by: str) -> Path:
        """Where a process writes its clusters."""
        return self.folder / f"clusters_of_{by}.parquet"


def contests(plan: Plan) -> Iterator[Contest]:
    """Set up the contests, section by section."""
    for section in plan.sections:
        for rules in plan.rules:
            yield from {
                "splink": _splink,
                "whole": _whole,
                "recordlinkage": _recordlinkage,
                "growth": _growth,
                "incremental": _incremental,
                "limit": _limit,
            }[section](plan, rules)


def _splink(plan: Plan, rules: str) -> Iterator[Contest]:
    for records in map(plan.records, SIZES):
        yield Contest(
            "in memory and warm",
            records,
            rules,
            [
                plan.ours("ours", records, rules, "link"),
                plan.peer("Splink", "splink_peer", records, rules),
            ],
            [
                Bar("seconds", "ours", "Splink", 1 / 10),
                Bar("peak_mb", "ours", "Splink", 1 / 2),
                Bar("f1", "ours", "Splink", 0),
            ],
        )


def _whole(plan: Plan, rules: str) -> Iterator[Contest]:
    for contender in _wholes(plan, WARM_UP, rules):  # fills the compile caches, uncounted
        run(contender)
    for records in map(plan.records, SIZES):
        yield Contest(
            "whole process",
            records,
            rules,
            _wholes(plan, records, rules),
            [Bar("seconds", "ours", "Splink", 1 / 5), Bar("peak_mb", "ours", "Splink", 1 / 2)],
        )


def _wholes(plan: Plan, records: int, rules: str) -> list[Contender]:
    options = ["--job", "whole", "--clusters", str(plan.clusters("splink"))]
    return [
        plan.ours("ours", records, rules, "whole"),
        plan.peer("Splink", "splink_peer", records, rules, *options),
    ]


def _recordlinkage(plan: Plan, rules: str) -> Iterator[Contest]:
    """At 100,000, or at the largest half, quarter, eighth… of it that recordlinkage survives."""
    records = plan.records(SIZES[0])
    while True:
        peer = plan.peer("recordlinkage", "recordlinkage_peer", records, rules)
        try:
            run(peer)
        except RuntimeError as error:
            print(f"{records:,} records: {error}", file=sys.stderr, flush=True)
            if records < FEWEST:
                return
            records //= 2
        else:
            break
    yield Contest(
        "in memory and warm",
        records,
        rules,
        [plan.ours("ours", records, rules, "link"), peer],
        [Bar("seconds", "ours", "recordlinkage", 1 / 50)],
    )


def _growth(plan: Plan, rules: str) -> Iterator[Contest]:
    small = plan.records(SIZES[-1])
    large, less = (f"ours, {records:,}" for records in (GROWN * small, small))
    yield Contest(
        "growth",
        GROWN * small,
        rules,
        [
            plan.ours(large, GROWN * small, rules, "link"),
            plan.ours(less, small, rules, "link"),
        ],
        [Bar("seconds", large, less, 9), Bar("peak_mb", large, at_most=3_500)],
        same_pairs=False,
    )


def _incremental(plan: Plan, rules: str) -> Iterator[Contest]:
    records = plan.records(SIZES[-1])
    yield Contest(
        "1% of changes",
        records,
        rules,
        [
            plan.ours("update", records, rules, "update"),
            plan.ours("full relink", records, rules, "relink"),
        ],
        [
            Bar("seconds", "update", "full relink", 1 / 5),
            Bar("f1", "update", "full relink", TOLERANCE),
        ],
        same_pairs=False,
    )


def _limit(plan: Plan, rules: str) -> Iterator[Contest]:
    for records in map(plan.records, SIZES):
        yield Contest(
            "distance to the limit",
            records,
            rules,
            [
                plan.ours("our linkage", records, rules, "link"),
                plan.ours("our loop", records, rules, "scan"),
                plan.peer("integers alone", "integer_limit", records, rules),
            ],
            [
                Bar("seconds", "our loop", "integers alone"),
                Bar("seconds", "our linkage", "integers alone"),
            ],
        )


def main() -> None:
    """Hold the contests, and print the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", metavar="section", help=", ".join(SECTIONS))
    parser.add_argument("--scale", type=float, default=1.0, help="of all numbers of records")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rules", nargs="+", choices=SPECIFICATIONS, default=list(SPECIFICATIONS))
    parser.add_argument(
        "--splink-python", default=sys.executable, help="a Python that has another Splink"
    )
    parser.add_argument("--folder", type=Path, default=Path("outputs/benchmarks"))
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} in docs/")
    asked = parser.parse_args()
    if unknown := set(asked.sections) - set(SECTIONS):
        parser.error(
            f"there is no section {sorted(unknown)[0]!r}; choose from {', '.join(SECTIONS)}"
        )
    plan = Plan(
        asked.sections or SECTIONS,
        asked.scale,
        asked.rounds,
        asked.rules,
        asked.splink_python,
        asked.folder,
    )
    load = os.getloadavg()[0]
    command = " ".join(["python -m benchmarks.linkage", *sys.argv[1:]])
    outcomes: list[Outcome] = []
    written = ""
    for contest in contests(plan):
        outcomes.append(held(contest, plan.rounds))
        written = page(outcomes, conditions(outcomes, command, plan.rounds, load))
        if asked.write:  # each time, lest an hour's work be lost with its last minute
            PAGE.write_text(written, encoding="utf-8")
    print(written)


if __name__ == "__main__":
    main()
