"""The sites of each enterprise: its premises, and its registered office where that is elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.synthetic.businesses.enterprises import FAR_OFF
from woda_lib.synthetic.draws import as_days


def lay_out_sites(
    enterprises: pd.DataFrame, tenancies: pd.DataFrame, tenant: np.ndarray, office: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return every site, and where to find it.

    Returns
    -------
    sites : pandas.DataFrame
        ``enterprise, place`` (positions), ``starts, ends`` (days; far off while it lasts) and
        ``is_registered_office``. A firm that comes back to the same premises has one site there.
    of_tenancy, of_office : numpy.ndarray
        Of each tenancy, and of each enterprise (-1 for none), the position of its site.
    """
    rented = pd.DataFrame(
        {
            "enterprise": tenant,
            "place": tenancies["premises"].to_numpy(),
            "starts": tenancies["starts"].to_numpy(),
            "ends": tenancies["ends"].to_numpy(),
            "is_registered_office": False,
        }
    )
    at = np.flatnonzero(office >= 0)
    registered = pd.DataFrame(
        {
            "enterprise": at,
            "place": office[at],
            "starts": enterprises["born"].to_numpy()[at],
            "ends": enterprises["died"].to_numpy()[at],
            "is_registered_office": True,
        }
    )
    both = pd.concat([rented, registered], ignore_index=True)
    number = both.groupby(["enterprise", "place"], sort=True).ngroup().to_numpy()
    sites = both.groupby(number).agg(
        enterprise=("enterprise", "first"),
        place=("place", "first"),
        starts=("starts", "min"),
        ends=("ends", "max"),
        is_registered_office=("is_registered_office", "max"),
    )
    sites["ends"] = np.minimum(as_days(sites["ends"]), FAR_OFF)
    of_office = np.full(len(enterprises), -1)
    of_office[at] = number[len(rented) :]
    return sites.reset_index(drop=True), number[: len(rented)], of_office
