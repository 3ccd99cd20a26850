"""The businesses of one made-up county: what five partners hold of them, and what is true."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.businesses import companies_house, hygiene, listed, rates, shared
from woda_lib.synthetic.businesses.enterprises import draw_enterprises
from woda_lib.synthetic.businesses.lives import begins, up_to
from woda_lib.synthetic.businesses.names import name_enterprises
from woda_lib.synthetic.businesses.offices import draw_offices, last_premises
from woda_lib.synthetic.businesses.premises import draw_premises
from woda_lib.synthetic.businesses.sectors import DORMANT, SECTORS
from woda_lib.synthetic.businesses.sites import lay_out_sites
from woda_lib.synthetic.businesses.tenancies import draw_tenancies
from woda_lib.synthetic.businesses.workforce import draw_workforce
from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.draws import as_days, left_out
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.single_view.whole import SingleView

_LETTING = "68209"
_PREMISES_AN_OWNER = 25
SOUND = frozenset({companies_house.DATASET, listed.DATASET})
"""Datasets in which no fault is planted: registers that machines write."""


@dataclass(frozen=True)
class Businesses:
    """Enterprises, their sites, and who has a record of them.

    Everything is drawn from numbers of its own, over the streets and homes that there are.

    Attributes
    ----------
    profile : Profile
    view : SingleView
        Streets and homes are those of its world.
    seed : int
        The county's.
    """

    profile: Profile
    view: SingleView
    seed: int

    @cached_property
    def premises(self) -> pd.DataFrame:
        """See `woda_lib.synthetic.businesses.premises.draw_premises`."""
        return draw_premises(self.profile, self.view.world.places, self._stream("premises", 0))

    @cached_property
    def tenancies(self) -> pd.DataFrame:
        """See `woda_lib.synthetic.businesses.tenancies.draw_tenancies`."""
        return draw_tenancies(self.profile, self.premises, self._stream("tenancies", 0))

    @cached_property
    def _drawn(self) -> tuple[pd.DataFrame, np.ndarray]:
        return draw_enterprises(self.profile, self.tenancies, self._stream("enterprises", 0))

    @property
    def enterprises(self) -> pd.DataFrame:
        """See `woda_lib.synthetic.businesses.enterprises.draw_enterprises`."""
        return self._drawn[0]

    @property
    def tenant(self) -> np.ndarray:
        """Of each tenancy, the position of its enterprise."""
        return self._drawn[1]

    @cached_property
    def names(self) -> pd.DataFrame:
        """Names of each enterprise, with ``kind, legal_form, company_number`` (None for most)."""
        of = self.enterprises
        names = name_enterprises(of, self.profile.as_of, self._stream("names", 0))
        public = np.flatnonzero(of["legal_form"].eq("public"))
        at = last_premises(self.tenancies, self.tenant, len(of))[public]
        called = self.premises["own_name"].to_numpy(dtype=object)[at]
        names.loc[public, "name"] = called
        names.loc[public, "trading"] = called
        llp = names["name"].str.endswith(" LLP").to_numpy()
        number = companies_house.company_numbers(of, llp)
        number = left_out(number, ~self.registered)
        return names.assign(kind=of["kind"], legal_form=of["legal_form"], company_number=number)

    @cached_property
    def registered(self) -> np.ndarray:
        """Which enterprises are in the register of companies at some time."""
        of = self.enterprises["legal_form"]
        return of.isin(["company", "charity"]).to_numpy()

    @cached_property
    def _offices(self) -> tuple[np.ndarray, pd.DataFrame]:
        return draw_offices(
            self.enterprises,
            self.tenancies,
            self.tenant,
            self.premises,
            self.view.world.places,
            self.profile.as_of,
            self._stream("offices", 0),
        )

    @cached_property
    def _laid_out(self) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        return lay_out_sites(self.enterprises, self.tenancies, self.tenant, self._offices[0])

    @cached_property
    def workforce(self) -> pd.DataFrame:
        """See `woda_lib.synthetic.businesses.workforce.draw_workforce`."""
        branches = np.bincount(self.tenant, minlength=len(self.enterprises))
        rng = self._stream("workforce", 0)
        return draw_workforce(self.enterprises, branches, self.profile.as_of, rng)

    def deliveries(self) -> Iterator[tuple[str, Delivery]]:
        """Yield each partner's dataset."""
        for delivery, _ in self._written:
            (partner,) = CONTRACTS[delivery.dataset].partners
            yield partner, delivery

    @cached_property
    def _written(self) -> list[tuple[Delivery, pd.DataFrame]]:
        """Each dataset with ``row_id, enterprise, site`` (-1 for none) of its rows."""
        office, places = self._offices
        _, of_tenancy, of_office = self._laid_out
        table = self.enterprises.join(self.names.drop(columns=["kind", "legal_form"]))
        at = np.flatnonzero(self.registered)
        companies = companies_house.deliver_companies(
            self.profile,
            table.iloc[at].reset_index(drop=True),
            places.iloc[office[at]].reset_index(drop=True),
            self._stream(companies_house.DATASET, 1),
        )
        known = pd.DataFrame(
            {
                "row_id": self.names["company_number"].to_numpy()[at],
                "enterprise": at,
                "site": of_office[at],
            }
        )
        told = known["row_id"].isin(companies.rows["company_number"])
        let = rates.accounts(self.tenancies, self.tenant, of_tenancy, self._owners)
        head = np.where(office >= 0, office, self._last)
        site = np.where(of_office >= 0, of_office, self._last_site)
        delivery, work = shared.deliver_workforce(
            self.profile,
            self.workforce,
            self.names,
            places.iloc[head].reset_index(drop=True),
            self._stream(shared.DATASET, 1),
        )
        nothing = pd.DataFrame({"row_id": [], "enterprise": [], "site": []})
        return [
            (companies, known.loc[told]),
            rates.deliver_rates(
                self.profile, let, self.names, self.premises, self._stream(rates.DATASET, 1)
            ),
            hygiene.deliver_hygiene(
                self.profile,
                self.tenancies,
                self.tenant,
                of_tenancy,
                self.enterprises,
                self.names,
                self.premises,
                self._stream(hygiene.DATASET, 1),
            ),
            (delivery, work.assign(site=site[work["enterprise"].to_numpy()])),
            (
                listed.deliver_premises(
                    self.profile, self.premises, self._inside, self._stream(listed.DATASET, 1)
                ),
                nothing,
            ),
        ]

    @cached_property
    def _last(self) -> np.ndarray:
        return last_premises(self.tenancies, self.tenant, len(self.enterprises))

    @cached_property
    def _last_site(self) -> np.ndarray:
        """Of each enterprise the site at the premises that it rents last, -1 for none."""
        sites = self._laid_out[0]
        by = pd.Series(sites.index, index=pd.MultiIndex.from_frame(sites[["enterprise", "place"]]))
        pairs = pd.MultiIndex.from_arrays([np.arange(len(self._last)), self._last])
        return by.reindex(pairs, fill_value=-1).to_numpy()

    @cached_property
    def _owners(self) -> np.ndarray:
        """Of each premises the enterprise that owns it: few companies own them all."""
        of = self.enterprises
        letting = np.array([sector.sic == _LETTING for sector in SECTORS])[of["sector"]]
        through = of["born"].le(pd.Timestamp(begins(self.profile.as_of)))
        through &= of["died"].gt(pd.Timestamp(self.profile.as_of))
        pool = np.flatnonzero(
            letting & through & of["kind"].eq("company") & ~of["dormant"].astype(bool)
        )
        pool = pool[: max(3, len(self.premises) // _PREMISES_AN_OWNER)]
        return self._stream("owners", 0).choice(pool, len(self.premises))

    @cached_property
    def _inside(self) -> np.ndarray:
        """Who is in each premises when the first file is made; empty for nobody."""
        day = pd.Timestamp(self.profile.shared.begins[0])
        there = self.tenancies["starts"].le(day) & self.tenancies["ends"].gt(day)
        out = np.full(len(self.premises), "", dtype=object)
        names = self.names["trading"].to_numpy(dtype=object)
        out[self.tenancies["premises"][there]] = names[self.tenant[there.to_numpy()]]
        return out

    def truth(self) -> dict[str, pd.DataFrame]:
        """Return ``br_records, br_enterprises, br_sites, br_workforce``; see `write_truth`."""
        of, names, as_of = self.enterprises, self.names, self.profile.as_of
        sites, _, _ = self._laid_out
        places = self._offices[1].iloc[sites["place"].to_numpy()].reset_index(drop=True)
        dormant = of["dormant"].to_numpy(dtype=bool)
        sic = np.array([sector.sic for sector in SECTORS], dtype=object)[of["sector"]]
        section = np.array([sector.section for sector in SECTORS], dtype=object)[of["sector"]]
        heads = of["is_head"].to_numpy()
        by_group = dict(zip(of["group"][heads], names["stem"][heads], strict=True))
        enterprises = pd.DataFrame(
            {
                "enterprise_id": _ids("BE", np.arange(len(of))),
                "name": names["name"],
                "trading_name": names["trading"],
                "kind": of["kind"],
                "legal_form": of["legal_form"],
                "company_number": names["company_number"],
                "group_name": of["group"].map(by_group),
                "predecessor_id": _ids("BE", of["predecessor"].to_numpy()),
                "born_on": of["born"].to_numpy().astype("datetime64[ns]"),
                "died_on": up_to(as_days(of["died"]), as_of).astype("datetime64[ns]"),
                "sic": np.where(dormant, DORMANT[0], sic),
                "section": left_out(section, dormant),
            }
        )
        ended = up_to(as_days(sites["ends"]), as_of)
        table = pd.DataFrame(
            {
                "site_id": _ids("BS", np.arange(len(sites))),
                "enterprise_id": _ids("BE", sites["enterprise"].to_numpy()),
                "uprn": places["uprn"],
                "easting": places["easting"].astype(float),
                "northing": places["northing"].astype(float),
                "district": places["district"],
                "area": places["area"],
                "place": places["kind"],
                "is_registered_office": sites["is_registered_office"].astype(bool),
                "started_on": sites["starts"].to_numpy().astype("datetime64[ns]"),
                "ended_on": ended.astype("datetime64[ns]"),
            }
        )
        work = self.workforce
        return {
            "br_records": self._records(),
            "br_enterprises": enterprises,
            "br_sites": table,
            "br_workforce": work.drop(columns="enterprise").assign(
                enterprise_id=_ids("BE", work["enterprise"].to_numpy())
            ),
        }

    def _records(self) -> pd.DataFrame:
        parts = [
            pd.DataFrame(
                {
                    "partner": CONTRACTS[delivery.dataset].partners[0],
                    "dataset": delivery.dataset,
                    "row_id": known["row_id"].astype(object),
                    "enterprise_id": _ids("BE", known["enterprise"].to_numpy(dtype=np.int64)),
                    "site_id": _ids("BS", known["site"].to_numpy(dtype=np.int64)),
                }
            )
            for delivery, known in self._written
            if len(known)
        ]
        return pd.concat(parts, ignore_index=True)

    def _stream(self, what: str, use: int) -> Generator:
        """Random numbers of one thing, which no other uses up."""
        return default_rng([self.seed, 15, use, zlib.crc32(what.encode())])


def _ids(prefix: str, numbers: np.ndarray) -> np.ndarray:
    """Identifiers of the truth, None for negative numbers."""
    text = prefix + pd.Series(numbers, dtype="int64").astype(str).str.zfill(7)
    return left_out(text, numbers < 0)
