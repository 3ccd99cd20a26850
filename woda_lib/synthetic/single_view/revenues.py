"""Who is liable for council tax, and who claims a benefit: the districts' shared service."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.synthetic.draws import add_days, as_days, take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.single_view.holdings import HOME, Holding, hold
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.units import kinship, private_homes
from woda_lib.synthetic.single_view.world import OF_AGE, World

_SHARER_LIABLE = 0.6  # otherwise the landlord is, who lives elsewhere
_DISCOUNTS = ("none", "student", "carer", "disregarded")
_DISCOUNT_SHARES = (0.962, 0.0, 0.012, 0.026)
_STUDENT_SHARES = (0.25, 0.73, 0.0, 0.02)
_WRONGLY_SINGLE = 0.03  # say that they live alone, and do not
_EMPTY = 0.006  # of the liable: for an empty home as well
_ARREARS = 0.085  # of the liable, at average need

CLAIMING = 0.135
"""Share of households that claim at some time of the window or of the years before it."""

_YEARS_BEFORE, _DAYS_CLAIMED = 1_500, 1_800.0  # days
_LEFT_OFF = 0.12  # of grown children, who would lessen the benefit
_HOUSING_BENEFIT = 0.45


def draw_liable(world: World, rng: Generator) -> Holding:
    """Draw the liable: heads and their partners, and most who share a home."""
    homes = private_homes(world)
    group = homes.groupby(["unit", "dwelling"], sort=False)
    adult = (homes["age"] >= OF_AGE).to_numpy()
    liable = homes["role"].isin(["head", "partner"]).to_numpy()
    sharer = homes["role"].eq("sharer").to_numpy()
    liable |= sharer & (rng.random(len(homes)) < _SHARER_LIABLE)
    n_adults = pd.Series(adult).groupby(group.ngroup()).transform("sum").to_numpy()
    kept = np.flatnonzero(liable & adult)
    person = homes["person_id"].to_numpy()[kept]
    # One spell from home to home, as long as the person is liable in each.
    stay = homes["stay"].to_numpy()[kept]
    goes_on = np.r_[False, (person[1:] == person[:-1]) & (stay[1:] == stay[:-1] + 1)]
    begins = np.flatnonzero(~goes_on)
    last = np.r_[begins[1:] - 1, len(kept) - 1]
    started, ended = as_days(homes["starts"])[kept], as_days(homes["ends"])[kept]
    n = len(begins)
    ends = ended[last]
    spells = pd.DataFrame(
        {
            "person_id": person[begins],
            "started_on": started[begins],
            "ended_on": ends,
            "end_heard_on": add_days(ends, np.floor(rng.exponential(25.0, n))),
            "at": HOME,
        }
    )
    single = (n_adults[kept] == 1)[begins] | (rng.random(n) < _WRONGLY_SINGLE)
    young = sharer[kept][begins] & (homes["age"].to_numpy()[kept][begins] < 24)
    other = np.where(
        young,
        take(_DISCOUNTS, weighted(rng, n, _STUDENT_SHARES)),
        take(_DISCOUNTS, weighted(rng, n, _DISCOUNT_SHARES)),
    )
    spells["discount"] = np.where(single & (other == "none"), "single_person", other)
    spells = pd.concat([spells, _second_homes(world, spells, rng)], ignore_index=True)
    behind = np.minimum(_ARREARS * world.need[spells["person_id"].to_numpy()], 0.7)
    spells["arrears"] = np.where(rng.random(len(spells)) < behind, "yes", "no").astype(object)
    return hold("council_tax_accounts", spells, world, rng, case="account_id")


def _second_homes(world: World, spells: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Some are liable for an empty home besides: inherited, to let or to sell."""
    rows = np.flatnonzero(rng.random(len(spells)) < _EMPTY)
    lived_in = np.zeros(len(world.dwellings), dtype=bool)
    lived_in[world.dwelling[world.dwelling != AWAY]] = True
    here = world.dwellings["county"].eq(world.dwellings["county"].iloc[0]).to_numpy()
    empty = np.flatnonzero(here & ~lived_in & world.dwellings["kind"].ne("care_home").to_numpy())
    owner = spells.iloc[rows]
    began = world.any_days(len(rows), rng, before=500)
    ended = add_days(began, 60 + np.floor(rng.exponential(400.0, len(rows))))
    ended = np.where(ended <= world.profile.as_of, ended, NOT_A_DAY)
    lives = (as_days(owner["started_on"]) <= began) & ~(as_days(owner["ended_on"]) <= began)
    second = owner.assign(
        started_on=began,
        ended_on=ended,
        end_heard_on=ended,
        at=rng.permutation(empty)[np.arange(len(rows)) % len(empty)],
        discount="empty",
    )
    return second.loc[lives]


def draw_claimants(world: World) -> pd.DataFrame:
    """Draw who is in a household that claims a benefit.

    The same each time, for others go by it: ``person_id, case, role, started_on, ended_on`` (NaT
    while the claim goes on), ``service``.
    """
    rng = default_rng([world.seed, 9, 2])
    homes = private_homes(world)
    # A claim is a household's, and moves with it.
    unit, of = np.unique(homes["unit"], return_inverse=True)
    leads = homes["role"].isin(["head", "partner", "sharer"]).to_numpy()
    need = np.zeros(len(unit))
    np.maximum.at(need, of[leads], np.sqrt(world.need[homes["person_id"].to_numpy()[leads]]))
    claims = rng.random(len(unit)) < np.minimum(CLAIMING * need / need.mean(), 0.95)
    n = len(unit)
    began = world.any_days(n, rng, before=_YEARS_BEFORE)
    ended = add_days(began, 30 + np.floor(rng.exponential(_DAYS_CLAIMED, n)))
    service = np.where(rng.random(n) < _HOUSING_BENEFIT, "housing_benefit", "council_tax_support")
    rows = np.flatnonzero(claims[of])
    starts, ends = as_days(homes["starts"])[rows], as_days(homes["ends"])[rows]
    table = pd.DataFrame(
        {
            "person_id": homes["person_id"].to_numpy()[rows],
            "case": of[rows],
            "role": homes["role"].to_numpy()[rows],
            "started_on": np.maximum(starts, began[of[rows]]),
            "ended_on": np.fmin(ends, ended[of[rows]]),
            "service": service[of[rows]].astype(object),
        }
    )
    started, ended = as_days(table["started_on"]), as_days(table["ended_on"])
    touches = (started <= world.profile.as_of) & (started <= ended)
    touches &= ended >= world.profile.opens
    table = table.loc[touches].sort_values(["case", "person_id", "started_on"], kind="stable")
    # From home to home within the household it is one spell.
    keys = ["case", "person_id"]
    table["ended_on"] = table.groupby(keys)["ended_on"].transform("max")
    return world.within_life(table.drop_duplicates(keys)).reset_index(drop=True)


def draw_claims(world: World, rng: Generator) -> Holding:
    """Draw the claims: all members of a household but some grown children."""
    table = draw_claimants(world)
    age = world.ages(table["person_id"].to_numpy(), as_days(table["started_on"]))
    grown = table["role"].eq("child").to_numpy() & (age >= OF_AGE)
    table = table.loc[~(grown & (rng.random(len(table)) < _LEFT_OFF))].reset_index(drop=True)
    case, of = np.unique(table["case"], return_inverse=True)
    numbers = np.char.add("BC", np.char.zfill(rng.permutation(len(case)).astype(str), 7))
    spells = table.assign(
        claim_id=numbers.astype(object)[of],
        kinship=kinship(of, table["role"].to_numpy(), world.born[table["person_id"]], rng),
    )
    return hold("benefit_claims", spells.drop(columns=["case", "role"]), world, rng)
