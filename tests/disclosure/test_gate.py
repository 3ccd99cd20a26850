"""The first gate: what is withheld, what is rounded, what is refused."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from woda_lib.disclosure import DisclosureError, Rule, gate_count, gate_table, gate_text

RULE = Rule(threshold=5, rounding=5)


def gate(rows, **keywords):
    return gate_table(pd.DataFrame(rows), RULE, name="the table", **keywords)


def test_small_counts_are_withheld_and_the_others_rounded():
    #            ward         people   is shown as
    rows = [("Avon", 0, 0), ("Teme", 4, None), ("Severn", 5, 5), ("Salwarpe", 23, 25)]
    gated = gate([{"ward": ward, "people": people} for ward, people, _ in rows])
    shown = [None if pd.isna(n) else n for n in gated.frame["people"]]
    assert shown == [expected for _, _, expected in rows]
    assert gated.withheld["people"].tolist() == [False, True, False, False]


def test_a_statistic_that_rests_on_a_withheld_count_is_withheld_too():
    gated = gate([{"ward": "Teme", "people": 3, "mean_days": 8.1}])
    assert gated.frame["mean_days"].isna().all()
    assert gated.withheld_cells == 2


def test_a_missing_count_is_missing_and_not_withheld():
    gated = gate({"ward": ["Teme"], "people": pd.array([None], dtype="Int64")})
    assert gated.withheld_cells == 0


def test_counts_may_be_named_when_whole_numbers_are_something_else():
    gated = gate([{"files": 3, "people": 12}], counts=["people"])
    assert gated.frame.iloc[0].to_dict() == {"files": 3, "people": 10}


def test_counts_of_people_held_as_floats_are_gated_when_named():
    gated = gate([{"people": 2.0}, {"people": 12.0}], counts=["people"])
    assert gated.frame["people"].isna().tolist() == [True, False]
    assert gated.frame["people"].iloc[1] == 10


def test_a_column_to_count_in_must_exist():
    with pytest.raises(DisclosureError, match="no column 'persons'"):
        gate([{"people": 12}], counts=["persons"])


@pytest.mark.parametrize("column", ["nhs_number", "Surname", "date of birth", "spell_id", "uprn"])
def test_columns_that_identify_are_refused_by_name(column):
    with pytest.raises(DisclosureError, match=column):
        gate({column: ["x"], "people": [12]})


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("943 476 5919", "an NHS number"),
        ("lives at WR1 2AB", "a full postcode"),
        ("a.person@example.org", "an e-mail address"),
        ("QQ123456C".replace("QQ", "AB"), "a National Insurance number"),
    ],
)
def test_values_that_identify_are_refused_without_being_quoted(value, kind):
    with pytest.raises(DisclosureError, match=kind) as refusal:
        gate({"label": [value], "people": [12]})
    assert value not in str(refusal.value)
    with pytest.raises(DisclosureError, match=kind):
        gate_text(f"It says {value}.", name="The caption")


@pytest.mark.parametrize(
    "counts",
    [
        pd.Series([1.0, None, 23.0]),  # what unstack makes of counts
        pd.Series([1, None, 23], dtype=object),
        pd.Series([1, None, 23], dtype="Int64"),
    ],
    ids=["float", "object", "nullable"],
)
def test_counts_are_found_whatever_type_pandas_keeps_them_in(counts):
    shown = gate({"ward": ["a", "b", "c"], "people": counts}).frame["people"]
    assert [None if pd.isna(n) else int(n) for n in shown] == [None, None, 25]


def test_whole_numbers_below_nought_are_no_counts():
    assert gate([{"change": -3.0}, {"change": 2.0}]).withheld_cells == 0


def test_integer_headings_are_counted_like_others():
    gated = gate_table(pd.DataFrame({2021: [3], 2022: [23]}), RULE, name="t")
    assert pd.isna(gated.frame[2021].iloc[0])
    assert gated.frame[2022].iloc[0] == 25


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"943 476 5919": [12]}),
        pd.DataFrame({"number": [9434765919]}),
        pd.DataFrame({"number": [9434765919.0, 0.5]}),
        pd.DataFrame({"NHS-number": ["x"]}),
    ],
)
def test_identifiers_are_refused_as_headings_and_as_numbers(frame):
    with pytest.raises(DisclosureError):
        gate_table(frame, RULE, name="t")


def test_the_digits_of_a_fraction_are_no_identifier():
    fraction = float("154031.9434765919")  # its decimals are the published NHS number
    assert gate({"pounds": [fraction]}).withheld_cells == 0
    assert gate_text(f"It is worth {fraction}.", name="The answer")


def test_a_date_that_rests_on_a_withheld_count_is_withheld():
    gated = gate({"people": [2], "first": [pd.Timestamp("2024-01-01")]})
    assert gated.frame["first"].isna().all()


def test_a_count_as_a_value_is_rounded_and_not_said_when_small():
    assert [gate_count(n, RULE) for n in (0, 4, 5, 23)] == [0, None, 5, 25]


def test_a_list_of_records_is_refused_whatever_its_columns():
    with pytest.raises(DisclosureError, match="a list and not a summary"):
        gate({"days": [1.5] * 401})


def test_text_without_identifiers_passes_unchanged():
    text = "Waits fell by 2.7 days in 2023, worth £153,000 a month (WR1 and WR2)."
    assert gate_text(text, name="The answer") == text


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30), st.integers(2, 10))
def test_no_shown_count_lies_between_nought_and_the_threshold(counts, base):
    gated = gate_table(pd.DataFrame({"n": counts}), Rule(base, base), name="t").frame["n"]
    shown = gated.dropna().astype(int)
    assert ((shown == 0) | (shown >= base)).all()
    assert (shown % base == 0).all()
    assert ((shown - pd.Series(counts)[shown.index]).abs() <= base / 2).all()
