"""Parts of a card read off the tables of a night: people, children, orders, agencies, relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from woda_lib.phrases import say_count
from woda_lib.pilots.domestic_abuse.agencies import AGENCIES
from woda_lib.pilots.domestic_abuse.card import Tag
from woda_lib.pilots.domestic_abuse.card_lines import (
    AgencyLine,
    ChildLine,
    EarlierPartner,
    HistoryKind,
    HistoryRow,
    MatchLine,
    OrderLine,
    Person,
    Relation,
    Role,
    Route,
)
from woda_lib.pilots.domestic_abuse.history import KINDS
from woda_lib.pilots.domestic_abuse.marac import CALL_OUTS
from woda_lib.pilots.domestic_abuse.people_lines import Band, People
from woda_lib.pilots.domestic_abuse.words import (
    CARE,
    ORDERS,
    RELATIONSHIPS,
    as_day,
    plain,
    say_day,
    say_list,
    say_span,
)

Case = Mapping[Any, Any]
_WHO = {
    "couple": "{victim} and {perpetrator}",
    "victim_as_victim": "{victim}, victim with others",
    "victim_as_perpetrator": "{victim}, perpetrator with others",
    "perpetrator_as_perpetrator": "{perpetrator}, perpetrator with others",
    "perpetrator_as_victim": "{perpetrator}, victim with others",
}
_ALWAYS = {"couple", "victim_as_victim", "perpetrator_as_perpetrator"}


def people_of(
    case: Case, there: pd.DataFrame, children: pd.DataFrame, people: People
) -> dict[str, tuple[str, Person]]:
    """Return the people of a card by their keys: their entity, and what is said of them.

    Parameters
    ----------
    case
        Its row of `cases`.
    there
        Its rows of `incident_people`.
    children
        Its rows of `household.children`.
    people
        Looks them up.
    """
    found: dict[str, tuple[str, Person]] = {}
    on = case["occurred_at"]

    def add(key: str, role: Role, entity: Any, relationship: str = "") -> None:
        if pd.notna(entity) and all(entity != known for known, _ in found.values()):
            person = people.person(key, role, str(entity), on=on, relationship=relationship)
            found[key] = (str(entity), person)

    add("victim", "victim", case["victim"])
    add("perpetrator", "perpetrator", case["perpetrator"], related(case["relationship"]))
    for place, entity in enumerate(children["child"], start=1):
        add(f"child_{place}", "child", entity, "child of the household")
    roles: tuple[Role, ...] = ("victim", "perpetrator", "child", "reporter", "witness")
    for role in roles:
        rows = there[there["role"] == role].drop_duplicates("entity_id")
        for place, row in enumerate(rows.to_dict("records"), start=1):
            key = f"{role}_also_{place}" if role in ("victim", "perpetrator") else f"{role}_{place}"
            while key in found:
                key = f"{key}_"
            add(key, role, row["entity_id"], related(row["relationship"]))
    return found


def related(code: Any) -> str:
    """Return what somebody is to the victim, in words; empty where it is not recorded."""
    return "" if pd.isna(code) else RELATIONSHIPS.get(str(code), plain(code))


def history_rows(
    case: Case, summary: pd.DataFrame, others: pd.DataFrame, people: People, band: Band
) -> Iterator[HistoryRow]:
    """Yield the lines of a card's history, those of the main roles also where they are empty."""
    counted = summary.set_index("kind").to_dict("index")
    names = {
        role: people.called(str(case[role])) if pd.notna(case[role]) else None
        for role in ("victim", "perpetrator")
    }
    for kind in KINDS:
        needs = ["victim", "perpetrator"] if kind == "couple" else [kind.partition("_")[0]]
        if any(names[role] is None for role in needs) or (
            kind not in counted and kind not in _ALWAYS
        ):
            continue
        yield _history_row(
            kind,  # type: ignore[arg-type]
            _WHO[kind].format(**names),
            counted.get(kind),
            tuple(_partners(others[others["kind"] == kind], people, band)),
        )


def child_lines(
    found: Mapping[str, tuple[str, Person]],
    children: pd.DataFrame,
    unborn: pd.DataFrame,
    people: People,
    band: Band,
) -> Iterator[ChildLine]:
    """Yield the children of a card's household, and pregnancies."""
    keys = {entity: (key, person) for key, (entity, person) in found.items()}
    for row in children.to_dict("records"):
        if row["child"] not in keys:
            continue
        key, person = keys[row["child"]]
        yield ChildLine(
            person=key,
            name=person.name or person.called,
            age=person.age,
            present=bool(row["present"]),
            school=_text(row["school"]),
            safeguarding_lead=_text(row["safeguarding_lead"]),
            on_roll=bool(row["on_roll"] is True or row["on_roll"] == 1),
            care=_care(row),
            care_open=pd.notna(row["care_kind"]) and pd.isna(row["care_to"]),
            team=_text(row["team"]),
            social_worker=_text(row["lead_worker"]),
            known_from=row["known_from"],
            certainty=band.says(row["confidence"]),
        )
    for row in unborn.to_dict("records"):
        name = people.called(str(row["person"]))
        booked = f"midwifery booking of {name}, {say_day(row['booked_on'])}"
        yield ChildLine(None, "not yet born", None, False, known_from=(booked,), unborn=True)


def order_table(rows: pd.DataFrame, people: People, band: Band) -> Iterator[OrderLine]:
    """Yield the orders of a card, with a sentence each."""
    for row in rows.to_dict("records"):
        binds = people.called(str(row["person"]))
        kind = ORDERS.get(row["kind"], plain(row["kind"]))
        starts, ends, breached = (
            as_day(row[name]) for name in ("starts_on", "ends_on", "breached_on")
        )
        if starts is None:
            continue
        states = {
            "in_force": f"In force since {say_day(starts)}"
            + (f", to {say_day(ends)}" if ends else ""),
            "ended_lately": f"Ended on {say_day(ends)}" if ends else "Ended",
            "not_begun": f"Begins on {say_day(starts)}",
        }
        whom = {
            "yes": "It protects this victim.",
            "unsure": "Whether it protects this victim is not sure.",
            "no": "",
        }
        broken = f" Breached on {say_day(breached)}." if breached else ""
        words = f"{states[row['state']]}; it binds {binds}.{broken} {whom[row['protects_victim']]}"
        yield OrderLine(
            kind=kind,
            binds=binds,
            state=row["state"],
            starts_on=starts,
            ends_on=ends,
            breached_on=breached,
            protects=_text(row["protects"]),
            protects_victim=row["protects_victim"],
            certainty=band.says(row["confidence"]),
            words=words.strip(),
        )


def agency_table(
    found: Mapping[str, tuple[str, Person]],
    knows: Mapping[tuple[str, str], Case],
    hidden: Mapping[str, str],
) -> Iterator[AgencyLine]:
    """Yield for each person of a card and each agency what it knows.

    Parameters
    ----------
    knows
        Rows of `agencies.knows` by entity and agency.
    hidden
        To each agency that this purpose is not shown the clause that says so.
    """
    for key, (entity, _) in found.items():
        for agency in AGENCIES:
            if agency in hidden:
                yield AgencyLine(key, agency, "hidden", hidden_by=hidden[agency])
            elif row := knows.get((entity, agency)):
                yield AgencyLine(
                    person=key,
                    agency=agency,
                    state=row["state"],
                    contacts=int(row["contacts"]),
                    first=as_day(row["first"]),
                    since=as_day(row["since"]),
                    last=as_day(row["last"]),
                    words=str(row["words"]),
                )
            else:
                yield AgencyLine(key, agency, "not_known")


def relations(
    found: Mapping[str, tuple[str, Person]],
    children: Sequence[ChildLine],
    history: Sequence[HistoryRow],
) -> Iterator[Relation]:
    """Yield how the people of a card are related, and who says so."""
    victim = found["victim"][1].called if "victim" in found else "the victim"
    for _, person in found.values():
        if person.relationship and person.role != "child":
            yield Relation(person.called, victim, person.relationship, "police")
    for child in children:
        if not child.unborn:
            yield Relation(child.name, victim, "child of the household", say_list(child.known_from))
    for row in history:
        side = row.kind.partition("_")[0]
        for other in row.others:
            if side in found:
                times = f"{say_count(other.incidents)} incident{'s' * (other.incidents > 1)}"
                relation = f"{other.relationship or 'no relation recorded'}, {times}"
                source = f"police ({other.certainty})"
                yield Relation(found[side][1].called, other.name, relation, source)


def tags(
    case: Case,
    *,
    late: bool,
    orders: Sequence[OrderLine],
    routes: Sequence[Route],
    matches: Sequence[MatchLine],
    children: Sequence[ChildLine],
) -> Iterator[Tag]:
    """Yield the few words at the top of a card."""
    for route in routes:
        if route.met == "yes":
            said = (
                f"{route.here} call-outs in 12 months" if route.name == CALL_OUTS else route.title
            )
            yield Tag("alert", said)
    for order in orders:
        if order.breached_on:
            yield Tag("alert", f"Breached {say_day(order.breached_on)}: {order.kind}")
        elif order.state == "in_force" and order.protects_victim != "no":
            yield Tag("alert", f"In force: {order.kind}")
        elif order.state == "ended_lately" and order.ends_on:
            yield Tag("change", f"Ended {say_day(order.ends_on)}: {order.kind}")
    present = sum(child.present for child in children)
    if present:
        yield Tag("alert", f"{say_count(present).capitalize()} child{'ren' * (present > 1)} there")
    if late:
        yield Tag("change", "Arrived late")
    if pd.notna(case["duplicate_of"]):
        yield Tag("change", "Entered before")
    if case["roles_doubtful"]:
        yield Tag("doubt", "Roles in doubt")
    if unsure := sum(match.needs_a_person for match in matches):
        need = "needs" if unsure == 1 else "need"
        yield Tag(
            "doubt",
            f"{say_count(unsure).capitalize()} match{'es' * (unsure > 1)} {need} a person’s eye",
        )


def _history_row(
    kind: HistoryKind, who: str, row: Mapping[Any, Any] | None, others: tuple[EarlierPartner, ...]
) -> HistoryRow:
    if row is None:
        return HistoryRow(kind, who, 0, 0, None, 0.0, 0.0, None)
    return HistoryRow(
        kind=kind,
        who=who,
        incidents_12=int(row["recent"]),
        incidents_24=int(row["all"]),
        days_since_last=int(row["days_since_last"]),
        harm_days_12=float(row["recent_days"]),
        harm_days_24=float(row["all_days"]),
        gravest=plain(row["gravest"]),
        doubtful=int(row["doubtful"]),
        other_way=int(row["other_way"]),
        others=others,
    )


def _partners(others: pd.DataFrame, people: People, band: Band) -> Iterator[EarlierPartner]:
    for row in others.to_dict("records"):
        yield EarlierPartner(
            name=people.whole_name(str(row["other"])) or "not named",
            relationship=related(row["relationship"]),
            incidents=int(row["incidents"]),
            last_on=row["last_at"].date(),
            confidence=float(row["confidence"]),
            certainty=band.says(row["confidence"]),
        )


def _care(row: Case) -> str:
    start = as_day(row["care_from"])
    if start is None:
        return ""
    kind = CARE.get(row["care_kind"], plain(row["care_kind"]))
    return f"{kind}, {say_span(start, as_day(row['care_to']))}"


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
