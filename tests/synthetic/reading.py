"""Reads the made-up partners' files back with nothing but what the partners were told to write.

It is written apart from the generator and from the partners' door, so that a mistake in either
cannot hide itself here.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

TRUSTS = {"worcestershire_acute": "county_council", "severnside_acute": "severnside_council"}
DATASETS = {
    "hospital_spells": "spell_id",
    "discharge_events": "event_id",
    "social_care_clients": "client_id",
    "social_care_referrals": "referral_id",
    "police_incidents": "incident_id",
    "police_involvements": "involvement_id",
    "police_persons": "nominal_id",
    "missing_episodes": "missing_id",
    "social_care_involvements": "care_involvement_id",
    "housing_tenancies": "tenancy_person_id",
    "health_flags": "flag_id",
    "probation_orders": "order_id",
    "school_roll": "enrolment_id",
    "refuge_referrals": "refuge_referral_id",
    "victim_contacts": "contact_id",
    "marac_cases": "marac_case_id",
    "triage_meetings": "meeting_id",
    "front_door_contacts": "front_door_contact_id",
    "exploitation_referrals": "exploitation_referral_id",
    "return_interviews": "interview_id",
    "patient_registrations": "registration_id",
    "community_care": "community_care_id",
    "council_tax_accounts": "account_row_id",
    "benefit_claims": "claim_row_id",
    "school_census": "census_row_id",
    "care_services": "care_spell_id",
    "travel_passes": "pass_row_id",
    "tenancy_members": "member_row_id",
    "police_contacts": "contact_row_id",
    "safe_and_well_visits": "visit_row_id",
    "support_clients": "support_row_id",
    "child_enquiries": "enquiry_id",
    "homelessness_duties": "duty_id",
    "mental_health_detentions": "detention_id",
    "youth_justice_orders": "order_id",
    "attendance_enforcement": "enforcement_id",
    "attendance_terms": "term_row_id",
    "arrears_notices": "arrears_notice_id",
    "possession_notices": "possession_notice_id",
}
ENCODINGS = {
    "worcestershire_acute": "cp1252",
    "county_council": "utf-8-sig",
    "housing_association": "utf-16",
    "probation_service": "cp1252",
    "refuge_service": "utf-8-sig",
    "district_councils": "cp1252",
    "fire_service": "utf-8-sig",
    "voluntary_sector": "utf-16",
}
SEPARATORS = {
    "severnside_council": ";",
    "refuge_service": ";",
    "housing_association": "\t",
    "probation_service": "|",
    "health_and_care_trust": "|",
    "fire_service": ";",
    "voluntary_sector": "\t",
}
DATE_FORMS = {
    "west_mercia_police": "%d/%m/%Y",
    "housing_association": "%d.%m.%Y",
    "probation_service": "%Y%m%d",
    "refuge_service": "%Y-%m-%d",
    "worcestershire_acute": "%d/%m/%Y",
    "county_council": "%d/%m/%Y",
    "severnside_acute": "%Y-%m-%d",
    "severnside_council": "%d-%b-%Y",
    "district_councils": "%d-%b-%Y",
    "health_and_care_trust": "%Y%m%d",
    "fire_service": "%d/%m/%Y",
    "voluntary_sector": "%d/%m/%Y",
}
TITLE_ROWS = {
    "county_council": 2,
    "refuge_service": 1,
    "district_councils": 1,
    "voluntary_sector": 2,
}


def read_raw(path: Path) -> pd.DataFrame:
    """One file as text, headings in snake case, blank rows and columns left out; ``line`` added."""
    partner = path.parent.name
    text = path.read_bytes().decode(ENCODINGS.get(partner, "utf-8"))
    separator = SEPARATORS.get(partner, ",")
    lines = list(csv.reader(io.StringIO(text), delimiter=separator))[TITLE_ROWS.get(partner, 0) :]
    names = [name.strip().lower().replace(" ", "_") for name in lines[0]]
    frame = pd.DataFrame(lines[1:], columns=names, dtype=object)
    frame["line"] = frame.index + TITLE_ROWS.get(partner, 0) + 2
    frame["file"] = path.name
    blank = (frame.drop(columns=["line", "file"]) == "").all(axis=1)
    return frame.loc[~blank, [name for name in frame.columns if name]]


def read_dataset(extracts: Path, partner: str, dataset: str) -> pd.DataFrame:
    """Every row that a partner delivered of a dataset, dates as dates where they are dates."""
    files = sorted((extracts / partner).glob(f"{dataset}_*.csv"))
    frame = pd.concat([read_raw(path) for path in files], ignore_index=True)
    for column in frame.columns:
        if column == "date_of_birth" or column.endswith(("_date", "_on")):
            dates = pd.to_datetime(frame[column], format=DATE_FORMS[partner], errors="coerce")
            frame[column] = dates
        elif column.endswith("_at"):
            form = f"{DATE_FORMS[partner]} %H:%M"
            frame[column] = pd.to_datetime(frame[column], format=form, errors="coerce")
    return frame.assign(partner=partner)


def sound(rows: pd.DataFrame, faults: pd.DataFrame) -> pd.DataFrame:
    """The rows without those in which a fault was planted."""
    where = pd.MultiIndex.from_frame(faults[["partner", "file", "line"]])
    return rows.loc[~pd.MultiIndex.from_frame(rows[["partner", "file", "line"]]).isin(where)]


def latest(rows: pd.DataFrame, dataset: str) -> pd.DataFrame:
    """What stands at the end: of each key the row that was delivered last."""
    return rows.drop_duplicates(["partner", DATASETS[dataset]], keep="last")
