"""Links, lists and flags marked by another process, while the step goes on with the pack.

A meeting waits for the pack, and not for how good the links were that it rests on. So a notebook
begins to mark as soon as there is something to mark, and shows the marks where it has nothing else
to do. What is marked, and how, is said in `link_tables`, `marking` and `triage`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pandas as pd

from woda_lib.beside import Beside
from woda_lib.pilots.domestic_abuse.link_tables import quality_table, who_is_missed
from woda_lib.pilots.domestic_abuse.marking import Marker, lists_table
from woda_lib.pilots.domestic_abuse.people import person_truth
from woda_lib.pilots.domestic_abuse.triage import Night, measure_flags

Tables = tuple[pd.DataFrame, pd.DataFrame]
Truth = Callable[[], pd.DataFrame]
"""`woda_lib.synthetic.known_later`: a table of what is true, read when it is called for."""

_MANY = 20_000
"""Records or incidents from which marking is worth another process."""


def links(clusters: pd.DataFrame, numbers: pd.DataFrame, truth: Truth | None) -> Beside[Tables]:
    """Mark links by `quality_table`, and by `who_is_missed`.

    Parameters
    ----------
    clusters
        `source, id, entity_id, confidence`.
    numbers
        From `people.numbers`.
    truth
        Of people; None where nobody knows it.
    """

    def marked() -> Tables:
        known = None if truth is None else person_truth(truth(), numbers)
        return quality_table(clusters, known), who_is_missed(clusters, known)

    return Beside(marked, worth_it=len(clusters) >= _MANY)


def lists(
    cases: pd.DataFrame,
    roles: pd.DataFrame,
    people: pd.DataFrame,
    as_of: date,
    *,
    months: Mapping[str, int],
    truth: tuple[Truth, Truth] | None,
) -> Beside[Tables]:
    """Mark the lists of people by `lists_table`.

    Parameters
    ----------
    cases, roles, people, as_of, months
        As for `Marker` and `lists_table`.
    truth
        Of the people whom police know, and of incidents; None where nobody knows it.
    """

    def marked() -> Tables:
        marker = None
        if truth:
            persons, incidents = (each() for each in truth)
            marker = Marker(cases, roles, people, persons, incidents)
        return lists_table(cases, marker, as_of, months=months)

    return Beside(marked, worth_it=len(cases) >= _MANY)


def flags(night: Night, truth: Truth, *, sample: int, seed: int) -> Beside[pd.DataFrame]:
    """Measure flags by `measure_flags`, on the texts that are held back.

    Parameters
    ----------
    night, sample, seed
        As for `measure_flags`.
    truth
        `incident_id, text, flag, state` and `held_back`.
    """

    def measured() -> pd.DataFrame:
        return measure_flags(night, truth().query("held_back"), sample=sample, seed=seed)

    return Beside(measured)
