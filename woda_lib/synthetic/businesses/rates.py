"""Business rates: an account for every tenancy, and for premises that stand empty."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.businesses.lives import up_to
from woda_lib.synthetic.businesses.sectors import USES
from woda_lib.synthetic.businesses.writing import firm, in_capitals, mixed_case, one_line, person
from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import add_days, as_days, left_out, take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import local_numbers

DATASET: Final = "business_rates"
WITHOUT_UPRN: Final = 0.17
WRONG_UPRN: Final = 0.01
EMPTY_FROM: Final = 120  # days without a tenant after which the owner pays
_ENTERED = 25.0  # days
_OLD_NAME = 0.35  # of the renamed, that are still billed under a former name
_TRADING_AS, _BOTH_IN_ONE = 0.55, 0.10
_IN_CAPITALS = 0.45
_SMALL = 12_000  # pounds: below it small businesses pay nothing
_SMALL_TAKEN = 0.82


def accounts(
    tenancies: pd.DataFrame, tenant: np.ndarray, of_tenancy: np.ndarray, owners: np.ndarray
) -> pd.DataFrame:
    """Return every account: ``enterprise, site, premises, starts, ends, empty`` (days far off).

    Parameters
    ----------
    owners
        Of each premises, the position of the enterprise that owns it.
    """
    let = pd.DataFrame(
        {
            "enterprise": tenant,
            "site": of_tenancy,
            "premises": tenancies["premises"].to_numpy(),
            "starts": tenancies["starts"].to_numpy(),
            "ends": tenancies["ends"].to_numpy(),
            "empty": False,
        }
    )
    at = np.flatnonzero(tenancies["gap"] > EMPTY_FROM)
    starts = tenancies["starts"].to_numpy()[at].astype("datetime64[D]")
    void = pd.DataFrame(
        {
            "enterprise": owners[tenancies["premises"].to_numpy()[at]],
            "site": -1,
            "premises": tenancies["premises"].to_numpy()[at],
            "starts": add_days(starts, -tenancies["gap"].to_numpy()[at] + 1),
            "ends": add_days(starts, np.full(len(at), -1)),
            "empty": True,
        }
    )
    last = tenancies.groupby("premises")["ends"].transform("max").eq(tenancies["ends"]).to_numpy()
    return pd.concat([let, void, _still_empty(let.loc[last], owners)], ignore_index=True)


def _still_empty(last: pd.DataFrame, owners: np.ndarray) -> pd.DataFrame:
    """Accounts of owners whose premises nobody has rented since the last tenant left."""
    left = as_days(last["ends"])
    return pd.DataFrame(
        {
            "enterprise": owners[last["premises"].to_numpy()],
            "site": -1,
            "premises": last["premises"].to_numpy(),
            "starts": add_days(left, np.ones(len(left))),
            "ends": np.full(len(left), np.datetime64("2100-01-01", "D")),
            "empty": True,
        }
    )


def deliver_rates(
    profile: Profile,
    accounts: pd.DataFrame,
    names: pd.DataFrame,
    premises: pd.DataFrame,
    rng: Generator,
) -> tuple[Delivery, pd.DataFrame]:
    """Deliver accounts: all in the first file, then each when it is opened and when it is closed.

    Parameters
    ----------
    names
        Of each enterprise, from `woda_lib.synthetic.businesses.names.name_enterprises`, with
        ``legal_form`` and ``kind``.

    Returns
    -------
    delivery : Delivery
    known : pandas.DataFrame
        ``row_id``, with ``enterprise`` and ``site`` of `accounts`.
    """
    entered = [
        add_days(
            as_days(accounts[name]),
            np.floor(rng.exponential(_ENTERED, len(accounts))),
        )
        for name in ("starts", "ends")
    ]
    known = np.flatnonzero(entered[0] <= profile.as_of)
    table = accounts.iloc[known].reset_index(drop=True)
    opened, closed = entered[0][known], np.maximum(entered[1][known], entered[0][known])
    own = names.iloc[table["enterprise"].to_numpy()].reset_index(drop=True)
    units = premises.iloc[table["premises"].to_numpy()].reset_index(drop=True)
    ratepayer, trading = _names(own, units, table, rng)
    line, postcode = one_line(units, rng)
    rows = pd.DataFrame(
        {
            "rates_account": local_numbers("NR", len(table), rng),
            "uprn": _uprns(units, premises, rng),
            "ratepayer": ratepayer,
            "trading_as": trading,
            "address": line,
            "postcode": postcode,
            "property_description": units["use"].map({u: use.described for u, use in USES.items()}),
            "rateable_value": units["rateable_value"].astype("Int64"),
            "relief": _relief(own, units, table, rng),
            "started_on": as_days(table["starts"]),
            "ended_on": up_to(as_days(table["ends"]), profile.as_of),
        }
    )
    over = np.flatnonzero(closed <= profile.as_of)
    first = rows.assign(ended_on=np.full(len(rows), NOT_A_DAY))
    versions = pd.concat([first, rows.iloc[over]], ignore_index=True)
    days = np.concatenate([opened, closed[over]])
    who = table[["enterprise", "site"]].assign(row_id=rows["rates_account"])
    return deliver(DATASET, versions, days, profile.shared), who


def _names(
    own: pd.DataFrame, units: pd.DataFrame, table: pd.DataFrame, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Who pays, and what it says over the door where the office asked."""
    n = len(own)
    renamed = own["previous_1"].ne("").to_numpy()
    before = own["previous_1_until"].gt(table["starts"]).to_numpy()
    old = renamed & before & (rng.random(n) < _OLD_NAME)
    name = np.where(old, own["previous_1"], own["name"]).astype(object)
    public = own["legal_form"].eq("public").to_numpy()
    company = firm(np.where(public, name, mixed_case(name)), rng)
    forename, surname, partner = (
        own[name].to_numpy(dtype=object) for name in ("forename", "surname", "partner")
    )
    trader = person(forename, surname, partner, rng)
    is_person = own["legal_form"].isin(["sole_trader", "partnership"]).to_numpy()
    door = np.where(units["own_name"].ne(""), units["own_name"], own["trading"]).astype(object)
    door = firm(door, rng, careless=0.5)
    payer = np.where(is_person, trader, company).astype(object)
    empty = table["empty"].to_numpy()
    both = (rng.random(n) < _BOTH_IN_ONE) & ~empty
    payer = np.where(
        both,
        payer + take((" T/A ", " t/a ", " trading as "), weighted(rng, n, (0.6, 0.3, 0.1))) + door,
        payer,
    )
    said = (rng.random(n) < _TRADING_AS) & ~empty & (door != company)
    return in_capitals(payer, _IN_CAPITALS, rng), left_out(door, ~said)


def _uprns(units: pd.DataFrame, premises: pd.DataFrame, rng: Generator) -> np.ndarray:
    """References as they were keyed: some missing, and a few of the unit next door."""
    n = len(units)
    before = premises.groupby("street_id")["uprn"].shift(1).fillna(premises["uprn"])
    beside = units["uprn"].map(dict(zip(premises["uprn"], before, strict=True)))
    given = np.where(rng.random(n) < WRONG_UPRN, beside, units["uprn"]).astype(object)
    given[rng.random(n) < WITHOUT_UPRN] = None
    return given


def _relief(
    own: pd.DataFrame, units: pd.DataFrame, table: pd.DataFrame, rng: Generator
) -> np.ndarray:
    small = units["rateable_value"].le(_SMALL).to_numpy() & (rng.random(len(own)) < _SMALL_TAKEN)
    small &= own["kind"].ne("branch_firm").to_numpy()
    retail = units["use"].isin(
        ["shop", "salon", "restaurant", "takeaway", "pub", "hotel", "leisure"]
    )
    given = np.where(retail.to_numpy() & (rng.random(len(own)) < 0.5), "retail", "none")
    given = np.where(small, "small_business", given)
    given = np.where(own["kind"].eq("charity"), "charity", given)
    return np.where(table["empty"], "empty", given).astype(object)
