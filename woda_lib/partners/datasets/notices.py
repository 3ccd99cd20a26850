"""What services tell of a home: by the property's number and a day, and of nobody by name.

A pilot that asks about households needs no names. So here a partner sends the number of the
property that it had to do with, when, and what kind of step it took; who lived there then is told
by the single view.
"""

from __future__ import annotations

from collections.abc import Mapping

from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.datasets.common import in_order, not_in_the_future, plain


def _of_a_home(
    dataset: str,
    title: str,
    description: str,
    partner: str,
    *,
    key: str,
    more: Mapping[str, Column],
    lasts: bool = True,
) -> Contract:
    """A partner's rows of properties; one that does not last is of one day."""
    ended = {"ended_on": Column("date", "Last day; none while it goes on", required=False)}
    order = (in_order("started_on", "ended_on", "nothing ends before it began"),)
    return Contract(
        dataset=dataset,
        title=title,
        description=description,
        partners=(partner,),
        key=key,
        columns={
            key: Column("text", "The partner's number of the row"),
            "uprn": Column("text", "Unique property reference number of the home"),
            "started_on": Column("date", "The day of it, or its first day"),
            **(ended if lasts else {}),
            **more,
        },
        rules=((*order,) if lasts else ()) + (not_in_the_future("started_on"),),
    )


STATUTORY = {
    "child_enquiries": "children's social care",
    "homelessness_duties": "housing",
    "mental_health_detentions": "mental health",
    "youth_justice_orders": "youth justice",
    "attendance_enforcement": "school attendance",
}
"""Datasets of steps that a service took because the law obliged or empowered it to; the service."""

NOTICES = (
    _of_a_home(
        "child_enquiries",
        "Child protection enquiries",
        "One row an enquiry under section 47 of the Children Act 1989 about a child of the home",
        "county_council",
        key="enquiry_id",
        more={
            "result": Column(
                "code",
                "How it ended",
                required=False,
                codes=plain("no_further_action", "support", "conference"),
            )
        },
    ),
    _of_a_home(
        "homelessness_duties",
        "Homelessness duties",
        "One row a duty owed to a household under part 7 of the Housing Act 1996, from its last "
        "settled home",
        "district_councils",
        key="duty_id",
        more={"duty": Column("code", "Which duty", codes=plain("prevention", "relief", "main"))},
    ),
    _of_a_home(
        "mental_health_detentions",
        "Mental health detentions",
        "One row a detention of somebody of the home under the Mental Health Act 1983",
        "health_and_care_trust",
        key="detention_id",
        more={"section": Column("code", "Section", codes=plain("s2", "s3", "s136"))},
    ),
    _of_a_home(
        "youth_justice_orders",
        "Youth justice orders",
        "One row an order of a court about a young person of the home",
        "county_council",
        key="order_id",
        more={
            "order": Column(
                "code", "Which order", codes=plain("referral", "rehabilitation", "custody")
            )
        },
    ),
    _of_a_home(
        "attendance_enforcement",
        "Attendance enforcement",
        "One row a legal step taken because a child of the home missed school",
        "county_council",
        key="enforcement_id",
        more={
            "step": Column(
                "code",
                "Which step",
                codes=plain("penalty_notice", "attendance_order", "prosecution"),
            )
        },
        lasts=False,
    ),
    _of_a_home(
        "attendance_terms",
        "Attendance by term",
        "One row a pupil of the home and a term that is over: how school went",
        "county_council",
        key="term_row_id",
        more={
            "absence": Column(
                "code",
                "Sessions missed in the term: under 10%, 10% to 50%, more",
                codes=plain("below_10", "persistent", "severe"),
            ),
            "suspended_days": Column(
                "whole_number", "Days of suspension in the term", minimum=0, maximum=90
            ),
        },
    ),
    _of_a_home(
        "arrears_notices",
        "Arrears notices",
        "One row a notice about council tax owed for the home",
        "district_councils",
        key="arrears_notice_id",
        more={
            "notice": Column(
                "code", "Which notice", codes=plain("reminder", "summons", "liability_order")
            )
        },
        lasts=False,
    ),
    _of_a_home(
        "possession_notices",
        "Possession notices",
        "One row a step of the landlord towards taking the home back",
        "housing_association",
        key="possession_notice_id",
        more={"notice": Column("code", "Which step", codes=plain("notice", "court_claim"))},
        lasts=False,
    ),
)
