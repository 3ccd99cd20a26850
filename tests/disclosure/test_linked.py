"""What one table shows, another must not have withheld; nor may two runs differ by a few people."""

import pandas as pd
import pytest

from woda_lib.disclosure import (
    DisclosureError,
    EarlierTable,
    Rule,
    as_rows,
    from_rows,
    gate_count,
    gate_table,
    gives_away,
    headline,
)

RULE = Rule(threshold=5, rounding=5)
WARDS = {"site": ["N", "N", "S", "S"], "ward": ["a", "b", "c", "d"], "people": [3, 20, 40, 50]}


def gate(frame, *, name="t", rule=RULE, **keywords):
    return gate_table(pd.DataFrame(frame), rule, name=name, **keywords)


def withheld(frame, column="people", **keywords):
    return gate(frame, **keywords).withheld[column].tolist()


def earlier(frame, *, same_extracts=True, name="t", rule=RULE):
    return EarlierTable("2025-03-31", same_extracts, gate(frame, name=name, rule=rule).counted)


def test_a_ward_does_not_follow_from_its_site():
    by_site = gate({"site": ["N", "S"], "people": [23, 90]}, name="by_site")
    assert withheld(WARDS) == [True, False, False, False]
    assert withheld(WARDS, others=[by_site.counted]) == [True, True, False, False]


def test_a_site_is_withheld_when_its_wards_would_tell_on_each_other():
    by_ward = gate(WARDS, name="by_ward")
    assert withheld({"site": ["N", "S"], "people": [23, 90]}, others=[by_ward.counted]) == [
        True,
        False,
    ]


def test_a_headline_number_is_a_total_too():
    frame = {"ward": ["a", "b", "c"], "people": [3, 20, 40]}
    said = headline("people_waiting", 63, hidden=False)
    assert withheld(frame) == [True, False, False]
    assert withheld(frame, others=[said]) == [True, True, False]


def test_a_headline_number_is_not_said_after_what_it_would_give_away():
    table = gate({"ward": ["a", "b", "c"], "people": [3, 20, 40]})
    assert gate_count(63, RULE) == 65
    assert gate_count(63, RULE, others=[table.counted]) is None
    assert gate_count(64, RULE, others=[table.counted]) == 65  # another number


def test_tables_that_did_not_know_of_each_other_are_told_apart_by_what_they_give_away():
    wards = gate({"ward": ["a", "b", "c"], "people": [3, 20, 40]}).counted
    knowing = gate({"ward": ["a", "b", "c"], "people": [3, 20, 40]}, others=[wards]).counted
    for total, given_away in ((63, True), (64, False)):  # 64 are not these people
        assert gives_away(headline("said", total, hidden=False), [wards], RULE) is given_away
        assert gives_away(wards, [headline("said", total, hidden=False)], RULE) is given_away
    assert not gives_away(headline("said", 63, hidden=True), [wards], RULE)
    assert not gives_away(knowing, [wards], RULE)


def test_tables_by_different_labels_share_their_sum():
    by_team = gate({"team": ["x", "y"], "people": [60, 53]}, name="by_team")
    assert withheld({"ward": ["a", "b", "c"], "people": [3, 50, 60]}, others=[by_team.counted]) == [
        True,
        True,
        False,
    ]


def test_the_same_table_twice_is_withheld_in_the_same_way():
    frame = {"ward": ["a", "b", "c", "Total"], "people": [3, 20, 21, 44]}
    first = gate(frame, name="table")
    shuffled = pd.DataFrame(frame).iloc[[3, 2, 0, 1]].reset_index(drop=True)
    again = withheld(shuffled, name="figure", others=[first.counted])
    assert again == [first.withheld["people"][row] for row in (3, 2, 0, 1)]


def test_a_cell_that_appears_by_subtraction_between_two_runs_is_withheld():
    #              over 65  over 66: one person is of that age in Teme
    before = {"ward": ["Arrow", "Teme", "Leam", "All"], "people": [40, 23, 50, 113]}
    after = {"ward": ["Arrow", "Teme", "Leam", "All"], "people": [40, 22, 50, 112]}
    gated = gate(after, earlier=[earlier(before)])
    assert gated.withheld["people"].tolist() == [False, True, False, True]
    assert gated.checks["differencing"] == 2


def test_a_row_that_comes_or_goes_changes_by_all_of_its_people():
    before = earlier({"ward": ["Arrow", "Teme"], "people": [40, 23]})
    assert withheld({"ward": ["Arrow"], "people": [40]}, earlier=[before]) == [False]
    assert withheld({"ward": ["Arrow"], "people": [60]}, earlier=[before]) == [False]


def test_other_extracts_may_differ_by_a_few_where_rounding_hides_it():
    before = {"ward": ["Arrow", "Teme"], "people": [40, 23]}
    after = {"ward": ["Arrow", "Teme"], "people": [41, 22]}
    other_day = earlier(before, same_extracts=False)
    assert withheld(after, earlier=[other_day]) == [False, False]
    fine = Rule(threshold=5, rounding=2)
    other_day = earlier(before, same_extracts=False, rule=fine)
    assert withheld(after, earlier=[other_day], rule=fine) == [True, True]


def test_a_larger_change_is_shown():
    before = earlier({"ward": ["Arrow", "Teme"], "people": [40, 23]})
    assert withheld({"ward": ["Arrow", "Teme"], "people": [46, 30]}, earlier=[before]) == [
        False,
        False,
    ]


def test_what_was_shown_cannot_hide_what_is_withheld_now():
    """Two runs that withhold different neighbours of one small cell give it away together."""
    frame = {"ward": ["a", "b", "c", "Total"], "people": [3, 20, 40, 63]}
    first = gate(frame)
    assert first.withheld["people"].tolist() == [True, True, False, False]
    again = withheld(frame, earlier=[EarlierTable("1", True, first.counted)])
    assert again == [True, True, False, False]


def test_a_headline_that_differs_by_a_few_is_refused_with_what_to_do():
    before = EarlierTable("1", True, headline("clients", 63, hidden=False))
    with pytest.raises(DisclosureError, match=r"differencing.*move more people"):
        gate_count(
            62,
            RULE,
            name="clients",
            earlier=[EarlierTable("1", True, headline("clients", 63, hidden=False))],
        )
    assert gate_count(63, RULE, name="clients", earlier=[before]) == 65


def test_counts_are_kept_and_read_again():
    tables = [gate(WARDS, name="by_ward").counted, headline("clients", 63, hidden=False)]
    tables.append(gate({"mean": [1.5]}, name="no_counts").counted)
    back = from_rows(as_rows(tables))
    assert [table.name for table in back] == ["by_ward", "clients"]
    for table, known in zip(tables, back, strict=False):
        assert table.columns == known.columns
        assert (table.counts == known.counts).all()
        assert (table.hidden == known.hidden).all()
        assert table.labels.to_dict("list") == known.labels.to_dict("list")


def test_when_nothing_else_helps_all_that_hangs_together_is_withheld():
    others = [
        headline("all", 43, hidden=False),
        gate({"ward": ["a", "b", "c"], "people": [18, 20, 5]}, name="by_ward").counted,
    ]
    # The fifth ward's people of one sex are a part of a count that everybody knows.
    frame = {"ward": ["a", "b", "c", "c"], "sex": ["f", "m", "f", "m"], "people": [18, 20, 1, 4]}
    assert withheld(frame, others=others)[2:] == [True, True]
