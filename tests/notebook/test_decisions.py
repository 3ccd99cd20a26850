"""What people decided, as a step reads it: an input, refused where it cannot be followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebook.conftest import Desk
from woda_lib.linkage import DecisionError
from woda_lib.notebook.decisions import mark_of
from woda_lib.records import DECISIONS

HEAD = "left_source,left_id,right_source,right_id,decision,by,on,reason"


def decide(desk: Desk, *rows: str, head: str = HEAD) -> Path:
    path = desk.root / "data" / "decisions" / "tiny" / "identities.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


def test_where_nobody_decided_anything_there_is_nothing(desk: Desk):
    found = desk.begin().decisions(["a", "b"])
    assert (len(found.in_force), found.says) == (0, "No decisions of people are in force.")


def test_the_newest_decision_on_a_pair_counts_and_the_file_is_an_input(desk: Desk):
    decide(
        desk,
        "a,1,b,2,must_link,Ann,2025-01-01,",
        "b,2,a,1,cannot_link,Bob,2025-02-01,two sisters",
        "a,3,b,4,cannot_link,Ann,2025-01-01,",
        "a,3,b,4,undecided,Ann,2025-01-02,",
    )
    run = desk.begin()
    found = run.decisions(["a", "b"])
    columns = ["left_id", "right_id", "decision", "by", "reason"]
    assert found.in_force[columns].to_numpy().tolist() == [
        ["1", "2", "cannot_link", "Bob", "two sisters"]
    ]
    assert (found.made, found.says) == (4, "One decision of people is in force.")
    run.answer("One.")
    run.finish()
    assert [(each.name, each.path, each.previous) for each in desk.record().inputs] == [
        (DECISIONS, "data/decisions/tiny/identities.csv", False)
    ]


def test_what_was_decided_under_another_key_is_kept_and_not_followed(desk: Desk):
    run = desk.begin()
    mark = mark_of(run._door)
    decide(
        desk,
        f"a,1,b,2,must_link,Ann,2025-01-01,,{mark}",
        "a,old,b,older,must_link,Ann,2025-01-01,,another",
        head=f"{HEAD},key",
    )
    found = run.decisions(["a", "b"])
    assert (found.in_force["left_id"].tolist(), found.other_key) == (["1"], 1)
    assert "One decision made under another key is kept" in found.says


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["a,1,b,2,perhaps,Ann,2025-01-01,"], "row 2: 'decision' must be one of"),
        (["a,1,z,2,must_link,Ann,2025-01-01,"], "none of the specification's: a, b"),
        (
            ["a,1,b,2,must_link,Ann,2025-01-01,", "a,1,b,3,must_link,Ann,2025-01-01,",
             "b,2,b,3,cannot_link,Bob,2025-01-02,"],
            "keeps two records apart that must_link decisions make one",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_with_file_and_row(desk: Desk, rows, says):
    decide(desk, *rows)
    with pytest.raises(DecisionError, match=says) as refusal:
        desk.begin().decisions(["a", "b"])
    assert "identities.csv" in str(refusal.value)
