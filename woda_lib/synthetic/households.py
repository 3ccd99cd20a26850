"""Households: who lives with whom, how old they are and how they are related.

Each household has a head; partners, children, grandparents and sharers are added around the head,
so that ages, surnames and ethnic groups hang together as they do in real families. That is what
makes record linkage hard: couples share an address and a surname, twins a birth date as well, and
some fathers and sons a whole name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import add_days, weighted
from woda_lib.synthetic.names import community_of, draw_forenames, draw_surnames


@dataclass(frozen=True)
class HouseholdKind:
    """A kind of household: its share of households and how its head and members are drawn."""

    name: str
    share: float
    head_age: tuple[float, float]
    head_shape: tuple[float, float]  # of the beta distribution between the two ages
    head_female: float
    partner: float = 0.0
    children: tuple[float, ...] = (1.0,)  # probabilities of 0, 1, 2, … children
    mother_age: tuple[float, float] = (20, 40)  # at a child's birth
    elders: float = 0.0
    sharers: int = 0


# Shares are set so that 23% of residents are 65 or over, as in Worcestershire (Census 2021: 23%,
# against 18% in England), with three residents in ten living alone or in a couple past that age.
KINDS = (
    HouseholdKind("lone_older", 0.160, (65, 102), (1.3, 2.2), 0.66),
    HouseholdKind("lone_younger", 0.148, (20, 65), (1.6, 1.3), 0.44),
    HouseholdKind("couple_older", 0.165, (64, 98), (1.1, 3.0), 0.06, partner=1.0),
    HouseholdKind("couple_younger", 0.167, (22, 65), (1.8, 1.2), 0.10, partner=1.0),
    HouseholdKind("family", 0.190, (24, 56), (2.0, 2.2), 0.08, 1.0, (0.0, 0.38, 0.42, 0.15, 0.05)),
    HouseholdKind(
        "grown_children", 0.075, (46, 66), (1.5, 1.8), 0.15, 0.8, (0.0, 0.65, 0.3, 0.05), (22, 36)
    ),
    HouseholdKind("lone_parent", 0.055, (20, 54), (2.0, 2.2), 0.87, 0.0, (0.0, 0.52, 0.33, 0.15)),
    HouseholdKind(
        "three_generation", 0.013, (30, 58), (2.0, 2.0), 0.20, 0.9, (0.0, 0.3, 0.4, 0.3), elders=0.7
    ),
    HouseholdKind(
        "older_with_child", 0.017, (68, 98), (1.3, 2.0), 0.60, 0.25, (0.0, 0.9, 0.1), (22, 36)
    ),
    HouseholdKind("shared", 0.010, (18, 30), (1.2, 3.0), 0.50, sharers=4),
)

# Census 2021, Worcestershire, rounded; older residents are less diverse than younger ones.
ETHNIC_SHARES = {
    "A": (0.970, 0.878), "B": (0.009, 0.004), "C": (0.010, 0.052), "D": (0.001, 0.007),
    "E": (0.0003, 0.002), "F": (0.0005, 0.007), "G": (0.0005, 0.005), "H": (0.003, 0.009),
    "J": (0.002, 0.014), "K": (0.0005, 0.005), "L": (0.001, 0.005), "M": (0.001, 0.002),
    "N": (0.0003, 0.004), "P": (0.0002, 0.001), "R": (0.0005, 0.003), "S": (0.0002, 0.002),
}  # fmt: skip

_MARRIED_SHARE_BY_AGE = ((0, 0.35), (35, 0.62), (50, 0.80), (65, 0.93))
_DOUBLE_BARRELLED = 0.025  # of wives and husbands who share a name
_SON_NAMED_AFTER_FATHER = 0.05
_TWIN_SHARE = 0.016  # a sibling born with the one before (ONS: about 15 maternities in 1,000)


def make_households(residents: int, opens: np.datetime64, rng: Generator) -> pd.DataFrame:
    """Draw about `residents` people in private households.

    Returns
    -------
    pandas.DataFrame
        One row a person: ``household`` (integer), ``kind``, ``role`` (head, partner, child,
        elder, sharer), ``female``, ``born``, ``ethnic_group``, ``forename``, ``middle_name``,
        ``surname`` and ``former_surname`` (a name before marriage, else empty).
    """
    shares = np.array([kind.share for kind in KINDS])
    n = int(residents / 2.29)
    kind = np.sort(weighted(rng, n, shares))
    heads = _draw_heads(kind, rng)
    people = pd.concat(
        [
            heads,
            _draw_partners(heads, kind, rng),
            _draw_children(heads, kind, rng),
            _draw_elders(heads, kind, rng),
            _draw_sharers(heads, kind, rng),
        ],
        ignore_index=True,
    ).sort_values(["household", "order"], kind="stable", ignore_index=True)
    people["born"] = add_days(opens, -np.floor(people["age"].to_numpy() * 365.25))
    _make_twins(people, rng)
    _settle_ethnic_groups(people, rng)
    _name(people, rng)
    people["kind"] = np.array([k.name for k in KINDS], dtype=object)[kind][people["household"]]
    return people.drop(columns=["order", "age"])


def _block(
    household: np.ndarray, role: str, order: int, age: np.ndarray, female: np.ndarray
) -> pd.DataFrame:
    return pd.DataFrame(
        {"household": household, "role": role, "order": order, "age": age, "female": female}
    )


def _per_kind(kind: np.ndarray, attribute: str) -> np.ndarray:
    return np.array([getattr(k, attribute) for k in KINDS])[kind]


def _draw_heads(kind: np.ndarray, rng: Generator) -> pd.DataFrame:
    low, high = _per_kind(kind, "head_age").T
    a, b = _per_kind(kind, "head_shape").T
    age = low + (high - low) * rng.beta(a, b)
    female = rng.random(len(kind)) < _per_kind(kind, "head_female")
    return _block(np.arange(len(kind)), "head", 0, age, female)


def _draw_partners(heads: pd.DataFrame, kind: np.ndarray, rng: Generator) -> pd.DataFrame:
    has = rng.random(len(heads)) < _per_kind(kind, "partner")
    head = heads.loc[has]
    same_sex = rng.random(len(head)) < 0.015
    female = head["female"].to_numpy() ^ ~same_sex
    gap = rng.normal(np.where(female, -2.3, 2.3), 3.6)
    return _block(
        head["household"].to_numpy(), "partner", 1, np.maximum(18, head["age"] + gap), female
    )


def _draw_children(heads: pd.DataFrame, kind: np.ndarray, rng: Generator) -> pd.DataFrame:
    sizes = np.zeros(len(heads), dtype=np.int64)
    for position, of in enumerate(KINDS):
        members = np.flatnonzero(kind == position)
        sizes[members] = weighted(rng, len(members), of.children)
    row = np.repeat(np.arange(len(heads)), sizes)
    youngest, oldest = _per_kind(kind, "mother_age")[row].T
    age = heads["age"].to_numpy()[row] - rng.uniform(youngest, oldest)
    # Families with children at home: grown-up children have left, and births go on in the window.
    at_home = np.isin(_per_kind(kind, "name")[row], ["family", "lone_parent", "three_generation"])
    age = np.where(at_home & ((age > 19) | (age < -3.9)), rng.uniform(-3.9, 19, len(row)), age)
    return _block(row, "child", 2, age, rng.random(len(row)) < 0.49)


def _draw_elders(heads: pd.DataFrame, kind: np.ndarray, rng: Generator) -> pd.DataFrame:
    chance = _per_kind(kind, "elders")
    number = (rng.random(len(heads)) < chance) + (rng.random(len(heads)) < chance * 0.4)
    number = np.where(chance > 0, np.maximum(1, number), 0)
    row = np.repeat(np.arange(len(heads)), number)
    age = np.minimum(99, heads["age"].to_numpy()[row] + rng.uniform(21, 36, len(row)))
    return _block(row, "elder", 3, age, rng.random(len(row)) < 0.62)


def _draw_sharers(heads: pd.DataFrame, kind: np.ndarray, rng: Generator) -> pd.DataFrame:
    row = np.repeat(np.arange(len(heads)), _per_kind(kind, "sharers"))
    age = np.maximum(18, heads["age"].to_numpy()[row] + rng.normal(0, 1.5, len(row)))
    return _block(row, "sharer", 4, age, rng.random(len(row)) < 0.5)


def _make_twins(people: pd.DataFrame, rng: Generator) -> None:
    """Give some children the birth date of the sibling before them."""
    is_child = people["role"].eq("child").to_numpy()
    household = people["household"].to_numpy()
    follows = np.r_[False, is_child[1:] & is_child[:-1] & (household[1:] == household[:-1])]
    # A twin needs a second child in the house, so the chance is raised for those that have one.
    twins = np.flatnonzero(follows & (rng.random(len(people)) < 2 * _TWIN_SHARE))
    born = people["born"].to_numpy(copy=True)
    born[twins] = born[twins - 1]
    people["born"] = born


def _settle_ethnic_groups(people: pd.DataFrame, rng: Generator) -> None:
    """One ethnic group a household, with some mixed couples and their children."""
    letters = np.array(list(ETHNIC_SHARES))
    older, younger = np.array(list(ETHNIC_SHARES.values())).T
    is_head = people["role"].eq("head").to_numpy()
    head_row = np.flatnonzero(is_head)[people["household"].to_numpy()]
    head_age = people["age"].to_numpy()[head_row]
    n = len(people)
    own = np.where(head_age >= 65, weighted(rng, n, older), weighted(rng, n, younger))
    group = own[head_row]
    apart = people["role"].eq("sharer").to_numpy()
    apart |= people["role"].eq("partner").to_numpy() & (rng.random(n) < 0.35)
    group = letters[np.where(apart, own, group)]

    other = np.full(int(is_head.sum()), "", dtype=letters.dtype)
    partner = people["role"].eq("partner").to_numpy()
    other[people["household"].to_numpy()[partner]] = group[partner]
    first, second = group[head_row], other[people["household"].to_numpy()]
    differs = people["role"].eq("child").to_numpy() & (second != "") & (first != second)
    pair = np.where(first == "A", second, first)
    mixed = np.select(
        [pair == "M", pair == "N", np.isin(pair, ["H", "J", "K", "L"]), np.isin(pair, ["B", "C"])],
        ["D", "E", "F", "A"],
        "G",
    )
    people["ethnic_group"] = np.where(differs, mixed, group)


def _name(people: pd.DataFrame, rng: Generator) -> None:
    """Forenames, then surnames that follow marriage and descent."""
    community = community_of(people["ethnic_group"].to_numpy())
    female = people["female"].to_numpy()
    year = people["born"].to_numpy().astype("datetime64[Y]").astype(int) + 1970
    role = people["role"].to_numpy()
    n = len(people)
    forename = draw_forenames(rng, community, female, year)
    head_row = np.flatnonzero(role == "head")[people["household"].to_numpy()]
    son = (role == "child") & ~female & ~female[head_row]
    namesake = son & (rng.random(n) < _SON_NAMED_AFTER_FATHER)
    people["forename"] = np.where(namesake, forename[head_row], forename)
    people["middle_name"] = draw_forenames(rng, community, female, year)

    own = draw_surnames(rng, community)
    family = own[head_row]
    limits, chances = np.array(_MARRIED_SHARE_BY_AGE).T
    band = np.clip(np.searchsorted(limits, people["age"], side="right") - 1, 0, None)
    takes_name = (role == "partner") & (rng.random(n) < chances[band])
    joins_names = takes_name & (rng.random(n) < _DOUBLE_BARRELLED)
    surname = np.where(takes_name | np.isin(role, ["child"]), family, own)
    surname = np.where(joins_names, own + "-" + family, surname)
    # Father's mother shares the family name; mother's mother, four in ten, does not.
    surname = np.where((role == "elder") & (rng.random(n) < 0.6), family, surname)
    people["surname"] = surname
    # Lone older women nearly all bear a married name; their birth name is another draw.
    widowed = (role == "head") & female & (people["age"].to_numpy() > 60)
    people["former_surname"] = np.where(
        takes_name, own, np.where(widowed, draw_surnames(rng, community), "")
    )
