"""A pre-registration: what an evaluation said it would do, before anybody saw an outcome.

``parameters/protocols/<name>.yaml`` says the question, who is counted, by which clock and in which
window, the one model that answers, what it is expected to show, and everything else that will be
looked at. A step that names it in the pilot's file is held to it: its notebook takes the settings
of the primary model from here and nowhere else, and a run whose parameters are not the registered
ones says so wherever its answer is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from woda_lib.errors import WodaError
from woda_lib.records.findings import nearest
from woda_lib.records.named_files import read_named

Direction = Literal["lower", "higher", "no worse"]
Setting = bool | int | float | str | tuple[str, ...] | None


class ProtocolError(WodaError):
    """A protocol is missing or does not say what it must."""

    exit_code = 2


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Primary(_Part):
    """The one analysis that answers the question.

    Attributes
    ----------
    outcome : str
        What is measured, with its unit.
    model : str
        The function of `woda_lib.evaluation`.
    settings : mapping
        Its keyword arguments, which the notebook hands over as they stand here.
    value : str
        The headline value that holds its estimate.
    reason : str
        Why this model and no other.
    """

    outcome: str
    model: str
    settings: dict[str, Setting] = {}
    value: str
    reason: str = ""


class Hypothesis(_Part):
    """What is expected, in which direction, and from what size on it matters.

    For "no worse", `smallest` is the margin: the worsening that would still be put up with.
    """

    name: str
    says: str
    direction: Direction
    smallest: float = Field(gt=0)
    unit: str


class Balance(_Part):
    """An outcome that must not get worse while the primary one gets better.

    Attributes
    ----------
    margin : float
        The worsening, in `unit`, that the whole interval must stay short of.
    better : {"lower", "higher"}
    reason : str
        Where the margin comes from.
    """

    name: str
    says: str
    better: Literal["lower", "higher"]
    margin: float = Field(gt=0)
    unit: str
    reason: str


class Subgroups(_Part):
    """One way of cutting the people into groups, and why the effect may differ between them."""

    name: str
    says: str
    reason: str = ""


class Deviation(_Part):
    """What was done otherwise than registered, when that was decided, and why."""

    decided_on: date
    what: str
    why: str


class Protocol(_Part):
    """A whole pre-registration.

    Attributes
    ----------
    protocol : str
        The file's name.
    version : str
    registered_on : date
        When this version was fixed. A version that is changed later gets a new number and day.
    question, population, clock, window : str
    parameters : mapping
        Those of the pilot whose values are part of the registered analysis.
    primary : Primary
    hypotheses, secondary, subgroups : tuple
    exploratory : str
        What is said beside every finding about sub-groups.
    analyses : tuple of str
        Everything else that will be done, a sentence each.
    deviations : tuple of Deviation
    """

    protocol: str
    version: str
    registered_on: date
    question: str
    population: str
    clock: str
    window: str
    parameters: dict[str, bool | int | float | date | str] = {}
    primary: Primary
    hypotheses: tuple[Hypothesis, ...] = Field(min_length=1)
    secondary: tuple[Balance, ...] = ()
    subgroups: tuple[Subgroups, ...] = ()
    exploratory: str = ""
    analyses: tuple[str, ...] = ()
    deviations: tuple[Deviation, ...] = ()

    @field_validator("version", mode="before")
    @classmethod
    def _a_version_is_text(cls, version: Any) -> Any:
        if isinstance(version, int | float) and not isinstance(version, bool):
            raise ValueError(f'write it in quotes, "{version}", so that 1.10 is not read as 1.1')
        return version

    @model_validator(mode="after")
    def _names_are_used_once(self) -> Protocol:
        for what in ("hypotheses", "secondary", "subgroups"):
            names = [part.name for part in getattr(self, what)]
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"{what} names {twice!r} twice")
        early = [each for each in self.deviations if each.decided_on < self.registered_on]
        if early:
            raise ValueError(
                f"a deviation of {early[0].decided_on} is older than the registration of "
                f"{self.registered_on}: what was decided before is part of the protocol"
            )
        return self

    def balance(self, name: str) -> Balance:
        """Return one of the secondary outcomes, or raise `ProtocolError` with the nearest name."""
        return _named(self.secondary, name, "secondary outcome")

    def hypothesis(self, name: str) -> Hypothesis:
        """Return one of the hypotheses, or raise `ProtocolError` with the nearest name."""
        return _named(self.hypotheses, name, "hypothesis")

    def departures(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """Say where a run's parameters are not the registered ones, a clause each.

        Parameters
        ----------
        parameters : mapping
            Of the run, typed.
        """
        return tuple(
            f"{name} is {say_plain(parameters[name])}, and {say_plain(registered)} was registered"
            for name, registered in self.parameters.items()
            if name in parameters and say_plain(parameters[name]) != say_plain(registered)
        )

    def canonical(self) -> str:
        """Return its content as one line of JSON, equal for files that say the same."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)


class Registered(_Part):
    """The protocol that a step was held to, as its record keeps it.

    Attributes
    ----------
    sha256 : str
        Of the file's bytes, so that anybody can prove it with `sha256sum`.
    departures : tuple of str
        Where the run was not the registered analysis.
    """

    protocol: Protocol
    sha256: str
    departures: tuple[str, ...] = ()


def protocol_file(parameters: Path, name: str) -> Path:
    """Return where the protocol called `name` stands, below the folder of parameter files."""
    return parameters / "protocols" / f"{name}.yaml"


def read_protocol(path: Path) -> Protocol:
    """Read and check one protocol.

    Raises
    ------
    ProtocolError
        If the file is absent or not YAML, or a key is missing, unknown or of the wrong form; the
        message names the file and the key.
    """
    return read_named(
        path,
        Protocol,
        key="protocol",
        shown=f"protocols/{path.name}",
        absent=f"parameters/protocols/{path.name} is missing",
        error=ProtocolError,
    )


def _named(parts: tuple[Any, ...], name: str, what: str) -> Any:
    for part in parts:
        if part.name == name:
            return part
    raise ProtocolError(
        f"The protocol registers no {what} {name!r}. {nearest(name, [p.name for p in parts])}"
    )


def say_plain(value: Any) -> str:
    """Return a setting as a reader takes it in."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " and ".join(value) if len(value) < 3 else f"{', '.join(value[:-1])} and {value[-1]}"
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)
