"""What a person's page holds, as plain data: what the template shows, and nothing worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Standing = Literal["open", "closed", "once"]


@dataclass(frozen=True)
class Source:
    """Who says something, and on which day: a partner's dataset and its number of the person."""

    partner: str
    dataset: str
    number: str
    on: date | None
    current: bool = True


@dataclass(frozen=True)
class Value:
    """One value of a field, with everybody who gave it."""

    words: str
    sources: tuple[Source, ...]
    best: bool
    current: bool


@dataclass(frozen=True)
class FieldLine:
    """A field with its values, the best view first.

    Attributes
    ----------
    conflict
        Whether sources disagree on it now. A value that its own source has replaced is past, and
        no conflict.
    """

    name: str
    values: tuple[Value, ...]
    conflict: bool


@dataclass(frozen=True)
class Involvement:
    """A service that somebody had or has to do with, from one day to another.

    Attributes
    ----------
    service
        In words; ``hidden`` names the clause where the agreement hides which one it is.
    standing
        Open, closed, or something that happened once on a day.
    lead
        The lead worker.
    """

    partner: str
    service: str
    standing: Standing
    starts: date
    ends: date | None
    team: str = ""
    lead: str = ""
    number: str = ""
    hidden: str = ""


@dataclass(frozen=True)
class Mark:
    """What happened in a life on a day: a move, a birth, a death."""

    on: date
    kind: Literal["move", "birth", "death"]
    words: str


@dataclass(frozen=True)
class Member:
    """One who lives in a household."""

    name: str
    born: date | None
    age: int | None
    kinship: str
    since: date | None
    until: date | None
    this_one: bool


@dataclass(frozen=True)
class Household:
    """Who lived together on a day; without members nobody can tell."""

    on: date
    kind: str = ""
    address: str = ""
    since: date | None = None
    members: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Property:
    """Where somebody lives, as the gazetteer has it.

    Attributes
    ----------
    building
        The address of the building that a flat is in.
    others
        How many other households live at the same property.
    sources, sure
        How many partners place the person here, and whether that is sure.
    """

    address: str
    postcode: str
    uprn: str
    kind: str
    building: str
    since: date | None
    sources: int
    sure: bool
    elsewhere: tuple[str, ...] = ()
    others: int = 0


@dataclass(frozen=True)
class Step:
    """What one comparison of two records says, in bits, and the two values."""

    comparison: str
    meaning: str
    weight: float
    total: float
    here: str = ""
    there: str = ""


@dataclass(frozen=True)
class Belonging:
    """A record of a partner, and why it is taken to be this person's.

    Attributes
    ----------
    key
        How it is called where a decision about it is made: ``<dataset>:<number>``.
    confidence
        Match probability of its best link; missing where nothing was matched.
    other
        The record that it matches best.
    steps
        How the evidence about the two adds up; empty where it cannot be told.
    why
        A sentence.
    wide, narrow
        The evidence drawn, as SVG.
    """

    source: Source
    key: str
    confidence: float | None
    since: date | None
    why: str
    other: Source | None = None
    steps: tuple[Step, ...] = ()
    wide: str = ""
    narrow: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened to the identity."""

    on: date | None
    words: str
    by_a_person: bool
    reason: str = ""


@dataclass(frozen=True)
class Hidden:
    """What one clause of the agreement keeps from this purpose."""

    partner: str
    dataset: str
    what: str
    clause: str
    why: str


@dataclass(frozen=True)
class Dossier:
    """All that one page says of a person.

    Attributes
    ----------
    identifier, since
        By which the workbench calls the person, and since when.
    name, born, age, sex, nhs_number, address, died_on
        The best view.
    sure
        How sure it is that all records are of one person, in words.
    least
        Match probability of the least sure record.
    as_of, then
        The day of the newest delivery, and the chosen day of the second household.
    """

    identifier: str
    since: date | None
    name: str
    born: date | None
    age: int | None
    sex: str
    nhs_number: str
    address: str
    died_on: date | None
    sure: str
    least: float | None
    records: int
    partners: int
    as_of: date
    involvements: tuple[Involvement, ...]
    marks: tuple[Mark, ...]
    now: Household
    then: Household
    home: Property | None
    fields: tuple[FieldLine, ...]
    belongings: tuple[Belonging, ...]
    events: tuple[Event, ...]
    hidden: tuple[Hidden, ...]
    tags: tuple[str, ...] = field(default=())

    @property
    def open_now(self) -> tuple[Involvement, ...]:
        """Services that work with the person now."""
        return tuple(each for each in self.involvements if each.standing == "open")

    @property
    def past(self) -> tuple[Involvement, ...]:
        """Services that did, and what happened once."""
        return tuple(each for each in self.involvements if each.standing != "open")

    @property
    def conflicts(self) -> tuple[FieldLine, ...]:
        """The fields on which sources disagree now."""
        return tuple(each for each in self.fields if each.conflict)
