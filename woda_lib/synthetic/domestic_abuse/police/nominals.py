"""Whom police have a record of, often under more than one number.

A person is recorded at the first contact. At a later one the officer finds the record, or makes
another: then the next contact finds either. Records are written anew when police, at some contact,
hear of a move or a change of name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.police.quality import DUPLICATE_PERSONS, blanks
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.errors import COUNCIL, FAR_OFF
from woda_lib.synthetic.name_pools import NICKNAMES
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import Register, contact_register

# What a person says in the night is written down in haste; police have no number but their own.
POLICE = replace(
    COUNCIL, forename_mistyped=0.022, surname_mistyped=0.026, nickname=0.10, by_middle_name=0.025,
    name_misheard=0.030, birth_date_default=0.002, ethnic_group_not_stated=0.0,
    ethnic_group_wrong_minority=0.30, sex_unknown=0.008,
)  # fmt: skip
_KNOWN_AS_NICKNAME, _KNOWN_AS_MIDDLE_NAME = 0.30, 0.03


@dataclass(frozen=True)
class Nominals:
    """The records of persons.

    Attributes
    ----------
    people : pandas.DataFrame
        A row a record: ``nominal_id, person_id, created_on``.
    of_contact : numpy.ndarray
        For each contact the position of the record that it was written under.
    versions : pandas.DataFrame
        Rows of ``police_persons``, one for each time that a record was written.
    """

    people: pd.DataFrame
    of_contact: np.ndarray
    versions: pd.DataFrame


def record_persons(
    profile: Profile,
    contacts: pd.DataFrame,
    residents: pd.DataFrame,
    dwellings: pd.DataFrame,
    rng: Generator,
) -> Nominals:
    """Record the people of contacts.

    Parameters
    ----------
    contacts
        ``person_id, at`` (when it was written down), in the order of ``at``; nobody twice at once.
    """
    person = contacts["person_id"].to_numpy()
    day = as_days(contacts["at"])
    creates = _creates(profile, person, day, rng)
    of_contact = _which_record(person, creates, rng)
    register = contact_register(
        "PN", person[creates], day[creates], residents, dwellings, POLICE, rng, anew=True
    )
    _hear_of_changes(register, of_contact, day, residents)
    people = register.people[["local_id", "person_id"]].rename(columns={"local_id": "nominal_id"})
    people = people.assign(created_on=day[creates])
    versions = _versions(profile, register, day[creates], residents, rng)
    return Nominals(people.reset_index(drop=True), of_contact, versions)


def _creates(profile: Profile, person: np.ndarray, day: np.ndarray, rng: Generator) -> np.ndarray:
    """Whether each contact makes a new record: the first, and as many others as are planted.

    Month by month, second records are the planted share of new ones, as far as there are people
    whom police meet again.
    """
    first = ~pd.Series(person).duplicated().to_numpy()
    month = profile.month_of(day) + (day > profile.as_of)
    months = int(month.max()) + 1 if len(month) else 0
    new = np.bincount(month[first], minlength=months)
    # A month of the pack's go-live would have both shares: it goes live on the first of one.
    begins = profile.opens.astype("datetime64[M]") + np.arange(months)
    share = DUPLICATE_PERSONS.on(begins.astype("datetime64[D]"), profile)
    wanted = np.floor(new * share / (1 - share) + rng.random(months)).astype(np.int64)
    again = np.flatnonzero(~first)
    shuffled = again[rng.permutation(len(again))]
    rank = pd.Series(shuffled).groupby(month[shuffled]).cumcount().to_numpy()
    creates = first.copy()
    creates[shuffled[rank < wanted[month[shuffled]]]] = True
    return creates


def _which_record(person: np.ndarray, creates: np.ndarray, rng: Generator) -> np.ndarray:
    """The record of each contact: the new one, or any of those that the person has by then."""
    number = np.cumsum(creates) - 1
    so_far = pd.Series(creates).groupby(person).cumsum().to_numpy()
    nth = np.where(creates, so_far - 1, np.floor(rng.random(len(person)) * so_far)).astype(np.int64)
    record = pd.Series(
        number[creates], index=pd.MultiIndex.from_arrays([person[creates], so_far[creates] - 1])
    )
    return record.loc[pd.MultiIndex.from_arrays([person, nth])].to_numpy()


def _hear_of_changes(
    register: Register, of_contact: np.ndarray, day: np.ndarray, residents: pd.DataFrame
) -> None:
    """Let police hear of a move or a new name at the record's next contact after it."""
    people = register.people
    who = people["person_id"].to_numpy()
    for known, changed in (
        ("move_known_on", "moved_on"), ("surname_known_on", "surname_changed_on"),
    ):  # fmt: skip
        on = as_days(residents[changed])[who]
        heard = np.full(len(people), FAR_OFF)
        told = day >= on[of_contact]
        np.minimum.at(heard, of_contact[told], day[told])
        people[known] = np.where(np.isnat(on), NOT_A_DAY, heard)


def _versions(
    profile: Profile,
    register: Register,
    created: np.ndarray,
    residents: pd.DataFrame,
    rng: Generator,
) -> pd.DataFrame:
    people = register.people
    known = [as_days(people[column]) for column in ("move_known_on", "surname_known_on")]
    rows = np.tile(np.arange(len(people)), 3)
    written = np.concatenate([created, *known])
    again = np.arange(len(rows)) >= len(people)
    kept = ~again | ((written > created[rows]) & (written <= profile.last_day))
    which = pd.DataFrame({"row": rows[kept], "on": written[kept]}).drop_duplicates()
    row, on = which["row"].to_numpy(), as_days(which["on"])
    details = register.seen(row, on)
    details["nominal_id"] = people["local_id"].to_numpy(dtype=object)[row]
    details["known_as"] = _known_as(people, residents, rng)[row]
    details["recorded_on"] = on.astype("datetime64[ns]")
    for field, blank in blanks("police_persons", on, profile, rng).items():
        details[field] = details[field].mask(blank)
    return details


def _known_as(people: pd.DataFrame, residents: pd.DataFrame, rng: Generator) -> np.ndarray:
    """What some are called: the everyday form of their name, or their second one."""
    who = residents.iloc[people["person_id"].to_numpy()]
    everyday = who["forename"].map(NICKNAMES).str.split().str[0].to_numpy(dtype=object)
    n = len(people)
    by_nickname = pd.notna(everyday) & (rng.random(n) < _KNOWN_AS_NICKNAME)
    by_middle = rng.random(n) < _KNOWN_AS_MIDDLE_NAME
    middle = who["middle_name"].to_numpy(dtype=object)
    known_as = np.full(n, None, dtype=object)
    known_as[by_middle] = middle[by_middle]
    known_as[by_nickname] = everyday[by_nickname]
    return known_as
