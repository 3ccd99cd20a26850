"""Partners' rows as words about homes: who is said to live where, from when, until when believed.

An end means something else from one partner to the next. When a council-tax account ends, its
people have left; when a family worker's case is closed, the family is still where it was. Which
is which stands in the rules (`rules.Word`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.pilots.single_view.homes.coding import (
    as_they_come,
    categorical,
    coded,
    codes_in,
    in_one,
    named,
    objects_of,
    registrations,
    those_that_occur,
)
from woda_lib.pilots.single_view.homes.days import NEVER, Days, to_days
from woda_lib.pilots.single_view.homes.errors import HomesError, require_columns
from woda_lib.pilots.single_view.homes.rules import ResidenceRules

_FOLLOWS = 31  # days after its end within which a next row of the same number is a move
_DETAILS = ("entity_id", "dataset", "local_id", "row_id", "started_on", "ended_on")


def words(
    details: pd.DataFrame,
    places: pd.DataFrame,
    rules: ResidenceRules,
    *,
    deaths: pd.DataFrame | None = None,
    empty: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what each placed row says of where somebody lives.

    Parameters
    ----------
    details
        `entity_id, dataset, local_id, row_id, started_on, ended_on`.
    places
        `dataset, row_id, uprn, probability`; rows without a property say nothing.
    rules
        From `read_residence_rules`.
    deaths
        `entity_id, died_on`; after that day nobody lives anywhere.
    empty
        `dataset, row_id` of rows about homes that stand empty, whose people live elsewhere.

    Returns
    -------
    DataFrame
        `entity_id`, `uprn`, `dataset` (categories), `starts`, `ends` (whole days since 1970, the
        end the first day on which it is not believed any more), `left` (whether the end was a
        departure), `trust`, `half_life` (days, infinite where it does not fade).
    """
    require_columns(details, _DETAILS, table="details")
    home, uprns = placed(details, places, rules.least_probability)
    told, whose = categorical(details["dataset"]), categorical(details["entity_id"]).cat
    of_homes = np.array([str(name) in rules.datasets for name in told.cat.categories] + [False])
    known = of_homes[told.cat.codes.to_numpy()] & (home >= 0) & (whose.codes >= 0)
    if empty is not None and len(empty):
        known &= ~_among(details, empty)
    at = np.flatnonzero(known)
    u, first = as_they_come(home[at], len(uprns))
    e = np.asarray(whose.codes, dtype=np.int32)[at]
    homes = pd.Index(uprns[first], dtype=object)
    code, datasets = those_that_occur(told.cat.codes.to_numpy()[at], told.cat.categories)
    starts = to_days(details["started_on"].iloc[at], missing=NEVER)
    ended = to_days(details["ended_on"].iloc[at])
    each = [rules.datasets[str(name)] for name in datasets]
    is_a = {
        kind: np.array([word.kind == kind for word in each], dtype=bool)[code]
        for kind in ("register", "work", "glimpse")
    }
    gone = ended < NEVER
    departed = gone & is_a["register"]
    work = gone & is_a["work"]
    numbers = registrations(details)[at[work]]
    departed[work] = _followed(numbers, starts[work], ended[work])
    believed = np.where(departed, 1, rules.believed_days)
    ends = np.where(is_a["glimpse"] & ~departed, starts, ended)
    ends = np.where(ends >= NEVER, NEVER, ends + believed).astype(np.int32)
    trust = np.array([word.trust for word in each], dtype=np.float32)
    began = starts < NEVER
    sure = trust[code] >= np.float32(rules.trusted)
    ends = _until_departure(e, u, starts, ends, leaves=began & departed & sure, weak=~sure)
    ends = _until_death(e, whose.categories, ends, deaths)
    kept = np.flatnonzero(began & (starts < ends))
    fades = [np.inf if word.half_life_days is None else word.half_life_days for word in each]
    return pd.DataFrame(
        {
            "entity_id": named(e[kept], whose.categories),
            "uprn": named(u[kept], homes),
            "dataset": named(code[kept], datasets),
            "starts": starts[kept],
            "ends": ends[kept],
            "left": departed[kept],
            "trust": trust[code[kept]],
            "half_life": np.array(fades, dtype=np.float32)[code[kept]],
        },
        copy=False,
    )


def placed(
    details: pd.DataFrame, places: pd.DataFrame, least_probability: float
) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.object_]]:
    """Return the number of each row's property, and the properties, not all of which need occur.

    A row that was matched to none well enough has −1.
    """
    require_columns(places, ("dataset", "row_id", "uprn", "probability"), table="places")
    codes, uprns = coded(places["uprn"])
    poor = (places["probability"] < least_probability).to_numpy(dtype=bool, na_value=True)
    codes = np.where(poor, -1, codes)
    if len(places) == len(details) and np.array_equal(
        objects_of(places["row_id"]), objects_of(details["row_id"])
    ):
        return codes, uprns
    keys = ["dataset", "row_id"]
    table = places[keys].astype({"dataset": str}).assign(code=codes)
    if table.duplicated(keys).any():
        raise HomesError(
            "The table of places has a row of a dataset twice. Keep one property a row: the one "
            "whose match has the greatest probability."
        )
    asked = details[keys].astype({"dataset": str})
    found = asked.merge(table, on=keys, how="left")["code"].fillna(-1)
    return found.to_numpy(dtype=np.int64), uprns


def _among(details: pd.DataFrame, rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say which of the details are some `rows`, named by `dataset, row_id`."""
    among = np.zeros(len(details), dtype=bool)
    for name, own in rows.groupby("dataset", observed=True):
        at = np.flatnonzero(details["dataset"].eq(name).to_numpy(dtype=bool))
        among[at] = details["row_id"].iloc[at].isin(own["row_id"]).to_numpy()
    return among


def _followed(number: npt.NDArray, starts: Days, ended: Days) -> npt.NDArray[np.bool_]:
    """Whether the same partner's number goes on elsewhere when a row ends: somebody moved."""
    order = np.lexsort((starts, number))
    next_one = np.full(len(number), NEVER, dtype=np.int64)
    same = number[order][1:] == number[order][:-1]
    next_one[order[:-1][same]] = starts[order[1:][same]]
    after = next_one - ended
    return (np.abs(after) <= _FOLLOWS) & (ended < NEVER)


def _until_departure(
    e: npt.NDArray[np.int32],
    u: npt.NDArray[np.int32],
    starts: Days,
    ends: Days,
    *,
    leaves: npt.NDArray[np.bool_],
    weak: npt.NDArray[np.bool_],
) -> Days:
    """End what others still say of a home when a trusted register says that somebody left it.

    Words that began later stand: they say that the person is there again, or still.

    Parameters
    ----------
    e, u, starts, ends
        Person, property and days of each word.
    leaves
        Whether it is trusted, and its end a departure.
    weak
        Whether it is not trusted.
    """
    departs = np.zeros(int(e.max()) + 1 if len(e) else 0, dtype=bool)
    departs[e[leaves]] = True
    asked = np.flatnonzero(weak & departs[e])
    left_on = pd.Series(ends[leaves]).groupby(in_one(e[leaves], u[leaves])).max()
    day = left_on.reindex(in_one(e[asked], u[asked])).fillna(NEVER).to_numpy()
    over = starts[asked] < day
    ended = ends.copy()
    ended[asked[over]] = np.minimum(ends[asked[over]], day[over])
    return ended


def _until_death(
    e: npt.NDArray[np.int32], names: pd.Index, ends: Days, deaths: pd.DataFrame | None
) -> Days:
    """End whatever is said when the person died."""
    if deaths is None or deaths.empty:
        return ends
    dead = deaths.dropna(subset=["died_on"]).drop_duplicates("entity_id")
    died = np.full(len(names), NEVER, dtype=np.int32)
    at = codes_in(dead["entity_id"], names)
    died[at[at >= 0]] = to_days(dead["died_on"])[at >= 0]
    last: Days = np.minimum(ends, died[e] + 1)
    return last
