"""A hand-made folder of messy extracts: each fault ends in the right place, and none is lost."""

from pathlib import Path

import pandas as pd
import pytest

from woda_lib.partners import CONTRACTS, ExtractError, accept, check_extracts, deliveries

MESSY = Path(__file__).parent / "messy"
STAYS = "hospital_spells_2022-01.csv"
EVENTS = "discharge_events_2022-07.csv"


def accepted(dataset):
    return accept(deliveries(MESSY, dataset), CONTRACTS[dataset])


@pytest.mark.parametrize(
    ("line", "column", "rule", "outcome"),
    [
        (3, "nhs_number", "nhs_check_digit", "value blanked"),
        (4, "date_of_birth", "not_a_date", "row refused"),  # 31 February
        (5, "discharge_date", "discharge_before_admission", "row refused"),
        (6, "sex", "unknown_code", "row refused"),
        (7, "spell_id", "missing_value", "row refused"),
        (10, "spell_id", "key_given_twice", "row refused"),
        (11, "spell_id", "key_given_twice", "row refused"),
        (12, "date_of_birth", "not_a_date", "row refused"),  # an Excel serial number
        (13, "postcode", "not_a_postcode", "value blanked"),
        (14, "", "wrong_number_of_cells", "row refused"),
        (17, "admission_date", "admission_date_after_delivery", "row refused"),
        (19, "discharge_method", "method_without_discharge", "row refused"),
        (20, "date_of_birth", "not_a_date", "row refused"),  # month first
        (21, "date_of_birth", "not_a_date", "row refused"),  # two-digit year
    ],
)
def test_each_fault_of_a_stay_is_in_quarantine_at_its_line(line, column, rule, outcome):
    quarantine = accepted("hospital_spells").quarantine
    found = quarantine[(quarantine["file"] == STAYS) & (quarantine["line"] == line)]
    assert found[["partner", "column", "rule", "outcome"]].to_numpy().tolist() == [
        ["worcestershire_acute", column, rule, outcome]
    ]


def test_nothing_else_of_the_stays_is_in_quarantine():
    assert len(accepted("hospital_spells").quarantine) == 14


def test_quarantine_keeps_the_row_as_it_was_sent_and_messages_quote_nothing():
    quarantine = accepted("hospital_spells").quarantine.set_index("line")
    assert quarantine.loc[4, "raw_row"].startswith("W3,P3,,Bob,Oak,31/02/1930")
    for line, row in quarantine.iterrows():
        cells = [cell for cell in row["raw_row"].split(",") if len(cell) > 1]
        assert not any(cell in row["message"].split() for cell in cells), line


@pytest.mark.parametrize(
    ("line", "column", "rule"),
    [
        (3, "event_type", "notice_after_its_law_ended"),
        (4, "event_type", "pathway_before_its_law_began"),
        (5, "pathway", "decision_without_pathway"),
        (6, "pathway", "out_of_range"),
        (8, "delay_reason", "unknown_code"),
    ],
)
def test_each_fault_of_an_event_is_in_quarantine_at_its_line(line, column, rule):
    quarantine = accepted("discharge_events").quarantine
    found = quarantine[(quarantine["file"] == EVENTS) & (quarantine["line"] == line)]
    assert found[["column", "rule"]].to_numpy().tolist() == [[column, rule]]


def test_what_is_kept_has_the_agreed_types_whatever_its_partner_writes():
    #        file                     encoding  dates       sex      delimiter
    # worcestershire_acute            cp1252    dd/mm/yyyy  1, 2     ,
    # severnside_acute                UTF-8     ISO         F        ,
    stays = accepted("hospital_spells").frame.set_index("spell_id")
    assert stays.loc["W1", ["forename", "nhs_number", "sex"]].tolist() == ["Zoë", "9434765919", "F"]
    assert stays.loc["W1", "date_of_birth"] == pd.Timestamp("1940-02-01")
    assert stays.loc["S1", "discharge_date"] == pd.Timestamp("2022-01-19")  # written with midnight
    assert stays.loc["W12", "surname"] == "Two\r\nLines"
    # county_council: byte order mark, two title rows; severnside_council: UTF-16, semicolons
    clients = accepted("social_care_clients").frame.set_index("client_id")
    assert clients.loc["C1", ["sex", "postcode"]].tolist() == ["F", "WR1 2AB"]
    assert clients.loc["D1", "date_of_birth"] == pd.Timestamp("1935-04-03")


def test_a_later_delivery_supersedes_in_whatever_order_its_columns_come():
    stays = accepted("hospital_spells")
    assert stays.frame.set_index("spell_id").loc["W7", "discharge_method"] == "died"
    assert stays.counts.superseded == 2  # W2 and W7 of January


def test_every_delivered_row_is_counted_once():
    counts = accepted("hospital_spells").counts
    parts = (counts.kept, counts.quarantined, counts.superseded, counts.duplicates)
    assert counts.delivered == sum(parts) == 21
    assert parts == (6, 12, 2, 1)


@pytest.mark.parametrize(
    ("month", "says"),
    [
        ("01", "a spreadsheet or zip archive and not text"),
        ("02", "lacks the column closed_on"),
        ("03", "is not social_care_referrals"),
        ("05", "is empty"),
    ],
)
def test_a_file_that_is_not_the_dataset_is_refused_by_name(month, says):
    (delivery,) = [
        item
        for item in deliveries(MESSY, "social_care_referrals")
        if item.name == f"county_council/social_care_referrals_2022-{month}.csv"
    ]
    with pytest.raises(ExtractError, match=says) as refusal:
        accept([delivery], CONTRACTS["social_care_referrals"])
    assert delivery.name in str(refusal.value)


def test_the_check_says_everything_that_is_wrong_with_the_folder():
    report = check_extracts(MESSY)
    assert not report.usable
    problems = " ".join(report.problems)
    for says in (
        "referrals january.csv is no extract",
        "social_care_referrals_2022-04.csv is missing",
        "social_care_referrals_2022-05.csv is empty",
        "social_care_referrals_2022-01.csv is a spreadsheet",
    ):
        assert says in problems
    faulty = report.faults[report.faults["file"] == STAYS]
    assert faulty.set_index("rule").loc["key_given_twice", "rows"] == 2
