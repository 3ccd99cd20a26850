"""What services' rows of people say of a household on a day: needs, who knows it, what is open.

The rules are those of ``parameters/single_view/headings.yaml``, which pilots read; a test compares
them. What is planted must not change when a pilot changes its mind, so they stand here as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd

from woda_lib.synthetic.complex_dependencies.units import Members
from woda_lib.synthetic.draws import as_days

How = Literal["recent", "open", "count"]
_UNDER_FIVE, _CHILD, _ANYBODY = (0, 5), (0, 16), (0, 200)
_FAR = np.datetime64("2200-01-01", "D").astype(np.int64)
_OF_A_DAY: Final = ("police_contacts", "safe_and_well_visits")


@dataclass(frozen=True)
class Rule:
    """Which rows of a dataset say what.

    Attributes
    ----------
    says
        The feature that it speaks of.
    dataset
    where
        To each field the values of which one must stand in it.
    ages
        Whole years of the persons whom it asks of, from and below.
    how
        A row counts while it goes on and for some months after (*recent*), only while it goes on
        (*open*), or is counted in the months after it began (*count*).
    """

    says: str
    dataset: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ages: tuple[int, int] = _ANYBODY
    how: How = "recent"


_CARE = ("child_in_need", "child_protection", "looked_after")
_CRIMES = ("violence", "acquisitive", "antisocial")
_HEALTH = ("school_nursing", "district_nursing", "therapy", "mental_health", "substance_misuse")

NEEDS: Final = (
    Rule("education", "school_census", {"absence": ("persistent", "severe")}),
    Rule("education", "school_census", {"excluded": ("yes",)}),
    Rule("early_years", "community_care", {"service": ("therapy",)}, _UNDER_FIVE),
    Rule("early_years", "care_services", {"service": ("child_in_need",)}, _UNDER_FIVE),
    Rule("health", "community_care", {"service": ("mental_health",)}),
    Rule("health", "community_care", {"service": ("district_nursing",)}),
    Rule("health", "care_services", {"service": ("adult_social_care",)}),
    Rule("substances", "community_care", {"service": ("substance_misuse",)}),
    Rule("relationships", "support_clients", {"service": ("family",)}),
    Rule("abuse", "care_services", {"service": ("child_protection", "looked_after")}),
    Rule("abuse", "police_contacts", {"part": ("missing",)}, _CHILD),
    Rule("crime", "police_contacts", {"part": ("suspect",), "offence_group": _CRIMES}),
    Rule("crime", "tenancy_members", {"antisocial": ("yes",)}),
    Rule("domestic_abuse", "police_contacts", {"offence_group": ("domestic",)}),
    Rule("housing", "tenancy_members", {"arrears": ("yes",)}),
    Rule("housing", "support_clients", {"service": ("housing",)}),
    Rule("money", "council_tax_accounts", {"arrears": ("yes",)}),
    Rule("money", "support_clients", {"service": ("debt", "food", "employment")}),
)
KNOWN_BY: Final = (
    Rule("knows_health", "community_care", {"service": _HEALTH}),
    Rule("knows_care", "care_services"),
    Rule("knows_benefits", "benefit_claims"),
    Rule("knows_landlord", "tenancy_members"),
    Rule("knows_police", "police_contacts"),
    Rule("knows_fire", "safe_and_well_visits"),
    Rule("knows_charity", "support_clients"),
)
_OTHERS: Final = (
    Rule("early_help_open", "care_services", {"service": ("early_help",)}, how="open"),
    Rule("childrens_services_open", "care_services", {"service": _CARE}, how="open"),
    Rule("mental_health_open", "community_care", {"service": ("mental_health",)}, how="open"),
    Rule("substance_misuse_open", "community_care", {"service": ("substance_misuse",)}, how="open"),
    Rule("benefit_open", "benefit_claims", how="open"),
    Rule("police_contacts", "police_contacts", how="count"),
    Rule("domestic_contacts", "police_contacts", {"offence_group": ("domestic",)}, how="count"),
    Rule("charity_spells", "support_clients", how="count"),
)
RULES: Final = (*NEEDS, *KNOWN_BY, *_OTHERS)
DATASETS: Final = tuple(sorted({rule.dataset for rule in RULES}))
COLUMNS: Final = ("person_id", "started_on", "ended_on")
FIELDS: Final = tuple(sorted({name for rule in RULES for name in rule.where}))
"""Of the spells of `DATASETS`, what rules ask for beside `COLUMNS`."""

_NAMES: Final = tuple(dict.fromkeys(rule.says for rule in RULES))
_COUNTED: Final = frozenset(rule.says for rule in RULES if rule.how == "count")


@dataclass(frozen=True)
class Signs:
    """Every row that says something, of all datasets.

    Attributes
    ----------
    person, says : numpy.ndarray
        Whom it is of, and the position of what it says among the features.
    first, last : numpy.ndarray
        The first and the last day on which it says so, as whole numbers.
    ages : numpy.ndarray
        The two ages of its rule.
    """

    person: np.ndarray
    says: np.ndarray
    first: np.ndarray
    last: np.ndarray
    ages: np.ndarray

    @classmethod
    def of(cls, spells: Mapping[str, pd.DataFrame], look_back: int) -> Signs:
        """Find what spells say, those that are over for `look_back` months after."""
        return cls(
            *(np.concatenate(part) for part in zip(*_each_rule(spells, look_back), strict=True))
        )

    def on(
        self, day: np.datetime64, members: Members, age: np.ndarray, units: int
    ) -> dict[str, np.ndarray]:
        """Return what is said of each household on a day.

        Parameters
        ----------
        members
            Of the day.
        age
            In whole years, of every resident.
        units
            How many households there are.
        """
        number = int(day.astype(np.int64))
        rows = np.flatnonzero((self.first <= number) & (self.last >= number))
        person = self.person[rows]
        fits = (age[person] >= self.ages[rows, 0]) & (age[person] < self.ages[rows, 1])
        of = np.full(len(age), -1)
        of[members.person] = members.unit
        unit = of[person]
        kept = fits & (unit >= 0)
        flat = np.bincount(
            unit[kept] * len(_NAMES) + self.says[rows[kept]], minlength=units * len(_NAMES)
        )
        table = flat.reshape(units, len(_NAMES)).astype(float)
        return {
            name: table[:, at] if name in _COUNTED else np.minimum(table[:, at], 1.0)
            for at, name in enumerate(_NAMES)
        }


def _each_rule(
    spells: Mapping[str, pd.DataFrame], look_back: int
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    parts = []
    for rule in RULES:
        rows = spells[rule.dataset]
        kept = np.ones(len(rows), dtype=bool)
        for name, values in rule.where.items():
            kept &= rows[name].isin(values).to_numpy()
        mine = rows.loc[kept]
        began, ended = as_days(mine["started_on"]), as_days(mine["ended_on"])
        last = began if rule.how == "count" or rule.dataset in _OF_A_DAY else ended
        if rule.how != "open":
            last = _months_after(last, look_back)
        if rule.how == "count":
            last = last - 1
        n = len(mine)
        parts.append(
            (
                mine["person_id"].to_numpy(),
                np.full(n, _NAMES.index(rule.says)),
                began.astype(np.int64),
                np.where(np.isnat(last), _FAR, last.astype(np.int64)),
                np.tile(rule.ages, (n, 1)),
            )
        )
    return parts


def _months_after(days: np.ndarray, months: int) -> np.ndarray:
    """The same day of a later month, as near as days of months go."""
    month = days.astype("datetime64[M]")
    return (month + months).astype("datetime64[D]") + (days - month.astype("datetime64[D]"))
