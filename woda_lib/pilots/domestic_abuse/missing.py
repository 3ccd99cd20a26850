"""What is not on a card although a reader would look for it there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from woda_lib.partners.datasets.incidents import DASH_QUESTIONS
from woda_lib.pilots.domestic_abuse.card import Missing
from woda_lib.pilots.domestic_abuse.card_lines import ChildLine, MatchLine, OrderLine, Person
from woda_lib.pilots.domestic_abuse.words import say_day, say_list


def about_incident(
    *,
    victim: Person | None,
    perpetrator: Person | None,
    place: str,
    relationship: str,
    roles_doubtful: bool,
    dash_answers: str | None,
    text: bool,
) -> Iterator[Missing]:
    """Say what police left out of last night's record."""
    if victim is None:
        yield Missing("not_recorded", "Police recorded no victim.")
    if perpetrator is None:
        yield Missing("not_recorded", "Police recorded no perpetrator.")
    if roles_doubtful:
        yield Missing("doubtful", "Records disagree on who was the victim: ask before acting.")
    if victim and perpetrator and not relationship:
        yield Missing("not_recorded", "What they are to each other is not recorded.")
    if not place:
        yield Missing("not_recorded", "Where it happened is not recorded.")
    if not text:
        yield Missing("not_recorded", "There is no log and no referral to read flags from.")
    for person in (victim, perpetrator):
        if person and person.date_of_birth is None:
            yield Missing("not_recorded", f"No agency has a birth date of {person.called}.")
    if dash_answers is None:
        yield Missing("not_asked", "DASH was not asked.")
    elif open_questions := unanswered(dash_answers):
        plural = "s" if len(open_questions) > 1 else ""
        have = "have" if len(open_questions) > 1 else "has"
        listed = say_list([str(question) for question in open_questions])
        yield Missing("not_asked", f"DASH question{plural} {listed} {have} no answer.")


def about_people(
    children: Sequence[ChildLine], orders: Sequence[OrderLine], matches: Sequence[MatchLine]
) -> Iterator[Missing]:
    """Say what is not known of children, and what is not sure of orders and matches."""
    for child in children:
        if child.unborn:
            continue
        school_age = child.age is None or 5 <= child.age < 16
        if child.school is None and school_age:
            yield Missing("not_recorded", f"No school is known for {child.name}.")
        elif child.on_roll and not child.safeguarding_lead:
            words = f"{child.school} gives no safeguarding lead for {child.name}."
            yield Missing("not_recorded", words)
        elif child.school and not child.on_roll and school_age:
            words = f"{child.name} has left {child.school}; no school since is known."
            yield Missing("old", words)
        if child.care_open and not child.social_worker:
            words = f"Social care works with {child.name}; who, is not recorded."
            yield Missing("not_recorded", words)
    for order in orders:
        if order.protects_victim == "unsure":
            words = f"Whether the {order.kind} protects this victim is not sure."
            yield Missing("doubtful", words)
    for match in matches:
        if match.needs_a_person:
            words = f"Some records of {match.name} may be somebody else’s: a person decides."
            yield Missing("doubtful", words)


def about_sources(
    delivered: dict[str, date], as_of: date, *, old_days: int, hidden: Sequence[str]
) -> Iterator[Missing]:
    """Say which agencies' records are old, and which are not for this pack.

    Parameters
    ----------
    delivered
        To each agency, in words, the day of the newest event that it has told of.
    hidden
        What this purpose is not shown, in sentences.
    """
    for agency, newest in delivered.items():
        if (as_of - newest).days > old_days:
            yield Missing("old", f"{agency}: nothing newer than {say_day(newest)}.")
    for words in hidden:
        yield Missing("hidden", words)


def unanswered(answers: str) -> list[int]:
    """Return the numbers of the questions of DASH that have no answer, from one.

    Examples
    --------
    >>> unanswered("YN?" + 24 * "N")
    [3]
    """
    return [place for place, answer in enumerate(answers[:DASH_QUESTIONS], 1) if answer == "?"]
