"""The register of enterprises and sites: the tables that later steps read, made from the links."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from woda_lib.partners import CONTRACTS
from woda_lib.pilots.business_register.enterprises import ENTERPRISES, enterprises
from woda_lib.pilots.business_register.held_since import held_since
from woda_lib.pilots.business_register.places import properties_of
from woda_lib.pilots.business_register.sites import placed, sites
from woda_lib.pilots.business_register.sources import NUMBERS, firms
from woda_lib.pilots.business_register.workforce import workforce_by_year

MEMBERS = ["source", "record_id", "enterprise_id", "site_id", "confidence"]


@dataclass(frozen=True)
class Register:
    """What is known of businesses.

    Attributes
    ----------
    enterprises, sites, workforce_by_year : DataFrame
        See `enterprises.enterprises`, `sites.sites` and `workforce.workforce_by_year`.
    members : DataFrame
        `source, record_id, enterprise_id, site_id, confidence`: of each row of the registers, whose
        it is; of the workforce data each year's.
    placed : DataFrame
        The same with what is known of each record's place, for reports.
    held_since : DataFrame
        See `held_since.held_since`.
    """

    enterprises: pd.DataFrame
    sites: pd.DataFrame
    members: pd.DataFrame
    workforce_by_year: pd.DataFrame
    placed: pd.DataFrame
    held_since: pd.DataFrame


def register(
    clusters: pd.DataFrame,
    places: pd.DataFrame,
    names: pd.DataFrame,
    loaded: Mapping[str, pd.DataFrame],
) -> Register:
    """Make the register.

    Parameters
    ----------
    clusters
        `source, id, entity_id, confidence`, from `linking.link_businesses`.
    places
        From `addresses.locate`.
    names
        From `sources.written_names`.
    loaded
        The datasets by name, ``premises`` and ``gazetteer`` among them; companies from
        `enterprises.with_last_snapshot`.
    """
    own = clusters.rename(columns={"id": "record_id", "entity_id": "enterprise_id"})
    own = own.astype({"source": "string", "record_id": "string", "enterprise_id": "string"})
    tables = dict(loaded)
    located = placed(own, places)
    members = _every_row(located, loaded["workforce"])
    years = workforce_by_year(members, loaded["workforce"])
    firms_ = enterprises(own, tables, names)
    known = properties_of(loaded["premises"], loaded["gazetteer"])
    doors = sites(located, tables, names, known, firms_, years)
    many = doors["enterprise_id"].value_counts()
    firms_["sites"] = firms_["enterprise_id"].map(many).astype("int64")
    since = held_since(tables)
    return Register(firms_[ENTERPRISES], doors, members, years, located, since)


def whom(clusters: pd.DataFrame, loaded: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return which records are one enterprise, as opt-outs are spread: a sole trader is a person.

    Returns
    -------
    DataFrame
        `partner, local_id, entity_id`.
    """
    partners = {name: str(loaded[name]["partner"].iloc[0]) for name in set(clusters["source"])}
    return pd.DataFrame(
        {
            "partner": clusters["source"].map(partners).astype("string"),
            "local_id": clusters["id"].astype("string"),
            "entity_id": clusters["entity_id"].astype("string"),
        }
    )


def _every_row(table: pd.DataFrame, workforce: pd.DataFrame) -> pd.DataFrame:
    """Give each row of the workforce data what was found of its firm."""
    of = pd.DataFrame(
        {
            "record_id": firms(workforce).to_numpy(),
            "row": workforce["workforce_row_id"].astype("string").to_numpy(),
        }
    )
    own = table["source"] == "workforce"
    rows = table[own].merge(of, on="record_id").drop(columns="record_id")
    rows = rows.rename(columns={"row": "record_id"})
    whole = pd.concat([table.loc[~own, MEMBERS], rows[MEMBERS]], ignore_index=True)
    return whole.astype(dict.fromkeys(MEMBERS[:-1], "string"))


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


def _named(*fields: str) -> dict[str, Collection[str]]:
    """A column of the premises' or homes' gazetteer that is called as the field is."""
    return {
        field: frozenset(
            f"{name}.{field}"
            for name in ("premises", "gazetteer")
            if field in CONTRACTS[name].columns
        )
        for field in fields
    }


_FIRMS = _of("business_rates.ratepayer", "workforce.business_name", "companies.company_name")
_WRITTEN = frozenset(
    f"{name}.{part}"
    for name in ("premises", "gazetteer")
    for part in ("sub_building", "building", "street", "locality", "town")
)
_BEGAN = _of("companies.incorporated_on", "business_rates.started_on")
_ENDED = _of("companies.dissolved_on", "business_rates.ended_on")
_SIC = _of("companies.sic_1")
_SECTION = _of(
    "companies.sic_1", "business_rates.property_description", "food_hygiene.business_type"
)
_OF_YEAR = {
    name: _of(f"workforce.{name}")
    for name in ("year", "employees", "employees_band", "turnover", "turnover_band")
}
FIELDS: Mapping[str, Mapping[str, Collection[str]]] = {
    "enterprises": {
        "name": _FIRMS,
        "company_number": _of("companies.company_number"),
        "status": _of("companies.status"),
        "born_on": _BEGAN,
        "died_on": _ENDED,
        "sic": _SIC,
        "section": _SECTION,
        "group_name": _of("companies.company_name"),
    },
    "sites": {
        "name": _FIRMS | _of("business_rates.trading_as", "food_hygiene.business_name"),
        **_named("uprn", "easting", "northing", "district", "area", "deprivation_quintile"),
        "address": _WRITTEN,
        "postcode": _of("business_rates.postcode", "companies.postcode"),
        "premises_class": _of("premises.class_code", "gazetteer.class_code"),
        "sic": _SIC,
        "section": _SECTION,
        "rateable_value": _of("business_rates.rateable_value"),
        "employees": _OF_YEAR["employees"],
        "employees_band": _OF_YEAR["employees_band"],
        "started_on": _BEGAN,
        "ended_on": _ENDED,
    },
    "members": {
        "record_id": frozenset(f"{source}.{number}" for source, number in NUMBERS.items()),
    },
    "workforce_by_year": _OF_YEAR,
    "held_since": {"first_day": _of("business_rates.ended_on")},
}
"""By saved table, for each of its columns the ``<dataset>.<field>`` whose values stand in it."""


def tables(made: Register) -> dict[str, pd.DataFrame]:
    """Return the tables to be saved, by name."""
    return {name: getattr(made, name) for name in FIELDS}
