"""What the partnership can decide: ``parameters/partnership/options.yaml``."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from woda_lib.evaluation import SHARE
from woda_lib.pilots.partnership.case.files import Part
from woda_lib.pilots.partnership.typed import FormulaText, Said, require_said
from woda_lib.records import require_known

COUNTS = "_counts"
"""How the input ends that says which share of a pilot's benefits comes about."""
COSTS_COUNT = "costs_count"
"""The input that says what the office costs against the plan."""


class Baseline(Part):
    """What happens if nobody decides; `keeps` is the share of a benefit still there in a year."""

    title: Said
    called: Said
    says: Said
    keeps: FormulaText


class Option(Part):
    """One option.

    Attributes
    ----------
    option, title, says : str
    called : str
        What a sentence calls it: "a permanent team".
    posts : str
        A formula of the full-time posts.
    goes_on : bool
        Whether it costs something after year 0.
    keeps : str
        A formula of `year`: the share of a benefit under way that is still there.
    sees_through : tuple of str
        Pilots whose benefits have not begun, and come under this option.
    """

    option: str
    title: Said
    called: Said
    says: Said
    posts: FormulaText
    goes_on: bool
    keeps: FormulaText
    sees_through: tuple[str, ...] = ()


class Scenario(Part):
    """What if: its name, the inputs that it holds at a number, and its title.

    A title says what is held by placeholders, ``{costs_count}``, so that it is right of whatever
    number stands there: 1.2 is said as 120%.
    """

    scenario: str = Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
    holds: dict[str, float] = Field(min_length=1)
    title: str

    @field_validator("title")
    @classmethod
    def _says_what_is_held(cls, title: str, info: ValidationInfo) -> str:
        held = info.data.get("holds", {})
        try:
            return require_said(title).format(**{name: f"{at:.0%}" for name, at in held.items()})
        except (KeyError, IndexError, ValueError) as error:
            if isinstance(error, KeyError):
                raise ValueError(f"it says {error}, which the scenario does not hold") from None
            raise


class Options(Part):
    """The file.

    Attributes
    ----------
    under_way, to_come : mapping of str to str
        By pilot, why its benefits fade without upkeep, or come only if somebody sees to it.
    baseline : Baseline
    options : tuple of Option
        The last is the one that the scenarios are of.
    scenarios : tuple of Scenario
    """

    under_way: dict[str, Said]
    to_come: dict[str, Said]
    baseline: Baseline
    options: tuple[Option, ...] = Field(min_length=1)
    scenarios: tuple[Scenario, ...] = ()

    @model_validator(mode="after")
    def _names_agree(self) -> Options:
        if both := sorted(self.under_way.keys() & self.to_come.keys()):
            raise ValueError(f"{both[0]} is both under way and to come; it is one of the two")
        for names, what in (
            ([one.option for one in self.options], "option"),
            ([one.scenario for one in self.scenarios], "scenario"),
        ):
            if twice := [name for name in names if names.count(name) > 1]:
                raise ValueError(f"the {what} {twice[0]!r} is twice")
        known = [f"{pilot}{COUNTS}" for pilot in (*self.under_way, *self.to_come)]
        for one in self.options:
            require_known(one.sees_through, self.to_come, f"{one.option}: sees_through names")
        for what_if in self.scenarios:
            require_known(what_if.holds, [*known, COSTS_COUNT], f"{what_if.scenario} names")
        return self

    @property
    def counts(self) -> tuple[str, ...]:
        """The inputs that are 1 as planned, and that scenarios hold at something else."""
        return tuple(self.as_planned())

    def as_planned(self) -> dict[str, dict[str, Any]]:
        """Return the same, each by its name as `uncertain_inputs` takes it."""
        called = {
            f"{pilot}{COUNTS}": f"benefits of {pilot.replace('_', ' ')}"
            for pilot in (*self.under_way, *self.to_come)
        } | {COSTS_COUNT: "all costs"}
        known = {"estimate": 1.0, "low": 1.0, "high": 1.0, "distribution": "fixed"}
        known["unit"] = f"{SHARE}, of what is planned"
        return {name: {**known, "called": words} for name, words in called.items()}
