"""Who is in and who is out: stages that add up, and a picture of what passed the gate."""

from __future__ import annotations

import pandas as pd
import pytest

from woda_lib.disclosure import Rule, gate_table
from woda_lib.evaluation import FrameError, ParticipantsError, participants
from woda_lib.figures import Picture, to_svg

COLUMNS = ["stage", "reason", "group", "people"]
FLOW = [
    ("referred", "", "", 900),
    ("referred", "no stay was found", "", 40),
    ("referred", "not linked", "", 20),
    ("matched", "", "", 840),
    ("analysed", "", "", 840),
    ("analysed", "", "before", 500),
    ("analysed", "", "after", 340),
]


def frame(*rows: tuple[str, str, str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows or FLOW, columns=COLUMNS)


def flow(*rows: tuple[str, str, str, object], **columns: str):
    named = {"stage": "stage", "people": "people", "left_out": "reason", "group": "group"}
    return participants(frame(*rows), **(named | columns))


def without(row: int) -> list[tuple[str, str, str, object]]:
    return [each for place, each in enumerate(FLOW) if place != row]


def test_stages_are_laid_out_with_those_left_out_after_each():
    found = flow()
    assert found.summary().to_dict("list") == {
        "stage": ["referred", "matched", "analysed"],
        "people": [900, 840, 840],
        "left_out": [40 + 20, 0, 0],
    }
    assert found.table["status"].tolist() == [
        *("in", "left out", "left out", "in", "in", "group", "group"),
    ]
    assert found.share == 840 / 900


def test_groups_need_not_be_there():
    rows = pd.DataFrame(FLOW[:5], columns=COLUMNS).drop(columns="group")
    found = participants(rows, stage="stage", people="people", left_out="reason")
    assert found.share == 840 / 900


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (without(1), "'matched' does not hold what is left of 'referred'"),
        (without(3), "The stage 'analysed'|does not hold what is left"),
        ([*FLOW[:3], ("matched", "x", "", 5)], "The stage 'matched' has no count"),
        ([*FLOW[:4], FLOW[3], *FLOW[4:]], "'matched' has more than one count"),
        (without(6), "The groups do not make up the last stage, 'analysed'"),
        ([*FLOW, ("analysed", "lost", "", 3)], "left out of the last stage, 'analysed'"),
        ([FLOW[0], ("referred", "", "g", 900), *FLOW[1:5]], "Only the last stage"),
        ([("referred", "why", "g", 3), *FLOW], "both a reason and a group"),
        ([("", "", "", 3), *FLOW], "Row 1 of the table names no stage"),
        ([("referred", "", "", -3), *FLOW[1:]], "a negative or a broken number in row 1"),
        ([("referred", "", "", 2.5), *FLOW[1:]], "a negative or a broken number in row 1"),
    ],
)
def test_stages_that_do_not_add_up_are_refused_without_a_count_in_the_message(rows, says):
    if says.startswith("The stage 'analysed'|"):
        rows = [*FLOW[:3], ("analysed", "", "", 800)]
    with pytest.raises(ParticipantsError, match=says) as refused:
        flow(*rows)
    assert "840" not in str(refused.value) and "900" not in str(refused.value)


def test_what_is_no_table_of_stages_is_refused_by_its_column():
    with pytest.raises(FrameError, match=r"no column 'peeple'.*Is 'people' meant"):
        flow(people="peeple")
    with pytest.raises(FrameError, match="'people' has no value in row 2"):
        flow(FLOW[0], ("referred", "x", "", None), *FLOW[2:])
    with pytest.raises(FrameError, match="no rows"):
        participants(frame().iloc[:0], stage="stage", people="people", left_out="reason")


def gated(picture: Picture) -> Picture:
    table = gate_table(picture.data, Rule(threshold=10, rounding=5), name="flow", counts=["people"])
    return Picture(draw=picture.draw, data=table.frame, height=picture.height)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_says_what_the_gate_passed_and_nothing_else(narrow):
    rows = [
        ("referred", "", "", 903),
        ("referred", "not linked", "", 3),
        ("referred", "no stay was found", "", 60),
        ("analysed", "", "", 840),
    ]
    drawn = to_svg(gated(flow(*rows).plot()), narrow=narrow)
    assert "905 people" in drawn and "903" not in drawn
    assert "not linked: [c]" in drawn and "not linked: 3" not in drawn


@pytest.mark.parametrize("narrow", [False, True])
def test_every_stage_reason_and_group_is_written(narrow):
    drawn = to_svg(flow().plot(), narrow=narrow)
    for said in ("referred", "no stay was found: 40", "not linked: 20", "before", "after", "500"):
        assert said in drawn
