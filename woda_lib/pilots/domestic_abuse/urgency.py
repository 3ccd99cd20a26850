"""In which order cards stand: stated rules, one after another, and no weights.

The first rule that tells two cards apart decides between them; what comes after it is not asked.
So a card can say in a sentence why it stands where it stands, and the board can change the order in
``parameters/triage/urgency.yaml`` and know what it does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from woda_lib.pilots.domestic_abuse.card import Reason
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError

RULES = (
    "strangulation",
    "threat_to_kill",
    "child_harmed",
    "order_breached",
    "sexual_violence_or_weapon",
    "route_met",
    "escalating",
)
"""What the facts of a card can be asked; each is yes, with words for it, or no."""


@dataclass(frozen=True)
class Rule:
    """A rule of the order: what it asks, how it is called and why it stands where it stands."""

    rule: str
    title: str
    because: str


def read_urgency(path: Path) -> tuple[Rule, ...]:
    """Read the order, ``parameters/triage/urgency.yaml``.

    Raises
    ------
    DomesticAbuseError
        If a rule is not known, stands twice, or lacks its title or its reason.
    """
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))["order"]
        rules = tuple(
            Rule(**{key: " ".join(text.split()) for key, text in row.items()}) for row in rows
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise DomesticAbuseError(
            f"{path.name} is no order of cards. Under `order` must stand, one after another, "
            "`rule`, `title` and `because`."
        ) from None
    named = [rule.rule for rule in rules]
    for place, rule in enumerate(rules, start=1):
        if rule.rule not in RULES:
            raise DomesticAbuseError(
                f"{path.name}: order, place {place}: there is no such rule. "
                f"Known are {', '.join(RULES)}."
            )
        if named.count(rule.rule) > 1 or not (rule.title and rule.because):
            raise DomesticAbuseError(
                f"{path.name}: order, place {place}: {rule.rule} must stand once, with its "
                "`title` and `because`."
            )
    return rules


def in_words(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return the order for readers: each rule's title and reason, and what decides after them."""
    last = "Then the graver offence, the fewer days since the last incident, the earlier report."
    return (*(f"{rule.title}. {rule.because}" for rule in rules), last)


def order_cards(
    met: Mapping[str, Mapping[str, str]],
    ties: pd.DataFrame,
    rules: Sequence[Rule],
) -> pd.DataFrame:
    """Order cards.

    Parameters
    ----------
    met
        To each card the rules that it meets, with words.
    ties
        What decides where the rules do not: index the card, `days` (of harm, of the offence),
        `days_since_last` (missing where there was none), `reported_at`.
    rules
        From `read_urgency`.

    Returns
    -------
    DataFrame
        Index the card, in order: `position` (from one), and `stands_here`, a sentence.
    """
    keys = pd.DataFrame(
        {rule.rule: [rule.rule not in met[card] for card in ties.index] for rule in rules},
        index=ties.index,
    )
    keys["graver"] = -ties["days"].astype(float)
    keys["sooner"] = ties["days_since_last"].astype(float).fillna(float("inf"))
    keys["earlier"] = ties["reported_at"]
    ordered = keys.sort_index().sort_values(list(keys.columns), kind="stable")
    said = [
        _stands_here(ordered.iloc[place], ordered.iloc[place - 1] if place else None, rules)
        for place in range(len(ordered))
    ]
    return pd.DataFrame(
        {"position": range(1, len(ordered) + 1), "stands_here": said}, index=ordered.index
    )


def reasons(met: Mapping[str, str], rules: Sequence[Rule]) -> tuple[Reason, ...]:
    """Return the rules that a card meets, in their order, with its words."""
    return tuple(
        Reason(rule.rule, rule.title, met[rule.rule]) for rule in rules if rule.rule in met
    )


def _stands_here(card: pd.Series, above: pd.Series | None, rules: Sequence[Rule]) -> str:
    """Say what set this card behind the one above it."""
    titles = {rule.rule: f"{rule.title[:1].lower()}{rule.title[1:]}" for rule in rules}
    meets = [titles[rule.rule] for rule in rules if not card[rule.rule]]
    if above is None:
        return f"First: {meets[0]}." if meets else "First: no rule is met by any card."
    if differs := [rule.rule for rule in rules if card[rule.rule] != above[rule.rule]]:
        return f"After the card above, which meets “{titles[differs[0]]}”; this one does not."
    decided = {
        "graver": "whose offence is graver by the guidelines",
        "sooner": "where fewer days have passed since the last incident",
        "earlier": "which was reported earlier",
    }
    for key, words in decided.items():
        if card[key] != above[key]:
            return f"Meets the same rules as the card above, {words}."
    return "Meets the same rules as the card above, which has the lower number."
