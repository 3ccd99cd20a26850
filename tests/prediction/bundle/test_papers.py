"""Card and record: every field answered, figures from the run, the verdict in the first line."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
import yaml

from tests.prediction.bundle.small_model import PARAMETERS, known, small_model
from woda_lib.partners import load_agreement
from woda_lib.partners.datasets.notices import STATUTORY
from woda_lib.prediction.bundle import (
    NOT_ASSESSED,
    TEMPLATE,
    Assessed,
    Exhibit,
    Paper,
    as_html,
    as_markdown,
    model_card,
    paper_json,
    transparency_record,
)
from woda_lib.prediction.errors import PredictionError
from woda_lib.records import TransparencyError, read_transparency

FILE = PARAMETERS / "complex_dependencies" / "transparency.yaml"
MEASURES = pd.DataFrame(
    {"measure": ["AUC", "of_1,000 | listed"], "model": [0.7123, 25.0], "rule": [0.68, float("nan")]}
)
NO, YES = "It does not beat the rule.", "All six conditions are met."


def judged(deploy: bool) -> Assessed:
    return Assessed(
        deploy=deploy,
        sentence="The model may be piloted until 31 March 2026.",
        reasons=(YES if deploy else NO,),
        performance=(Exhibit("measures", "How well.", MEASURES),),
        fairness=(Exhibit("groups", "For whom.", MEASURES),),
        says=("AUC is 0.71.",),
    )


def answers(paper: Paper) -> dict[str, str]:
    return {entry.number or entry.field: " ".join(entry.answer) for entry in paper.entries}


# As a crosswalk of registers quotes template 4.0 (looked up; see docs/model_bundle.md).
LOOKED_UP = {
    "0.1": "Title",
    "0.2": "Organisation name",
    "0.3": "Phase",
    "0.4": "Region",
    "0.5": "One sentence description",
    "1.1": "Name",
    "1.2": "Description",
    "1.3": "Website URL",
    "1.4": "Contact email",
    "2.1.1": "Organisation or department",
    "2.1.2": "Team",
    "2.1.3": "Senior responsible owner",
    "2.1.4": "Third party involvement",
    "2.2.1": "Detailed description",
    "2.3.2": "Human review",
    "2.4.1.2": "System-level input",
    "2.4.1.3": "System-level output",
    "2.4.1.5": "Models",
    "2.4.2.2": "Model version",
    "2.4.3.1": "Development data description",
    "2.4.3.4": "Sensitive attributes",
    "2.4.4.2": "Sensitive attributes",
    "2.5.1": "Impact assessments",
    "2.5.2": "Risks and mitigations",
}


class TestTheStandard:
    def test_fields_are_called_as_the_template_calls_them(self):
        ours = {field.number: field.name for part in TEMPLATE for field in part.fields}
        assert LOOKED_UP.items() <= ours.items()

    def test_a_record_answers_every_field_of_tiers_1_and_2(self):
        record = transparency_record(known())
        fields = [(field.number, field.name) for part in TEMPLATE for field in part.fields]
        assert [(entry.number, entry.field) for entry in record.entries] == fields
        assert all(entry.answer and all(entry.answer) for entry in record.entries)

    def test_no_number_is_left_out(self):
        numbers = [field.number for part in TEMPLATE for field in part.fields]
        assert len(set(numbers)) == len(numbers)
        for number in numbers:
            before, _, last = number.rpartition(".")
            assert int(last) <= 1 or f"{before}.{int(last) - 1}" in numbers

    def test_numbers_are_in_the_order_of_the_template(self):
        numbers = [
            [int(place) for place in field.number.split(".")]
            for part in TEMPLATE
            for field in part.fields
        ]
        assert numbers == sorted(numbers)

    def test_a_field_without_an_answer_is_named_with_the_file(self):
        record = transparency_record(known())
        section = record.sections[1]
        empty = replace(section.entries[3], answer=(" ",))
        sections = (replace(section, entries=(empty,)),)
        with pytest.raises(PredictionError, match=r"1\.4 'Contact email'.*transparency\.yaml"):
            replace(record, sections=sections).require_complete("transparency.yaml")


class TestTheVerdict:
    @pytest.mark.parametrize("paper", [model_card, transparency_record])
    @pytest.mark.parametrize(
        ("assessed", "says"),
        [
            (None, NOT_ASSESSED),
            (judged(False), f"Do not deploy. {NO}"),
            (judged(True), "The model may be piloted until 31 March 2026."),
        ],
    )
    def test_it_is_the_first_line_of_either_paper(self, paper, assessed, says):
        made = paper(known(assessed=assessed))
        assert made.verdict == says
        assert as_markdown(made).splitlines()[0] == f"**{says}**"
        body = as_html(made).partition("<main")[2]
        assert body.index(says) < body.index("<h1>")
        assert json.loads(paper_json(made))["verdict"] == says

    @pytest.mark.parametrize("assessed", [None, judged(False)])
    def test_what_must_not_be_deployed_is_in_no_phase_of_use(self, assessed):
        people = known().people.model_copy(update={"phase": "Production"})
        told = answers(transparency_record(known(people=people, assessed=assessed)))
        assert told["0.3"] == "Pre-deployment; not in use"

    def test_what_may_be_used_is_in_the_phase_that_people_give(self):
        people = known().people.model_copy(update={"phase": "Beta"})
        told = answers(transparency_record(known(people=people, assessed=judged(True))))
        assert told["0.3"] == "Beta"


class TestWhatTheRunKnows:
    def test_figures_are_the_assessments(self):
        record = transparency_record(known(assessed=judged(False)))
        (entry,) = [each for each in record.entries if each.number == "2.4.2.7"]
        assert "AUC is 0.71." in entry.answer
        assert [table.name for table in entry.tables] == ["measures", "groups"]
        assert entry.tables[0].frame.equals(MEASURES)

    def test_quantities_are_of_the_training_and_rounded(self):
        told = answers(transparency_record(known()))["2.4.3.3"]
        events = small_model().manifest["events"]
        assert "About 1,600 rows" in told
        assert "about 800 households on 31 March 2022, 30 September 2022" in told
        assert f"about {round(events, -2)} of them" in told
        assert str(events) not in told

    def test_model_and_agreement_are_named(self):
        told = answers(transparency_record(known()))
        model = small_model()
        assert model.manifest["booster_sha256"][:12] in told["2.4.2.2"]
        assert f"{model.manifest['trees']} trees over 3 features" in told["2.4.2.6"]
        agreement = load_agreement("single_view", PARAMETERS / "agreements")
        assert agreement.title in told["2.4.3.9"]
        assert agreement.dpia in told["2.5.1"]

    def test_every_feature_is_listed_with_its_source(self):
        record = transparency_record(known())
        (entry,) = [each for each in record.entries if each.number == "2.4.2.4"]
        frame = entry.tables[0].frame
        assert frame["feature"].tolist() == [
            "Contacts with police",
            "Changes of home",
            "Kind of household",
        ]
        assert frame["source"].tolist() == ["police contacts", "the single view", "the single view"]
        assert frame["looks_back"].tolist() == ["12 months", "24 months", "the day"]
        assert frame["direction"].tolist() == [
            "more never lowers the risk",
            "not fixed",
            "not fixed",
        ]

    def test_datasets_say_what_they_are_for_the_outcome_among_it(self):
        frame = known().datasets.frame.set_index("dataset")
        assert frame.loc["police contacts"].tolist() == [
            "west mercia police",
            "Contacts with police",
        ]
        assert frame.loc["the single view", "what_for"] == "Changes of home; Kind of household"
        outcome = frame.index[frame["what_for"].str.endswith("the outcome")]
        assert sorted(outcome) == sorted(name.replace("_", " ") for name in STATUTORY)

    def test_what_is_often_missing_is_named(self):
        model = small_model()
        features = (replace(model.features[0], missing=0.25), *model.features[1:])
        told = answers(transparency_record(known(model=replace(model, features=features))))
        assert "Contacts with police (25%)" in told["2.4.3.5"]

    def test_a_card_answers_every_heading(self):
        card = model_card(known(assessed=judged(False)))
        assert [section.title for section in card.sections] == [
            "Model details",
            "Intended use",
            "Factors",
            "Metrics",
            "Evaluation data",
            "Training data",
            "Quantitative analyses",
            "Ethical considerations",
            "Caveats and recommendations",
        ]
        assert all(entry.answer and all(entry.answer) for entry in card.entries)

    def test_a_table_that_nobody_filled_in_is_refused(self):
        assessed = replace(judged(False), performance=(Exhibit("measures"),))
        with pytest.raises(PredictionError, match="table measures of a paper"):
            paper_json(model_card(known(assessed=assessed)))


class TestForms:
    @pytest.fixture
    def paper(self) -> Paper:
        return transparency_record(known(assessed=judged(False)))

    def test_json_reads_back_the_same(self, paper):
        back = Paper.of_plain(json.loads(paper_json(paper)))
        assert paper_json(back) == paper_json(paper)
        assert as_markdown(back) == as_markdown(paper)
        assert as_html(back) == as_html(paper)

    def test_a_number_that_is_not_known_is_said(self, paper):
        told = json.loads(paper_json(paper))
        tables = [t for s in told["sections"] for f in s["fields"] for t in f["tables"]]
        (measures,) = [t for t in tables if t["name"] == "measures"]
        assert measures["rows"] == [["AUC", 0.7123, 0.68], ["of_1,000 | listed", 25.0, None]]
        assert r"| of 1,000 \| listed | 25 | not said |" in as_markdown(paper)

    def test_a_page_asks_nothing_of_a_network(self, paper):
        page = as_html(paper)
        assert "<script" not in page
        assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
        assert "made-up county" in page

    def test_what_looks_like_markup_is_text(self):
        people = known().people.model_copy(update={"team": "<b>A_team*</b> & more"})
        paper = transparency_record(known(people=people))
        assert "&lt;b&gt;A_team*&lt;/b&gt; &amp; more" in as_html(paper)
        assert r"\<b\>A\_team\*\</b\> & more" in as_markdown(paper)

    def test_real_data_are_not_called_made_up(self):
        assert "made-up" not in as_html(transparency_record(known(synthetic=False)))


class TestPeoplesAnswers:
    def written(self, tmp_path, **changes):
        told = yaml.safe_load(FILE.read_text()) | changes
        path = tmp_path / "complex_dependencies" / "transparency.yaml"
        path.parent.mkdir()
        path.write_text(yaml.safe_dump({k: v for k, v in told.items() if v is not None}))
        return path

    KEYS = sorted(set(yaml.safe_load(FILE.read_text())) - {"document"})

    @pytest.mark.parametrize("key", KEYS)
    def test_a_key_that_is_missing_is_named_with_the_file(self, tmp_path, key):
        path = self.written(tmp_path, **{key: None})
        where = r"parameters/complex_dependencies/transparency\.yaml"
        with pytest.raises(TransparencyError, match=rf"{where}: {key}: Field required"):
            read_transparency(path)

    @pytest.mark.parametrize("said", ["", "  ", "TBC", "Not written yet.", "n/a", "To be decided"])
    def test_an_answer_that_nobody_has_given_is_none(self, tmp_path, said):
        path = self.written(tmp_path, legal_basis=said)
        with pytest.raises(TransparencyError, match="legal_basis: nobody has answered it yet"):
            read_transparency(path)

    def test_a_key_that_is_unknown_is_named(self, tmp_path):
        with pytest.raises(TransparencyError, match="ownr: Extra inputs"):
            read_transparency(self.written(tmp_path, ownr="Somebody"))

    @pytest.mark.parametrize("said", ["nobody", "a b@c.de", "@x.org"])
    def test_a_contact_is_an_address(self, tmp_path, said):
        with pytest.raises(TransparencyError, match="contact_email"):
            read_transparency(self.written(tmp_path, contact_email=said))

    def test_a_file_that_is_not_there_is_said(self, tmp_path):
        with pytest.raises(TransparencyError, match=r"transparency\.yaml is missing"):
            read_transparency(tmp_path / "tiny" / "transparency.yaml")
