"""What the safeguarding hub and the Family Front Door deliver month by month."""

from __future__ import annotations

from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.datasets.common import (
    NHS_NUMBER,
    home,
    in_order,
    not_in_the_future,
    person,
    plain,
)

_COUNTY = ("county_council",)

_CONTACTS = Contract(
    dataset="front_door_contacts",
    title="Front door contacts",
    description="One row a contact with the Family Front Door about a child",
    partners=_COUNTY,
    key="front_door_contact_id",
    columns={
        "front_door_contact_id": Column("text", "The council's number of the contact"),
        "care_person_id": Column("text", "The council's number of the child", personal=True),
        **person(),
        **home(),
        "received_on": Column("date", "Day on which it came"),
        "contact_source": Column(
            "code",
            "Who made it",
            codes=plain("police", "school", "health", "housing", "family", "other"),
        ),
        "reason": Column(
            "code",
            "What it was about",
            codes=plain(
                "domestic_abuse", "neglect", "physical_abuse", "missing", "exploitation", "other"
            ),
        ),
        "decision": Column(
            "code",
            "What the front door decided",
            required=False,
            codes=plain(
                "no_further_action", "advice", "early_help", "assessment", "strategy_discussion"
            ),
        ),
        "decided_on": Column("date", "Day of the decision", required=False),
    },
    rules=(
        in_order("received_on", "decided_on", "no decision comes before the contact"),
        not_in_the_future("received_on"),
    ),
    handles=(NHS_NUMBER, "care_person_id"),
)

_EXPLOITATION = Contract(
    dataset="exploitation_referrals",
    title="Exploitation referrals",
    description="One row a referral of a child at risk of exploitation",
    partners=_COUNTY,
    key="exploitation_referral_id",
    columns={
        "exploitation_referral_id": Column("text", "The council's number of the referral"),
        "care_person_id": Column("text", "The council's number of the child", personal=True),
        **person(),
        **home(),
        "referred_on": Column("date", "Day of the referral"),
        "kind": Column("code", "Of which kind", codes=plain("sexual", "criminal", "county_lines")),
        "level": Column(
            "code",
            "Grade of risk",
            required=False,
            codes=plain("emerging", "moderate", "significant"),
        ),
    },
    rules=(not_in_the_future("referred_on"),),
    handles=(NHS_NUMBER, "care_person_id"),
)

_INTERVIEWS = Contract(
    dataset="return_interviews",
    title="Return interviews",
    description="One row an independent return interview, due 72 hours after a child comes back",
    partners=_COUNTY,
    key="interview_id",
    told_by=("missing_episodes", "missing_id"),
    columns={
        "interview_id": Column("text", "The council's number of the interview"),
        "missing_id": Column(
            "text", "The episode, by the force's number", numbered_by="west_mercia_police"
        ),
        "offered_at": Column("moment", "When it was offered"),
        "held_at": Column("moment", "When it was held; none yet, or declined", required=False),
        "accepted": Column(
            "code",
            "Whether the child took it up",
            required=False,
            codes={"yes": ("y", "true"), "no": ("n", "false")},
        ),
    },
    rules=(
        in_order("offered_at", "held_at", "no interview is held before it is offered"),
        not_in_the_future("offered_at"),
        not_in_the_future("held_at"),
    ),
)

SAFEGUARDING = (_CONTACTS, _EXPLOITATION, _INTERVIEWS)
