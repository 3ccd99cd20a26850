"""Routes to the conference: thresholds, and what is not known."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.marac import Thresholds, count_answers, last_heard, routes

AS_OF = pd.Timestamp("2025-03-31")


def met(**given: Any) -> dict[str, str]:
    facts: dict[str, Any] = {
        "judgement": None,
        "ticks": 3,
        "unanswered": 0,
        "call_outs": 1,
        "heard": None,
        "known": True,
        "thresholds": Thresholds(),
    }
    return {route.name: route.met for route in routes(**facts | given)}


def test_nothing_met_leaves_the_judgement_to_the_meeting() -> None:
    assert met() == {
        "call_outs": "no",
        "dash": "no",
        "repeat": "no",
        "professional_judgement": "yours",
    }


@pytest.mark.parametrize(
    ("ticks", "unanswered", "answer"),
    [(14, 0, "yes"), (13, 0, "no"), (11, 2, "no"), (11, 3, "not_known"), (None, None, "not_known")],
)
def test_dash_ticks(ticks: int | None, unanswered: int | None, answer: str) -> None:
    assert met(ticks=ticks, unanswered=unanswered)["dash"] == answer


def test_call_outs_from_the_local_threshold_on() -> None:
    assert met(call_outs=4)["call_outs"] == "no"
    assert met(call_outs=5)["call_outs"] == "yes"
    assert met(call_outs=3, thresholds=Thresholds(call_outs=3))["call_outs"] == "yes"


def test_reasons_are_sentences_and_hold_no_score() -> None:
    lines = routes(
        judgement="yes",
        ticks=11,
        unanswered=2,
        call_outs=5,
        heard=None,
        known=True,
        thresholds=Thresholds(),
    )
    assert [(line.title, line.here, line.reason) for line in lines] == [
        (
            "Call-outs, 5 in 12 months",
            "5",
            "Five call-outs to this victim in twelve months, last night’s among them; the local "
            "threshold is five, reached for the first time.",
        ),
        (
            "DASH, 14 ticks",
            "11, two unanswered",
            "Eleven of 27 questions were answered yes; the threshold is 14.",
        ),
        (
            "Repeat within 12 months of a conference",
            "none heard",
            "No conference heard this victim’s case in twelve months.",
        ),
        (
            "Professional judgement",
            "asked for",
            "The officer asks for a conference, whatever the ticks say.",
        ),
    ]


HEARD = table(
    """
    victim  perpetrator  heard_on
    A       R            2024-04-02
    A       J            2025-01-10
    B       R            2024-03-30
    C       J            2024-09-01
    """,
    dates=("heard_on",),
)
TONIGHT = table("incident_id victim perpetrator\na A R\nb B R\nc C R\nd C -\ne - R")


def test_a_repeat_is_the_same_couple_within_twelve_months() -> None:
    heard = last_heard(TONIGHT, HEARD, as_of=AS_OF, months=12)
    assert heard["same_couple"].to_dict() == {"a": True, "c": False, "d": False}
    assert met(heard=heard.loc["a"])["repeat"] == "yes"  # although another case came later
    assert met(heard=heard.loc["c"])["repeat"] == "no"  # heard with somebody else
    assert met(heard=heard.loc["d"], known=False)["repeat"] == "not_known"


def test_answers_are_counted_and_none_is_not_nought() -> None:
    counts = count_answers(pd.Series(["Y" * 14 + "?" * 2 + "N" * 11, None]))
    assert counts.iloc[0].tolist() == [14, 2]
    assert counts.iloc[1].isna().all()
