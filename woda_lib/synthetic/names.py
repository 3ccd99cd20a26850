"""Who is called what: forenames by birth cohort, sex and community, surnames by community."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from faker.providers.person.en_GB import Provider as BritishPeople
from numpy.random import Generator

from woda_lib.synthetic.draws import weighted, zipf_weights
from woda_lib.synthetic.name_pools import (
    BRITISH,
    FORENAMES,
    PLACE_FIRST,
    PLACE_LAST,
    SURNAMES,
)

COMMUNITIES = (
    "british",
    "irish",
    "european",
    "indian",
    "south_asian_muslim",
    "african",
    "chinese",
)
# Community of each ethnic group (NHS data dictionary letters), where names are concerned.
COMMUNITY_OF: dict[str, str] = {
    "A": "british", "B": "irish", "C": "european", "D": "british", "E": "british", "F": "british",
    "G": "british", "H": "indian", "J": "south_asian_muslim", "K": "south_asian_muslim",
    "L": "indian", "M": "british", "N": "african", "P": "british", "R": "chinese",
    "S": "south_asian_muslim",
}  # fmt: skip
# Children born in England since 1990 to these communities often have a British forename.
_ENGLISH_FORENAME_SHARE = {"irish": 0.6, "european": 0.35, "african": 0.35, "chinese": 0.6}
_COHORTS = np.array(sorted(BRITISH))


@cache
def _forename_pool(community: str, cohort: int, female: bool) -> tuple[np.ndarray, np.ndarray]:
    """Names and weights of one community, cohort and sex; British ones get a common tail."""
    pools = BRITISH[cohort] if community == "british" else FORENAMES[community]
    listed = re.split(r"\s+", pools[int(female)])
    weights = zipf_weights(len(listed), exponent=0.8, offset=2.5)
    if community == "british":
        # Names out of fashion for the cohort: a sixth of its children, spread thin.
        provider = BritishPeople.first_names_female if female else BritishPeople.first_names_male
        rare = [name for name in provider if name not in set(listed)]
        rare_weights = zipf_weights(len(rare), exponent=0.6, offset=5)
        weights = np.concatenate([weights, rare_weights / rare_weights.sum() * weights.sum() / 5])
        listed = listed + rare
    return np.array(listed, dtype=object), weights


@cache
def _surname_pool(community: str) -> tuple[np.ndarray, np.ndarray]:
    """Surnames and weights: for the British a frequency list of 500 and a long tail of places.

    The list (Faker's, in per cent of the population) covers four people in ten; the rest bear
    rarer names, made here of place-name elements as most English surnames of the tail are.
    """
    if community != "british":
        listed = [name.replace("_", " ") for name in re.split(r"\s+", SURNAMES[community])]
        return np.array(listed, dtype=object), zipf_weights(len(listed), exponent=0.7)
    common = dict(BritishPeople.last_names)
    shuffle = np.random.default_rng(0).permutation(len(PLACE_FIRST) * len(PLACE_LAST))
    made = [first + last for first in PLACE_FIRST for last in PLACE_LAST]
    tail = [made[i] for i in shuffle if made[i] not in common]
    tail_weights = zipf_weights(len(tail), exponent=0.6, offset=10)
    weights = np.concatenate(
        [list(common.values()), tail_weights / tail_weights.sum() * (100 - sum(common.values()))]
    )
    return np.array([*common, *tail], dtype=object), weights


def draw_forenames(
    rng: Generator, community: np.ndarray, female: np.ndarray, birth_year: np.ndarray
) -> np.ndarray:
    """Draw a forename for each person.

    Parameters
    ----------
    community
        Positions in `COMMUNITIES`.
    female
        True for women and girls.
    birth_year
        Year of birth; it chooses the cohort of British names.

    Returns
    -------
    numpy.ndarray
        Object array of names, as long as the inputs.
    """
    n = len(community)
    names = np.empty(n, dtype=object)
    community = community.copy()
    for label, share in _ENGLISH_FORENAME_SHARE.items():
        anglicised = (community == COMMUNITIES.index(label)) & (birth_year >= 1990)
        community[anglicised & (rng.random(n) < share)] = 0
    cohort = np.clip(np.searchsorted(_COHORTS, birth_year, side="right") - 1, 0, None)
    cohort[community != 0] = 0
    group = (community * len(_COHORTS) + cohort) * 2 + female
    for code in np.unique(group):
        of, rest = divmod(int(code), 2 * len(_COHORTS))
        pool, weights = _forename_pool(COMMUNITIES[of], int(_COHORTS[rest // 2]), bool(rest % 2))
        members = np.flatnonzero(group == code)
        names[members] = pool[weighted(rng, len(members), weights)]
    return names


def draw_surnames(rng: Generator, community: np.ndarray) -> np.ndarray:
    """Draw a surname for each position in `COMMUNITIES`; about 2,700 different British ones."""
    names = np.empty(len(community), dtype=object)
    for code in np.unique(community):
        pool, weights = _surname_pool(COMMUNITIES[code])
        members = np.flatnonzero(community == code)
        names[members] = pool[weighted(rng, len(members), weights)]
    return names


def community_of(ethnic_group: np.ndarray) -> np.ndarray:
    """Positions in `COMMUNITIES` of NHS ethnic group letters."""
    letters = np.array(sorted(COMMUNITY_OF))
    codes = np.array([COMMUNITIES.index(COMMUNITY_OF[letter]) for letter in letters])
    return codes[np.searchsorted(letters, ethnic_group)]
