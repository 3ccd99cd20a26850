"""The whole county, drawn but not yet written: what every partner holds, and what is true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator, SeedSequence, default_rng

from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.businesses import Businesses
from woda_lib.synthetic.canaries import plant_canaries
from woda_lib.synthetic.deliveries import (
    Delivery,
    deliver_clients,
    deliver_events,
    deliver_referrals,
    deliver_spells,
)
from woda_lib.synthetic.domestic_abuse.agencies import (
    Known,
    World,
    deliver_known,
    draw_known,
    who_is_who,
    write_known,
)
from woda_lib.synthetic.domestic_abuse.histories import Histories, draw_histories
from woda_lib.synthetic.domestic_abuse.police import POLICE, PoliceRecords, draw_police
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.flow_records import (
    write_community_referrals,
    write_events,
    write_hospital_referrals,
)
from woda_lib.synthetic.opt_outs import deliver_opt_outs, draw_national
from woda_lib.synthetic.patient_flow import Waits, draw_waits
from woda_lib.synthetic.population import make_population
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import (
    Register,
    client_register,
    known_clients,
    local_numbers,
    patient_register,
)
from woda_lib.synthetic.single_view import SingleView
from woda_lib.synthetic.stays import draw_stays

TRUSTS = {"worcestershire": "worcestershire_acute", "severnside": "severnside_acute"}
COUNCILS = {"worcestershire": "county_council", "severnside": "severnside_council"}
_LETTER = {"worcestershire": "W", "severnside": "S"}


@dataclass(frozen=True)
class County:
    """Everything that was drawn.

    Attributes
    ----------
    residents : pandas.DataFrame
        See `woda_lib.synthetic.population.make_population`.
    stays : pandas.DataFrame
        See `woda_lib.synthetic.stays.draw_stays`; with ``spell_id``.
    referrals : pandas.DataFrame
        See `woda_lib.synthetic.flow_records`; with ``referral_id``.
    waits : Waits
    registers : dict
        The register of each partner.
    deliveries : dict
        The deliveries of each partner.
    opt_outs : dict
        The list of choices that each partner delivers.
    histories : Histories
        Domestic abuse as it was.
    police : PoliceRecords
    known : Known
        What the other agencies know of it.
    known_people : pandas.DataFrame
        Who is who in their records: ``partner, dataset, local_id, person_id``.
    domestic_abuse : dict
        The deliveries of each partner for the domestic-abuse pilot.
    single_view : SingleView
        What the single view's partners hold.
    businesses : Businesses
        What partners hold of businesses.
    """

    residents: pd.DataFrame
    stays: pd.DataFrame
    referrals: pd.DataFrame
    waits: Waits
    registers: dict[str, Register]
    deliveries: dict[str, list[Delivery]]
    opt_outs: dict[str, Delivery]
    histories: Histories
    police: PoliceRecords
    known: Known
    known_people: pd.DataFrame
    domestic_abuse: dict[str, list[Delivery]]
    single_view: SingleView
    businesses: Businesses


def draw_county(profile: Profile, seed: int) -> County:
    """Draw residents, their stays and referrals, and each partner's copy of them."""
    root = SeedSequence(seed)
    people_seed, *others = root.spawn(6)
    flow, writing, councils, copies, numbers = (default_rng(s) for s in others)
    residents, dwellings = make_population(profile, people_seed)
    waits = draw_waits(profile, flow)
    stays = draw_stays(profile, waits, residents, flow)
    stays = _number(stays, "S", "spell_id", numbers)
    events = _number(write_events(profile, stays, writing), "E", "event_id", numbers)
    events["spell_id"] = stays["spell_id"].to_numpy()[events["stay"]]

    known = {c: known_clients(c, profile, residents, councils) for c in COUNTIES}
    referrals = _draw_referrals(profile, stays, known, residents, councils)
    referrals = _number(referrals, "R", "referral_id", numbers)
    residents = plant_canaries(residents, stays, referrals)

    registers: dict[str, Register] = {}
    deliveries: dict[str, list[Delivery]] = {}
    for county in COUNTIES:
        trust, council = TRUSTS[county], COUNCILS[county]
        # What nobody has seen by the end of the window is in no copy.
        admitted = stays["admission_date"].le(pd.Timestamp(profile.as_of))
        here = stays.loc[stays["county"].eq(county) & admitted]
        patients = patient_register(_LETTER[county] + "P", here, residents, dwellings, copies)
        asked = referrals.loc[referrals["county"].eq(county)]
        prefix = _LETTER[county] + "C"
        clients = client_register(
            prefix, known[county], asked, residents, dwellings, profile, copies
        )
        registers |= {trust: patients, council: clients}
        deliveries[trust] = [
            deliver_spells(profile, here, patients, writing),
            deliver_events(profile, events.loc[events["county"].eq(county)]),
        ]
        deliveries[council] = [
            deliver_clients(profile, clients),
            deliver_referrals(profile, asked, clients),
        ]
    opt_outs = _draw_opt_outs(profile, residents, registers, default_rng(root.spawn(1)[0]))
    lives = residents.assign(died=_last_days(stays, residents))
    domestic_abuse = _draw_domestic_abuse(profile, lives, dwellings, seed)
    histories = domestic_abuse[0]
    view = SingleView(profile, histories.residents, dwellings, seed)
    return County(
        residents,
        stays,
        referrals,
        waits,
        registers,
        deliveries,
        opt_outs,
        *domestic_abuse,
        view,
        Businesses(profile, view, seed),
    )


def _draw_domestic_abuse(
    profile: Profile, residents: pd.DataFrame, dwellings: pd.DataFrame, seed: int
) -> tuple[Histories, PoliceRecords, Known, pd.DataFrame, dict[str, list[Delivery]]]:
    """Draw domestic abuse from numbers of its own: nothing else of the county is changed by it."""
    truth, writing = (default_rng(s) for s in SeedSequence([seed, 2]).spawn(2))
    histories = draw_histories(profile, residents, dwellings, truth)
    world = World(profile, dwellings, histories)
    known = draw_known(world, seed)
    # Police record whoever goes missing as they record anybody else.
    others = known.episodes[["person_id", "reported_at"]].set_axis(["person_id", "at"], axis=1)
    police = draw_police(profile, histories, dwellings, others, writing)
    records = write_known(world, known, _first_entries(police), police.nominal_of_other, seed)
    deliveries = deliver_known(records, world)
    deliveries[POLICE] = [*police.deliveries, *deliveries[POLICE]]
    return histories, police, known, who_is_who(records), deliveries


def _first_entries(police: PoliceRecords) -> pd.Series:
    """The number under which police first entered each incident, by ``incident``."""
    entries = police.entries.loc[police.entries["duplicate_of"].isna()]
    return entries.drop_duplicates("incident").set_index("incident")["incident_id"]


def _draw_opt_outs(
    profile: Profile, residents: pd.DataFrame, registers: dict[str, Register], rng: Generator
) -> dict[str, Delivery]:
    """Each partner's list; trusts alone ask the national service who opted out."""
    national = draw_national(residents, rng)
    return {
        partner: deliver_opt_outs(
            profile,
            register,
            residents,
            national & (partner in TRUSTS.values()),
            prefix=f"O{number}",
            rng=rng,
        )
        for number, (partner, register) in enumerate(registers.items(), start=1)
    }


def _draw_referrals(
    profile: Profile,
    stays: pd.DataFrame,
    known: dict[str, pd.DataFrame],
    residents: pd.DataFrame,
    rng: Generator,
) -> pd.DataFrame:
    """Referrals from hospital and from the community, up to the end of the window."""
    from_hospital = write_hospital_referrals(profile, stays, rng)
    first = (
        from_hospital.groupby(["county", "person_id"])["received_on"]
        .min()
        .rename("recorded_on")
        .reset_index()
    )
    pool = pd.concat(
        [first, *(table.assign(county=county) for county, table in known.items())],
        ignore_index=True,
    )
    pool["died"] = _last_days(stays, residents)[pool["person_id"]]
    per_county = int(from_hospital["first"].sum() / len(COUNTIES))
    from_home = write_community_referrals(profile, pool, per_county, rng)
    referrals = pd.concat([from_hospital, from_home], ignore_index=True)
    referrals = referrals.loc[as_days(referrals["received_on"]) <= profile.as_of]
    order = ["received_on", "county", "person_id"]
    return referrals.sort_values(order, kind="stable", ignore_index=True)


def _last_days(stays: pd.DataFrame, residents: pd.DataFrame) -> np.ndarray:
    """The day on which each resident dies, in hospital or out of it; NaT for the living."""
    died = as_days(residents["died"]).copy()
    fatal = stays.loc[stays["died"]]
    died[fatal["person_id"].to_numpy()] = as_days(fatal["discharge_date"])
    return died


def _number(table: pd.DataFrame, letter: str, column: str, rng: Generator) -> pd.DataFrame:
    """Give each row its partner's own number: W or S for the county, then the kind."""
    table = table.copy()
    table[column] = ""
    for county in COUNTIES:
        rows = np.flatnonzero(table["county"].eq(county))
        values = table[column].to_numpy(dtype=object, copy=True)
        values[rows] = local_numbers(_LETTER[county] + letter, len(rows), rng)
        table[column] = values
    return table
