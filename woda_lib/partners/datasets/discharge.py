"""What hospitals and councils deliver on the way from a hospital bed home."""

from __future__ import annotations

import pandas as pd

from woda_lib.partners.contracts import Column, Contract, RowRule
from woda_lib.partners.datasets.common import (
    COUNCILS,
    NHS_NUMBER,
    TRUSTS,
    not_after,
    not_in_the_future,
    person,
    plain,
)

LAST_NOTICE_DAY = pd.Timestamp("2022-06-30")
"""The last day of notices under the Care and Support (Discharge of Hospital Patients) Regulations
2014, before section 91 of the Health and Care Act 2022 ended them."""

_SPELLS = Contract(
    dataset="hospital_spells",
    title="Hospital stays",
    description="One row a stay in hospital, delivered when it begins and again when it ends",
    partners=TRUSTS,
    key="spell_id",
    columns={
        "spell_id": Column("text", "The hospital's number of the stay"),
        "patient_id": Column("text", "The hospital's number of the patient", personal=True),
        **person(),
        "postcode": Column("postcode", "Home postcode", required=False, personal=True),
        "age_band": Column(
            "code",
            "Age on admission, in bands",
            required=False,
            codes=plain("under 18", "18 to 64", "65 to 74", "75 to 84", "85 and over"),
        ),
        "district": Column("text", "District of residence", required=False),
        "deprivation_quintile": Column(
            "whole_number",
            "Fifth of the index of multiple deprivation of where the patient lives; 1 is the most "
            "deprived",
            required=False,
            minimum=1,
            maximum=5,
        ),
        "admission_date": Column("date", "Day of admission"),
        "admission_method": Column(
            "code",
            "How the stay began",
            codes={"elective": ("11", "12", "13"), "emergency": ("21", "22"), "transfer": ("81",)},
        ),
        "ward": Column("text", "Ward of the patient", required=False),
        "site": Column("text", "Hospital site", required=False),
        "discharge_date": Column("date", "Day of discharge or death; none yet", required=False),
        "discharge_method": Column(
            "code",
            "How the stay ended",
            required=False,
            codes={"alive": ("1", "2", "3"), "died": ("4",)},
        ),
        "discharge_destination": Column(
            "code",
            "Where the patient went",
            required=False,
            codes=plain("home", "home_with_care", "care_home", "community_bed", "other"),
        ),
    },
    rules=(
        RowRule(
            "discharge_before_admission",
            "discharge_date",
            "a stay does not end before it begins",
            not_after("admission_date", "discharge_date"),
        ),
        RowRule(
            "method_without_discharge",
            "discharge_method",
            "a stay has a discharge method only once it has a discharge date",
            lambda rows: rows["discharge_method"].isna() | rows["discharge_date"].notna(),
        ),
        RowRule(
            "birth_after_admission",
            "date_of_birth",
            "nobody is admitted before being born",
            not_after("date_of_birth", "admission_date"),
        ),
        not_in_the_future("admission_date"),
        not_in_the_future("discharge_date"),
    ),
    handles=(NHS_NUMBER, "patient_id", "spell_id"),
)

_NOTICES = ("assessment_notice", "discharge_notice", "withdrawal_notice")
_PATHWAY_EVENTS = ("pathway_decision", "discharge_ready", "not_ready")

_EVENTS = Contract(
    dataset="discharge_events",
    title="Steps of a discharge",
    description="One row an event on the way out of hospital",
    partners=TRUSTS,
    key="event_id",
    columns={
        "event_id": Column("text", "The hospital's number of the event"),
        "spell_id": Column("text", "The stay that it belongs to"),
        "event_type": Column(
            "code",
            "Notices until 30 June 2022, discharge to assess from 1 July 2022, reviews throughout",
            codes=plain(*_NOTICES, *_PATHWAY_EVENTS, "delay_review"),
        ),
        "event_date": Column("date", "Day of the event"),
        "pathway": Column(
            "whole_number",
            "Discharge-to-assess pathway, on a pathway decision",
            required=False,
            minimum=0,
            maximum=3,
        ),
        "delay_reason": Column(
            "code",
            "Why the person is still in hospital, on a delay review",
            required=False,
            codes=plain(
                "awaiting_care_package",
                "awaiting_care_home",
                "awaiting_assessment",
                "awaiting_equipment",
                "family_choice",
                "awaiting_transport",
                "housing",
            ),
        ),
    },
    rules=(
        RowRule(
            "notice_after_its_law_ended",
            "event_type",
            "assessment, discharge and withdrawal notices are dated until 30 June 2022",
            lambda rows: (
                ~(rows["event_type"].isin(_NOTICES) & (rows["event_date"] > LAST_NOTICE_DAY))
            ),
        ),
        RowRule(
            "pathway_before_its_law_began",
            "event_type",
            "discharge-to-assess events are dated from 1 July 2022",
            lambda rows: (
                ~(
                    rows["event_type"].isin(_PATHWAY_EVENTS)
                    & (rows["event_date"] <= LAST_NOTICE_DAY)
                )
            ),
        ),
        RowRule(
            "decision_without_pathway",
            "pathway",
            "a pathway decision names its pathway",
            lambda rows: rows["event_type"].ne("pathway_decision") | rows["pathway"].notna(),
        ),
        not_in_the_future("event_date"),
    ),
    handles=("spell_id",),
)

_CLIENTS = Contract(
    dataset="social_care_clients",
    title="Adult care clients",
    description="One row a social care client, delivered when new or changed",
    partners=COUNCILS,
    key="client_id",
    columns={
        "client_id": Column("text", "The council's number of the client", personal=True),
        **person(),
        "address": Column("text", "Home address on one line", required=False, personal=True),
        "postcode": Column("postcode", "Home postcode", required=False, personal=True),
        "recorded_on": Column("date", "Day on which the record was written"),
    },
    rules=(
        not_in_the_future("recorded_on"),
        RowRule(
            "birth_after_recording",
            "date_of_birth",
            "nobody is recorded before being born",
            not_after("date_of_birth", "recorded_on"),
        ),
    ),
    handles=(NHS_NUMBER, "client_id"),
)

_REFERRALS = Contract(
    dataset="social_care_referrals",
    title="Referrals for care",
    description="One row a referral to adult social care, delivered when received and when closed",
    partners=COUNCILS,
    key="referral_id",
    columns={
        "referral_id": Column("text", "The council's number of the referral"),
        "client_id": Column("text", "The client", personal=True),
        "received_on": Column("date", "Day on which the council received it"),
        "source": Column("code", "Who referred", codes={"hospital": (), "community": ()}),
        "site": Column("text", "The hospital site that referred", required=False),
        "team": Column("text", "The responsible team", required=False),
        "service": Column(
            "code",
            "What was asked for",
            required=False,
            codes=plain("home_care", "reablement", "care_home", "equipment", "assessment_only"),
        ),
        "status": Column(
            "code",
            "Where the referral stands",
            codes=plain("open", "closed", "withdrawn"),
        ),
        "closed_on": Column("date", "Day on which it was closed; none yet", required=False),
    },
    rules=(
        RowRule(
            "closed_before_received",
            "closed_on",
            "a referral is not closed before it was received",
            not_after("received_on", "closed_on"),
        ),
        not_in_the_future("received_on"),
        not_in_the_future("closed_on"),
    ),
    handles=("client_id",),
)

DISCHARGE = (_SPELLS, _EVENTS, _CLIENTS, _REFERRALS)
