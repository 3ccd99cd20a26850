"""Every dataset of the single view, one after another: what is written, and where it truly was."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.single_view.county_services import draw_care, draw_passes
from woda_lib.synthetic.single_view.crises import draw_clients, draw_contacts, draw_visits
from woda_lib.synthetic.single_view.health import draw_community, draw_index
from woda_lib.synthetic.single_view.holdings import Holding
from woda_lib.synthetic.single_view.homes import draw_homes, households_on
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.properties import deliver_properties
from woda_lib.synthetic.single_view.revenues import draw_claims, draw_liable
from woda_lib.synthetic.single_view.schools import draw_census
from woda_lib.synthetic.single_view.tenancies import draw_members
from woda_lib.synthetic.single_view.world import World
from woda_lib.synthetic.single_view.writing import write


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


_DRAWN: dict[str, Callable[[World, Generator], Holding]] = {
    "patient_registrations": draw_index,
    "community_care": draw_community,
    "council_tax_accounts": draw_liable,
    "benefit_claims": draw_claims,
    "school_census": draw_census,
    "care_services": draw_care,
    "travel_passes": draw_passes,
    "tenancy_members": draw_members,
    "police_contacts": draw_contacts,
    "safe_and_well_visits": draw_visits,
    "support_clients": draw_clients,
}

_KEPT = (
    "person_id", "started_on", "ended_on", "service", "absence", "excluded", "arrears",
    "antisocial", "part", "offence_group", "letting_id",
)  # fmt: skip


@dataclass(frozen=True)
class SingleView:
    """What the single view's partners hold.

    Only who is who, and the days and codes of spells, is kept of the datasets once they are
    written: at the county's size they would fill the memory together.

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
    _known: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    _spells: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    @cached_property
    def world(self) -> World:
        """The residents and where they truly live."""
        homes = draw_homes(self.profile, self.residents, self.dwellings, self.seed)
        return World(self.profile, self.residents, self.dwellings, homes, self.seed)

    def hold(self, dataset: str) -> Holding:
        """Return what the partner of one of the datasets of people means to say."""
        holding = _DRAWN[dataset](self.world, self._stream(dataset, 0))
        self._known[dataset] = holding.people
        kept = [name for name in _KEPT if name in holding.spells]
        codes = {name: "category" for name in kept if holding.spells[name].dtype == object}
        self._spells[dataset] = holding.spells[kept].astype(codes)
        return holding

    def spells(self, dataset: str) -> pd.DataFrame:
        """Return whom a partner is concerned with, since when and why: those of `_KEPT` it has."""
        if dataset not in self._spells:
            self.hold(dataset)
        return self._spells[dataset]

    def deliveries(self) -> Iterator[Delivered]:
        """Yield each dataset, those of people and then those of properties."""
        for dataset in _DRAWN:
            holding = self.hold(dataset)
            delivery, places = write(holding, self.world, self._stream(dataset, 1))
            yield Delivered(holding.habits.partner, delivery, places)
        nowhere = pd.DataFrame({"row_id": [], "uprn": []}, dtype=object)
        for partner, delivery in deliver_properties(
            self.profile, self.residents, self.dwellings, self.world.homes, self.seed
        ):
            yield Delivered(partner, delivery, nowhere, sound=True)

    def known_people(self) -> pd.DataFrame:
        """Return ``partner, dataset, local_id, person_id`` of everybody in the records."""
        for dataset in _DRAWN:
            if dataset not in self._known:
                self.hold(dataset)
        return pd.concat([self._known[dataset] for dataset in _DRAWN], ignore_index=True)

    def truth(self) -> dict[str, pd.DataFrame]:
        """Return the tables ``sv_homes`` and ``sv_households`` of `woda_lib.synthetic.truth`."""
        uprns = self.dwellings["uprn"].astype(str).to_numpy(dtype=object)
        homes = self.world.homes
        homes = homes.loc[homes["dwelling"].ne(AWAY)]
        now = households_on(self.profile.as_of, homes, self.residents, self.dwellings)
        return {
            "sv_homes": homes[["person_id"]].assign(
                uprn=uprns[homes["dwelling"]], starts=homes["starts"], ends=homes["ends"]
            ),
            "sv_households": now[["person_id", "household"]].assign(
                uprn=uprns[now["dwelling"]], kind=now["kind"]
            ),
        }

    def _stream(self, dataset: str, use: int) -> Generator:
        """Random numbers of one dataset, which no other uses up."""
        return default_rng([self.seed, 9, 4, use, zlib.crc32(dataset.encode())])
