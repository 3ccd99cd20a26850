"""What the gazetteer says of a property, or else of a postcode: address, grid reference and area."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from woda_lib.pilots.business_register.sources import one_line

_STANDING = ("approved", "provisional", "alternative", "historical")
"""Of several ways of addressing a property, the first that it has names it."""

_AREAS = ["district", "area", "deprivation_quintile"]
_GRID = ["easting", "northing"]


@dataclass(frozen=True)
class Properties:
    """Where properties and postcodes are.

    Attributes
    ----------
    by_uprn : DataFrame
        By UPRN: `address, premises_class, easting, northing, district, area,
        deprivation_quintile`.
    by_postcode : DataFrame
        By postcode without its space: the middle of its properties, and the areas of most.
    """

    by_uprn: pd.DataFrame
    by_postcode: pd.DataFrame

    def tell(self, sites: pd.DataFrame) -> pd.DataFrame:
        """Add what is known of each site's place; `located_by` says by what.

        Parameters
        ----------
        sites
            `uprn, postcode`.
        """
        at = self.by_uprn.reindex(sites["uprn"]).set_axis(sites.index)
        code = sites["postcode"].str.replace(" ", "").str.upper()
        near = self.by_postcode.reindex(code).set_axis(sites.index)
        by = pd.Series("nothing", index=sites.index, dtype="string")
        by = by.mask(near["easting"].notna(), "postcode").mask(at["easting"].notna(), "property")
        filled = {name: at[name].fillna(near[name]) for name in [*_GRID, *_AREAS]}
        return sites.assign(
            address=at["address"], premises_class=at["premises_class"], located_by=by, **filled
        )


def properties_of(premises: pd.DataFrame, homes: pd.DataFrame) -> Properties:
    """Return where every property and postcode is.

    Parameters
    ----------
    premises, homes
        The columns of the contracts ``premises`` and ``gazetteer``.
    """
    both = pd.concat([premises, homes], ignore_index=True)
    standing = both["logical_status"].astype("string").map({n: i for i, n in enumerate(_STANDING)})
    order = both.assign(standing=standing).sort_values(
        ["uprn", "standing", "started_on"], ascending=[True, True, False], kind="stable"
    )
    best = order.drop_duplicates("uprn").set_index("uprn")
    number = one_line(best, ["building", "street"]).str.replace(", ", " ", n=1, regex=False)
    best["address"] = one_line(
        best.assign(line=number), ["sub_building", "line", "locality", "town"]
    )
    best = best.rename(columns={"class_code": "premises_class"})
    best[_GRID] = best[_GRID].astype("Float64").astype(float)
    texts = dict.fromkeys(["address", "premises_class", "district", "area"], "string")
    best = best.astype({**texts, "deprivation_quintile": "Int64"})
    best["code"] = best["postcode"].astype("string").str.replace(" ", "").str.upper()
    middle = best.groupby("code")[_GRID].mean()
    counted = best.groupby(["code", *_AREAS], dropna=False).size().rename("properties")
    order = counted.reset_index().sort_values("properties", ascending=False, kind="stable")
    most = order.drop_duplicates("code").set_index("code")[_AREAS]
    return Properties(best[["address", "premises_class", *_GRID, *_AREAS]], middle.join(most))
