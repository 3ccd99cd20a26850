"""Which shape and word stand for what a card knows: no state is told by its colour alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from woda_lib.pilots.domestic_abuse.card import Card
from woda_lib.pilots.domestic_abuse.card_lines import AgencyLine, Lane, MatchLine, Person
from woda_lib.pilots.domestic_abuse.people_lines import NOT_MATCHED
from woda_lib.pilots.domestic_abuse.words import plain, say_day


@dataclass(frozen=True)
class Mark:
    """A shape, a word and, third, a colour."""

    icon: str
    word: str
    look: str = ""


TAGS = {
    "alert": Mark("flag", "", "alert"),
    "change": Mark("diamond", "", "change"),
    "doubt": Mark("half", "", "doubt"),
}
CHANGES = {
    "new": Mark("plus", "New"),
    "late": Mark("late", "Arrived late"),
    "corrected": Mark("arrow", "Corrected"),
    "withdrawn": Mark("barred", "Withdrawn"),
    "order_began": Mark("dot", "Order began"),
    "order_ended": Mark("diamond", "Order ended"),
    "order_breached": Mark("flag", "Order breached"),
    "involvement": Mark("plus", "Agencies"),
}
FLAGS = {
    "raised": Mark("flag", "raised"),
    "contested": Mark("flag-half", "raised, contested"),
    "not_raised": Mark("minus", "not raised"),
}
KNOWN = {
    "open": Mark("dot", "open"),
    "closed": Mark("ring", "closed"),
    "known": Mark("diamond", "known"),
    "not_known": Mark("minus", "not known", "soft"),
    "hidden": Mark("lock", "hidden"),
}
MET = {
    "yes": Mark("tick", "yes"),
    "no": Mark("minus", "no"),
    "not_known": Mark("half", "not known"),
    "yours": Mark("ring", "yours"),
}
ORDERS = {
    "in_force": Mark("dot", "In force"),
    "ended_lately": Mark("diamond", "Ended"),
    "not_begun": Mark("ring", "Not begun"),
}
MISSING = {
    "not_recorded": Mark("ring", "Not recorded"),
    "not_asked": Mark("ring", "Not asked"),
    "doubtful": Mark("half", "Doubtful"),
    "old": Mark("late", "Old"),
    "hidden": Mark("lock", "Hidden"),
    "not_shared": Mark("minus", "Not shared"),
}
_ROLES = {
    "victim": "Victim",
    "perpetrator": "Perpetrator",
    "child": "Child of the household",
    "witness": "Witness",
    "reporter": "Reported it",
}
_LEAD = re.compile(r"^(.{1,32}?[:.])\s+(?=\S)(.*)$", re.DOTALL)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def role_of(person: Person) -> str:
    """Return what somebody is in last night's record, and to the victim."""
    word = _ROLES[person.role]
    if person.role == "child" or not person.relationship:
        return word
    return f"{word}, {person.relationship}"


def lanes_of(card: Card) -> Mapping[Lane, str]:
    """Return how the lines of a card's timeline are called."""
    victim = card.victim.called if card.victim else "The victim"
    perpetrator = card.perpetrator.called if card.perpetrator else "The perpetrator"
    couple = f"{victim} and {perpetrator}" if card.victim and card.perpetrator else "This incident"
    return {
        "couple": couple,
        "victim_with_others": f"{victim}, with others",
        "perpetrator_with_others": f"{perpetrator}, with others",
        "health": "Health",
        "social_care": "Social care",
        "orders": "Orders",
        "refuge": "Refuge",
        "conference": "Conference",
    }


def say_when(moment: datetime) -> str:
    """Return a moment as a card says it: Sunday 30 March 2025, 22:40."""
    return f"{moment:%A} {say_day(moment)}, {moment:%H:%M}"


def say_reported(reported: datetime, occurred: datetime) -> str:
    """Return when it was reported: the time alone, where that was the day on which it happened."""
    same = reported.date() == occurred.date()
    return f"at {reported:%H:%M}" if same else say_when(reported)


def say_short(day: date) -> str:
    """Return a day as a narrow place says it: 30 Mar 2025."""
    return f"{day.day} {day:%b %Y}"


def say_month(day: date | None) -> str:
    """Return a month as a table says it: Mar 2025."""
    return f"{day:%b %Y}" if day else ""


def say_contact(line: AgencyLine) -> str:
    """Return what an agency knows of somebody: "assessment, since Mar 2025".

    Examples
    --------
    >>> last = date(2025, 3, 1)
    >>> say_contact(AgencyLine("victim", "Police", "known", 8, last=last, words="incidents"))
    '8 incidents, last Mar 2025'
    """
    if line.words == "incidents":
        said = [f"{line.contacts} incident{'s' * (line.contacts != 1)}"]
    else:
        times = f"{line.contacts} times" if line.contacts > 1 and line.state != "open" else ""
        said = [line.words, times]
    if line.state == "open" and line.since:
        said.append(f"since {say_month(line.since)}")
    elif line.last and line.state in ("closed", "known"):
        said.append(f"{'to' if line.state == 'closed' else 'last'} {say_month(line.last)}")
    return ", ".join(filter(None, said))


def say_age(age: int | None) -> str:
    """Return an age: 34, or under 1."""
    return "" if age is None else "under 1" if age == 0 else str(age)


def say_sure(certainty: str) -> str:
    """Return how sure a match is, for brackets: match very likely, or not matched."""
    return certainty if certainty == NOT_MATCHED else f"match {certainty}"


def say_probability(match: MatchLine) -> str:
    """Return how probable a match is, with as many digits as tell it from certainty."""
    if match.confidence != match.confidence:
        return NOT_MATCHED
    if match.confidence >= 0.9995:
        return "over 0.999"
    return f"{match.confidence:.3f}" if match.confidence >= 0.985 else f"{match.confidence:.2f}"


def say_partner(partner: str) -> str:
    """Return a partner's name: ``west_mercia_police`` reads West Mercia Police."""
    return plain(partner).title() if partner == partner.lower() else partner


def lead(words: str) -> tuple[str, str]:
    """Cut a sentence after the words that say what kind of news it is, which stand out.

    Examples
    --------
    >>> lead("Ended. The licence that binds Rowan ran out on 1 March 2025.")
    ('Ended.', 'The licence that binds Rowan ran out on 1 March 2025.')
    >>> lead("Nothing to cut")
    ('', 'Nothing to cut')
    """
    found = _LEAD.match(words)
    return (found[1], found[2]) if found else ("", words)


def seen(value: object) -> object:
    """Return text without the control characters that a page may not hold."""
    return _UNSEEN.sub("\ufffd", value) if type(value) is str else value
