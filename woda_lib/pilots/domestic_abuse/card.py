"""What a triage card says: one frozen card an incident, and the pack that holds a night's cards.

A card repeats what partners recorded, says how sure it is of who is who, and what it does not
know. It holds no score: every order and every mark on it comes with its reasons in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from woda_lib.pilots.domestic_abuse.card_lines import (
    AgencyLine,
    Change,
    ChildLine,
    EarlierPartner,
    FlagLine,
    HistoryRow,
    MatchLine,
    OrderLine,
    Person,
    Relation,
    Route,
    TimelineEvent,
    WholeText,
    Words,
)

__all__ = [
    "AgencyLine",
    "Card",
    "Change",
    "ChildLine",
    "EarlierCard",
    "EarlierPartner",
    "FlagLine",
    "HistoryRow",
    "MatchLine",
    "Missing",
    "OrderLine",
    "Pack",
    "Person",
    "Reason",
    "Relation",
    "Route",
    "Tag",
    "TimelineEvent",
    "WholeText",
    "Words",
]

TagKind = Literal["alert", "change", "doubt"]


@dataclass(frozen=True)
class Missing:
    """Something that a reader would look for on the card and that is not there."""

    kind: Literal["not_recorded", "not_asked", "doubtful", "old", "hidden", "not_shared"]
    words: str


@dataclass(frozen=True)
class Reason:
    """A rule of the order of cards that this card meets, and why."""

    rule: str
    title: str
    words: str


@dataclass(frozen=True)
class Tag:
    """A few words that stand at the top of the card."""

    kind: TagKind
    words: str


@dataclass(frozen=True)
class Card:
    """Everything that a triage meeting is told of one incident.

    Attributes
    ----------
    position, of
        Where the card stands among the night's, counted from one.
    incident
        The force's number of the incident.
    occurred_at, reported_at, received_on
        When it happened, when police heard, and the day of the file that brought it.
    crime, outcome, reported_by
        In words.
    victim, perpetrator
        None where police recorded nobody in the role.
    people
        Everybody on the card, these two first.
    reasons
        The rules of the order that the card meets, first things first; `stands_here` says in a
        sentence why it comes after the card before it.
    dash_ticks, dash_unanswered
        Of DASH's 27 questions; both None where it was not asked.
    """

    position: int
    of: int
    incident: str
    occurred_at: datetime
    reported_at: datetime
    received_on: date
    crime: str
    place: str
    district: str | None
    reported_by: str
    outcome: str
    victim: Person | None
    perpetrator: Person | None
    relationship: str
    roles_doubtful: bool
    people: tuple[Person, ...]
    tags: tuple[Tag, ...]
    reasons: tuple[Reason, ...]
    stands_here: str
    dash_ticks: int | None
    dash_unanswered: int | None
    dash_risk: str | None
    changes: tuple[Change, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    flags: tuple[FlagLine, ...] = ()
    texts: tuple[WholeText, ...] = ()
    agencies: tuple[AgencyLine, ...] = ()
    relations: tuple[Relation, ...] = ()
    children: tuple[ChildLine, ...] = ()
    orders: tuple[OrderLine, ...] = ()
    routes: tuple[Route, ...] = ()
    matches: tuple[MatchLine, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def title(self) -> str:
        """Whom the card is about, and where: Amber Exemplar, at 3 Nowhere Row, Nulford."""
        whom = self.victim.name if self.victim and self.victim.name else "Victim not recorded"
        return f"{whom}, at {self.place}" if self.place else whom


@dataclass(frozen=True)
class EarlierCard:
    """An incident of an earlier pack whose history reads differently today, and what changed."""

    incident: str
    occurred_at: datetime
    victim: str
    perpetrator: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Pack:
    """A night's cards in the order of urgency, and under which agreement they are shown.

    Attributes
    ----------
    made_for
        The day of the meeting.
    known_to
        The day of the newest delivery; everything on the cards had come by then.
    earlier
        Incidents of the last packs that changed since yesterday.
    order
        The rules by which cards are ordered, in words, first things first.
    evidence
        What is known of DASH and of predictive scores: sentences with their sources.
    """

    made_for: date
    known_to: date
    agreement: str
    purpose: str
    partners: tuple[str, ...]
    synthetic: bool
    cards: tuple[Card, ...]
    earlier: tuple[EarlierCard, ...] = ()
    order: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
