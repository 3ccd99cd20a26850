"""Cards from facts: one an incident, in the order of urgency, each read off the night's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from woda_lib.pilots.domestic_abuse import card_parts as parts
from woda_lib.pilots.domestic_abuse import marac, timeline, urgency
from woda_lib.pilots.domestic_abuse.card import Card, EarlierCard, Missing
from woda_lib.pilots.domestic_abuse.card_lines import Change, FlagLine, Person, Route, WholeText
from woda_lib.pilots.domestic_abuse.facts import Facts, Links, Settings
from woda_lib.pilots.domestic_abuse.flag_lines import TEXTS, flag_lines, with_earlier
from woda_lib.pilots.domestic_abuse.harm import harm_days
from woda_lib.pilots.domestic_abuse.missing import about_incident, about_people
from woda_lib.pilots.domestic_abuse.people_lines import People
from woda_lib.pilots.domestic_abuse.reasons import rules_met
from woda_lib.pilots.domestic_abuse.telling import changes_by_card
from woda_lib.pilots.domestic_abuse.words import REPORTERS, as_day, plain


def texts_to_read(facts: Facts, incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the texts in which flags are looked for: tonight's, and the couples' before.

    Parameters
    ----------
    facts
        From `gather`.
    incidents
        `incident_id, occurred_at, log_text, referral_text`.
    """
    couples = facts.pairs.loc[facts.pairs["kind"] == "couple", "event"]
    wanted = pd.concat([facts.tonight["incident_id"], facts.second_entries["incident_id"], couples])
    columns = ["incident_id", "occurred_at", *TEXTS]
    found = incidents[incidents["incident_id"].isin(wanted)]
    return found[columns].reset_index(drop=True)


def children_named(
    involvements: pd.DataFrame, persons: pd.DataFrame
) -> dict[object, tuple[str, ...]]:
    """Return the forenames of children by incident, so that “SUS hit Ella” is read as harm to one.

    Parameters
    ----------
    involvements
        `incident_id, nominal_id, role, record_status`; withdrawn ones count for nothing.
    persons
        `nominal_id, forename, known_as`; what somebody is called may be missing.
    """
    stand = involvements["role"].eq("child") & involvements["record_status"].ne("withdrawn")
    children = involvements.loc[stand, ["incident_id", "nominal_id"]]
    named = children.merge(persons[["nominal_id", "forename", "known_as"]], on="nominal_id")
    names = named.melt("incident_id", ["forename", "known_as"], value_name="name").dropna()
    once = names.drop_duplicates(["incident_id", "name"])
    found: dict[object, list[str]] = {}
    for incident, name in zip(once["incident_id"].tolist(), once["name"].tolist(), strict=True):
        found.setdefault(incident, []).append(name)
    return {incident: tuple(own) for incident, own in found.items()}


def build_cards(
    facts: Facts,
    links: Links,
    incidents: pd.DataFrame,
    mentions: pd.DataFrame,
    harm: pd.DataFrame,
    rules: Sequence[urgency.Rule],
    settings: Settings,
    *,
    numbers: Mapping[str, str],
    hidden: Mapping[str, str],
    about_sources: Sequence[Missing] = (),
) -> tuple[list[Card], list[EarlierCard]]:
    """Build the cards of a night.

    Parameters
    ----------
    facts
        From `gather`.
    links
        What 1_link saved.
    incidents
        Police incidents as known today, with what a card says of them.
    mentions
        Of the texts of `texts_to_read`: `incident_id, text, flag, state, start, end`.
    harm
        From `read_harm`.
    rules
        From `read_urgency`.
    settings
        Of the pack.
    numbers
        The partners' own numbers behind pseudonyms; what it lacks is shown as it is.
    hidden
        Agencies that this purpose is not shown, each with the clause that says so.
    about_sources
        What is missing on every card, such as an agency whose records are old.

    Returns
    -------
    cards : list of Card
        In the order of urgency.
    earlier : list of EarlierCard
        Incidents of the last weeks of which something changed.
    """
    builder = _Builder(facts, links, incidents, mentions, harm, settings, numbers, hidden)
    changes, earlier = changes_by_card(facts, incidents, builder.people, builder.number, settings)
    drafts = {
        str(case["incident_id"]): builder.card(case, changes[str(case["incident_id"])])
        for case in facts.tonight.to_dict("records")
    }
    order = urgency.order_cards(
        {name: met for name, (_, met) in drafts.items()}, builder.ties, rules
    )
    cards = [
        replace(
            drafts[name][0],
            position=int(row["position"]),
            of=len(drafts),
            reasons=urgency.reasons(drafts[name][1], rules),
            stands_here=row["stands_here"],
            missing=(*drafts[name][0].missing, *about_sources),
        )
        for name, row in zip(order.index.astype(str), order.to_dict("records"), strict=True)
    ]
    return cards, earlier


class _Builder:
    """Holds the night's tables, cut up by card once."""

    def __init__(
        self,
        facts: Facts,
        links: Links,
        incidents: pd.DataFrame,
        mentions: pd.DataFrame,
        harm: pd.DataFrame,
        settings: Settings,
        numbers: Mapping[str, str],
        hidden: Mapping[str, str],
    ) -> None:
        self._facts, self._settings, self._numbers, self._hidden = facts, settings, numbers, hidden
        self.people = People(facts.names, facts.people, numbers, settings.band)
        known = incidents["incident_id"].isin(mentions["incident_id"]) | incidents[
            "incident_id"
        ].isin(facts.tonight["incident_id"])
        self._incidents = incidents[known].set_index("incident_id").to_dict("index")
        self._mentions = mentions
        self._there = _by(links.incident_people, facts.tonight["incident_id"])
        self._cut = {
            name: _by(getattr(facts, name), facts.tonight["incident_id"])
            for name in ("pairs", "summary", "others", "children", "unborn", "orders")
        }
        keys = zip(facts.knows["entity_id"], facts.knows["agency"], strict=True)
        self._knows = dict(zip(keys, facts.knows.to_dict("records"), strict=True))
        self._days = dict(
            zip(
                facts.tonight["incident_id"],
                harm_days(facts.tonight["crime_type"], harm),
                strict=True,
            )
        )

    def number(self, pseudonym: str) -> str:
        """Return the partner's own number behind a pseudonym."""
        return self._numbers.get(pseudonym, pseudonym)

    @property
    def ties(self) -> pd.DataFrame:
        """What decides between cards that meet the same rules."""
        tonight = self._facts.tonight.set_index("incident_id")
        last = self._facts.pairs.groupby("incident_id")["days_before"].min()
        return pd.DataFrame(
            {
                "days": pd.Series(self._days),
                "days_since_last": last.reindex(tonight.index),
                "reported_at": tonight["reported_at"],
            },
            index=tonight.index,
        )

    def card(
        self, case: Mapping[Any, Any], changes: Sequence[Change]
    ) -> tuple[Card, dict[str, str]]:
        """Return a card, not yet placed among the others, and the rules that it meets."""
        name, band = str(case["incident_id"]), self._settings.band
        raw = self._incidents[name]
        cut = {key: tables[name] for key, tables in self._cut.items()}
        couple = cut["pairs"][cut["pairs"]["kind"] == "couple"]
        found = parts.people_of(case, self._there[name], cut["children"], self.people)
        victim, perpetrator = (
            found[role][1] if role in found else None for role in ("victim", "perpetrator")
        )
        children = tuple(
            parts.child_lines(found, cut["children"], cut["unborn"], self.people, band)
        )
        orders = tuple(parts.order_table(cut["orders"], self.people, band))
        flags = tuple(self._flags(case, couple))
        answers = raw["dash_answers"] if pd.notna(raw["dash_answers"]) else None
        counted = marac.count_answers(pd.Series([answers])).iloc[0]
        ticks, unanswered = (None if answers is None else int(each) for each in counted)
        routes = self._routes(case, ticks, unanswered, cut["pairs"], victim, perpetrator)
        matches = tuple(
            self.people.match(key, entity)
            for key, (entity, person) in found.items()
            if person.role in ("victim", "perpetrator", "child")
        )
        met = rules_met(
            case, flags=flags, orders=orders, routes=routes, changes=changes,
            couple=couple, days=self._days[name],
        )  # fmt: skip
        history = tuple(parts.history_rows(case, cut["summary"], cut["others"], self.people, band))
        place = " ".join(
            str(raw[part]) for part in ("address", "postcode") if pd.notna(raw.get(part))
        )
        card = Card(
            position=0,
            of=0,
            incident=self.number(name),
            occurred_at=case["occurred_at"].to_pydatetime(),
            reported_at=case["reported_at"].to_pydatetime(),
            received_on=as_day(raw.get("delivered_on")) or self._settings.as_of,
            crime=plain(case["crime_type"]),
            place=place,
            district=None if pd.isna(case["district"]) else str(case["district"]),
            reported_by=REPORTERS.get(case["reported_by"], ""),
            outcome=plain(case["outcome"]),
            victim=victim,
            perpetrator=perpetrator,
            relationship=parts.related(case["relationship"]),
            roles_doubtful=bool(case["roles_doubtful"]),
            people=tuple(person for _, person in found.values()),
            tags=tuple(
                parts.tags(
                    case, late=bool(case["late"]), orders=orders, routes=routes,
                    matches=matches, children=children,
                )
            ),
            reasons=(),
            stands_here="",
            dash_ticks=ticks,
            dash_unanswered=unanswered,
            dash_risk=None if pd.isna(case["dash_risk"]) else str(case["dash_risk"]),
            changes=(*_threshold_reached(routes), *self._entries(name), *changes),
            history=history,
            timeline=tuple(self._timeline(case, cut["pairs"], found)),
            flags=flags,
            texts=tuple(self._texts(name)),
            agencies=tuple(parts.agency_table(found, self._knows, self._hidden)),
            relations=tuple(parts.relations(found, children, history)),
            children=children,
            orders=orders,
            routes=routes,
            matches=matches,
            missing=(
                *about_incident(
                    victim=victim,
                    perpetrator=perpetrator,
                    place=place,
                    relationship=parts.related(case["relationship"]),
                    roles_doubtful=bool(case["roles_doubtful"]),
                    dash_answers=answers,
                    text=any(pd.notna(raw[text]) for text in TEXTS),
                ),
                *about_people(children, orders, matches),
            ),
        )  # fmt: skip
        return card, met

    def _entries_of(self, name: str) -> list[str]:
        """The incident, and its second entries of tonight."""
        second = self._facts.second_entries
        again = second.loc[second["duplicate_of"] == name, "incident_id"].astype(str)
        return [entry for entry in (name, *again) if entry in self._incidents]

    def _texts(self, name: str) -> Iterator[WholeText]:
        for entry in self._entries_of(name):
            for column, text in TEXTS.items():
                words = self._incidents[entry][column]
                if pd.notna(words) and words:
                    yield WholeText(self.number(entry), text, str(words))

    def _flags(self, case: Mapping[Any, Any], couple: pd.DataFrame) -> list[FlagLine]:
        entries = self._entries_of(str(case["incident_id"]))
        here = self._mentions[self._mentions["incident_id"].isin(entries)]
        texts = {
            (entry, text): str(self._incidents[entry][text]) for entry in entries for text in TEXTS
        }
        known = {
            entry: (self.number(entry), self._incidents[entry]["occurred_at"].date())
            for entry in entries
        }
        raised = self._mentions[self._mentions["state"] == "now"].merge(
            couple[["event", "occurred_at"]], left_on="incident_id", right_on="event"
        )
        return [with_earlier(line, raised) for line in flag_lines(here, texts, known)]

    def _routes(
        self,
        case: Mapping[Any, Any],
        ticks: int | None,
        unanswered: int | None,
        pairs: pd.DataFrame,
        victim: Person | None,
        perpetrator: Person | None,
    ) -> tuple[marac.Route, ...]:
        limits = self._settings.thresholds
        since = case["occurred_at"] - pd.DateOffset(months=limits.months)
        harmed = pairs["kind"].eq("victim_as_victim") | (
            pairs["kind"].eq("couple") & ~pairs["other_way"].astype(bool)
        )
        calls = int((harmed & (pairs["occurred_at"] >= since)).sum()) + (victim is not None)
        heard, name = self._facts.heard, case["incident_id"]
        judged = case["professional_judgement"]
        return marac.routes(
            judgement=None if pd.isna(judged) else str(judged),
            ticks=ticks,
            unanswered=unanswered,
            call_outs=calls,
            heard=heard.loc[name] if name in heard.index else None,
            known=victim is not None and perpetrator is not None,
            thresholds=limits,
        )

    def _timeline(
        self,
        case: Mapping[Any, Any],
        pairs: pd.DataFrame,
        found: Mapping[str, tuple[str, Person]],
    ) -> list[timeline.TimelineEvent]:
        roles = ("victim", "perpetrator", "child")
        entities = [entity for entity, person in found.values() if person.role in roles]
        rows = {
            dataset: frame[frame["entity_id"].isin(entities)]
            for dataset, frame in self._facts.about.items()
        }
        since = case["occurred_at"] - pd.DateOffset(months=self._settings.all_months)
        own = timeline.incidents(case, pairs, self._days[str(case["incident_id"])])
        told = timeline.agencies(rows, self.people.called, since=since, as_of=self._settings.today)
        return sorted([*own, *told], key=lambda event: (event.start, event.lane, event.label))

    def _entries(self, name: str) -> list[Change]:
        """Say that an event was entered more than once tonight."""
        second = self._facts.second_entries
        again = second.loc[second["duplicate_of"] == name, "incident_id"]
        return [
            Change("new", f"Entered twice: incident {self.number(str(other))} is this one.", None)
            for other in again
        ]


def _threshold_reached(routes: Sequence[Route]) -> Iterator[Change]:
    """Tell that last night's incident is the one with which the local threshold is reached."""
    for route in routes:
        if route.name == marac.CALL_OUTS and marac.FIRST_TIME in route.reason:
            yield Change("new", f"New: {route.reason[:1].lower()}{route.reason[1:]}")


def _by(frame: pd.DataFrame, names: pd.Series) -> dict[str, pd.DataFrame]:
    """A table cut up by incident; an empty one for an incident without rows."""
    empty = frame.iloc[:0]
    theirs = frame[frame["incident_id"].isin(names)]
    groups = {str(name): rows for name, rows in theirs.groupby("incident_id")}
    return {str(name): groups.get(str(name), empty) for name in names}
