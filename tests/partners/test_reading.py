"""What a file may look like, and what is refused."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from woda_lib.partners import CONTRACTS, Delivery, ExtractError, accept
from woda_lib.partners.parsing import parse
from woda_lib.partners.reading import normal_heading, read_file

REFERRALS = CONTRACTS["social_care_referrals"]
HEADING = ",".join(REFERRALS.columns)
ROW = "R1,C1,05/01/2022,hospital,Royal,North,home_care,open,"


@pytest.fixture
def write(tmp_path):
    def written(content):
        path = tmp_path / "county_council" / "social_care_referrals_2022-01.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def delivery(path):
    return Delivery(pd.Timestamp("2022-01-31").date(), path.parent.name, REFERRALS.dataset, path)


@pytest.mark.parametrize(
    ("written", "name"),
    [("NHS Number ", "nhs_number"), ("nhs-number", "nhs_number"), ("  D.O.B. ", "d_o_b")],
)
def test_headings_are_compared_in_snake_case(written, name):
    assert normal_heading(written) == name


def test_line_numbers_are_those_of_the_file(write):
    path = write(f"A title\n\n{HEADING}\n{ROW}\n\n{ROW.replace('R1', 'R2')}\n")
    raw = read_file(path, REFERRALS)
    assert raw.heading_line == 3
    assert raw.rows["line"].tolist() == [4, 6]


def test_a_column_that_nobody_agreed_is_left_out_and_named(write):
    raw = read_file(write(f"{HEADING},Notes\n{ROW},private\n"), REFERRALS)
    assert raw.unknown_columns == ("notes",)
    assert "notes" not in raw.rows


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (f"{HEADING},Team\n{ROW},x\n", "has the column team twice"),
        (b"\x81\x8d\x8f\x90\x9d", "neither in UTF-8 nor in Windows-1252"),
        (HEADING.encode() + b"\n\x00\x00\n", "bytes that no text file has"),
        ("   \n \n", "is empty"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(write, content, says):
    with pytest.raises(ExtractError, match=says) as refusal:
        read_file(write(content), REFERRALS)
    assert "county_council/social_care_referrals_2022-01.csv" in str(refusal.value)


def test_a_heading_without_rows_is_a_delivery_of_nothing(write):
    assert accept([delivery(write(HEADING))], REFERRALS).counts.delivered == 0


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-01-05", "2022-01-05"),
        ("05/01/2022", "2022-01-05"),  # always day first
        ("5/1/2022", "2022-01-05"),
        ("05-Jan-2022", "2022-01-05"),
        ("05.01.2022", "2022-01-05"),
        ("20220105", "2022-01-05"),
        ("2022-01-05T00:00:00", "2022-01-05"),
        ("05/01/22", None),  # 1922 or 2022?
        ("44566", None),  # a spreadsheet's day number
        ("01/13/2022", None),  # month first
        ("29/02/2022", None),  # does not exist
        ("05/01/0222", None),  # mistyped
    ],
)
def test_dates(text, day):
    rows = pd.DataFrame({name: ["x"] for name in REFERRALS.columns}, dtype="string")
    typed, _ = parse(rows.assign(received_on=text).astype("string"), REFERRALS)
    expected = pd.NaT if day is None else pd.Timestamp(day)
    assert typed["received_on"].iloc[0] is expected or typed["received_on"].iloc[0] == expected


CELL = st.sampled_from(["", "R1", "R2", "05/01/2022", "31/02/2022", "hospital", "open", '"', "é"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELL, min_size=0, max_size=11), max_size=12))
def test_every_row_of_any_file_ends_in_exactly_one_place(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("any") / "county_council"
    folder.mkdir()
    path = folder / "social_care_referrals_2022-01.csv"
    path.write_text("\n".join([HEADING, ROW, *(",".join(row) for row in rows)]))
    try:
        found = accept([delivery(path)], REFERRALS)
    except ExtractError:
        return  # a quotation mark that is never closed
    counts = found.counts
    assert counts.delivered == (
        counts.kept + counts.quarantined + counts.superseded + counts.duplicates
    )
    assert counts.kept == len(found.frame)
