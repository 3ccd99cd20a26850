"""The single view run whole on the quick county: who opted out, and a person who is un-merged.

A build takes a minute, and there are three: `make prove`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from woda_lib.partners import OPTED_OUT, AgreementError, Door, load_agreement
from woda_lib.partners.restricted import read_restricted
from woda_lib.pilots.single_view.fields import FIELDS, HANDED_ON
from woda_lib.records import RunFolder, complete_runs, read_pilots
from woda_lib.settings import Settings
from woda_lib.workbench.planning.freshness import freshness

pytestmark = pytest.mark.prove

ROOT = Path(__file__).parents[3]
PILOT, BUILD = "single_view", "1_build"
LATER = ("early_help", "clerical_review", "planning", "fire_safety")
WHY = "Two people of one name; the officer who met both confirmed it."
CHANGED = f"people's decisions changed (decisions/{PILOT}/identities.csv)"


class Workbench:
    """A workbench whose data and outputs lie in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            root=ROOT, data=folder / "data", outputs=folder / "outputs", profile="quick"
        )
        self._environment = {
            **{name: value for name, value in os.environ.items() if name[:5] != "WODA_"},
            "PYTHONPATH": str(ROOT),
            "WODA_ROOT": str(ROOT),
            "WODA_DATA": str(folder / "data"),
            "WODA_OUTPUTS": str(folder / "outputs"),
            "WODA_PROFILE": "quick",
        }

    def woda(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "woda_lib", *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, *words: str) -> RunFolder:
        self.woda("run", PILOT, *words)
        return complete_runs(self.settings.outputs_folder, PILOT)[-1]

    def plan(self) -> dict[str, tuple[str, list[str]]]:
        told = json.loads(self.woda("plan", PILOT, "--json"))
        return {step["step"]: (step["action"], step["reasons"]) for step in told}

    def door(self, purpose: str = "linkage") -> Door:
        agreement = load_agreement(PILOT, self.settings.agreements_folder)
        return Door(agreement, purpose, self.settings, run=f"{PILOT}/test/{BUILD}")

    @cached_property
    def _key(self):
        return self.door().key

    def table(self, run: RunFolder, name: str) -> pd.DataFrame:
        """A table as it lies in the file, without what a door leaves out."""
        return read_restricted(run.table(BUILD, name), f"{PILOT}/{BUILD}:{name}", self._key)

    @property
    def fresh(self):
        return freshness(read_pilots(self.settings.parameters_folder)[PILOT], self.settings)


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Workbench:
    made = Workbench(tmp_path_factory.mktemp("whole"))
    made.woda("extracts", "make", "--profile", "quick")
    return made


@pytest.fixture(scope="module")
def first(bench) -> RunFolder:
    return bench.run()


def texts(frame: pd.DataFrame) -> set[str]:
    found: set[str] = set()
    for column in frame:
        if not pd.api.types.is_numeric_dtype(frame[column]):
            found |= set(frame[column].dropna().astype(str).unique())
    return found


def test_no_saved_table_hands_on_who_opted_out(bench, first):
    opted_out = bench.table(first, OPTED_OUT)
    theirs = set(opted_out["local_id"]) | set(opted_out["entity_id"])
    datasets = opted_out["partner"].nunique()
    # Choices are told by NHS number; linkage finds them at partners who have none.
    assert opted_out["entity_id"].nunique() > 100
    assert datasets > 4

    for name in FIELDS:  # the build's own tables hold nothing of theirs, whoever reads them
        assert not texts(bench.table(first, name)) & theirs, name

    kept = [path.stem for path in first.table(BUILD, OPTED_OUT).parent.glob("*.parquet")]
    assert {"people_records", "people_links", *FIELDS, *HANDED_ON} <= set(kept)
    assert texts(bench.table(first, "people_records")) & theirs
    for purpose in LATER:  # what the next build begins from is behind the door
        door = bench.door(purpose)
        door.add_linked(first.table(BUILD, OPTED_OUT), f"{PILOT}/{BUILD}:{OPTED_OUT}")
        for name in HANDED_ON:
            with pytest.raises(AgreementError, match=f"lets nobody read {PILOT}/{BUILD}:{name} "):
                door.load_table(first.table(BUILD, name), f"{PILOT}/{BUILD}:{name}")
        for name in set(kept) - set(FIELDS) - set(HANDED_ON):
            shown = door.load_table(first.table(BUILD, name), f"{PILOT}/{BUILD}:{name}")
            assert not texts(shown) & theirs, (purpose, name)


def test_who_is_unmerged_stays_so_and_what_used_the_old_identity_is_stale(bench, first):
    assert bench.fresh.fresh
    records = bench.table(first, "records").astype({"dataset": str})
    sizes = records.groupby("entity_id")["local_id"].transform("size")
    police = records[(records["dataset"] == "police_contacts") & (sizes > 2)].iloc[0]
    person, number = police["entity_id"], police["local_id"]
    others = set(records.loc[records["entity_id"] == person, "local_id"]) - {number}

    bench.woda(
        *("identities", "unmerge", PILOT, person, f"police_contacts:{number}"),
        *("--purpose", "clerical_review", "--reason", WHY, "--by", "Ann"),
    )
    plan = bench.plan()
    assert plan.pop(BUILD) == ("run", [CHANGED])
    assert len(plan) == 3
    for step, (action, reasons) in plan.items():
        assert action == "run", step
        assert f"{BUILD} is run again" in reasons, step
    assert not bench.fresh.fresh
    assert CHANGED in bench.fresh.reasons

    def stands(run: RunFolder) -> None:
        now = bench.table(run, "records").set_index("local_id")["entity_id"]
        assert now[number] not in set(now[list(others)])
        events = bench.table(run, "identity_events")
        parted = events[events["event"] == "unmerged"]
        assert len(parted) == 1
        assert person in set(parted[["entity_id", "other_entity_id"]].iloc[0])
        assert parted["reason"].iloc[0].startswith("decided by Ann on ")
        assert parted["reason"].iloc[0].endswith(f": {WHY}")

    stands(bench.run())
    assert bench.fresh.fresh
    stands(bench.run("--again"))
