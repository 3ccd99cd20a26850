"""The datasets that partners deliver, each with its contract."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from woda_lib.partners.contracts import Column, Contract, RowRule

TRUSTS = ("worcestershire_acute", "severnside_acute")
COUNCILS = ("county_council", "severnside_council")
NHS_NUMBER = "nhs_number"
OPT_OUTS = "opt_outs"
"""The dataset of people's choices; no agreement shares it, and every load honours it."""

LAST_NOTICE_DAY = pd.Timestamp("2022-06-30")
"""The last day of notices under the Care and Support (Discharge of Hospital Patients) Regulations
2014, before section 91 of the Health and Care Act 2022 ended them."""


def _plain(*codes: str) -> dict[str, tuple[str, ...]]:
    """Codes that partners write as they are."""
    return dict.fromkeys(codes, ())


_SEX = Column(
    "code",
    "Sex as recorded",
    codes={
        "M": ("1", "male"),
        "F": ("2", "female"),
        "U": ("0", "9", "x", "unknown", "not known", "not specified"),
    },
)
_ETHNIC_GROUP = Column(
    "code",
    "Ethnic group, NHS data dictionary letter; Z is not stated",
    required=False,
    codes=dict.fromkeys("ABCDEFGHJKLMNPRSZ", ()) | {"Z": ("99",)},
)


def _not_after(earlier: str, later: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda rows: ~(rows[earlier] > rows[later])


def _not_in_the_future(column: str) -> RowRule:
    return RowRule(
        f"{column}_after_delivery",
        column,
        f"{column} is not after the day on which the file was delivered",
        _not_after(column, "delivered_on"),
    )


def _person() -> dict[str, Column]:
    return {
        "nhs_number": Column(
            "nhs_number",
            "NHS number, ten digits; blanked where its check digit is wrong",
            required=False,
            personal=True,
        ),
        "forename": Column("text", "First name", required=False, personal=True),
        "surname": Column("text", "Family name", personal=True),
        "date_of_birth": Column("date", "Birth date", required=False, personal=True),
        "sex": _SEX,
        "ethnic_group": _ETHNIC_GROUP,
    }


_SPELLS = Contract(
    dataset="hospital_spells",
    description="One row a stay in hospital, delivered when it begins and again when it ends",
    partners=TRUSTS,
    key="spell_id",
    columns={
        "spell_id": Column("text", "The hospital's number of the stay"),
        "patient_id": Column("text", "The hospital's number of the patient", personal=True),
        **_person(),
        "postcode": Column("postcode", "Home postcode", required=False, personal=True),
        "age_band": Column(
            "code",
            "Age on admission, in bands",
            required=False,
            codes=_plain("under 18", "18 to 64", "65 to 74", "75 to 84", "85 and over"),
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
            codes=_plain("home", "home_with_care", "care_home", "community_bed", "other"),
        ),
    },
    rules=(
        RowRule(
            "discharge_before_admission",
            "discharge_date",
            "a stay does not end before it begins",
            _not_after("admission_date", "discharge_date"),
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
            _not_after("date_of_birth", "admission_date"),
        ),
        _not_in_the_future("admission_date"),
        _not_in_the_future("discharge_date"),
    ),
    handles=(NHS_NUMBER, "patient_id", "spell_id"),
)

_NOTICES = ("assessment_notice", "discharge_notice", "withdrawal_notice")
_PATHWAY_EVENTS = ("pathway_decision", "discharge_ready", "not_ready")

_EVENTS = Contract(
    dataset="discharge_events",
    description="One row an event on the way out of hospital",
    partners=TRUSTS,
    key="event_id",
    columns={
        "event_id": Column("text", "The hospital's number of the event"),
        "spell_id": Column("text", "The stay that it belongs to"),
        "event_type": Column(
            "code",
            "Notices until 30 June 2022, discharge to assess from 1 July 2022, reviews throughout",
            codes=_plain(*_NOTICES, *_PATHWAY_EVENTS, "delay_review"),
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
            codes=_plain(
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
        _not_in_the_future("event_date"),
    ),
    handles=("spell_id",),
)

_CLIENTS = Contract(
    dataset="social_care_clients",
    description="One row a social care client, delivered when new or changed",
    partners=COUNCILS,
    key="client_id",
    columns={
        "client_id": Column("text", "The council's number of the client", personal=True),
        **_person(),
        "address": Column("text", "Home address on one line", required=False, personal=True),
        "postcode": Column("postcode", "Home postcode", required=False, personal=True),
        "recorded_on": Column("date", "Day on which the record was written"),
    },
    rules=(
        _not_in_the_future("recorded_on"),
        RowRule(
            "birth_after_recording",
            "date_of_birth",
            "nobody is recorded before being born",
            _not_after("date_of_birth", "recorded_on"),
        ),
    ),
    handles=(NHS_NUMBER, "client_id"),
)

_REFERRALS = Contract(
    dataset="social_care_referrals",
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
            codes=_plain("home_care", "reablement", "care_home", "equipment", "assessment_only"),
        ),
        "status": Column(
            "code",
            "Where the referral stands",
            codes=_plain("open", "closed", "withdrawn"),
        ),
        "closed_on": Column("date", "Day on which it was closed; none yet", required=False),
    },
    rules=(
        RowRule(
            "closed_before_received",
            "closed_on",
            "a referral is not closed before it was received",
            _not_after("received_on", "closed_on"),
        ),
        _not_in_the_future("received_on"),
        _not_in_the_future("closed_on"),
    ),
    handles=("client_id",),
)

_OPT_OUTS = Contract(
    dataset=OPT_OUTS,
    description=(
        "One row a person's choice that their records are not used beyond their own care, "
        "delivered when made and again when withdrawn; a month without any is a heading alone"
    ),
    partners=(*TRUSTS, *COUNCILS),
    key="opt_out_id",
    columns={
        "opt_out_id": Column("text", "The partner's number of the choice"),
        NHS_NUMBER: Column(
            "nhs_number", "NHS number of who chose, ten digits", required=False, personal=True
        ),
        "person_number": Column(
            "text",
            "The partner's own number of who chose: its `patient_id` or `client_id`",
            required=False,
            personal=True,
        ),
        "kind": Column(
            "code",
            "A national data opt-out, or an objection made to the partner",
            codes=_plain("national", "local"),
        ),
        "status": Column(
            "code", "Whether the choice still stands", codes=_plain("in_force", "withdrawn")
        ),
        "recorded_on": Column("date", "Day on which the choice was recorded"),
    },
    rules=(
        RowRule(
            "names_nobody",
            "person_number",
            "a choice names a person by a valid NHS number or the partner's own number",
            lambda rows: rows[NHS_NUMBER].notna() | rows["person_number"].notna(),
        ),
        _not_in_the_future("recorded_on"),
    ),
)

CONTRACTS = {c.dataset: c for c in (_SPELLS, _EVENTS, _CLIENTS, _REFERRALS, _OPT_OUTS)}
"""Every contract by the name of its dataset."""
