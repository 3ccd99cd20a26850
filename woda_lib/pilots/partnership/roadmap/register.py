"""The sharing register, ``parameters/partnership/roadmap.yaml``, checked.

It says of every dataset that a contract knows how each of its partners holds and sends it, and of
every dataset that is wanted who holds it, which steps wait for which of its fields, and what
blocks it. ``docs/roadmap.md`` explains the keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from woda_lib.partners import CONTRACTS
from woda_lib.partners.names import PARTNERS
from woda_lib.pilots.partnership.roadmap.errors import RoadmapError
from woda_lib.records import Pilot, nearest, require_known
from woda_lib.records.named_files import read_named

About = Literal["health", "care", "children", "safety", "homes", "economy", "places"]
"""Subject areas, in the order of reports."""

RowOf = Literal["person", "property", "organisation", "event", "aggregate"]
"""What a row stands for."""

Form = Literal["csv", "spreadsheet", "api", "none"]
Frequency = Literal["daily", "weekly", "monthly", "quarterly", "yearly"]
Kind = Literal[
    "legal_basis", "agreement_not_signed", "system_cannot_export", "quality", "capacity", "trust",
    "cost",
]  # fmt: skip
"""What blocks sharing; one of a short list, so that blockers can be counted."""

Sentence = Annotated[str, Field(min_length=1, max_length=60)]
"""Short enough for a cell of a table."""

Level = Annotated[int, Field(ge=1, le=5)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Blocker(_Part):
    """What blocks sharing, or sharing better.

    Attributes
    ----------
    kind
    says
        What it is.
    owner
        A role, who removes it.
    due
        By when.
    next_step
    """

    kind: Kind
    says: Sentence
    owner: Sentence
    due: date
    next_step: Sentence


class Check(_Part):
    """A partner's own check of accuracy: of some records, the share found right."""

    share: float = Field(ge=0, le=1)
    day: date


class Holding(_Part):
    """How one partner holds and sends a dataset.

    Attributes
    ----------
    coverage
        Whom or what it covers, in the partner's words.
    history_from
        The day from which it is held.
    form, frequency
        How it comes.
    sent
        Whether a machine or a person sends it.
    maturity
        The partner's own word on its level (`LEVELS`) in each year, the oldest first.
    checked
        Its own check of accuracy, if it made one.
    blocker
        What keeps it from being better.
    """

    coverage: Sentence
    history_from: date
    form: Form
    frequency: Frequency
    sent: Literal["automatically", "by hand"]
    maturity: dict[int, Level] = Field(min_length=1)
    checked: Check | None = None
    blocker: Blocker | None = None

    @field_validator("maturity")
    @classmethod
    def _years_in_order(cls, maturity: dict[int, int]) -> dict[int, int]:
        if list(maturity) != sorted(maturity):
            raise ValueError("the years must follow each other, the oldest first")
        return maturity

    @property
    def self_assessed(self) -> int:
        """The partner's newest word on its level."""
        return list(self.maturity.values())[-1]


class Held(_Part):
    """A dataset that the hub is sent, by partner.

    Attributes
    ----------
    about, level
    rightly_blank
        Columns that say something only where there is something to say, such as an end. They count
        for no completeness.
    by
    """

    about: About
    level: RowOf
    rightly_blank: tuple[str, ...] = ()
    by: dict[Name, Holding] = Field(min_length=1)


class Wanted(_Part):
    """A dataset that is wanted and not shared.

    Attributes
    ----------
    title, partner, about, level, coverage, history_from, form, frequency
        As of `Held` and `Holding`; `partner` holds it.
    fields
        Those that are asked for, each of which some step waits for.
    waits
        To each step ``<pilot>/<step>`` the fields that it would use.
    unlocks
        What could be said then that cannot be said now.
    value, effort
        From 1 (little) to 5 (much), each with its reason.
    blocker
    """

    title: str = Field(min_length=1, max_length=17)
    partner: Name
    about: About
    level: RowOf
    coverage: Sentence
    history_from: date
    form: Form
    frequency: Frequency
    fields: tuple[Name, ...] = Field(min_length=1)
    waits: dict[str, tuple[str, ...]] = Field(min_length=1)
    unlocks: Sentence
    value: Level
    value_because: Sentence
    effort: Level
    effort_because: Sentence
    blocker: Blocker

    @model_validator(mode="after")
    def _asks_for_what_is_awaited(self) -> Self:
        for step, fields in self.waits.items():
            for field in fields:
                if field not in self.fields:
                    raise ValueError(
                        f"waits.{step}: {field!r} is not among fields. "
                        f"{nearest(field, self.fields)}"
                    )
        awaited = {field for fields in self.waits.values() for field in fields}
        for field in self.fields:
            if field not in awaited:
                raise ValueError(
                    f"fields: no step waits for {field!r}. Take it out, or say under waits which "
                    "step would use it: nothing is asked for that nobody uses"
                )
        return self


class Register(_Part):
    """The register.

    Attributes
    ----------
    roadmap
        The file's name.
    held
        By dataset; every dataset of the contracts with every partner that delivers it.
    wanted
        By name; none of them a dataset of the contracts.
    """

    roadmap: str
    held: dict[str, Held]
    wanted: dict[Name, Wanted] = Field(min_length=1)

    @model_validator(mode="after")
    def _covers_the_contracts(self) -> Self:
        require_known(self.held, CONTRACTS, "held names the dataset")
        for dataset, contract in CONTRACTS.items():
            if dataset not in self.held:
                raise ValueError(f"held: {dataset} has a contract and is not in the register")
            by, where = self.held[dataset].by, f"held.{dataset}.by"
            require_known(by, contract.partners, f"{where} names the partner")
            for partner in contract.partners:
                if partner not in by:
                    raise ValueError(f"{where}: {partner} delivers it and is not in the register")
            optional = [name for name, column in contract.columns.items() if not column.required]
            blank, where = self.held[dataset].rightly_blank, f"held.{dataset}.rightly_blank"
            require_known(blank, optional, f"{where} names the column", "may not be blank")
        return self

    @model_validator(mode="after")
    def _wants_what_is_not_there(self) -> Self:
        for name, wanted in self.wanted.items():
            if name in CONTRACTS:
                raise ValueError(f"wanted.{name}: a contract knows it. Describe it under held")
            require_known([wanted.partner], PARTNERS, f"wanted.{name}.partner names")
        return self

    @property
    def partners(self) -> dict[str, str]:
        """The short names of those that hold something, in the order of reports."""
        speaking = {partner for held in self.held.values() for partner in held.by}
        speaking |= {wanted.partner for wanted in self.wanted.values()}
        return {name: said.short for name, said in PARTNERS.items() if name in speaking}


def read_register(path: Path) -> Register:
    """Read and check the register.

    Raises
    ------
    RoadmapError
        If the file is absent or not YAML, or a key is missing, unknown or of the wrong form; the
        message names the key, and the nearest name that is known.
    """
    return read_named(
        path,
        Register,
        key="roadmap",
        shown=path.name,
        absent=f"{path.name} is not in {path.parent.name}/",
        error=RoadmapError,
    )


def check_waits(register: Register, pilots: Mapping[str, Pilot]) -> None:
    """Refuse a register that lets a step wait which no pilot has.

    Raises
    ------
    RoadmapError
        Naming the key and the nearest step.
    """
    steps = [f"{name}/{step.name}" for name, pilot in pilots.items() for step in pilot.steps]
    for name, wanted in register.wanted.items():
        for step in wanted.waits:
            if step not in steps:
                raise RoadmapError(
                    f"roadmap.yaml: wanted.{name}.waits: there is no step {step!r} in the "
                    f"parameter files. {nearest(step, steps)}"
                )
