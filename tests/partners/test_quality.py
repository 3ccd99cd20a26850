"""What is measured of deliveries: a handful of rows in, counts and shares out, no value kept."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.partners.small_county import ACUTE, BEN, COUNCIL, deliver, door, settings_for
from woda_lib.partners import CONTRACTS, ExtractError
from woda_lib.partners.quality import (
    DIMENSIONS,
    deliveries_table,
    faults_table,
    filled_table,
    read_measured,
)
from woda_lib.records import (
    DatasetMeasured,
    PartnerMeasured,
    RowCounts,
    quality_files,
    write_json,
)

REFERRALS = "social_care_referrals"
OTHER = "severnside_council"
SHARED = ("hospital_spells", "discharge_events", "social_care_clients", REFERRALS)
#           referral, received,      site,    team,    closed     what becomes of the row
JANUARY = [
    ("R1", "05/01/2022", "Royal", "North", ""),  # kept
    ("R1", "05/01/2022", "Royal", "North", ""),  # a duplicate, letter for letter
    ("R2", "06/01/2022", "", "", ""),  # superseded in February
    ("R3", "07/01/2022", "", "", "01/01/2022"),  # quarantined: closed before it was received
]
FEBRUARY = [
    ("R2", "06/01/2022", "Royal", "", ""),  # kept
    ("R4", "35/01/2022", "", "", ""),  # quarantined: not a date
]


def referrals(rows):
    names = ("referral_id", "received_on", "site", "team", "closed_on")
    return [dict(zip(names, row, strict=True)) | {"client_id": "C1"} for row in rows]


@pytest.fixture
def settings(tmp_path):
    """Three partners have delivered until February, and Severnside's council until May."""
    extracts = tmp_path / "extracts"
    for dataset in SHARED:
        for partner in CONTRACTS[dataset].partners:
            until = 5 if partner == OTHER else 2
            for month in range(1, until + 1):
                deliver(extracts, partner, dataset, [], month=f"2022-{month:02}")
    for partner in CONTRACTS["opt_outs"].partners:
        deliver(extracts, partner, "opt_outs", [])
    deliver(extracts, COUNCIL, REFERRALS, referrals(JANUARY), month="2022-01")
    deliver(extracts, COUNCIL, REFERRALS, referrals(FEBRUARY), month="2022-02")
    return settings_for(tmp_path, extracts)


def files(settings):
    return quality_files(settings.accepted_of_extracts)


def measured(settings, dataset=REFERRALS, purpose="service_evaluation"):
    door(settings, purpose).load(dataset)
    return read_measured(files(settings))


def row(found, partner=COUNCIL):
    table = deliveries_table(found)
    return table[table["partner"] == partner].iloc[0].to_dict()


def test_each_dimension_can_be_worked_out_from_the_rows(settings):
    assert row(measured(settings)) == {
        "partner": COUNCIL,
        "dataset": REFERRALS,
        "files": 2,
        "first_delivered": pd.Timestamp("2022-01-31"),
        "last_delivered": pd.Timestamp("2022-02-28"),
        "rows": 6,
        "kept": 2,
        "quarantined": 2,
        "superseded": 1,
        "duplicates": 1,
        "blanked_values": 0,
        "completeness": 3 / 8,  # R1 has site and team, R2 a site; of site, team, service, closed_on
        "validity": 4 / 6,  # R3 and R4 are not
        "uniqueness": 5 / 6,
        "timeliness": 2 / 4,  # March's and April's should be there by May's end; May's not yet
        "consistency": 3 / 4,  # R1, R2 twice and R3 could be read; R3 breaks a rule
        "late_days": 31 + 30 + 31,
    }


def test_what_nobody_sent_has_no_share_and_what_waits_for_others_is_not_late(settings):
    other = row(measured(settings), OTHER)
    assert (other["files"], other["rows"]) == (2, 0)  # read up to the clock, February
    assert other["last_delivered"] == pd.Timestamp("2022-05-31")
    assert (other["timeliness"], other["late_days"]) == (1.0, 0)
    shares = [other[name] for name in DIMENSIONS if name != "timeliness"]
    assert pd.isna(shares).all()


def test_a_blanked_value_is_not_valid_and_not_filled_in(settings):
    numbers = (BEN, "1234567890", "")
    clients = [{"client_id": f"C{n}", "nhs_number": number} for n, number in enumerate(numbers)]
    deliver(settings.extracts_folder, COUNCIL, "social_care_clients", clients)
    found = measured(settings, "social_care_clients", "linkage")
    ours = row(found)
    assert (ours["kept"], ours["quarantined"], ours["blanked_values"]) == (3, 0, 1)
    assert ours["validity"] == 2 / 3
    filled = filled_table(found).query("partner == @COUNCIL").set_index("column")
    assert filled.loc["nhs_number", ["rows", "filled"]].tolist() == [3, 1]
    assert filled.loc["client_id", ["required", "share"]].tolist() == [True, 1.0]
    assert pd.isna(filled_table(found).query("partner == @OTHER")["share"]).all()


def test_rows_are_counted_by_the_rule_that_they_broke(settings):
    wrong = referrals([("R5", "40/01/2022", "", "", ""), ("R6", "41/01/2022", "", "", "")])
    deliver(settings.extracts_folder, COUNCIL, REFERRALS, wrong, month="2022-02")
    assert faults_table(measured(settings)).to_numpy().tolist() == [
        [COUNCIL, REFERRALS, "not_a_date", "received_on", "row refused", 2],
        [COUNCIL, REFERRALS, "closed_before_received", "closed_on", "row refused", 1],
    ]


def test_the_file_holds_no_value_of_any_row_and_is_written_when_something_changed(settings):
    measured(settings)
    [path] = files(settings)
    assert path.name == f"{REFERRALS}.quality.json"
    text = path.read_text()
    assert not [word for word in ("R1", "C1", "Royal", "North", "05/01", "csv") if word in text]
    written = path.stat().st_mtime_ns
    measured(settings)
    assert path.stat().st_mtime_ns == written

    deliver(settings.extracts_folder, COUNCIL, REFERRALS, referrals(FEBRUARY[:1]), month="2022-02")
    assert row(measured(settings))["rows"] == 5
    path.unlink()  # what was accepted is there, as an earlier version of the workbench left it
    assert row(measured(settings))["rows"] == 5


def test_what_was_known_on_an_earlier_day_leaves_the_measurement_as_it_is(settings):
    before = row(measured(settings))
    door(settings).load(REFERRALS, delivered_by=date(2022, 1, 31))
    assert row(read_measured(files(settings))) == before


def test_the_agreement_under_which_most_files_were_read_tells(settings):
    measured(settings)
    [path] = files(settings)
    found = DatasetMeasured.model_validate_json(path.read_text())
    fewer = [each.model_copy(update={"files": 1, "faulty": 0}) for each in found.partners]
    before = path.parent.with_name("earlier_in_the_alphabet") / path.name
    write_json(before, found.model_copy(update={"partners": tuple(fewer)}))
    assert [each.parent.name for each in files(settings)] == [before.parent.name, "patient_flow"]
    assert row(read_measured(files(settings)))["validity"] == 4 / 6


def test_a_damaged_file_is_named_with_what_to_do(settings):
    measured(settings)
    [path] = files(settings)
    path.write_text("{")
    with pytest.raises(ExtractError, match=rf"patient_flow/{path.name} .* damaged.* --again"):
        read_measured([path])


@pytest.mark.parametrize(
    ("daily", "last", "newest", "overdue"),
    [
        (False, "2022-01-31", "2022-03-14", 0),  # February's may take until 14 March
        (False, "2022-01-31", "2022-03-15", 1),
        (False, "2022-01-31", "2022-04-15", 2),
        (True, "2022-01-31", "2022-02-02", 2),
        (True, "2022-01-31", "2022-01-31", 0),
    ],
)
def test_a_month_may_take_two_weeks_and_a_day_none(daily, last, newest, overdue):
    def of(partner, last, daily):
        return PartnerMeasured(
            partner=partner,
            first_delivered=date(2022, 1, 1),
            last_delivered=date.fromisoformat(last),
            delivered=10,
            absent=0,
            daily=daily,
            files=10,
            rows=RowCounts(delivered=0, kept=0, quarantined=0, superseded=0, duplicates=0),
            faulty=0,
            judged=0,
            broken=0,
            filled={},
            faults=(),
        )

    police = ("west_mercia_police", "police_incidents")
    others = (ACUTE, "health_flags")
    found = {police: of(police[0], last, daily), others: of(ACUTE, newest, True)}
    table = deliveries_table(found)
    assert table["timeliness"].tolist() == [10 / (10 + overdue), 1.0]
