"""What firms that agreed to it tell the enterprise partnership: people and turnover, or bands."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.businesses.workforce import band
from woda_lib.synthetic.businesses.writing import firm, mixed_case, one_line
from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import add_days, left_out, weighted
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import local_numbers

DATASET: Final = "workforce"
AGREED: Final = 0.35  # of employers
MISSING_YEARS: Final = 0.09
_AS_IT_IS, _AS_A_BAND, _NOT_AT_ALL = range(3)
EMPLOYEES_SHARED, TURNOVER_SHARED = (0.80, 0.18, 0.02), (0.55, 0.30, 0.15)
_WITH_NUMBER = 0.72
_TRADING_NAME = 0.2
_ENTERED_AFTER, _ENTERED = 20, 45.0  # days


def deliver_workforce(
    profile: Profile,
    workforce: pd.DataFrame,
    names: pd.DataFrame,
    heads: pd.DataFrame,
    rng: Generator,
) -> tuple[Delivery, pd.DataFrame]:
    """Deliver the years of the firms that share them.

    Parameters
    ----------
    workforce
        From `woda_lib.synthetic.businesses.workforce.draw_workforce`.
    names
        Of each enterprise, with ``company_number`` and ``legal_form``.
    heads
        Of each enterprise, the place of its head office.

    Returns
    -------
    delivery : Delivery
    known : pandas.DataFrame
        ``row_id, enterprise``.
    """
    n = len(names)
    employer = workforce.groupby("enterprise")["employees"].max().reindex(range(n), fill_value=0)
    agreed = (rng.random(n) < AGREED) & employer.gt(0).to_numpy()
    how = {
        name: weighted(rng, n, shares)
        for name, shares in (("employees", EMPLOYEES_SHARED), ("turnover", TURNOVER_SHARED))
    }
    said_name = np.where(
        rng.random(n) < _TRADING_NAME,
        names["trading"],
        mixed_case(names["name"].to_numpy(dtype=object)),
    )
    person = names["legal_form"].isin(["sole_trader", "partnership"]).to_numpy()
    said_name = np.where(person & (rng.random(n) < 0.7), names["trading"], said_name)
    gives_number = rng.random(n) < _WITH_NUMBER
    years = workforce.loc[agreed[workforce["enterprise"].to_numpy()]]
    years = years.loc[rng.random(len(years)) >= MISSING_YEARS].reset_index(drop=True)
    of = years["enterprise"].to_numpy()
    day = (years["year"].astype(str) + "-03-31").to_numpy().astype("datetime64[D]")
    entered = add_days(day, _ENTERED_AFTER + np.floor(rng.exponential(_ENTERED, len(years))))
    line, postcode = one_line(heads, rng)
    number = left_out(names["company_number"], ~gives_number)
    rows = pd.DataFrame(
        {
            "workforce_row_id": local_numbers("WF", len(years), rng),
            "business_name": firm(said_name, rng)[of],
            "company_number": number[of],
            "address": line[of],
            "postcode": postcode[of],
            "year": years["year"].astype("Int64"),
        }
    )
    for name, shares in how.items():
        values = years[name]
        rows[name] = values.astype("Int64").where(shares[of] == _AS_IT_IS)
        rows[f"{name}_band"] = left_out(band(name, values.to_numpy()), shares[of] != _AS_A_BAND)
    known = entered <= profile.as_of
    rows, entered = rows.loc[known].reset_index(drop=True), entered[known]
    who = pd.DataFrame({"row_id": rows["workforce_row_id"], "enterprise": of[known]})
    return deliver(DATASET, rows, entered, profile.shared), who
