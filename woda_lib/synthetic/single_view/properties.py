"""Where what is known of properties comes in: how addresses are written, and what names them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.single_view.gazetteer import gazetteer_delivery
from woda_lib.synthetic.single_view.lines import given_uprns, written_lines
from woda_lib.synthetic.single_view.places import draw_places
from woda_lib.synthetic.single_view.population import population_delivery

__all__ = ["Written", "deliver_properties", "draw_places", "given_uprns", "written_addresses"]


@dataclass(frozen=True)
class Written:
    """Addresses as somebody wrote them down, one each of the homes asked for.

    Attributes
    ----------
    address, postcode : numpy.ndarray
        Object arrays of strings, None where left out.
    uprn : numpy.ndarray
        The property that each means; None where what is written says nothing of a place.
    """

    address: np.ndarray
    postcode: np.ndarray
    uprn: np.ndarray


def written_addresses(
    homes: np.ndarray,
    on: np.ndarray,
    places: pd.DataFrame,
    dataset: str,
    person: np.ndarray,
    rng: Generator,
) -> Written:
    """Write down the addresses of homes, each on its day, with the dataset's mistakes.

    Parameters
    ----------
    homes
        Positions in the dwellings, all of Worcestershire, one for each address wanted.
    on
        The day on which each is written, datetime64[D]: streets and postcodes change.
    places
        From `draw_places`.
    dataset
        A key of `woda_lib.synthetic.single_view.untidiness.CARELESSNESS`.
    person
        Who lives there, an integer: a room in a care home stays theirs.
    """
    rows = written_lines(places, homes, on, person, dataset, rng)
    return Written(*(rows[name].to_numpy(dtype=object) for name in ("address", "postcode", "uprn")))


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
    places = draw_places(profile, residents, dwellings, seed)
    periods = profile.shared
    return [
        ("district_councils", gazetteer_delivery(profile, places, periods, seed)),
        ("national_statistics", population_delivery(homes, residents, places, periods, seed)),
    ]
