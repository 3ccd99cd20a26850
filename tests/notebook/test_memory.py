"""What was shown before, in this run and in complete ones, is what the gate compares with."""

import os
import re
from shutil import copytree

import pandas as pd
import pytest

from woda_lib.disclosure import DisclosureError
from woda_lib.notebook import NotebookError, memory
from woda_lib.partners import read_restricted

WARDS = {"ward": ["Arrow", "Teme", "Leam"], "people": [40, 23, 50]}


@pytest.fixture
def complete(desk, monkeypatch):
    """A complete run that shows `WARDS` and says how many clients there are."""
    folder = desk.root / "outputs" / "tiny" / "2022-02-01T06-00-00-ab12"
    monkeypatch.setenv("WODA_STEP_FOLDER", str(folder))
    run = desk.begin()
    run.value("clients", 113, unit="people", decimals=0)
    run.show(pd.DataFrame(WARDS), name="wards", caption="Wards")
    run.answer("Some.")
    run.finish()
    (folder / "manifest.json").write_text("{}")
    monkeypatch.delenv("WODA_STEP_FOLDER")
    return folder


def exported(desk):
    return (desk.draft / "shown/1_count/wards.csv").read_text().splitlines()[1:]


def test_a_count_that_differs_by_one_person_from_a_complete_run_is_withheld(desk, complete):
    frame = pd.DataFrame(WARDS | {"people": [40, 22, 50]})
    desk.begin().show(frame, name="wards", caption="Wards")
    assert exported(desk) == ["Arrow,40", "Teme,[c]", "Leam,50"]


def test_the_same_counts_are_shown_again(desk, complete):
    desk.begin().show(pd.DataFrame(WARDS), name="wards", caption="Wards")
    assert exported(desk) == ["Arrow,40", "Teme,25", "Leam,50"]


def test_a_headline_number_that_differs_by_one_is_refused(desk, complete):
    with pytest.raises(DisclosureError, match="The number clients differs by fewer than 5 people"):
        desk.begin().value("clients", 112, unit="people", decimals=0)


def test_a_run_that_is_not_complete_is_not_compared_with(desk, complete):
    (complete / "manifest.json").unlink()
    frame = pd.DataFrame(WARDS | {"people": [40, 22, 50]})
    desk.begin().show(frame, name="wards", caption="Wards")
    assert exported(desk) == ["Arrow,40", "Teme,20", "Leam,50"]


def test_counts_that_later_runs_took_over_are_read_once(desk, complete, monkeypatch):
    later = complete.with_name("2022-03-01T06-00-00-cd34")
    copytree(complete, later, copy_function=os.link)
    read: list[str] = []
    monkeypatch.setattr(
        memory,
        "read_restricted",
        lambda path, name, key: read.append(name) or read_restricted(path, name, key),
    )
    frame = pd.DataFrame(WARDS | {"people": [40, 22, 50]})
    desk.begin().show(frame, name="wards", caption="Wards")
    assert exported(desk) == ["Arrow,40", "Teme,[c]", "Leam,50"]
    assert read == [f"{complete.name}/1_count:gated_counts"]


def test_what_a_scenario_of_a_sweep_has_shown_is_compared_with_too(desk, complete):
    apart = complete.parent / "sweeps" / "2022-02-02T06-00-00-cd34" / complete.name
    apart.parent.mkdir(parents=True)
    complete.rename(apart)
    frame = pd.DataFrame(WARDS | {"people": [40, 22, 50]})
    desk.begin().show(frame, name="wards", caption="Wards")
    assert exported(desk) == ["Arrow,40", "Teme,[c]", "Leam,50"]


def test_a_release_is_compared_with_when_its_runs_folder_is_gone(desk, complete):
    complete.rename(complete.with_name(".released-1.0"))
    frame = pd.DataFrame(WARDS | {"people": [40, 22, 50]})
    desk.begin().show(frame, name="wards", caption="Wards")
    assert exported(desk) == ["Arrow,40", "Teme,[c]", "Leam,50"]


def test_where_retention_has_erased_the_counts_nothing_can_be_compared(desk, complete):
    (complete / "restricted/1_count/gated_counts.parquet").unlink()
    frame = pd.DataFrame(WARDS | {"people": [40, 22, 50]})
    desk.begin().show(frame, name="wards", caption="Wards")
    assert exported(desk) == ["Arrow,40", "Teme,20", "Leam,50"]


def test_a_later_step_knows_what_an_earlier_one_has_shown(desk):
    first = desk.begin()
    first.value("clients", 63, unit="people", decimals=0)
    first.answer("Some.")
    first.finish()
    frame = pd.DataFrame({"ward": ["Arrow", "Teme", "Leam"], "people": [40, 3, 20]})
    desk.begin("2_more").show(frame, name="wards", caption="Wards")
    lines = (desk.draft / "shown/2_more/wards.csv").read_text().splitlines()
    assert lines[1:] == ["Arrow,40", "Teme,[c]", "Leam,[c]"]


def test_true_counts_lie_in_the_restricted_folder_alone(desk, complete):
    holding = [
        path.relative_to(complete).parts[0]
        for path in complete.rglob("*")
        if path.is_file() and path.suffix == ".parquet"
    ]
    assert holding == ["restricted"]
    text = "".join(p.read_text() for p in complete.rglob("*.[cjs][sv]*"))
    assert not re.search(r"(?<!\d)113(?!\d)", text)  # a moment may hold the figures by chance


def test_the_gates_own_table_cannot_be_overwritten(desk):
    with pytest.raises(NotebookError, match="what the gate calls its own table"):
        desk.begin().save("gated_counts", pd.DataFrame({"x": [1]}))


def test_identifiers_that_a_step_has_loaded_are_known_under_any_name(desk):
    run = desk.begin()
    clients = run.load("social_care_clients")
    frame = pd.DataFrame({"group": clients["client_id"], "people": [12] * len(clients)})
    with pytest.raises(DisclosureError, match="values of the field client_id"):
        run.show(frame, name="groups", caption="Groups")
