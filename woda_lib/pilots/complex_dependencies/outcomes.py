"""What happened afterwards: which statutory services began anew with a household.

A service counts when a row of its dataset begins after the index date and by the end of the
follow-up, and none of that dataset goes on on the index date itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.datasets.notices import STATUTORY
from woda_lib.pilots.single_view.planning.shares import with_shares
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.features import lived_there

SEVERAL = 2
"""New services from which it happened."""

SERVICES = {name: service.replace("'", "").replace(" ", "_") for name, service in STATUTORY.items()}
"""By dataset the outcome's column: ``childrens_social_care``."""


def steps_taken(rows: Mapping[str, pd.DataFrame], memberships: pd.DataFrame) -> pd.DataFrame:
    """Return every statutory step with the household that it was taken with.

    Parameters
    ----------
    rows
        By dataset, as they stand now.
    memberships
        From `events.memberships`.

    Returns
    -------
    DataFrame
        `step, service, uprn, started_on, ended_on, household_id`; the last is missing where no
        household is known to have lived at the property on the day.

    Raises
    ------
    PredictionError
        If a statutory dataset is missing or without rows.
    """
    _require_every_source(rows)
    parts = []
    for dataset, service in SERVICES.items():
        mine = rows[dataset]
        ended = mine["ended_on"] if "ended_on" in mine else mine["started_on"]
        columns = {"uprn": mine["uprn"].astype(object), "started_on": mine["started_on"]}
        step = mine[CONTRACTS[dataset].key].astype(object)
        parts.append(pd.DataFrame({"step": step, "service": service, **columns, "ended_on": ended}))
    # A step is one step, however often its partner has written it.
    steps = pd.concat(parts, ignore_index=True).drop_duplicates(["service", "step"])
    steps = steps.reset_index(drop=True)
    homes = steps.rename(columns={"uprn": "unit_id"})
    return steps.assign(household_id=lived_there(homes, memberships))


def _require_every_source(rows: Mapping[str, pd.DataFrame]) -> None:
    """Refuse a source that tells nothing: it would be taken for a service that took no step."""
    silent = [name for name in SERVICES if name not in rows or rows[name].empty]
    if silent:
        raise PredictionError(
            f"Nothing is known of {', '.join(silent)}: not one row was delivered. A household to "
            "which these services came would count as one to which nothing happened. Ask the "
            "partner for the extract, or change the outcome (STATUTORY) openly."
        )


def outcomes(spine: pd.DataFrame, steps: pd.DataFrame, dates: pd.DataFrame) -> pd.DataFrame:
    """Return what happened to each household of the index dates whose follow-up is over.

    Parameters
    ----------
    spine
        `household_id, index_date`.
    steps
        From `steps_taken`.
    dates
        From `index_dates`.

    Returns
    -------
    DataFrame
        `household_id, index_date`, one bool column a service, `services_new` and `happened`.
    """
    followed = dates.loc[dates["followed"], ["index_date", "follow_up_ends"]]
    table = spine[["household_id", "index_date"]].merge(followed, on="index_date", how="inner")
    keys = ["household_id", "index_date"]
    pairs = table.assign(row=np.arange(len(table))).merge(
        steps.dropna(subset=["household_id"]), on="household_id"
    )
    day = pairs["index_date"]
    begins = pairs["started_on"].gt(day) & pairs["started_on"].le(pairs["follow_up_ends"])
    goes_on = pairs["started_on"].le(day) & (pairs["ended_on"].isna() | pairs["ended_on"].ge(day))
    result = table[keys].copy()
    for service in SERVICES.values():
        mine = pairs["service"].eq(service)
        new, before = (set(pairs.loc[mine & which, "row"]) for which in (begins, goes_on))
        result[service] = np.isin(np.arange(len(table)), list(new - before))
    result["services_new"] = result[list(SERVICES.values())].sum(axis=1).astype(int)
    return result.assign(happened=result["services_new"].ge(SEVERAL))


def rates(spine: pd.DataFrame, happened: pd.DataFrame) -> pd.DataFrame:
    """Return how often it happened, by index date.

    Returns
    -------
    DataFrame
        `index_date, split, households, happened, percent, low, high`: Wilson's interval (95%).
    """
    both = happened.merge(spine[["household_id", "index_date", "split"]])
    by = both.groupby(["index_date", "split"], as_index=False)
    counted = by.agg(households=("happened", "size"), happened=("happened", "sum"))
    day = counted["index_date"].dt.strftime("%-d %B %Y")
    return with_shares(counted.assign(index_date=day), "happened", "households")
