"""Flags of one text, and of a table of texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from woda_lib.pilots.domestic_abuse.flags.errors import FlagRulesError
from woda_lib.pilots.domestic_abuse.flags.mentions import Mention, strongest
from woda_lib.pilots.domestic_abuse.flags.rules import Rules

COLUMNS = ("incident_id", "text", "flag", "state", "start", "end")


def find_flags(text: object, rules: Rules, children: Collection[str] = ()) -> list[Mention]:
    """Return every mention of a flag in a text, in the order of the text.

    Parameters
    ----------
    text
        Log or referral text; a missing one has no mentions.
    rules
        From `Rules.read`.
    children
        Forenames of the incident's children, as police know them: “SUS hit Ella” is harm to a
        child only to somebody who knows who Ella is.
    """
    if not isinstance(text, str):
        return []
    return rules.engine.find(text, frozenset(_forenames(children)))


def _forenames(children: Collection[str]) -> Iterator[str]:
    """Return names in lower case, without accents as logs have them too, the first of several."""
    for name in children:
        if isinstance(name, str) and (parts := name.lower().split()):
            yield parts[0]
            yield unicodedata.normalize("NFKD", parts[0]).encode("ascii", "ignore").decode()


def flag_texts(
    frame: pd.DataFrame,
    rules: Rules,
    columns: Sequence[str] = ("log_text", "referral_text"),
    *,
    names: Mapping[object, Collection[str]] | None = None,
) -> pd.DataFrame:
    """Find the flags of a table of incidents.

    Parameters
    ----------
    frame
        A row an incident: ``incident_id`` and the columns of text.
    rules
        From `Rules.read`.
    columns
        Which columns hold text.
    names
        Forenames of the children of incidents (involvements of the role child), by incident_id;
        an incident without any may be left out.

    Returns
    -------
    DataFrame
        ``incident_id, text, flag, state, start, end``, a row a mention: ``text`` is the column;
        start and end are characters in it. It holds no word of a text. `strongest_rows` leaves
        one row an incident, text and flag.

    Raises
    ------
    FlagRulesError
        If a column is missing.
    """
    missing = [name for name in ("incident_id", *columns) if name not in frame]
    if missing:
        raise FlagRulesError(f"The table of incidents lacks {', '.join(missing)}.")
    known = names or {}
    rows = [
        (incident, column, each.flag, each.state, each.start, each.end)
        for column in columns
        for incident, text in zip(frame["incident_id"], frame[column], strict=True)
        for each in find_flags(text, rules, known.get(incident, ()))
    ]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found.astype({"start": "int64", "end": "int64"}).sort_values(
        ["incident_id", "text", "start", "flag"], kind="stable", ignore_index=True
    )


def failing_examples(rules: Rules) -> list[str]:
    """Run every example of the rules; return a sentence for each that fails."""
    failures: list[str] = []
    for flag, rule, example in rules.examples():
        best = strongest(find_flags(example.text, rules)).get(flag)
        state = best.state if best else "none"
        if state != example.state:
            failures.append(
                f"flag {flag}, rule {rule}: “{example.text}” must be {example.state}, and is "
                f"{state}."
            )
        elif best is not None and best.rule != rule:
            failures.append(
                f"flag {flag}, rule {rule}: “{example.text}” is found by the rule {best.rule}."
            )
    return failures
