"""Who is in a property by where and when alone: one property has one ratepayer at a time.

A kitchen goes by the name over its door, and half of the ratepayers tell the rates office none. Then
no name says that *Ewe Inn Ltd* runs *The King's Head*; but that somebody cooks there on a day on
which nobody but Ewe Inn pays the rates does. How surely, is learned from those who did tell a name.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.business_register.views import PAIR

_RATES = "business_rates"
_GUESTS = ("food_hygiene", "workforce")
_FEWEST = 30  # pairs that tell how sure it is
_NOT_LEARNED = 0.85
_MOST = 0.99


def occupiers(
    records: pd.DataFrame, places: pd.DataFrame, names: pd.DataFrame, links: pd.DataFrame
) -> pd.DataFrame:
    """Return pairs of a rates account and the only kitchen or firm at its property and time.

    Parameters
    ----------
    records
        `source, id, number, began, ended`.
    places
        From `addresses.locate`.
    names
        From `names.called`; accounts that tell what stands over the door show how sure it is.
    links
        From `views.weigh`; what they hold already is not returned.

    Returns
    -------
    DataFrame
        The columns of `links`, with levels of −1 but for `place`: accounts without a trading name
        alone, and a record that fits two accounts with neither.
    """
    pairs = _at_one_time(records, places)
    keys = pd.MultiIndex.from_frame(names.loc[names["kind"] == "trading", ["source", "id"]])
    account = pd.MultiIndex.from_frame(pairs[PAIR[:2]].astype(object))
    told = pd.Series(account.isin(keys), index=pairs.index)
    held = pd.MultiIndex.from_frame(_both_ways(links))
    named = pd.Series(pd.MultiIndex.from_frame(pairs[PAIR].astype(object)).isin(held), pairs.index)
    shared = named[told]
    sure = float(shared.mean()) if len(shared) >= _FEWEST else _NOT_LEARNED
    sure = min(sure, _MOST)
    found = pairs[~told & ~named]
    levels = {name: -1 for name in links.columns if name not in (*PAIR, "probability")}
    levels |= {"match_weight": np.log2(sure / (1 - sure)), "place": 3}
    return found[PAIR].assign(probability=sure, **levels)[list(links.columns)]


def _at_one_time(records: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Pair accounts with those at the same property while they ran, if only one account fits."""
    table = records[["source", "id", "began", "ended"]].assign(uprn=places["uprn"].to_numpy())
    shared = set(places.loc[places["uprn"] != places["building"], "building"].dropna())
    table = table[table["uprn"].notna() & ~table["uprn"].isin(shared)]
    accounts = table[table["source"] == _RATES]
    guests = table[table["source"].isin(_GUESTS)]
    both = accounts.merge(guests, on="uprn", suffixes=("", "_guest"))
    open_until = both["ended"].fillna(pd.Timestamp.max)
    fits = both["began_guest"].le(open_until) & both["ended_guest"].ge(both["began"])
    both = both[fits]
    key = [both["source_guest"], both["id_guest"]]
    both = both[both.groupby(key)["id"].transform("size").eq(1)]
    # An account with two kitchens is a food court, or a shop with a guest in it.
    per = both.groupby(["id", "source_guest"])["id_guest"].transform("size")
    both = both[per.eq(1)]
    renamed = {
        "source": "left_source",
        "id": "left_id",
        "source_guest": "right_source",
        "id_guest": "right_id",
    }
    return both.rename(columns=renamed)[PAIR].astype(object).reset_index(drop=True)


def _both_ways(links: pd.DataFrame) -> pd.DataFrame:
    turned = links[[*PAIR[2:], *PAIR[:2]]].set_axis(PAIR, axis=1)
    return pd.concat([links[PAIR], turned], ignore_index=True).astype(object)
