"""How partners write addresses: one true property, many lines.

What is drawn here is put together from parts, as people do: who it is care of, flat or room or
pitch, building, number and street, locality, town, county.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.address_lines import ABBREVIATIONS
from woda_lib.synthetic.draws import as_days, take, weighted
from woda_lib.synthetic.misspellings import mishear, mistype
from woda_lib.synthetic.names import draw_surnames
from woda_lib.synthetic.single_view.places import POSTCODE_LETTERS
from woda_lib.synthetic.single_view.premises import premises
from woda_lib.synthetic.single_view.untidiness import (
    CARELESSNESS,
    GIVEN,
    HABITS,
    IN_CAPITALS,
    MISTAKES,
)

_KINDS_OF_STREET = ("Road", "Street", "Lane", "Close", "Avenue", "Drive")
_TITLES = ("Mr", "Mrs", "Ms", "Miss")
_NO_FIXED_ABODE = ("No fixed abode", "NFA", "Of no fixed address", "Sofa surfing")


def written_lines(
    places: pd.DataFrame,
    dwelling: np.ndarray,
    on: np.ndarray,
    person: np.ndarray,
    dataset: str,
    rng: Generator,
) -> pd.DataFrame:
    """Write the address of each row as a partner has it.

    Parameters
    ----------
    places
        From `woda_lib.synthetic.single_view.places.draw_places`.
    dwelling
        Of each row, its position in `places`' index.
    on
        Day of writing (datetime64[D]): before a street was renamed it has its old name.
    person
        Whoever lives there (an integer): their room in a care home stays the same.
    dataset
        A key of `woda_lib.synthetic.single_view.untidiness.CARELESSNESS`.
    rng
        Numbers of the dataset's own.

    Returns
    -------
    pandas.DataFrame
        ``address`` (None where nothing is written), ``postcode`` (likewise) and ``uprn``, the true
        property; None where what is written says nothing of a place.
    """
    rows = places.loc[dwelling].reset_index(drop=True)
    careless = CARELESSNESS[dataset]
    n = len(rows)

    def by(share: float) -> np.ndarray:
        return rng.random(n) < share

    def errs(share: float) -> np.ndarray:
        return rng.random(n) < share * careless

    street = _street_then(rows, on, errs(MISTAKES.old_street))
    street = _misspelt(street, errs(MISTAKES.misspelt), rng)
    street = _kind_of_street(street, errs(MISTAKES.wrong_kind_of_street), rng)
    bare = errs(MISTAKES.without_kind_of_street)
    street = _shortened(street, by(HABITS.abbreviated), bare)
    line = premises(rows, street, person, errs(MISTAKES.number_mistyped), rng)
    line = _after(line, _locality_and_town(rows, careless, rng))
    line = np.where(by(HABITS.with_county), line + ", Worcestershire", line)
    line = _care_of(line, errs(MISTAKES.care_of), rng)

    postcode = _postcode_then(rows, on, errs(MISTAKES.old_postcode))
    postcode = _wrong_postcode(postcode, rows, careless, rng)
    inside = by(HABITS.postcode_in_line)
    line = np.where(inside, line + " " + postcode, line)
    closed = by(HABITS.postcode_closed_up)
    text = pd.Series(postcode, dtype=object)
    postcode = text.mask(closed, text.str.replace(" ", "", regex=False)).to_numpy(copy=True)
    postcode[errs(MISTAKES.without_postcode) | (inside & by(0.5))] = None

    text = pd.Series(line, dtype=object)
    plain = by(HABITS.without_commas)
    line = text.mask(plain, text.str.replace(",", "", regex=False)).to_numpy(dtype=object)
    capitals = by(1.0 if dataset in IN_CAPITALS else HABITS.in_capitals)
    whole = _nowhere(rows["uprn"], line, postcode, careless, rng)
    whole["address"] = whole["address"].mask(capitals, whole["address"].str.upper())
    return whole


def given_uprns(
    places: pd.DataFrame, dwelling: np.ndarray, dataset: str, rng: Generator
) -> np.ndarray:
    """The property reference that a partner gives beside the address, missing or wrong for some.

    A wrong one is that of another property in the street. Who holds the gazetteer (council tax)
    errs least; None where it is missing or the gazetteer has no such property.
    """
    none, another = GIVEN[dataset]
    rows = places.loc[dwelling]
    street = places.groupby("street_id")["uprn"]
    before = street.shift(1).fillna(street.shift(-1)).fillna(places["uprn"])
    wrong = rng.random(len(rows)) < another
    given = np.where(wrong, before.loc[dwelling], rows["uprn"]).astype(object)
    missing = rng.random(len(rows)) < none
    given[missing | ~rows["listed"].to_numpy()] = None
    return given


def _after(line: np.ndarray, more: np.ndarray) -> np.ndarray:
    return np.where(more != "", line + ", " + more, line)


def _street_then(rows: pd.DataFrame, on: np.ndarray, clings: np.ndarray) -> np.ndarray:
    renamed = as_days(rows["renamed_on"])
    old = (on < renamed) | (clings & ~np.isnat(renamed))
    return np.where(old, rows["old_street"], rows["street"]).astype(object)


def _postcode_then(rows: pd.DataFrame, on: np.ndarray, clings: np.ndarray) -> np.ndarray:
    recoded = as_days(rows["recoded_on"])
    old = (on < recoded) | (clings & ~np.isnat(recoded))
    return np.where(old, rows["old_postcode"], rows["postcode"]).astype(object)


def _name_and_kind(street: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """*Mill Bank* and *Lane* of Mill Bank Lane."""
    # Streets are few and come again and again.
    of, distinct = pd.factorize(street)
    parts = pd.Series(distinct, dtype=object).str.rsplit(" ", n=1)
    first, last = (parts.str[at].to_numpy(dtype=object) for at in (0, -1))
    return first[of], last[of]


def _misspelt(street: np.ndarray, which: np.ndarray, rng: Generator) -> np.ndarray:
    """Spell the name of some streets wrongly, but not what kind of street it is."""
    at = np.flatnonzero(which)
    names, kind = _name_and_kind(street[at])
    heard = rng.random(len(at)) < 0.5
    wrong = np.where(heard, mishear(names, rng), mistype(names, rng))
    street = street.copy()
    street[at] = wrong + " " + kind
    return street


def _kind_of_street(street: np.ndarray, which: np.ndarray, rng: Generator) -> np.ndarray:
    at = np.flatnonzero(which)
    name = _name_and_kind(street[at])[0]
    street = street.copy()
    other = take(_KINDS_OF_STREET, rng.integers(len(_KINDS_OF_STREET), size=len(at)))
    street[at] = name + " " + other
    return street


def _shortened(street: np.ndarray, short: np.ndarray, bare: np.ndarray) -> np.ndarray:
    """Abbreviate the last word of some streets, and leave it out of others."""
    name, kind = _name_and_kind(street)
    last = pd.Series(kind, dtype=object).replace(ABBREVIATIONS).to_numpy(dtype=object)
    street = np.where(short, name + " " + last, street)
    return np.where(bare, name, street).astype(object)


def _locality_and_town(rows: pd.DataFrame, careless: float, rng: Generator) -> np.ndarray:
    """*Ridgebury, Redditch*, either alone, a better locality than the right one, or nothing."""
    n = len(rows)
    locality = rows["locality"].to_numpy(dtype=object)
    vanity = rows["vanity"].to_numpy(dtype=object)
    grander = (vanity != "") & (rng.random(n) < HABITS.vanity)
    shown = np.where(rng.random(n) < HABITS.with_locality, locality, "")
    shown = np.where(grander, vanity, shown)
    town = np.where(rng.random(n) < HABITS.without_town, "", rows["town"])
    instead = (shown != "") & (rng.random(n) < MISTAKES.locality_for_town * careless)
    # What stands last is taken for the town: it is left out, or the two change places.
    swapped = instead & (rng.random(n) < 0.5) & (town != "")
    both = np.where((shown != "") & (town != ""), shown + ", " + town, shown + town)
    both = np.where(swapped, town + ", " + shown, both)
    return np.where(instead & ~swapped, shown, both).astype(object)


def _wrong_postcode(
    postcode: np.ndarray, rows: pd.DataFrame, careless: float, rng: Generator
) -> np.ndarray:
    """Slip in one of the last two letters of some, and write the next street's for others."""
    n = len(postcode)
    postcode = postcode.copy()
    at = np.flatnonzero(rng.random(n) < MISTAKES.postcode_mistyped * careless)
    letters = take(list(POSTCODE_LETTERS), rng.integers(len(POSTCODE_LETTERS), size=len(at)))
    text = pd.Series(postcode[at], dtype=object)
    last = rng.random(len(at)) < 0.5
    postcode[at] = np.where(last, text.str[:-1] + letters, text.str[:-2] + letters + text.str[-1])
    near = rows.drop_duplicates("street_id").sort_values("street_id")
    beside = dict(zip(near["street_id"], np.roll(near["postcode"], 1), strict=True))
    at = np.flatnonzero(rng.random(n) < MISTAKES.postcode_of_neighbours * careless)
    postcode[at] = rows["street_id"].iloc[at].map(beside)
    return postcode


def _care_of(line: np.ndarray, which: np.ndarray, rng: Generator) -> np.ndarray:
    at = np.flatnonzero(which)
    surname = draw_surnames(rng, np.zeros(len(at), dtype=np.int64))
    title = take(_TITLES, rng.integers(len(_TITLES), size=len(at)))
    before = take(("c/o ", "C/O ", "care of "), weighted(rng, len(at), (0.6, 0.25, 0.15)))
    line = line.copy()
    line[at] = before + title + " " + surname + ", " + line[at]
    return line


def _nowhere(
    uprn: pd.Series, line: np.ndarray, postcode: np.ndarray, careless: float, rng: Generator
) -> pd.DataFrame:
    """Some rows say nothing, and some that there is no home to name."""
    n = len(line)
    none = rng.random(n) < MISTAKES.nothing * careless
    homeless = ~none & (rng.random(n) < MISTAKES.no_fixed_abode * careless)
    said = take(_NO_FIXED_ABODE, rng.integers(len(_NO_FIXED_ABODE), size=n))
    line, postcode, true = line.copy(), postcode.copy(), uprn.to_numpy(dtype=object, copy=True)
    line[homeless] = said[homeless]
    line[none] = None
    postcode[none | homeless] = None
    true[none | homeless] = None
    return pd.DataFrame({"address": line, "postcode": postcode, "uprn": true})
