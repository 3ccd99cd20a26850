"""What partners hold of residents: one row for each time that somebody was known at one address.

Whoever moves is delivered as a new row with the same person number, and the old row again with its
end; so each dataset is an address history as far as its partner kept one.
"""

from __future__ import annotations

from collections.abc import Mapping

from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.datasets.common import (
    NHS_NUMBER,
    home,
    in_order,
    named,
    not_in_the_future,
    person,
    plain,
)

_STATUS = Column("code", "Whether the work goes on", codes=plain("open", "closed"))
_TEAM = Column("text", "The lead worker's team", required=False)
_KINSHIP = Column(
    "code",
    "What this person is to the first named of the household",
    required=False,
    codes=plain("self", "partner", "child", "parent", "other_relative", "not_related"),
)


def _register(
    dataset: str,
    title: str,
    description: str,
    partner: str,
    *,
    row: str,
    number: str,
    who: Mapping[str, Column],
    more: Mapping[str, Column],
) -> Contract:
    """A partner's rows of people at addresses, from one day to another."""
    return Contract(
        dataset=dataset,
        title=title,
        description=description,
        partners=(partner,),
        key=row,
        columns={
            row: Column("text", "The partner's number of the row"),
            number: Column("text", "The partner's number of the person", personal=True),
            **who,
            **home(),
            "started_on": Column("date", "First day on which the row was true"),
            "ended_on": Column("date", "Last day; none while it is still true", required=False),
            **more,
        },
        rules=(
            in_order("started_on", "ended_on", "nothing ends before it began"),
            not_in_the_future("started_on"),
        ),
        handles=(NHS_NUMBER, number) if NHS_NUMBER in who else (number,),
    )


def _without(columns: Mapping[str, Column], *names: str) -> dict[str, Column]:
    return {name: column for name, column in columns.items() if name not in names}


RESIDENTS = (
    _register(
        "patient_registrations",
        "Patient index",
        "One row a person in the hospital's index of patients and an address given there",
        "worcestershire_acute",
        row="registration_id",
        number="index_number",
        who=person(),
        more={"died_on": Column("date", "Day of death, as the hospital knows it", required=False)},
    ),
    _register(
        "community_care",
        "Community services",
        "One row a person with a community health service: health visiting, nursing, mental health",
        "health_and_care_trust",
        row="community_care_id",
        number="community_number",
        who=person(),
        more={
            "service": Column(
                "code",
                "Which service",
                codes=plain(
                    "health_visiting",
                    "school_nursing",
                    "district_nursing",
                    "therapy",
                    "mental_health",
                    "substance_misuse",
                ),
            ),
            "status": _STATUS,
            "team": _TEAM,
            "need": Column("text", "What for, in the trust's words", required=False, personal=True),
        },
    ),
    _register(
        "council_tax_accounts",
        "Council tax",
        "One row a person liable for council tax at one dwelling; birth dates are not held",
        "district_councils",
        row="account_row_id",
        number="liable_person_id",
        who=_without(named(), "date_of_birth", "sex"),
        more={
            "uprn": Column("text", "Unique property reference number", required=False),
            "account_id": Column("text", "The account; those who are liable together share it"),
            "discount": Column(
                "code",
                "The discount or exemption",
                codes=plain("none", "single_person", "student", "carer", "disregarded", "empty"),
            ),
            "arrears": Column("code", "Whether in arrears", codes=plain("no", "yes")),
        },
    ),
    _register(
        "benefit_claims",
        "Housing benefit",
        "One row a member of a household that claims housing benefit or council tax support",
        "district_councils",
        row="claim_row_id",
        number="claim_person_id",
        who=named(),
        more={
            "claim_id": Column("text", "The claim; its household shares it"),
            "kinship": _KINSHIP,
            "service": Column(
                "code", "Which benefit", codes=plain("housing_benefit", "council_tax_support")
            ),
            "status": _STATUS,
        },
    ),
    _register(
        "school_census",
        "School census",
        "One row a pupil at a school and an address",
        "county_council",
        row="census_row_id",
        number="unique_pupil_number",
        who={**named(), "ethnic_group": person()["ethnic_group"]},
        more={
            "school": Column("text", "The school", required=False),
            "parent_forename": Column("text", "A parent", required=False, personal=True),
            "parent_surname": Column("text", "A parent", required=False, personal=True),
            "free_meals": Column("code", "Eligible for free meals", codes=plain("no", "yes")),
            "absence": Column(
                "code",
                "Sessions missed this year: under 10%, 10% to 50%, more",
                codes=plain("below_10", "persistent", "severe"),
            ),
            "excluded": Column("code", "Suspended or excluded", codes=plain("no", "yes")),
        },
    ),
    _register(
        "care_services",
        "Care and support",
        "One row a spell of work by early help, children's or adults' social care",
        "county_council",
        row="care_spell_id",
        number="care_number",
        who=person(),
        more={
            "service": Column(
                "code",
                "Which service",
                codes=plain(
                    "early_help",
                    "child_in_need",
                    "child_protection",
                    "looked_after",
                    "adult_social_care",
                    "adult_safeguarding",
                ),
            ),
            "status": _STATUS,
            "team": _TEAM,
            "lead_worker": Column("text", "The lead worker", required=False, personal=True),
        },
    ),
    _register(
        "travel_passes",
        "Travel passes",
        "One row a holder of a bus pass or blue badge and an address",
        "county_council",
        row="pass_row_id",
        number="pass_number",
        who=named(),
        more={
            "service": Column(
                "code", "Which pass", codes=plain("older_person", "disabled_person", "blue_badge")
            ),
        },
    ),
    _register(
        "tenancy_members",
        "Household members",
        "One row a member of a household in a social tenancy",
        "housing_association",
        row="member_row_id",
        number="member_number",
        who=named(),
        more={
            "letting_id": Column("text", "The tenancy; its household shares it"),
            "uprn": Column("text", "Unique property reference number", required=False),
            "kinship": _KINSHIP,
            "arrears": Column("code", "Whether in arrears", codes=plain("no", "yes")),
            "antisocial": Column("code", "Reported for nuisance", codes=plain("no", "yes")),
        },
    ),
    _register(
        "police_contacts",
        "Contacts with police",
        "One row a person in a crime or incident, as victim or suspect, and the address then given",
        "west_mercia_police",
        row="contact_row_id",
        number="contact_number",
        who=named(),
        more={
            "part": Column("code", "As what", codes=plain("victim", "suspect", "missing")),
            "offence_group": Column(
                "code",
                "Kind of crime or incident",
                codes=plain("violence", "acquisitive", "antisocial", "domestic", "welfare"),
            ),
        },
    ),
    _register(
        "safe_and_well_visits",
        "Safe and well visits",
        "One row a person seen at a visit of the fire service to a home",
        "fire_service",
        row="visit_row_id",
        number="visit_number",
        who=named(),
        more={
            "uprn": Column("text", "Unique property reference number", required=False),
            "alarm": Column("code", "Working smoke alarm", codes=plain("no", "yes")),
            "hazard": Column(
                "code",
                "What makes a fire worse here",
                codes=plain("none", "oxygen", "hoarding", "smoking", "cannot_leave_alone"),
            ),
        },
    ),
    _register(
        "support_clients",
        "Clients of charities",
        "One row a client of an advice, food or family charity, and what for",
        "voluntary_sector",
        row="support_row_id",
        number="client_reference",
        who=named(),
        more={
            "service": Column(
                "code",
                "What for",
                codes=plain("debt", "food", "housing", "employment", "family", "loneliness"),
            ),
            "status": _STATUS,
            "team": _TEAM,
        },
    ),
)
