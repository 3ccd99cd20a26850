"""Whether a list may be made on a day, and why not: the stop rule, who has a score, and drift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from woda_lib.phrases import of_100
from woda_lib.pilots.complex_dependencies.scoring import Scored
from woda_lib.prediction.assessment import Verdict, require_a_pilot
from woda_lib.prediction.drift import Drift
from woda_lib.prediction.errors import PredictionError

JUDGED_AT = {
    "capacity": "capacity",
    "look_back_months": "look-back in months",
    "horizon_months": "horizon in months",
}
"""Parameters at which a list must be made as the model was judged, and what each is called."""

MOST_WITHOUT = 0.05
"""The largest share of households of the day that may have no score.

Whoever has no score cannot be listed, and they are alike: of one new kind, or without one source.
At a capacity of 25 of 1,000 this share is twice the list. The verdict was reached on a date when
everybody had a score, and says nothing of a day on which more have none.
"""


@dataclass(frozen=True)
class Permission:
    """Whether a list may be made.

    Attributes
    ----------
    allowed
        Whether caseworkers may be given it.
    shown
        Whether one is made at all: an example of what it would look like is, on made-up data.
    reasons
        Why it is not allowed, a sentence each.
    notes
        What must be known of a list that is allowed, a sentence each.
    asked
        To each condition whether it is met, in a word or two.
    """

    allowed: bool
    shown: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    asked: Mapping[str, str]

    @property
    def example(self) -> bool:
        """Whether what is made is an example only."""
        return self.shown and not self.allowed

    @property
    def sentence(self) -> str:
        """Whether a list is made, for the head of the report."""
        if self.allowed:
            marked = ", and its pages say at their head why it needs care" if self.notes else ""
            return f"A list is made for caseworkers to review{marked}."
        shown = " What it would look like is kept as an example, and is not to be used."
        return f"No list is made. {' '.join(self.reasons)}{shown if self.shown else ''}"

    def caption(self, said: str) -> str:
        """Return a caption, which says of an example that it is one."""
        return f"Example, not to be used: {said[:1].lower()}{said[1:]}" if self.example else said

    def table(self) -> pd.DataFrame:
        """Return a row a condition: `asked` and whether it is met, `met`."""
        return pd.DataFrame({"asked": list(self.asked), "met": list(self.asked.values())})


def may_list(
    verdict: Verdict,
    moved: Drift | None,
    scored: Scored,
    *,
    on: date,
    at: Mapping[str, Any],
    despite_alarm: bool,
    example: bool,
    synthetic: bool,
) -> Permission:
    """Say whether a list may be made on a day, and why not.

    Parameters
    ----------
    verdict
        Of the stop rule.
    moved
        The drift of the day of the list; missing where nobody has a score.
    scored
        Of the day of the list.
    on
        The day of the list.
    at
        What the list is made at: a value to each of `JUDGED_AT`.
    despite_alarm
        Whether somebody has decided that it is made although the alarm is raised; it says so then.
    example
        Whether what it would look like is asked for; on made-up data alone.
    synthetic
        Whether nobody is real.
    """
    reasons, notes = [], []
    raised = moved is not None and moved.alarm
    otherwise = _judged_otherwise(verdict, at)
    many = scored.share_without > MOST_WITHOUT
    asked = {
        "The stop rule allows a pilot": "yes" if verdict.deploy else "no: do not deploy",
        "The data are of no later day than it may be piloted on": _yes(on <= verdict.review_by),
        "The verdict is of the registered run, and of a list like this one": _yes(not otherwise),
        "Households of the day have a score": _yes(not scored.says and not many),
        "The drift alarm is not raised": _yes(not raised)
        + (": somebody decided to go on" if raised and despite_alarm else ""),
    }
    try:
        require_a_pilot(verdict, on=on)
    except PredictionError as error:
        reasons.append(str(error).removesuffix(" No list is made."))
    reasons += otherwise
    if scored.says:
        reasons.append(f"Nobody has a score. {scored.says}")
    elif many:
        reasons.append(
            f"{of_100(scored.share_without)} households of the day have no score, and a list is "
            f"made where {100 * MOST_WITHOUT:.0f} in 100 or fewer have none. Mend what the table "
            "of reasons names, or train anew where households have changed."
        )
    if moved is not None and raised:
        words = " ".join(moved.raising["words"])
        if despite_alarm:
            notes.append(f"The drift alarm is raised, and the list is made all the same. {words}")
        else:
            reasons.append(f"The drift alarm is raised, so that the list is withheld. {words}")
    allowed = not reasons
    shown = bool(len(scored.table)) and (allowed or (example and synthetic))
    return Permission(allowed, shown, tuple(reasons), tuple(notes), asked)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _judged_otherwise(verdict: Verdict, at: Mapping[str, Any]) -> list[str]:
    """Say where the verdict is of another run or another list, a sentence each."""
    judged, again = dict(verdict.judged_at), "Run 3_assess with what the list is to be made at"
    said = []
    if verdict.departures:
        said.append(
            f"The run that judged the model was not the registered one: "
            f"{'; '.join(verdict.departures)}. Run 3_assess as it was registered."
        )
    if unsaid := [title for name, title in JUDGED_AT.items() if name not in judged]:
        said.append(
            f"The verdict does not say at which {', '.join(unsaid)} it was reached. {again}."
        )
    other = [
        f"a {title} of {judged[name]} and the list is asked for at {at[name]}"
        for name, title in JUDGED_AT.items()
        if name in judged and judged[name] != at[name]
    ]
    if other:
        said.append(f"The model was judged at {'; at '.join(other)}. {again}.")
    return said
