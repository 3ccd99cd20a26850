"""What a partner's clerks make of a person: each partner's copy, with that partner's errors.

A person is registered once (or, for a few, twice) with each partner. What is written down then,
right or wrong, is repeated in every later row, until a move or a change of name is heard of; that
is why errors do not average out over the rows of one person, and why two partners' copies differ.

Rates are shares of registrations. Few have ever been published one by one, and those that have come
from hospitals; the rest is assumed, the council's above the hospital's, and set so that joining on
exact name, birth date and postcode finds about two true pairs in three. What is published:

* Hagger-Johnson and others (2015), BMJ Open 5:e008118: exact rules on NHS number, birth date, sex
  and postcode miss 4.1% of true pairs of hospital admissions, more in minority ethnic groups; and
  (2017), Journal of Innovation in Health Informatics 24(2):234: 8.6% in 1998, 0.4% in 2015.
* Harron and others (2017), BMC Medical Research Methodology 17:23: against the national index sex
  and birth date are wrong or missing in 0.11% of young patients' records and the postcode in 53%;
  rates differ by age, sex, ethnic group and hospital, so that errors cluster.
* Just and others (2016), Perspectives in Health Information Management 13:1e: among 398,939
  confirmed duplicates misspellings make up 53% of forename and 34% of surname mismatches; swapped
  name boxes follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.misspellings import mishear, misread, mistype, without_diacritics
from woda_lib.synthetic.name_pools import NICKNAMES
from woda_lib.synthetic.nhs_numbers import check_digits
from woda_lib.synthetic.population import NOT_A_DAY

NO_NUMBER = -1
FAR_OFF = np.datetime64("2200-01-01", "D")
DEFAULT_BIRTH_DATE = np.datetime64("1900-01-01", "D")


@dataclass(frozen=True)
class ErrorRates:
    """How often one kind of partner records each thing wrongly.

    The council's clients are often registered by telephone, by whoever rings for them, and seldom
    against the national index; hospitals trace most patients there. Hence the council's higher
    rates throughout.
    """

    # The commonest cause of a name mismatch (Just 2016, above); the level is assumed. The kinds of
    # slip are those of Damerau (1964), see `misspellings`.
    forename_mistyped: float
    surname_mistyped: float
    name_misheard: float
    name_misread: float  # scanned forms; the council's above all
    # Everyday forms, initials, second forenames in use, names in each other's boxes (Just 2016),
    # names from before a marriage: levels assumed.
    nickname: float  # of people whose forename has one
    initial_only: float
    by_middle_name: float
    with_middle_name: float
    names_swapped: float
    former_surname: float  # of people who have borne another name
    double_barrel_halved: float  # of people with a double-barrelled name
    diacritics_dropped: float  # of names with diacritics
    # Harron (2017) finds 0.11% of the young; older people, whose date others give, are assumed to
    # fare several times worse in hospital, and worse again at the council.
    day_and_month_swapped: float
    birth_date_mistyped: float
    birth_year_out_by_one: float
    birth_date_default: float
    postcode_mistyped: float
    # Harron (2017) finds half of postcodes unlike the index's. Moves are taken to be the cause:
    # people tell of one late, or never. `move_days` is the mean delay of those who tell; a change
    # of name travels as slowly.
    move_days: float
    move_unheard: float
    sex_wrong: float
    sex_unknown: float
    # Saunders and others (2013), BMJ Open 3:e002882: against what 58,721 patients say themselves,
    # 2.2% of White British are recorded wrongly and 41% of the other fifteen groups.
    ethnic_group_not_stated: float
    ethnic_group_wrong: float
    ethnic_group_wrong_minority: float
    # The shares missing are what this county was asked to have: most of a hospital's patients are
    # traced in the national index, many of a council's clients are not. The rest is assumed.
    nhs_number_missing: float
    nhs_number_mistyped: float
    nhs_number_shared: float  # with somebody of the household; of people who live with others
    # McCoy and others (2013), BMJ Quality and Safety 22:219: records that agree in name and birth
    # date, as a duplicate would, are 0.16% to 15% of five hospitals' records.
    registered_twice: float


HOSPITAL = ErrorRates(
    forename_mistyped=0.010, surname_mistyped=0.014, name_misheard=0.010, name_misread=0.001,
    nickname=0.020, initial_only=0.002, by_middle_name=0.008, with_middle_name=0.006,
    names_swapped=0.003, former_surname=0.030, double_barrel_halved=0.25, diacritics_dropped=0.85,
    day_and_month_swapped=0.003, birth_date_mistyped=0.004, birth_year_out_by_one=0.002,
    birth_date_default=0.001, postcode_mistyped=0.005, move_days=180.0, move_unheard=0.08,
    sex_wrong=0.001, sex_unknown=0.003, ethnic_group_not_stated=0.09, ethnic_group_wrong=0.022,
    ethnic_group_wrong_minority=0.41, nhs_number_missing=0.03, nhs_number_mistyped=0.002,
    nhs_number_shared=0.002, registered_twice=0.015,
)  # fmt: skip
COUNCIL = ErrorRates(
    forename_mistyped=0.020, surname_mistyped=0.026, name_misheard=0.022, name_misread=0.006,
    nickname=0.090, initial_only=0.010, by_middle_name=0.020, with_middle_name=0.012,
    names_swapped=0.006, former_surname=0.040, double_barrel_halved=0.35, diacritics_dropped=0.45,
    day_and_month_swapped=0.011, birth_date_mistyped=0.012, birth_year_out_by_one=0.008,
    birth_date_default=0.004, postcode_mistyped=0.012, move_days=150.0, move_unheard=0.12,
    sex_wrong=0.003, sex_unknown=0.015, ethnic_group_not_stated=0.20, ethnic_group_wrong=0.022,
    ethnic_group_wrong_minority=0.41, nhs_number_missing=0.35, nhs_number_mistyped=0.006,
    nhs_number_shared=0.006, registered_twice=0.025,
)  # fmt: skip

_NICKNAMES = {formal: everyday.split() for formal, everyday in NICKNAMES.items()}
_COUNTS = {formal: len(everyday) for formal, everyday in _NICKNAMES.items()}
_MOST_NICKNAMES = max(_COUNTS.values())
_ETHNIC_LETTERS = np.array(list("ABCDEFGHJKLMNPRS"), dtype=object)
_HASTE_SHAPE = 0.7  # gamma shape of the spread of haste; Harron (2017)


def record_people(people: pd.DataFrame, rates: ErrorRates, rng: Generator) -> pd.DataFrame:
    """Write down people as one partner's clerks do.

    Parameters
    ----------
    people
        One row a registration: ``forename, middle_name, surname_before, surname_after,
        former_surname, female, born, ethnic_group, nhs_number`` (integer), ``relative_number``
        (of somebody in the household, -1 for nobody), ``postcode_before, postcode_after,
        moved_on, surname_changed_on, registered_on``. *Before* and *after* are a move or a change
        of name in the window.
    rates
        How often each error is made.

    Returns
    -------
    pandas.DataFrame
        As indexed: ``forename, surname_before, surname_after, date_of_birth, sex, ethnic_group,
        nhs_number`` (-1 for none), ``postcode_before, postcode_after`` and the days from which
        the partner knows of the change, ``move_known_on, surname_known_on``.
    """
    clerk = _Clerk(len(people), rng)
    recorded = pd.DataFrame(index=people.index)
    recorded["forename"] = _record_forenames(people, rates, clerk)
    for when in ("before", "after"):
        recorded[f"surname_{when}"] = _record_surnames(people, when, rates, clerk)
        recorded[f"postcode_{when}"] = clerk.change(
            people[f"postcode_{when}"].to_numpy(dtype=object), rates.postcode_mistyped, mistype
        )
    _swap_names(recorded, rates, clerk)
    recorded["date_of_birth"] = _record_birth_dates(people, rates, clerk)
    recorded["sex"] = _record_sexes(people["female"].to_numpy(), rates, clerk)
    recorded["ethnic_group"] = _record_ethnic_groups(people, rates, clerk)
    recorded["nhs_number"] = _record_nhs_numbers(people, rates, clerk)
    for change, day in (("move", "moved_on"), ("surname", "surname_changed_on")):
        recorded[f"{change}_known_on"] = _heard_of(people, day, rates, clerk)
    return recorded


class _Clerk:
    """Chooses which registrations go wrong; some are made in a hurry and go wrong more often."""

    def __init__(self, n: int, rng: Generator) -> None:
        self.n, self.rng = n, rng
        self._haste = rng.gamma(_HASTE_SHAPE, 1 / _HASTE_SHAPE, n)

    def errs(self, rate: float, among: np.ndarray | None = None) -> np.ndarray:
        """Positions at which an error of this mean rate is made, `among` those marked."""
        drawn = self.rng.random(self.n) < rate * self._haste
        return np.flatnonzero(drawn if among is None else drawn & among)

    def chooses(self, rate: float, among: np.ndarray | None = None) -> np.ndarray:
        """Positions at which something that has nothing to do with haste happens."""
        drawn = self.rng.random(self.n) < rate
        return np.flatnonzero(drawn if among is None else drawn & among)

    def change(
        self,
        texts: np.ndarray,
        rate: float,
        slip: Callable[[np.ndarray, Generator], np.ndarray],
    ) -> np.ndarray:
        """Return `texts` with `slip` made in those that err."""
        texts = texts.copy()
        rows = self.errs(rate)
        if len(rows):
            texts[rows] = slip(texts[rows], self.rng)
        return texts


def _any_of(names: np.ndarray, holds: Callable[[str], bool]) -> np.ndarray:
    """Whether something holds of each name; names are few and come again and again."""
    codes, distinct = pd.factorize(names)
    return np.array([holds(name) for name in distinct], dtype=bool)[codes]


def _misspell(names: np.ndarray, mistyped: float, rates: ErrorRates, clerk: _Clerk) -> np.ndarray:
    accented = _any_of(names, lambda name: not name.isascii())
    plain = clerk.chooses(rates.diacritics_dropped, accented)
    names = names.copy()
    names[plain] = without_diacritics(names[plain])
    names = clerk.change(names, rates.name_misheard, mishear)
    names = clerk.change(names, rates.name_misread, misread)
    return clerk.change(names, mistyped, mistype)


def _record_forenames(people: pd.DataFrame, rates: ErrorRates, clerk: _Clerk) -> np.ndarray:
    names = people["forename"].to_numpy(dtype=object, copy=True)
    middle = people["middle_name"].to_numpy(dtype=object)
    counts = people["forename"].map(_COUNTS).fillna(0).to_numpy()
    rows = clerk.chooses(rates.nickname, counts > 0)
    nth = np.floor(clerk.rng.random(len(rows)) * counts[rows]).astype(np.int64)
    options = pd.Series(names[rows], dtype=object).map(_NICKNAMES)
    for number in range(_MOST_NICKNAMES):
        here = nth == number
        names[rows[here]] = options[here].str[number].to_numpy()
    rows = clerk.chooses(rates.by_middle_name)
    names[rows] = middle[rows]
    names = _misspell(names, rates.forename_mistyped, rates, clerk)
    rows = clerk.chooses(rates.with_middle_name)
    names[rows] = names[rows] + " " + middle[rows]
    rows = clerk.errs(rates.initial_only)
    names[rows] = pd.Series(names[rows], dtype=object).str[:1].to_numpy()
    return names


def _record_surnames(
    people: pd.DataFrame, when: str, rates: ErrorRates, clerk: _Clerk
) -> np.ndarray:
    names = people[f"surname_{when}"].to_numpy(dtype=object, copy=True)
    former = people["former_surname"].to_numpy(dtype=object)
    rows = clerk.chooses(rates.former_surname, former != "")
    names[rows] = former[rows]
    surnames = people[f"surname_{when}"].to_numpy(dtype=object)
    doubled = _any_of(surnames, lambda name: "-" in name)
    rows = clerk.chooses(rates.double_barrel_halved, doubled)
    halves = pd.Series(names[rows], dtype=object).str.split("-")
    style = clerk.rng.integers(0, 3, len(rows))
    forms = [halves.str[0], halves.str[-1], halves.str.join(" ")]
    names[rows] = np.select([style == 0, style == 1], forms[:2], forms[2])
    return _misspell(names, rates.surname_mistyped, rates, clerk)


def _swap_names(recorded: pd.DataFrame, rates: ErrorRates, clerk: _Clerk) -> None:
    """Write forename and surname into each other's boxes."""
    swapped = np.zeros(len(recorded), dtype=bool)
    swapped[clerk.errs(rates.names_swapped)] = True
    forename = recorded["forename"]
    recorded["forename"] = forename.where(~swapped, recorded["surname_before"])
    for when in ("before", "after"):
        recorded[f"surname_{when}"] = recorded[f"surname_{when}"].where(~swapped, forename)


def _record_birth_dates(people: pd.DataFrame, rates: ErrorRates, clerk: _Clerk) -> np.ndarray:
    born = as_days(people["born"])
    months = born.astype("datetime64[M]")
    years = born.astype("datetime64[Y]")
    day = (born - months).astype(np.int64) + 1
    month = (months - years).astype(np.int64) + 1
    written = born.copy()

    rows = clerk.errs(rates.day_and_month_swapped, (day <= 12) & (day != month))
    first = (years[rows].astype("datetime64[M]") + (day[rows] - 1)).astype("datetime64[D]")
    written[rows] = add_days(first, month[rows] - 1)
    # A slip in the day: one more or less, or ten, as one wrong digit gives; inside the month.
    rows = clerk.errs(rates.birth_date_mistyped)
    slip = clerk.rng.choice(np.array([-10, -2, -1, 1, 2, 10]), len(rows))
    written[rows] = add_days(months[rows].astype("datetime64[D]"), (day[rows] - 1 + slip) % 28)
    rows = clerk.errs(rates.birth_year_out_by_one)
    written[rows] = add_days(written[rows], 365 * clerk.rng.choice(np.array([-1, 1]), len(rows)))
    rows = clerk.errs(rates.birth_date_default)
    written[rows] = DEFAULT_BIRTH_DATE
    # No system accepts a birth after the day of registration.
    return np.where(written > as_days(people["registered_on"]), born, written)


def _record_sexes(female: np.ndarray, rates: ErrorRates, clerk: _Clerk) -> np.ndarray:
    wrong = np.zeros(clerk.n, dtype=bool)
    wrong[clerk.errs(rates.sex_wrong)] = True
    sexes = np.where(female ^ wrong, "F", "M").astype(object)
    sexes[clerk.errs(rates.sex_unknown)] = "U"
    return sexes


def _record_ethnic_groups(people: pd.DataFrame, rates: ErrorRates, clerk: _Clerk) -> np.ndarray:
    groups = people["ethnic_group"].to_numpy(dtype=object, copy=True)
    british = groups == "A"
    wrong = clerk.chooses(rates.ethnic_group_wrong, british)
    groups[wrong] = _ETHNIC_LETTERS[clerk.rng.integers(1, len(_ETHNIC_LETTERS), len(wrong))]
    # People of other groups are most often taken for White British or "any other" (C, G, L, P, S).
    wrong = clerk.chooses(rates.ethnic_group_wrong_minority, ~british)
    groups[wrong] = np.array(list("AACGLPS"), dtype=object)[clerk.rng.integers(0, 7, len(wrong))]
    groups[clerk.chooses(rates.ethnic_group_not_stated)] = "Z"
    return groups


def _record_nhs_numbers(people: pd.DataFrame, rates: ErrorRates, clerk: _Clerk) -> np.ndarray:
    numbers = people["nhs_number"].to_numpy(copy=True)
    relative = people["relative_number"].to_numpy()
    rows = clerk.errs(rates.nhs_number_shared, relative >= 0)
    numbers[rows] = relative[rows]
    rows = clerk.errs(rates.nhs_number_mistyped)
    numbers[rows] = _mistyped_numbers(numbers[rows], clerk.rng)
    numbers[clerk.chooses(rates.nhs_number_missing)] = NO_NUMBER
    return numbers


def _mistyped_numbers(numbers: np.ndarray, rng: Generator) -> np.ndarray:
    """Change one digit of each, so that systems that test the check digit still take most of them.

    What they refuse is typed again until it passes; a wrong number that is kept has a right check
    digit. Nine in ten here do, and the rest come from systems that do not look.
    """
    place = 10 ** rng.integers(1, 6, len(numbers))
    digit = (numbers // place) % 10
    changed = numbers + ((digit + rng.integers(1, 10, len(numbers))) % 10 - digit) * place
    checks = check_digits(changed // 10)
    passes = (checks < 10) & (rng.random(len(numbers)) < 0.9)
    return np.where(passes, changed // 10 * 10 + checks, changed)


def _heard_of(people: pd.DataFrame, change: str, rates: ErrorRates, clerk: _Clerk) -> np.ndarray:
    """The day on which the partner learns of a change, far off if never."""
    changed = as_days(people[change])
    registered = as_days(people["registered_on"])
    lag = np.floor(clerk.rng.exponential(rates.move_days, clerk.n))
    lag[clerk.chooses(rates.move_unheard)] = 100_000
    # Whoever registers after the change gives the new details, but for a few old letters.
    lag = np.where((registered >= changed) & (clerk.rng.random(clerk.n) < 0.95), 0, lag)
    known = add_days(np.fmax(registered, changed), lag)
    return np.where(np.isnat(changed), NOT_A_DAY, np.minimum(known, FAR_OFF))
