"""The hub's list and its page: who stands on it, in which order, and what is said of them."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.partners.documents import OPENED
from woda_lib.pilots.domestic_abuse import safeguarding
from woda_lib.pilots.domestic_abuse.safeguarding import interviews, listing

AS_OF = date(2025, 3, 31)
NAMED = table(
    """
    nominal_id  entity_id  forename  surname  date_of_birth
    n1          Kay        Kay       Hill     2010-05-01
    n2          Lou        <b>Lou    -        -
    """,
    dates=("date_of_birth",),
)
ROWS = safeguarding.Rows(
    missing=pd.DataFrame(),
    interviews=pd.DataFrame(),
    people=pd.DataFrame(),
    cases=pd.DataFrame(),
    incident_people=pd.DataFrame(),
    born=pd.Series({"Kay": pd.Timestamp("2009-01-01"), "Lou": pd.Timestamp("1990-02-03")}),
    homes=pd.DataFrame(),
    known={
        "exploitation_referrals": table(
            """
            entity_id  referred_on  kind          level
            Kay        2025-01-05   sexual        emerging
            Kay        2025-02-05   county_lines  -
            """,
            dates=("referred_on",),
        ),
        "school_roll": table(
            """
            entity_id  school   safeguarding_lead  joined_on   left_on
            Kay        Nulford  Jones              2021-09-01  -
            Kay        Oldham   Smith              2018-09-01  2021-07-01
            """,
            dates=("joined_on", "left_on"),
        ),
        "social_care_involvements": table(
            """
            entity_id  team   lead_worker  started_on  ended_on
            Kay        North  Dale         2024-09-01  -
            """,
            dates=("started_on", "ended_on"),
        ),
    },
    named=NAMED,
)
EPISODES = table(
    """
    missing_id  nominal_id  entity_id  reported_at  found_at    interview
    m1          n1          Kay        2025-03-10   2025-03-11  offered,_not_held
    m2          n1          Kay        2025-03-20   2025-03-21  not_offered
    m3          n2          Lou        2025-01-02   -           not_found_yet
    m4          n4          Max        2025-03-03   2025-03-04  not_offered
    m5          n3          Ned        2025-03-25   2025-03-26  grown-up,_or_age_not_known
    """,
    dates=("reported_at", "found_at"),
).assign(
    person=["Kay", "Kay", "Lou", "Max", "Ned"],
    confidence=[0.995, 0.995, 0.7, 0.95, float("nan")],
    still_missing=[False, False, True, False, False],
    repeatedly=[False, True, False, False, False],
    child=[True, True, True, True, False],
    as_child=[False, True, False, False, False],
    as_victim=False,
    as_perpetrator=False,
    at_home=[False, True, False, False, False],
    nobody_knew=[False, False, True, False, False],
    lately=[1, 3, 1, 1, 1],
    before=[1, 2, 0, 0, 0],
    missing_from="home",
    risk="medium",
    age_group="12 to 15",
    interview=lambda each: each["interview"].str.replace("_", " "),
)
KNOWN = table(
    """
    missing_id  agency       since       last        goes_on
    m2          School       2021-09-01  2021-09-01  yes
    m2          Social_care  2024-09-01  2024-09-01  yes
    m2          Police       2024-12-01  2025-01-01  no
    """,
    dates=("since", "last"),
).assign(
    agency=lambda each: each["agency"].str.replace("_", " "),
    goes_on=lambda each: each["goes_on"].eq("yes"),
)


@pytest.fixture(scope="module")
def hub() -> pd.DataFrame:
    return safeguarding.hub_list(EPISODES, KNOWN, ROWS, as_of=AS_OF, days=28, hours=72)


def test_it_holds_who_was_reported_lately_or_is_missing_still_once_each(hub: pd.DataFrame) -> None:
    # 3 March is the 28th day before 31 March, and no longer one of the last 28.
    assert hub["missing_id"].tolist() == ["m3", "m2", "m5"]


def test_who_knew_stands_with_since_when_and_schools_last(hub: pd.DataFrame) -> None:
    kay = hub.set_index("missing_id").loc["m2"]
    assert kay["who_knew"] == (
        "Social care since 1 September 2024, open; Police since 1 December 2024; "
        "School since 1 September 2021, open"
    )


def test_facts_come_from_the_latest_record(hub: pd.DataFrame) -> None:
    kay = hub.set_index("missing_id").loc["m2"]
    assert kay["exploitation"] == "county lines (grade not recorded), 5 February 2025"
    assert (kay["school"], kay["team"]) == ("Nulford", "North")
    assert kay["domestic_abuse"] == "child of an incident and an incident at home"
    assert kay["match"] == "almost certain"


def test_an_interview_is_due_until_a_moment_for_children_who_were_found(hub: pd.DataFrame) -> None:
    until = hub.set_index("missing_id")["interview_by"]
    assert until["m2"] == pd.Timestamp("2025-03-24")
    assert pd.isna(until["m3"])
    assert pd.isna(until["m5"])


def test_the_saved_list_names_nobody(hub: pd.DataFrame) -> None:
    assert list(hub.columns) == listing.COLUMNS
    assert not set(hub.columns) & {"forename", "surname", "date_of_birth", "lead_worker"}


def page(hub: pd.DataFrame) -> str:
    return safeguarding.hub_page(
        safeguarding.with_names(hub, ROWS),
        as_of=AS_OF,
        list_days=28,
        missing_days=90,
        history_months=12,
        agreement="domestic_abuse",
        synthetic=True,
    )


def test_the_page_has_one_place_for_who_opened_it_and_asks_no_network(hub: pd.DataFrame) -> None:
    html = page(hub)
    assert html.count(OPENED) == 1
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", html)
    assert "default-src 'none'" in unescape(html)


def test_the_page_names_people_and_says_what_is_not_recorded(hub: pd.DataFrame) -> None:
    html = page(hub)
    assert "Kay Hill" in html
    assert "Born 1 May 2010" in html
    assert "Born 3 February 1990" in html  # another agency has it
    assert "(surname not recorded)" in html
    assert "Forename not recorded" in html  # police have no record of the third
    assert "safeguarding lead <bdi>Jones</bdi>" in html


def test_a_name_is_no_markup(hub: pd.DataFrame) -> None:
    assert "&lt;b&gt;Lou" in page(hub)


def test_who_is_missing_still_is_said_first(hub: pd.DataFrame) -> None:
    html = page(hub)
    assert html.index("Still missing") < html.index("Kay Hill")
    assert "Missing still: one." in html


@pytest.mark.parametrize("state", [*interviews.STATES, *interviews.EXCLUDED])
def test_each_state_of_an_interview_has_words(hub: pd.DataFrame, state: str) -> None:
    assert "Return interview" in page(hub.assign(interview=state))


def test_an_empty_list_says_so(hub: pd.DataFrame) -> None:
    assert "Nobody was reported missing in the last 28 days" in page(hub.head(0))
