"""The lines of a triage card: people, history, changes, flags with their words, orders, matches.

"Victim" and "perpetrator" are roles in a record, and no verdict on anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal["victim", "perpetrator", "child", "witness", "reporter"]
Lane = Literal[
    "couple",
    "victim_with_others",
    "perpetrator_with_others",
    "health",
    "social_care",
    "orders",
    "conference",
    "refuge",
]
"""A line of the timeline; a page shows those that hold something, in this order."""

HistoryKind = Literal[
    "couple",
    "victim_as_victim",
    "victim_as_perpetrator",
    "perpetrator_as_perpetrator",
    "perpetrator_as_victim",
]
ChangeKind = Literal[
    "new",
    "late",
    "corrected",
    "withdrawn",
    "order_began",
    "order_ended",
    "order_breached",
    "involvement",
]
FlagStatus = Literal["raised", "contested", "not_raised"]
Known = Literal["open", "closed", "known", "not_known", "hidden"]
"""``known`` is an agency that has seen somebody and whose work has no beginning or end."""

Met = Literal["yes", "no", "not_known", "yours"]
"""``yours`` is for the meeting to say."""


@dataclass(frozen=True)
class Person:
    """Somebody on a card.

    Attributes
    ----------
    key
        Stands for the person on this card alone, such as ``victim`` or ``child_1``.
    role
        In last night's incident.
    name, forename
        As police wrote it; None where they have none. `called` is what sentences use.
    age
        In whole years on the day of the incident.
    also_known_as
        Aliases, and names under which other agencies know the person.
    relationship
        What the person is to the victim, in words; empty for the victim, and where not recorded.
    numbers
        ``(partner, number)``: the numbers under which agencies know the person.
    """

    key: str
    role: Role
    name: str | None = None
    forename: str | None = None
    age: int | None = None
    sex: str | None = None
    date_of_birth: date | None = None
    address: str | None = None
    also_known_as: tuple[str, ...] = ()
    relationship: str = ""
    numbers: tuple[tuple[str, str], ...] = ()

    @property
    def called(self) -> str:
        """How a sentence names the person: Amber, or "the victim"."""
        return self.forename or self.name or f"the {self.role}"


@dataclass(frozen=True)
class EarlierPartner:
    """Somebody with whom a person of the card was in incidents before.

    `certainty` says in words how sure the match is; `confidence` is its probability.
    """

    name: str
    relationship: str
    incidents: int
    last_on: date
    confidence: float
    certainty: str


@dataclass(frozen=True)
class HistoryRow:
    """What was recorded before last night: the couple together, or one person with others.

    Attributes
    ----------
    who
        In words: "Amber and Rowan", "Amber, victim with others".
    incidents_12, incidents_24
        Before this incident, in 12 and 24 months; an event that was entered twice counts once.
    days_since_last
        From the last of them to this one; None where there is none in 24 months.
    harm_days_12, harm_days_24
        Cambridge Crime Harm Index: days of imprisonment at the guidelines' starting point, summed.
    gravest
        The offence with the most days in 24 months, in words; None where there is none.
    doubtful
        How many of `incidents_24` are counted although somebody's role or match is in doubt.
    other_way
        Of a couple: in how many of `incidents_24` the roles were the other way round.
    others
        For a person with others: who they were.
    """

    kind: HistoryKind
    who: str
    incidents_12: int
    incidents_24: int
    days_since_last: int | None
    harm_days_12: float
    harm_days_24: float
    gravest: str | None
    doubtful: int = 0
    other_way: int = 0
    others: tuple[EarlierPartner, ...] = ()


@dataclass(frozen=True)
class TimelineEvent:
    """A dot or a bar of the timeline.

    Attributes
    ----------
    start, end
        Of a bar: `end` is None where it is still open. Of a dot both are the same day.
    harm_days
        Of an incident: how high its dot stands. None for everything else.
    label
        In words, as a reader who cannot see the picture hears it.
    this_one
        Whether it is the card's own incident.
    bar
        Whether it ran for a time.
    """

    lane: Lane
    start: date
    end: date | None
    label: str
    harm_days: float | None = None
    this_one: bool = False
    bar: bool = False


@dataclass(frozen=True)
class Words:
    """Words of a text, with a little of what stands around them.

    Attributes
    ----------
    before, mark, after
        The words, and what stands to their left and right in the same sentence.
    text
        Which text: "log" or "referral".
    incident, on
        The force's number and the day of the incident whose text it is.
    start, end
        Where in the text the words stand, counted in characters from nought; `end` is excluded.
    why
        For words against or beside: why they do not raise the flag ("negated", "someone else").
    """

    before: str
    mark: str
    after: str
    text: Literal["log", "referral"]
    incident: str
    on: date
    start: int
    end: int
    why: str = ""


@dataclass(frozen=True)
class WholeText:
    """A whole log or referral of an incident, in which `Words` count their places."""

    incident: str
    text: Literal["log", "referral"]
    words: str


@dataclass(frozen=True)
class FlagLine:
    """One flag: the words that raise it, and the words that speak against it.

    `status` is ``raised``, ``contested`` (raised, with words against) or ``not_raised`` (the words
    are there, and none of them says that it is so now). `earlier` counts the couple's incidents of
    the last 24 months whose texts raised it too.
    """

    flag: str
    title: str
    status: FlagStatus
    raised_by: tuple[Words, ...] = ()
    against: tuple[Words, ...] = ()
    earlier: int = 0
    earlier_last_on: date | None = None


@dataclass(frozen=True)
class Change:
    """What is known today and was not yesterday, in a sentence.

    `on` is the day it is about; `incident` the force's number, where it is about an incident.
    """

    kind: ChangeKind
    words: str
    on: date | None = None
    incident: str | None = None


@dataclass(frozen=True)
class ChildLine:
    """A child of the household, or one not yet born.

    Attributes
    ----------
    person
        Key of the child among the card's people.
    present
        Whether police recorded the child at last night's incident.
    school, safeguarding_lead
        Of the enrolment that is open, or the last one; None where the roll has no such pupil.
    on_roll
        Whether that enrolment is open.
    care
        What children's social care does or did, in words; empty where nothing is recorded.
    care_open, team, social_worker
        Of that.
    known_from
        Who says that the child belongs to the household: "police", "school roll, same address".
    certainty
        In words how sure the match is.
    unborn
        A pregnancy: then there is no child among the card's people, and `known_from` says whose.
    """

    person: str | None
    name: str
    age: int | None
    present: bool
    school: str | None = None
    safeguarding_lead: str | None = None
    on_roll: bool = False
    care: str = ""
    care_open: bool = False
    team: str | None = None
    social_worker: str | None = None
    known_from: tuple[str, ...] = ()
    certainty: str = ""
    unborn: bool = False


@dataclass(frozen=True)
class OrderLine:
    """An order that binds somebody on the card.

    Attributes
    ----------
    state
        In force, ended lately, or not yet begun; `breached_on` stands beside any of them.
    protects
        The name on the order; None where it names nobody.
    protects_victim
        Whether that is this card's victim: by the whole name, not at all, or not sure.
    """

    kind: str
    binds: str
    state: Literal["in_force", "ended_lately", "not_begun"]
    starts_on: date
    ends_on: date | None
    breached_on: date | None
    protects: str | None
    protects_victim: Literal["yes", "no", "unsure"]
    certainty: str
    words: str


@dataclass(frozen=True)
class AgencyLine:
    """What one agency knows of one person.

    `since` is the day on which what goes on began, and otherwise, as `first` always, the first day
    on which the agency knew the person. `hidden_by` names the clause of the agreement because of
    which this purpose is not shown it.
    """

    person: str
    agency: str
    state: Known
    contacts: int = 0
    first: date | None = None
    since: date | None = None
    last: date | None = None
    words: str = ""
    hidden_by: str = ""


@dataclass(frozen=True)
class Relation:
    """How somebody on the card is related to somebody, and who says so."""

    person: str
    to: str
    relation: str
    source: str


@dataclass(frozen=True)
class Route:
    """A route to the multi-agency conference, and what speaks for it here.

    `here` is what this card has beside the threshold ("11, two unanswered"); `reason` a sentence.
    """

    name: str
    title: str
    here: str
    met: Met
    reason: str


@dataclass(frozen=True)
class MatchLine:
    """How sure it is that the records of a person are one person's.

    `decide_from` and `decide_to` bound the probabilities at which a person decides.
    """

    person: str
    name: str
    confidence: float
    certainty: str
    records: int
    agencies: int
    why: str
    decide_from: float
    decide_to: float
    needs_a_person: bool
