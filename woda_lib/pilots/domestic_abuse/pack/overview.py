"""What the first page says of the night: the cards together, what changed, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from woda_lib.phrases import say_count
from woda_lib.pilots.domestic_abuse.card import Card, EarlierCard, Pack
from woda_lib.pilots.domestic_abuse.card_lines import ChangeKind

_CHANGES: tuple[ChangeKind, ...] = (
    "corrected",
    "withdrawn",
    "late",
    "order_breached",
    "order_ended",
    "order_began",
    "involvement",
    "new",
)  # in this order on the first page


@dataclass(frozen=True)
class Told:
    """A sentence, and the positions of the cards that it is told on.

    `kind` is that of the `Change` or `Missing`; of a rule of the order it is the rule's name.
    """

    kind: str
    words: str
    cards: tuple[int, ...]


@dataclass(frozen=True)
class Overview:
    """The night as a whole.

    Attributes
    ----------
    answer
        A sentence or two: how many incidents, and what they hold.
    rules
        Each rule of the order that a card meets, by its title.
    changes
        What is new since yesterday on tonight's cards; what is told on several stands once.
    earlier
        Incidents of earlier nights; those that police corrected or withdrew themselves come first.
    missing
        What is missing on several cards, on most of them first.
    missing_on_one
        How many other things are missing, each on one card.
    """

    answer: str
    rules: tuple[Told, ...]
    changes: tuple[Told, ...]
    earlier: tuple[EarlierCard, ...]
    missing: tuple[Told, ...]
    missing_on_one: int


def look_over(pack: Pack) -> Overview:
    """Sum up a night's cards."""
    cards = pack.cards
    rules = _together(cards, lambda card: ((each.rule, each.title) for each in card.reasons))
    changes = _together(cards, lambda card: ((each.kind, each.words) for each in card.changes))
    missing = _together(cards, lambda card: ((each.kind, each.words) for each in card.missing))
    shared = [told for told in missing if len(told.cards) > 1]
    return Overview(
        answer=_answer(cards),
        rules=tuple(sorted(rules, key=lambda told: _place(told.words, pack.order))),
        changes=tuple(sorted(changes, key=lambda told: _CHANGES.index(told.kind))),
        earlier=tuple(sorted(pack.earlier, key=lambda card: not _is_corrected(card))),
        missing=tuple(sorted(shared, key=lambda told: -len(told.cards))),
        missing_on_one=len(missing) - len(shared),
    )


def _answer(cards: Sequence[Card]) -> str:
    if not cards:
        return "No incident came in since yesterday."
    count = len(cards)
    incidents = f"{say_count(count).capitalize()} incident{'s' * (count > 1)} came in."
    holds = [
        f"{say_count(number)} {words}"
        for number, words in (
            (_count(cards, _meets_a_route), "a route to the conference is met"),
            (
                _count(cards, lambda card: any(c.present for c in card.children)),
                "a child was there",
            ),
            (_count(cards, _needs_a_person), "a person has to decide who is who"),
        )
        if number
    ]
    if not holds:
        return incidents
    listed = "; ".join(f"on {each}" if place else f"On {each}" for place, each in enumerate(holds))
    return f"{incidents} {listed}."


def _count(cards: Sequence[Card], holds: Callable[[Card], bool]) -> int:
    return sum(holds(card) for card in cards)


def _meets_a_route(card: Card) -> bool:
    return any(route.met == "yes" for route in card.routes)


def _needs_a_person(card: Card) -> bool:
    return card.roles_doubtful or any(match.needs_a_person for match in card.matches)


def _is_corrected(card: EarlierCard) -> bool:
    return any(
        change.incident == card.incident and change.kind in ("corrected", "withdrawn")
        for change in card.changes
    )


def _together(
    cards: Sequence[Card], said: Callable[[Card], Iterator[tuple[str, str]]]
) -> tuple[Told, ...]:
    """Put together what is told on several cards in the same words."""
    found: dict[tuple[str, str], list[int]] = {}
    for card in cards:
        for told in dict.fromkeys(said(card)):
            found.setdefault(told, []).append(card.position)
    return tuple(Told(kind, words, tuple(on)) for (kind, words), on in found.items())


def _place(title: str, order: Sequence[str]) -> int:
    """Where a rule stands in the order of cards, which is said in sentences that begin with it."""
    return next((at for at, words in enumerate(order) if words.startswith(title)), len(order))
