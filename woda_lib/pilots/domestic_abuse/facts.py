"""Everything that is known about a night's incidents, as tables: what cards are made from.

One pass over the tables for all of the night's incidents; the cards are then read off, one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from woda_lib.pilots.domestic_abuse import agencies, changes, history, household, orders, records
from woda_lib.pilots.domestic_abuse.marac import Thresholds, last_heard
from woda_lib.pilots.domestic_abuse.people_lines import Band

_DESCRIBED = (
    "police_persons",
    "social_care_involvements",
    "housing_tenancies",
    "school_roll",
    "probation_orders",
    "refuge_referrals",
    "health_flags",
)
"""Datasets that name people; police first."""

COMPARED = (
    "police_incidents",
    "police_involvements",
    "social_care_involvements",
    "health_flags",
    "probation_orders",
    "refuge_referrals",
    "marac_cases",
)
"""Datasets of which a pack tells what is new since yesterday."""


@dataclass(frozen=True)
class Links:
    """What 1_link saved: `cases`, `incident_people`, `people` and `places`."""

    cases: pd.DataFrame
    incident_people: pd.DataFrame
    people: pd.DataFrame
    places: pd.DataFrame


@dataclass(frozen=True)
class Settings:
    """What a pack is made with.

    Attributes
    ----------
    as_of, since
        The day of the newest delivery, and the day with which it is compared.
    recent_months, all_months
        The spans of history.
    order_days
        An order that ended, or was breached, no longer ago is told.
    look_back_days
        Incidents of so many days are looked through for what changed of earlier cards.
    old_days
        An agency from which nothing newer has come is said to be behind.
    band, thresholds
        Where a person decides on a match, and of the routes to the conference.
    """

    as_of: date
    since: date
    band: Band
    thresholds: Thresholds
    recent_months: int = 12
    all_months: int = 24
    order_days: int = 28
    look_back_days: int = 28
    old_days: int = 45

    @property
    def look_back(self) -> pd.Timestamp:
        """From when incidents are looked through for what changed of earlier cards."""
        return pd.Timestamp(self.since) - pd.Timedelta(days=self.look_back_days)

    @property
    def today(self) -> pd.Timestamp:
        """The day of the newest delivery as a moment."""
        return pd.Timestamp(self.as_of)


@dataclass(frozen=True)
class Facts:
    """The tables of a night; each is described where it is made.

    Attributes
    ----------
    tonight
        Rows of `cases`: incidents that arrived since yesterday, without second entries of one
        another. `late` says which of them were reported before yesterday.
    second_entries
        `incident_id, duplicate_of`: entries that arrived with their first entry.
    changed, roles, touched, told
        From `changes`: incidents, roles, whom each incident names or named, and what changed about
        people (to each dataset `entity_id, change` and the row).
    sides
        `incident_id, role, person`: the victim and the perpetrator of each incident, as recorded
        last, of withdrawn ones too.
    pairs, summary, others
        From `history`.
    children, unborn, orders, knows, heard
        From `household`, `orders`, `agencies` and `marac`.
    names
        From `records.names`, with `known_as` and `address`.
    about
        To each agency's dataset its rows about the people of tonight's cards, with `entity_id`;
        for the timelines.
    recent
        The incidents of the last weeks.
    people
        Rows of 1_link's `people` of whoever is named anywhere in the pack.
    """

    tonight: pd.DataFrame
    second_entries: pd.DataFrame
    changed: pd.DataFrame
    roles: pd.DataFrame
    touched: pd.DataFrame
    sides: pd.DataFrame
    told: Mapping[str, pd.DataFrame]
    pairs: pd.DataFrame
    summary: pd.DataFrame
    others: pd.DataFrame
    children: pd.DataFrame
    unborn: pd.DataFrame
    orders: pd.DataFrame
    knows: pd.DataFrame
    heard: pd.DataFrame
    names: pd.DataFrame
    about: Mapping[str, pd.DataFrame]
    recent: pd.Series
    people: pd.DataFrame


def gather(
    now: Mapping[str, pd.DataFrame],
    before: Mapping[str, pd.DataFrame],
    links: Links,
    harm: pd.DataFrame,
    settings: Settings,
) -> Facts:
    """Gather what is known about the incidents that arrived since yesterday.

    Parameters
    ----------
    now
        To each dataset its rows as known today.
    before
        To each of `COMPARED` its rows as known yesterday.
    links
        What 1_link saved.
    harm
        From `read_harm`.
    settings
        Of the pack.

    Raises
    ------
    DomesticAbuseError
        If a table lacks a column.
    """
    entities = _entities(links.people)
    changed = changes.incident_changes(
        before["police_incidents"], now["police_incidents"], since=settings.since
    )
    tonight, second = _tonight(links.cases, changed)
    rows = {name: records.whose(name, now[name], links.people) for name in _DESCRIBED}
    heard = records.whose_conference(now["marac_cases"], links.people)
    for name in ("police_persons", "housing_tenancies", "school_roll", "social_care_involvements"):
        rows[name] = records.where(name, rows[name], links.places)
    pairs = _pairs(links.cases, tonight, harm, settings)
    couples = pairs[pairs["kind"] == "couple"]
    addresses = household.homes(tonight, rows["police_persons"], rows["housing_tenancies"])
    children = household.children(
        tonight,
        couples,
        links.incident_people,
        addresses,
        rows["school_roll"],
        rows["social_care_involvements"],
        as_of=settings.today,
    )
    others = history.others(pairs)
    told = _told(now, before, links.people, settings)
    sides = _sides(now["police_involvements"], entities)
    recent = now["police_incidents"].loc[
        now["police_incidents"]["reported_at"] >= settings.look_back, "incident_id"
    ]
    wanted = _wanted(tonight, links, children, others, told, sides, recent)
    theirs = {name: frame[frame["entity_id"].isin(wanted)] for name, frame in rows.items()}
    names = _names(theirs)
    return Facts(
        tonight=tonight,
        second_entries=second,
        changed=changed,
        roles=_roles(now, before, changed, entities),
        touched=changes.involved(now["police_involvements"], entities),
        sides=sides,
        told=told,
        pairs=pairs,
        summary=history.summarise(
            pairs,
            tonight,
            months=settings.recent_months,
            sure_from=settings.band.decide_to,
        ),
        others=others,
        children=children,
        unborn=household.unborn(tonight, rows["health_flags"], as_of=settings.today),
        orders=orders.orders_of(
            tonight,
            rows["probation_orders"],
            names,
            as_of=settings.today,
            ended_days=settings.order_days,
        ),
        knows=agencies.knows(_contacts(theirs, heard, links, wanted), as_of=settings.today),
        heard=last_heard(
            tonight,
            heard,
            as_of=settings.today,
            months=settings.thresholds.months,
        ),
        names=names,
        about=_about(theirs, heard, tonight, children),
        recent=recent,
        people=links.people[links.people["entity_id"].isin(wanted)],
    )


def _entities(people: pd.DataFrame) -> pd.Series:
    police = people[people["dataset"] == "police_persons"].drop_duplicates("local_id")
    return police.set_index("local_id")["entity_id"]


def _tonight(cases: pd.DataFrame, changed: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    arrived = changed[changed["kind"].isin(["new", "late", "stands_again"])]
    late = set(arrived.loc[arrived["kind"] == "late", "incident_id"])
    here = cases[cases["incident_id"].isin(arrived["incident_id"])]
    again = here["duplicate_of"].isin(here["incident_id"])
    tonight = here[~again].assign(late=here["incident_id"].isin(late))
    return tonight.reset_index(drop=True), here.loc[again, ["incident_id", "duplicate_of"]]


def _pairs(
    cases: pd.DataFrame, tonight: pd.DataFrame, harm: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Earlier events; events are made of tonight's people's cases alone, which are few."""
    people = pd.concat([tonight["victim"], tonight["perpetrator"]]).dropna()
    theirs = cases[cases["victim"].isin(people) | cases["perpetrator"].isin(people)]
    happened = history.events(theirs, harm)
    return history.earlier_events(tonight, happened, months=settings.all_months)


def _roles(
    now: Mapping[str, pd.DataFrame],
    before: Mapping[str, pd.DataFrame],
    changed: pd.DataFrame,
    entities: pd.Series,
) -> pd.DataFrame:
    """Role changes of the incidents that stood yesterday and stand today."""
    was, known = (frames["police_involvements"] for frames in (before, now))
    columns = ["involvement_id", "incident_id", "nominal_id", "role", "record_status"]
    # What is letter for letter the same in both states cannot have changed anything.
    both = known[columns].merge(was[columns], how="outer", indicator=True)
    differ = both.loc[both["_merge"] != "both", "incident_id"]
    arrived = changed.loc[changed["kind"] != "corrected", "incident_id"]
    among = differ[~differ.isin(arrived)].drop_duplicates()
    return changes.role_changes(was, known, entities, among=among)


def _sides(involvements: pd.DataFrame, entities: pd.Series) -> pd.DataFrame:
    main = involvements[involvements["role"].isin(["victim", "perpetrator"])]
    # A row that stands comes after one that was withdrawn.
    ordered = main.sort_values(["record_status", "recorded_on"], ascending=[False, True])
    last = ordered.drop_duplicates(["incident_id", "role"], keep="last")
    persons = last["nominal_id"].map(entities).fillna(last["nominal_id"])
    return last[["incident_id", "role"]].assign(person=persons).reset_index(drop=True)


def _told(
    now: Mapping[str, pd.DataFrame],
    before: Mapping[str, pd.DataFrame],
    people: pd.DataFrame,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """What changed about people at other agencies, with whose it is."""
    name = "probation_orders"
    found = changes.order_changes(
        before[name], now[name], since=settings.since, until=settings.as_of
    )
    told = {name: records.whose(name, found, people)}
    for name, key, end in (
        ("social_care_involvements", "care_involvement_id", "ended_on"),
        ("refuge_referrals", "refuge_referral_id", "ended_on"),
        ("health_flags", "flag_id", None),
    ):
        found = changes.involvement_changes(before[name], now[name], key=key, end=end)
        told[name] = records.whose(name, found, people)
    name = "marac_cases"
    heard = changes.involvement_changes(before[name], now[name], key="marac_case_id")
    whose = records.whose_conference(heard, people)
    told[name] = whose.rename(columns={"victim": "entity_id"})
    return told


def _names(rows: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Names from every agency; police's newest record first, with its alias and address."""
    police = rows["police_persons"].sort_values("recorded_on", ascending=False)
    named = records.names({**{name: rows[name] for name in _DESCRIBED}, "police_persons": police})
    extra = police.dropna(subset=["entity_id"]).drop_duplicates("entity_id")
    extra = extra.set_index("entity_id")[["known_as", "address"]]
    return named.join(extra, on="entity_id")


def _wanted(
    tonight: pd.DataFrame,
    links: Links,
    children: pd.DataFrame,
    others: pd.DataFrame,
    told: Mapping[str, pd.DataFrame],
    sides: pd.DataFrame,
    recent: pd.Series,
) -> pd.Series:
    """Whoever may be named anywhere in the pack; nobody else's names are looked up."""
    there = links.incident_people["incident_id"].isin(tonight["incident_id"])
    parts = [
        tonight["victim"],
        tonight["perpetrator"],
        links.incident_people.loc[there, "entity_id"],
        children["child"],
        others["other"],
        sides.loc[sides["incident_id"].isin(recent), "person"],
        *(frame["entity_id"] for frame in told.values()),
    ]
    return pd.concat([part.astype("string") for part in parts]).dropna().drop_duplicates()


def _about(
    rows: Mapping[str, pd.DataFrame],
    heard: pd.DataFrame,
    tonight: pd.DataFrame,
    children: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    people = pd.concat([tonight["victim"], tonight["perpetrator"], children["child"]]).dropna()
    shown = ("health_flags", "social_care_involvements", "probation_orders", "refuge_referrals")
    cases = heard.rename(columns={"victim": "entity_id"})
    frames = {**{name: rows[name] for name in shown}, "marac_cases": cases}
    return {name: frame[frame["entity_id"].isin(people)] for name, frame in frames.items()}


def _contacts(
    rows: Mapping[str, pd.DataFrame], heard: pd.DataFrame, links: Links, wanted: pd.Series
) -> dict[str, pd.DataFrame]:
    """Rows by which agencies know people; police's are the incidents that stand."""
    days = links.cases.set_index("incident_id")["occurred_at"]
    police = links.incident_people[links.incident_people["entity_id"].isin(wanted)]
    police = police.assign(occurred_at=police["incident_id"].map(days))
    sides = records.heard(heard)
    known = {name: rows[name] for name in agencies.CONTACTS if name in rows}
    return {
        **known,
        "police_involvements": police,
        "marac_cases": sides[sides["entity_id"].isin(wanted)],
    }
