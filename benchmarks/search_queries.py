"""Searches whose right answer is known: what somebody might type, made of people in the county."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from benchmarks.search_county import SHORT_FORMS, County
from woda_lib.synthetic.misspellings import mistype


@dataclass(frozen=True)
class Query:
    """One search.

    Attributes
    ----------
    kind : str
        What is hard about it.
    typed : str
    entity_id : str
        Of the person who is meant.
    names : tuple of str
        The words of `typed` that are names, for a peer that must be told.
    born : str
        What is known of the birth date, as a pattern of SQL's LIKE; blank where nothing is.
    place : str
        Words of an address or postcode; blank where there are none.
    """

    kind: str
    typed: str
    entity_id: str
    names: tuple[str, ...]
    born: str = ""
    place: str = ""


def planted(county: County, number: int, seed: int) -> list[Query]:
    """Return so many searches of each kind, in an order in which kinds alternate."""
    rng = np.random.default_rng(seed)
    people = county.people
    kinds = []
    for kind in KINDS:
        chosen = rng.permutation(_able(county, kind))[:number]
        kinds.append([*_of_kind(kind, people.iloc[chosen], county, rng)])
    return [query for turn in zip(*kinds, strict=False) for query in turn]


KINDS = (
    "as it is, with birth year",
    "misspelt, with birth year",
    "short form, with birth year",
    "swapped names, with birth year",
    "day and month of birth",
    "decade of birth, part of postcode",
    "whole birth date, one digit off",
    "former surname, with birth year",
    "forename and former address",
    "partner's number",
)


def _able(county: County, kind: str) -> np.ndarray:
    """Return who can be searched for so; a former name or address must stand in some row."""
    people = county.people
    able = pd.Series(True, index=people.index)
    if kind.startswith("short"):
        able = people["forename"].isin(SHORT_FORMS)
    elif kind.startswith("former surname"):
        able = _stands(county, "surname")
    elif kind.endswith("former address"):
        able = _stands(county, "address")
    return np.flatnonzero(able)


def _stands(county: County, field: str) -> pd.Series:
    """Say of whom a row has the former value of a field."""
    former = county.people.set_index("entity_id")[f"former_{field}"]
    rows = county.details
    has = rows[field].to_numpy() == former.loc[rows["entity_id"]].to_numpy()
    return county.people["entity_id"].isin(rows.loc[has & (rows[field] != ""), "entity_id"])


def _of_kind(kind: str, people: pd.DataFrame, county: County, rng: Generator) -> Iterator[Query]:
    wrong = mistype(people["surname"].to_numpy(dtype=object), rng)
    numbers = county.records.drop_duplicates("entity_id").set_index("entity_id")["local_id"]
    for person, misspelt in zip(people.itertuples(), wrong, strict=True):
        born, name = person.born, (person.forename, person.surname)
        year = f"{born:%Y}"
        if kind.startswith("as it is"):
            yield Query(kind, f"{' '.join(name)} {year}", person.entity_id, name, f"{year}%")
        elif kind.startswith("misspelt"):
            name = (person.forename, misspelt)
            yield Query(kind, f"{' '.join(name)} {year}", person.entity_id, name, f"{year}%")
        elif kind.startswith("short"):
            name = (str(rng.choice(SHORT_FORMS[person.forename])), person.surname)
            yield Query(kind, f"{' '.join(name)} {year}", person.entity_id, name, f"{year}%")
        elif kind.startswith("swapped"):
            name = (person.surname, person.forename)
            yield Query(kind, f"{' '.join(name)} {year}", person.entity_id, name, f"{year}%")
        elif kind.startswith("day"):
            typed = f"{' '.join(name)} {born:%-d %B}"
            yield Query(kind, typed, person.entity_id, name, f"%-{born:%m-%d}")
        elif kind.startswith("decade"):
            outward = person.postcode.split()[0]
            typed = f"{' '.join(name)} {year[:3]}? {outward}"
            yield Query(kind, typed, person.entity_id, name, f"{year[:3]}%", outward)
        elif kind.startswith("whole"):
            off = born.replace(year=born.year - 1 if born.year % 10 else born.year + 1)
            typed = f"{' '.join(name)} {off:%d/%m/%Y}"
            yield Query(kind, typed, person.entity_id, name, f"{off:%Y-%m-%d}")
        elif kind.startswith("former"):
            name = (person.forename, person.former_surname)
            yield Query(kind, f"{' '.join(name)} {year}", person.entity_id, name, f"{year}%")
        elif kind.startswith("forename"):
            typed = f"{person.forename} {person.former_address}"
            yield Query(
                kind, typed, person.entity_id, name[:1], place=person.former_address.lower()
            )
        else:
            number = numbers[person.entity_id]
            yield Query(kind, number, person.entity_id, ())
