"""Flags on a card: the words that raise each, those that speak against it, and where they stand.

A flag is raised if a text says that it is so now. Words of the same texts that deny it, or speak of
the past, of somebody else or of what may be, stand beside it, and the flag is then contested. Where
only such words are found the flag is not raised, and the card shows what was found all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import pandas as pd

from woda_lib.pilots.domestic_abuse.card_lines import FlagLine, FlagStatus, Words
from woda_lib.pilots.domestic_abuse.words import as_day

FLAGS: Mapping[str, str] = {
    "strangulation": "Strangulation",
    "threats_to_kill": "Threats to kill",
    "child_harm": "Harm to a child",
    "sexual_violence": "Sexual violence",
    "weapons": "Weapons",
    "coercive_control": "Coercive control",
    "stalking": "Stalking",
    "honour_based_abuse": "Honour-based abuse",
    "suicidal_thoughts": "Suicidal thoughts",
    "pregnancy": "Pregnancy",
    "separation": "Separation",
    "mental_health": "Mental health",
    "alcohol": "Alcohol",
    "drugs": "Drugs",
    "pets": "Pets",
}
"""Flags in the order in which a card lists them, with their titles."""

WHY = {
    "negated": "denied, or said not to be so",
    "someone_else": "about somebody else",
    "hypothetical": "what may be, or may have been",
    "past": "in the past",
}
TEXTS: Mapping[str, Literal["log", "referral"]] = {"log_text": "log", "referral_text": "referral"}
_STATUS = {"raised": 0, "contested": 0, "not_raised": 1}
_AROUND = 60


def flag_lines(
    mentions: pd.DataFrame,
    texts: Mapping[tuple[str, str], str],
    entries: Mapping[str, tuple[str, date]],
) -> list[FlagLine]:
    """Say of each flag that a card's texts speak of whether it is raised, and by which words.

    Parameters
    ----------
    mentions
        Of the texts of one event: `incident_id, text` (log_text or referral_text), `flag, state,
        start, end`.
    texts
        To each incident and text what it says.
    entries
        To each incident the force's number and its day.

    Returns
    -------
    list of FlagLine
        Raised flags first, each part in the order of `FLAGS`.
    """
    place = {flag: rank for rank, flag in enumerate(FLAGS)}
    lines = []
    for flag, rows in mentions.groupby("flag"):
        ordered = rows.sort_values(["incident_id", "text", "start"]).to_dict("records")
        found = [(str(row["state"]), _words(row, texts, entries)) for row in ordered]
        raised = tuple(words for state, words in found if state == "now")
        against = tuple(words for state, words in found if state != "now")
        contested = any(state == "negated" for state, _ in found)
        status: FlagStatus = "contested" if contested else "raised"
        title = FLAGS.get(str(flag), str(flag))
        lines.append(
            FlagLine(str(flag), title, status if raised else "not_raised", raised, against)
        )
    return sorted(lines, key=lambda line: (_STATUS[line.status], place.get(line.flag, len(place))))


def with_earlier(line: FlagLine, raised_before: pd.DataFrame) -> FlagLine:
    """Add in how many of the couple's earlier incidents a text raised the flag too.

    Parameters
    ----------
    raised_before
        `flag, event, occurred_at`: a row a flag and earlier incident that raised it.
    """
    same = raised_before[raised_before["flag"] == line.flag]
    if same.empty:
        return line
    last = as_day(same["occurred_at"].max())
    count = int(same["event"].nunique())
    return FlagLine(line.flag, line.title, line.status, line.raised_by, line.against, count, last)


def quote(
    whole: str,
    start: int,
    end: int,
    *,
    text: Literal["log", "referral"],
    incident: str,
    on: date,
    why: str = "",
) -> Words:
    """Return words of a text with what stands around them, cut at the sentence or between words.

    Examples
    --------
    >>> said = quote("Quiet. She says he held her neck twice.", 16, 29,
    ...              text="log", incident="1", on=date(2025, 3, 1))
    >>> said.before, said.mark, said.after
    ('She says ', 'he held her n', 'eck twice.')
    """
    left, right = whole[:start], whole[end:]
    before = left[max(left.rfind(mark) for mark in (". ", "? ", "! ", "\n")) + 1 :].lstrip()
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:].partition(" ")[2]
    ends = [place + 1 for mark in (".", "?", "!", "\n") if (place := right.find(mark)) >= 0]
    after = right[: min(ends, default=len(right))].rstrip("\n")
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + "…"
    return Words(before, whole[start:end], after, text, incident, on, start, end, why)


def _words(
    row: Mapping[Any, Any],
    texts: Mapping[tuple[str, str], str],
    entries: Mapping[str, tuple[str, date]],
) -> Words:
    incident, text = str(row["incident_id"]), str(row["text"])
    number, day = entries[incident]
    return quote(
        texts[incident, text],
        int(row["start"]),
        int(row["end"]),
        text=TEXTS[text],
        incident=number,
        on=day,
        why=WHY.get(str(row["state"]), ""),
    )
