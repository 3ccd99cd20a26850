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
from woda_lib.pilots.single_view.at_home.learned import Learned
from woda_lib.pilots.single_view.at_home.meeting import SURNAME, WHOLE_NAME, Met, alone, met
from woda_lib.pilots.single_view.at_home.rows import Rows, rows_at_homes, sexes_told
from woda_lib.pilots.single_view.at_home.said import Said, said_of

MOSTLY = 0.8
"""Share of residents of an age that is counted off by name, from which one of that age who is left
over is taken for a holder: grown children live with holders, and seldom are any."""

COUPLE = 20 * 365
"""Days between the birth dates of two who hold one home together, at most."""

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


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
    """Write the word of each row: its resident's home and first birth date; twins' name as well."""
    held, known = part.held, part.known
    found = pd.concat([part.by_name, left_over])
    names = np.append(rows.forenames, "").astype(object)
    first = known.sort_values(["resident", "born"], kind="stable").drop_duplicates("resident")
    # Of names as texts pandas would ask each resident apart, and twins alone are told by theirs.
    twins = known[known["twin"]]
    called = twins.assign(name=names[twins["forename"]]).sort_values("name")
    own = called.drop_duplicates("resident").set_index("resident")["name"]
    own = own.reindex(first["resident"], fill_value="")
    text = (
        pd.Series(rows.homes[first["home"]]).astype(str)
        + "|"
        + first["born"].astype(str).to_numpy(dtype=object)
    )
    text += "|" + own.to_numpy(dtype=object)
    made = [f"{each:016x}".translate(_LETTERS) for each in hashes(text.to_numpy(dtype=object))]
    word = pd.Series(made, index=first["resident"].to_numpy(), dtype=object)
    clear = known["twin"] | known["resident"].isin(found["resident"])
    theirs = known.loc[clear, "resident"].map(word)
    counted = held["holder"].map(found.set_index("holder")["resident"].map(word))
    told[known.loc[clear, "row"]] = theirs.to_numpy(dtype=object)
    told[held.loc[counted.notna(), "row"]] = counted.dropna().to_numpy(dtype=object)
