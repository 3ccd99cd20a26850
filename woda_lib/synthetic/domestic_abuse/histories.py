"""What truly happened: who harmed whom and when, before anybody wrote anything down."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

FLAGS = (
    "strangulation",
    "weapons",
    "pregnancy",
    "stalking",
    "coercive_control",
    "threats_to_kill",
    "suicidal_thoughts",
    "sexual_violence",
    "honour_based_abuse",
    "child_harm",
    "alcohol",
    "drugs",
    "mental_health",
    "separation",
    "pets",
)
"""What a text can say that the meeting needs to know; the rules in ``flags.yaml`` name the same."""


@dataclass(frozen=True)
class Histories:
    """Domestic abuse among the residents of Worcestershire, as it was.

    Attributes
    ----------
    couples : pandas.DataFrame
        A row a pair of people, index ``couple``: ``victim, perpetrator`` (person_id), ``kind``
        (partner, former_partner, parent, child, sibling: what the perpetrator is to the victim),
        ``since``, ``separated_on`` (NaT where they have not).
    incidents : pandas.DataFrame
        A row an incident, index ``incident``, in the order of ``reported_at``: ``couple, victim,
        perpetrator, occurred_at, reported_at, crime_type, reported_by, reporter`` (person_id, -1
        where nobody but the victim or an officer), ``dwelling`` (position; where it happened),
        ``children_present``, and a boolean column a flag of `FLAGS`: what is true of it now.
    present : pandas.DataFrame
        ``incident, person_id, role`` of children and witnesses.
    """

    couples: pd.DataFrame
    incidents: pd.DataFrame
    present: pd.DataFrame
