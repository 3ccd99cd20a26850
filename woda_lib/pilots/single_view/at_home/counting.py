"""Count off those at an address: each written without a birth date against one whose date is known.

A register without birth dates, such as council tax, may call somebody by a second forename, write
no forename at all, or keep a surname from before a marriage. Names alone then say that two people
live there. But where one is left on either side when all others are counted off, and names, sex,
age and dates do not contradict each other, they are most likely one person.

::

    council tax        others at the address         counted off
    Mary Hill          Mary Hill, born 1971          by name
    Keith Hill         Roger Hill, born 1969         left over: a man of age, there at the time
                       Ann Hill, born 2012           (a child, who is liable for nothing)

What comes of it is a *word* for a person at a home, which every record bears that is counted off as
theirs; those of twins differ. Linkage compares these words as it does any other field. So what they
are worth is learned from the records and adds to the match weight, and people's decisions outrank
it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.identities import hashes
from woda_lib.linkage.record_keys import first_places
from woda_lib.pilots.single_view.at_home.learned import Learned
from woda_lib.pilots.single_view.at_home.meeting import SURNAME, WHOLE_NAME, Met, alone, met
from woda_lib.pilots.single_view.at_home.rows import Rows, rows_at_homes, sexes_told
from woda_lib.pilots.single_view.at_home.said import Said, said_of
from woda_lib.pilots.single_view.homes.days import NEVER
from woda_lib.pilots.single_view.lettered import lettered

MOSTLY = 0.8
"""Share of residents of an age that is counted off by name, from which one of that age who is left
over is taken for a holder: grown children live with holders, and seldom are any."""

COUPLE = 20 * 365
"""Days between the birth dates of two who hold one home together, at most."""


@dataclass(frozen=True)
class CountedOff:
    """Who is whom at homes.

    Attributes
    ----------
    words
        Of whom each row is counted off as, a Series of string with the index of the rows; missing
        where that is not told.
    learned
        What the count went by.
    """

    words: pd.Series
    learned: Learned


def counted_off(
    details: pd.DataFrame,
    uprn: pd.Series,
    *,
    liable: Collection[str],
    aliases: Mapping[str, str] | None = None,
    said: Said | None = None,
    learned: Learned | None = None,
) -> CountedOff:
    """Count off those at each home. What is told of one hangs on no other but by what is learned.

    Parameters
    ----------
    details
        `dataset, local_id, nhs_number, forename, surname, date_of_birth, sex, started_on,
        ended_on`, a row a row of a partner.
    uprn
        The property of each row, in the same order; missing where it is not known.
    liable
        Datasets of those who answer for a home, and so are of age.
    aliases
        Forenames that stand for others, in standard form, where that is to be learned.
    said
        What the rows say, from `said.said_of`, where it is known already.
    learned
        What an earlier count learned from all homes, of which these are some; left out, it is
        learned from these.
    """
    rows = rows_at_homes(details, uprn, said or said_of(details))
    by = learned or Learned(aliases or {}, sexes_told(rows), frozenset())
    parts = met(rows, by, liable)
    if not learned:
        by = replace(by, ages=_mostly_by_name([each.by_age for each in parts], rows))
    told = np.full(len(details), pd.NA, dtype=object)
    for part in parts:
        _tell(told, part, _left_over(part.named, part.by_name, rows, by), rows)
    return CountedOff(pd.Series(told, index=details.index, dtype="string"), by)


def _left_over(
    pairs: pd.DataFrame, by_name: pd.DataFrame, rows: Rows, learned: Learned
) -> pd.DataFrame:
    """Return the pairs of whom one holder and one resident are left when all others are gone."""
    whole = pairs[pairs["names"] == WHOLE_NAME]
    gone = pd.MultiIndex.from_frame(whole[["resident", "dataset"]])
    left = ~pairs["holder"].isin(whole["holder"]).to_numpy()
    left &= ~pd.MultiIndex.from_frame(pairs[["resident", "dataset"]]).isin(gone)
    rest = pairs[left]
    rest = rest[alone(rest)]
    likely = _of_holding_age(rest, rows, learned) & ~_far_from_the_other(rest, by_name)
    return rest[(rest["names"] > SURNAME) | likely]


def _mostly_by_name(by_age: list[pd.DataFrame], rows: Rows) -> frozenset[tuple[str, int]]:
    """Return the ages of which most are counted off by name, register by register."""
    whole = pd.concat(by_age).groupby(level=["dataset", "age"]).sum()
    mostly = whole.index[whole["sum"] / whole["size"] >= MOSTLY]
    return frozenset((str(rows.datasets[dataset]), int(age)) for dataset, age in mostly)


def _of_holding_age(rest: pd.DataFrame, rows: Rows, learned: Learned) -> pd.Series:
    """Say who is of an age of which most are counted off by name."""
    number = {name: place for place, name in enumerate(rows.datasets)}
    ages = [(number[name], age) for name, age in learned.ages if name in number]
    asked = pd.MultiIndex.from_frame(rest[["dataset", "age"]])
    return pd.Series(asked.isin(ages), index=rest.index)


def _far_from_the_other(rest: pd.DataFrame, by_name: pd.DataFrame) -> pd.Series:
    """Say whose age is far from that of somebody who took the home on the same day."""
    taken = ["dataset", "home", "starts"]
    both = rest[[*taken, "born"]].reset_index(names="at")
    both = both.merge(by_name[[*taken, "born"]], on=taken, suffixes=("", "_of"))
    far = both.loc[(both["born"] - both["born_of"]).abs() > COUPLE, "at"]
    return pd.Series(rest.index.isin(far), index=rest.index)


def _tell(told: npt.NDArray[np.object_], part: Met, left_over: pd.DataFrame, rows: Rows) -> None:
    """Write the word of each row whose resident is counted off, or one of twins."""
    found = pd.concat([part.by_name, left_over])[["holder", "resident"]]
    clear = part.known["twin"] | part.known["resident"].isin(found["resident"])
    known = part.known[clear.to_numpy()]
    number, residents = pd.factorize(known["resident"])
    words = _words(known, number, len(residents), rows)
    told[known["row"]] = words[number]
    at = np.full(int(part.held["holder"].max()) + 1 if len(part.held) else 0, -1, dtype=np.int64)
    at[found["holder"]] = pd.Index(residents).get_indexer(pd.Index(found["resident"]))
    holders = at[part.held["holder"]]
    told[part.held["row"].to_numpy()[holders >= 0]] = words[holders[holders >= 0]]


def _words(
    known: pd.DataFrame, number: npt.NDArray[np.intp], size: int, rows: Rows
) -> npt.NDArray[np.object_]:
    """Return the word of each resident: their home and first birth date; twins' name as well.

    `number` says of whom each row is.
    """
    born = np.full(size, NEVER, dtype=np.int64)
    np.minimum.at(born, number, known["born"].to_numpy(dtype=np.int64))
    home = rows.homes[known["home"].to_numpy()[first_places(number, size)]]
    own = np.full(size, "", dtype=object)
    # Of names as texts pandas would ask each resident apart, and twins alone are told by theirs.
    twin = known["twin"].to_numpy()
    names = np.append(rows.forenames, "").astype(object)[known["forename"].to_numpy()[twin]]
    called = pd.DataFrame({"number": number[twin], "name": names}).sort_values("name")
    called = called.drop_duplicates("number")
    own[called["number"]] = called["name"]
    return lettered(hashes(home + "|" + born.astype(str).astype(object) + "|" + own))
