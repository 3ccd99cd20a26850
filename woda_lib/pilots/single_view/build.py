"""The build of the single view: each piece called in its turn, plain tables in and out.

::

    details → places → who is who → residences → best view → households → involvements
                              └ without whoever opted out

The rules of each step stand in its own module; here is what the next one needs of the last. A build
hands on frames and keeps none, so that at the county's size no table is held longer than it is
asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from woda_lib.beside import MANY_ROWS
from woda_lib.linkage.fast.threads import meanwhile
from woda_lib.linkage.spent import give_back
from woda_lib.notebook import Run
from woda_lib.pilots.single_view.best_view.choosing import chosen_first
from woda_lib.pilots.single_view.best_view.persons import (
    OF_FAMILIES,
    best_values,
    best_values_beside,
    persons,
    values_of,
    with_ages,
)
from woda_lib.pilots.single_view.best_view.rules import Survivorship, read_survivorship
from woda_lib.pilots.single_view.homes.coding import named
from woda_lib.pilots.single_view.homes.following import follow
from woda_lib.pilots.single_view.homes.histories import deaths_told, empty_homes, weighed
from woda_lib.pilots.single_view.homes.households import (
    Households,
    household_as_of,
    households,
)
from woda_lib.pilots.single_view.homes.rules import ResidenceRules, read_residence_rules
from woda_lib.pilots.single_view.homes.surnames import families
from woda_lib.pilots.single_view.homes.ties import records_of, ties
from woda_lib.pilots.single_view.of_whom import OfWhom, of_whom
from woda_lib.pilots.single_view.taking import taken

RULES = ("residence", "survivorship")
"""Files below ``parameters/single_view/``, a step's rules each."""


@dataclass(frozen=True)
class Rules:
    """How homes and best values are told."""

    residence: ResidenceRules
    survivorship: Survivorship


@dataclass(frozen=True)
class Shown:
    """What is left of the rows when everybody who opted out is left out.

    Attributes
    ----------
    rows, places, records : DataFrame
        As they were given to `without`.
    at
        The place of each row among those that were given.
    """

    rows: pd.DataFrame
    places: pd.DataFrame
    records: pd.DataFrame
    at: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Homes:
    """Where people live, with whom, and what is best known of them.

    Attributes
    ----------
    residences, households, members, persons : DataFrame
        As the build saves them.
    """

    residences: pd.DataFrame
    households: pd.DataFrame
    members: pd.DataFrame
    persons: pd.DataFrame


def rule_files(parameters: Path) -> dict[str, Path]:
    """Return the files of `RULES` by name, below a folder of parameters."""
    return {name: parameters / "single_view" / f"{name}.yaml" for name in RULES}


def read_rules(parameters: Path) -> Rules:
    """Read the rules of homes and of best values.

    Raises
    ------
    HomesError
        If a file is missing or does not say what it must.
    """
    files = rule_files(parameters)
    return Rules(read_residence_rules(files["residence"]), read_survivorship(files["survivorship"]))


def rules_of(run: Run) -> Rules:
    """Return the rules as they stand, each file an input of the run."""
    for path in rule_files(run.parameters_folder).values():
        run.record_input(path, path.name)
    return read_rules(run.parameters_folder)


def with_entities(
    details: pd.DataFrame, records: pd.DataFrame, known: OfWhom | None = None
) -> pd.DataFrame:
    """Return the rows with `entity_id`, the person that each is of, and `registration`.

    A registration is one number at one partner, counted in the order of the records.

    Parameters
    ----------
    details
        From `details.details`.
    records
        `dataset, local_id, entity_id`.
    known
        From `of_whom.of_whom`, of the same tables.
    """
    known = known or of_whom(details, records)
    names = pd.Index(records["entity_id"].array[known.firsts])
    whose = pd.Series(named(known.codes, names), index=details.index)
    rows = details.copy(deep=False)  # a county's rows need not be held twice for two columns more
    rows["entity_id"], rows["registration"] = whose, known.registrations
    return rows


def without(
    opted_out: pd.DataFrame, rows: pd.DataFrame, places: pd.DataFrame, records: pd.DataFrame
) -> Shown:
    """Leave out whoever opted out, before anything is told of where and with whom people live.

    Others are told of by their own records alone: a household is who did not opt out of those who
    live together, and its kind is theirs.

    Parameters
    ----------
    opted_out
        `entity_id`, from `Run.spread_opt_outs`.
    rows
        From `with_entities`.
    places
        From `placing.place`, of the same rows.
    records
        `dataset, local_id, entity_id`.
    """
    theirs, whose = _of_people(opted_out["entity_id"].unique(), rows, records)
    kept, others = np.flatnonzero(~theirs), np.flatnonzero(~whose)
    place = np.full(len(records) + 1, -1, dtype=np.int32)  # the last is of rows without a record
    place[others] = np.arange(len(others), dtype=np.int32)
    rows, places, records = taken((rows, kept), (places, kept), (records, others))
    rows["registration"] = place[rows["registration"].to_numpy()]
    return Shown(rows, places, records, kept)


def _of_people(
    people: npt.NDArray[np.object_] | ExtensionArray, rows: pd.DataFrame, records: pd.DataFrame
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Say which rows, and which records, are of some people.

    Each name is asked of once: a row's is known by its number, and a record's by one of its rows.
    """
    entity, registration = rows["entity_id"].cat, rows["registration"].to_numpy()
    named = _named_in(entity.categories, people)
    theirs = np.append(named, pd.isna(people).any())[entity.codes]  # the last is of nobody's name
    whose, told = np.zeros((2, len(records) + 1), dtype=bool)  # the last as well
    whose[registration], told[registration] = theirs, True
    alone = np.flatnonzero(~told[:-1])  # records without a row
    whose[alone] = records["entity_id"].take(alone).isin(people)
    return theirs, whose[:-1]


def _named_in(
    names: pd.Index, people: npt.NDArray[np.object_] | ExtensionArray
) -> npt.NDArray[np.bool_]:
    """Say which names are of some people; in names that are in order the few are looked up."""
    if not names.is_monotonic_increasing:
        return names.isin(people)
    held, wanted = np.asarray(names, dtype=object), np.asarray(people, dtype=object)
    wanted = np.sort(wanted[~pd.isna(wanted)])  # neighbours are found near each other
    at = np.minimum(np.searchsorted(held, wanted), max(len(held) - 1, 0))
    named = np.zeros(len(names), dtype=bool)
    if len(named):
        named[at[held[at] == wanted]] = True
    return named


def live(
    shown: Shown,
    loaded: Mapping[str, pd.DataFrame],
    properties: pd.DataFrame,
    rules: Rules,
    *,
    as_of: pd.Timestamp,
) -> Homes:
    """Say where everybody lives, with whom, and what is best known of them.

    Parameters
    ----------
    shown
        From `without`; of the records `dataset, local_id, entity_id, confidence`.
    loaded
        The datasets by name, of which the rows were made: tenancies, claims and accounts tell who
        belongs together.
    properties
        From `properties.properties`.
    rules
        From `read_rules`.
    as_of
        The day up to which the rows are known.
    """
    details, places = shown.rows, shown.places
    entity = details["entity_id"].cat
    whose = np.full(len(shown.records) + 1, -1, dtype=np.int32)  # the last: rows without a record
    whose[details["registration"].to_numpy()] = entity.codes.to_numpy()
    records = shown.records.copy(deep=False)  # only one column is another
    records["entity_id"] = named(whose[:-1], entity.categories)
    # What tells households apart hangs on no home: another thread looks for it meanwhile. What
    # else is known of people is chosen, and told with their homes, beside the households.
    telling = meanwhile(
        lambda: (
            chosen_first(details, rules.survivorship, OF_FAMILIES),
            ties(loaded, records, records_of(loaded, details["registration"], shown.at)),
        ),
        worth_it=len(details) >= MANY_ROWS,
    )
    said, weighed_homes = weighed(
        details,
        places,
        deaths_told(details),
        properties,
        rules.residence,
        as_of=as_of,
        empty=empty_homes(loaded),
    )
    of_families, tied = telling()
    choosing = best_values_beside(details, rules.survivorship, of_families)
    people = values_of(details, of_families.rows)
    del telling, of_families  # and all that is said of these fields, once the others are chosen
    if "surname" in people:  # else whoever asks for it says so
        people["family"] = families(people["surname"])
    lived = follow(weighed_homes, said, people, properties, tied, trusted=rules.residence.trusted)
    del said, weighed_homes
    telling_of_people = meanwhile(
        lambda: with_ages(
            persons(best_values(details, choosing()), lived, properties, records, as_of=as_of),
            as_of,
        ),
        worth_it=len(details) >= MANY_ROWS,
    )
    made = households(lived, people, properties, tied, as_of=as_of)
    known = telling_of_people()
    give_back()
    return Homes(lived, made.households, made.members, known)


def of_the_day(homes: Homes, on: pd.Timestamp, properties: pd.DataFrame) -> Households:
    """Return the households of one day; see `homes.households.household_as_of`."""
    made = Households(homes.households, homes.members)
    return household_as_of(made, on, homes.persons, properties)
