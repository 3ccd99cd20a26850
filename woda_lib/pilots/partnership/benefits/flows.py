"""A flow of money: what a pilot brings or costs a year, by a sum over named inputs."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from woda_lib.evaluation import Formula
from woda_lib.pilots.partnership.typed import FormulaOrNone, Said

ASSUMED = "assumed/"
"""How a figure begins that is a parameter of the step."""
WHOLE = "whole"
"""The share of what nothing but shared data brought about."""


class Part(BaseModel):
    """A part of the register: it knows its keys, and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FlowInput(Part):
    """A figure that sums are made of: from one place, or between two figures.

    A figure in per cent is a share in a sum: 20% is 0.2.

    Attributes
    ----------
    taken_from : str
        In the file ``from``: as `Run.cite` takes it, such as ``patient_flow/days_saved``,
        ``assumed/bed_day_cost`` or ``reported/cost_avoided_per_month``.
    between : tuple of str
        Or the two figures between which it lies, each as likely as the other.
    price_year : str
        Of money that is cited or reported: the financial year of its prices. A parameter's own
        stands in the parameter file.
    grade : int
        How well it is known, as ``parameters/money/optimism_bias.yaml`` has it. What is assumed
        must say so; 1, the best, where nothing is said.
    """

    taken_from: str = Field("", alias="from")
    between: tuple[str, str] | None = None
    price_year: str = ""
    grade: int = Field(1, ge=1, le=6)

    @model_validator(mode="after")
    def _one_of_the_two(self) -> FlowInput:
        if bool(self.taken_from) == bool(self.between):
            raise ValueError("give either `from`, one figure, or `between`, two figures")
        if "grade" not in self.model_fields_set:
            for figure in self.figures:
                if figure.startswith(ASSUMED):
                    raise ValueError(
                        f"{figure} is assumed; say under `grade` how well it is known, from 1 "
                        "(measured here) to 6 (somebody's judgement)"
                    )
        return self

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that it is taken from."""
        return self.between or (self.taken_from,)


class Attribution(Part):
    """The share of a flow that sharing data brought about: an input's name or `WHOLE`; and why."""

    share: str
    because: Said


class Flow(Part):
    """One flow of money.

    Attributes
    ----------
    flow, pilot, says : str
        Its name; of which pilot; and what it is, in a sentence.
    kind : {"benefit", "cost"}
    formula : str
        Pounds a year, whoever caused it; empty only where there is nothing to work out.
    partner, resource, population : str
        Who pays or gains what, and of whom; names in the register's own tables.
    cashable : bool
        Whether it can be taken out of a budget: cash released, and not cost avoided.
    first_year, last_year : int
        Year 0 is now. A flow of one year comes once.
    grade : int
        Of the weakest thing that it rests on, as ``parameters/money/optimism_bias.yaml`` has them.
    attribution : Attribution
    not_counted : str
        Why it is in no sum, though it may be worked out; empty where it is counted.
    """

    flow: Said
    pilot: str
    says: Said
    kind: Literal["benefit", "cost"] = "benefit"
    formula: FormulaOrNone = ""
    partner: str
    resource: str
    population: str
    cashable: bool = False
    first_year: int = Field(0, ge=0)
    last_year: int = Field(0, ge=0)
    grade: int = Field(ge=1, le=6)
    attribution: Attribution | None = None
    not_counted: Said = ""

    @model_validator(mode="after")
    def _can_be_counted(self) -> Flow:
        if self.last_year < self.first_year:
            raise ValueError("last_year comes before first_year")
        if self.counted and not self.formula:
            raise ValueError(
                "it is counted and has no formula; write one, or `not_counted` and why"
            )
        if self.formula and self.attribution is None:
            raise ValueError(
                "attribution: say which share of it sharing data brought about, and why"
            )
        return self

    @property
    def counted(self) -> bool:
        """Whether it is part of a sum."""
        return not self.not_counted

    @property
    def once(self) -> bool:
        """Whether it comes in one year alone."""
        return self.first_year == self.last_year

    @property
    def attributed(self) -> str:
        """Its sum as far as sharing data brought it about."""
        assert self.attribution is not None
        if self.attribution.share == WHOLE:
            return self.formula
        return f"({self.formula}) * {self.attribution.share}"

    @property
    def inputs(self) -> frozenset[str]:
        """The inputs that its sum names, its attribution among them."""
        return Formula(self.attributed).names if self.formula else frozenset()
