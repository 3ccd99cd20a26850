"""The store behind the door: one person at a time, on the record, and whole while a build runs."""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest
import yaml

from tests.partners.small_county import AGREEMENTS, deliver
from tests.pilots.single_view.made_up_person import AMBER, COLIN, GONE, TABLES
from woda_lib.notebook import NotebookError, Run, begin, displays
from woda_lib.partners import CONTRACTS, Denied, audit_log, load_agreement
from woda_lib.partners.who_saw import who_saw
from woda_lib.pilots.single_view.fields import fields_of
from woda_lib.pilots.single_view.registers import REGISTERS
from woda_lib.pilots.single_view.store import NotInTheStore, open_store
from woda_lib.settings import Settings

WHY = "The school asked for a meeting with the family."
STEPS = {
    "1_build": "linkage",
    "2_person": "early_help",
    "3_property": "planning",
}
PILOT = {
    "pilot": "tiny",
    "title": "Tiny",
    "question": "Who is who?",
    "owner": "Nobody",
    "agreement": "single_view",
    "answered_by": "1_build",
    "steps": [
        {"name": name, "question": "Who?", "purpose": purpose}
        | ({} if name == "1_build" else {"needs": ["1_build"]})
        for name, purpose in STEPS.items()
    ],
    "parameters": {},
}
_SERVICE = {
    "entity_id": AMBER,
    "partner": "health_and_care_trust",
    "dataset": "community_care",
    "row_id": "r9",
    "local_id": "n1",
    "service": "mental_health",
    "started_on": pd.Timestamp("2024-05-01"),
    "status": "open",
}


@dataclass
class Bench:
    """A workbench of its own, where 1_build saves the made-up household."""

    root: Path

    def begin(self, step: str) -> Run:
        namespace = {"begin": begin}
        exec(f"run = begin('tiny', {step!r})", namespace)
        return namespace["run"]

    def build(self, *, first: int = len(TABLES), opted_out: pd.DataFrame | None = None) -> None:
        """Save the first few tables, as a build that is killed would; or all of them."""
        run = self.begin("1_build")
        for name, frame in list(tables(run).items())[:first]:
            run.save(name, frame, fields=fields_of(name, frame))
        if opted_out is not None:
            run.save("opted_out", opted_out)

    @property
    def records(self) -> list:
        return [*audit_log(Settings()).records()]


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """The tables, with numbers as a build has them: under the agreement's key."""
    numbers = {each.dataset: (each.number, each.partner) for each in REGISTERS}

    def disguised(values: pd.Series, datasets: pd.Series) -> pd.Series:
        made = [
            run.pseudonymise(pd.Series([value]), field=numbers[name][0], partners=numbers[name][1])
            for value, name in zip(values, datasets.astype(str), strict=True)
        ]
        return pd.concat(made).set_axis(values.index)

    made = dict(TABLES)
    made["involvements"] = pd.concat(
        [TABLES["involvements"], pd.DataFrame([_SERVICE])], ignore_index=True
    )
    for name in ("records", "details", "involvements"):
        frame = made[name]
        made[name] = frame.assign(local_id=disguised(frame["local_id"], frame["dataset"]))
    links = made["links"]
    for side in ("left", "right"):
        links = links.assign(
            **{f"{side}_id": disguised(links[f"{side}_id"], links[f"{side}_source"])}
        )
    return made | {"links": links}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """Every partner of the agreement delivered, and nobody objects."""
    folder = tmp_path_factory.mktemp("extracts") / "demo"
    agreement = load_agreement("single_view", AGREEMENTS)
    for dataset in (*agreement.datasets, "opt_outs"):
        for partner in agreement.partners & set(CONTRACTS[dataset].partners):
            deliver(folder, partner, dataset, [], month="2025-03")
    return folder


@pytest.fixture
def bench(tmp_path, monkeypatch, delivered):
    for name in [name for name in os.environ if name.startswith("WODA_")]:
        monkeypatch.delenv(name)
    copytree(AGREEMENTS, tmp_path / "parameters" / "agreements")
    (tmp_path / "parameters" / "tiny.yaml").write_text(yaml.safe_dump(PILOT))
    (tmp_path / "data" / "extracts").mkdir(parents=True)
    (tmp_path / "data" / "extracts" / "demo").symlink_to(delivered)
    monkeypatch.setenv("WODA_ROOT", str(tmp_path))
    ring = {"single_view": base64.b64encode(b"k" * 32).decode()}
    monkeypatch.setenv("WODA_KEY_RING", json.dumps(ring))
    monkeypatch.setattr(displays, "display", lambda *_, **__: None)
    return Bench(tmp_path)


def test_one_person_is_found_and_shown_with_what_is_hidden_on_the_record(bench):
    bench.build()
    store = open_store(bench.begin("2_person"))
    hits = store.search("amber hail 1991", reason=WHY)
    assert hits["entity_id"].iloc[0] == AMBER
    person = store.look_up(AMBER, reason=WHY)
    assert person.summary["surname"] == "Hale"
    hidden = person.involvements.set_index("dataset")[["service", "hidden"]]
    clause = "single_view.datasets.community_care.service / purposes.early_help.uses"
    assert hidden.loc["community_care"].tolist() == [None, clause]
    assert hidden.loc["support_clients"].tolist() == ["debt", ""]
    assert len(person.household) == 3

    def looked(number):
        return [r.dataset for r in who_saw(number, Settings()).records if r.kind == "look_up"]

    assert looked("housing_association/t1") == ["tiny/2_person:search", "tiny/2_person:person"]
    details = {r.detail for r in bench.records if r.kind == "look_up"}
    assert details == {WHY}
    written = (bench.root / "data" / "audit" / "log.jsonl").read_text()
    assert not any(value in written for value in ("Amber", "Hale", "9434765919", AMBER))


def test_where_a_value_comes_from_and_who_disagrees(bench):
    bench.build()
    person = open_store(bench.begin("2_person")).look_up(AMBER, reason=WHY)
    best = person.best.set_index("field")
    born = best.loc["date_of_birth"]
    assert (born["value"], born["dataset"], born["row_id"]) == (
        "1991-05-04",
        "police_contacts",
        "r6",
    )
    assert (born["partners"], best.loc["ethnic_group", "partners"]) == (5, 2)
    former = person.values[person.values["field"].eq("surname") & ~person.values["best"]]
    assert former["value"].tolist() == ["Hail", "Reed", "Reed"]
    assert set(person.conflicts["field"]) >= {"surname"}
    strongest = person.records.set_index("dataset").loc["support_clients"]
    assert strongest["linked_dataset"] == "patient_registrations"
    assert strongest["probability"] == pytest.approx(1 / (1 + 2**-5.1))
    assert len(person.links) == 5  # not the one to Colin


def test_a_look_up_without_a_reason_or_with_a_name_in_it_is_none(bench):
    bench.build()
    store = open_store(bench.begin("2_person"))
    for reason, says in {
        "": "needs its reason in a sentence",
        "to help": "needs its reason in a sentence",
        "Amber asked for help herself": "names nobody",
        "The family of amber needs help": "names nobody",
        "She was born on 04/05/1991 here": "names nobody",
        "Her number is 943 476 5919 there": "names nobody",
        "x " * 200: "at most 300 characters",
    }.items():
        with pytest.raises(NotebookError, match=says) as refusal:
            store.look_up(AMBER, reason=reason)
        assert not reason or reason not in str(refusal.value)
    assert not [r for r in bench.records if r.kind == "look_up"]


def test_a_purpose_that_names_nobody_searches_for_nobody_and_is_shown_properties(bench):
    bench.build()
    store = open_store(bench.begin("3_property"))
    for asked in (
        lambda: store.search("amber hale", reason=WHY),
        lambda: store.look_up(AMBER, reason=WHY),
        lambda: store.property("202", reason=WHY),
    ):
        with pytest.raises(Denied, match="for the purpose planning, which covers"):
            asked()
    assert [r.dataset for r in bench.records if r.kind == "denial"] == [
        f"tiny/3_property:{what}" for what in ("search", "person", "property")
    ]
    homes = store.properties().set_index("uprn")
    assert homes.loc["202", ["residents", "households", "address"]].tolist() == [
        1,
        2,
        "Flat 2, 9 High Street",
    ]
    named = store.counted("SELECT count(forename) + count(date_of_birth) AS n FROM persons")
    assert named["n"].item() == 0


def test_who_opted_out_is_not_in_the_store(bench):
    numbers = tables(bench.begin("1_build"))["records"]
    his = numbers.loc[numbers["entity_id"] == COLIN, ["partner", "local_id", "entity_id"]]
    bench.build(opted_out=his)
    store = open_store(bench.begin("2_person"))
    with pytest.raises(NotInTheStore, match="opted out is not found either"):
        store.look_up(COLIN, reason=WHY)
    assert COLIN not in set(store.look_up(AMBER, reason=WHY).household["entity_id"])
    # Nor is the household said to have as many people as when the build made it.
    hers = store.households().set_index("household_id").loc["h-now"]
    assert hers["people"].tolist() == [2, 2]
    found = store.search("colin hale 1989", reason=WHY)
    assert COLIN not in set(found["entity_id"])


def test_an_identifier_that_was_merged_away_names_the_one_that_stands(bench):
    bench.build()
    store = open_store(bench.begin("2_person"))
    with pytest.raises(NotInTheStore, match=f"Look up {AMBER} instead"):
        store.look_up(GONE, reason=WHY)


def complete(bench, name):
    """Make the draft a complete run."""
    run = bench.root / "outputs" / "tiny" / name
    (bench.root / "outputs" / "tiny" / "draft").rename(run)
    (run / "manifest.json").write_text("{}")


def test_while_a_build_runs_and_after_it_is_killed_readers_see_the_last_complete_one(
    bench, monkeypatch
):
    bench.build()
    complete(bench, "2025-03-31-a")
    before = open_store(bench.begin("2_person"))
    hidden = bench.root / "outputs" / "tiny" / ".2025-04-01-b.partial"
    with monkeypatch.context() as scheduled:
        scheduled.setenv("WODA_STEP_FOLDER", str(hidden))
        scheduled.setenv("WODA_RUN_ID", "2025-04-01-b")
        bench.build(first=4)  # and there it is killed
    assert len([*hidden.rglob("*.parquet")]) == 4
    for store in (before, open_store(bench.begin("2_person"))):
        assert store.look_up(AMBER, reason=WHY).summary["surname"] == "Hale"


def test_a_draft_of_which_half_was_built_anew_is_refused_and_not_mixed(bench):
    bench.build()
    before = open_store(bench.begin("2_person"))
    bench.build(first=4)
    with pytest.raises(NotebookError, match="are not of one execution"):
        open_store(bench.begin("2_person"))
    assert before.look_up(AMBER, reason=WHY).summary["surname"] == "Hale"
    bench.build()
    open_store(bench.begin("2_person"))
