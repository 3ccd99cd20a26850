"""Who went along though no partner says so, and whose home has passed to others since.

The hospital hears of a child's move years after the council has moved the account of its parents.
Three rules put that right, none of which moves anybody whom a trusted register still knows at the
old home, or of whom anything was said there since:

* a child goes where the grown-ups whom it lived with have gone, when none stays whom a trusted
  register knows there;
* grown-ups go with those who held the account or the tenancy, if they bear their name or stand in
  one claim, account or tenancy with them, when none stays whom a trusted register knows there;
* who is left by weak words alone lives there no longer when the account of the home has passed to
  people who have nothing to do with them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.pilots.single_view.homes.coding import codes_in, named
from woda_lib.pilots.single_view.homes.companions import Families, followed, passed_on
from woda_lib.pilots.single_view.homes.days import NEVER, to_dates, to_days, with_days
from woda_lib.pilots.single_view.homes.open_stays import known_of, open_stays
from woda_lib.pilots.single_view.homes.people import People
from woda_lib.pilots.single_view.homes.together import tied_of

_PASSES = 3
"""Times that followers are looked for: of who follows somebody twice, the second move too."""


def follow(
    residences: pd.DataFrame,
    said: pd.DataFrame,
    people: pd.DataFrame,
    properties: pd.DataFrame,
    tied: pd.DataFrame,
    *,
    trusted: float,
) -> pd.DataFrame:
    """Return the residences with those who followed, and without those whom others have replaced.

    Parameters
    ----------
    residences
        From `residences.residences`.
    said
        From `words.words`.
    people
        `entity_id, surname, date_of_birth, sex`: the best view.
    properties
        `uprn, parent_uprn, kind`: care homes and buildings that hold several homes are left alone.
    tied
        From `ties.ties`.
    trusted
        From which trust on a word holds somebody at a home; see `rules.ResidenceRules`.

    Returns
    -------
    DataFrame
        As given. A home to which somebody is only taken to have followed has no `sources` and is
        not `sure`.
    """
    names, uprns = residences["entity_id"].cat.categories, residences["uprn"].cat.categories
    known = People(people, names, pd.Series(dtype=object))
    homes = residences["home"]
    table = _numbered(residences[homes])
    words = pd.DataFrame(
        {
            "e": codes_in(said["entity_id"], names),
            "u": codes_in(said["uprn"], uprns),
            "starts": said["starts"],
            "ends": said["ends"],
            "trust": said["trust"],
        },
        copy=False,
    )
    born = np.where(known.born < NEVER, known.born, np.int32(-NEVER))
    families = Families(born, known.family, tied_of(tied, names))
    shared = properties.loc[properties["kind"].eq("care_home"), "uprn"]
    many = codes_in(pd.concat([shared, properties["parent_uprn"].dropna()]), uprns)
    many = np.unique(many[many >= 0])
    held = known_of(words, trusted=trusted)
    stays = open_stays(table, held, many)
    for _ in range(_PASSES):
        found = followed(stays, families)
        if found.empty:
            break
        table = _moved(table, found)
        stays = open_stays(table, held, many)
    over = passed_on(stays, families)
    ends = table["ends"].to_numpy(copy=True)
    ends[over["i"]] = np.minimum(ends[over["i"]], over["day"])
    table["ends"] = ends
    return _written(table, residences, names, uprns)


def _numbered(homes: pd.DataFrame) -> pd.DataFrame:
    last = to_days(homes["ends"])
    return pd.DataFrame(
        {
            "i": np.arange(len(homes)),
            "e": homes["entity_id"].cat.codes.to_numpy(np.int32),
            "u": homes["uprn"].cat.codes.to_numpy(np.int32),
            "starts": to_days(homes["starts"]),
            "ends": np.where(last < NEVER, last + 1, NEVER).astype(np.int32),
            "sources": homes["sources"].to_numpy(np.int32),
            "sure": homes["sure"].to_numpy(bool),
            "elsewhere": homes["elsewhere"].to_numpy(bool),
        },
        copy=False,
    )


def _moved(table: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """End the old homes of followers on the day of the move, and begin the new ones."""
    i, day = found["i"].to_numpy(), found["day"].to_numpy()
    new = table.iloc[i].assign(
        u=found["u"].to_numpy(), starts=day, sources=0, sure=False, elsewhere=False
    )
    ends = table["ends"].to_numpy(copy=True)
    ends[i] = day
    old = table.assign(ends=ends)
    return _joined({str(name): np.append(old[name], new[name]) for name in old})


def _joined(table: dict[str, npt.NDArray]) -> pd.DataFrame:
    """Join stays of one person at one property that follow one another, and number them anew."""
    began = with_days(table["e"], table["starts"])
    order = np.argsort(began, kind="stable")  # all but those who moved stand so
    parts = {name: column[order] for name, column in table.items()}
    e, u, starts, ends = (parts[name] for name in ("e", "u", "starts", "ends"))
    goes_on = (e[1:] == e[:-1]) & (u[1:] == u[:-1]) & (starts[1:] <= ends[:-1])
    first = np.flatnonzero(np.append(True, ~goes_on)[: len(order)])
    joined = {"i": np.arange(len(first)), "e": e[first], "u": u[first], "starts": starts[first]}
    for name in ("ends", "sources", "sure", "elsewhere"):
        joined[name] = np.maximum.reduceat(parts[name], first)
    return pd.DataFrame(joined, copy=False)


def _written(
    table: pd.DataFrame, residences: pd.DataFrame, names: pd.Index, uprns: pd.Index
) -> pd.DataFrame:
    """Return homes as residences again, with the other places of people in two."""
    kept = table[table["starts"] < table["ends"]]
    ends = kept["ends"].to_numpy()
    homes = pd.DataFrame(
        {
            "entity_id": kept["e"].to_numpy(),
            "uprn": kept["u"].to_numpy(),
            "starts": to_dates(kept["starts"]),
            "ends": to_dates(np.where(ends < NEVER, ends - 1, NEVER)),
            "sources": kept["sources"].to_numpy(),
            "sure": kept["sure"].to_numpy(),
            "elsewhere": kept["elsewhere"].to_numpy(),
            "home": True,
        },
        copy=False,
    )
    others = residences[~residences["home"]]
    # As numbers: to put categories together, pandas would read every name again.
    coded = {name: others[name].cat.codes.to_numpy() for name in ("entity_id", "uprn")}
    both = pd.concat([homes, others.assign(**coded)], ignore_index=True)
    began = with_days(both["entity_id"].to_numpy(), to_days(both["starts"]))
    both = both.take(np.argsort(2 * began + both["home"].to_numpy(bool), kind="stable"))
    both.index = pd.RangeIndex(len(both))
    both["entity_id"], both["uprn"] = named(both["entity_id"], names), named(both["uprn"], uprns)
    return both
