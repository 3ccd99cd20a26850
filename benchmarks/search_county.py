"""A county to search in: made-up residents, and what partners have of each, with their errors.

Everybody stands in one to six rows. A row has the name as it was then, short or misspelt now and
then, and the address as it was then; so a former surname and a former address are in the store and
are no longer the best view.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from numpy.random import Generator, SeedSequence

from woda_lib.pilots.single_view.registers import REGISTERS
from woda_lib.synthetic.address_lines import address_lines
from woda_lib.synthetic.misspellings import mistype
from woda_lib.synthetic.population import make_population
from woda_lib.synthetic.profiles import PROFILES

ROWS_A_RESIDENT = 3.4
MISSPELT = 0.03
SHORT = 0.12
WITHOUT_BIRTH_DATE = 0.2

SHORT_FORMS = {
    "Elizabeth": ("Liz", "Beth", "Betty"),
    "Margaret": ("Maggie", "Peggy"),
    "Katherine": ("Kate", "Kathy"),
    "Patricia": ("Pat", "Trish"),
    "Susan": ("Sue",),
    "Christine": ("Chris",),
    "Rebecca": ("Becky",),
    "William": ("Bill", "Will"),
    "Robert": ("Bob", "Rob"),
    "Michael": ("Mike", "Mick"),
    "Anthony": ("Tony",),
    "James": ("Jim", "Jamie"),
    "David": ("Dave",),
    "Thomas": ("Tom",),
    "Christopher": ("Chris",),
    "Matthew": ("Matt",),
    "Andrew": ("Andy", "Drew"),
    "Richard": ("Dick", "Rick"),
    "Daniel": ("Dan",),
    "Samuel": ("Sam",),
    "Benjamin": ("Ben",),
    "Joseph": ("Joe",),
    "Edward": ("Ted", "Ed"),
    "Stephen": ("Steve",),
    "Philip": ("Phil",),
}


@dataclass(frozen=True)
class County:
    """What is searched, and the people behind it.

    Attributes
    ----------
    people : DataFrame
        A row a person, by ``entity_id``: ``forename, surname, former_surname, born, address,
        postcode, former_address, former_postcode``; what somebody never had is blank.
    persons, details, records : DataFrame
        As `1_build` saves them.
    """

    people: pd.DataFrame
    persons: pd.DataFrame
    details: pd.DataFrame
    records: pd.DataFrame


def kept_county(residents: int, seed: int, folder: Path) -> County:
    """Return a county that was made before, or make it and keep it."""
    names = [field.name for field in fields(County)]
    paths = {name: folder / f"search_{residents}_{seed}_{name}.parquet" for name in names}
    if not all(path.is_file() for path in paths.values()):
        made = make_county(residents, seed)
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in paths.items():
            getattr(made, name).reset_index(drop=True).to_parquet(path)
    return County(**{name: pd.read_parquet(path) for name, path in paths.items()})


def make_county(residents: int, seed: int) -> County:
    """Make a county of about so many residents."""
    profile = replace(PROFILES["county"], residents=residents, neighbour_share=0.0005)
    everybody, dwellings = make_population(profile, SeedSequence(seed))
    rng = np.random.default_rng(seed)
    here = everybody[everybody["county"] == "worcestershire"].reset_index(drop=True)
    people = _people(here, dwellings, rng)
    details = _details(people, here, dwellings, rng)
    persons = people[["entity_id", "forename", "surname", "address", "postcode"]].assign(
        date_of_birth=people["born"], sex=people["sex"]
    )
    records = details[["partner", "dataset", "local_id", "entity_id"]].drop_duplicates()
    return County(people, persons, details, records)


def in_memory(county: County) -> duckdb.DuckDBPyConnection:
    """Return a connection that holds the county as a store does."""
    connection = duckdb.connect()
    for name in ("persons", "details", "records"):
        connection.register("at_hand", getattr(county, name))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM at_hand ORDER BY entity_id")
        connection.unregister("at_hand")
    return connection


def _people(here: pd.DataFrame, dwellings: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    now, before = (dwellings.iloc[here[name]] for name in ("dwelling_after", "dwelling"))
    moved = here["moved_on"].notna().to_numpy()
    return pd.DataFrame(
        {
            "entity_id": [f"e{number:07d}" for number in rng.permutation(len(here))],
            "forename": here["forename"],
            "surname": here["surname"],
            "former_surname": here["former_surname"],
            "born": here["born"].astype("datetime64[s]"),
            "sex": np.where(here["female"], "F", "M"),
            "address": address_lines(now, rng),
            "postcode": now["postcode"].to_numpy(),
            "former_address": np.where(moved, address_lines(before, rng), ""),
            "former_postcode": np.where(moved, before["postcode"], ""),
        }
    )


def _details(
    people: pd.DataFrame, here: pd.DataFrame, dwellings: pd.DataFrame, rng: Generator
) -> pd.DataFrame:
    times = 1 + rng.binomial(6, (ROWS_A_RESIDENT - 1) / 6, len(people))
    at = np.repeat(np.arange(len(people)), times)
    rows = people.iloc[at].reset_index(drop=True)
    earlier = rng.random(len(rows)) < 0.3
    married = earlier & rows["former_surname"].ne("").to_numpy()
    moved = earlier & rows["former_address"].ne("").to_numpy()
    own = here.iloc[at]
    written = address_lines(dwellings.iloc[own["dwelling_after"]], rng)
    which = rng.integers(0, len(REGISTERS), len(rows))
    local = np.array([f"{number:026x}" for number in at * 16 + which])
    return pd.DataFrame(
        {
            "partner": np.array([each.partner for each in REGISTERS])[which],
            "dataset": np.array([each.dataset for each in REGISTERS])[which],
            "local_id": local,
            "row_id": [f"r{number:07d}" for number in range(len(rows))],
            "entity_id": rows["entity_id"],
            "started_on": pd.Timestamp("2022-01-01"),
            "ended_on": pd.Series(pd.Timestamp("2023-06-30"), rows.index).where(earlier),
            "forename": _misspelt(_short(rows["forename"], rng), rng),
            "surname": _misspelt(
                np.where(married, rows["former_surname"], rows["surname"]).astype(object), rng
            ),
            "date_of_birth": rows["born"].where(rng.random(len(rows)) >= WITHOUT_BIRTH_DATE),
            "address": np.where(moved, rows["former_address"], written),
            "postcode": np.where(moved, rows["former_postcode"], rows["postcode"]),
            "uprn": pd.Series(pd.NA, rows.index, dtype="string"),
            "nhs_number": pd.Series(pd.NA, rows.index, dtype="string"),
        }
    )


def _short(names: pd.Series, rng: Generator) -> np.ndarray:
    """Some of those who have a short form are known by it."""
    drawn = rng.random(len(names))
    short = names.map({whole: forms[0] for whole, forms in SHORT_FORMS.items()})
    other = names.map({whole: forms[-1] for whole, forms in SHORT_FORMS.items()})
    as_known = np.where(drawn < SHORT / 2, other, short)
    return np.where((drawn < SHORT) & short.notna(), as_known, names).astype(object)


def _misspelt(names: np.ndarray, rng: Generator) -> np.ndarray:
    wrong = rng.random(len(names)) < MISSPELT
    names = names.copy()
    names[wrong] = mistype(names[wrong], rng)
    return names
