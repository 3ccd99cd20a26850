"""What agencies around a victim, a perpetrator and their children deliver month by month."""

from __future__ import annotations

from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.datasets.common import (
    COUNCILS,
    NHS_NUMBER,
    home,
    in_order,
    named,
    not_in_the_future,
    person,
    plain,
)

_COUNTY = ("county_council",)
_REFUGE = ("refuge_service",)
_YES_NO = {"yes": ("y", "true"), "no": ("n", "false")}

_INVOLVEMENTS = Contract(
    dataset="social_care_involvements",
    title="Children known to care",
    description="One row a spell of work by children's or adults' social care, again when it ends",
    partners=_COUNTY,
    key="care_involvement_id",
    columns={
        "care_involvement_id": Column("text", "The council's number of the spell"),
        "care_person_id": Column("text", "The council's number of the person", personal=True),
        **person(),
        **home(),
        "service": Column("code", "Which service", codes=plain("children", "adults")),
        "kind": Column(
            "code",
            "What for",
            codes=plain(
                "early_help",
                "assessment",
                "child_in_need",
                "child_protection_plan",
                "looked_after",
                "adult_safeguarding",
                "care_and_support",
            ),
        ),
        "started_on": Column("date", "Day on which it began"),
        "ended_on": Column("date", "Day on which it ended; none yet", required=False),
        "team": Column("text", "The team", required=False),
        "lead_worker": Column("text", "The social worker", required=False, personal=True),
    },
    rules=(
        in_order("started_on", "ended_on", "work does not end before it began"),
        not_in_the_future("started_on"),
        not_in_the_future("ended_on"),
    ),
    handles=(NHS_NUMBER, "care_person_id"),
)

_TENANCIES = Contract(
    dataset="housing_tenancies",
    title="Tenancies",
    description="One row a person in a tenancy, delivered when it begins and when it ends",
    partners=("housing_association",),
    key="tenancy_person_id",
    columns={
        "tenancy_person_id": Column("text", "The landlord's number of the row"),
        "tenancy_id": Column("text", "The landlord's number of the tenancy"),
        "tenant_id": Column("text", "The landlord's number of the person", personal=True),
        **named(),
        **home(),
        "tenancy_role": Column(
            "code", "In which role", codes=plain("tenant", "joint_tenant", "occupant")
        ),
        "started_on": Column("date", "Day on which the person moved in"),
        "ended_on": Column("date", "Day on which the person left; none yet", required=False),
    },
    rules=(
        in_order("started_on", "ended_on", "nobody leaves before moving in"),
        not_in_the_future("started_on"),
    ),
    handles=("tenant_id",),
)

_HEALTH = Contract(
    dataset="health_flags",
    title="Flags of emergency care",
    description="One row an emergency attendance or midwifery booking that the hospital shares",
    partners=("worcestershire_acute",),
    key="flag_id",
    columns={
        "flag_id": Column("text", "The hospital's number of the flag"),
        "attender_id": Column("text", "The department's number of the person", personal=True),
        **person(),
        "postcode": Column("postcode", "Home postcode", required=False, personal=True),
        "kind": Column(
            "code",
            "What it was",
            codes=plain(
                "ed_assault", "ed_injury", "ed_overdose", "ed_mental_health", "midwifery_booking"
            ),
        ),
        "occurred_on": Column("date", "Day of the attendance or booking"),
        "abuse_disclosed": Column(
            "code",
            "Whether the person spoke of abuse; blank where nobody asked",
            required=False,
            codes=_YES_NO,
        ),
    },
    rules=(not_in_the_future("occurred_on"),),
    handles=(NHS_NUMBER, "attender_id"),
)

_ORDERS = Contract(
    dataset="probation_orders",
    title="Supervision orders",
    description="One row an order or licence, delivered when made and when it changes",
    partners=("probation_service",),
    key="order_id",
    columns={
        "order_id": Column("text", "The service's number of the order"),
        "supervisee_id": Column("text", "Whom it binds", personal=True),
        **named(),
        **home(),
        "kind": Column(
            "code",
            "What it is",
            codes=plain(
                "restraining_order",
                "non_molestation_order",
                "protection_order",
                "community_order",
                "suspended_sentence",
                "licence",
            ),
        ),
        "protects_forename": Column(
            "text", "First name of who is protected", required=False, personal=True
        ),
        "protects_surname": Column(
            "text", "Family name of who is protected", required=False, personal=True
        ),
        "starts_on": Column("date", "First day"),
        "ends_on": Column("date", "Last day; blank where it has none", required=False),
        "breached_on": Column("date", "Day of the last breach", required=False),
    },
    rules=(
        in_order("starts_on", "ends_on", "an order does not end before it begins"),
        not_in_the_future("breached_on"),
    ),
    handles=("supervisee_id",),
)

_PUPILS = Contract(
    dataset="school_roll",
    title="Pupils on a roll",
    description="One row a pupil at a school, delivered when joining and when leaving",
    partners=_COUNTY,
    key="enrolment_id",
    columns={
        "enrolment_id": Column("text", "The council's number of the enrolment"),
        "pupil_id": Column("text", "The pupil's number", personal=True),
        **named(),
        **home(),
        "school": Column("text", "School"),
        "safeguarding_lead": Column(
            "text", "Whom to tell at the school", required=False, personal=True
        ),
        "joined_on": Column("date", "First day on roll"),
        "left_on": Column("date", "Last day on roll; none yet", required=False),
    },
    rules=(
        in_order("joined_on", "left_on", "no pupil leaves before joining"),
        not_in_the_future("joined_on"),
    ),
    handles=("pupil_id",),
)

_REFUGE_REFERRALS = Contract(
    dataset="refuge_referrals",
    title="Referrals to a refuge",
    description="One row a referral to refuge or outreach, delivered when made and when it ends",
    partners=_REFUGE,
    key="refuge_referral_id",
    columns={
        "refuge_referral_id": Column("text", "The service's number of the referral"),
        "survivor_id": Column("text", "The service's number of the person", personal=True),
        **named(),
        "referred_on": Column("date", "Day of the referral"),
        "referred_by": Column(
            "code",
            "Who referred",
            required=False,
            codes=plain("self", "police", "social_care", "health", "housing", "other"),
        ),
        "outcome": Column(
            "code",
            "What came of it",
            required=False,
            codes=plain("accommodated", "outreach", "no_space", "declined"),
        ),
        "ended_on": Column("date", "Day on which support ended; none yet", required=False),
    },
    rules=(
        in_order("referred_on", "ended_on", "support does not end before the referral"),
        not_in_the_future("referred_on"),
    ),
    handles=("survivor_id",),
)

_CONTACTS = Contract(
    dataset="victim_contacts",
    title="Contacts with survivors",
    description="One row an attempt of the advocacy service to reach a victim after an incident",
    partners=_REFUGE,
    key="contact_id",
    told_by=("police_involvements", "incident_id"),
    columns={
        "contact_id": Column("text", "The service's number of the attempt"),
        "incident_id": Column(
            "text", "The incident, by the force's number", numbered_by="west_mercia_police"
        ),
        "attempted_at": Column("moment", "When it was tried"),
        "reached": Column("code", "Whether the victim was reached", codes=_YES_NO),
    },
    rules=(not_in_the_future("attempted_at"),),
)

_MARAC = Contract(
    dataset="marac_cases",
    title="MARAC cases",
    description="One row a case heard by the multi-agency risk assessment conference",
    partners=_COUNTY,
    key="marac_case_id",
    columns={
        "marac_case_id": Column("text", "The conference's number of the case"),
        **{f"victim_{name}": column for name, column in {**named(), **home()}.items()},
        **{f"perpetrator_{name}": column for name, column in named().items()},
        "heard_on": Column("date", "Day of the conference"),
        "route": Column(
            "code",
            "Why it was heard",
            required=False,
            codes=plain("professional_judgement", "dash_ticks", "escalation", "repeat"),
        ),
        "actions": Column("whole_number", "Actions agreed", required=False, minimum=0, maximum=60),
    },
    rules=(not_in_the_future("heard_on"),),
    handles=("marac_case_id",),
)

_MEETINGS = Contract(
    dataset="triage_meetings",
    title="Triage meetings",
    description="One row a daily triage meeting",
    partners=COUNCILS,
    key="meeting_id",
    columns={
        "meeting_id": Column("text", "The council's number of the meeting"),
        "held_on": Column("date", "Day of the meeting"),
        "minutes": Column("whole_number", "How long it took, in minutes", minimum=1, maximum=600),
        "cases": Column("whole_number", "Incidents discussed", minimum=0, maximum=200),
        "attendees": Column("whole_number", "People there", minimum=1, maximum=60),
    },
    rules=(not_in_the_future("held_on"),),
)

SUPPORT = (
    _INVOLVEMENTS,
    _TENANCIES,
    _HEALTH,
    _ORDERS,
    _PUPILS,
    _REFUGE_REFERRALS,
    _CONTACTS,
    _MARAC,
    _MEETINGS,
)
