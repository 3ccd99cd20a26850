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
from woda_lib.pilots.single_view.at_home.alike import Flags, alike, exchanged
from woda_lib.pilots.single_view.at_home.learned import Learned
from woda_lib.pilots.single_view.at_home.residents import holders, residents
from woda_lib.pilots.single_view.at_home.rows import Rows, rows_at_homes, sexes_told
from woda_lib.pilots.single_view.at_home.said import UNKNOWN, Said, said_of

OF_AGE = 6574
"""Days of eighteen years."""

BAND = 5 * 365
"""Days of age that are told together."""

MOSTLY = 0.8
"""Share of residents of an age that is counted off by name, from which one of that age who is left
over is taken for a holder: grown children live with holders, and seldom are any."""

COUPLE = 20 * 365
"""Days between the birth dates of two who hold one home together, at most."""

WHOLE_NAME, FORENAME, SURNAME_ALONE, SURNAME = 4, 3, 2, 1
"""How alike a holder's names are to a resident's; at the last, the forename is another.

An initial, or two forenames, would have held the one by which others call the person.
"""

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
    aliases = learned.aliases if learned else aliases or {}
    known = residents(rows, aliases)
    held = holders(rows, known["home"].unique().astype(np.int64))
    pairs = _there_together(rows, held, known, liable)
    by = learned or Learned(aliases, sexes_told(rows), frozenset())
    alike_by = _names_alike(pairs, held, known, rows, by)
    named = pairs.assign(names=alike_by)[alike_by > 0]
    by_name = _by_name(named)
    if not learned:
        by = replace(by, ages=_mostly_by_name(by_name, pairs, rows))
    found = pd.concat([by_name, _left_over(named, by_name, rows, by)])
    return CountedOff(_words(found, held, known, rows, details.index), by)


def _there_together(
    rows: Rows, held: pd.DataFrame, known: pd.DataFrame, liable: Collection[str]
) -> pd.DataFrame:
    """Pair holders and residents who were at one home at one time, as far as age allows."""
    spans = {"starts": ("starts", "min"), "ends": ("ends", "max")}
    home = {"home": ("home", "first")}
    holder = held.groupby("holder").agg(**home, dataset=("dataset", "first"), **spans)
    resident = known.groupby("resident").agg(**home, **spans, born=("born", "max"))
    answers = np.isin(rows.datasets, list(liable))[holder["dataset"]]
    pairs = (
        holder.assign(liable=answers)
        .reset_index()
        .merge(resident.reset_index(), on="home", suffixes=("", "_of"))
    )
    age = pairs["starts"] - pairs["born"]
    kept = (pairs["starts"] <= pairs["ends_of"]) & (pairs["starts_of"] <= pairs["ends"])
    kept &= ~pairs["liable"] | (age >= OF_AGE)
    # Whom a register holds with a birth date it need not hold again without.
    own = pd.MultiIndex.from_frame(known[["resident", "dataset"]].drop_duplicates())
    kept &= ~pd.MultiIndex.from_frame(pairs[["resident", "dataset"]]).isin(own)
    columns = ["holder", "resident", "home", "dataset", "liable", "starts", "born"]
    return pairs.loc[kept, columns].assign(age=age[kept] // BAND).reset_index(drop=True)


def _names_alike(
    pairs: pd.DataFrame,
    held: pd.DataFrame,
    known: pd.DataFrame,
    rows: Rows,
    learned: Learned,
) -> npt.NDArray[np.int64]:
    """Say how alike the names of each pair are, at best; 0 where they contradict each other."""
    names = ["forename", "surname"]
    written = held.groupby("holder")[[*names, "sex"]].agg(
        {"forename": "first", "surname": "first", "sex": "max"}
    )
    called = known[["resident", *names]].drop_duplicates()
    each = pairs[["holder", "resident"]].reset_index(names="pair").merge(called, on="resident")
    forename, surname = (written[name].to_numpy()[each["holder"]] for name in names)
    theirs, family = (each[name].to_numpy() for name in names)
    first = alike(forename, theirs, rows.forenames, "forename", learned.aliases)
    last = alike(surname, family, rows.surnames, "surname", {})
    whole = first & last
    whole |= exchanged(forename, surname, theirs, family, (rows.forenames, rows.surnames))
    one = np.array([len(name) > 1 and " " not in name for name in rows.forenames], dtype=bool)
    other = last & np.append(one, False)[forename]
    level = np.select(
        [whole, first, last & (forename < 0), other],
        [WHOLE_NAME, FORENAME, SURNAME_ALONE, SURNAME],
        0,
    )
    best = np.zeros(len(pairs), dtype=np.int64)
    np.maximum.at(best, each["pair"].to_numpy(), level)
    own = written["sex"].to_numpy()
    told = learned.sex_of(rows.forenames)[written["forename"].to_numpy()]
    own = np.where(own == UNKNOWN, told, own)
    own = own[pairs["holder"]]
    sexes = known[known["sex"] != UNKNOWN].groupby("resident")["sex"].mean().round()
    sex = pairs["resident"].map(sexes).fillna(UNKNOWN).to_numpy()
    contrary = (own != UNKNOWN) & (sex != UNKNOWN) & (own != sex)
    best[(best <= SURNAME_ALONE) & contrary] = 0
    return best


def _alone(pairs: pd.DataFrame) -> Flags:
    """Say which pairs are of a holder and a resident whom no other pair is of."""
    single = ~pairs.duplicated("holder", keep=False)
    single &= ~pairs.duplicated(["resident", "dataset"], keep=False)
    return np.asarray(single)


def _by_name(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of one whole name; of namesakes, none."""
    whole = pairs[pairs["names"] == WHOLE_NAME]
    return whole[_alone(whole)]


def _left_over(
    pairs: pd.DataFrame, by_name: pd.DataFrame, rows: Rows, learned: Learned
) -> pd.DataFrame:
    """Return the pairs of whom one holder and one resident are left when all others are gone."""
    whole = pairs[pairs["names"] == WHOLE_NAME]
    gone = pd.MultiIndex.from_frame(whole[["resident", "dataset"]])
    left = ~pairs["holder"].isin(whole["holder"]).to_numpy()
    left &= ~pd.MultiIndex.from_frame(pairs[["resident", "dataset"]]).isin(gone)
    rest = pairs[left]
    rest = rest[_alone(rest)]
    likely = _of_holding_age(rest, rows, learned) & ~_far_from_the_other(rest, by_name)
    return rest[(rest["names"] > SURNAME) | likely]


def _mostly_by_name(
    by_name: pd.DataFrame, met: pd.DataFrame, rows: Rows
) -> frozenset[tuple[str, int]]:
    """Return the ages of which most are counted off by name, register by register."""
    who = ["resident", "dataset"]
    first = met.sort_values("age").drop_duplicates(who)
    found = pd.MultiIndex.from_frame(by_name[who])
    counted = pd.MultiIndex.from_frame(first[who]).isin(found)
    share = first.assign(counted=counted).groupby(["dataset", "age"])["counted"].mean()
    mostly = share.index[share >= MOSTLY]
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


def _words(
    found: pd.DataFrame, held: pd.DataFrame, known: pd.DataFrame, rows: Rows, index: pd.Index
) -> pd.Series:
    """Write the word of each row: its resident's home and first birth date; twins' name as well."""
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
    told = np.full(len(index), pd.NA, dtype=object)
    told[known.loc[clear, "row"]] = theirs.to_numpy(dtype=object)
    told[held.loc[counted.notna(), "row"]] = counted.dropna().to_numpy(dtype=object)
    return pd.Series(told, index=index, dtype="string")
