"""What a pilot's file says of the values to expect, and of whom to tell when something is amiss."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from woda_lib.records.runs import Unexpected, Value

Event = Literal["failure", "unexpected"]


class Expected(BaseModel):
    """The range in which a headline value is expected to lie, ends included.

    Attributes
    ----------
    low, high : float, optional
        At least one of the two.
    reason : str
        Why that is expected; it is told to whoever is told of a value outside.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: float | None = None
    high: float | None = None
    reason: str

    @model_validator(mode="after")
    def _is_a_range(self) -> Expected:
        if self.low is None and self.high is None:
            raise ValueError("give low or high or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low ({self.low:g}) is above high ({self.high:g})")
        return self


class Notify(BaseModel):
    """Whom a scheduled run tells when something is amiss, and of what.

    Attributes
    ----------
    email : tuple of str
        Addresses; the server they are sent through is set by ``WODA_SMTP_…``.
    command : tuple of str, optional
        A program with its arguments, started without a shell; it gets the message as JSON on its
        standard input.
    on : tuple of {"failure", "unexpected"}
        A run that failed; a value outside its expected range.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    on: tuple[Event, ...] = ("failure", "unexpected")

    @model_validator(mode="before")
    @classmethod
    def _on_is_a_word(cls, content: Any) -> Any:
        """Read the key ``on``, which YAML takes for the truth value."""
        if isinstance(content, dict) and True in content:
            return {("on" if key is True else key): value for key, value in content.items()}
        return content

    @field_validator("command", mode="before")
    @classmethod
    def _split(cls, command: Any) -> Any:
        return tuple(shlex.split(command)) if isinstance(command, str) else command

    @field_validator("email")
    @classmethod
    def _are_addresses(cls, email: tuple[str, ...]) -> tuple[str, ...]:
        for address in email:
            try:
                parsed = Address(addr_spec=address)
                good = bool(parsed.username and parsed.domain) and address.isascii()
            except (MessageError, ValueError, IndexError):
                good = False
            if not good:
                raise ValueError(f"{address!r} is no e-mail address")
        return email

    @model_validator(mode="after")
    def _tells_somebody(self) -> Notify:
        if not self.email and not self.command:
            raise ValueError("give email or command or both")
        return self


def unexpected(
    expected: Mapping[str, Expected], values: Mapping[str, Value]
) -> tuple[Unexpected, ...]:
    """Return what lies outside its expected range, was withheld, or was never recorded."""
    found = []
    for name, bounds in expected.items():
        value = values.get(name)
        number = value.value if value else None
        low, high = bounds.low, bounds.high
        inside = (
            number is not None
            and (low is None or number >= low)
            and (high is None or number <= high)
        )
        if not inside:
            found.append(
                Unexpected(name=name, value=value, low=low, high=high, reason=bounds.reason)
            )
    return tuple(found)
