"""Clerical review by buttons: what a reviewer sees, and what is on disk after each press."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.linkage.people import specification
from tests.linkage.test_review import RECORDS, result
from woda_lib.linkage import link
from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.errors import DecisionError, LinkageError
from woda_lib.linkage.review import compare_reviews, read_review, record_decisions, review_pairs
from woda_lib.linkage.review_markup import marked, pair_markup
from woda_lib.linkage.review_sheet import new_sheet, write_sheet
from woda_lib.linkage.review_widget import ReviewWidget


def begin(path: Path, by: str = "Ann", **options: Any) -> ReviewWidget:
    """Review the three pairs of `test_review`: a1–b3, a3–b2 and a1–b1."""
    found: Any = result()
    return ReviewWidget.begin(found, path, by=by, **options)


def page(review: ReviewWidget) -> str:
    """All that the reviewer sees."""
    return review._page.value + review._status.value


def on_disk(path: Path) -> dict[tuple[str, str], str]:
    read = read_review(path)
    return dict(
        zip(zip(read["left_id"], read["right_id"], strict=True), read["decision"], strict=True)
    )


def shown(review: ReviewWidget) -> tuple[str, str]:
    row = review._sheet.iloc[review.position]
    return row["left_id"], row["right_id"]


def test_a_review_is_walked_pair_by_pair(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    review = begin(path)
    assert "Pair 1 of 3" in page(review)
    assert "0 of 3 decided" in page(review)
    review.must_link.click()
    assert "Pair 2 of 3" in page(review)
    review.cannot_link.click()
    review.undecided.click()
    assert "All pairs are decided" in page(review)
    assert "3 of 3 decided" in page(review)
    assert all(each.disabled for each in (review.must_link, review.later, review.reason))
    assert list(on_disk(path).values()) == ["must_link", "cannot_link", "undecided"]


def test_each_decision_is_on_disk_before_the_next_pair_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    review = begin(path)
    first = shown(review)
    review.reason.value = "  same house "
    review.must_link.click()
    assert on_disk(path) == {first: "must_link"}
    assert read_review(path)["reason"].tolist() == ["same house"]
    assert review.reason.value == ""


def test_who_comes_back_goes_on_where_they_left_off(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    review = begin(path)
    decided = shown(review)
    review.must_link.click()
    waiting = shown(review)
    del review  # the kernel is gone
    again = begin(path)
    assert shown(again) == waiting
    assert "Pair 2 of 3" in page(again)
    assert "1 of 3 decided" in page(again)
    assert on_disk(path) == {decided: "must_link"}


def test_back_shows_what_was_decided_and_lets_it_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    review = begin(path)
    assert review.back.disabled
    first = shown(review)
    review.reason.value = "same house"
    review.must_link.click()
    second = shown(review)
    review.back.click()
    assert shown(review) == first
    assert "You decided: <b>must link</b>" in page(review)
    assert review.reason.value == "same house"
    review.cannot_link.click()
    assert on_disk(path) == {first: "cannot_link"}
    assert shown(review) == second
    assert "You decided" not in page(review)


def test_the_last_decision_can_be_changed_too(tmp_path: Path) -> None:
    review = begin(tmp_path / "ann.csv", n=1)
    review.must_link.click()
    review.back.click()
    review.cannot_link.click()
    assert list(on_disk(tmp_path / "ann.csv").values()) == ["cannot_link"]


def test_a_pair_left_for_later_comes_again_at_the_end(tmp_path: Path) -> None:
    review = begin(tmp_path / "ann.csv")
    first = shown(review)
    review.later.click()
    assert shown(review) != first
    review.must_link.click()
    review.must_link.click()
    assert shown(review) == first
    assert review.decided == 2


def test_the_review_is_blind(tmp_path: Path) -> None:
    begin(tmp_path / "bob.csv", by="Bob").must_link.click()
    review = begin(tmp_path / "ann.csv", by="Ann")
    seen = page(review) + (tmp_path / "ann.csv").read_text(encoding="utf-8-sig")
    for probability in review_pairs(result(), 10)["match_probability"]:  # type: ignore[arg-type]
        assert str(probability) not in seen
    assert not {"match_probability", "worth"} & set(review._sheet)
    assert "Bob" not in seen
    assert review.decided == 0


def test_nobody_goes_on_with_the_review_of_another(tmp_path: Path) -> None:
    begin(tmp_path / "ann.csv", by="Ann").must_link.click()
    with pytest.raises(DecisionError, match=r"ann\.csv is the review of somebody other than Bob"):
        begin(tmp_path / "ann.csv", by="Bob")
    assert len(on_disk(tmp_path / "ann.csv")) == 1


def test_new_pairs_join_a_review_and_decided_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    first = begin(path, n=1)
    decided = shown(first)
    first.must_link.click()
    more = begin(path, n=10)
    assert len(more._sheet) == 3
    assert on_disk(path) == {decided: "must_link"}


def test_a_pair_whose_sides_are_exchanged_is_not_new(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    sheet = begin(path)._sheet
    write_sheet(sheet.rename(columns=dict(zip(PAIR, [*PAIR[2:], *PAIR[:2]], strict=True))), path)
    assert len(begin(path)._sheet) == 3


def test_a_decision_made_elsewhere_in_the_meantime_stands(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    one, other = begin(path), begin(path)
    other.must_link.click()
    other.must_link.click()
    one.cannot_link.click()  # the first pair again
    assert sorted(on_disk(path).values()) == ["cannot_link", "must_link"]
    assert one.decided == 2
    assert one.position == 2


def test_a_decision_that_cannot_be_kept_is_said_and_the_pair_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ann.csv"
    review = begin(path)
    first = shown(review)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("woda_lib.linkage.review_widget.write_sheet", full)
        review.must_link.click()
    assert "Not saved." in page(review)
    assert "No space left on device" in page(review)
    assert shown(review) == first
    assert on_disk(path) == {}
    path.unlink()
    review.must_link.click()
    assert "ann.csv cannot be read" in page(review)


def test_a_scheduled_run_shows_no_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ann.csv"
    begin(path)
    monkeypatch.setenv("WODA_STEP_FOLDER", str(tmp_path))
    with pytest.raises(LinkageError, match="Open the notebook in JupyterLab"):
        begin(path)
    with pytest.raises(LinkageError, match="Open the notebook in JupyterLab"):
        ReviewWidget(path, {"forename": "name"})


def test_what_a_saved_notebook_holds_names_nobody(tmp_path: Path) -> None:
    bundle = begin(tmp_path / "ann.csv")._repr_mimebundle_()
    assert bundle["text/plain"] == "Clerical review: 0 of 3 pairs decided"
    assert set(bundle) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_what_is_decided_here_goes_the_way_of_every_review(tmp_path: Path) -> None:
    for name in ("Ann", "Bob"):
        review = begin(tmp_path / f"{name}.csv", by=name, seed=len(name) + ord(name[0]))
        while review.decided < 3:
            review.must_link.click()
    reviews = [read_review(tmp_path / f"{name}.csv") for name in ("Ann", "Bob")]
    _, settled, disputed = compare_reviews(*reviews)
    assert (len(settled), len(disputed)) == (3, 0)
    assert record_decisions(settled, tmp_path / "people.csv", on=date(2024, 5, 31)) == 3


def test_a_linkage_offers_the_review_of_its_pairs(tmp_path: Path) -> None:
    people = RECORDS.drop(columns="source")
    frames = {"a": people.iloc[:3], "b": people.iloc[3:]}
    linked = link(frames, specification(thresholds={"link": 0.9, "review": 0.01}))
    review = linked.review_widget(tmp_path / "ann.csv", by="Ann", n=2)
    review.must_link.click()
    left, right = next(iter(on_disk(tmp_path / "ann.csv")))
    assert {left, right} <= set(people["id"])
    assert "postcode" in page(review)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("smith", "smyth", ("sm<mark>i</mark>th", "sm<mark>y</mark>th")),
        ("ann", "anne", ("ann", "ann<mark>e</mark>")),
        ("lee", "lee", ("lee", "lee")),
        ("oneil", "brown", ("<mark>oneil</mark>", "<mark>brown</mark>")),
        ("ann", "zoe", ("<mark>ann</mark>", "<mark>zoe</mark>")),
        ("a<b", "a&b", ("a<mark>&lt;</mark>b", "a<mark>&amp;</mark>b")),
    ],
)
def test_characters_that_differ_are_marked(left: str, right: str, expected: tuple) -> None:
    assert marked(left, right) == expected


def test_a_pair_is_written_in_words_and_not_in_colours_alone(tmp_path: Path) -> None:
    sheet = new_sheet(review_pairs(result(), 10), by="Ann", seed=0)  # type: ignore[arg-type]
    write_sheet(sheet, tmp_path / "r.csv")
    row = sheet.set_index("right_id", drop=False).loc["b3"].to_dict()
    kinds = {"forename": "name", "born": "date_of_birth", "postcode": "postcode"}
    html = pair_markup(row, kinds)
    assert "<bdi>1931-09-2<mark>0</mark></bdi>" in html
    assert "<bdi>1931-09-<mark>0</mark>2</bdi>" in html
    assert "≈</span> close" in html
    assert "=</span> the same" in html
    html = pair_markup(row | {"postcode_left": "", "postcode_differs": "missing"}, kinds)
    assert "not recorded" in html
    assert "–</span> not comparable" in html


def test_values_are_shown_as_text_whatever_they_hold() -> None:
    row = {
        "left_source": "<a>", "left_id": "<1>", "right_source": "b", "right_id": "2",
        "name_left": "<script>", "name_right": "\u202eabc", "name_differs": "DIFFERENT",
    }  # fmt: skip
    html = pair_markup(row, {"name": "name"})
    assert "<script>" not in html
    assert "<bdi>" in html
    assert "≠</span> different" in html
