"""The reason for a look-up: a sentence that says what for, and names nobody."""

from __future__ import annotations

import re

import pandas as pd

from woda_lib.disclosure import DisclosureError, Loaded
from woda_lib.notebook.errors import NotebookError

FEWEST_WORDS = 4
LONGEST = 300
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORTEST = 3
_NUMBER = re.compile(r"\d(?:[\s/.-]?\d){5,}")


def reason_of(reason: str, records: pd.DataFrame, loaded: Loaded) -> str:
    """Return a reason as the log may hold it.

    Parameters
    ----------
    reason : str
        In the words of whoever looks somebody up.
    records : DataFrame
        What is about to be shown: none of its names may stand in the reason, not even a forename.
    loaded : Loaded
        What the step has loaded: no full name, and no number, of it either.

    Raises
    ------
    NotebookError
        If it is no sentence, or holds what identifies somebody. It is not quoted.
    """
    said = " ".join(reason.split())
    if len(_WORD.findall(said)) < FEWEST_WORDS:
        raise NotebookError(
            "A look-up needs its reason in a sentence, which the audit log keeps: what happened or "
            "who asked, and what the record is needed for. Set reason to at least "
            f"{FEWEST_WORDS} words."
        )
    if len(said) > LONGEST:
        raise NotebookError(
            f"The reason for a look-up is kept in the audit log, at most {LONGEST} characters of "
            "it. Say it more shortly."
        )
    if _NUMBER.search(said) or _names(said, records):
        raise NotebookError(
            "The reason for a look-up is kept in the audit log, which names nobody, and this one "
            "holds a name, a date or a number of a person. Say what for, without saying whom."
        )
    try:
        loaded.refuse_text(said, name="The reason")
    except DisclosureError as error:
        raise NotebookError(f"{error} The audit log names nobody.") from None
    return said


def _names(said: str, records: pd.DataFrame) -> bool:
    """Whether a word of the reason is a word of a name among the records."""
    words = {word.casefold() for word in _WORD.findall(said) if len(word) >= _SHORTEST}
    for column in records.columns:
        if str(column).endswith(("forename", "surname")):
            theirs = {
                word.casefold()
                for name in records[column].dropna().astype(str)
                for word in _WORD.findall(name)
            }
            if words & theirs:
                return True
    return False
