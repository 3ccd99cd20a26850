"""The register of sites: where each enterprise is, and where it is only registered.

A site is one property of one enterprise. Records of an enterprise at one property are one site; a
record of the building alone joins the only unit that the enterprise has in it. Where no property was
found, the postcode stands for the place, and where there is none the record stands alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.identities import hashes
from woda_lib.pilots.business_register import trades
from woda_lib.pilots.business_register.places import Properties
from woda_lib.pilots.business_register.workforce import band_of

SITES = [
    "site_id",
    "enterprise_id",
    "name",
    "kind",
    "uprn",
    "address",
    "postcode",
    "easting",
    "northing",
    "located_by",
    "district",
    "area",
    "deprivation_quintile",
    "sic",
    "section",
    "premises_class",
    "rateable_value",
    "employees",
    "employees_band",
    "sources",
    "confidence",
    "started_on",
    "ended_on",
]
_DOOR = ["food_hygiene/trading", "business_rates/trading", "business_rates/registered",
         "workforce/registered", "companies/registered"]  # fmt: skip
"""Whose word on the name over the door counts first."""


def placed(members: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Give every record its site: `members` with `site_id` and what is known of the place.

    Parameters
    ----------
    members
        `source, record_id, enterprise_id, confidence`.
    places
        From `addresses.locate`, by `source, id`.
    """
    keys = {"left_on": ["source", "record_id"], "right_on": ["source", "id"]}
    table = members.merge(places.drop(columns="probability"), how="left", **keys)
    unit = table["uprn"].where(table["uprn"] != table["building"])
    inside = table.assign(unit=unit).dropna(subset=["unit"])
    units = inside.groupby(["enterprise_id", "building"])["unit"].agg(["nunique", "first"])
    only = units.loc[units["nunique"] == 1, "first"]
    at = pd.MultiIndex.from_frame(table[["enterprise_id", "uprn"]])
    of_building = pd.Series(only.reindex(at).to_numpy(), index=table.index, dtype="string")
    table["uprn"] = of_building.fillna(table["uprn"])
    postcode = table["postcode"].str.replace(" ", "").str.upper()
    place = ("uprn " + table["uprn"]).fillna("at " + postcode)
    place = place.fillna(table["source"].astype("string") + " " + table["record_id"])
    named = (table["enterprise_id"].astype("string") + "\x1f" + place).to_numpy(dtype=object)
    table["site_id"] = pd.Series(
        [f"site-{number:016x}" for number in hashes(named)], dtype="string"
    )
    return table.drop(columns=["id"])


def sites(
    table: pd.DataFrame,
    loaded: dict[str, pd.DataFrame],
    names: pd.DataFrame,
    known: Properties,
    enterprises: pd.DataFrame,
    workforce: pd.DataFrame,
) -> pd.DataFrame:
    """Return a row a site: `SITES`.

    Parameters
    ----------
    table
        From `placed`.
    loaded
        The datasets by name.
    names
        From `sources.written_names`.
    known
        From `places.properties_of`.
    enterprises
        `enterprise_id, sic, section, born_on, died_on`.
    workforce
        From `workforce.workforce_by_year`.

    Returns
    -------
    DataFrame
        Ordered by `enterprise_id, site_id`. `located_by` is *property*, *postcode* (the middle of
        its properties) or *nothing*. `employees` are those of the newest year; those of an
        enterprise with several premises are apportioned by rateable value, and stand at none where
        that is not known.
    """
    whole = table.groupby("site_id", sort=False)
    result = whole[["enterprise_id", "uprn", "postcode"]].first()
    result["confidence"] = whole["confidence"].min()
    result["sources"] = whole["source"].nunique()
    registered = table["source"].eq("companies").groupby(table["site_id"], sort=False).any()
    only = whole["source"].nunique().eq(1) & registered
    result["kind"] = np.select([only, registered], ["registered_office", "both"], "premises")
    result["name"] = _over_the_door(table, names)
    result = result.join(_accounts(table, loaded["business_rates"]))
    result = known.tell(result)
    of = enterprises.set_index("enterprise_id")
    for column in ("sic", "section"):
        result[column] = result["enterprise_id"].map(of[column])
    office = result["kind"].eq("registered_office")
    for column, when in (("started_on", "born_on"), ("ended_on", "died_on")):
        result[column] = result[column].mask(office, result["enterprise_id"].map(of[when]))
    result = _with_employees(result, workforce)
    order = result.reset_index().sort_values(["enterprise_id", "site_id"], ignore_index=True)
    texts = ["site_id", "enterprise_id", "name", "kind", "uprn", "postcode", "sic", "section"]
    return order[SITES].astype({**dict.fromkeys(texts, "string"), "sources": "int64"})


def _over_the_door(table: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    keys = {"left_on": ["source", "record_id"], "right_on": ["source", "id"]}
    both = table[["source", "record_id", "site_id"]].merge(names, **keys)
    said = both["source"] + "/" + both["kind"]
    both["place"] = said.map({name: place for place, name in enumerate(_DOOR)})
    order = both.dropna(subset=["place"]).sort_values(["site_id", "place", "record_id"])
    return order.drop_duplicates("site_id").set_index("site_id")["written"]


def _accounts(table: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """What rates say of a site: its value now, since when it is rented, and until when it was."""
    own = table.loc[table["source"] == "business_rates", ["record_id", "site_id"]]
    both = own.merge(rates, left_on="record_id", right_on="rates_account", validate="1:1")
    whole = both.groupby("site_id")
    goes_on = both["ended_on"].isna()
    value = both[goes_on].groupby("site_id")["rateable_value"].sum()
    last = both.sort_values("started_on").groupby("site_id")["rateable_value"].last()
    ended = whole["ended_on"].max().where(whole["ended_on"].count() == whole.size())
    spans = pd.DataFrame({"started_on": whole["started_on"].min(), "ended_on": ended})
    spans["rateable_value"] = value.reindex(spans.index).fillna(last).astype("Int64")
    return spans.astype(dict.fromkeys(["started_on", "ended_on"], "datetime64[ns]"))


def _with_employees(sites: pd.DataFrame, workforce: pd.DataFrame) -> pd.DataFrame:
    """Put the newest number of employees where they work."""
    newest = workforce.sort_values("year").drop_duplicates("enterprise_id", keep="last")
    newest = newest.set_index("enterprise_id")
    of = sites["enterprise_id"]
    works = _where_they_work(sites)
    many = works.groupby(of).transform("sum")
    value = sites["rateable_value"].astype("Float64").where(works)
    known = value.notna().where(works, True).groupby(of).transform("all")
    share = (value / value.groupby(of).transform("sum")).where(known)
    share = share.mask(works & (many == 1), 1.0).where(works)
    number = of.map(newest["employees"]).astype("Float64")
    employees = (number * share).round().astype("Int64")
    band = of.map(newest["employees_band"]).astype("string").where(works & (many == 1))
    return sites.assign(employees=employees, employees_band=band.fillna(band_of(employees)))


def _where_they_work(sites: pd.DataFrame) -> pd.Series:
    """Premises that are in use; the registered office of an enterprise that has none else."""
    open_ = sites["ended_on"].isna()
    premises = sites["kind"].ne("registered_office") & open_
    some = premises.groupby(sites["enterprise_id"]).transform("any")
    return premises | (~some & open_)
