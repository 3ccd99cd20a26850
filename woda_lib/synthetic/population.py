"""The residents: people in households and care homes, and what the years do to them.

Life in the window is kept to what record linkage and hospital flow can notice: a move, a move to a
care home, a change of surname at marriage, a death. Each person has at most one move, so an
address history is two dwellings and a day.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator, SeedSequence

from woda_lib.synthetic.addresses import COUNTIES, make_dwellings
from woda_lib.synthetic.draws import add_days, ages_on
from woda_lib.synthetic.households import make_households
from woda_lib.synthetic.names import draw_forenames, draw_surnames
from woda_lib.synthetic.nhs_numbers import issue_nhs_numbers
from woda_lib.synthetic.profiles import Profile

NOT_A_DAY = np.datetime64("NaT", "D")

# Moves a year by the age of the head of the household; the young move most (Census 2021 and 2011
# migration tables: about one person in eight under 35, one in forty past 65).
_MOVE_RATES = ((0, 0.12), (35, 0.05), (65, 0.022))
# Moves to a care home a year, of people not in one.
_CARE_HOME_RATES = ((0, 0.0), (75, 0.010), (85, 0.045))
_CARE_HOME_OCCUPANCY = 0.80
_MARRIAGE_CHANCE = 0.12  # over the window, of partners who do not share a name at its start

# Gompertz hazard of death a year, fitted by eye to the ONS national life tables for England
# (about 1.3% at 65, 9.5% at 85). Part of these deaths happen in hospital and are drawn there.
_DEATH_LEVEL, _DEATH_SLOPE = 2.2e-5, 0.0985
_DEATHS_OUTSIDE_HOSPITAL = 0.6
_CARE_HOME_DEATHS = 2.5


def make_population(profile: Profile, seed: SeedSequence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the residents of both counties and the dwellings that they live in.

    Returns
    -------
    residents : pandas.DataFrame
        Index ``person_id`` (0, 1, …); columns of `make_households` and ``county``,
        ``dwelling``, ``dwelling_after`` and ``moved_on`` (positions in `dwellings`; NaT if they
        stay), ``surname_changed_on`` (NaT if not in the window), ``died`` (outside hospital;
        NaT if alive), ``frailty`` (mean 1) and ``nhs_number``.
    dwellings : pandas.DataFrame
        See `woda_lib.synthetic.addresses.make_dwellings`.
    """
    sizes = (profile.residents, int(profile.residents * profile.neighbour_share))
    people_parts: list[pd.DataFrame] = []
    dwelling_parts: list[pd.DataFrame] = []
    for county, size, county_seed in zip(COUNTIES, sizes, seed.spawn(2), strict=True):
        rng = np.random.default_rng(county_seed)
        dwellings = make_dwellings(size, county, rng)
        people = _settle(size, dwellings, profile, rng)
        offset = sum(len(part) for part in dwelling_parts)
        people[["dwelling", "dwelling_after"]] += offset
        people["county"] = county
        people_parts.append(people)
        dwelling_parts.append(dwellings)
    residents = pd.concat(people_parts, ignore_index=True)
    residents.index.name = "person_id"
    residents["nhs_number"] = issue_nhs_numbers(
        len(residents), np.random.default_rng(seed.spawn(1)[0])
    )
    return residents, pd.concat(dwelling_parts, ignore_index=True)


def _settle(size: int, dwellings: pd.DataFrame, profile: Profile, rng: Generator) -> pd.DataFrame:
    """House the people of one county and live through the window."""
    in_care_homes = dwellings["kind"].eq("care_home").to_numpy()
    homes, houses = np.flatnonzero(in_care_homes), rng.permutation(np.flatnonzero(~in_care_homes))
    in_care = _make_care_home_residents(size, homes, profile, rng)
    private = make_households(size - len(in_care), profile.opens, rng)
    private["dwelling"] = houses[private["household"]]
    in_care["household"] = private["household"].max() + 1 + np.arange(len(in_care))
    people = pd.concat([private, in_care], ignore_index=True)
    people["frailty"] = rng.gamma(2.0, 0.5, len(people))
    _move(people, houses, homes, profile, rng)
    _marry(people, profile, rng)
    _die(people, profile, rng)
    return people


def _make_care_home_residents(
    size: int, homes: np.ndarray, profile: Profile, rng: Generator
) -> pd.DataFrame:
    """People who live in care homes when the window opens: very old, mostly women."""
    n = int(size * 0.014 * _CARE_HOME_OCCUPANCY)
    age = np.clip(rng.normal(86, 7, n), 60, 104)
    female = rng.random(n) < 0.68
    born = add_days(np.full(n, profile.opens), -np.floor(age * 365.25))
    year = born.astype("datetime64[Y]").astype(int) + 1970
    british = np.zeros(n, dtype=np.int64)
    return pd.DataFrame(
        {
            "role": "care_home",
            "kind": "care_home",
            "female": female,
            "born": born,
            "ethnic_group": "A",
            "forename": draw_forenames(rng, british, female, year),
            "middle_name": draw_forenames(rng, british, female, year),
            "surname": draw_surnames(rng, british),
            "former_surname": np.where(female, draw_surnames(rng, british), ""),
            "dwelling": rng.choice(homes, n),
        }
    )


def _yearly_chance(table: tuple[tuple[float, float], ...], age: np.ndarray) -> np.ndarray:
    limits, rates = np.array(table).T
    return rates[np.clip(np.searchsorted(limits, age, side="right") - 1, 0, None)]


def _random_days(profile: Profile, n: int, rng: Generator) -> np.ndarray:
    length = int((profile.as_of - profile.opens) / np.timedelta64(1, "D"))
    return add_days(np.full(n, profile.opens), rng.integers(1, length, n))


def _move(
    people: pd.DataFrame,
    houses: np.ndarray,
    homes: np.ndarray,
    profile: Profile,
    rng: Generator,
) -> None:
    """Move whole households, and single people into care homes, at most once each."""
    years = profile.months / 12
    age = ages_on(people["born"].to_numpy().astype("datetime64[D]"), profile.opens)
    household = people["household"].to_numpy()
    private = people["role"].ne("care_home").to_numpy()
    heads = np.flatnonzero(people["role"].eq("head"))
    n_private = len(heads)
    leaves = rng.random(n_private) < 1 - np.exp(-years * _yearly_chance(_MOVE_RATES, age[heads]))
    # Movers take spare dwellings and those that other movers leave behind.
    vacant = rng.permutation(np.concatenate([houses[n_private:], houses[:n_private][leaves]]))
    goes_to = np.full(n_private, -1)
    goes_to[leaves] = vacant[: int(leaves.sum())]
    day = _random_days(profile, n_private, rng)

    after = people["dwelling"].to_numpy(copy=True)
    moved_on = np.full(len(people), NOT_A_DAY)
    moves = np.zeros(len(people), dtype=bool)
    moves[private] = leaves[household[private]]
    after[moves] = goes_to[household[moves]]
    moved_on[moves] = day[household[moves]]

    chance = 1 - np.exp(-years * _yearly_chance(_CARE_HOME_RATES, age + years / 2))
    to_home = private & (rng.random(len(people)) < chance * people["frailty"].to_numpy())
    after[to_home] = rng.choice(homes, int(to_home.sum()))
    moved_on[to_home] = _random_days(profile, int(to_home.sum()), rng)
    people["dwelling_after"] = after
    people["moved_on"] = moved_on


def _marry(people: pd.DataFrame, profile: Profile, rng: Generator) -> None:
    """Some partners without a shared name marry in the window and take the other's name."""
    head_row = np.flatnonzero(people["role"].isin(["head", "care_home"]))[people["household"]]
    family = people["surname"].to_numpy()[head_row]
    surname = people["surname"].to_numpy()
    unmarried = people["role"].eq("partner").to_numpy() & people["former_surname"].eq("").to_numpy()
    marries = unmarried & (surname != family) & (rng.random(len(people)) < _MARRIAGE_CHANCE)
    people["former_surname"] = np.where(marries, surname, people["former_surname"])
    people["surname"] = np.where(marries, family, surname)
    day = _random_days(profile, len(people), rng)
    people["surname_changed_on"] = np.where(marries, day, NOT_A_DAY)


def _die(people: pd.DataFrame, profile: Profile, rng: Generator) -> None:
    """Draw deaths outside hospital; those in hospital belong to the stays."""
    age = ages_on(people["born"].to_numpy().astype("datetime64[D]"), profile.opens)
    hazard = _DEATH_LEVEL * np.exp(_DEATH_SLOPE * np.maximum(age + 2, 0)) * _DEATHS_OUTSIDE_HOSPITAL
    hazard = hazard * np.where(people["role"].eq("care_home"), _CARE_HOME_DEATHS, 1.0)
    years = rng.exponential(1.0, len(people)) / hazard
    in_window = years < profile.months / 12
    day = add_days(np.full(len(people), profile.opens), np.floor(np.minimum(years, 50) * 365.25))
    people["died"] = np.where(in_window & (age > 0), day, NOT_A_DAY)
