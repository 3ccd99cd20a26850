"""Which pairs people are asked about, what they see, and what becomes of their decisions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.linkage.decisions import read_decisions
from woda_lib.linkage.errors import DecisionError, LinkageError
from woda_lib.linkage.kappa import cohen_kappa
from woda_lib.linkage.review import (
    compare_reviews,
    read_review,
    record_decisions,
    review_pairs,
    write_review,
)

RECORDS = table(
    """
    source id  forename surname born     postcode
    a      a1  ann      hill    19310920 wr12ab
    a      a2  ann      hill    19310920 wr12ab
    a      a3  bob      dale    19400101 wr53zz
    b      b1  anne     hill    19310920 -
    b      b2  bob      vale    19400101 wr53zz
    b      b3  ann      hill    19310902 wr12ab
    """
).astype(object)
LEVELS = ["forename", "surname", "born", "postcode"]


def pairs(text: str) -> pd.DataFrame:
    found = table(text)
    numbers = ["match_probability", *LEVELS]
    return found.astype(dict.fromkeys(numbers, float)).rename(columns=str)


def result() -> SimpleNamespace:
    links = pairs(
        """
        left_source left_id right_source right_id match_probability forename surname born postcode
        a           a1      a            a2       0.99              3        2       4    4
        a           a1      b            b1       0.95              2        2       4    -1
        """
    )
    review = pairs(
        """
        left_source left_id right_source right_id match_probability forename surname born postcode
        a           a3      b            b2       0.60              3        0       4    4
        a           a1      b            b3       0.80              3        2       3    4
        a           a2      b            b3       0.85              3        2       3    4
        """
    )
    clusters = table(
        """
        source id entity_id
        a      a1 p1
        a      a2 p1
        b      b1 p1
        a      a3 p2
        b      b2 p3
        b      b3 p4
        """
    )
    records = RECORDS.where(RECORDS.notna(), None)
    return SimpleNamespace(
        links=links, review=review, clusters=clusters, spec=specification(), _records=records
    )


def test_a_doubtful_pair_that_joins_large_clusters_comes_first():
    #              unsure × record pairs moved
    # a1–b3        0.20   × 3·1 = 0.60   (a2–b3 would join the same two clusters)
    # a3–b2        0.40   × 1·1 = 0.40
    # a1–b1        0.05   × 2   = 0.10   (in one cluster: leaves two others)
    asked = review_pairs(result(), 10)
    assert asked[["left_id", "right_id"]].to_numpy().tolist() == [
        ["a1", "b3"],
        ["a3", "b2"],
        ["a1", "b1"],
    ]
    assert asked["worth"].round(2).tolist() == [0.60, 0.40, 0.10]
    assert len(review_pairs(result(), 1)) == 1


def test_differences_are_marked_between_the_two_sides():
    asked = review_pairs(result(), 10).set_index("right_id")
    assert asked.loc["b3", ["born_left", "born_differs", "born_right"]].tolist() == [
        "19310920",
        "close",
        "19310902",
    ]
    assert asked.loc["b2", "surname_differs"] == "DIFFERENT"
    assert asked.loc["b1", "postcode_differs"] == "missing"
    assert asked.loc["b1", "surname_differs"] == "same"


def test_asking_for_no_pairs_is_refused():
    with pytest.raises(LinkageError, match="Ask for one or more"):
        review_pairs(result(), 0)


def filled(path: Path, by: str, decisions: dict[str, str], seed: int = 0) -> Path:
    """What a reviewer would hand back; `decisions` by the right identifier."""
    write_review(review_pairs(result(), 10), path, by=by, seed=seed)
    sheet = pd.read_csv(path, dtype=str, keep_default_na=False)
    sheet["decision"] = sheet["right_id"].map(decisions).fillna("")
    sheet.to_csv(path, index=False)
    return path


def test_a_review_is_blind_and_comes_back_as_decisions(tmp_path):
    path = filled(tmp_path / "ann.csv", "Ann", {"b3": "Must link", "b2": "cannot_link"})
    sheet = pd.read_csv(path)
    assert not {"match_probability", "worth"} & set(sheet.columns)
    read = read_review(path).sort_values("right_id", ignore_index=True)
    assert read[["left_id", "right_id", "decision", "by"]].to_numpy().tolist() == [
        ["a3", "b2", "cannot_link", "Ann"],
        ["a1", "b3", "must_link", "Ann"],
    ]


def test_an_identifier_that_a_spreadsheet_would_calculate_comes_back_as_it_was(tmp_path):
    asked = review_pairs(result(), 10)
    asked["left_id"] = ["=1+1", "'quoted", "a1"]
    write_review(asked, tmp_path / "r.csv", by="Ann")
    sheet = pd.read_csv(tmp_path / "r.csv", dtype=str, keep_default_na=False)
    assert not sheet["left_id"].str.startswith("=").any()
    sheet.assign(decision="undecided").to_csv(tmp_path / "r.csv", index=False)
    assert set(read_review(tmp_path / "r.csv")["left_id"]) == {"=1+1", "'quoted", "a1"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda sheet: sheet.assign(decision="maybe"), "row 2: 'decision' must be one of"),
        (lambda sheet: sheet.drop(columns="decision"), "no column 'decision'"),
    ],
)
def test_a_faulty_review_is_refused_with_file_and_row(tmp_path, change, says):
    path = filled(tmp_path / "ann.csv", "Ann", {})
    change(pd.read_csv(path)).to_csv(path, index=False)
    with pytest.raises(DecisionError, match=says) as refusal:
        read_review(path)
    assert "ann.csv" in str(refusal.value)


def test_a_missing_review_and_a_nameless_reviewer_are_refused(tmp_path):
    with pytest.raises(DecisionError, match=r"nobody\.csv cannot be read"):
        read_review(tmp_path / "nobody.csv")
    with pytest.raises(LinkageError, match="say by whom"):
        write_review(review_pairs(result()), tmp_path / "x.csv", by=" ")


def test_two_blind_reviews_settle_what_they_agree_on_and_dispute_the_rest(tmp_path):
    one = {"b1": "must_link", "b2": "cannot_link", "b3": "must_link"}
    two = {"b1": "must_link", "b2": "cannot_link", "b3": "cannot_link"}
    first = read_review(filled(tmp_path / "1.csv", "Ann", one, seed=1))
    second = read_review(filled(tmp_path / "2.csv", "Bob", two, seed=2))
    agreement, settled, disputed = compare_reviews(first, second)
    # observed 2/3; by chance 2/3 · 1/3 + 1/3 · 2/3 = 4/9; kappa (2/3 − 4/9) / (5/9) = 0.4
    assert agreement.kappa == pytest.approx(0.4)
    assert sorted(settled["right_id"]) == ["b1", "b2"]
    assert set(settled["by"]) == {"Ann and Bob"}
    assert disputed[["right_id", "decision_first", "decision_second"]].to_numpy().tolist() == [
        ["b3", "must_link", "cannot_link"]
    ]


def test_decisions_last_and_are_what_the_next_linkage_reads(tmp_path):
    reviewed = read_review(filled(tmp_path / "ann.csv", "Ann", {"b3": "must_link"}))
    path = tmp_path / "decisions" / "people.csv"
    assert record_decisions(reviewed, path, on=date(2024, 5, 31)) == 1
    assert record_decisions(reviewed, path, on=date(2024, 6, 1)) == 2
    read = read_decisions([path], ["a", "b"])
    assert read["on"].dt.strftime("%Y-%m-%d").tolist() == ["2024-05-31", "2024-06-01"]
    assert read.loc[0, ["left_id", "right_id", "decision", "by"]].tolist() == [
        "a1",
        "b3",
        "must_link",
        "Ann",
    ]


def test_kappa_as_published():
    # Artstein and Poesio (2008), Inter-coder agreement for computational linguistics, Table 1:
    #            second: stat  ireq
    # first stat          20    20     observed (20 + 50) / 100 = 0.70
    # first ireq          10    50     by chance 0.4 · 0.3 + 0.6 · 0.7 = 0.54
    first = ["stat"] * 40 + ["ireq"] * 60
    second = ["stat"] * 20 + ["ireq"] * 20 + ["stat"] * 10 + ["ireq"] * 50
    agreement = cohen_kappa(first, second)
    assert (agreement.observed, agreement.by_chance) == (pytest.approx(0.7), pytest.approx(0.54))
    assert agreement.kappa == pytest.approx(0.348, abs=5e-4)
    # Cohen's standard error: √(0.7 · 0.3 / 100) / 0.46 = 0.0996
    assert (agreement.high - agreement.low) / 2 == pytest.approx(1.96 * 0.0996, abs=1e-3)


def test_kappa_at_its_ends():
    assert cohen_kappa("yynn", "yynn").kappa == 1
    assert cohen_kappa("yynn", "nnyy").kappa == -1
    assert cohen_kappa("ynyn", "yynn").kappa == 0
    assert pd.isna(cohen_kappa("yy", "yy").kappa)
    with pytest.raises(LinkageError, match="the same pairs"):
        cohen_kappa("yy", "y")
