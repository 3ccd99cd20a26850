"""A model that a step saves, a later step loads, and what is published of it."""

import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import yaml

from tests.prediction.bundle.small_model import (
    REGISTRY,
    households,
    known,
    small_bundle,
    small_model,
)
from woda_lib.disclosure import DisclosureError
from woda_lib.notebook import NotebookError
from woda_lib.partners import RestrictedTableError
from woda_lib.pilots.complex_dependencies.keeping import keep_judged, keep_trained
from woda_lib.prediction.assessment.verdict import Condition, Verdict
from woda_lib.prediction.bundle import Assessed, Exhibit, model_card, transparency_record
from woda_lib.prediction.bundle import bundle as bundles
from woda_lib.prediction.errors import PredictionError
from woda_lib.records import TableNotFound, read_transparency
from woda_lib.workbench.planning.fingerprints import step_of

REFERENCE = "tiny/1_count:model"
VERDICT = Verdict(
    conditions=(
        Condition("calibrated", "Calibration slope from 0.8 to 1.2", True, "the slope is 1", ""),
        Condition("beats", "Better than the rule", False, "its list is no better", "by 2 points"),
    ),
    unsettled=(),
    too_small=("false negatives: ethnicity",),
    judged_on=date(2024, 9, 30),
    review_by=date(2025, 9, 30),
)
PERFORMANCE = pd.DataFrame({"measure": ["AUC", "Households"], "value": [0.7123, 1234.0]})
GROUPS = pd.DataFrame({"group": ["white", "asian"], "households": [900, 3], "share": [0.02, 0.66]})


def saved(desk):
    run = desk.begin()
    run.save_model("model", small_bundle())
    return run


def finished(run, says="Nothing."):
    run.answer(says)
    run.finish()


def assessed(*, deploy=False):
    return known(
        assessed=Assessed(
            deploy=deploy,
            sentence="The model may be piloted.",
            reasons=("It does not beat the rule at capacity.",),
            performance=(Exhibit("measures", "How well it does.", PERFORMANCE),),
            fairness=(Exhibit("groups", "For whom.", GROUPS),),
        )
    )


def shown(desk):
    run = desk.begin()
    run.show(PERFORMANCE, name="measures", caption="How well it does.", counts=[])
    run.show(GROUPS, name="groups", caption="For whom.")
    return run


class TestKeeping:
    def test_it_is_an_output_of_the_step_with_its_hash(self, desk):
        finished(saved(desk))
        (kept,) = desk.record().saved
        assert (kept.name, kept.path) == ("model", "restricted/1_count/model.model.enc")
        assert len(kept.sha256) == 64
        for path in desk.draft.rglob("*"):
            if path.is_file():
                assert b"end of trees" not in path.read_bytes()
        assert not any("end of trees" in json.dumps(cell.bundle) for cell in desk.cells)

    def test_a_later_step_is_handed_the_same_model_and_records_the_input(self, desk):
        finished(saved(desk))
        run = desk.begin("2_more", start=None, rate=None)
        model = run.load_model(REFERENCE)
        rows = households()
        assert model.predict(rows).equals(small_model().predict(rows))
        finished(run)
        (read,) = desk.record("2_more").inputs
        assert read.name == REFERENCE
        assert read.sha256 == desk.record().saved[0].sha256
        assert not read.previous
        # The planner goes by the step: what it saves anew makes this one stale.
        assert step_of(read.name) == "tiny/1_count"

    def test_a_table_and_a_model_of_one_name_are_two_things(self, desk):
        run = saved(desk)
        run.save("model_rows", pd.DataFrame({"a": [1]}))
        assert run.load("tiny/1_count:model_rows")["a"].tolist() == [1]
        with pytest.raises(TableNotFound, match="saves a model called model_rows"):
            run.load_model("tiny/1_count:model_rows")

    def test_what_is_told_of_an_identifier_is_refused(self, desk):
        named = json.loads(small_bundle().files["features.json"])
        named["features"][0]["name"] = "nhs_number"
        files = {**small_bundle().files, "features.json": json.dumps(named).encode()}
        files = {name: content for name, content in files.items() if name != "bundle.json"}
        made = bundles.with_index(files, verdict="x", created_by={})
        with pytest.raises(NotebookError, match="is told nhs_number"):
            desk.begin().save_model("model", replace(small_bundle(), files=made))

    def test_one_that_was_changed_is_refused(self, desk):
        run = saved(desk)
        path = desk.draft / "restricted" / "1_count" / "model.model.enc"
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        with pytest.raises(RestrictedTableError, match="changed since it was saved"):
            run.load_model(REFERENCE)

    def test_one_of_another_lightgbm_is_refused_and_a_lesser_change_is_said(
        self, desk, monkeypatch
    ):
        run = saved(desk)
        here = bundles.environment()

        def other(version):
            told = here | {"lightgbm": version}
            monkeypatch.setattr("woda_lib.prediction.bundle.environment.environment", lambda: told)

        other("99.0.0")
        with pytest.raises(PredictionError, match="made with LightGBM"):
            run.load_model(REFERENCE)
        other(f"{here['lightgbm'].partition('.')[0]}.99.0")
        run.load_model(REFERENCE)
        assert desk.kinds[-1] == "note"
        assert "made with lightgbm" in desk.cells[-1].bundle["text/html"]

    def test_nothing_is_displayed_where_nothing_is_to_be_said(self, desk):
        run = saved(desk)
        before = len(desk.cells)
        run.load_model(REFERENCE)
        assert len(desk.cells) == before

    def test_a_name_is_held_to_the_rules_of_names(self, desk):
        with pytest.raises(NotebookError, match="snake_case"):
            desk.begin().save_model("The model", small_bundle())


class TestPublishing:
    @pytest.fixture(autouse=True)
    def answers(self, desk):
        people = known().people
        path = desk.root / "parameters" / "tiny" / "transparency.yaml"
        path.parent.mkdir()
        path.write_text(yaml.safe_dump(json.loads(people.model_dump_json())))
        assert read_transparency(path) == people

    def test_a_record_is_exported_in_four_forms_the_verdict_first(self, desk):
        run = shown(desk)
        run.publish(transparency_record(assessed()), caption="The record.")
        finished(run)
        (record,) = [one for one in desk.record().shown if one.name == "transparency"]
        home = desk.draft / "shown" / "1_count"
        assert record.files == tuple(
            f"shown/1_count/transparency.{ending}" for ending in ("csv", "json", "md", "html")
        )
        verdict = "Do not deploy. It does not beat the rule at capacity."
        assert (home / "transparency.md").read_text().startswith(f"**{verdict}**")
        page = (home / "transparency.html").read_text()
        assert page.index(verdict) < page.index("<h1>")
        told = json.loads((home / "transparency.json").read_text())
        assert told["verdict"] == verdict
        csv = pd.read_csv(home / "transparency.csv", dtype=str)
        assert list(csv.columns) == ["number", "field", "answer"]
        assert "early.help.model@worcestershire.example" in csv["answer"].tolist()

    def test_numbers_stand_in_it_as_the_gate_let_them_be_shown(self, desk):
        run = shown(desk)
        gated = run.publish(model_card(assessed()), caption="The card.")
        tables = {table.name: table.frame for entry in gated.entries for table in entry.tables}
        assert tables["groups"]["households"].isna().tolist() == [False, True]
        assert pd.isna(tables["groups"]["share"].iloc[1])
        for ending in ("json", "md", "html", "csv"):
            text = (desk.draft / "shown" / "1_count" / f"card.{ending}").read_text()
            assert "0.66" not in text
        assert (
            "| asian | not said | not said |"
            in (desk.draft / "shown" / "1_count" / "card.md").read_text()
        )

    def test_a_number_that_was_not_shown_is_refused(self, desk):
        run = desk.begin()
        run.show(PERFORMANCE, name="measures", caption="How well it does.", counts=[])
        with pytest.raises(NotebookError, match="The table groups of the card holds numbers"):
            run.publish(model_card(assessed()), caption="The card.")
        assert not (desk.draft / "shown" / "1_count" / "card.json").exists()

    @pytest.mark.parametrize(
        "said", ["Ask somebody.else@worcestershire.example.", "Ring 01905 000000."]
    )
    def test_no_other_address_leaves(self, desk, said):
        people = known().people.model_copy(update={"team": said})
        with pytest.raises(DisclosureError, match="The transparency holds"):
            desk.begin().publish(transparency_record(known(people=people)), caption="The record.")

    def test_a_trained_model_is_kept_as_one_that_nobody_has_judged(self, desk):
        run = desk.begin()
        keep_trained(run, small_model(), REGISTRY)
        finished(run)
        assert run.load_model(REFERENCE).names == small_model().names
        assert not [one for one in desk.record().shown if one.name in ("card", "transparency")]
        answers = [one for one in desk.record().inputs if one.name == "transparency.yaml"]
        assert [one.path for one in answers] == ["parameters/tiny/transparency.yaml"]

    def test_a_judged_model_is_kept_with_what_was_published(self, desk):
        run = shown(desk)
        bundle = keep_judged(
            run,
            small_model(),
            REGISTRY,
            VERDICT,
            capacity=25,
            performance=["measures"],
            fairness=["groups"],
            says=["AUC is 0.71."],
        )
        finished(run)
        assert bundle.index.verdict == "Do not deploy. Its list is no better: by 2 points."
        home = desk.draft / "shown" / "1_count"
        assert bundle.files["transparency.md"] == (home / "transparency.md").read_bytes()
        text = (home / "transparency.md").read_text()
        for says in ("AUC is 0.71.", "too small to tell", "25 of 1,000 households", "For whom."):
            assert says in text
        assert [one.name for one in desk.record().saved] == ["model"]

    def test_a_table_that_was_never_shown_is_named(self, desk):
        with pytest.raises(NotebookError, match="holds the table measures, which was not shown"):
            keep_judged(
                desk.begin(),
                small_model(),
                REGISTRY,
                VERDICT,
                capacity=25,
                performance=["measures"],
                fairness=[],
            )

    def test_what_is_published_is_what_is_kept(self, desk):
        run = shown(desk)
        said = assessed()
        card = run.publish(model_card(said), caption="The card.")
        record = run.publish(transparency_record(said), caption="The record.")
        made = bundles.make_bundle(said.model, registry=said.registry, card=card, record=record)
        home = desk.draft / "shown" / "1_count"
        for name in ("card.json", "card.md", "transparency.json", "transparency.html"):
            assert made.files[name] == (home / name).read_bytes()
