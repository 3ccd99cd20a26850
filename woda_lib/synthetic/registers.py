"""Who is registered with each partner, since when, and what the partner knows of them each day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.address_lines import address_lines
from woda_lib.synthetic.draws import add_days, ages_on, as_days, days_between
from woda_lib.synthetic.errors import COUNCIL, FAR_OFF, HOSPITAL, ErrorRates, record_people
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile

# Adults known to the council by age, before any referral in the window (NHS Digital, Adult Social
# Care Activity and Finance: about one person in 15 past 65 receives long- or short-term support in
# a year), and of people in care homes, many of whom pay for themselves.
_KNOWN_LIMITS = (0, 18, 65, 75, 85)
_KNOWN_SHARE = (0.0, 0.010, 0.030, 0.080, 0.200)
_KNOWN_IN_CARE_HOME = 0.60
_KNOWN_BEFORE_WINDOW = 0.70
_DAYS_KNOWN_BEFORE = 1_000.0
_DAYS_SINCE_FIRST_STAY = 1_200.0


AREA = {"district": "town", "deprivation_quintile": "deprivation_quintile"}
"""What is known of where somebody lives, and what dwellings call it."""


@dataclass(frozen=True)
class Register:
    """One partner's registrations.

    Attributes
    ----------
    people : pandas.DataFrame
        One row a registration: ``person_id, local_id, registered_on, died``, the columns of
        `woda_lib.synthetic.errors.record_people`, and for a council ``address_before,
        address_after``.
    rows : numpy.ndarray
        For each contact (stay or referral) the registration that it was written under.
    """

    people: pd.DataFrame
    rows: np.ndarray

    def seen(self, rows: np.ndarray, on: np.ndarray) -> pd.DataFrame:
        """What registrations `rows` say on the days `on`: the details then believed in."""
        people = self.people.iloc[rows]
        kept = ["nhs_number", "forename", "date_of_birth", "sex", "ethnic_group"]
        details = people[kept].reset_index(drop=True)
        renamed = as_days(people["surname_known_on"]) <= on
        moved = as_days(people["move_known_on"]) <= on
        by_change = [("surname", renamed), ("postcode", moved)]
        if "address_before" in people:
            by_change.append(("address", moved))
        by_change += [(column, moved) for column in AREA if f"{column}_before" in people]
        for column, changed in by_change:
            before, after = people[f"{column}_before"], people[f"{column}_after"]
            details[column] = np.where(changed, after, before)
        return details


def patient_register(
    prefix: str,
    stays: pd.DataFrame,
    residents: pd.DataFrame,
    dwellings: pd.DataFrame,
    rng: Generator,
) -> Register:
    """Register the people of one trust's `stays` (``person_id, admission_date``)."""
    person, admitted = stays["person_id"].to_numpy(), as_days(stays["admission_date"])
    keys, registered, rows = registrations(person, admitted, HOSPITAL, rng)
    since = np.floor(rng.exponential(_DAYS_SINCE_FIRST_STAY, len(keys)))
    registered = np.where(keys % 2, registered, add_days(registered, -since))
    table = _register(prefix, keys // 2, registered, residents, dwellings)
    recorded = record_people(table, HOSPITAL, rng)
    return Register(_identified(prefix, table, recorded, rng), rows)


def contact_register(
    prefix: str,
    person: np.ndarray,
    on: np.ndarray,
    residents: pd.DataFrame,
    dwellings: pd.DataFrame,
    rates: ErrorRates,
    rng: Generator,
    *,
    anew: bool = False,
) -> Register:
    """Register the people of an agency's contacts, each on the day of the first.

    Parameters
    ----------
    person, on
        Who had contact, and when, in any order; the register's ``rows`` follow them.
    rates
        The agency's mistakes. Only who has contact twice can be registered twice.
    anew
        Whether every contact is a registration of its own.
    """
    who, since, rows = person, on, np.arange(len(person))
    if not anew:
        keys, since, rows = registrations(person, on, rates, rng)
        who = keys // 2
    table = _register(prefix, who, since, residents, dwellings)
    recorded = record_people(table, rates, rng)
    before = address_lines(dwellings.iloc[table["dwelling"].to_numpy()], rng)
    after, moved = before.copy(), np.flatnonzero(table["moved_on"].notna())
    after[moved] = address_lines(dwellings.iloc[table["dwelling_after"].to_numpy()[moved]], rng)
    recorded = recorded.assign(address_before=before, address_after=after)
    return Register(_identified(prefix, table, recorded, rng), rows)


def registrations(
    person: np.ndarray, on: np.ndarray, rates: ErrorRates, rng: Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the registrations of contacts, the first day of each, and the one of each contact.

    A registration is twice the person's number, and one more if it is under a second number.
    """
    second = _under_second_number(person, on, rates, rng)
    keys, rows = np.unique(person * 2 + second, return_inverse=True)
    first = np.full(len(keys), FAR_OFF)
    np.minimum.at(first, rows, on)
    return keys, first, rows


def _under_second_number(
    person: np.ndarray, on: np.ndarray, rates: ErrorRates, rng: Generator
) -> np.ndarray:
    """Whether each contact is booked under a second number of the same person.

    The second contact of somebody registered twice is, and later ones may be.
    """
    _, first, contacts = np.unique(person, return_inverse=True, return_counts=True)
    again = contacts > 1
    # Only who comes twice can be registered twice, so the rate is raised among them.
    chance = rates.registered_twice * len(contacts) / max(1, again.sum())
    twice = again & (rng.random(len(contacts)) < chance)
    order = np.lexsort((on, person))
    nth = np.empty(len(person), dtype=np.int64)
    nth[order] = np.arange(len(person)) - np.repeat(np.cumsum(contacts) - contacts, contacts)
    return twice[first] & ((nth == 1) | ((nth > 1) & (rng.random(len(person)) < 0.5)))


def known_clients(
    county: str, profile: Profile, residents: pd.DataFrame, rng: Generator
) -> pd.DataFrame:
    """Draw whom a council knows without a hospital's referral: ``person_id, recorded_on``."""
    born = as_days(residents["born"])
    age = ages_on(born, profile.opens)
    band = np.clip(np.searchsorted(_KNOWN_LIMITS, age, side="right") - 1, 0, None)
    chance = np.array(_KNOWN_SHARE)[band] * residents["frailty"].to_numpy()
    in_care = residents["role"].eq("care_home").to_numpy()
    chance = np.where(in_care, _KNOWN_IN_CARE_HOME, chance)
    here = residents["county"].eq(county).to_numpy()
    person = np.flatnonzero(here & (rng.random(len(residents)) < chance))
    n = len(person)
    window = int(days_between(profile.opens, profile.as_of))
    before = -np.floor(rng.exponential(_DAYS_KNOWN_BEFORE, n))
    since = np.where(rng.random(n) < _KNOWN_BEFORE_WINDOW, before, rng.integers(0, window, n))
    registered = add_days(np.full(n, profile.opens), since)
    died = as_days(residents["died"])[person]
    lives = np.isnat(died) | (died > registered)
    return pd.DataFrame({"person_id": person[lives], "recorded_on": registered[lives]})


def client_register(
    prefix: str,
    known: pd.DataFrame,
    referrals: pd.DataFrame,
    residents: pd.DataFrame,
    dwellings: pd.DataFrame,
    profile: Profile,
    rng: Generator,
) -> Register:
    """Register one council's clients: those `known` and those of its `referrals`.

    `referrals` gives ``person_id, received_on``; the register's ``rows`` follow it.
    """
    asked = referrals[["person_id", "received_on"]].set_axis(known.columns, axis=1)
    first = pd.concat([known, asked]).groupby("person_id")["recorded_on"].min()
    person, registered = first.index.to_numpy(), as_days(first)
    died = as_days(residents["died"])[person]
    until = np.fmin(died, np.full(len(died), profile.as_of))
    twice = np.flatnonzero(rng.random(len(person)) < COUNCIL.registered_twice)
    later = np.floor(rng.random(len(twice)) * days_between(registered, until)[twice])
    person = np.concatenate([person, person[twice]])
    registered = np.concatenate([registered, add_days(registered[twice], np.maximum(later, 0))])
    table = _register(prefix, person, registered, residents, dwellings)
    recorded = record_people(table, COUNCIL, rng)
    for when, column in (("before", "dwelling"), ("after", "dwelling_after")):
        home = dwellings.iloc[residents[column].to_numpy()[person]]
        recorded[f"address_{when}"] = address_lines(home, rng)

    row_of = pd.Series(np.arange(len(first)), index=first.index)
    rows = row_of.loc[referrals["person_id"]].to_numpy()
    second = np.full(len(first), -1)
    second[twice] = len(first) + np.arange(len(twice))
    other = second[rows]
    open_by_then = registered[other] <= as_days(referrals["received_on"])
    goes_there = (other >= 0) & open_by_then & (rng.random(len(rows)) < 0.5)
    return Register(_identified(prefix, table, recorded, rng), np.where(goes_there, other, rows))


def _register(
    prefix: str,
    person: np.ndarray,
    registered: np.ndarray,
    residents: pd.DataFrame,
    dwellings: pd.DataFrame,
) -> pd.DataFrame:
    """What is true of people at registration, as `record_people` wants it."""
    table = residents.iloc[person].reset_index(names="person_id")
    table["registered_on"] = np.maximum(registered, as_days(table["born"]))
    changes = table["surname_changed_on"].notna()
    table["surname_before"] = table["surname"].where(~changes, table["former_surname"])
    table["surname_after"] = table["surname"]
    # A name that changed in the window is no longer to be found twice: it is the one before.
    table["former_surname"] = table["former_surname"].where(~changes, "")
    for column, of_dwelling in {"postcode": "postcode", **AREA}.items():
        values = dwellings[of_dwelling].to_numpy()
        table[f"{column}_before"] = values[table["dwelling"]]
        table[f"{column}_after"] = values[table["dwelling_after"]]
    table["relative_number"] = relatives(residents)[person]
    return table


def relatives(residents: pd.DataFrame) -> np.ndarray:
    """Return the NHS number of somebody in each person's household, -1 for who lives alone.

    Residents lie household by household, so a neighbouring row will do.
    """
    numbers = residents["nhs_number"].to_numpy()
    household = residents["household"].to_numpy()
    county = residents["county"].to_numpy()
    same = (household[1:] == household[:-1]) & (county[1:] == county[:-1])
    relatives = np.full(len(residents), -1)
    relatives[:-1][same] = numbers[1:][same]
    alone = relatives[1:] < 0
    relatives[1:][alone & same] = numbers[:-1][alone & same]
    return relatives


def _identified(
    prefix: str, table: pd.DataFrame, recorded: pd.DataFrame, rng: Generator
) -> pd.DataFrame:
    areas = [f"{column}_{when}" for column in AREA for when in ("before", "after")]
    kept = table[["person_id", "registered_on", "died", *areas]]
    return kept.join(recorded).assign(local_id=local_numbers(prefix, len(table), rng))


def local_numbers(prefix: str, n: int, rng: Generator) -> np.ndarray:
    """Draw `n` different numbers of a partner's own, in no order that could tell anything."""
    digits = np.char.zfill((1 + rng.permutation(n)).astype(str), 7)
    return np.char.add(prefix, digits).astype(object)


def client_versions(register: Register, profile: Profile) -> tuple[np.ndarray, np.ndarray]:
    """When a council wrote each client's record anew: when new, and when it heard of a change.

    Returns
    -------
    rows, written_on : numpy.ndarray
        Registration and day of each version, up to the end of the window and to the client's death.
    """
    people = register.people
    days = [as_days(people[c]) for c in ("registered_on", "move_known_on", "surname_known_on")]
    rows = np.tile(np.arange(len(people)), 3)
    written = np.concatenate(days)
    registered = np.tile(days[0], 3)
    died = np.tile(as_days(people["died"]), 3)
    is_new = np.arange(len(rows)) < len(people)
    changed = (written > registered) & (np.isnat(died) | (written < died))
    kept = (is_new | changed) & (written <= profile.as_of) & (written != NOT_A_DAY)
    return rows[kept], written[kept]
