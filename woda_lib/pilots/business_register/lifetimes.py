"""When records were there: an account from before a company began is not that company's.

A phoenix company takes over name, place and trade of one that failed, and often nobody says so.
What tells the two apart is time: whoever pays for premises, cooks or employs does so within the life
of the company that it is. Only the register of companies says when an enterprise itself began and
ended; an account begins when a firm moves in, and an inspection is one day of many.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.business_register.views import PAIR

_SIDES = (PAIR[:2], PAIR[2:])
_COMPANIES = "companies"
_RATES = "business_rates"
SAME_PROPERTY = 3
"""The best level of the comparison `place`."""


def possible(links: pd.DataFrame, records: pd.DataFrame, *, grace_days: int) -> pd.Series:
    """Say which linked records can be one enterprise, by when they were there.

    Parameters
    ----------
    links
        `PAIR` and more.
    records
        `source, id, began, ended`; a missing end is none yet, a missing beginning is not known.
    grace_days
        Days that a record may reach beyond the life of a company at either end: accounts are
        opened and closed late, and a company is struck off some months after it stopped.

    Returns
    -------
    Series of bool
        Of pairs without a company, always true.
    """
    grace = pd.Timedelta(days=grace_days)
    left, right = (_when(links, records, side) for side in _SIDES)
    fits = _within(left, right, grace) & _within(right, left, grace)
    return fits.set_axis(links.index)


def handed_over(links: pd.DataFrame, records: pd.DataFrame, *, days: int) -> pd.Series:
    """Say which pairs at one property followed one another there: the next tenant, not the same.

    A rates account is closed when the ratepayer changes, and a pub keeps its name through all its
    landlords. So two records of one property are one enterprise only where both were there at a
    time, or their company numbers are the same. If both are of one company, each of them is linked
    to that, within its life.

    Parameters
    ----------
    links
        `PAIR` and the levels of `place` and `number`.
    records
        As for `possible`.
    days
        Days that may lie between the two; between two rates accounts none.
    """
    left, right = (_when(links, records, side) for side in _SIDES)
    accounts = links["left_source"].eq(_RATES) & links["right_source"].eq(_RATES)
    gap = pd.to_timedelta(np.where(accounts, 0, days), unit="D")
    followed = (left["began"] >= right["ended"] + gap) | (right["began"] >= left["ended"] + gap)
    there = links["place"].eq(SAME_PROPERTY) & ~(left["company"] | right["company"]).to_numpy(bool)
    return followed.set_axis(links.index) & there & ~links["number"].gt(0)


def overlap_days(links: pd.DataFrame, records: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Return for how many days both records of each pair were there, up to a day."""
    sides = [_when(links, records, side) for side in _SIDES]
    began = pd.concat([side["began"] for side in sides], axis=1).max(axis=1)
    ended = pd.concat([side["ended"].fillna(as_of) for side in sides], axis=1).min(axis=1)
    return (ended - began).dt.days.fillna(0).clip(lower=0).set_axis(links.index)


def _when(links: pd.DataFrame, records: pd.DataFrame, side: list[str]) -> pd.DataFrame:
    when = records.set_index(["source", "id"])[["began", "ended"]]
    found = when.reindex(pd.MultiIndex.from_frame(links[side])).reset_index(drop=True)
    return found.assign(company=links[side[0]].eq(_COMPANIES).to_numpy(bool))


def _within(company: pd.DataFrame, other: pd.DataFrame, grace: pd.Timedelta) -> pd.Series:
    early = other["began"] < company["began"] - grace
    gone = company["ended"] + grace
    late = (
        (other["began"] > gone) | (other["ended"] > gone) | (other["ended"].isna() & gone.notna())
    )
    return ~(company["company"] & (early | late))
