"""The parameter file of a pilot: its question, owner, agreement, steps and parameter values."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from woda_lib.errors import WodaError
from woda_lib.records.findings import explain, nearest
from woda_lib.records.layout import RESERVED
from woda_lib.records.protocols import ProtocolError, protocol_file, read_protocol
from woda_lib.records.schedules import Schedule
from woda_lib.records.watching import Expected, Notify

_SNAKE_CASE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
_STEP_NAME = re.compile(r"^[a-z0-9]+(_[a-z0-9]+)*$")
_TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool, "date": date}
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "date": "a date such as 2023-10-01",
}


class ParameterFileError(WodaError):
    """A parameter file is missing or does not say what it must."""

    exit_code = 2


class ParameterError(WodaError):
    """A parameter is unknown, or its value has the wrong type or lies outside its range."""

    exit_code = 2


Family = Literal["normal", "lognormal", "triangular", "pert", "gamma", "beta", "uniform"]
"""The distributions that a parameter may have; `evaluation.money.distributions` says more."""


class Parameter(BaseModel):
    """One parameter of a pilot.

    Attributes
    ----------
    type : {"int", "float", "str", "bool", "date"}
    value
        The value that notebooks carry as their default.
    unit, description : str
        For people; both appear in reports and in `woda list`.
    minimum, maximum
        The range that is accepted, ends included.
    choices
        The only values that are accepted.
    low, high
        Of a number that is not known for sure: between which two it lies, with 95% probability.
        Notebooks carry the value alone; what evaluates its uncertainty asks `Run.spread`.
    distribution
        How it lies between them; normal (lopsided where the limits are) if nothing is said.
    price_year : str
        Of money: the financial year of its prices, such as 2015-16.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["int", "float", "str", "bool", "date"]
    value: bool | int | float | date | str
    unit: str = ""
    description: str
    minimum: int | float | date | None = None
    maximum: int | float | date | None = None
    choices: tuple[bool | int | float | str, ...] | None = None
    low: float | None = None
    high: float | None = None
    distribution: Family | None = None
    price_year: str = ""

    @model_validator(mode="after")
    def _value_keeps_its_own_rules(self) -> Parameter:
        try:
            for name in ("minimum", "maximum"):
                if getattr(self, name) is not None:
                    self._typed(getattr(self, name), name)
            self.checked(self.value, "value")
        except ParameterError as error:
            raise ValueError(str(error)) from None  # so that the file and the key are named too
        self._require_sound_limits()
        return self

    def _require_sound_limits(self) -> None:
        if self.low is None and self.high is None:
            if self.distribution is not None:
                raise ValueError("a distribution needs low and high, its 95% limits")
            return
        if self.type not in ("int", "float"):
            raise ValueError("low and high are for numbers alone")
        if self.low is None or self.high is None:
            raise ValueError("give both low and high, or neither")
        if not self.low <= float(self.value) <= self.high:  # type: ignore[arg-type]
            raise ValueError(f"the value must lie between low ({self.low}) and high ({self.high})")

    @property
    def spread(self) -> str:
        """How uncertain it is, in words: 260 to 352, gamma, prices of 2015-16. Or nothing."""
        words = []
        if self.low is not None and self.high is not None:
            words = [f"{self.low:.10g} to {self.high:.10g}", self.distribution or "normal"]
        if self.price_year:
            words.append(f"prices of {self.price_year}")
        return ", ".join(words)

    def limits(self, value: float) -> tuple[float, float]:
        """Return low and high of a value; where it is not the file's they move in proportion.

        What has no limits is known, so that both are the value.
        """
        if self.low is None or self.high is None:
            return value, value
        usual = float(self.value)  # type: ignore[arg-type]
        if usual == 0:
            return self.low + value, self.high + value
        ends = self.low * value / usual, self.high * value / usual
        return min(ends), max(ends)

    def checked(self, value: Any, name: str) -> Any:
        """Return `value` in the parameter's type.

        Parameters
        ----------
        value
            From YAML, a notebook (a date is written as its ISO string) or the command line (text).
        name : str
            How to call the parameter in an error.

        Raises
        ------
        ParameterError
            If the type does not fit, or the value is out of range or not among the choices.
        """
        typed = self._typed(value, name)
        for word, bound, broken in (
            ("at least", self.minimum, lambda limit: typed < limit),
            ("at most", self.maximum, lambda limit: typed > limit),
        ):
            if bound is not None and broken(bound):
                raise ParameterError(f"{name} is {typed}, and must be {word} {bound}{self._unit}.")
        if self.choices is not None and typed not in self.choices:
            allowed = ", ".join(str(choice) for choice in self.choices)
            raise ParameterError(f"{name} is {typed!r}, and must be one of {allowed}.")
        return typed

    @property
    def _unit(self) -> str:
        return f" ({self.unit})" if self.unit else ""

    def _typed(self, value: Any, name: str) -> Any:
        wanted = _TYPES[self.type]
        try:
            if wanted is float and not isinstance(value, bool):
                number = float(value)
                if math.isfinite(number):
                    return number
            elif isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool)):
                return value
            if wanted is int and isinstance(value, str):
                return int(value)
            if wanted is date and isinstance(value, str):
                return date.fromisoformat(value)
            if wanted is bool and str(value).lower() in {"true", "false"}:
                return str(value).lower() == "true"
        except (TypeError, ValueError):
            pass
        raise ParameterError(
            f"{name} is {value!r}, and must be {_KINDS[self.type]}{self._unit}: {self.description}"
        )

    def plain(self, value: Any) -> bool | int | float | str:
        """Return `value` as a notebook's parameters cell writes it (a date as its ISO string)."""
        return value.isoformat() if isinstance(value, date) else value


class Step(BaseModel):
    """One notebook of a pilot.

    Attributes
    ----------
    name : str
        The notebook's file name without its ending, such as ``2_evaluate``.
    question : str
        What the notebook answers.
    needs : tuple of str
        Earlier steps of the same pilot that must be done first.
    datasets : mapping of str to tuple of str
        The datasets that the step loads, each with the fields that it needs and no others; refused
        before any work where the agreement does not share them or the extracts do not hold them.
        A dataset without fields means every one that the agreement permits. In the file, a plain
        list of datasets means that of each.
    parameters : tuple of str
        The parameters that stand in the notebook's parameters cell.
    purpose : str
        The purpose of the agreement under which the step loads data.
    protocol : str, optional
        The pre-registration that its analysis is held to: ``protocols/<protocol>.yaml`` beside the
        pilot's file.
    cell_minutes : float
        The longest that one of its cells may run; one that runs longer hangs, and the step fails.
    memory_gb : float, optional
        The most memory that its kernel may hold, in gigabytes of 2**30 bytes. It is kept free for
        the step before it starts, and a kernel that takes more is ended.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    question: str
    needs: tuple[str, ...] = ()
    datasets: dict[str, tuple[str, ...]] = {}
    parameters: tuple[str, ...] = ()
    purpose: str
    protocol: str | None = None
    cell_minutes: float = Field(default=60, gt=0)
    memory_gb: float | None = Field(default=None, gt=0)

    @field_validator("datasets", mode="before")
    @classmethod
    def _a_list_means_every_permitted_field(cls, datasets: Any) -> Any:
        return dict.fromkeys(datasets, ()) if isinstance(datasets, list | tuple) else datasets

    @field_validator("name")
    @classmethod
    def _name_is_a_file_name(cls, name: str) -> str:
        if not _STEP_NAME.match(name):
            raise ValueError("a step's name is digits and small letters joined by underscores")
        return name


class Pilot(BaseModel):
    """A pilot (or study): what it asks, who owns it, and how its notebooks are run.

    `schedule` is when it runs by itself; in the file, a plain cron expression means one in London's
    time. `expected` holds by name the ranges of headline values, and `notify` whom a scheduled run
    tells of a failure or of a value outside its range.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pilot: str
    title: str
    question: str
    example: bool = Field(
        default=False,
        description="Whether it still answers the example's question, as `woda new-pilot` laid it "
        "out. Its answers say so, and it is not released.",
    )
    owner: str
    agreement: str
    seed: int = 20260101
    schedule: Schedule | None = None
    expected: dict[str, Expected] = {}
    notify: Notify | None = None
    answered_by: str = Field(description="The step whose answer is the pilot's answer.")
    asks: str = Field("", description="What the Partnership Executive Group is asked to do.")
    steps: tuple[Step, ...] = Field(min_length=1)
    parameters: dict[str, Parameter] = {}

    @field_validator("schedule", mode="before")
    @classmethod
    def _text_is_its_cron_expression(cls, schedule: Any) -> Any:
        return {"cron": schedule} if isinstance(schedule, str) else schedule

    @model_validator(mode="after")
    def _names_agree(self) -> Pilot:
        names = [step.name for step in self.steps]
        for name in (self.pilot, *self.parameters):
            if not _SNAKE_CASE.match(name):
                raise ValueError(f"{name!r} is not in snake_case")
        if self.pilot in RESERVED:
            raise ValueError(
                f"a pilot may not be called {self.pilot!r}: outputs/{self.pilot}/ is taken"
            )
        if len(set(names)) != len(names):
            raise ValueError("two steps have the same name")
        if self.answered_by not in names:
            raise ValueError(f"answered_by names {self.answered_by!r}, which is not a step")
        used: set[str] = set()
        for step in self.steps:
            _require_known(step.needs, names, f"step {step.name} needs")
            _require_known(step.parameters, self.parameters, f"step {step.name} uses the parameter")
            used.update(step.parameters)
        if unused := sorted(set(self.parameters) - used):
            raise ValueError(f"no step uses the parameter {unused[0]!r}")
        return self

    def step(self, name: str) -> Step:
        """Return the step called `name`, or raise `ParameterFileError` with the nearest one."""
        for step in self.steps:
            if step.name == name:
                return step
        raise ParameterFileError(
            f"{self.pilot} has no step {name!r}. "
            f"{nearest(name, [step.name for step in self.steps])}"
        )

    def values(self, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return every parameter's value, typed and checked.

        Parameters
        ----------
        overrides : mapping of str to value, optional
            Values that stand in for the file's, as text or typed.

        Raises
        ------
        ParameterError
            If a name is not a parameter of this pilot (the nearest one is named), or a value does
            not fit.
        """
        overrides = dict(overrides or {})
        for name in overrides:
            if name not in self.parameters:
                raise ParameterError(
                    f"{self.pilot} has no parameter {name!r}. {nearest(name, self.parameters)}"
                )
        return {
            name: parameter.checked(overrides.get(name, parameter.value), name)
            for name, parameter in self.parameters.items()
        }


def read_pilot(path: Path) -> Pilot:
    """Read and check one parameter file.

    Raises
    ------
    ParameterFileError
        If the file is absent or not YAML, or a key is missing, unknown or of the wrong form; the
        message names the file and the key.
    ProtocolError
        If the same is true of a protocol that one of its steps names.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = [other.stem for other in path.parent.glob("*.yaml")]
        raise ParameterFileError(
            f"There is no pilot {path.stem!r} ({path.name} is not in {path.parent.name}/). "
            f"{nearest(path.stem, known)}"
        ) from None
    except yaml.YAMLError as error:
        raise ParameterFileError(f"{path.name} is not valid YAML: {error}") from None
    if not isinstance(content, dict):
        raise ParameterFileError(f"{path.name} must hold keys and values, and does not.")
    try:
        pilot = Pilot.model_validate(content)
    except ValidationError as error:
        raise ParameterFileError(f"{path.name}: {explain(error)}") from None
    if pilot.pilot != path.stem:
        raise ParameterFileError(
            f"{path.name}: the key pilot is {pilot.pilot!r}, and must be the file's name, "
            f"{path.stem!r}."
        )
    for step in pilot.steps:
        if step.protocol:
            _require_protocol(pilot, step, path)
    return pilot


def read_pilots(folder: Path) -> dict[str, Pilot]:
    """Read every parameter file of `folder`, in the order of their names."""
    return {path.stem: read_pilot(path) for path in sorted(folder.glob("*.yaml"))}


def _require_protocol(pilot: Pilot, step: Step, path: Path) -> None:
    """Hold a step's protocol to the pilot's own parameters."""
    protocol = read_protocol(protocol_file(path.parent, str(step.protocol)))
    for name, value in protocol.parameters.items():
        if name not in step.parameters:
            raise ProtocolError(
                f"protocols/{step.protocol}.yaml: parameters.{name} is no parameter of the step "
                f"{step.name} in {path.name}. {nearest(name, step.parameters)}"
            )
        try:
            pilot.parameters[name].checked(value, name)
        except ParameterError as error:
            raise ProtocolError(f"protocols/{step.protocol}.yaml: parameters: {error}") from None


def _require_known(names: Iterable[str], known: Iterable[str], what: str) -> None:
    known = list(known)
    for name in names:
        if name not in known:
            raise ValueError(f"{what} {name!r}, which is not there. {nearest(name, known)}")
