"""What a partner writes of those it holds: details with its mistakes, cut into its files."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.errors import record_people
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import local_numbers, relatives
from woda_lib.synthetic.single_view.believed import believe
from woda_lib.synthetic.single_view.clerks import Habits
from woda_lib.synthetic.single_view.holdings import Holding
from woda_lib.synthetic.single_view.properties import given_uprns, written_addresses
from woda_lib.synthetic.single_view.world import World

_DETAILS = ("nhs_number", "forename", "date_of_birth", "sex", "ethnic_group")
_TRUE = (
    "forename", "middle_name", "surname", "former_surname", "female", "born", "ethnic_group",
    "nhs_number", "surname_changed_on",
)  # fmt: skip


def write(holding: Holding, world: World, rng: Generator) -> tuple[Delivery, pd.DataFrame]:
    """Write one dataset down.

    Returns
    -------
    delivery : Delivery
    places : pandas.DataFrame
        ``row_id, uprn`` of each row that gives an address.
    """
    habits = holding.habits
    contract = CONTRACTS[habits.dataset]
    streams = iter(rng.spawn(5))
    recorded = record_numbers(holding.numbers, habits, world, next(streams))
    rows = believe(holding, world, next(streams))
    homes = _homes(rows, holding.numbers, habits, world, next(streams))
    meant = homes.pop("meant")
    columns: dict[str, np.ndarray] = {
        contract.key: local_numbers(habits.rows, len(rows), next(streams)),
        contract.handles[-1]: holding.numbers["local_id"].to_numpy(dtype=object)[rows["number"]],
        **homes,
    }
    for name in _DETAILS:
        if name in contract.columns:
            columns[name] = recorded[name].to_numpy()[rows["number"]]
    for name in contract.columns:
        if name in holding.spells and name not in columns:
            columns[name] = holding.spells[name].to_numpy()[rows["spell"]]
    if holding.case:
        columns[holding.case] = _cases(rows, world, next(streams))
    for name in ("started_on", "ended_on"):
        columns[name] = as_days(rows[name])
    delivery = _files(columns, rows, recorded, habits.dataset, world.profile)
    said = np.flatnonzero(pd.notna(meant))
    places = pd.DataFrame({"row_id": columns[contract.key][said], "uprn": meant[said]})
    return delivery, places


def record_numbers(
    numbers: pd.DataFrame, habits: Habits, world: World, rng: Generator
) -> pd.DataFrame:
    """What is written of the person of each number, right or wrong."""
    person = numbers["person_id"].to_numpy()
    people = world.residents[list(_TRUE)].iloc[person].reset_index(drop=True)
    changes = people["surname_changed_on"].notna()
    people["surname_before"] = people["surname"].where(~changes, people["former_surname"])
    people["surname_after"] = people["surname"]
    people["former_surname"] = people["former_surname"].where(~changes, "")
    # Homes are written down elsewhere; what is asked of them here comes to nothing.
    people["postcode_before"] = people["postcode_after"] = "WR1 1AA"
    people["moved_on"] = NOT_A_DAY
    people["registered_on"] = numbers["registered_on"].to_numpy()
    people["relative_number"] = relatives(world.residents)[person]
    recorded = record_people(people, habits.rates, rng)
    n = len(recorded)
    unknown = rng.random(n) < habits.no_birth_date
    recorded["date_of_birth"] = np.where(unknown, NOT_A_DAY, as_days(recorded["date_of_birth"]))
    recorded["forename"] = recorded["forename"].mask(rng.random(n) < habits.no_forename, None)
    return recorded


def _homes(
    rows: pd.DataFrame, numbers: pd.DataFrame, habits: Habits, world: World, rng: Generator
) -> dict[str, np.ndarray]:
    """The address, postcode and property number of each row, and the property ``meant``."""
    number, dwelling = rows["number"].to_numpy(), rows["dwelling"].to_numpy()
    # Who is known for several things is written down once, and copied.
    keys = number * np.int64(len(world.dwellings)) + dwelling
    _, first, at = np.unique(keys, return_index=True, return_inverse=True)
    written = written_addresses(
        dwelling[first],
        as_days(rows["written_on"])[first],
        world.places,
        habits.dataset,
        numbers["person_id"].to_numpy()[number[first]],
        rng,
    )
    # Whoever gives no address gives no postcode either.
    none = rng.random(len(first)) < habits.no_address
    columns = {}
    for name, values in (
        ("address", written.address),
        ("postcode", written.postcode),
        ("meant", written.uprn),
    ):
        values[none] = None
        columns[name] = values[at]
    if "uprn" in CONTRACTS[habits.dataset].columns:
        columns["uprn"] = given_uprns(world.places, dwelling, habits.dataset, rng)
    return columns


def _cases(rows: pd.DataFrame, world: World, rng: Generator) -> np.ndarray:
    """A number that those of one unit at one home share."""
    unit = world.homes["unit"].to_numpy()[rows["stay"]]
    unit = np.where(rows["stay"] < 0, -1_000_000_000 - rows["spell"], unit)
    household = pd.DataFrame({"unit": unit, "dwelling": rows["dwelling"].to_numpy()})
    case = household.groupby(["unit", "dwelling"], sort=False).ngroup().to_numpy()
    return local_numbers("H", int(case.max(initial=-1)) + 1, rng)[case]


def _files(
    columns: dict[str, np.ndarray],
    rows: pd.DataFrame,
    recorded: pd.DataFrame,
    dataset: str,
    profile: Profile,
) -> Delivery:
    """Cut rows into files: when first written, when a new name is heard of, and when they end."""
    contract = CONTRACTS[dataset]
    periods = profile.shared
    written, closed = as_days(rows["written_on"]), as_days(rows["ended_written_on"])
    number = rows["number"].to_numpy()
    renamed = as_days(recorded["surname_known_on"])[number]
    n = len(rows)
    in_between = (renamed > written) & (renamed <= profile.as_of)
    in_between &= np.isnat(closed) | (renamed < closed)
    later, last = np.flatnonzero(in_between), np.flatnonzero(~np.isnat(closed))
    row = np.concatenate([np.arange(n), later, last])
    day = np.concatenate([written, renamed[later], closed[last]])
    ended = np.arange(len(row)) >= n + len(later)
    period = periods.of(day)
    order = np.lexsort((row, day, period))
    place = row[order].astype(np.int64) * len(periods.labels) + period[order]
    # A file holds a row once, as last written in its period.
    order = order[~pd.Series(place).duplicated(keep="last").to_numpy()]
    row, day, ended, period = row[order], day[order], ended[order], period[order]

    table = {name: values[row] for name, values in columns.items()}
    knows_name = renamed[row] <= day
    of = number[row]
    before, after = (recorded[f"surname_{w}"].to_numpy(dtype=object) for w in ("before", "after"))
    table["surname"] = np.where(knows_name, after[of], before[of])
    table["ended_on"] = np.where(ended, table["ended_on"], NOT_A_DAY)
    if "status" in contract.columns:
        table["status"] = np.where(ended, "closed", "open").astype(object)
    if "died_on" in table:
        table["died_on"] = np.where(ended, as_days(pd.Series(table["died_on"])), NOT_A_DAY)
    frame = pd.DataFrame({name: table[name] for name in contract.columns})
    return Delivery(dataset, frame, period, periods)
