"""What kind of household it is: after the household composition of the Census 2021.

The Office for National Statistics tells households apart by who is whose partner, parent or child,
by whether children are dependent (under 16, or 16 to 18 in full-time education and with a parent)
and by whether people are 66 or over. Registers seldom say who is whose parent, so that ages and
surnames have to stand in: somebody 16 to 55 years younger, who is under age or bears the name or is
called a child by a claim or a tenancy, counts as a child of the elder. Where somebody pays the
council tax or rents the home, those who do not and are younger are the children of those who do, if
they bear their name or are 16 years younger than all of them.

Sources
    ONS, *Household composition variable: Census 2021* (hh_family_composition); *Families and
    households statistics explained* (2021), for dependent children; *Measurements used in Census
    2021 data*, for households and families; multi-generational households are those of more than
    two generations.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from numba import njit

from woda_lib.linkage.fast.compiled import kept
from woda_lib.pilots.single_view.homes.coding import named

KINDS = (
    "one_person",
    "older_one_person",
    "couple",
    "older_couple",
    "couple_with_children",
    "lone_parent",
    "grown_children",
    "three_generations",
    "house_share",
    "care_home",
    "other",
)
"""The kinds of household. `grown_children` live with one parent or two, and none is dependent."""
(
    ONE_PERSON,
    OLDER_ONE_PERSON,
    A_COUPLE,
    OLDER_COUPLE,
    COUPLE_WITH_CHILDREN,
    LONE_PARENT,
    GROWN_CHILDREN,
    THREE_GENERATIONS,
    HOUSE_SHARE,
    CARE_HOME,
    OTHER,
) = range(len(KINDS))

OLDER = 66
"""Years from which a person counts as older (ONS, Census 2021)."""
DEPENDENT, STUDENT = 16, 19  # years: below, or below and with a parent
PARENT, OLDEST_PARENT = 16, 55  # years by which a parent is older
COUPLE = 20  # years by which partners differ at most

SEXES = ("M", "F")
_KINSHIPS = ("child", "parent", "partner", "not_related")
_CHILD, _PARENT, _PARTNER, _NOT_RELATED = range(4)
_NOT_TOLD = -1


def kinds_of_one(people: pd.DataFrame) -> pd.Series:
    """Return the kind of households of one person: `key`, `age` and `care_home`, as for `kinds`."""
    older = np.where(people["age"] >= OLDER, OLDER_ONE_PERSON, ONE_PERSON)
    found = np.where(people["care_home"], CARE_HOME, older).astype(np.int8)
    return pd.Series(named(found, pd.Index(KINDS)), index=people["key"], name="kind")


def kinds(people: pd.DataFrame) -> pd.Series:
    """Return the kind of each household.

    Parameters
    ----------
    people
        A row a person of a household on the day in question: `key` (the household), `age` (years,
        missing where no birth date is known: nobody's child), `sex` (M, F, U), `family` (surname
        as it is compared, or its number; −1 is none), `kinship` (to the first named of a claim or
        tenancy; may be missing), `holder` (bool: of the council-tax account or the tenancy) and
        `care_home` (bool, of the property).

    Returns
    -------
    Series
        One of `KINDS`, by `key`.
    """
    key, age = people["key"].to_numpy(), people["age"].to_numpy(float)
    family = people["family"].to_numpy()
    if family.dtype == object:
        family = pd.factorize(family)[0]
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.append(True, key[order][1:] != key[order][:-1])[: len(key)])
    found = _kinds(
        np.append(first, len(key)),
        age[order],
        pd.Categorical(people["sex"], SEXES).codes[order],
        family.astype(np.int64)[order],
        _kinships(people["kinship"])[order],
        people["holder"].to_numpy(bool)[order],
        people["care_home"].to_numpy(bool)[order],
    )
    kind = named(found, pd.Index(KINDS))
    return pd.Series(kind, index=pd.Index(key[order][first], name="key"), name="kind")


def _kinships(told: pd.Series) -> npt.NDArray[np.int8]:
    """Number kinships: their place in `_KINSHIPS`, the next for any other, −1 for none."""
    known = pd.Categorical(told, _KINSHIPS).codes
    return np.where((known < 0) & told.notna().to_numpy(), len(_KINSHIPS), known).astype(np.int8)


@kept
def _kinds(
    of: Any, age: Any, sex: Any, family: Any, kinship: Any, holder: Any, care_home: Any
) -> Any:
    """Return the number in `KINDS` of each household, whose people stand between two of `of`."""
    found = np.empty(len(of) - 1, dtype=np.int8)
    for household in range(len(found)):
        start, end = of[household], of[household + 1]
        found[household] = _kind(
            age[start:end],
            sex[start:end],
            family[start:end],
            kinship[start:end],
            holder[start:end],
            care_home[start:end],
        )
    return found


@njit(nogil=True)
def _kind(age: Any, sex: Any, family: Any, kinship: Any, holder: Any, care_home: Any) -> int:
    people = len(age)
    if care_home.any():
        return CARE_HOME
    any_holder, eldest, youngest_holder = False, np.nan, np.nan
    for i in range(people):
        if holder[i]:
            any_holder = True
            if not age[i] <= eldest:  # nan until the first whose age is known
                eldest = age[i] if age[i] == age[i] else eldest
            if not age[i] >= youngest_holder:
                youngest_holder = age[i] if age[i] == age[i] else youngest_holder
    dependent = np.zeros(people, dtype=np.bool_)
    for c in range(people):
        dependent[c] = age[c] < DEPENDENT
        if age[c] < STUDENT and not holder[c]:
            for p in range(people):
                dependent[c] |= PARENT <= age[p] - age[c] <= OLDEST_PARENT
    # Where somebody holds the account or the tenancy, who does not is nobody's parent but theirs.
    is_parent, is_child = np.zeros(people, dtype=np.bool_), dependent.copy()
    has_parent, bears_name = np.zeros(people, dtype=np.bool_), np.zeros(people, dtype=np.bool_)
    for p in range(people):
        for c in range(people):
            if p == c:
                continue
            gap = age[p] - age[c]
            one_name = family[p] >= 0 and family[p] == family[c]
            bears_name[c] |= holder[p] and one_name
            if not PARENT <= gap <= OLDEST_PARENT:
                continue
            close = one_name or kinship[c] == _CHILD or kinship[p] == _PARENT
            if (close or dependent[c]) and (holder[p] or not any_holder):
                is_parent[p] = is_child[c] = True
            # A parent's parent, whatever the name: too much older to be the parent's partner.
            has_parent[c] |= close or gap > COUPLE
    three = (is_parent & has_parent & ~dependent).any()
    children, elders, dependants, heads = 0, 0, dependent.sum(), 0
    youngest, oldest, ages, families, sexed = np.inf, -np.inf, 0, 0, 0
    seen = np.zeros(2, dtype=np.bool_)
    is_head = np.zeros(people, dtype=np.bool_)
    for i in range(people):
        beside = any_holder and not holder[i]
        younger = age[i] <= youngest_holder - PARENT or bears_name[i]
        if beside and (kinship[i] == _CHILD or (age[i] < youngest_holder and younger)):
            is_child[i] = True
        is_elder = beside and age[i] >= eldest + PARENT
        children += is_child[i]
        elders += is_elder
        # Of whom neither account nor kinship is told, nobody knows whether they head the home.
        if is_child[i] or is_elder or (beside and kinship[i] == _NOT_TOLD):
            continue
        heads += 1
        if age[i] == age[i]:
            ages += 1
            youngest, oldest = min(youngest, age[i]), max(oldest, age[i])
        if sex[i] >= 0:
            sexed += 1
            seen[sex[i]] = True
        if family[i] >= 0:
            families += not (is_head & (family == family[i])).any()
        is_head[i] = True
    couple = (
        heads == 2
        and (ages < 2 or oldest - youngest <= COUPLE)
        and not (kinship == _NOT_RELATED).any()
        and (
            children > 0 or seen.all() or sexed < 2 or families == 1 or (kinship == _PARTNER).any()
        )
    )
    if people == 1:
        return OLDER_ONE_PERSON if ages and oldest >= OLDER else ONE_PERSON
    if three or (elders > 0 and children > 0):
        return THREE_GENERATIONS
    if elders > 0:
        return GROWN_CHILDREN if heads == 1 else OTHER
    if couple and children == 0:
        return OLDER_COUPLE if ages > 0 and youngest >= OLDER else A_COUPLE
    if (couple or heads == 1) and children > 0:
        if dependants == 0:
            return GROWN_CHILDREN
        return COUPLE_WITH_CHILDREN if couple else LONE_PARENT
    return HOUSE_SHARE if children == 0 and families == heads else OTHER
