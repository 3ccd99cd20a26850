"""What police deliver day by day: domestic-abuse incidents, who was in them, and the people."""

from __future__ import annotations

from woda_lib.partners.contracts import Column, Contract, RowRule
from woda_lib.partners.datasets.common import (
    ETHNIC_GROUP,
    POLICE,
    area,
    home,
    in_order,
    named,
    not_in_the_future,
    plain,
)

RECORD_STATUS = Column(
    "code",
    "Whether the record stands; one that police withdraw is delivered again as withdrawn",
    codes=plain("current", "withdrawn"),
)
CRIME_TYPES = (
    "attempted_murder",
    "grievous_bodily_harm_with_intent",
    "grievous_bodily_harm",
    "rape",
    "sexual_assault",
    "strangulation",
    "actual_bodily_harm",
    "common_assault",
    "threats_to_kill",
    "false_imprisonment",
    "coercive_control",
    "stalking",
    "harassment",
    "malicious_communications",
    "criminal_damage",
    "burglary",
    "theft",
    "breach_of_order",
    "no_crime",
)
"""Offences as the hub counts them; ``no_crime`` is an incident in which none was recorded."""

DASH_QUESTIONS = 27
"""Questions of the DASH risk checklist (SafeLives; police forces ask the same)."""

_INCIDENTS = Contract(
    dataset="police_incidents",
    title="Police incidents",
    description=(
        "One row a domestic-abuse incident, delivered on the day on which it was recorded, and "
        "again when it is corrected or withdrawn"
    ),
    partners=POLICE,
    key="incident_id",
    every="day",
    told_by=("police_involvements", "incident_id"),
    columns={
        "incident_id": Column("text", "The force's number of the incident"),
        "record_status": RECORD_STATUS,
        "occurred_at": Column("moment", "When it happened, or began"),
        "reported_at": Column("moment", "When police heard of it"),
        "reported_by": Column(
            "code",
            "Who told police",
            required=False,
            codes=plain("victim", "child", "family", "neighbour", "professional", "officer"),
        ),
        "crime_type": Column("code", "The gravest offence recorded", codes=plain(*CRIME_TYPES)),
        "address": Column("text", "Where it happened, on one line", required=False, personal=True),
        "postcode": Column("postcode", "Postcode of that", required=False, personal=True),
        **area(),
        "children_present": Column(
            "whole_number",
            "Children who saw or heard it, as the officer counted",
            required=False,
            minimum=0,
            maximum=20,
        ),
        "dash_answers": Column(
            "text",
            f"Answers to the {DASH_QUESTIONS} questions of DASH in order: Y, N or ? (not "
            "answered); blank where it was not asked",
            required=False,
        ),
        "dash_risk": Column(
            "code",
            "The officer's grade",
            required=False,
            codes=plain("standard", "medium", "high"),
        ),
        "professional_judgement": Column(
            "code",
            "Whether the officer asks for a case conference whatever the ticks say",
            required=False,
            codes={"yes": ("y", "true"), "no": ("n", "false")},
        ),
        "outcome": Column(
            "code",
            "What police did, as far as it had come",
            required=False,
            codes=plain(
                "charged",
                "cautioned",
                "under_investigation",
                "victim_does_not_support",
                "no_further_action",
            ),
        ),
        "log_text": Column(
            "free_text", "The call handler's and officer's log", required=False, personal=True
        ),
        "referral_text": Column(
            "free_text",
            "What the Harm Assessment Unit writes to other agencies",
            required=False,
            personal=True,
        ),
    },
    rules=(
        in_order("occurred_at", "reported_at", "nothing is reported before it happened"),
        not_in_the_future("reported_at"),
        RowRule(
            "dash_answers_not_27",
            "dash_answers",
            f"DASH has {DASH_QUESTIONS} answers, each Y, N or ?",
            lambda rows: (
                rows["dash_answers"].isna()
                | rows["dash_answers"].str.fullmatch(f"[YN?]{{{DASH_QUESTIONS}}}").fillna(False)
            ),
        ),
    ),
)

_INVOLVEMENTS = Contract(
    dataset="police_involvements",
    title="People in an incident",
    description="One row a person in an incident, delivered with it and again when corrected",
    partners=POLICE,
    key="involvement_id",
    every="day",
    columns={
        "involvement_id": Column("text", "The force's number of the row"),
        "record_status": RECORD_STATUS,
        "incident_id": Column("text", "The incident"),
        "nominal_id": Column("text", "The force's number of the person", personal=True),
        "role": Column(
            "code",
            "In which role; a reporter took no part",
            codes={
                "victim": ("aggrieved",),
                "perpetrator": ("suspect", "offender"),
                "child": (),
                "witness": (),
                "reporter": ("informant",),
            },
        ),
        "relationship": Column(
            "code",
            "What the person is to the victim (a victim: to the perpetrator)",
            required=False,
            codes=plain(
                "partner", "former_partner", "parent", "child", "sibling", "other_family", "none"
            ),
        ),
        "recorded_on": Column("date", "Day on which the row was written"),
    },
    rules=(not_in_the_future("recorded_on"),),
    handles=("nominal_id",),
)

_PERSONS = Contract(
    dataset="police_persons",
    title="Persons known to police",
    description="One row a person known to police, delivered when new or changed",
    partners=POLICE,
    key="nominal_id",
    every="day",
    columns={
        "nominal_id": Column("text", "The force's number of the person", personal=True),
        **named(),
        "known_as": Column("text", "An alias or shortened name", required=False, personal=True),
        "ethnic_group": ETHNIC_GROUP,
        **home(),
        "recorded_on": Column("date", "Day on which the record was written"),
    },
    rules=(
        not_in_the_future("recorded_on"),
        in_order("date_of_birth", "recorded_on", "nobody is recorded before being born"),
    ),
    handles=("nominal_id",),
)

_MISSING = Contract(
    dataset="missing_episodes",
    title="Missing children",
    description="One row a time somebody was reported missing, again when found or corrected",
    partners=POLICE,
    key="missing_id",
    every="day",
    columns={
        "missing_id": Column("text", "The force's number of the episode"),
        "record_status": RECORD_STATUS,
        "nominal_id": Column("text", "Who was missing", personal=True),
        "reported_at": Column("moment", "When police heard of it"),
        "found_at": Column("moment", "When the person was found or came back", required=False),
        "missing_from": Column(
            "code",
            "Where from",
            required=False,
            codes=plain("home", "residential_care", "foster_care", "school", "hospital", "other"),
        ),
        "risk": Column(
            "code",
            "Grade of risk (College of Policing)",
            required=False,
            codes=plain("no_apparent_risk", "low", "medium", "high"),
        ),
        **area(),
    },
    rules=(
        in_order("reported_at", "found_at", "nobody is found before being missed"),
        not_in_the_future("reported_at"),
        not_in_the_future("found_at"),
    ),
    handles=("nominal_id",),
)

INCIDENTS = (_INCIDENTS, _INVOLVEMENTS, _PERSONS, _MISSING)
