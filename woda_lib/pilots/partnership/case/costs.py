"""What the office costs: ``parameters/partnership/costs.yaml``, a row a cost."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from woda_lib.pilots.partnership.case.files import Part
from woda_lib.pilots.partnership.typed import FormulaText, Said


class Cost(Part):
    """One cost.

    Attributes
    ----------
    cost, says : str
        Its name, and what it is, in a sentence.
    formula : str
        Pounds a year, over parameters of the step and ``posts``, the posts of the option.
    runs : {"setting_up", "running", "ending"}
        In year 0 alone; in every year in which the option goes on; or in its last year alone.
    cash : bool
        Whether a budget must hold it; the time of people who are paid anyway is no cash.
    grade : int
        Of what it rests on, as ``parameters/money/optimism_bias.yaml`` has them.
    options : tuple of str
        The options that bear it.
    """

    cost: Said
    says: Said
    formula: FormulaText
    runs: Literal["setting_up", "running", "ending"]
    cash: bool
    grade: int = Field(ge=1, le=6)
    options: tuple[str, ...] = Field(min_length=1)

    def years(self, last: int) -> tuple[int, int]:
        """Return its first and last year in an option that goes on until year `last`."""
        return {"setting_up": (0, 0), "running": (0, last), "ending": (last, last)}[self.runs]


class Costs(Part):
    """The file.

    Attributes
    ----------
    contributions : mapping of str to str
        By partner the parameter that says which part of every cost it would pay.
    costs : tuple of Cost
    """

    contributions: dict[str, str] = Field(min_length=1)
    costs: tuple[Cost, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _named_once(self) -> Costs:
        names = [one.cost for one in self.costs]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"the cost {twice[0]!r} is twice")
        return self
