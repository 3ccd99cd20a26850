"""The order of cards: rule by rule, with a reason for each place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.card_lines import FlagLine, OrderLine, Route, Words
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError
from woda_lib.pilots.domestic_abuse.reasons import rules_met
from woda_lib.pilots.domestic_abuse.urgency import (
    RULES,
    in_words,
    order_cards,
    read_urgency,
    reasons,
)

PATH = Path(__file__).parents[3] / "parameters" / "triage" / "urgency.yaml"
TIES = """
card  days  days_since_last  reported_at
a     1     10               2025-03-30
b     10    100              2025-03-30
c     10    5                2025-03-30
d     10    -                2025-03-30
e     10    5                2025-03-29
f     0     -                2025-03-30
"""


def ties() -> pd.DataFrame:
    frame = table(TIES, dates=("reported_at",)).set_index("card")
    return frame.astype({"days": float, "days_since_last": float})


def test_the_first_rule_that_tells_two_cards_apart_decides() -> None:
    """f meets the first rule alone, a all the others: f comes first, whatever a adds up to."""
    rules = read_urgency(PATH)
    met = {card: dict[str, str]() for card in "abcdef"}
    met["f"] = {rules[0].rule: "x"}
    met["a"] = {rule.rule: "x" for rule in rules[1:]}
    order = order_cards(met, ties(), rules)
    assert list(order.index) == ["f", "a", "e", "c", "b", "d"]
    assert order["position"].tolist() == [1, 2, 3, 4, 5, 6]


def test_each_card_says_why_it_stands_where_it_stands() -> None:
    rules = read_urgency(PATH)
    met = {card: dict[str, str]() for card in "abcdef"}
    met["f"] = {"strangulation": "x"}
    said = order_cards(met, ties(), rules)["stands_here"].tolist()
    title = rules[0].title[:1].lower() + rules[0].title[1:]
    assert said == [
        f"First: {title}.",
        f"After the card above, which meets “{title}”; this one does not.",
        "Meets the same rules as the card above, which was reported earlier.",
        "Meets the same rules as the card above, where fewer days have passed since the last "
        "incident.",
        "Meets the same rules as the card above, where fewer days have passed since the last "
        "incident.",
        "Meets the same rules as the card above, whose offence is graver by the guidelines.",
    ]


def test_the_order_is_read_with_a_reason_for_every_rule() -> None:
    rules = read_urgency(PATH)
    assert {rule.rule for rule in rules} == set(RULES)
    assert len(in_words(rules)) == len(rules) + 1
    assert reasons({"route_met": "DASH."}, rules)[0].words == "DASH."


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"rule": "score", "title": "A score", "because": "No."}, "place 1: there is no such rule"),
        ({"rule": "child_harmed", "title": "", "because": "Yes."}, "with its `title`"),
        ({"rule": "child_harmed", "weight": "3"}, "is no order of cards"),
    ],
)
def test_another_order_is_refused(tmp_path: Path, row: dict[str, str], says: str) -> None:
    path = tmp_path / "urgency.yaml"
    path.write_text(yaml.safe_dump({"order": [row]}), encoding="utf-8")
    with pytest.raises(DomesticAbuseError, match=says):
        read_urgency(path)


def test_a_rule_that_stands_twice_is_refused(tmp_path: Path) -> None:
    row = {"rule": "child_harmed", "title": "A", "because": "B"}
    path = tmp_path / "urgency.yaml"
    path.write_text(yaml.safe_dump({"order": [row, row]}), encoding="utf-8")
    with pytest.raises(DomesticAbuseError, match="must stand once"):
        read_urgency(path)


NOBODY = pd.DataFrame({"days": [], "days_before": []}, dtype=float)


def flag(name: str, status: str = "raised") -> FlagLine:
    words = Words("", "x", "", "log", "1", date(2025, 3, 30), 0, 1)
    return FlagLine(name, name, status, (words,) if status != "not_raised" else ())  # type: ignore[arg-type]


def met(
    crime: str = "no_crime", couple: pd.DataFrame = NOBODY, days: float = 0, **lines: object
) -> set[str]:
    given = {"flags": (), "orders": (), "routes": (), "changes": ()} | lines
    case = {"crime_type": crime, "occurred_at": pd.Timestamp("2025-03-30")}
    return set(rules_met(case, couple=couple, days=days, **given))  # type: ignore[arg-type]


def test_what_is_recorded_or_said_meets_a_rule_and_what_is_denied_does_not() -> None:
    assert met("strangulation") == {"strangulation"}
    assert met(flags=(flag("threats_to_kill", "contested"),)) == {"threat_to_kill"}
    assert met(flags=(flag("child_harm", "not_raised"), flag("alcohol"))) == set()
    assert met("rape") == met(flags=(flag("weapons"),)) == {"sexual_violence_or_weapon"}


def test_an_order_that_may_protect_the_victim_meets_its_rule() -> None:
    order = OrderLine(
        "restraining order",
        "Rowan",
        "in_force",
        date(2025, 1, 1),
        None,
        None,
        None,
        "unsure",
        "",
        "",
    )
    assert met(orders=(order,)) == {"order_breached"}
    assert met("breach_of_order") == {"order_breached"}


def test_a_breach_of_the_last_weeks_meets_the_rule_and_an_old_one_does_not() -> None:
    for breached_on, rules in ((date(2025, 3, 2), {"order_breached"}), (date(2025, 3, 1), set())):
        order = OrderLine(
            "licence", "Rowan", "in_force", date(2025, 1, 1), None, breached_on, None, "no", "", ""
        )
        assert met(orders=(order,)) == rules


def test_a_route_that_is_not_known_to_be_met_is_not_met() -> None:
    assert met(routes=(Route("dash", "DASH", "", "yes", ""),)) == {"route_met"}
    assert met(routes=(Route("dash", "DASH", "", "not_known", ""),)) == set()


@pytest.mark.parametrize(
    ("days_before", "escalates"),
    [([10, 20], True), ([10], False), ([10, 20, 100, 110, 120], False), ([], False)],
)
def test_a_run_of_incidents_is_told(days_before: list[int], escalates: bool) -> None:
    couple = pd.DataFrame({"days_before": days_before, "days": [5.0] * len(days_before)})
    assert ("escalating" in met("harassment", couple, days=5)) is escalates


def test_a_graver_incident_than_any_before_is_told() -> None:
    couple = pd.DataFrame({"days_before": [300], "days": [1.0]})
    assert met("harassment", couple, days=10) == {"escalating"}
    assert met("harassment", couple, days=1) == set()
