"""What lies inside an incident's area, on its edge, and near it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from shapely.geometry.base import BaseGeometry

from woda_lib.pilots.business_register.incident.area import Area
from woda_lib.pilots.business_register.incident.buildings import place_buildings
from woda_lib.pilots.business_register.incident.kinds import standing
from woda_lib.pilots.business_register.incident.located import Located
from woda_lib.pilots.business_register.incident.placing import on_the_register, place_people
from woda_lib.pilots.business_register.incident.points import postcode_points

SHELTERS = ("community_centre", "leisure_centre", "library", "school")
"""Uses of buildings in which people can be received."""


@dataclass(frozen=True)
class Known:
    """What is known of the county, each thing with its place.

    Attributes
    ----------
    sites, properties, buildings, people : Located
        Businesses' sites; homes and premises (see `kinds.standing`); partners' buildings; and the
        entries of the assistance register (see `placing.place_people`).
    postcodes : DataFrame
        See `points.postcode_points`.
    faults : DataFrame
        What is wrong with where buildings are said to be; see `buildings.place_buildings`.
    """

    sites: Located
    properties: Located
    buildings: Located
    people: Located
    postcodes: pd.DataFrame
    faults: pd.DataFrame

    @classmethod
    def of(
        cls,
        *,
        sites: pd.DataFrame,
        premises: pd.DataFrame,
        gazetteer: pd.DataFrame,
        buildings: pd.DataFrame,
        register: pd.DataFrame,
        on: date,
    ) -> Known:
        """Put in place what the step has loaded, as it stands on a day.

        Parameters
        ----------
        sites
            Of the step ``1_link``.
        premises, gazetteer, buildings, register
            Columns of the contracts ``premises, gazetteer, public_buildings`` and
            ``assistance_register``; of the register no name and no telephone number.

        Raises
        ------
        PlacesError
            If most of the buildings' coordinates look like one mistake.
        """
        day = pd.Timestamp(on)
        held = pd.concat([standing(premises, day), standing(gazetteer, day)], ignore_index=True)
        held = held.drop_duplicates("uprn")
        stand, faults = place_buildings(_going_on(buildings, day), held)
        return cls(
            Located.of(_going_on(sites, day)),
            Located.of(held),
            Located.of(stand),
            Located.of(place_people(on_the_register(register, day), gazetteer)),
            postcode_points(gazetteer, premises),
            faults,
        )

    def inside(self, shape: BaseGeometry) -> Mapping[str, pd.DataFrame]:
        """Return what lies inside a shape, by the names of the attributes."""
        people = self.people.within(shape).drop_duplicates("assistance_id")
        found = {
            name: getattr(self, name).within(shape) for name in ("sites", "properties", "buildings")
        }
        return {**found, "people": people}


@dataclass(frozen=True)
class Findings:
    """What an incident's area holds.

    Attributes
    ----------
    area : Area
    sites, properties, buildings, people : DataFrame
        The rows inside; of people those who may be: placed at home, or at a postcode that reaches
        in.
    edge : mapping of str to DataFrame
        The same of the ring around it.
    margin : float
        Metres that the ring is wide.
    """

    area: Area
    sites: pd.DataFrame
    properties: pd.DataFrame
    buildings: pd.DataFrame
    people: pd.DataFrame
    edge: Mapping[str, pd.DataFrame]
    margin: float

    @property
    def worked_at(self) -> pd.DataFrame:
        """The sites inside at which somebody may be at work."""
        return worked_at(self.sites)

    @property
    def registered(self) -> pd.DataFrame:
        """The sites inside at which a firm is registered and is not."""
        return registered(self.sites)


def worked_at(sites: pd.DataFrame) -> pd.DataFrame:
    """Return the sites at which a firm is, and not only registered."""
    return sites[~_only_registered(sites)]


def registered(sites: pd.DataFrame) -> pd.DataFrame:
    """Return the sites at which a firm is registered only, an accountant's office perhaps."""
    return sites[_only_registered(sites)]


def look_inside(known: Known, area: Area, *, margin: float) -> Findings:
    """Find what lies inside an area, and in the ring of so many metres around it."""
    inside = known.inside(area.geometry)
    wider = known.inside(area.geometry.buffer(margin))
    keys = {
        "sites": "site_id",
        "properties": "uprn",
        "buildings": "building_id",
        "people": "assistance_id",
    }
    edge = {
        name: found[~found[keys[name]].isin(inside[name][keys[name]])]
        for name, found in wider.items()
    }
    return Findings(area, **inside, edge=edge, margin=margin)


def shelters(known: Known, area: Area, *, within: float, keep_off: float = 0.0) -> pd.DataFrame:
    """Return buildings near an area in which people can be received, the nearest first.

    Parameters
    ----------
    within
        Metres from the area's edge in which they are looked for.
    keep_off
        Metres from its edge in which none is: what floods today may flood them tomorrow.

    Returns
    -------
    DataFrame
        The rows of ``buildings`` with ``metres`` from the edge.
    """
    near = known.buildings.within(area.geometry.buffer(within))
    near = near[near["use"].isin(SHELTERS)]
    points = Located(near)
    metres = points.distances(area.geometry)
    return (
        near.assign(metres=metres)[metres > keep_off]
        .sort_values("metres", kind="stable")
        .reset_index(drop=True)
    )


def _only_registered(sites: pd.DataFrame) -> pd.Series:
    return sites["kind"].eq("registered_office").fillna(False).astype(bool)


def _going_on(rows: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    ended = rows["ended_on"].notna() & rows["ended_on"].le(on)
    return rows[~ended]
