"""What police write of incidents and deliver: the incidents, who was in them, and the persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.address_lines import address_lines
from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.domestic_abuse.histories import Histories
from woda_lib.synthetic.domestic_abuse.police.dash import fill_in
from woda_lib.synthetic.domestic_abuse.police.entries import draw_entries
from woda_lib.synthetic.domestic_abuse.police.involvements import draw_involvements
from woda_lib.synthetic.domestic_abuse.police.nominals import Nominals, record_persons
from woda_lib.synthetic.domestic_abuse.police.quality import blanks
from woda_lib.synthetic.domestic_abuse.police.versions import (
    incident_versions,
    involvement_versions,
)
from woda_lib.synthetic.domestic_abuse.texts import write_texts
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.misspellings import mistype
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import local_numbers

POLICE = "west_mercia_police"
_POSTCODE_MISTYPED = 0.006


@dataclass(frozen=True)
class PoliceRecords:
    """Everything that police hold of domestic abuse, also of the days beyond the window.

    Attributes
    ----------
    deliveries : list of Delivery
        ``police_incidents, police_involvements, police_persons``.
    entries : pandas.DataFrame
        A row an entry: ``incident_id, incident`` (of `Histories.incidents`), ``victim,
        perpetrator, relationship`` (the true ones), ``duplicate_of`` (incident_id), ``swapped,
        swap_found_on, withdrawn_on, occurred_at, reported_at, delivered_on``, and ``held_back``
        (its texts are of the wordings held back).
    people : pandas.DataFrame
        A row a record of a person: ``nominal_id, person_id, created_on``.
    nominal_of_other : numpy.ndarray
        The nominal_id of each other contact with police.
    flags : pandas.DataFrame
        What texts say: ``incident_id, text, flag, state, template, held_back, delivered_on``.
    """

    deliveries: list[Delivery]
    entries: pd.DataFrame
    people: pd.DataFrame
    nominal_of_other: np.ndarray
    flags: pd.DataFrame


def draw_police(
    profile: Profile,
    histories: Histories,
    dwellings: pd.DataFrame,
    others: pd.DataFrame,
    rng: Generator,
) -> PoliceRecords:
    """Draw what police write.

    Parameters
    ----------
    others : pandas.DataFrame
        ``person_id, at`` of other contacts with police, such as missing episodes.
    """
    texts_rng, persons_rng, rng = rng.spawn(3)
    entries = draw_entries(profile, histories, rng)
    involvements = draw_involvements(entries, histories, rng)
    entries["incident_id"] = local_numbers("PI", len(entries), rng)
    involvements["involvement_id"] = local_numbers("PV", len(involvements), rng)
    nominals, of_other = _record(
        profile, involvements, others, histories.residents, dwellings, persons_rng
    )
    involvements["nominal_id"] = _ids(nominals, nominals.of_contact[: len(involvements)])
    texts, flags = _texts(entries, histories, texts_rng)
    entries["held_back"] = texts.pop("held_back").to_numpy()
    deliveries = [
        _deliver_incidents(profile, entries, histories, dwellings, texts, rng),
        _deliver_involvements(profile, entries, involvements, rng),
        deliver(
            "police_persons",
            nominals.versions,
            as_days(nominals.versions["recorded_on"]),
            profile.daily,
        ),
    ]
    return PoliceRecords(
        deliveries, _known(entries, histories), nominals.people, _ids(nominals, of_other), flags
    )


def _record(
    profile: Profile,
    involvements: pd.DataFrame,
    others: pd.DataFrame,
    residents: pd.DataFrame,
    dwellings: pd.DataFrame,
    rng: Generator,
) -> tuple[Nominals, np.ndarray]:
    """Record the persons of involvements and of other contacts, in the order of time."""
    contacts = pd.concat([involvements[["person_id", "at"]], others], ignore_index=True)
    order = np.argsort(contacts["at"].to_numpy(), kind="stable")
    nominals = record_persons(profile, contacts.iloc[order], residents, dwellings, rng)
    of_contact = np.empty(len(contacts), dtype=np.int64)
    of_contact[order] = nominals.of_contact
    n = len(involvements)
    return Nominals(nominals.people, of_contact[:n], nominals.versions), of_contact[n:]


def _ids(nominals: Nominals, record: np.ndarray) -> np.ndarray:
    return nominals.people["nominal_id"].to_numpy(dtype=object)[record]


def _texts(
    entries: pd.DataFrame, histories: Histories, rng: Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The texts of entries, and what they say."""
    residents, incidents = histories.residents, histories.incidents
    at = entries["incident"].to_numpy()
    facts = incidents.iloc[at].reset_index(drop=True)
    children = histories.present.loc[histories.present["role"].eq("child")]
    child = children.drop_duplicates("incident").set_index("incident")["person_id"].reindex(at)
    forename = residents["forename"]
    facts = facts.assign(
        incident=np.arange(len(entries)),
        occurred_at=entries["occurred_at"],
        reported_by=entries["reported_by"],
        child=forename.reindex(child).to_numpy(dtype=object),
    )
    for side in ("victim", "perpetrator"):
        person = facts[side].to_numpy()
        facts[f"{side}_female"] = residents["female"].to_numpy(dtype=bool)[person]
        facts[side] = forename.to_numpy(dtype=object)[person]
    texts, labels = write_texts(facts, rng)
    entry = labels["incident"].to_numpy()
    labels["incident_id"] = entries["incident_id"].to_numpy(dtype=object)[entry]
    labels["delivered_on"] = entries["delivered_on"].to_numpy()[entry]
    return texts.drop(columns="incident"), labels.drop(columns="incident")


def _deliver_incidents(
    profile: Profile,
    entries: pd.DataFrame,
    histories: Histories,
    dwellings: pd.DataFrame,
    texts: pd.DataFrame,
    rng: Generator,
) -> Delivery:
    incidents = histories.incidents.iloc[entries["incident"].to_numpy()].reset_index(drop=True)
    home = dwellings.iloc[incidents["dwelling"].to_numpy()]
    day = as_days(entries["reported_at"])
    postcode = home["postcode"].to_numpy(dtype=object, copy=True)
    wrong = np.flatnonzero(rng.random(len(entries)) < _POSTCODE_MISTYPED)
    postcode[wrong] = mistype(postcode[wrong], rng)
    rows = pd.DataFrame(
        {
            "incident_id": entries["incident_id"],
            "occurred_at": entries["occurred_at"],
            "reported_at": entries["reported_at"],
            "reported_by": entries["reported_by"],
            "address": address_lines(home, rng),
            "postcode": postcode,
            "district": home["town"].to_numpy(dtype=object),
            "deprivation_quintile": home["deprivation_quintile"].astype("Int64").array,
            "children_present": incidents["children_present"].astype("Int64").array,
            **texts,
        }
    ).join(fill_in(incidents, day, profile, rng))
    for field, blank in blanks("police_incidents", day, profile, rng).items():
        rows[field] = rows[field].mask(blank)
    entry, states = incident_versions(entries)
    versions = rows.iloc[entry].reset_index(drop=True).join(states)
    return _deliver_until("police_incidents", versions, profile)


def _deliver_involvements(
    profile: Profile, entries: pd.DataFrame, involvements: pd.DataFrame, rng: Generator
) -> Delivery:
    day = as_days(involvements["at"])
    blank = blanks("police_involvements", day, profile, rng)["relationship"]
    rows = involvements.drop(columns=["role", "person_id", "at"])
    rows["relationship"] = rows["relationship"].mask(blank)
    rows["incident_id"] = entries["incident_id"].to_numpy(dtype=object)[rows["entry"]]
    row, states = involvement_versions(entries, involvements)
    versions = rows.iloc[row].reset_index(drop=True).join(states)
    return _deliver_until("police_involvements", versions, profile)


def _deliver_until(dataset: str, versions: pd.DataFrame, profile: Profile) -> Delivery:
    """Put versions into files; what comes after the last day is never delivered."""
    kept = versions.loc[as_days(versions["on"]) <= profile.last_day]
    return deliver(dataset, kept, as_days(kept["on"]), profile.daily)


def _known(entries: pd.DataFrame, histories: Histories) -> pd.DataFrame:
    incidents = histories.incidents.iloc[entries["incident"].to_numpy()]
    number = entries["incident_id"].to_numpy(dtype=object)
    before = entries["duplicate_of"].to_numpy()
    kept = [
        "incident_id", "incident", "swapped", "swap_found_on", "withdrawn_on", "reported_at",
        "delivered_on", "occurred_at", "held_back",
    ]  # fmt: skip
    return entries[kept].assign(
        victim=incidents["victim"].to_numpy(),
        perpetrator=incidents["perpetrator"].to_numpy(),
        relationship=incidents["relationship"].to_numpy(dtype=object),
        duplicate_of=pd.Series(number[before], index=entries.index).mask(before < 0),
    )
