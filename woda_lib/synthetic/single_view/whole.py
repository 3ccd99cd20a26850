"""Every dataset of the single view, one after another: what is written, and where it truly was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.single_view.homes import draw_homes, households_on
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.properties import deliver_properties


@dataclass(frozen=True)
class Delivered:
    """One dataset of one partner.

    Attributes
    ----------
    partner : str
    delivery : Delivery
    places : pandas.DataFrame
        ``row_id, uprn`` of each row that gives an address: the property that it means.
    sound : bool
        Whether no fault is planted in it.
    """

    partner: str
    delivery: Delivery
    places: pd.DataFrame
    sound: bool = False

    def true_places(self) -> pd.DataFrame:
        """Return ``partner, dataset, row_id, uprn``, as the truth has them."""
        named = self.places.assign(partner=self.partner, dataset=self.delivery.dataset)
        return named[["partner", "dataset", "row_id", "uprn"]]


@dataclass(frozen=True)
class SingleView:
    """What the single view's partners hold.

    Nothing is kept of the datasets once they are written: at the county's size they would fill the
    memory together.

    Attributes
    ----------
    residents : pandas.DataFrame
        See `woda_lib.synthetic.domestic_abuse.histories.Histories`.
    dwellings : pandas.DataFrame
        See `woda_lib.synthetic.population.make_population`, of both counties.
    """

    profile: Profile
    residents: pd.DataFrame
    dwellings: pd.DataFrame
    seed: int

    @cached_property
    def homes(self) -> pd.DataFrame:
        """Who truly lives where; see `woda_lib.synthetic.single_view.homes.draw_homes`."""
        return draw_homes(self.profile, self.residents, self.dwellings, self.seed)

    def deliveries(self) -> Iterator[Delivered]:
        """Yield each dataset, those of people and then those of properties."""
        nowhere = pd.DataFrame({"row_id": [], "uprn": []}, dtype=object)
        for partner, delivery in deliver_properties(
            self.profile, self.residents, self.dwellings, self.homes, self.seed
        ):
            yield Delivered(partner, delivery, nowhere, sound=True)

    def known_people(self) -> pd.DataFrame:
        """Return ``partner, dataset, local_id, person_id`` of everybody in the records."""
        return pd.DataFrame(
            {
                "partner": pd.Series(dtype=object),
                "dataset": pd.Series(dtype=object),
                "local_id": pd.Series(dtype=object),
                "person_id": pd.Series(dtype=np.int64),
            }
        )

    def truth(self) -> dict[str, pd.DataFrame]:
        """Return the tables ``sv_homes`` and ``sv_households`` of `woda_lib.synthetic.truth`."""
        uprns = self.dwellings["uprn"].astype(str).to_numpy(dtype=object)
        homes = self.homes.loc[self.homes["dwelling"].ne(AWAY)]
        now = households_on(self.profile.as_of, self.homes, self.residents, self.dwellings)
        return {
            "sv_homes": homes[["person_id"]].assign(
                uprn=uprns[homes["dwelling"]], starts=homes["starts"], ends=homes["ends"]
            ),
            "sv_households": now[["person_id", "household"]].assign(
                uprn=uprns[now["dwelling"]], kind=now["kind"]
            ),
        }
