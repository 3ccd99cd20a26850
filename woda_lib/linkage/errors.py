"""Failures of record linkage that a person can mend."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from woda_lib.errors import WodaError


class LinkageError(WodaError):
    """Anything that stops a linkage; the subclasses say what."""


class SpecificationError(LinkageError):
    """A linkage specification that cannot be followed; the message names file and key."""

    exit_code = 2


class SourceError(LinkageError):
    """A source that does not fit its specification; the message names source and field."""


class BlockingError(LinkageError):
    """Blocking rules that would make more pairs than the specification allows."""


class DecisionError(LinkageError):
    """People's decisions that cannot be read or followed; the message names file and row."""

    exit_code = 2


class ModelError(LinkageError):
    """A saved model that cannot be read, or that belongs to another specification."""


class StoreError(LinkageError):
    """A store of identities that cannot be read, or that does not fit what it is used with."""


class LinkageWarning(UserWarning):
    """A linkage that ran, but whose result an analyst should look at twice."""


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return the sentence that helps someone who misspelt a name.

    Parameters
    ----------
    name
        What was written.
    valid
        What could have been written.

    Returns
    -------
    str
        "Did you mean …?" when one valid name is close, and the list of valid names otherwise.
    """
    choices = sorted(valid)
    close = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Valid names: {', '.join(choices)}."
