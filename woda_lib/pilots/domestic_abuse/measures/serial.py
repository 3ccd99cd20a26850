"""How much of the harm is recorded against people who harmed one partner after another.

Who counts is decided by `repeats.serial_perpetrators`: two or more present or former partners
within the months given. Being recorded is no conviction.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from woda_lib.pilots.domestic_abuse.measures.shares import clustered_share, share
from woda_lib.pilots.domestic_abuse.repeats import FEWEST, INTIMATE, within


def share_of_serial(cases: pd.DataFrame, *, as_of: date, months: int) -> pd.DataFrame:
    """Return the share of perpetrators, incidents and harm that serial perpetrators have.

    Parameters
    ----------
    cases
        `incident_id, occurred_at, victim, perpetrator, relationship, duplicate_of, harm_days`.
    as_of, months
        The stretch to look back over.

    Returns
    -------
    DataFrame
        `what, of_all, serial_percent, low, high`: of perpetrators with Wilson's interval, of
        incidents and of harm with perpetrators kept together. Cases between intimate partners with
        a known perpetrator and victim only.
    """
    inside = within(cases, as_of, months).dropna(subset=["victim", "perpetrator"])
    inside = inside[inside["relationship"].isin(INTIMATE)]
    victims = inside.groupby("perpetrator")["victim"].transform("nunique")
    serial = victims >= FEWEST
    one = pd.Series(1.0, index=inside.index)
    harm, who = inside["harm_days"], inside["perpetrator"]
    everyone = inside["perpetrator"].nunique()
    found = inside.loc[serial, "perpetrator"].nunique()
    rows = [
        ("Perpetrators", everyone, *share(found, everyone)),
        ("Incidents", len(inside), *clustered_share(one.where(serial, 0.0), one, who)),
        ("Days of harm", len(inside), *clustered_share(harm.where(serial, 0.0), harm, who)),
    ]
    return pd.DataFrame(rows, columns=["what", "of_all", "serial_percent", "low", "high"])


def partners_of_perpetrators(cases: pd.DataFrame, *, as_of: date, months: int) -> pd.DataFrame:
    """Count perpetrators by how many partners they are recorded against.

    Returns
    -------
    DataFrame
        `partners` (1, 2, 3 or more), `perpetrators, incidents`.
    """
    inside = within(cases, as_of, months).dropna(subset=["victim", "perpetrator"])
    inside = inside[inside["relationship"].isin(INTIMATE)]
    counted = inside.groupby("perpetrator").agg(
        victims=("victim", "nunique"), incidents=("incident_id", "nunique")
    )
    names = {1: "1", 2: "2", 3: "3 or more"}
    table = (
        counted.groupby(counted["victims"].clip(upper=3).map(names).rename("partners"))
        .agg(perpetrators=("incidents", "size"), incidents=("incidents", "sum"))
        .reset_index()
    )
    return table
