"""The parameter file of a pilot: its question, owner, agreement, steps and parameter values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from woda_lib.errors import WodaError
from woda_lib.records.findings import nearest, require_known
from woda_lib.records.layout import RESERVED
from woda_lib.records.named_files import read_named
from woda_lib.records.parameters import Parameter, ParameterError
from woda_lib.records.protocols import ProtocolError, protocol_file, read_protocol
from woda_lib.records.releases import is_version
from woda_lib.records.schedules import Schedule
from woda_lib.records.watching import Expected, Notify

NO_AGREEMENT = "none"
"""What a study names in place of an agreement."""

_SNAKE_CASE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
_STEP_NAME = re.compile(r"^[a-z0-9]+(_[a-z0-9]+)*$")


class ParameterFileError(WodaError):
    """A parameter file is missing or does not say what it must."""

    exit_code = 2


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

    Attributes
    ----------
    pilot : str
        Its name in snake_case, which is the file's and its folders' too.
    title, question : str
        What it is called, and what a decision-maker asks.
    owner : str
        Who answers for it: an office, never a person's name.
    agreement : str
        The data-sharing agreement under which it reads; ``none`` for a study.
    seed : int
        For every random draw of its steps.
    schedule : Schedule, optional
        When it runs by itself; a plain cron expression means one in London's time.
    expected : mapping of str to Expected
        The ranges of headline values, by their names.
    notify : Notify, optional
        Whom a scheduled run tells of a failure or of a value outside its range.
    cites : mapping of str to str
        By pilot from which of its versions figures are cited: a release (``"1.0"``) or ``newest``.
    steps : tuple of Step
        Its notebooks.
    parameters : mapping of str to Parameter
        What can be changed, by name; some step uses each.
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
    cites: dict[str, str] = {}
    steps: tuple[Step, ...] = Field(min_length=1)
    parameters: dict[str, Parameter] = {}

    @field_validator("schedule", mode="before")
    @classmethod
    def _text_is_its_cron_expression(cls, schedule: Any) -> Any:
        return {"cron": schedule} if isinstance(schedule, str) else schedule

    @field_validator("cites", mode="before")
    @classmethod
    def _names_versions(cls, cites: Any) -> Any:
        for pilot, version in cites.items() if isinstance(cites, dict) else ():
            if isinstance(version, float | int):
                raise ValueError(f'{pilot}: write the version within quotes: "{version}"')
            if version != "newest" and not is_version(str(version)):
                raise ValueError(f'{pilot}: must be a version, such as "1.0", or newest')
        return cites

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
        if self.pilot in self.cites:
            raise ValueError("a pilot cannot cite itself")
        if self.answered_by not in names:
            raise ValueError(f"answered_by names {self.answered_by!r}, which is not a step")
        used: set[str] = set()
        for step in self.steps:
            require_known(step.needs, names, f"step {step.name} needs")
            uses = f"step {step.name} uses the parameter"
            require_known(step.parameters, self.parameters, uses)
            used.update(step.parameters)
        if unused := sorted(set(self.parameters) - used):
            raise ValueError(f"no step uses the parameter {unused[0]!r}")
        return self

    @property
    def is_study(self) -> bool:
        """Whether it has no agreement, and so reads no partner's rows."""
        return self.agreement == NO_AGREEMENT

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
    pilot = read_named(
        path,
        Pilot,
        key="pilot",
        shown=path.name,
        absent=f"{path.name} is not in {path.parent.name}/",
        error=ParameterFileError,
    )
    for step in pilot.steps:
        if step.protocol:
            _require_protocol(pilot, step, path)
    return pilot


def read_pilots(folder: Path) -> dict[str, Pilot]:
    """Read every parameter file of `folder`, in the order of `in_reading_order`."""
    found = (read_pilot(path) for path in sorted(folder.glob("*.yaml")))
    return {pilot.pilot: pilot for pilot in in_reading_order(found)}


def in_reading_order(pilots: Iterable[Pilot]) -> list[Pilot]:
    """Return pilots first, then studies, and last what cites others; each kind by name.

    Whoever reads from the top has met every figure before the page that draws on them all.
    """
    return sorted(pilots, key=lambda each: (bool(each.cites), each.is_study, each.pilot))


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
