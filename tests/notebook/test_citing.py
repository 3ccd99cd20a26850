"""A case takes every figure from where it stands, and says it in sentences that are recorded."""

from __future__ import annotations

import json
import re
from base64 import b64encode

import pandas as pd
import pytest

from tests.notebook.cited_runs import DAYS, STUDY, write_reported, write_run, write_study
from woda_lib.disclosure import DisclosureError
from woda_lib.notebook import NotebookError
from woda_lib.partners import AgreementError
from woda_lib.records import CitationError, ManifestError, ParameterError, ReportedError, Value


@pytest.fixture
def case(desk, monkeypatch):
    """A study on partners' extracts that cites the last run of a pilot."""
    write_study(desk.root)
    write_reported(desk.root)
    write_run(desk.root)
    monkeypatch.setenv("WODA_KEY_RING", json.dumps({"none": b64encode(b"n" * 32).decode()}))
    return desk


def html(desk) -> str:
    return desk.cells[-1].bundle["text/html"]


def test_a_figure_is_taken_with_its_interval_and_unit(case):
    run = case.begin()
    assert run.cite("flow/days_saved") == DAYS
    assert run.cite("assumed/rate") == Value(
        name="rate", value=1.5, low=1.0, high=2.5, unit="full-time posts", decimals=1
    )
    saved = run.cite("reported/saved_per_month")
    assert (saved.value, saved.low, saved.unit, saved.decimals) == (153000, None, "pounds", 0)


def test_an_assumption_that_a_run_sets_is_said_as_it_was_set(case):
    assert case.begin(rate=3.0).cite("assumed/rate").value == 3.0


@pytest.mark.parametrize(
    ("named", "error", "words"),
    [
        ("flwo/days_saved", CitationError, r"does not name flwo under cites.*Did you mean 'flow'"),
        ("flow/days_safed", CitationError, r"flow@2025.*/days_safed cannot.*mean 'days_saved'"),
        ("days_saved", CitationError, "must read <pilot>/<value>"),
        ("abuse/shared", CitationError, r"abuse@newest/shared cannot.*no complete run"),
        ("assumed/ratte", ParameterError, "no parameter 'ratte'. Did you mean 'rate'"),
        ("assumed/start", ParameterError, "start is no number"),
        ("reported/saved_a_month", ReportedError, "has no figure.*Did you mean 'saved_per_month'"),
    ],
)
def test_a_figure_that_stands_nowhere_is_met_with_the_nearest(case, named, error, words):
    with pytest.raises(error, match=words):
        case.begin().cite(named)


def test_prose_has_figures_put_in_each_with_the_number_of_its_row(case):
    run = case.begin()
    run.value("net", 1200.0, low=900, high=1500, unit="pounds", decimals=0)
    run.say(
        """
        It saved {flow/days_saved:value} ({flow/days_saved:interval}) & more. {net:value} is left.

        So:
        - a team of {assumed/rate}
          in all;
        - <b>{reported/saved_per_month}</b>.
        """,
        name="found",
    )

    def mark(number: int) -> str:
        return f'<sup class="cite"><a href="#t-citations">{number}</a></sup>'

    assert html(case) == (
        f'<div class="told"><p>It saved <strong>2.7 days</strong>{mark(1)} (2.1 to 3.3{mark(1)}) '
        "&amp; more. <strong>£1,200</strong> is left.</p><p>So:</p><ul><li>a team of <strong>1.5 "
        f"full-time posts</strong> (95% interval 1.0 to 2.5){mark(2)} in all;</li><li>&lt;b&gt;"
        f"<strong>£153,000</strong>{mark(3)}&lt;/b&gt;.</li></ul></div>"
    )
    assert case.cells[-1].bundle["text/plain"].splitlines()[0] == (
        "It saved 2.7 days (2.1 to 3.3) & more. £1,200 is left."
    )


def test_the_sentences_that_say_a_figure_are_recorded_with_it(case):
    run = case.begin()
    run.say(
        "It saved {flow/days_saved:value}. {flow/days_saved:value} is a lot! So is this.\n\n"
        "- Again {flow/days_saved:value}, at {reported/saved_per_month}.",
        name="found",
    )
    run.show_citations("Where each figure stands")
    run.answer("It saved {flow/days_saved:value}.\n\nA pity.")
    run.finish()
    days, saved = case.record().cited
    assert days.sentences == (
        "It saved 2.7 days.",
        "2.7 days is a lot!",
        "Again 2.7 days, at £153,000.",
    )
    assert saved.sentences == ("Again 2.7 days, at £153,000.",)
    assert (days.kind, days.state, days.owner, days.name) == ("cited", "run", "flow", "days_saved")
    assert (days.version, days.source) == (days.run_id, f"flow@{days.run_id}/days_saved")
    assert (saved.kind, saved.source, saved.version) == (
        "reported",
        "The pilot's report of 2016",
        "",
    )
    inputs = {item.name for item in case.record().inputs}
    assert {"cites flow", "reported figures"} <= inputs


def test_a_value_rests_on_the_figures_that_the_notebook_was_handed_before(case):
    run = case.begin()
    run.value("before", 1.0)
    run.say("Said alone: {flow/days_saved:value}, {assumed/rate:value}.", name="found")
    run.value("still_before", 2.0)
    run.cite("reported/saved_per_month")
    run.value("after", 3.0)
    run.say("It is {before}. It is {still_before}. It is {after}.", name="worth")
    run.show_citations("Where each figure stands")
    run.answer("It is {after}, of {flow/days_saved:value}. So be it.")
    run.finish()
    derived = {one.named: one.derived for one in case.record().cited}
    answer = "It is 3.0, of 2.7 days."
    assert derived == {
        "flow/days_saved": (),  # no value can hold what stood in a text alone
        "assumed/rate": ("It is 1.0.", "It is 2.0.", "It is 3.0.", answer, "So be it."),
        "reported/saved_per_month": ("It is 3.0.", answer, "So be it."),
    }


def test_the_recorded_answer_has_no_numbers_of_notes_and_says_that_it_is_a_draft(case):
    run = case.begin()
    run.show_citations("Nothing yet")
    run.answer("It saved {flow/days_saved:value} & more.")
    assert '2.7 days</strong><sup class="cite">' in case.cells[0].updates[-1]["text/html"]
    with pytest.raises(NotebookError, match=r"says flow/days_saved.*does not show where"):
        run.finish()
    run.show_citations("Where each figure stands")
    run.finish()
    assert case.record().answer == (
        "It saved <strong>2.7 days</strong> &amp; more.\n\n"
        "This is a draft: figures of flow are not signed."
    )


def test_a_cited_value_is_called_by_its_label(case):
    labelled = DAYS.model_copy(update={"label": "Days saved for each person"})
    write_run(case.root, "flow", "2026-01-01T06-00-00-ab12", labelled)
    run = case.begin()
    run.cite("flow/days_saved")
    assert list(run.citations["figure"]) == ["Days saved for each person"]


def test_the_table_of_citations_fits_a_page_and_its_file_has_all(case):
    run = case.begin()
    run.say("{flow/days_saved} and {assumed/rate} and {reported/saved_per_month}.", name="found")
    run.show_citations("Where each figure stands")
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)', html(case)) == [
        *("Number", "Figure", "Value", "Interval"),
        *("Reference", "State", "Run", "Signed by", "SHA-256"),
    ]
    assert "flow@<wbr>" in html(case)
    frame = pd.read_csv(case.draft / "shown" / "1_count" / "citations.csv", dtype=str)
    assert list(frame["named"]) == ["flow/days_saved", "assumed/rate", "reported/saved_per_month"]
    assert list(frame["figure"]) == ["Days saved", "Rate", "Saved per month"]
    assert list(frame["state"]) == ["last run, not released", "assumed", "reported elsewhere"]
    assert list(frame["value"]) == ["2.7 days", "1.5 full-time posts", "£153,000"]
    assert list(frame["unit"]) == ["days", "full-time posts", "pounds"]
    assert list(run.citations["sentences"]) == [1, 1, 1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It saved 2.7 days.", "says '2.7', typed by hand"),
        ("{net}", "speaks of net, which is not a recorded value"),
        ("{flow/days_saved:vlaue}", "is no form of a figure"),
        ("{reported/saved_per_month:interval}", "interval of reported/saved_per_month, which has"),
    ],
)
def test_a_text_with_a_figure_from_nowhere_is_refused(case, text, words):
    run = case.begin()
    with pytest.raises(NotebookError, match=words):
        run.say(text, name="found")
    with pytest.raises(NotebookError, match=words):
        run.answer(text)


def test_a_run_on_other_extracts_is_never_cited(case):
    write_run(case.root, "flow", "2026-01-01T06-00-00-ab12", extracts="data/extracts/quick")
    assert case.begin()._citable.figure("flow/days_saved").run_id.startswith("2025")
    write_run(case.root, "abuse", extracts="data/extracts/quick")
    with pytest.raises(CitationError, match="no complete run on data/extracts/demo"):
        case.begin().cite("abuse/days_saved")


def test_made_up_and_real_data_never_stand_in_one_case(case):
    write_run(case.root, "abuse", synthetic=True)
    with pytest.raises(CitationError, match=r"abuse@.*made-up data, and this study on partners'"):
        case.begin().cite("abuse/days_saved")
    write_run(case.root, "abuse", synthetic=(False, True))
    with pytest.raises(CitationError, match=r"Some steps of the run abuse/2025.*others partners'"):
        case.begin().cite("abuse/days_saved")


def test_a_run_that_was_changed_or_cannot_be_read_is_never_cited(case):
    folder = write_run(case.root)
    text = folder.record("1_step").read_text().replace("2.71", "3.71")
    folder.record("1_step").write_text(text)
    with pytest.raises(CitationError, match=r"was changed.*record of its step 1_step contradict"):
        case.begin().cite("flow/days_saved")
    folder.manifest.write_text("{}")
    with pytest.raises(ManifestError, match="manifest of flow/2025"):
        case.begin().cite("flow/days_saved")


def test_a_withheld_figure_has_no_number_to_cite(case):
    withheld = Value(name="people", value=None, unit="people", decimals=0)
    write_run(case.root, "abuse", "2025-04-01T06-00-00-ab12", withheld)
    with pytest.raises(CitationError, match=r"abuse@.*/people cannot be cited:.*it was withheld"):
        case.begin().cite("abuse/people")


def test_a_notebook_with_a_typed_figure_does_not_finish(case):
    notebook = case.root / "notebooks" / "tiny" / "1_count.ipynb"
    notebook.parent.mkdir()
    cells = [
        {"cell_type": "markdown", "source": "# Is it worth it?"},
        {"cell_type": "code", "source": "run.say('It saved £3,000.', name='x')"},
    ]
    notebook.write_text(json.dumps({"cells": cells}))
    run = case.begin()
    run.answer("It is.")
    with pytest.raises(NotebookError, match=r"Cell 2 of 1_count\.ipynb says '£3,000', typed"):
        run.finish()


def test_a_study_without_agreement_runs_on_partners_extracts_and_reads_no_row(case):
    run = case.begin()
    assert (run.synthetic, run.as_of.isoformat()) == (False, "2022-01-31")
    held = pd.DataFrame({"partner": ["county", "trust"], "files": [12, 40]})
    run.show(held, name="held", caption="What is held")
    with pytest.raises(DisclosureError):
        run.show(held.assign(who="9434765919"), name="who", caption="Who")
    with pytest.raises(AgreementError, match="may read only a made-up county"):
        run.load("social_care_clients")
    run.answer("It is worth {assumed/rate:value}.")
    run.show_citations("Where each figure stands")
    run.finish()
    record = case.record()
    assert (record.synthetic, record.rows, record.fields) == (False, {}, {})
    assert record.opt_outs == "Nothing was loaded, so that there was no opt-out to apply."
    assert (case.draft / "restricted" / "1_count" / "gated_counts.parquet").is_file()


def test_a_study_says_which_version_of_the_file_is_wrong(desk):
    from woda_lib.records import ParameterFileError

    write_study(desk.root, cites={"flow": 1.0})
    with pytest.raises(ParameterFileError, match="write the version within quotes"):
        desk.begin()
    write_study(desk.root, cites=STUDY["cites"] | {"tiny": "newest"})
    with pytest.raises(ParameterFileError, match="a pilot cannot cite itself"):
        desk.begin()
