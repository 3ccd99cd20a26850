"""What can go wrong at the door: an extract that is not one, an agreement that says no."""

from __future__ import annotations

from woda_lib.errors import WodaError


class ExtractError(WodaError):
    """A file or folder is not what a partner agreed to deliver; the message names it."""


class ContractError(WodaError):
    """A contract itself is faulty, so that rows cannot be held to it."""


class AgreementError(WodaError):
    """An agreement is missing, not valid, not in force, or does not permit what was asked."""


class OptOutError(WodaError):
    """People's choices cannot be told, so that nothing may be read that they could concern."""
