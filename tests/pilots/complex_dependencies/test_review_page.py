"""What the page says, and what it never says."""

from __future__ import annotations

import re

import pytest

from tests.pilots.complex_dependencies import made_up_list as made
from woda_lib.pilots.complex_dependencies.review import card_page, cards, review_page


@pytest.fixture(scope="module")
def page() -> str:
    """The page of the list of two households."""
    return review_page(
        made.listing(),
        agreement="single_view",
        purpose="caseworker_review",
        horizon_months=12,
        decided={"h1": "Agree on 3 May 2024."},
        synthetic=True,
    )


def words_of(page: str) -> str:
    """What a reader sees."""
    body = re.sub(r"<(style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_household_is_told_with_reasons_certainty_and_what_is_missing(page):
    said = words_of(page)
    assert "12 Elm Road, Redditch" in said
    assert "Five police contacts in 12 months a lot" in said
    assert "An early-help worker is there somewhat" in said
    assert "Notices about council tax owed. What is missing moved the score" in said
    assert "One of four records is linked with doubt (the least sure with probability 0.81)" in said
    assert "1 September 2023, 577 days before the list. What it shows may be over." in said
    assert "Early help is open." in said
    assert "Agree on 3 May 2024." in said


def test_a_score_is_told_by_households_with_scores_like_it(page):
    assert re.search(
        r"Of 1,000 households with scores like this, 500 \( ?\d+ to \d+\) had new statutory "
        r"interventions from two services or more within 12 months; 500 did not\. Told from 10 "
        r"households of a year that is over\.",
        words_of(page),
    )


def test_neither_rank_nor_score_stands_on_it(page):
    risk = made.scores()["risk"].max()
    assert f"{risk:.3f}"[:4] not in words_of(page)
    assert not re.search(r"\b(rank(ed)?|top|priority|highest)\b", words_of(page).replace(
        "there is no rank", ""))  # fmt: skip


def test_it_never_says_that_one_thing_brings_about_another(page):
    said = words_of(page).lower()
    for word in ("because", "causes", "caused by", "due to", "leads to", "results in"):
        assert word not in said


def test_what_the_rule_alone_lists_and_what_it_would_not_list_are_marked(page):
    said = words_of(page)
    assert said.count("The simple rule would not list it") == 1
    assert "The simple rule would list this one, the model does not" in said
    assert "Flat 2, 7 Station Street, Worcester" in said


def test_it_asks_nothing_of_a_network_and_has_a_place_for_who_opened_it(page):
    assert page.count("<!--woda:opened-->") == 1
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"(src|href)=\"(?!data:|#)", page)
    assert "<script" not in page


def test_it_says_first_that_nobody_is_read_what_is_recorded_of_another(page):
    said = words_of(page)
    assert said.index("Never read this page out or hand it over.") < said.index("Elm Road")
    assert "only what is recorded of themselves, by the service that recorded it" in said


def test_a_page_of_a_district_holds_its_households_alone():
    page = review_page(
        made.listing(capacity=666), agreement="single_view", purpose="caseworker_review",
        horizon_months=12, synthetic=True, district="Worcester",
    )  # fmt: skip
    assert "Station Street" in page
    assert "Elm Road" not in page


def test_an_example_and_an_alarm_are_said_before_anything_else():
    said = words_of(
        review_page(
            made.listing(),
            agreement="single_view",
            purpose="caseworker_review",
            horizon_months=12,
            synthetic=True,
            forbidden=("The drift alarm is raised.",),
            notes=("The alarm rang.",),
        )
    )
    assert said.index("An example. Do not use.") < said.index("The alarm rang.")
    assert "Why no list may be made: The drift alarm is raised." in said
    assert "do not deploy" not in said
    assert said.index("The alarm rang.") < said.index("Elm Road")


def test_what_partners_wrote_is_text_on_the_page():
    found = made.listing()
    found.households.loc[:, "address"] = "<script>alert(1)</script>"
    page = review_page(
        found, agreement="single_view", purpose="caseworker_review", horizon_months=12,
        synthetic=False,
    )  # fmt: skip
    assert "<script" not in page
    assert "Synthetic data" not in page


def test_one_household_stands_on_a_page_of_its_own_without_the_paper_form():
    found = made.listing()
    one = cards(found, found.households, decided={})[0]
    page = card_page(one, months=12, synthetic=True)
    assert "3 Elm Road" in page
    assert "12 Elm Road" not in page
    assert "Your decision" not in page
