"""One parameter of a pilot: its type and range, and how uncertain its value is."""

from __future__ import annotations

import math
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from woda_lib.errors import WodaError

_TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool, "date": date}
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "date": "a date such as 2023-10-01",
}


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
        What kind of value it takes.
    value
        The value that notebooks carry as their default.
    unit, description : str
        For people; both appear in reports and in `woda list`.
    called : str
        What tables and pictures call it, where its name alone does not say it: "fading without
        upkeep".
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
    called: str = ""
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
            words = [f"{self.low:,.10g} to {self.high:,.10g}", self.distribution or "normal"]
        if self.price_year:
            words.append(f"prices of {self.price_year}")
        return ", ".join(words)

    def limits(self, value: float) -> tuple[float, float]:
        """Return low and high of a value; where it is not the file's they move in proportion.

        Of a share (a beta distribution) the odds move in proportion, so that no limit leaves what
        a share can be. What has no limits is known, so that both are the value.
        """
        if self.low is None or self.high is None:
            return value, value
        usual = float(self.value)  # type: ignore[arg-type]
        if self.distribution == "beta":
            whole = 100.0 if self.unit.startswith("%") else 1.0
            low, high = (
                whole * _at_other_odds(end / whole, usual=usual / whole, now=value / whole)
                for end in (self.low, self.high)
            )
            return low, high
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


def _at_other_odds(end: float, *, usual: float, now: float) -> float:
    """Return where the limit of a share lies once the share itself is another."""
    if now == usual or not 0 < usual < 1:
        return end
    if not 0 < now < 1:
        return now
    odds = end * (1 - usual) * now
    return odds / (odds + (1 - end) * usual * (1 - now))
