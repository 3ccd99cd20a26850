"""What `2_triage_pack` asks for: a night's facts and cards, from what a run loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.partners import load_agreement
from woda_lib.pilots.domestic_abuse import evidence, urgency
from woda_lib.pilots.domestic_abuse.agencies import CONTACTS
from woda_lib.pilots.domestic_abuse.build import build_cards, children_named
from woda_lib.pilots.domestic_abuse.card import Card, EarlierCard, Missing, Pack
from woda_lib.pilots.domestic_abuse.facts import COMPARED, Facts, Links, Settings, gather
from woda_lib.pilots.domestic_abuse.flag_lines import FLAGS, TEXTS
from woda_lib.pilots.domestic_abuse.flags import Rules, flag_texts, measure
from woda_lib.pilots.domestic_abuse.harm import read_harm
from woda_lib.pilots.domestic_abuse.marac import Thresholds
from woda_lib.pilots.domestic_abuse.missing import about_sources
from woda_lib.pilots.domestic_abuse.people_lines import Band
from woda_lib.pilots.domestic_abuse.registers import own_number
from woda_lib.pilots.domestic_abuse.words import as_day

_NOT_SHARED = "General practice, ambulance and other forces: no agreement, so nothing is known."
_OTHER_PACK = (
    "Contacts with the Family Front Door, missing episodes and referrals for exploitation are for "
    "the safeguarding hub’s pack (purpose safeguarding), and not here."
)


@dataclass(frozen=True)
class Rulebook:
    """The reviewed files of ``parameters/triage/``: harm, the order of cards, and flags."""

    harm: pd.DataFrame
    order: tuple[urgency.Rule, ...]
    flags: Rules


@dataclass(frozen=True)
class Night:
    """What a pack is made from: what is known today, what 1_link saved, and the facts."""

    now: Mapping[str, pd.DataFrame]
    links: Links
    facts: Facts
    settings: Settings
    rulebook: Rulebook


def read_rulebook(run: Run) -> Rulebook:
    """Read the files of rules, and note them as inputs of the run."""
    folder = run.parameters_folder / "triage"
    paths = {name: folder / f"{name}.yaml" for name in ("crime_harm", "urgency", "flags")}
    order = urgency.read_urgency(paths["urgency"])
    # Rule is a heading of the report, and in a large county somebody's surname.
    public = {"urgency": [*(rule.title for rule in order), "Rule"], "flags": FLAGS.values()}
    for name, path in paths.items():
        run.record_input(path, path.name, public=public.get(name, ()))
    return Rulebook(
        harm=read_harm(paths["crime_harm"]),
        order=order,
        flags=Rules.read(paths["flags"]),
    )


def settings_of(run: Run) -> Settings:
    """Return what a pack is made with, from the run's parameters and its clock."""
    given = run.parameters
    return Settings(
        as_of=run.as_of,
        since=run.as_of - timedelta(days=given["compare_days"]),
        band=Band(given["decide_from"], given["decide_to"]),
        thresholds=Thresholds(given["dash_ticks"], given["call_outs"], given["route_months"]),
        order_days=given["order_days"],
        look_back_days=given["card_days"],
        old_days=given["old_days"],
    )


def load_night(run: Run) -> Night:
    """Load everything that a pack is made from, and gather its facts.

    Parameters
    ----------
    run
        Of a step that has the parameters of `settings_of`, and needs 1_link.
    """
    settings = settings_of(run)
    now = {name: run.load(name) for name in run.step.datasets}
    before = {name: _as_known(run, name, now[name], settings.since) for name in COMPARED}
    tables = ("cases", "incident_people", "people", "places")
    links = Links(*(run.load(f"{run.pilot.pilot}/1_link:{name}") for name in tables))
    rulebook = read_rulebook(run)
    facts = gather(now, before, links, rulebook.harm, settings)
    return Night(now, links, facts, settings, rulebook)


def _as_known(run: Run, name: str, now: pd.DataFrame, since: date) -> pd.DataFrame:
    """Return a dataset as known on an earlier day; files are read again only if any came since."""
    if (now["delivered_on"] <= pd.Timestamp(since)).all():
        return now
    return run.load(name, delivered_by=since)


def make_pack(run: Run, night: Night, mentions: pd.DataFrame) -> Pack:
    """Make the pack: a card an incident, with names and the partners' own numbers.

    Parameters
    ----------
    run
        Its purpose must be one for which people may be re-identified.
    night
        From `load_night`.
    mentions
        From `flags.flag_texts` over `build.texts_to_read`.

    Raises
    ------
    AgreementError
        If the purpose does not permit the partners' own numbers.
    """
    cards, earlier = build_cards(
        night.facts,
        night.links,
        night.now["police_incidents"],
        mentions,
        night.rulebook.harm,
        night.rulebook.order,
        night.settings,
        numbers=_numbers(run, night.facts, mentions),
        hidden=_hidden(run),
        about_sources=tuple(_about_sources(night)),
    )
    return _described(run, night, cards, earlier)


def measure_flags(night: Night, labels: pd.DataFrame, *, sample: int, seed: int) -> pd.DataFrame:
    """Measure flags on labelled texts of a made-up county; see `flags.measure`.

    Parameters
    ----------
    labels
        `incident_id, text, flag, state`.
    sample
        At most so many incidents are read.
    seed
        Draws them.
    """
    texts = night.now["police_incidents"][["incident_id", *TEXTS]]
    known = texts[texts["incident_id"].isin(labels["incident_id"])]
    drawn = known.sample(min(sample, len(known)), random_state=seed)
    there = labels[labels["incident_id"].isin(drawn["incident_id"])]
    pairs = there[["incident_id", "text"]].drop_duplicates()
    names = children_named(night.now["police_involvements"], night.now["police_persons"])
    found = flag_texts(drawn, night.rulebook.flags, names=names)
    found = found.merge(pairs, on=["incident_id", "text"])
    return measure(found, there)


def _described(
    run: Run, night: Night, cards: Sequence[Card], earlier: Sequence[EarlierCard]
) -> Pack:
    agreement = load_agreement(run.pilot.agreement, run.parameters_folder / "agreements")
    return Pack(
        made_for=night.settings.as_of + timedelta(days=1),
        known_to=night.settings.as_of,
        agreement=run.pilot.agreement,
        purpose=run.step.purpose,
        partners=tuple(sorted(agreement.partners)),
        synthetic=run.synthetic,
        cards=tuple(cards),
        earlier=tuple(earlier),
        order=urgency.in_words(night.rulebook.order),
        evidence=evidence.in_sentences(),
    )


def _numbers(run: Run, facts: Facts, mentions: pd.DataFrame) -> dict[str, str]:
    """The partners' own numbers of whoever and whatever the pack names, and of nothing else."""
    wanted = pd.concat(
        [
            facts.tonight["incident_id"],
            facts.second_entries["incident_id"],
            facts.changed["incident_id"],
            facts.roles["incident_id"],
            facts.recent,
            mentions["incident_id"],
            facts.people["local_id"].map(own_number),
        ]
    )
    known = pd.DataFrame({"number": wanted.astype("string").drop_duplicates()})
    turned = run.reidentify(known)
    pairs = zip(known["number"], turned["number"], strict=True)
    return {pseudonym: number for pseudonym, number in pairs if number != pseudonym}


def _hidden(run: Run) -> dict[str, str]:
    """Agencies whose records this step is not handed."""
    why = f"not among the datasets that {run.step.name} may read for {run.step.purpose}"
    return {
        contact.agency: why for name, contact in CONTACTS.items() if name not in run.step.datasets
    }


def _about_sources(night: Night) -> list[Missing]:
    newest: dict[str, date] = {}
    for name, contact in CONTACTS.items():
        if name in night.now and contact.start in night.now[name]:
            latest = as_day(night.now[name][contact.start].max())
            if latest:
                newest[contact.agency] = latest
    old = about_sources(
        newest, night.settings.as_of, old_days=night.settings.old_days, hidden=(_OTHER_PACK,)
    )
    return [*old, Missing("not_shared", _NOT_SHARED)]
