"""Where what is known of properties comes in: how addresses are written, and what names them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.address_lines import address_lines
from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.profiles import Profile


@dataclass(frozen=True)
class Written:
    """Addresses as somebody wrote them down, one each of the homes asked for.

    Attributes
    ----------
    address, postcode : numpy.ndarray
        Object arrays of strings, None where left out.
    """

    address: np.ndarray
    postcode: np.ndarray


def written_addresses(
    homes: np.ndarray, on: np.ndarray, dwellings: pd.DataFrame, rng: Generator
) -> Written:
    """Write down the addresses of homes, each on its day.

    Parameters
    ----------
    homes
        Positions in `dwellings`, one for each address wanted.
    on
        The day on which each is written, datetime64[D]: streets and postcodes change.
    """
    at = dwellings.iloc[homes]
    return Written(address_lines(at, rng), at["postcode"].to_numpy(dtype=object))


def deliver_properties(
    profile: Profile,
    residents: pd.DataFrame,
    dwellings: pd.DataFrame,
    homes: pd.DataFrame,
    seed: int,
) -> list[tuple[str, Delivery]]:
    """Return each partner's delivery of properties and of population estimates.

    Parameters
    ----------
    homes
        See `woda_lib.synthetic.single_view.homes.draw_homes`.
    """
    return []
