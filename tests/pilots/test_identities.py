"""Un-merging and merging people: who may, what is written, and what is refused."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import SecretStr

from tests.partners.small_county import ROOT, deliver
from woda_lib.linkage import DecisionError
from woda_lib.linkage.decisions import PAIR
from woda_lib.notebook.decisions import decisions_of, mark_of
from woda_lib.partners import AgreementError, Door, audit_log, load_agreement
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.datasets.residents import RESIDENTS
from woda_lib.partners.people_index import PeopleIndex
from woda_lib.pilots import settling
from woda_lib.pilots.identities import Deciding, IdentityDecisionError, acts
from woda_lib.records import Pilot, RunFolder, TableNotFound
from woda_lib.settings import Settings

PILOT = Pilot.model_validate(
    {
        "pilot": "single_view",
        "title": "Single view",
        "question": "Who is who?",
        "owner": "Nobody",
        "agreement": "single_view",
        "answered_by": "1_build",
        "steps": [{"name": "1_build", "question": "Who is who?", "purpose": "linkage"}],
        "parameters": {},
    }
)
RUN = "2025-04-01T06-00-00-ab12"
SOURCES = ["police_contacts", "patient_registrations", "travel_passes"]


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text), sep=r"\s+")


# One person in truth, and a record of police that is of a namesake; and a second person.
WHO = table(
    """
    partner               dataset                local_id entity_id confidence
    worcestershire_acute  patient_registrations  h1       person-1  0.99
    county_council        travel_passes          t1       person-1  0.99
    west_mercia_police    police_contacts        n1       person-1  0.93
    west_mercia_police    police_contacts        n2       person-2  0.50
    """
)
SAID = table(
    """
    dataset                local_id forename surname
    patient_registrations  h1       Ottoline Quillfeather
    travel_passes          t1       Ottoline Quillfeather
    police_contacts        n1       Ottoline Quillfeather
    police_contacts        n2       Balthasar Vane
    """
)
WHY = "Two people of one name; the police officer confirmed it."


def _door(settings: Settings, purpose: str = "clerical_review") -> Door:
    agreement = load_agreement("single_view", settings.agreements_folder)
    return Door(agreement, purpose, settings, run="single_view/test/1_build")


def _disguised(frame: pd.DataFrame, door: Door) -> pd.DataFrame:
    """The same with pseudonyms, as a run knows records."""
    made = [
        door.pseudonymise(
            pd.Series([row.local_id]),
            field=CONTRACTS[row.dataset].handles[-1],
            partners=CONTRACTS[row.dataset].partners[0],
        ).iloc[0]
        for row in frame.itertuples()
    ]
    return frame.assign(local_id=made)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workbench whose last complete run linked the records above."""
    parameters = tmp_path / "parameters"
    parameters.mkdir()
    (parameters / "agreements").symlink_to(ROOT / "parameters" / "agreements")
    for contract in RESIDENTS:
        deliver(tmp_path / "extracts", contract.partners[0], contract.dataset, [])
    ring = json.dumps({"single_view": b64encode(b"k" * 32).decode()})
    for partner in CONTRACTS["opt_outs"].partners:
        deliver(tmp_path / "extracts", partner, "opt_outs", [])
    settings = Settings(
        root=tmp_path,
        extracts=tmp_path / "extracts",
        data=tmp_path / "data",
        outputs=tmp_path / "outputs",
        today=date.today(),
        key_ring=SecretStr(ring),
    )
    run, door = RunFolder(settings.outputs_folder / "single_view" / RUN), _door(settings)
    for name, frame in {"records": WHO, "details": SAID}.items():
        path = run.table("1_build", name)
        door.save(path, f"single_view/1_build:{name}", _disguised(frame, door))
    run.manifest.write_text("{}")
    return settings


def deciding(settings: Settings, **given: Any) -> Deciding:
    asked: Mapping[str, Any] = {"purpose": "clerical_review", "reason": WHY, "by": "Ann"} | given
    return Deciding(PILOT, settings=settings, **asked)


def in_force(settings: Settings) -> pd.DataFrame:
    folder = settings.decisions_folder / "single_view"
    found = decisions_of(sorted(folder.glob("*.csv")), SOURCES, mark=mark_of(_door(settings)))
    return found.in_force


def test_a_record_that_is_somebody_elses_is_parted_from_each_of_the_others(settings: Settings):
    decided = deciding(settings).unmerge("person-1", ["police_contacts:n1"])
    rows = in_force(settings)
    pairs = {frozenset(pair) for pair in rows[["left_source", "right_source"]].to_numpy().tolist()}
    assert pairs == {
        frozenset({"police_contacts", "patient_registrations"}),
        frozenset({"police_contacts", "travel_passes"}),
    }
    assert rows[["decision", "by", "reason"]].drop_duplicates().to_numpy().tolist() == [
        ["cannot_link", "Ann", WHY]
    ]
    assert decided.rows == 2


def test_the_file_names_records_by_pseudonym_alone(settings: Settings):
    decided = deciding(settings).unmerge("person-1", ["police_contacts:n1"])
    text = decided.path.read_text(encoding="utf-8-sig")
    assert str(_disguised(WHO, _door(settings)).loc[2, "local_id"]) in text
    assert not {"n1", "h1", "t1"} & set(text.replace("\n", ",").split(","))


def test_it_is_on_the_record_and_whose_it_was_can_be_told(settings: Settings):
    decided = deciding(settings).unmerge("person-1", ["police_contacts:n1"])
    *_, record = audit_log(settings).records()
    assert (record.kind, record.purpose, record.rows) == ("decision", "clerical_review", 3)
    assert record.detail == (
        f"1 of 3 records of a person are somebody else's (act {decided.act}, by Ann): {WHY}"
    )
    index, key = PeopleIndex(settings.people_folder), _door(settings).key
    assert record.people in index.holding("west_mercia_police/n1", [key])
    assert record.people not in index.holding("west_mercia_police/n2", [key])


def test_two_persons_are_one(settings: Settings):
    deciding(settings).merge("person-1", "person-2")
    assert in_force(settings)["decision"].tolist() == ["must_link"]


def test_what_is_taken_back_is_in_force_no_longer_and_still_listed(settings: Settings):
    first = deciding(settings).unmerge("person-1", ["police_contacts:n1"])
    deciding(settings, reason="The officer was wrong.", by="Bob").take_back(first.act)
    assert in_force(settings).empty
    table = acts(PILOT, settings)
    columns = ["by", "decision", "pairs", "in_force"]
    assert table[columns].to_numpy().tolist() == [
        ["Ann", "cannot_link", 2, 0],
        ["Bob", "undecided", 2, 0],
    ]


def test_a_reason_that_names_somebody_is_refused_and_nothing_is_written(settings: Settings):
    with pytest.raises(IdentityDecisionError, match="The reason holds a name") as refusal:
        deciding(settings, reason="It is not Quillfeather.").unmerge(
            "person-1", ["police_contacts:n1"]
        )
    assert "Quillfeather" not in str(refusal.value)
    assert not (settings.decisions_folder / "single_view" / "identities.csv").exists()


@pytest.mark.parametrize(
    ("person", "records", "says"),
    [
        ("person-9", ["police_contacts:n1"], "knows no person-9"),
        ("person-1", ["police_contacts:n2"], "none under that number"),
        ("person-1", ["police"], "must be named <dataset>:<number>"),
        (
            "person-2",
            ["police_contacts:n2"],
            "all 1 records of person-2, so that nothing would be parted",
        ),
    ],
)
def test_what_is_not_there_is_refused(settings: Settings, person, records, says):
    with pytest.raises(IdentityDecisionError, match=says):
        deciding(settings).unmerge(person, records)


def test_what_contradicts_other_decisions_is_refused_at_once(settings: Settings):
    ids = _disguised(WHO, _door(settings)).set_index(WHO["local_id"])["local_id"]
    n1, n2, h1 = (ids[name] for name in ("n1", "n2", "h1"))
    review = settings.decisions_folder / "single_view" / "review.csv"
    review.parent.mkdir(parents=True)
    review.write_text(
        "left_source,left_id,right_source,right_id,decision,by,on,reason\n"
        f"police_contacts,{n1},police_contacts,{n2},must_link,Bob,2025-01-01,\n"
        f"police_contacts,{n2},patient_registrations,{h1},must_link,Bob,2025-01-01,\n"
    )
    with pytest.raises(DecisionError, match="that must_link decisions make one entity"):
        deciding(settings).unmerge("person-1", ["police_contacts:n1"])
    assert not (review.parent / "identities.csv").exists()


def test_a_purpose_that_may_not_reidentify_decides_nothing_and_is_recorded(settings: Settings):
    with pytest.raises(AgreementError, match="planning"):
        deciding(settings, purpose="planning")
    assert [record.kind for record in audit_log(settings).records()][-1] == "denial"


def test_a_reason_and_a_complete_run_are_needed(settings: Settings):
    with pytest.raises(IdentityDecisionError, match="Say why"):
        deciding(settings, reason=" ")
    RunFolder(settings.outputs_folder / "single_view" / RUN).manifest.unlink()
    with pytest.raises(TableNotFound, match="no complete run"):
        deciding(settings)


def reviewed(settings: Settings, by: str, *decisions: str) -> None:
    """A reviewer's file: left, right, decision; records by their own numbers."""
    door = _door(settings)
    ids = _disguised(WHO, door).set_index(WHO["local_id"])["local_id"]
    of = WHO.set_index("local_id")["dataset"]
    rows = []
    for decision in decisions:
        left, right, what = decision.split()
        rows.append([of[left], ids[left], of[right], ids[right], what, by, ""])
    path = settling.reviews_folder("single_view", settings) / f"{by}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows, columns=[*PAIR, "decision", "by", "reason"]).to_csv(path, index=False)


def settled(settings: Settings, purpose: str = "clerical_review") -> tuple[int, int, int]:
    done = settling.settle(PILOT, "1_build", purpose=purpose, settings=settings)
    return done.taken, done.disputed, done.undecided


def test_what_reviewers_agree_on_is_taken_over_and_what_they_dispute_waits(settings: Settings):
    reviewed(settings, "ann", "h1 n1 cannot_link", "t1 n2 must_link", "h1 t1 must_link")
    # Bob saw the first pair the other way round, and was alone with the last.
    reviewed(settings, "bob", "n1 h1 cannot_link", "t1 n2 cannot_link", "n1 t1 undecided")
    assert settled(settings) == (2, 1, 1)
    made = in_force(settings)
    assert sorted(made["decision"]) == ["cannot_link", "must_link"]
    assert "ann and bob" in made["by"].tolist()
    *_, record = audit_log(settings).records()
    assert (record.kind, record.purpose) == ("decision", "clerical_review")


def test_settling_twice_takes_over_only_what_is_new(settings: Settings):
    reviewed(settings, "ann", "h1 n1 cannot_link")
    assert settled(settings) == (1, 0, 0)
    assert settled(settings) == (0, 0, 0)
    reviewed(settings, "ann", "h1 n1 cannot_link", "t1 n1 cannot_link")
    assert settled(settings) == (1, 0, 0)


def test_settling_is_for_a_purpose_that_may_reidentify(settings: Settings):
    reviewed(settings, "ann", "h1 n1 cannot_link")
    with pytest.raises(AgreementError, match="planning"):
        settled(settings, purpose="planning")
    assert in_force(settings).empty
