"""What the single view's build takes at the size of the county, and how right it is.

::

    python -m benchmarks.single_view                      the county, made if it is not there
    python -m benchmarks.single_view --profile quick      the quick county, to try it out
    python -m benchmarks.single_view --full               the full build alone, without another day
    python -m benchmarks.single_view --write              writes the tables into docs/single_view.md

The build is that of ``notebooks/single_view/1_build.ipynb`` without its report: the same calls, one
after another, through the same door. Each phase is timed, and the most memory that the process held
in it is read from the kernel, which is asked to count anew before each. Of another process that it
starts, seconds are added, and what the two hold together is looked at while they run, pages that
both hold being counted once. Then comes another day: yesterday's build lacks one row in a hundred,
or its end, of those that came with the last month's files, and today's takes it over. As in life
each of the three builds is a process of its own: what one leaves behind in memory would slow the
next. Yesterday is not timed, and while today is, nobody looks at its memory, which takes time. Nor
is timed what the notebook does besides on each day: it loads, reads back the links and saves. Files
that yesterday read or compiled are still at hand. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import pickle
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.marked import write_between_marks
from benchmarks.measure import STATUS, Together, alone, cores, peak_mb, spent_by_children
from woda_lib.linkage import cluster_quality
from woda_lib.notebook import Identities, Run
from woda_lib.pilots.linking import Linked, known_names, link_from
from woda_lib.pilots.single_view import build, linking, people, placing, report, saved
from woda_lib.pilots.single_view.details import besides, details
from woda_lib.pilots.single_view.fields import fields_of
from woda_lib.pilots.single_view.involvements import involvements
from woda_lib.pilots.single_view.of_whom import of_whom
from woda_lib.pilots.single_view.properties import properties_beside
from woda_lib.pilots.single_view.registers import DATASETS, NUMBERS
from woda_lib.pilots.single_view.registrations import Registrations
from woda_lib.records import read_pilots
from woda_lib.settings import Settings
from woda_lib.synthetic import known_truth, make_extracts

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "single_view.md"
CHANGED = 0.01
"""Of all rows, about as many come or change from one day to the next."""
_ANEW = Path("/proc/self/clear_refs")
_HELD, _WHO = "held.pkl", "who.pkl"
"""What yesterday leaves to today: to begin from, and to be held against."""

BARS = {
    "full build": ("under 120 s", lambda seconds: seconds < 120),
    "most memory": ("under 4 GB", lambda gb: gb < 4),
    "the next day, from rows in hand": ("under 20 s", lambda seconds: seconds < 20),
    "identifiers kept, of unchanged people, %": ("at least 99.9", lambda share: share >= 99.9),
    "precision, %": ("at least 99.8", lambda share: share >= 99.8),
    "recall, %": ("at least 97", lambda share: share >= 97),
    "households exact, %": ("at least 90", lambda share: share >= 90),
    "addresses matched, %": ("at least 95", lambda share: share >= 95),
    "of these the right property, %": ("at least 97", lambda share: share >= 97),
}


@dataclass
class Phases:
    """Seconds and peak memory of each phase, the latter of other processes only if `looks`."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    looks: bool = True

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure what is done within."""
        if _ANEW.exists():
            _ANEW.write_text("5", encoding="ascii")
        wall, cpu, others = time.perf_counter(), time.process_time(), spent_by_children()
        with Together() if self.looks else nullcontext() as together:
            yield
        row = {"phase": name, "seconds": time.perf_counter() - wall}
        beside = spent_by_children() - others
        held = max(_held(), together.peak_mb if together else 0.0)
        self.rows.append(row | {"cpu": time.process_time() - cpu + beside, "gb": held / 1024})
        print(
            f"{name:<44}{row['seconds']:8.1f} s{self.rows[-1]['cpu']:8.1f} s of processor"
            f"{self.rows[-1]['gb']:8.2f} GB",
            flush=True,
        )

    @property
    def seconds(self) -> float:
        """All of them together."""
        return float(sum(row["seconds"] for row in self.rows))

    @property
    def gb(self) -> float:
        """The most that was held in any."""
        return float(max(row["gb"] for row in self.rows))


@dataclass
class Built:
    """What one build made."""

    shown: build.Shown
    records: dict[str, pd.DataFrame]
    linked: Linked
    whom: pd.DataFrame
    opted_out: pd.DataFrame
    placed: pd.DataFrame
    homes: build.Homes
    services: pd.DataFrame
    properties: pd.DataFrame


def main() -> None:
    """Measure, print, and write if asked."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--profile", default="county")
    asked.add_argument("--data", type=Path, default=ROOT / "data")
    asked.add_argument("--full", action="store_true")
    asked.add_argument("--write", action="store_true")
    arguments = asked.parse_args()
    for name in [name for name in os.environ if name.startswith("WODA_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(
            root=ROOT, data=arguments.data, outputs=Path(scratch), profile=arguments.profile
        )
        if not settings.extracts_folder.is_dir():
            folder = settings.extracts_folder
            make_extracts(folder, settings.truth_folder, profile=arguments.profile)
        for told in measure(settings, another_day=not arguments.full):
            print(told, flush=True)
            if arguments.write:
                write_between_marks(PAGE, told)


def measure(settings: Settings, *, another_day: bool) -> Iterator[str]:
    """Build, mark the build against the truth, and build again on the next day if asked.

    What the full build took is told before the next day begins, and both after it.
    """
    first, marks, delivered = alone(full, settings)
    yield told_of(first, Phases(), marks, rows=delivered, share=0)
    if not another_day:
        return
    changed = alone(build_yesterday, settings)
    print(f"yesterday lacks {changed:,} of {delivered:,} rows", flush=True)
    again, stayed = alone(build_today, settings)
    marks["identifiers kept, of unchanged people, %"] = stayed
    marks["the next day, from rows in hand"] = again.seconds
    yield told_of(first, again, marks, rows=delivered, share=100 * changed / delivered)


def full(settings: Settings) -> tuple[Phases, dict[str, float], int]:
    """Build, save, and mark the build against the truth; say how many rows were delivered."""
    run, phases = run_of(settings), Phases()
    as_of = pd.Timestamp(run.as_of)
    with phases.phase("load through the door"):
        loaded, gazetteer = load(run)
    delivered = sum(map(len, loaded.values()))
    known = Identities(on=run.as_of, run="first", says="")
    built = build_all(run, loaded, gazetteer, known, as_of, phases)
    with phases.phase("save, encrypted"):
        save(run, built)
    marks = marked(run, built, as_of)
    marks["full build"], marks["most memory"] = phases.seconds, phases.gb
    return phases, marks, delivered


def build_yesterday(settings: Settings) -> int:
    """Build without some rows, leave behind what today begins from; say how many they are."""
    run = run_of(settings)
    as_of = pd.Timestamp(run.as_of)
    loaded, gazetteer = load(run)
    before, changed = yesterday(loaded, as_of)
    del loaded
    earlier = Identities(on=run.as_of - timedelta(days=1), run="yesterday", says="")
    old = build_all(run, before, gazetteer, earlier, as_of, Phases())
    held = Identities(
        on=run.as_of,
        run="today",
        says="",
        tables=old.linked.store.tables(),
        settled_with=old.linked.store.settled_with,
        model=old.linked.model.to_text(),
        linked_on=earlier.on,
    )
    for name, left in ((_HELD, held), (_WHO, (old.records, old.whom))):
        (settings.outputs / name).write_bytes(pickle.dumps(left))
    return changed


def build_today(settings: Settings) -> tuple[Phases, float]:
    """Build with all files from what yesterday left; say how many people kept their identifier."""
    run, phases = run_of(settings), Phases(looks=False)
    held = pickle.loads((settings.outputs / _HELD).read_bytes())
    loaded, gazetteer = load(run)
    as_of = pd.Timestamp(run.as_of)
    new = build_all(run, loaded, gazetteer, held, as_of, phases, anew=False)
    records, whom = pickle.loads((settings.outputs / _WHO).read_bytes())
    return phases, kept(records, whom, new)


def run_of(settings: Settings) -> Run:
    """Return a run of the step that builds."""
    pilot = read_pilots(settings.parameters_folder)["single_view"]
    return Run(pilot, pilot.step("1_build"), {"relink_after_days": 31}, settings)


def load(run: Run) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Load the partners' tables through the door, and the gazetteer."""
    loaded = run.load_each([*DATASETS, "gazetteer"])
    return loaded, loaded.pop("gazetteer")


def build_all(
    run: Run,
    loaded: dict[str, pd.DataFrame],
    gazetteer: pd.DataFrame,
    known: Identities,
    as_of: pd.Timestamp,
    phases: Phases,
    *,
    anew: bool = True,
) -> Built:
    """Do what the notebook does between loading and saving; `loaded` is empty afterwards.

    Only a build that is made anew, and takes no places over, keeps them for the next.
    """
    with phases.phase("one table of all rows"):
        rows = details(loaded)
        numbers = Registrations.of(rows)
        others = besides(loaded)
        loaded.clear()
    with phases.phase("which property each address is"):
        if anew:
            at, rules = placing.place(rows, gazetteer), placing.rules_of(run, gazetteer, run.as_of)
        else:
            at = placing.place_from_last(run, rows, gazetteer, relink_after_days=31)
        places = at.places
    placed = report.places.matches(rows, places, known_truth(run, "sv_places"), by=None)
    with phases.phase("a record for each number"):
        names = known_names(known, relink_after_days=31)
        telling = properties_beside(gazetteer)
        records = people.records(rows, places, numbers)
        spec = linking.specification(run, records)
        known_properties = telling()
    del gazetteer, telling
    with phases.phase("who is who"):
        linked = link_from(known, records, spec, relink_after_days=31, names=names)
        whom = linking.records_table(linked, records)
    with phases.phase("who opted out"):
        theirs = of_whom(rows, whom, numbers, linked.whereabouts)
        opted_out = run.spread_opt_outs(whom, alike=theirs.people)
        rows = build.with_entities(rows, whom, theirs)
        shown = build.without(opted_out, rows, places[placing.PLACES], whom)
    if anew:
        with phases.phase("places for the next build, encrypted"):
            tables = placing.handed_on(at, rows, opted_out)
            run.save_each(tables, fields=fields_of, rules=dict.fromkeys(tables, rules))
            del tables
    del rows, at, places
    with phases.phase("best values, homes and households"):
        rules = build.read_rules(run.parameters_folder)
        homes = build.live(shown, others, known_properties, rules, as_of=as_of)
    with phases.phase("involvements"):
        services = involvements(others, shown.rows, shown.places, shown.at)
    return Built(shown, records, linked, whom, opted_out, placed, homes, services, known_properties)


def save(run: Run, built: Built) -> None:
    """Keep the build's tables, as the notebook does."""
    run.save_identities(
        "people",
        built.linked.store,
        built.linked.model,
        linked_on=run.as_of,
        numbers=NUMBERS,
    )
    tables = saved.tables(
        built.shown, built.linked, built.homes, built.properties, built.services, built.opted_out
    )
    run.save_each(tables, fields=fields_of)


def yesterday(
    loaded: dict[str, pd.DataFrame], as_of: pd.Timestamp
) -> tuple[dict[str, pd.DataFrame], int]:
    """Take back about one in a hundred of all rows, of those that the last month's files brought.

    One that tells of the end of what began before is put back to what it said before the end; any
    other is left out. Return the tables of yesterday, and how many rows are new or have changed.
    """
    before = as_of - pd.offsets.MonthEnd(1)
    dates = {
        name: frame["delivered_on"] for name, frame in loaded.items() if "delivered_on" in frame
    }
    late = {name: (each > before).to_numpy() for name, each in dates.items()}
    total, came = sum(map(len, late.values())), sum(each.sum() for each in late.values())
    every = max(1, round(came / (CHANGED * total)))
    taken = {name: each & (each.cumsum() % every == 0) for name, each in late.items()}
    old = {
        name: _before_its_end(frame, taken[name], before) if name in taken else frame
        for name, frame in loaded.items()
    }
    return old, int(sum(each.sum() for each in taken.values()))


def _before_its_end(frame: pd.DataFrame, taken: pd.Series, before: pd.Timestamp) -> pd.DataFrame:
    """Put rows back to what they said before their end; leave out those that were not there."""
    ended = taken & ((frame["started_on"] <= before) & frame["ended_on"].notna()).to_numpy()
    old = frame.copy(deep=False)
    old["ended_on"] = frame["ended_on"].mask(ended)
    old["delivered_on"] = frame["delivered_on"].mask(ended, before)
    return old[~(taken & ~ended)].reset_index(drop=True)


def kept(records: dict[str, pd.DataFrame], whom: pd.DataFrame, new: Built) -> float:
    """Return how many of the people of whom nothing changed bear yesterday's identifier, %."""
    keys = ["dataset", "local_id"]
    then, now = (
        pd.concat([frame.assign(dataset=name) for name, frame in each.items()])
        .rename(columns={"id": "local_id"})
        .set_index(keys)
        for each in (records, new.records)
    )
    hashes = [pd.util.hash_pandas_object(frame.astype(str), index=False) for frame in (then, now)]
    same = (hashes[0] == hashes[1].reindex(hashes[0].index)).rename("same").reset_index()
    table = whom[[*keys, "entity_id"]].astype({"dataset": object}).merge(same, on=keys)
    untouched = table.groupby("entity_id")["same"].transform("all")
    both = table[untouched].merge(
        new.whom[[*keys, "entity_id"]].astype({"dataset": object}),
        on=keys,
        suffixes=("", "_now"),
    )
    stayed = (both["entity_id"] == both["entity_id_now"]).groupby(both["entity_id"]).all()
    return float(100 * stayed.mean())


def marked(run: Run, built: Built, as_of: pd.Timestamp) -> dict[str, float]:
    """Mark the build against the county's truth."""
    living = known_truth(run, "sv_households")
    known = report.truth.record_truth(
        built.whom, known_truth(run, "people"), living, built.properties
    )
    really = report.truth.true_people(built.shown.records, known)
    quality = cluster_quality(built.linked.clusters, known).set_index(["scope", "measure"])["value"]
    now = build.of_the_day(built.homes, as_of, built.properties)
    exact = report.homes.exact_households(now.members, really, living)
    return {
        "precision, %": 100 * quality["all pairs", "precision"],
        "recall, %": 100 * quality["all pairs", "recall"],
        "households exact, %": 100 * exact["exact"].mean(),
        "addresses matched, %": built.placed["coverage_percent"].iloc[0],
        "of these the right property, %": built.placed["right_percent"].iloc[0],
    }


def told_of(
    first: Phases, again: Phases, marks: dict[str, float], *, rows: int, share: float
) -> str:
    """Write the tables of the page."""
    later = {row["phase"]: row for row in again.rows}
    next_day = f"the next day {share:.1f}% of them are new or have changed"
    lines = [
        f"{rows:,} rows of people on {cores()} processors, of which {os.getloadavg()[2]:.1f} were "
        f"wanted in the last 15 minutes; {next_day if later else 'the next day was not measured'}. "
        "Seconds by the wall; in brackets those of processor.",
        "",
        "| phase | full build | memory | the next day |",
        "|---|---|---|---|",
    ]
    for row in first.rows:
        again_ = later.get(row["phase"])
        said = f"{again_['seconds']:.1f} s ({again_['cpu']:.1f})" if again_ else ""
        time_ = f"{row['seconds']:.1f} s ({row['cpu']:.1f})"
        lines.append(f"| {row['phase']} | {time_} | {row['gb']:.2f} GB | {said} |")
    lines += ["", "| what | measured | asked | |", "|---|---|---|---|"]
    bars: dict[str, tuple[str, Callable[[float], bool]]] = BARS
    for name, (asked, holds) in bars.items():
        if name not in marks:
            lines.append(f"| {name} | not measured | {asked} | |")
            continue
        value = marks[name]
        unit = " s" if asked.endswith(" s") else " GB" if asked.endswith("GB") else ""
        verdict = "held" if holds(value) else "**missed**"
        lines.append(f"| {name} | {value:.2f}{unit} | {asked} | {verdict} |")
    return "\n".join(lines)


def _held() -> float:
    """The most memory held since the kernel was asked to count anew, in megabytes."""
    if not STATUS.exists():
        return peak_mb()
    found = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else peak_mb()


if __name__ == "__main__":
    main()
