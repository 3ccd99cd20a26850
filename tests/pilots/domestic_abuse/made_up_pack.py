"""A night of three cards by hand: one that holds everything, one awkward, one almost bare."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from woda_lib.pilots.domestic_abuse.card import Card, EarlierCard, Missing, Pack, Reason, Tag
from woda_lib.pilots.domestic_abuse.card_lines import (
    AgencyLine,
    Change,
    ChildLine,
    EarlierPartner,
    FlagLine,
    HistoryRow,
    Lane,
    MatchLine,
    OrderLine,
    Person,
    Relation,
    Route,
    TimelineEvent,
    WholeText,
    Words,
)

NIGHT = date(2025, 3, 31)
LOG = (
    "2258 Caller states male has been at the door since 10, IP and daughter inside. 2303 IP states "
    "he held her neck on Friday and she could not speak. Daughter on the stairs. 2311 Male denies "
    "drinking but smelled of drink. Brother was convicted for a knife in 2019. IP is not pregnant."
)
HEBREW = "\u05e0\u05d5\u05e2\u05d4 \u05db\u05d4\u05df"
SCRIPT = "<script>alert('here')</script>"
LONG = "He was at the door again & would not go. " * 500


def words(mark: str, why: str = "", *, text: str = LOG, incident: str = "22/412") -> Words:
    """The words `mark` of a text, with what stands around them in their sentence."""
    start = text.index(mark)
    begin = max(text.rfind(". ", 0, start) + 2, start - 40, 0)
    end = text.index(".", start + len(mark)) + 1
    return Words(
        before=text[begin:start],
        mark=mark,
        after=text[start + len(mark) : end],
        text="log",
        incident=incident,
        on=date(2025, 3, 30),
        start=start,
        end=start + len(mark),
        why=why,
    )


def match(person: str, name: str, confidence: float, certainty: str, why: str) -> MatchLine:
    """A line of how sure a match is."""
    unsure = 0.5 <= confidence < 0.9
    return MatchLine(person, name, confidence, certainty, 7, 4, why, 0.5, 0.9, unsure)


def dot(lane: Lane, day: date, label: str, days: float | None = None) -> TimelineEvent:
    """Something of one day."""
    return TimelineEvent(lane, day, day, label, harm_days=days)


def bar(lane: Lane, start: date, end: date | None, label: str) -> TimelineEvent:
    """Something that ran."""
    return TimelineEvent(lane, start, end, label, bar=True)


AMBER = Person(
    "victim", "victim", "Amber Exemplar", "Amber", 34, "F", date(1990, 5, 1),
    "3 Nowhere Row, Nulford WR99 9ZZ", (), "",
    (("west_mercia_police", "N1048112"), ("worcestershire_acute", "A55120")),
)  # fmt: skip
ROWAN = Person(
    "perpetrator", "perpetrator", "Rowan Specimen", "Rowan", 37, "M", date(1987, 6, 14), None,
    ("Ron Specimen",), "former partner",
    (("west_mercia_police", "N2210077"), ("probation_service", "P-771")),
)  # fmt: skip
CLOVER = Person(
    "child_1", "child", "Clover Exemplar", "Clover", 7, "F", date(2017, 7, 1), None, (),
    "child of the household", (("county_council", "C-90311"),),
)  # fmt: skip
BASIL = Person("reporter_1", "reporter", "Basil Template", "Basil", 41, "M")

WHOLE = Card(
    position=1,
    of=3,
    incident="22/412",
    occurred_at=datetime(2025, 3, 30, 22, 40),
    reported_at=datetime(2025, 3, 30, 22, 58),
    received_on=NIGHT,
    crime="strangulation",
    place="3 Nowhere Row, Nulford WR99 9ZZ",
    district="Nulford",
    reported_by="a neighbour",
    outcome="under investigation",
    victim=AMBER,
    perpetrator=ROWAN,
    relationship="former partner",
    roles_doubtful=False,
    people=(AMBER, ROWAN, CLOVER, BASIL),
    tags=(
        Tag("alert", "6 call-outs in 12 months"),
        Tag("alert", "One child there"),
        Tag("change", "Ended 12 March 2025: non-molestation order"),
        Tag("doubt", "One match needs a person’s eye"),
    ),
    reasons=(
        Reason(
            "strangulation",
            "Strangulation, or an attempt on a life",
            "Recorded as strangulation. Strangulation: raised by the log.",
        ),
        Reason("route_met", "A route to the conference is met", "Call-outs, 5 in 12 months."),
        Reason(
            "escalating",
            "More often, or graver, than before",
            "Three incidents of this couple in 90 days, one in the 90 before.",
        ),
    ),
    stands_here="First: strangulation, or an attempt on a life.",
    dash_ticks=11,
    dash_unanswered=2,
    dash_risk="medium",
    changes=(
        Change(
            "corrected",
            "Corrected by police: incident 22/388 of 14 March 2025. The roles were swapped: Amber "
            "is the victim, Rowan the perpetrator.",
            date(2025, 3, 14),
            "22/388",
        ),
        Change(
            "withdrawn",
            "Withdrawn by police: incident 22/390 of 14 March 2025. It no longer counts.",
            date(2025, 3, 14),
            "22/390",
        ),
        Change(
            "order_ended",
            "Ended. The non-molestation order that binds Rowan ran out on 12 March 2025.",
            date(2025, 3, 12),
        ),
        Change("involvement", "Social care, Clover: assessment, 30 March 2025.", NIGHT),
    ),
    history=(
        HistoryRow(
            "couple", "Amber and Rowan", 5, 7, 16, 214.4, 580.0, "strangulation", other_way=1
        ),
        HistoryRow("victim_as_victim", "Amber, victim with others", 0, 1, 486, 0.0, 10.0, None),
        HistoryRow(
            "perpetrator_as_perpetrator",
            "Rowan, perpetrator with others",
            2,
            3,
            177,
            31.0,
            42.0,
            "actual bodily harm",
            doubtful=1,
            others=(
                EarlierPartner(
                    "Hazel Placeholder", "former partner", 3, date(2024, 10, 4), 0.97, "very likely"
                ),
            ),
        ),
    ),
    timeline=(
        dot("couple", date(2023, 7, 2), "common assault, 2 July 2023", 1),
        dot("couple", date(2024, 1, 19), "harassment, 19 January 2024", 10),
        dot("couple", date(2024, 6, 1), "strangulation, 1 June 2024", 365),
        dot("couple", date(2024, 9, 9), "common assault, 9 September 2024", 1),
        dot("couple", date(2024, 12, 26), "criminal damage, 26 December 2024", 2),
        dot("couple", date(2025, 2, 14), "actual bodily harm, 14 February 2025", 10),
        dot("couple", date(2025, 3, 14), "threats to kill, 14 March 2025", 10),
        TimelineEvent(
            "couple", date(2025, 3, 30), date(2025, 3, 30),
            "this incident: strangulation, 30 March 2025", 365, this_one=True,
        ),
        dot("victim_with_others", date(2023, 11, 30), "common assault, 30 November 2023", 1),
        dot("perpetrator_with_others", date(2024, 10, 4), "actual bodily harm, 4 October 2024", 10),
        dot("perpetrator_with_others", date(2024, 5, 3), "common assault, 3 May 2024", 1),
        dot("perpetrator_with_others", date(2023, 6, 3), "common assault, 3 June 2023", 1),
        dot("health", date(2024, 6, 2), "Amber: emergency department, assault, 2 June 2024"),
        dot("health", date(2025, 3, 14), "Amber: emergency department, injury, 14 March 2025"),
        bar(
            "social_care", date(2023, 12, 1), date(2024, 9, 30),
            "Clover: child in need, 1 December 2023 to 30 September 2024",
        ),
        bar("social_care", date(2025, 3, 30), None, "Clover: assessment, since 30 March 2025"),
        bar(
            "orders", date(2024, 5, 14), date(2025, 3, 12),
            "Rowan: non-molestation order, 14 May 2024 to 12 March 2025",
        ),
        bar("orders", date(2022, 1, 9), None, "Rowan: licence, since 9 January 2022"),
        bar(
            "refuge", date(2024, 6, 3), date(2024, 6, 20),
            "Amber: referral, 3 June 2024 to 20 June 2024",
        ),
        dot("conference", date(2023, 5, 3), "Amber: case heard, 3 May 2023"),
    ),
    flags=(
        FlagLine(
            "strangulation", "Strangulation", "raised", (words("held her neck"),), (), 1,
            date(2024, 6, 1),
        ),
        FlagLine("child_harm", "Harm to a child", "raised", (words("Daughter on the stairs"),)),
        FlagLine(
            "alcohol", "Alcohol", "contested", (words("smelled of drink"),),
            (words("denies drinking", "denied, or said not to be so"),),
        ),
        FlagLine(
            "weapons", "Weapons", "not_raised", (),
            (words("knife", "about somebody else"),),
        ),
        FlagLine(
            "pregnancy", "Pregnancy", "not_raised", (),
            (words("not pregnant", "denied, or said not to be so"),),
        ),
    ),
    texts=(WholeText("22/412", "log", LOG),),
    agencies=(
        AgencyLine("victim", "Police", "known", 8, last=date(2025, 3, 30), words="incidents"),
        AgencyLine("victim", "Social care", "not_known"),
        AgencyLine(
            "victim", "Housing", "open", 1, date(2019, 2, 1), date(2019, 2, 1), NIGHT, "tenancy"
        ),
        AgencyLine(
            "victim", "Health", "known", 2, date(2024, 6, 2), None, date(2025, 3, 14),
            "emergency department, injury",
        ),
        AgencyLine("victim", "School", "not_known"),
        AgencyLine("victim", "Probation", "not_known"),
        AgencyLine("victim", "Midwifery", "hidden", hidden_by="purposes.triage.uses"),
        AgencyLine("victim", "Conference", "not_known"),
        AgencyLine("perpetrator", "Police", "known", 11, last=date(2025, 3, 30), words="incidents"),
        AgencyLine(
            "perpetrator", "Probation", "closed", 1, date(2024, 5, 14), None, date(2025, 3, 12),
            "non-molestation order",
        ),
        AgencyLine("perpetrator", "Midwifery", "hidden", hidden_by="purposes.triage.uses"),
        AgencyLine("child_1", "Social care", "open", 2, date(2025, 3, 30), NIGHT, "assessment"),
        AgencyLine("child_1", "School", "open", 1, date(2022, 9, 1), NIGHT, "on roll"),
        AgencyLine("child_1", "Midwifery", "hidden", hidden_by="purposes.triage.uses"),
    ),
    relations=(
        Relation("Rowan", "Amber", "former partner", "police"),
        Relation("Clover Exemplar", "Amber", "child of the household", "police and school roll"),
        Relation(
            "Rowan", "Hazel Placeholder", "former partner, three incidents", "police (very likely)"
        ),
    ),
    children=(
        ChildLine(
            "child_1", "Clover Exemplar", 7, True, "Nulford Primary", "Mrs Juniper Mockup", True,
            "assessment, since 30 March 2025", True, "North 2", "Sorrel Dummy",
            ("police, last night", "school roll, same address"), "almost certain",
        ),
        ChildLine(
            None, "not yet born", None, False,
            known_from=("midwifery booking of Amber, 3 February 2025",), unborn=True,
        ),
    ),
    orders=(
        OrderLine(
            "non-molestation order", "Rowan", "ended_lately", date(2024, 5, 14),
            date(2025, 3, 12), date(2025, 2, 14), "Amber Exemplar", "yes", "very likely",
            "Ended on 12 March 2025; it binds Rowan. Breached on 14 February 2025. It protects "
            "this victim.",
        ),
    ),
    routes=(
        Route(
            "call_outs", "Call-outs, 5 in 12 months", "6", "yes",
            "Six call-outs to this victim in twelve months, last night’s among them; the local "
            "threshold is five.",
        ),
        Route(
            "dash", "DASH, 14 ticks", "11, two unanswered", "no",
            "Eleven of 27 questions were answered yes; the threshold is 14.",
        ),
        Route(
            "repeat", "Repeat within 12 months of a conference", "none heard", "no",
            "No conference heard this victim’s case in twelve months.",
        ),
        Route(
            "professional_judgement", "Professional judgement", "not recorded", "yours",
            "Whoever has serious concerns refers the case; it needs no other route.",
        ),
    ),
    matches=(
        match(
            "victim", "Amber", 0.998, "almost certain",
            "7 records, 4 agencies: the same first name, family name and birth date.",
        ),
        match(
            "perpetrator", "Rowan", 0.94, "very likely",
            "9 records, 3 agencies: the same first name; birth date not the same in all.",
        ),
        match(
            "child_1", "Clover", 0.61, "possible: a person decides",
            "2 records, 2 agencies: the same birth date; family name not the same in all.",
        ),
    ),
    missing=(
        Missing("not_asked", "DASH questions 17 and 23 have no answer."),
        Missing("doubtful", "Some records of Clover may be somebody else’s: a person decides."),
        Missing("old", "School: nothing newer than 14 March 2025."),
        Missing("hidden", "Midwifery is hidden: purposes.triage.uses does not name it."),
        Missing("not_shared", "GP and ambulance: no agreement."),
    ),
)  # fmt: skip

SIOBHAN = Person("victim", "victim", "Siobhán O’Brien-O'Connor", "Siobhán", 52)
NOA = Person("perpetrator", "perpetrator", HEBREW, HEBREW.partition(" ")[0], None)
AWKWARD = replace(
    WHOLE,
    position=2,
    incident=SCRIPT,
    place='Flat "<b>7</b>" & Sons',
    crime="harassment",
    victim=SIOBHAN,
    perpetrator=NOA,
    people=(SIOBHAN, NOA),
    tags=(Tag("doubt", "Roles in doubt"),),
    reasons=(),
    stands_here="After the card above, which meets “strangulation, or an attempt on a life”; this "
    "one does not.",
    roles_doubtful=True,
    changes=(),
    history=(),
    timeline=(WHOLE.timeline[7],),
    flags=(
        FlagLine(
            "stalking", "Stalking", "raised",
            (words("at the door again", text=LONG, incident=SCRIPT),),
        ),
    ),
    texts=(WholeText(SCRIPT, "log", LONG + SCRIPT),),
    agencies=(),
    relations=(),
    children=(),
    orders=(),
    matches=(match("victim", "Siobhán", float("nan"), "not matched", "0 records, 0 agencies."),),
    missing=(
        Missing("not_asked", f"{SCRIPT}<!--woda:opened-->"),
        Missing("not_shared", "GP and ambulance: no agreement."),
    ),
)  # fmt: skip
BARE = Card(
    position=3, of=3, incident="22/414", occurred_at=datetime(2025, 2, 27, 1, 5),
    reported_at=datetime(2025, 3, 30, 9, 0), received_on=NIGHT, crime="common assault", place="",
    district=None, reported_by="", outcome="", victim=None, perpetrator=None, relationship="",
    roles_doubtful=False, people=(), tags=(Tag("change", "Arrived late"),), reasons=(),
    stands_here="Meets the same rules as the card above, which was reported earlier.",
    dash_ticks=None, dash_unanswered=None, dash_risk=None,
    missing=(
        Missing("not_recorded", "Police recorded no victim."),
        Missing("not_shared", "GP and ambulance: no agreement."),
    ),
)  # fmt: skip
PACK = Pack(
    made_for=NIGHT,
    known_to=NIGHT,
    agreement="domestic_abuse",
    purpose="triage",
    partners=("west_mercia_police", "county_council", "refuge_service"),
    synthetic=True,
    cards=(WHOLE, AWKWARD, BARE),
    earlier=(
        EarlierCard(
            "22/388", datetime(2025, 3, 14, 20, 0), "Amber Exemplar", "Rowan Specimen",
            WHOLE.changes[:2],
        ),
    ),
    order=(
        "Strangulation, or an attempt on a life. Prior strangulation went with 7.5 times the odds "
        "of a homicide (95% interval 4.5 to 12.4; Glass et al. 2008).",
        "A route to the conference is met. The case has to be referred.",
        "More often, or graver, than before. A run of incidents is told early.",
        "Then the graver offence, the fewer days since the last incident, the earlier report.",
    ),
    evidence=("Officers’ grades found hardly any of the gravest cases before they happened.",),
)  # fmt: skip
