"""A county of records to link: registrations of made-up residents, with the person behind each.

Residents, households, moves and clerks' errors are those of `woda_lib.synthetic`, so that families
share names and homes, and errors cluster as they do in life.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import SeedSequence

from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.errors import COUNCIL, HOSPITAL, ErrorRates, record_people
from woda_lib.synthetic.population import make_population
from woda_lib.synthetic.profiles import Profile

RECORDS_A_PERSON = 2.06
DAYS_BEFORE_WINDOW = 1_000
MOST_RESIDENTS = 400_000


def county(records: int, seed: int = 1) -> pd.DataFrame:
    """Draw about half as many people as records and write each down one to several times.

    Parameters
    ----------
    records
        Number of records.
    seed
        Of everything.

    Returns
    -------
    pandas.DataFrame
        ``record_id``, ``forename``, ``surname``, ``date_of_birth`` (ISO text), ``postcode``,
        ``sex``, and ``person``, the truth.
    """
    residents = int(records / RECORDS_A_PERSON / 1.45)
    if residents > MOST_RESIDENTS:  # more than there are NHS numbers to try things on
        return _several_counties(records, -(-residents // MOST_RESIDENTS), seed)
    people_seed, record_seed = SeedSequence(seed).spawn(2)
    profile = Profile("benchmark", residents=residents, seed=seed)
    people, dwellings = make_population(profile, people_seed)
    rng = np.random.default_rng(record_seed)
    person = np.concatenate(
        [np.arange(len(people)), rng.integers(0, len(people), records - len(people))]
    )
    table = people.iloc[person].reset_index(names="person")
    window = int((profile.as_of - profile.opens) / np.timedelta64(1, "D"))
    day = add_days(
        np.full(records, profile.opens), rng.integers(-DAYS_BEFORE_WINDOW, window, records)
    )
    table["registered_on"] = np.maximum(day, as_days(table["born"]))
    changes = table["surname_changed_on"].notna()
    table["surname_before"] = table["surname"].where(~changes, table["former_surname"])
    table["surname_after"] = table["surname"]
    table["former_surname"] = table["former_surname"].where(~changes, "")
    postcode = dwellings["postcode"].to_numpy()
    table["postcode_before"] = postcode[table["dwelling"]]
    table["postcode_after"] = postcode[table["dwelling_after"]]
    table["relative_number"] = -1
    hospital = rng.random(records) < 0.5
    parts = [
        _as_of_registration(table[chosen].reset_index(drop=True), rates, rng)
        for chosen, rates in ((hospital, HOSPITAL), (~hospital, COUNCIL))
    ]
    written = pd.concat(parts).sample(frac=1, random_state=seed).reset_index(drop=True)
    written.insert(0, "record_id", np.arange(len(written)))
    return written


def _several_counties(records: int, number: int, seed: int) -> pd.DataFrame:
    """Draw the people of several counties into the homes of one."""
    parts = []
    sizes = np.diff(np.linspace(0, records, number + 1).astype(int))
    for size, part_seed in zip(sizes, SeedSequence(seed).generate_state(number), strict=True):
        part = county(int(size), int(part_seed))
        known = sum(int(earlier["person"].max()) + 1 for earlier in parts)
        parts.append(part.assign(person=part["person"] + known))
    together = pd.concat(parts).sample(frac=1, random_state=seed).reset_index(drop=True)
    return together.assign(record_id=np.arange(len(together)))


def _as_of_registration(
    table: pd.DataFrame, rates: ErrorRates, rng: np.random.Generator
) -> pd.DataFrame:
    recorded = record_people(table, rates, rng)
    day = as_days(table["registered_on"])
    moved = as_days(recorded["move_known_on"]) <= day
    renamed = as_days(recorded["surname_known_on"]) <= day
    return pd.DataFrame(
        {
            "forename": recorded["forename"],
            "surname": recorded["surname_after"].where(renamed, recorded["surname_before"]),
            "date_of_birth": pd.Series(recorded["date_of_birth"]).dt.strftime("%Y-%m-%d"),
            "postcode": recorded["postcode_after"].where(moved, recorded["postcode_before"]),
            "sex": recorded["sex"],
            "person": table["person"],
        }
    )
