"""What a file may look like, and what is refused."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.examples import examples
from woda_lib.partners import CONTRACTS, ContractError, Delivery, ExtractError, RowRule, accept
from woda_lib.partners.contracts import Column
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
    typed, _, _ = parse(rows.assign(received_on=text).astype("string"), REFERRALS)
    expected = pd.NaT if day is None else pd.Timestamp(day)
    assert typed["received_on"].iloc[0] is expected or typed["received_on"].iloc[0] == expected


CELL = st.sampled_from(["", "R1", "R2", "05/01/2022", "31/02/2022", "hospital", "open", '"', "é"])


@examples(50, 150, suppress_health_check=[HealthCheck.too_slow])
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


class TestQuotationMarks:
    """A stray quotation mark must not swallow rows without a word."""

    ROWS = tuple(ROW.replace("R1", f"R{n}") for n in range(1, 101))

    def test_one_that_is_never_closed_puts_every_row_after_it_in_quarantine(self, write):
        rows = [*self.ROWS[:9], self.ROWS[9].replace("Royal", '"Royal'), *self.ROWS[10:]]
        found = accept([delivery(write("\n".join([HEADING, *rows, ""])))], REFERRALS)
        assert (found.counts.delivered, found.counts.kept, found.counts.quarantined) == (100, 9, 91)
        assert found.quarantine["line"].tolist() == list(range(11, 102))
        assert set(found.quarantine["rule"]) == {"stray_quotation_mark"}

    def test_one_that_is_closed_rows_later_puts_those_rows_in_quarantine(self, write):
        rows = list(self.ROWS)
        rows[9], rows[11] = rows[9].replace("Royal", '"Royal'), rows[11].replace("Royal", 'Royal"')
        found = accept([delivery(write("\n".join([HEADING, *rows, ""])))], REFERRALS)
        assert (found.counts.kept, found.counts.quarantined) == (97, 3)
        assert found.quarantine["line"].tolist() == [11, 12, 13]

    def test_a_line_break_within_a_cell_is_kept(self, write):
        row = ROW.replace("Royal", '"Royal\nWest wing"')
        found = accept([delivery(write(f"{HEADING}\n{row}\n{self.ROWS[1]}\n"))], REFERRALS)
        assert found.counts.kept == 2
        assert found.frame.set_index("referral_id").loc["R1", "site"] == "Royal\nWest wing"


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf" + HEADING.encode() + b"\nR1,caf\xe9", b"\xff\xfeR\x00\x31"],
    ids=["UTF-8 with one wrong byte", "UTF-16 cut short"],
)
def test_a_byte_order_mark_that_lies_is_refused_by_name(write, content):
    with pytest.raises(ExtractError, match="says that it is in") as refusal:
        read_file(write(content), REFERRALS)
    assert "social_care_referrals_2022-01.csv" in str(refusal.value)


def test_a_rule_that_cannot_be_checked_stops_the_load_and_switches_nothing_off(write):
    typo = RowRule("no_such", "closed_onn", "x", lambda rows: rows["closed_onn"].isna())
    broken = replace(REFERRALS, rules=(*REFERRALS.rules, typo))
    with pytest.raises(ContractError, match="no_such"):
        accept([delivery(write(f"{HEADING}\n{ROW}\n"))], broken)


def test_a_check_of_a_column_that_cannot_be_asked_stops_the_load_too(write):
    text = Column("text", "x", minimum=1, maximum=5)
    broken = replace(REFERRALS, columns={**REFERRALS.columns, "status": text})
    with pytest.raises(ContractError, match="out_of_range of social_care_referrals cannot"):
        accept([delivery(write(f"{HEADING}\n{ROW}\n"))], broken)


def test_a_key_is_a_text():
    number = Column("whole_number", "x")
    with pytest.raises(ContractError, match=f"The key {REFERRALS.key} of .* must be a text"):
        replace(REFERRALS, columns={**REFERRALS.columns, REFERRALS.key: number})


def test_a_kept_row_whose_later_delivery_was_refused_is_counted_as_outdated(tmp_path):
    folder = tmp_path / "county_council"
    folder.mkdir()
    closing = "R1,C1,05/01/2022,hospital,Royal,North,home_care,shut,09/02/2022"
    found = []
    for month, day, row in (("01", 31, ROW), ("02", 28, closing)):
        path = folder / f"social_care_referrals_2022-{month}.csv"
        path.write_text(f"{HEADING}\n{row}\n")
        found.append(Delivery(date(2022, int(month), day), "county_council", "x", path))
    counts = accept(found, REFERRALS).counts
    assert (counts.kept, counts.quarantined, counts.outdated) == (1, 1, 1)
