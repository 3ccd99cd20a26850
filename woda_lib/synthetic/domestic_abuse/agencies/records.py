"""Rows that an agency writes once when something begins and again when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import Register

NOT_A_MOMENT = np.datetime64("NaT", "s")


def nobody() -> pd.DataFrame:
    """Return the ``people`` of records that name no person by a number."""
    return pd.DataFrame({"local_id": pd.Series(dtype=object), "person_id": pd.Series(dtype=int)})


@dataclass(frozen=True)
class Records:
    """One dataset of one partner before it is cut into files.

    Attributes
    ----------
    partner, dataset : str
    rows : pandas.DataFrame
        Columns of the contract, in any order, as they stand at the end; all rows, also later than
        the window.
    begins, ends : numpy.ndarray
        The day on which each row is first written, and that on which it is written again; never,
        where that is no later day (or NaT).
    at_first : mapping
        What a column holds until the row is written again.
    people : pandas.DataFrame
        ``local_id, person_id``: who is who.
    """

    partner: str
    dataset: str
    rows: pd.DataFrame
    begins: np.ndarray
    ends: np.ndarray
    at_first: Mapping[str, Any] = field(default_factory=dict)
    people: pd.DataFrame = field(default_factory=nobody)

    def versions(self, as_of: np.datetime64) -> tuple[pd.DataFrame, np.ndarray]:
        """Return every version that was written up to a day, and the day of each."""
        again = self.ends > self.begins
        known = self.begins <= as_of
        first = np.flatnonzero(known)
        last = np.flatnonzero(known & again & (self.ends <= as_of))
        rows = self.rows.iloc[np.concatenate([first, last])].reset_index(drop=True)
        for column, value in self.at_first.items():
            # A row that is never written again says at once how it stands.
            open_yet = np.r_[again[first], np.zeros(len(last), dtype=bool)]
            rows[column] = rows[column].mask(open_yet, value)
        return rows, np.concatenate([self.begins[first], self.ends[last]])


def deliver_records(records: Records, profile: Profile) -> Delivery:
    """Cut records into files: by the month up to the window's end, or by the day and beyond it."""
    daily = CONTRACTS[records.dataset].every == "day"
    rows, days = records.versions(profile.last_day if daily else profile.as_of)
    return deliver(records.dataset, rows, days, profile.daily if daily else profile.monthly)


def once(
    partner: str, dataset: str, rows: pd.DataFrame, on: np.ndarray, people: pd.DataFrame
) -> Records:
    """Return rows that are written on one day and never again."""
    return Records(partner, dataset, rows, on, np.full(len(rows), NOT_A_DAY), {}, people)


def known_people(register: Register, rows: np.ndarray | None = None) -> pd.DataFrame:
    """Who is who among a register's numbers, or among those of some contacts."""
    people = register.people[["local_id", "person_id"]]
    return people if rows is None else people.iloc[np.unique(rows)].reset_index(drop=True)


def blanked(values: np.ndarray | pd.Series, share: float, rng: Generator) -> pd.Series:
    """Leave out a share of values that nobody asked for or wrote down."""
    column = pd.Series(values).reset_index(drop=True)
    return column.mask(rng.random(len(column)) < share)


def drawn(options: Mapping[str, float], n: int, rng: Generator) -> np.ndarray:
    """Draw `n` of some options, each as often as its share says."""
    return take(tuple(options), weighted(rng, n, list(options.values())))
