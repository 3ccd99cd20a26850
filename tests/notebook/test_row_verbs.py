"""What was known on an earlier day, numbers turned back, and pages that name people."""

import json
import threading
from datetime import date

import pandas as pd
import pytest
import yaml

from woda_lib.disclosure import DisclosureError
from woda_lib.notebook import NotebookError
from woda_lib.partners import AgreementError, writing

PAGE = "<html><body><!--woda:opened--><p>Somebody</p></body></html>"
FIELDS = ["client_id", "delivered_on"]


@pytest.fixture
def may(desk):
    """The pilot of `desk`, for a purpose that may re-identify."""
    file = desk.root / "parameters" / "tiny.yaml"
    pilot = yaml.safe_load(file.read_text())
    pilot["steps"][0]["purpose"] = "discharge_coordination"
    file.write_text(yaml.safe_dump(pilot))
    return desk


def next_month(desk):
    """The council delivers again, and so do its neighbours: nothing."""
    extracts = desk.root / "data" / "extracts" / "demo"
    for partner in ("county_council", "severnside_council"):
        first = extracts / partner / "social_care_clients_2022-01.csv"
        whole = first.read_bytes()
        heading = whole.splitlines(keepends=True)[:4]
        kept = whole if partner == "county_council" else b"".join(heading)
        first.with_name("social_care_clients_2022-02.csv").write_bytes(kept)


def test_what_was_known_on_an_earlier_day_is_loaded_beside_what_is_known_now(desk):
    next_month(desk)
    run = desk.begin()
    now = run.load("social_care_clients", fields=FIELDS)
    before = run.load("social_care_clients", fields=FIELDS, delivered_by=date(2022, 1, 31))
    pd.testing.assert_frame_equal(now, before)  # the same file again changes nothing
    assert run.loaded["dataset"].tolist() == [
        "social_care_clients",
        "social_care_clients as known on 2022-01-31",
    ]
    superseded = run.loaded["superseded"]
    assert superseded[0] > superseded[1] == 0


def test_a_saved_table_has_no_earlier_days(desk):
    run = desk.begin()
    run.save("people", pd.DataFrame({"a": [1]}))
    with pytest.raises(NotebookError, match="Load the dataset that it was made of"):
        run.load("tiny/1_count:people", delivered_by=date(2022, 1, 31))


def test_several_datasets_are_loaded_as_each_would_be_alone(desk):
    run = desk.begin()
    found = run.load_each(["social_care_clients"])
    pd.testing.assert_frame_equal(
        found["social_care_clients"], desk.begin().load("social_care_clients")
    )
    with pytest.raises(NotebookError, match="Load it by itself"):
        run.load_each(["social_care_clients", "tiny/1_count:people"])


SEVERAL = {f"part_{n}": pd.DataFrame({"a": range(n, 9)}) for n in range(5)}


def noted(desk):
    """What the audit log says was saved: names and rows, in order."""
    log = desk.root / "data" / "audit" / "log.jsonl"
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return [(each["dataset"], each["rows"]) for each in events if each["kind"] == "save"]


@pytest.fixture(params=["here", "beside"])
def who_writes(request, monkeypatch):
    """Let tables be written here, or in threads however few rows they have."""
    if request.param == "beside":
        monkeypatch.setattr("woda_lib.partners.writing.MANY_ROWS", 1)
    writers, write = set(), writing.write_restricted

    def noting(*args):
        own = threading.current_thread() is threading.main_thread()
        writers.add("here" if own else "beside")
        write(*args)

    monkeypatch.setattr("woda_lib.partners.writing.write_restricted", noting)
    return lambda: writers == {request.param}


def test_several_tables_are_saved_as_each_would_be_alone(desk, who_writes):
    run = desk.begin()
    asked = []
    run.save_each(SEVERAL, fields=lambda name, frame: asked.append((name, list(frame))))
    assert asked == [(name, ["a"]) for name in SEVERAL]
    assert noted(desk) == [(f"tiny/1_count:{name}", len(table)) for name, table in SEVERAL.items()]
    assert who_writes()
    for name, table in SEVERAL.items():
        pd.testing.assert_frame_equal(run.load(f"tiny/1_count:{name}"), table)
    run.answer("Nothing.")
    run.finish()
    assert [(each.name, len(each.sha256)) for each in desk.record().saved] == [
        (name, 64) for name in SEVERAL
    ]


def test_tables_that_were_on_the_record_are_written_when_the_next_is_refused(desk, who_writes):
    run = desk.begin()
    with pytest.raises(NotebookError, match="holds forename"):
        run.save_each({**SEVERAL, "names": pd.DataFrame({"forename": ["Nobody"]})})
    assert noted(desk) == [(f"tiny/1_count:{name}", len(table)) for name, table in SEVERAL.items()]
    pd.testing.assert_frame_equal(run.load("tiny/1_count:part_4"), SEVERAL["part_4"])


def test_of_several_tables_the_first_that_cannot_be_written_is_told(desk, monkeypatch, who_writes):
    def full(path, *_):
        raise OSError(f"no room for {path.stem}")

    monkeypatch.setattr("woda_lib.partners.writing.write_restricted", full)
    run = desk.begin()
    with pytest.raises(OSError, match="no room for part_0"):
        run.save_each(SEVERAL)
    monkeypatch.undo()
    run.save_each({"later": SEVERAL["part_0"]})  # what failed is not told again


def test_several_tables_are_refused_by_the_rules_of_one(desk):
    with pytest.raises(NotebookError, match="not in snake_case"):
        desk.begin().save_each({"a": SEVERAL["part_0"], "B": SEVERAL["part_1"]})
    with pytest.raises(NotebookError, match="holds forename, which the agreement shares as"):
        desk.begin().save_each({"names": pd.DataFrame({"forename": ["Nobody"]})})
    assert not (desk.root / "data" / "audit" / "log.jsonl").exists()


def test_a_page_is_kept_encrypted_and_recorded_and_nowhere_else(may):
    run = may.begin()
    people = run.load("social_care_clients", fields=["client_id"])
    numbers = run.reidentify(people)
    assert numbers["client_id"].str.fullmatch("[a-z2-7]{26}").sum() == 0
    run.save_document("pack", PAGE)
    run.answer("Nothing.")
    run.finish()
    (saved,) = may.record().saved
    assert (saved.name, saved.path) == ("pack", "restricted/1_count/pack.html.enc")
    files = [path for path in may.draft.rglob("*") if path.is_file()]
    for path in files:
        assert "restricted" in path.parts or b"Somebody" not in path.read_bytes()
    assert not any("Somebody" in json.dumps(cell.bundle) for cell in may.cells)


def test_a_number_that_was_turned_back_is_never_shown(may):
    for file in may.root.rglob("social_care_clients_*.csv"):
        file.write_bytes(file.read_bytes().replace(b"\nC", b"\nC100"))
    run = may.begin()
    numbers = run.reidentify(run.load("social_care_clients", fields=["client_id"]))
    with pytest.raises(DisclosureError, match="client_id"):
        run.answer(f"It is {numbers['client_id'].iloc[0]}.")


def test_a_purpose_that_may_not_re_identify_keeps_no_page(desk):
    run = desk.begin()
    with pytest.raises(AgreementError, match="does not let the purpose linkage turn pseudonyms"):
        run.save_document("pack", PAGE)
    with pytest.raises(AgreementError, match="does not let the purpose linkage turn pseudonyms"):
        run.reidentify(run.load("social_care_clients", fields=["client_id"]))


def test_a_table_holds_names_only_where_the_agreement_says_why(desk):
    named = pd.DataFrame({"forename": ["Nobody"]})
    with pytest.raises(NotebookError, match="holds forename, which the agreement shares as"):
        desk.begin().save("names", named)
    file = desk.root / "parameters" / "agreements" / "patient_flow.yaml"
    agreement = yaml.safe_load(file.read_text())
    agreement["purposes"]["linkage"]["keeps_identifiers"] = "Whoever is looked up has a name."
    file.write_text(yaml.safe_dump(agreement))
    desk.begin().save("names", named)
