"""Daily files through the door: what is new, what was known before, and what is not from today."""

from datetime import date

import pytest

from tests.partners.small_county import deliver, settings_for
from tests.partners.test_folder import AGREEMENTS
from woda_lib.partners import (
    CONTRACTS,
    Door,
    ExtractError,
    audit_log,
    check_extracts,
    load_agreement,
)

POLICE = "west_mercia_police"
TODAY = date(2022, 2, 3)
DAYS = ("2022-02-01", "2022-02-02", "2022-02-03")
NIGHT = {"occurred_at": "2022-01-05 20:15", "reported_at": "2022-01-05 20:15"}


def incident(number, **more):
    return NIGHT | {"incident_id": f"I{number}", "record_status": "current"} | more


@pytest.fixture
def extracts(tmp_path):
    """January whole, then a day without news, a new incident, and one that is withdrawn."""
    folder = tmp_path / "extracts"
    for partner in CONTRACTS["opt_outs"].partners:
        deliver(folder, partner, "opt_outs", [])
    deliver(folder, POLICE, "police_incidents", [incident(1), incident(2)])
    deliver(folder, POLICE, "police_incidents", [], month=DAYS[0])
    deliver(folder, POLICE, "police_incidents", [incident(3)], month=DAYS[1])
    withdrawn = incident(1, record_status="withdrawn")
    deliver(folder, POLICE, "police_incidents", [withdrawn], month=DAYS[2])
    return folder


@pytest.fixture
def settings(tmp_path, extracts):
    return settings_for(tmp_path, extracts, today=TODAY, as_of_reason="A test.", key_ring=KEY)


KEY = '{"domestic_abuse": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}'
FIELDS = ["incident_id", "record_status", "delivered_on"]


def door(settings, purpose="triage", step="2_triage_pack"):
    agreement = load_agreement("domestic_abuse", AGREEMENTS)
    return Door(agreement, purpose, settings, run=f"domestic_abuse/draft/{step}")


def known(opened, **keywords):
    """Each incident with its standing and the day on which that came, numbers in clear."""
    frame = opened.reidentify(opened.load("police_incidents", FIELDS, **keywords).frame, "x")
    return {
        row.incident_id: (row.record_status, str(row.delivered_on.date()))
        for row in frame.itertuples()
    }


def test_what_came_and_what_was_withdrawn_since_yesterday_is_a_comparison(settings):
    opened = door(settings)
    now, before = known(opened), known(opened, delivered_by=date(2022, 2, 2))
    assert now == {
        "I1": ("withdrawn", "2022-02-03"),
        "I2": ("current", "2022-01-31"),
        "I3": ("current", "2022-02-02"),
    }
    assert before == now | {"I1": ("current", "2022-01-31")}


def test_before_the_daily_files_it_is_the_month(settings):
    assert set(known(door(settings), delivered_by=date(2022, 1, 31))) == {"I1", "I2"}


def test_before_anything_was_delivered_there_is_nothing_to_know(settings):
    with pytest.raises(ExtractError, match=r"no police_incidents: .* up to 30 January 2022"):
        known(door(settings), delivered_by=date(2022, 1, 30))


def test_what_was_known_is_recorded_with_the_day(settings):
    opened = door(settings)
    opened.load("police_incidents", FIELDS)
    opened.load("police_incidents", ["incident_id"], delivered_by=date(2022, 2, 2))
    loads = [r for r in audit_log(settings).records() if r.kind == "load"]
    assert [record.dataset for record in loads] == [
        "police_incidents",
        "police_incidents as known on 2022-02-02",
    ]
    assert opened.fields == {"police_incidents": tuple(FIELDS)}


def test_what_was_refused_since_stays_in_quarantine(settings, extracts):
    deliver(extracts, POLICE, "police_incidents", [incident(4, crime_type="?")], month=DAYS[2])
    opened = door(settings)
    opened.load("police_incidents", FIELDS)
    opened.load("police_incidents", FIELDS, delivered_by=date(2022, 2, 2))
    rows = (settings.quarantine_of_extracts / "police_incidents.csv").read_text()
    assert "unknown_code" in rows


def test_the_same_file_again_changes_nothing_but_counts(settings, extracts):
    opened = door(settings)
    before, counts = known(opened), opened.load("police_incidents", FIELDS).counts
    for day in ("2022-02-02", "2022-02-03"):
        rows = [incident(3), incident(1, record_status="withdrawn")]
        deliver(extracts, POLICE, "police_incidents", rows, month=day)
    assert known(opened) == before | {"I1": ("withdrawn", "2022-02-02")}
    again = opened.load("police_incidents", FIELDS).counts
    assert (again.kept, again.superseded) == (counts.kept, counts.superseded + 2)


def test_a_row_that_came_back_counts_from_when_it_came_back(settings, extracts):
    rows = [incident(1, record_status="withdrawn")]
    deliver(extracts, POLICE, "police_incidents", rows, month=DAYS[1])
    deliver(extracts, POLICE, "police_incidents", [incident(1)], month=DAYS[2])
    assert known(door(settings))["I1"] == ("current", "2022-02-03")


def test_delivered_on_may_be_asked_for_with_any_field_and_is_no_field_of_its_own(settings):
    frame = door(settings).load("police_incidents", ["crime_type"]).frame
    assert list(frame) == ["partner", "crime_type"]


def test_a_file_from_tomorrow_is_refused_by_its_name(settings, extracts):
    deliver(extracts, POLICE, "police_incidents", [], month="2022-02-04")
    with pytest.raises(ExtractError) as refusal:
        door(settings).load("police_incidents")
    assert str(refusal.value) == (
        f"{POLICE}/police_incidents_2022-02-04.csv is dated 4 February 2022, which is after today "
        "(3 February 2022). Ask the partner which day it is of and rename it, or take it out until "
        "then."
    )
    assert "is dated 4 February" in " ".join(check_extracts(extracts, TODAY).problems)


def test_a_month_that_is_not_over_is_refused_too(settings, extracts):
    deliver(extracts, "housing_association", "housing_tenancies", [], month="2022-02")
    with pytest.raises(ExtractError, match="28 February 2022, the last day of its month, which"):
        door(settings).load("police_incidents")


def test_a_far_future_is_said_once_and_not_day_by_day(extracts):
    deliver(extracts, POLICE, "police_incidents", [], month="2099-01-01")
    assert len(check_extracts(extracts, TODAY).problems) == 1
