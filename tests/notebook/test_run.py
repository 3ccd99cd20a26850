"""The notebook's hand: begin, load, save, value, show, answer, finish."""

from datetime import date
from shutil import copytree

import pandas as pd
import pytest
from matplotlib.figure import Figure

from woda_lib.disclosure import DisclosureError
from woda_lib.figures import Picture
from woda_lib.notebook import NotebookError
from woda_lib.partners import AgreementError
from woda_lib.partners.audit import AuditLog
from woda_lib.records import ParameterError, ParameterFileError, TableNotFound, sha256


def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
    figure.add_axes((0.1, 0.1, 0.8, 0.8)).bar(range(len(data)), data["people"].astype(float))


def picture(*people: int) -> Picture:
    data = pd.DataFrame({"ward": [f"Ward {n}" for n in range(len(people))], "people": people})
    return Picture(draw=draw, data=data, counts=("people",))


def test_begin_takes_typed_parameters_from_the_notebook(desk):
    run = desk.begin(start="2022-02-01", rate=2)
    assert run.parameters == {"start": date(2022, 2, 1), "rate": 2.0}


@pytest.mark.parametrize(("rate", "low", "high"), [(1.5, 1, 3), (3.0, 2, 6)])
def test_a_parameter_is_handed_over_with_its_spread(desk, rate, low, high):
    [row] = desk.begin(rate=rate).spread("rate").to_dict("records")
    expected = {"name": "rate", "estimate": rate, "low": low, "high": high}
    assert row == expected | {
        **{"distribution": "gamma", "price_year": "2015-16"},
        **{"unit": "pounds a day, 2015/16 prices", "called": "rate of pay"},
    }


def test_what_has_no_spread_is_said(desk):
    with pytest.raises(ParameterError, match=r"no parameter 'rates'\. Did you mean 'rate'"):
        desk.begin().spread("rates")
    with pytest.raises(ParameterError, match="start is not a number"):
        desk.begin().spread("start")


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"rate": None}, "does not set rate"),
        ({"rate": "fast"}, "must be a number"),
        ({"rate": -1.0}, "must be at least 0"),
        ({"start": "yesterday"}, "must be a date such as"),
    ],
)
def test_begin_refuses_parameters_that_do_not_fit(desk, parameters, says):
    with pytest.raises(ParameterError, match=says):
        desk.begin(**parameters)


def test_begin_refuses_a_step_that_is_not_in_the_pilots_file(desk):
    with pytest.raises(ParameterFileError, match="Did you mean '1_count'"):
        desk.begin("1_counts")


def test_the_clock_is_the_newest_delivery_and_real_extracts_have_no_truth(desk):
    run = desk.begin()
    assert run.as_of == date(2022, 1, 31)
    assert not run.synthetic
    assert run.truth_folder is None


def test_the_answer_stands_in_the_output_of_begin_and_is_filled_later(desk):
    run = desk.begin()
    run.value("clients", 1234.4, low=1200, high=1270.2, unit="people", decimals=0)
    run.answer("There are {clients} here.\n\nSo {clients:value}, or {clients:interval}.")
    (filled,) = desk.cells[0].updates
    assert desk.kinds == ["answer", "value"]
    assert filled["text/html"] == (
        '<section class="answer"><p class="say">There are <strong>1,234 people</strong> '
        "(95% interval 1,200 to 1,270) here.</p>"
        "<p>So <strong>1,234 people</strong>, or 1,200 to 1,270.</p></section>"
    )
    assert filled["text/plain"].startswith("There are 1,234 people (95%")


def test_an_answer_escapes_and_speaks_only_of_recorded_values(desk):
    run = desk.begin()
    run.answer("Fewer than before: <b>a & b</b>.")
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in desk.cells[0].updates[0]["text/html"]
    run.value("days_saved", 2.7)
    with pytest.raises(NotebookError, match=r"days_safed.*Did you mean 'days_saved'"):
        run.answer("{days_safed}")


def test_load_returns_permitted_columns_and_remembers_its_files(desk):
    run = desk.begin()
    clients = run.load("social_care_clients")
    assert clients["surname"].notna().all() and len(clients) == 2
    assert not clients["client_id"].isin(["C1", "D1"]).any()
    assert "address" not in clients
    assert run.loaded.to_dict("records") == [
        {
            "dataset": "social_care_clients",
            "delivered": 2,
            "kept": 2,
            "quarantined": 0,
            "superseded": 0,
            "duplicates": 0,
            "opted_out": 0,
            "blanked_values": 0,
            "outdated": 0,
        }
    ]
    run.answer("Two.")
    run.finish()
    paths = {item.path: item.sha256 for item in desk.record().inputs}
    name = "data/extracts/demo/county_council/social_care_clients_2022-01.csv"
    assert paths[name] == sha256(desk.root / name)
    assert (desk.root / "data/quarantine/demo/social_care_clients.csv").is_file()


def test_load_refuses_what_the_agreement_does_not_permit(desk, monkeypatch):
    run = desk.begin()
    monkeypatch.setenv("WODA_TODAY", "2031-04-01")
    expired = desk.begin()
    run.load("social_care_clients")
    with pytest.raises(AgreementError, match="not in force on 1 April 2031"):
        expired.load("social_care_clients")


def test_a_saved_table_is_read_back_by_the_next_step(desk):
    table = pd.DataFrame({"client_id": ["C1"], "on": [pd.Timestamp("2022-01-05")]})
    first = desk.begin()
    first.save("pairs", table)
    second = desk.begin("2_more")
    pd.testing.assert_frame_equal(second.load("tiny/1_count:pairs"), table)
    second.answer("Done.")
    second.finish()
    (read,) = desk.record("2_more").inputs
    assert read.name == "tiny/1_count:pairs"
    assert read.sha256 == sha256(desk.draft / "restricted/1_count/pairs.parquet")


def test_a_table_that_nobody_saved_is_named_with_what_to_run(desk):
    desk.begin().save("pairs", pd.DataFrame({"client_id": ["C1"]}))
    with pytest.raises(TableNotFound, match="Check that tiny/1_count saves a table called pears"):
        desk.begin("2_more").load("tiny/1_count:pears")
    with pytest.raises(NotebookError, match="must read"):
        desk.begin("2_more").load("tiny:pears")


def test_a_draft_that_is_opened_before_the_step_it_builds_on_says_what_to_run_first(desk):
    with pytest.raises(NotebookError) as caught:
        desk.begin("2_more")
    assert str(caught.value) == (
        "2_more builds on 1_count, which has not been run on data/extracts/demo. "
        "Open notebooks/tiny/1_count.ipynb and run all of its cells, or type `woda run tiny` in a "
        "terminal. Then run this cell again."
    )
    first = desk.begin()
    first.answer("One.")
    first.finish()
    desk.begin("2_more")


def test_show_gates_a_table_and_exports_what_was_shown(desk):
    run = desk.begin()
    run.show(
        pd.DataFrame({"ward": ["<Avon>", "Teme"], "people": [23, 3]}),
        name="wards",
        caption="People a ward",
    )
    html = desk.cells[-1].bundle["text/html"]
    assert "<b>Table 1.</b> People a ward" in html
    assert '<th scope="row">&lt;Avon&gt;</th><td class="n">25</td>' in html
    assert '<td class="n">[c]</td>' in html
    assert "fewer than 5 counted" in html
    exported = (desk.draft / "shown/1_count/wards.csv").read_text()
    assert exported == "ward,people\n<Avon>,25\nTeme,[c]\n"


def test_show_draws_a_figure_twice_from_gated_numbers(desk):
    run = desk.begin()
    run.show(picture(23, 57), name="wards", caption="A ward", alt="23 and 57 people")
    html = desk.cells[-1].bundle["text/html"]
    assert html.count('<svg role="img" aria-label="23 and 57 people"') == 2
    assert (
        desk.draft / "shown/1_count/wards.csv"
    ).read_text() == "ward,people\nWard 0,25\nWard 1,55\n"
    run.answer("Done.", figure="wards")
    assert "<figure" in desk.cells[0].updates[0]["text/html"]


@pytest.mark.parametrize(
    ("shown", "keywords", "error", "says"),
    [
        (picture(23, 3), {"alt": "x"}, DisclosureError, "fewer than 5 people"),
        (picture(23), {}, NotebookError, "no alt text"),
        (pd.DataFrame({"surname": ["x"]}), {}, DisclosureError, "surname"),
        ({"people": 3}, {}, NotebookError, "is a dict"),
        (picture(23), {"alt": "ask a@b.org"}, DisclosureError, "an e-mail address"),
    ],
)
def test_show_refuses_what_would_give_someone_away_or_cannot_be_read(
    desk, shown, keywords, error, says
):
    with pytest.raises(error, match=says):
        desk.begin().show(shown, name="thing", caption="A thing", **keywords)
    assert not list(desk.draft.rglob("thing.*"))


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"value": 1, "low": 0}, "one end of an interval"),
        ({"value": 5, "low": 0, "high": 1}, "outside its own interval"),
        ({"name": "Days Saved", "value": 1}, "snake_case"),
        ({"value": float("nan")}, "is not a number"),
    ],
)
def test_a_value_that_contradicts_itself_is_refused(desk, keywords, says):
    with pytest.raises(NotebookError, match=says):
        desk.begin().value(**({"name": "days"} | keywords))


@pytest.mark.parametrize(
    ("keywords", "plain"),
    [
        ({"value": -2.72, "unit": "days"}, "x: −2.7 days"),
        ({"value": 152_847, "unit": "pounds", "decimals": -3}, "x: £153,000"),
        ({"value": -5.4, "unit": "pounds", "decimals": 0}, "x: −£5"),
        ({"value": 97.14, "unit": "%"}, "x: 97.1%"),
        ({"value": 2, "low": 1, "high": 3}, "x: 2.0 (95% interval 1.0 to 3.0)"),
        ({"value": 23, "unit": "people", "decimals": 0}, "x: 25 people"),
        ({"value": 3, "unit": "people", "decimals": 0}, "x: too few to say"),
    ],
)
def test_how_a_value_is_said(desk, keywords, plain):
    desk.begin().value("x", **keywords)
    assert desk.cells[-1].bundle["text/plain"] == plain


def test_a_name_is_used_once_in_a_run_and_again_in_a_draft(desk, monkeypatch):
    draft = desk.begin()
    for _ in range(2):
        draft.value("days", 1)
        draft.show(pd.DataFrame({"days": [1.5]}), name="table", caption="Days")
    assert desk.cells[-1].bundle["text/html"].count("Table 1.") == 1
    monkeypatch.setenv("WODA_STEP_FOLDER", str(desk.root / "outputs/tiny/.1.partial"))
    monkeypatch.setenv("WODA_RUN_ID", "1")
    run = desk.begin()
    run.value("days", 1)
    with pytest.raises(NotebookError, match="used already"):
        run.value("days", 1)


def test_finish_writes_the_record_and_needs_an_answer(desk):
    run = desk.begin()
    with pytest.raises(NotebookError, match="never answered"):
        run.finish()
    run.value("days", 2.7, low=2, high=3)
    run.answer("It fell by {days}.")
    run.finish()
    record = desk.record()
    assert record.parameters == {"start": "2022-01-01", "rate": 1.5}
    assert (record.agreement, record.purpose) == ("patient_flow", "linkage")
    assert [value.model_dump() for value in record.values] == [
        {
            "name": "days",
            "label": "",
            "value": 2.7,
            "low": 2.0,
            "high": 3.0,
            "unit": "",
            "decimals": 1,
        }
    ]
    assert desk.kinds[-1] == "provenance"


def test_every_display_carries_the_mark_that_lets_it_into_a_report(desk):
    run = desk.begin()
    run.value("days", 1)
    run.show(pd.DataFrame({"days": [1.5]}), name="table", caption="Days")
    run.show(picture(10), name="figure", caption="People", alt="10 people")
    run.answer("One.")
    run.finish()
    assert desk.kinds == ["answer", "value", "table", "figure", "provenance"]
    assert all({"text/html", "text/plain"} == set(cell.bundle) for cell in desk.cells)


def test_a_study_reads_neither_real_extracts_nor_the_tables_of_a_pilot(desk):
    file = desk.root / "parameters" / "tiny.yaml"
    text = file.read_text().replace("patient_flow", "none").replace("linkage", "study")
    file.write_text(text)
    run = desk.begin()
    with pytest.raises(AgreementError, match="may read only a made-up county"):
        run.load("social_care_clients")
    with pytest.raises(AgreementError, match="a restricted table of a pilot"):
        run.load("patient_flow/1_link:referral_spells")


def test_a_field_that_is_not_shared_is_refused_by_name(desk):
    run = desk.begin()
    assert list(run.load("social_care_clients", fields=["client_id"])) == ["partner", "client_id"]
    with pytest.raises(AgreementError, match="does not share the field address"):
        run.load("social_care_clients", fields=["client_id", "address"])


def test_what_identifies_people_is_not_saved_for_later_steps(desk):
    run = desk.begin()
    with pytest.raises(NotebookError, match="holds nhs_number, forename"):
        run.save("people", run.load("social_care_clients"))


def test_a_table_from_other_extracts_is_refused(desk, monkeypatch):
    first = desk.begin()
    first.save("pairs", pd.DataFrame({"n": [1]}))
    first.answer("Done.")
    first.finish()
    assert desk.record().extracts == "data/extracts/demo"
    other = desk.root / "june"
    copytree(desk.root / "data/extracts/demo", other)
    monkeypatch.setenv("WODA_EXTRACTS", str(other))
    with pytest.raises(NotebookError, match="was made from data/extracts/demo"):
        desk.begin().load("tiny/1_count:pairs")
    with pytest.raises(NotebookError, match="1_count, which has not been run on june"):
        desk.begin("2_more")


def test_files_outside_the_checkout_are_named_by_partner(desk, monkeypatch, tmp_path_factory):
    outside = tmp_path_factory.mktemp("elsewhere") / "june"
    copytree(desk.root / "data/extracts/demo", outside)
    monkeypatch.setenv("WODA_EXTRACTS", str(outside))
    run = desk.begin()
    run.load("social_care_clients")
    run.answer("Two.")
    run.finish()
    paths = [item.path for item in desk.record().inputs]
    assert "june/county_council/social_care_clients_2022-01.csv" in paths
    (folder,) = (desk.root / "data/quarantine").iterdir()
    assert folder.name.startswith("june-")


def audited(desk):
    return list(
        AuditLog(desk.root / "data/audit/log.jsonl", desk.root / "keys/audit.anchors").records()
    )


def test_what_a_notebook_does_with_data_is_on_the_record(desk):
    run = desk.begin()
    clients = run.load("social_care_clients")
    run.save("clients", clients[["client_id"]])
    run.show(pd.DataFrame({"ward": ["Avon"], "people": [23]}), name="wards", caption="People")
    kinds = [(record.kind, record.dataset) for record in audited(desk)]
    assert kinds == [
        ("load", "social_care_clients"),
        ("save", "tiny/1_count:clients"),
        ("show", "wards"),
    ]
    assert {record.run for record in audited(desk)} == {"tiny/draft/1_count"}


def test_a_saved_table_is_noise_to_whoever_takes_the_folder(desk):
    run = desk.begin()
    clients = run.load("social_care_clients")
    run.save("clients", clients[["client_id"]])
    content = (desk.draft / "restricted/1_count/clients.parquet").read_bytes()
    assert content.startswith(b"PARE")
    assert not any(number.encode() in content for number in clients["client_id"])


def test_the_record_of_a_step_names_its_fields_and_what_became_of_opt_outs(desk):
    run = desk.begin()
    run.load("social_care_clients", fields=["client_id", "recorded_on"])
    run.answer("Two.")
    run.finish()
    assert desk.record().fields == {"social_care_clients": ("client_id", "recorded_on")}
    assert desk.record().opt_outs.startswith("Opt-outs were not applied. The same links serve")
