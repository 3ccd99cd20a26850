"""What a step saved the last time, and decisions of a pilot's own."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from tests.notebook.conftest import Desk
from woda_lib.disclosure import DisclosureError
from woda_lib.partners import audit_log
from woda_lib.records import DECISIONS
from woda_lib.settings import Settings


def deliver(desk: Desk, month: str) -> None:
    """Bring another month's files, by which the clock goes on."""
    for folder in (desk.root / "data" / "extracts" / "demo").iterdir():
        january = folder / "social_care_clients_2022-01.csv"
        (folder / f"social_care_clients_{month}.csv").write_bytes(january.read_bytes())


def save_list(desk: Desk, *homes: str) -> Path:
    """Save a list as a run does, and keep it under a name that sorts by its day."""
    run = desk.begin()
    run.save("listed", pd.DataFrame({"household_id": list(homes)}))
    run.answer("Made.")
    run.finish()
    kept = desk.draft.with_name(f"{run.as_of}T00-00-00-aaaa")
    copytree(desk.draft, kept)
    (kept / "manifest.json").write_text("{}")
    return kept


def test_where_there_was_no_run_there_is_nothing(desk: Desk):
    assert desk.begin().earlier("listed") is None


def test_what_was_saved_on_the_same_day_is_no_earlier_list(desk: Desk):
    save_list(desk, "h1")
    assert desk.begin().earlier("listed") is None


def test_the_last_run_of_an_earlier_day_is_read_and_is_an_earlier_input(desk: Desk):
    save_list(desk, "h1")
    deliver(desk, "2022-02")
    save_list(desk, "h2")
    deliver(desk, "2022-03")
    run = desk.begin()
    found = run.earlier("listed")
    assert found is not None
    assert found["household_id"].tolist() == ["h2"]
    run.answer("Two.")
    run.finish()
    assert [(each.name, each.previous) for each in desk.record().inputs] == [
        ("tiny/1_count:listed", True)
    ]


def test_files_of_decisions_are_inputs_whatever_they_are_about(desk: Desk):
    path = desk.root / "data" / "decisions" / "tiny" / "ann.csv"
    path.parent.mkdir(parents=True)
    path.write_text("household_id,decision\n")
    run = desk.begin()
    assert run.decision_files() == [path]
    assert run.decision_file("ann") == path
    run.answer("One.")
    run.finish()
    assert [each.name for each in desk.record().inputs] == [DECISIONS]


def test_a_decision_is_on_the_audit_log(desk: Desk):
    run = desk.begin()
    run.note_decision("listed", detail="h1 on the list of 2022-01-31: lower, by ann")
    last = list(audit_log(Settings()).records())[-1]
    assert (last.kind, last.dataset, last.rows) == ("decision", "tiny/1_count:listed", 1)
    assert last.detail == "h1 on the list of 2022-01-31: lower, by ann"


def test_what_names_somebody_is_not_put_there(desk: Desk):
    run = desk.begin()
    clients = run.load("social_care_clients")
    with pytest.raises(DisclosureError):
        run.note_decision("listed", detail=f"about {clients['client_id'].iloc[0]}")
