"""Records as the linkage engine compares them: one row for each name that a record is called by.

Two records are as alike as their best pair of names. The weights are learned from each record under
its first name alone, so that what else a record agrees with itself on is not learned from; with
them every pair of names is then weighed, and the best pair of two records stands for both.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage import LinkageModel, LinkageSpec, link
from woda_lib.pilots.business_register.sources import SOURCES

PAIR = ["left_source", "left_id", "right_source", "right_id"]
LINKS = [*PAIR, "probability", "rules"]
_BETWEEN = "/"
_RATES = "business_rates"


def views(records: pd.DataFrame, places: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Return what is compared of each record, a row a name.

    Parameters
    ----------
    records
        From `sources.records`.
    places
        From `addresses.locate`.
    names
        From `names.called`.

    Returns
    -------
    DataFrame
        `source, id, view, first` (whether it is the record's first name), `name, number, place,
        postcode, trade`; at an agent's address nothing is said of the place.
    """
    keys = ["source", "id"]
    somewhere = ~places["mass"]
    told = pd.DataFrame(
        {
            "source": records["source"],
            "id": records["id"],
            "number": records["number"],
            "trade": records["trade"],
            "place": _place_words(places).where(somewhere),
            "postcode": places["postcode"].where(somewhere),
        }
    )
    table = told.merge(names[[*keys, "kind", "name", "incorporated"]], on=keys, how="left")
    table["registered"] = table["name"].where(_registered(table))
    split = table["name"].astype("string").str.partition(" ")
    table["head"], table["rest"] = split[0], split[2].mask(split[2] == "")
    nth = table.groupby(keys, sort=False).cumcount()
    table["view"] = table["id"].astype(str) + _BETWEEN + nth.astype(str)
    return table.assign(first=(nth == 0).to_numpy(bool))


def weigh(
    table: pd.DataFrame, spec: LinkageSpec, model: LinkageModel | None = None
) -> tuple[pd.DataFrame, LinkageModel]:
    """Return how likely pairs of records are one enterprise.

    Parameters
    ----------
    table
        From `views`.
    spec
        How to compare: ``parameters/linkage/businesses.yaml``.
    model
        The weights of an earlier run; left out, they are learned.

    Returns
    -------
    links : DataFrame
        `LINKS`, a row a pair of two records whose best names reach the threshold `review`.
    model : LinkageModel
    """
    spec = _of_sources(spec, table)
    if model is None:
        model = link(_frames(table[table["first"]]), spec).model
    result = link(_frames(table), spec, model=model)
    links = pd.concat([result.links, result.review], ignore_index=True)
    for side in ("left", "right"):
        links[f"{side}_view"] = links[f"{side}_id"].astype(str)
        links[f"{side}_id"] = links[f"{side}_id"].astype(str).str.rpartition(_BETWEEN)[0]
    same = links["left_source"].eq(links["right_source"]) & links["left_id"].eq(links["right_id"])
    best = links[~same & _comparable(links, table)]
    best = best.rename(columns={"match_probability": "probability"})
    best = best.sort_values("match_weight", ascending=False, kind="stable")
    levels = [name for name in spec.comparison_names if name in best]
    best = best.drop_duplicates(PAIR, ignore_index=True)
    return best[[*PAIR, "probability", "match_weight", *levels]], model


def _comparable(links: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Leave out what stands over the doors of two rates accounts: who pays is who they are."""
    accounts = links["left_source"].eq(_RATES) & links["right_source"].eq(_RATES)
    own = table[table["source"] == _RATES].set_index("view")["kind"].eq("registered")
    payers = links["left_view"].map(own).eq(True) & links["right_view"].map(own).eq(True)
    return ~accounts | payers


def _registered(table: pd.DataFrame) -> pd.Series:
    """Say which names are a registered body's: written as one, or as one of them is called.

    Whoever leaves *Limited* out still names the company; but *J Smith* need not be J Smith Ltd.
    """
    written = table["incorporated"].fillna(False).astype(bool) | table["source"].eq("companies")
    known = table["name"].isin(set(table.loc[written, "name"])) & table["kind"].eq("registered")
    initial = table["name"].str.match(r"(?:\w )+\w+$").fillna(False).astype(bool)
    return written | (known & ~initial)


def _place_words(places: pd.DataFrame) -> pd.Series:
    """Write a place as words: the property and the building around it, or else the postcode."""
    unit, building = places["uprn"], places["building"]
    words = unit.where(unit == building, unit + " " + building)
    postcode = places["postcode"].str.replace(" ", "").str.lower()
    return words.fillna(postcode)


def _of_sources(spec: LinkageSpec, table: pd.DataFrame) -> LinkageSpec:
    there = set(table["source"])
    kept = [source for source in spec.sources if source.name in there]
    return spec.model_copy(update={"sources": kept})


def _frames(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    columns = ["view", "name", "registered", "head", "rest", "number", "place", "postcode", "trade"]
    frames = {}
    for source in SOURCES:
        own = table.loc[table["source"] == source, columns].astype(object)
        if len(own):
            frames[source] = own.where(own.notna(), np.nan).replace({np.nan: None})
    return frames
