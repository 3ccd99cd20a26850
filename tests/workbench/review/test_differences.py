"""Two runs compared: values and their reasons, sentences word by word, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workbench.review.runs import (
    AFTER,
    BEFORE,
    DAYS,
    PROSE,
    WAITS,
    inputs,
    record,
    write_run,
)
from woda_lib.records import RowCounts, Value
from woda_lib.workbench.review.differences import NotComparable, compare_runs
from woda_lib.workbench.review.differences.sentences import (
    say_because,
    say_overlap,
    say_reading,
    say_summary,
    say_why,
)
from woda_lib.workbench.review.differences.showing import pictured
from woda_lib.workbench.review.differences.words import compare_paragraphs, compare_words

MARCH = inputs({"hospital_spells": {"spells_2025-02.csv": "february", "spells_2025-03.csv": "m"}})


def days(value: float, low: float, high: float) -> Value:
    return DAYS.model_copy(update={"value": value, "low": low, "high": high})


def test_a_run_does_not_differ_from_itself(tmp_path: Path) -> None:
    run = write_run(tmp_path, BEFORE, tables={"waits": WAITS}, figures={"chart": WAITS})
    difference = compare_runs(run, run)
    assert difference.nothing
    assert difference.cells == 6
    assert (difference.changed_cells, difference.moved, difference.reasons) == (0, (), ())
    assert "Nothing moved" in say_summary(difference, "2_evaluate")


def test_runs_of_two_pilots_are_not_compared(tmp_path: Path) -> None:
    before, after = write_run(tmp_path, BEFORE), write_run(tmp_path, AFTER, pilot="asset_map")
    with pytest.raises(NotComparable, match="two runs of one pilot"):
        compare_runs(before, after)


def test_a_value_that_new_data_moved_could_be_chance_until_its_widest_interval_says_no(
    tmp_path: Path,
) -> None:
    before = write_run(tmp_path, BEFORE)
    near = write_run(tmp_path, AFTER, record(values=(days(2.7, 2.1, 3.3),), inputs=MARCH))
    (moved,) = compare_runs(before, near).values
    assert moved.reading == "could be chance"
    far = write_run(tmp_path, AFTER, record(values=(days(4.4, 3.9, 4.9),), inputs=MARCH))
    difference = compare_runs(before, far)
    (moved,) = difference.values
    assert moved.reading == "more than chance"
    assert "1 of the newer version’s 2 input files" in say_overlap(difference)
    assert "not that nothing happened" in say_overlap(difference)


def test_on_the_same_bytes_chance_has_no_part_and_one_cause_is_named(tmp_path: Path) -> None:
    before = write_run(tmp_path, BEFORE)
    after = write_run(
        tmp_path, AFTER, record(values=(days(2.7, 2.1, 3.3),), parameters={"horizon_days": 120})
    )
    difference = compare_runs(before, after)
    (moved,) = difference.values
    assert say_reading(moved) == "not chance: the same data"
    assert say_because(moved) == "horizon_days alone"
    assert say_why(difference).startswith("Only horizon_days changed")


def test_several_causes_are_not_told_apart(tmp_path: Path) -> None:
    before = write_run(tmp_path, BEFORE)
    after = write_run(
        tmp_path,
        AFTER,
        record(values=(days(2.7, 2.1, 3.3),), inputs=MARCH, parameters={"horizon_days": 120}),
        commit="b" * 40,
    )
    difference = compare_runs(before, after)
    assert difference.causes == ("horizon_days", "data", "code")
    assert say_because(difference.values[0]) == "horizon_days, the data and the code together"
    assert "cannot be told from two versions alone" in say_why(difference)


def test_a_cause_is_laid_only_to_values_whose_steps_it_reaches(tmp_path: Path) -> None:
    board = Value(name="waiting", value=40, unit="people", decimals=0)
    more = board.model_copy(update={"value": 45})
    before = write_run(tmp_path, BEFORE, record("3_board", values=(board,), inputs=()), record())
    after = write_run(
        tmp_path,
        AFTER,
        record("3_board", values=(more,), inputs=(), parameters={"horizon_days": 60}),
        record(),
    )
    by_name = {moved.value.name: moved for moved in compare_runs(before, after).values}
    assert by_name["waiting"].because == ("horizon_days",)
    assert by_name["days_saved"].because == ()


def test_numbers_that_move_without_a_reason_are_not_given_one(tmp_path: Path) -> None:
    before = write_run(tmp_path, BEFORE)
    after = write_run(tmp_path, AFTER, record(values=(days(9.9, 9.1, 10.3),)))
    difference = compare_runs(before, after)
    assert difference.causes == ()
    assert say_why(difference).startswith("Nothing that runs write down differs")


def test_a_value_that_is_new_or_gone_says_so(tmp_path: Path) -> None:
    other = Value(name="bed_days", value=450, unit="bed-days", decimals=0)
    before, after = write_run(tmp_path, BEFORE), write_run(tmp_path, AFTER, record(values=(other,)))
    readings = {m.value.name: say_reading(m) for m in compare_runs(before, after).values}
    assert readings == {"bed_days": "new", "days_saved": "no longer reported"}


def test_tables_figures_and_rows_are_gathered_with_their_fates(tmp_path: Path) -> None:
    before = write_run(
        tmp_path, BEFORE, tables={"waits": WAITS, "old": WAITS}, figures={"chart": WAITS}
    )
    counts = RowCounts(delivered=120, kept=115, quarantined=3, superseded=1, duplicates=1)
    after = write_run(
        tmp_path,
        AFTER,
        record(rows={"hospital_spells": counts}),
        tables={"waits": WAITS.replace("6.3", "6.0"), "new": WAITS},
        figures={"chart": WAITS.replace("6.3", "6.0"), "more": WAITS},
    )
    difference = compare_runs(before, after)
    assert {table.name: table.fate for table in difference.tables} == {
        "waits": "changed",
        "new": "added",
        "old": "removed",
    }
    assert {figure.name: figure.fate for figure in difference.figures} == {
        "chart": "changed",
        "more": "added",
    }
    waits = next(table for table in difference.tables if table.name == "waits")
    assert (waits.changed_cells, waits.cells) == (1, 6)
    (rows,) = difference.rows
    assert rows.before is not None and rows.after is not None
    assert (rows.before.delivered, rows.after.delivered) == (100, 120)


def test_a_map_is_compared_as_a_picture_and_its_layers_as_tables(tmp_path: Path) -> None:
    before = write_run(tmp_path, BEFORE, maps={"where": WAITS})
    after = write_run(tmp_path, AFTER, maps={"where": WAITS.replace("6.3", "6.0")})
    difference = compare_runs(before, after)
    assert [(figure.name, figure.fate) for figure in difference.figures] == [("where", "changed")]
    (table,) = difference.tables
    assert (table.name, table.fate, table.changed_cells) == ("where", "changed", 1)


def test_boundaries_that_move_change_a_map_whose_numbers_stay(tmp_path: Path) -> None:
    before, after = (write_run(tmp_path, run, maps={"where": WAITS}) for run in (BEFORE, AFTER))
    assert [figure.fate for figure in compare_runs(before, after).figures] == ["same"]
    picture = next(after.path.rglob("where.svg"))
    picture.write_text(picture.read_text().replace("90", "80"))
    assert [figure.fate for figure in compare_runs(before, after).figures] == ["changed"]


def test_a_table_in_another_order_is_the_same_table(tmp_path: Path) -> None:
    other = "district,people,days\nWorcester,480,[c]\nBromsgrove,330,6.3\nRedditch,305,5.5"
    before = write_run(tmp_path, BEFORE, tables={"waits": WAITS})
    after = write_run(tmp_path, AFTER, tables={"waits": other})
    (table,) = compare_runs(before, after).tables
    assert table.fate == "same"


def test_answers_and_prose_are_compared_paragraph_by_paragraph(tmp_path: Path) -> None:
    before = write_run(tmp_path, BEFORE)
    after = write_run(
        tmp_path,
        AFTER,
        record(answer="The pathway saved <strong>2.7 days</strong>.\n\nNothing else moved."),
        prose=PROSE.replace("is in it", "is in the interval"),
    )
    texts = compare_runs(before, after).texts
    assert [text.where for text in texts] == ["The answer", "How sure are we"]
    assert [(p.text, p.fate) for p in texts[0].pieces] == [
        ("The pathway saved ", "same"),
        ("2.4 ", "removed"),
        ("2.7 ", "added"),
        ("days.", "same"),
    ]
    assert "".join(piece.text for piece in texts[1].after) == "Chance is in the interval."


def test_an_unreadable_notebook_is_said_and_the_rest_is_compared(tmp_path: Path) -> None:
    before, after = write_run(tmp_path, BEFORE), write_run(tmp_path, AFTER)
    after.notebook("2_evaluate").write_text("half a note")
    difference = compare_runs(before, after)
    assert difference.notes == (
        "The text of step 2_evaluate cannot be read in both versions, and is left out.",
    )
    assert len(difference.values) == 1


def test_a_sentence_with_little_in_common_is_another_sentence() -> None:
    pieces = compare_words("Nothing else moved.", "Ask the care market about waits.")
    assert [piece.fate for piece in pieces] == ["removed", "added"]


def test_paragraphs_find_their_likes_and_the_rest_is_new_or_gone() -> None:
    changed = compare_paragraphs(
        ["It saved 2 days.", "This is gone for good."],
        ["It saved 3 days.", "Something entirely unlike stands here."],
    )
    assert [[piece.fate for piece in pieces] for pieces in changed] == [
        ["same", "removed", "added", "same"],
        ["added"],
        ["removed"],
    ]


def test_a_drawing_that_could_run_something_is_left_out_and_the_page_stands(
    tmp_path: Path,
) -> None:
    chart = "reason,stays\ncare,120"
    before = write_run(tmp_path, BEFORE, figures={"bars": chart})
    after = write_run(tmp_path, AFTER, figures={"bars": chart.replace("120", "90")})
    hostile = after.shown("2_evaluate") / "bars.svg"
    hostile.write_text('<svg viewBox="0 0 1 1"><script>alert(1)</script></svg>')
    (figure,) = compare_runs(before, after).figures
    shown = pictured(figure, before, after)
    assert "as it was" in shown.before
    assert "script" not in shown.after
    assert "cannot be shown" in shown.after
