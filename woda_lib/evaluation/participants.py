"""Who is in and who is out: the flow of participants, from everybody to those who were analysed.

A report that leaves people out without saying how many and why cannot be judged. The diagram is the
one that CONSORT asks of trials and STROBE of observational studies: a box a stage, what was left
out on the way beside the arrow, and at the end the groups that are compared (von Elm and others
2007, Lancet 370: 1453-1457, item 13).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.participants_picture import participants_picture
from woda_lib.figures import Picture

IN, OUT, GROUP = "in", "left out", "group"


class ParticipantsError(EvaluationError):
    """The stages do not add up, or the table of them is not one."""


def participants(
    frame: pd.DataFrame,
    *,
    stage: str,
    people: str,
    left_out: str,
    group: str | None = None,
    counted: str = "people",
) -> Participants:
    """Check and lay out who is in at each stage, and who was left out and why.

    ::

        stage                    left_out               group           people
        referred by a hospital                                             900
        referred by a hospital   no stay was found                          60
        matched to a stay                                                  840
        matched to a stay                               before             500
        matched to a stay                               after              340

    Parameters
    ----------
    frame
        A row a stage, in order, with the number who are in it; a row for each reason why some of
        them do not reach the next stage; and under the last stage a row a group, if it is divided.
    stage
        Column of the stage's name.
    people
        Column of how many.
    left_out
        Column of the reason; empty in a row that counts a stage or a group.
    group
        Column of the group's name; empty in all other rows.
    counted
        What is counted, in the plural.

    Returns
    -------
    Participants

    Raises
    ------
    ParticipantsError
        If a stage has no count or two, a count is negative or not whole, or what is left of a
        stage is not what the next one holds, or the groups do not make up the last.
    FrameError
        If a column is missing, or a count is no number.

    Examples
    --------
    >>> flow = pd.DataFrame({
    ...     "stage": ["referred", "referred", "matched"],
    ...     "left_out": ["", "no stay was found", ""],
    ...     "people": [900, 60, 840],
    ... })
    >>> found = participants(flow, stage="stage", people="people", left_out="left_out")
    >>> found.table.to_string(index=False).split()[:4]
    ['stage', 'status', 'reason', 'people']
    >>> found.share
    0.9333333333333333
    """
    given = take(frame, stage=stage, people=people, left_out=left_out, group=group)
    table = pd.DataFrame(
        {
            "stage": given["stage"].astype("string").fillna("").str.strip(),
            "status": IN,
            "reason": given["left_out"].astype("string").fillna("").str.strip(),
            "people": _whole(given["people"], people),
        }
    )
    groups = (
        given["group"].astype("string").fillna("").str.strip()
        if group
        else pd.Series("", index=table.index, dtype="string")
    )
    if (table["stage"] == "").any():
        row = int((table["stage"] == "").to_numpy().argmax()) + 1
        raise ParticipantsError(f"Row {row} of the table names no stage in {stage!r}.")
    if ((table["reason"] != "") & (groups != "")).any():
        raise ParticipantsError("A row has both a reason and a group. Give one of the two.")
    table["status"] = np.select([table["reason"] != "", groups != ""], [OUT, GROUP], IN)
    table["reason"] = table["reason"].where(groups == "", groups)
    _require_sums(table)
    return Participants(table=table, counted=counted)


@dataclass(frozen=True, eq=False)
class Participants:
    """Stages that add up.

    Attributes
    ----------
    table : DataFrame
        ``stage, status`` (in, left out or group), ``reason`` (or the group's name), ``people``.
    counted : str
        What is counted, in the plural.
    """

    table: pd.DataFrame
    counted: str

    @property
    def share(self) -> float:
        """The share of those at the first stage who reach the last."""
        stages = self.table.loc[self.table["status"] == IN, "people"]
        return float(stages.iloc[-1] / stages.iloc[0])

    def summary(self) -> pd.DataFrame:
        """Return a row a stage: ``stage, people, left_out`` (after it, before the next)."""
        stages = self.table[self.table["status"] == IN]
        out = self.table[self.table["status"] == OUT].groupby("stage")["people"].sum()
        left = stages["stage"].map(out).fillna(0).astype("int64")
        return pd.DataFrame(
            {"stage": stages["stage"], "people": stages["people"], "left_out": left}
        ).reset_index(drop=True)

    def plot(self) -> Picture:
        """Draw the boxes and arrows; the numbers in it are those that passed the gate."""
        return participants_picture(self.table, counted=self.counted)


def _whole(values: pd.Series, column: str) -> pd.Series:
    found = numbers(values, column)
    bad = (found < 0) | (found % 1 != 0)
    if bad.any():
        raise ParticipantsError(
            f"The column {column!r} holds a negative or a broken number in row "
            f"{int(bad.to_numpy().argmax()) + 1}. Count people, and give whole numbers."
        )
    return found.astype("int64")


def _require_sums(table: pd.DataFrame) -> None:
    """Refuse stages that do not follow from each other; an error never quotes a count."""
    stages = list(dict.fromkeys(table["stage"]))
    counts = table[table["status"] == IN]
    for name in stages:
        found = int((counts["stage"] == name).sum())
        if found != 1:
            raise ParticipantsError(
                f"The stage {name!r} has {'no count' if not found else 'more than one count'}. "
                "Give it one row with neither a reason nor a group."
            )
    left = counts.set_index("stage")["people"]
    out = table[table["status"] == OUT].groupby("stage")["people"].sum()
    for before, after in pairwise(stages):
        if left[before] - out.get(before, 0) != left[after]:
            raise ParticipantsError(
                f"{after!r} does not hold what is left of {before!r} when those with a reason are "
                "taken off. Count all of them from one table, each person in one row."
            )
    if out.get(stages[-1], 0):
        raise ParticipantsError(
            f"Some are left out of the last stage, {stages[-1]!r}, and no stage holds the rest."
        )
    groups = table[table["status"] == GROUP]
    if (groups["stage"] != stages[-1]).any():
        raise ParticipantsError(f"Only the last stage, {stages[-1]!r}, is divided into groups.")
    if len(groups) and groups["people"].sum() != left[stages[-1]]:
        raise ParticipantsError(f"The groups do not make up the last stage, {stages[-1]!r}.")
