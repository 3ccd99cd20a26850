"""What may be known about an agreement's key: everything but the key."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class KeyVersion(BaseModel):
    """One version of a key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    created: datetime


class KeyRecord(BaseModel):
    """A key that is, or was.

    Attributes
    ----------
    name
        The agreement's; of a made-up county with ``.synthetic`` at its end.
    locked_with
        ``passphrase``, ``ssh key``, or why with nothing.
    versions
        The oldest first; the last one locks.
    destroyed
        When it was destroyed, if it was.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    locked_with: str
    versions: tuple[KeyVersion, ...]
    destroyed: datetime | None = None
