"""The review queue: what waits, in which order and why, and what decisions teach."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pandas as pd
import pytest

from woda_lib.partners import OPENED
from woda_lib.pilots.single_view import review

MINUTES = 30.0  # a pair, so that two are an hour
PAIR = ["left_source", "left_id", "right_source", "right_id"]


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text), sep=r"\s+", na_values=["-"])


WHOM = table(
    """
    dataset local_id entity_id
    a       a1       p1
    a       a2       p1
    b       b1       p1
    a       a3       p2
    b       b3       p3
    b       b4       p4
    """
)
# log2 odds of 1 are a probability of 2/3, of 2 are 4/5, of 3 are 8/9, of 9 more than 99%.
LINKS = table(
    """
    left_source left_id right_source right_id log2_odds
    a           a1      a            a2       9
    a           a1      b            b1       3
    """
)
DOUBTS = table(
    """
    left_source left_id right_source right_id log2_odds
    a           a1      b            b4       2
    a           a2      b            b4       1
    a           a3      b            b3       1
    """
)


def test_what_is_worth_most_waits_first_and_two_persons_are_asked_about_once():
    #            unsure × record pairs moved
    # a2–b4      1/3 × 3·1 = 1.00   (a1–b4, 1/5 × 3, would join the same two persons)
    # a3–b3      1/3 × 1·1 = 0.33
    # a1–b1      1/9 × 2   = 0.22   (one person now: parted, it leaves two others)
    # a1–a2 is sure
    queue = review.waiting(LINKS, DOUBTS, WHOM)
    assert queue[["left_id", "right_id"]].to_numpy().tolist() == [
        ["a2", "b4"],
        ["a3", "b3"],
        ["a1", "b1"],
    ]
    assert queue["worth"].round(2).tolist() == [1.00, 0.33, 0.22]


def test_what_is_decided_or_of_somebody_who_opted_out_does_not_wait():
    decided = pd.DataFrame([["b", "b3", "a", "a3"]], columns=PAIR).assign(decision="cannot_link")
    gone = WHOM[WHOM["local_id"] != "b4"]
    queue = review.waiting(LINKS, DOUBTS, gone, decided)
    assert queue["right_id"].tolist() == ["b1"]


FIELDS = "forename surname date_of_birth sex nhs_number address postcode"


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ("Ann Hill 2010-01-02 F - - WR1", "Eve Hill 2010-01-02 F - - WR1", "twins"),
        ("Jim Hill 1970-01-02 M - - WR1", "Jim Hill 1999-05-05 M - - WR1", "one_name"),
        ("Ann Hill 1990-01-02 F - - WR1", "Ann Dale 1990-01-02 F - - WR1", "changed_name"),
        ("A Hill 1990-01-02 F - - WR1", "Ann Hill - F - - WR1", "initial"),
        ("- Hill - F - - WR1", "Ann Hill 1990-01-02 F - - WR1", "initial"),
        ("Ann Hill - F - - WR1", "Ann Hill 1990-01-02 F - - WR1", "no_birth_date"),
        ("Ann Hill 1990-01-02 F - - WR1", "Ann Hill 1990-01-02 F - - DY9", "moved"),
        ("Ann Hill 1990-01-02 F - - WR1", "Anne Hil 1990-01-02 F - - WR1", "written"),
    ],
)
def test_why_a_pair_waits(left: str, right: str, why: str):
    said = table(f"dataset local_id {FIELDS}\na a3 {left}\nb b3 {right}")
    said = said.assign(started_on=pd.Timestamp("2024-01-01"))
    assert review.side_by_side(_pair(), said)["why"].tolist() == [why]


def _pair() -> pd.DataFrame:
    return review.waiting(LINKS, DOUBTS, WHOM).query("left_id == 'a3'")


def test_the_newest_that_is_known_is_shown_and_marked():
    said = table(
        f"""
        dataset local_id started_on {FIELDS}
        a       a3       2020-01-01 Ann Hill 1990-01-02 F - - WR12AB
        a       a3       2024-01-01 Ann Dale - F - - WR12AC
        b       b3       2024-01-01 Anne Dale 1990-01-03 M - - -
        """
    )
    [row] = review.side_by_side(_pair(), said).to_dict("records")
    assert [row[f"surname_{part}"] for part in ("left", "differs", "right")] == [
        "dale",
        "same",
        "dale",
    ]
    assert row["date_of_birth_left"] == "19900102"
    marks = ("forename_differs", "date_of_birth_differs", "sex_differs", "postcode_differs")
    assert [row[name] for name in marks] == ["close", "close", "DIFFERENT", "missing"]


def queue() -> pd.DataFrame:
    said = table(
        f"""
        dataset local_id {FIELDS}
        a       a1       Ann Hill 1990-01-02 F - - WR1
        a       a2       Ann Hill 1990-01-02 F - - WR1
        a       a3       Jim Vale 1970-01-02 M - - WR1
        b       b1       Ann Hill - F - - WR1
        b       b3       Jim Vale 1999-05-05 M - - WR1
        b       b4       A Hill - F - - WR1
        """
    ).assign(started_on=pd.Timestamp("2024-01-01"))
    return review.side_by_side(review.waiting(LINKS, DOUBTS, WHOM), said)


def test_pairs_are_counted_by_what_makes_them_hard():
    counted = review.by_reason(queue(), minutes_a_pair=MINUTES)
    assert counted["pairs"].tolist() == [1, 1, 1, 3]
    assert counted["why"].iloc[-1] == "All"
    # 1.00 + 0.33 + 0.22 in an hour and a half
    assert counted["errors_expected"].iloc[-1] == pytest.approx(14 / 9)
    assert counted["errors_an_hour"].iloc[-1] == pytest.approx(14 / 9 / 1.5)


def test_the_order_puts_more_right_sooner():
    hours = review.hours_table(queue(), minutes_a_pair=MINUTES)
    assert hours["hours"].tolist() == [0, 0.5, 1.0, 1.5]
    assert hours["in_order_percent"].round().tolist() == [0, 64, 86, 100]
    assert hours["in_any_order_percent"].round().tolist() == [0, 33, 67, 100]


def test_headline_values():
    values = review.headline(queue(), 2, minutes_a_pair=MINUTES).set_index("name")["value"]
    assert values["pairs_waiting"] == 3
    assert values["hours_of_review"] == 1
    assert values["errors_an_hour"] == pytest.approx(4 / 3)
    assert values["errors_put_right"] == pytest.approx(100 * 6 / 7)


def test_decisions_are_held_against_the_model():
    made = pd.DataFrame(
        [
            ["b", "b4", "a", "a1", "must_link"],  # the model says 4/5
            ["a", "a2", "b", "b4", "cannot_link"],  # 2/3
            ["a", "a3", "b", "b3", "must_link"],  # 2/3
            ["a", "zz", "b", "b3", "must_link"],  # the model never linked or doubted it
        ],
        columns=[*PAIR, "decision"],
    )
    told = review.learned(LINKS, DOUBTS, made)
    assert told["match_probability"].tolist() == ["0.6 to 0.7", "0.8 to 0.9"]
    assert told["pairs"].tolist() == [2, 1]
    assert told["expected_percent"].round().tolist() == [67, 80]
    assert told["one_person_percent"].tolist() == [50, 100]


def test_the_truth_says_what_pairs_are_and_what_right_decisions_change():
    person = {"a1": 1, "a2": 1, "b1": 1, "b4": 1, "a3": 2, "b3": 3}
    truth = WHOM.assign(person_id=WHOM["local_id"].map(person))
    told = review.right_table(queue(), truth, 1).set_index("asked")
    # b4 belongs to p1, of three records; a3 and b3 are two people, and apart already
    assert told["pairs"].tolist() == [1, 2]
    assert told["one_person_percent"].tolist() == [100, 50]
    assert told["put_right"].tolist() == [3, 0]


def test_the_page_shows_pairs_and_neither_probabilities_nor_identifiers_of_persons():
    page = review.review_page(
        queue(), as_of=date(2025, 3, 31), agreement="single_view", synthetic=True
    )
    assert page.count(OPENED) == 1
    assert page.count("<article>") == 3
    assert "nobody on this page is real" in page
    assert "Father and son, or one person with two birth dates" in page
    assert not any(text in page for text in ("0.66", "0.67", "p1", "worth", "<script"))


def test_in_a_run_there_is_no_panel(monkeypatch, tmp_path):
    monkeypatch.setenv("WODA_STEP_FOLDER", str(tmp_path))
    assert review.review_panel(queue(), tmp_path / "ann.csv", by="ann", seed=1) is None


def test_a_reviewers_file_names_nobody(monkeypatch, tmp_path):
    monkeypatch.delenv("WODA_STEP_FOLDER", raising=False)
    path = tmp_path / "reviews" / "ann.csv"
    panel = review.review_panel(queue(), path, by="ann", seed=1)
    assert "jim" in panel._page.value or "ann" in panel._page.value
    panel.must_link.click()
    text = path.read_text(encoding="utf-8-sig").lower()
    assert text.splitlines()[0] == "left_source,left_id,right_source,right_id,decision,by,reason"
    assert "must_link" in text
    assert not any(name in text for name in ("hill", "vale", "jim"))
    # Whoever goes on sees what the records say again.
    again = review.review_panel(queue(), path, by="ann", seed=1)
    assert again.decided == 1
    assert any(name in again._page.value for name in ("hill", "vale"))
