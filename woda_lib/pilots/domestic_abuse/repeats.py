"""Who was harmed again, and who harmed one partner after another: two lists from the cases.

Both look back from a day over whole months, leave out incidents that were entered twice, and take
roles as police recorded them. Being listed says what records hold, and is no finding about anybody.

References
----------
SafeLives, *Definition of a repeat at Marac* (safelives.org.uk/definition-repeat-marac): any
instance of abuse between the same victim and perpetrator within 12 months of the last referral.
Association of Chief Police Officers (2009), as Robinson, A. L. (2016), Serial domestic abuse in
Wales, Victims & Offenders 12, 643–662, discusses it: a serial perpetrator has used or threatened
violence or abuse against two or more victims who are unconnected to each other. Here these are
people who are or were the perpetrator's intimate partners; whether they know each other is in no
record.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from woda_lib.pilots.domestic_abuse.errors import require_columns

INTIMATE = ("partner", "former_partner")
"""What a perpetrator is to a victim who is or was an intimate partner."""

FEWEST = 2
"""So many incidents make a repeat victim, and so many partners a serial perpetrator."""


def repeat_victims(cases: pd.DataFrame, as_of: date, months: int) -> pd.DataFrame:
    """Return who was the victim of two or more incidents in the months up to a day.

    Parameters
    ----------
    cases
        ``incident_id, occurred_at, victim, perpetrator, duplicate_of``.
    as_of
        The last day that counts.
    months
        How far to look back: at 12, incidents from the day after the same day of the year before.

    Returns
    -------
    DataFrame
        ``victim, incidents, perpetrators`` (how many are known), ``first_at, last_at``: most
        incidents first.
    """
    inside = within(cases, as_of, months).dropna(subset=["victim"])
    table = (
        inside.groupby("victim")
        .agg(
            incidents=("incident_id", "nunique"),
            perpetrators=("perpetrator", "nunique"),
            first_at=("occurred_at", "min"),
            last_at=("occurred_at", "max"),
        )
        .reset_index()
    )
    again = table[table["incidents"] >= FEWEST]
    return again.sort_values(["incidents", "victim"], ascending=[False, True], ignore_index=True)


def serial_perpetrators(cases: pd.DataFrame, as_of: date, months: int) -> pd.DataFrame:
    """Return who was recorded as perpetrator against two or more present or former partners.

    Parameters
    ----------
    cases
        ``incident_id, occurred_at, victim, perpetrator, relationship, duplicate_of``. Whether two
        people are or were partners is told by any of their cases, of whatever time. Where none of
        them says what they are to each other they are taken for partners, as most are: a list that
        left them out would miss people because somebody left a box empty.
    as_of, months
        As for `repeat_victims`.

    Returns
    -------
    DataFrame
        ``perpetrator, victims, incidents, first_at, last_at``: most victims first.
    """
    require_columns(cases, ["relationship"], table="cases")
    inside = within(cases, as_of, months).dropna(subset=["victim", "perpetrator"])
    couple = ["victim", "perpetrator"]
    told = cases.dropna(subset=[*couple, "relationship"])
    partners = told["relationship"].isin(INTIMATE).groupby([told[side] for side in couple]).any()
    keys = pd.MultiIndex.from_frame(inside[couple])
    inside = inside[partners.reindex(keys, fill_value=True).to_numpy(bool)]
    table = (
        inside.groupby("perpetrator")
        .agg(
            victims=("victim", "nunique"),
            incidents=("incident_id", "nunique"),
            first_at=("occurred_at", "min"),
            last_at=("occurred_at", "max"),
        )
        .reset_index()
    )
    serial = table[table["victims"] >= FEWEST]
    order = ["victims", "incidents", "perpetrator"]
    return serial.sort_values(order, ascending=[False, False, True], ignore_index=True)


def within(cases: pd.DataFrame, as_of: date, months: int) -> pd.DataFrame:
    """Return the cases that occurred in the months up to a day, each event once."""
    needed = ["incident_id", "occurred_at", "victim", "perpetrator", "duplicate_of"]
    require_columns(cases, needed, table="cases")
    end = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    begin = pd.Timestamp(as_of) - pd.DateOffset(months=months) + pd.Timedelta(days=1)
    chosen = cases["occurred_at"].ge(begin) & cases["occurred_at"].lt(end)
    return cases[chosen & cases["duplicate_of"].isna()]
