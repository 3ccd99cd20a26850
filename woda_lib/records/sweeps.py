"""What a sweep wrote down: ``outputs/<pilot>/sweeps/<id>/sweep.json``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from woda_lib.records.runs import Value


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Scenario(_Record):
    """One point of a sweep's grid.

    Attributes
    ----------
    swept : dict
        The swept parameters' values, as a parameters cell writes them.
    base : bool
        Whether they are the parameter file's own.
    run_id : str
        Its run, below the sweep's folder; blank where it failed.
    values : tuple of Value
        Every headline value that it found.
    message : str
        Why it failed.
    """

    swept: dict[str, Any]
    base: bool = False
    run_id: str = ""
    values: tuple[Value, ...] = ()
    message: str = ""

    def value(self, name: str) -> Value | None:
        """The headline value of this name, if the scenario recorded one."""
        return next((value for value in self.values if value.name == name), None)


class Sweep(_Record):
    """One pilot, run at each point of a grid of one or two parameters.

    `fixed` holds parameters that were given another value for all scenarios alike.
    """

    pilot: str
    sweep_id: str
    question: str
    started: datetime
    finished: datetime
    synthetic: bool
    extracts: str
    swept: tuple[str, ...]
    fixed: dict[str, Any] = {}
    scenarios: tuple[Scenario, ...]

    @property
    def base(self) -> Scenario | None:
        """The scenario with the parameter file's values; None if it failed."""
        return next((each for each in self.scenarios if each.base and each.run_id), None)

    @property
    def names(self) -> list[str]:
        """The headline values that any scenario found, in the order in which they first came."""
        found = (value.name for each in self.scenarios for value in each.values)
        return list(dict.fromkeys(found))
