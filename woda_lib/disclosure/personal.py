"""What gives a person away: names of identifying columns, and values that are identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from woda_lib.identifiers import valid_nhs_numbers

IDENTIFIERS = frozenset(
    {
        "account_id", "account_row_id", "address", "address_id", "arrears_notice_id",
        "assistance_id", "attender_id", "birth_date", "building_id", "business_name",
        "care_involvement_id", "care_number", "care_person_id", "care_spell_id", "census_row_id",
        "claim_id", "claim_person_id", "claim_row_id", "client_id", "client_reference",
        "community_care_id", "community_number", "company_number", "contact_id", "contact_number",
        "contact_row_id", "date_of_birth", "detention_id", "dob", "duty_id", "email",
        "enforcement_id", "enquiry_id", "enrolment_id", "enterprise_id", "entity_id", "estimate_id",
        "event_id", "exploitation_referral_id", "fhrs_id", "first_name", "flag_id", "forename",
        "front_door_contact_id", "full_name", "given_name", "household_id", "incident_id",
        "index_number", "interview_id", "involvement_id", "known_as", "last_name", "lead_worker",
        "letting_id", "liable_person_id", "local_id", "log_text", "lpi_key", "marac_case_id",
        "meeting_id", "member_number", "member_row_id", "missing_id", "national_insurance_number",
        "need", "nhs_number", "nominal_id", "opt_out_id", "order_id", "osid", "parent_forename",
        "parent_surname", "pass_number", "pass_row_id", "patient_id", "perpetrator_date_of_birth",
        "perpetrator_forename", "perpetrator_surname", "person_id", "person_number", "phone",
        "possession_notice_id", "postcode", "premises_key", "protects_forename", "protects_surname",
        "pupil_id", "ratepayer", "rates_account", "record_id", "referral_id", "referral_text",
        "refuge_referral_id", "registration_id", "row_id", "safeguarding_lead", "site_id",
        "spell_id", "supervisee_id", "support_row_id", "surname", "survivor_id", "telephone",
        "tenancy_id", "tenancy_person_id", "tenant_id", "term_row_id", "unique_pupil_number",
        "uprn", "victim_address", "victim_date_of_birth", "victim_forename", "victim_postcode",
        "victim_surname", "visit_number", "visit_row_id", "workforce_row_id",
    }
)  # fmt: skip
"""Column names that hold one person's, address's or record's identifier, or what somebody wrote.

A test holds every identifying column, number and free text of the contracts to be among them: this
floor does not know what partners deliver.
"""

NHS_NUMBER = "an NHS number"
POSTCODE = "a full postcode"
BORN_AT_POSTCODE = "a birth date beside a full postcode"

# After "SHA-" stands 256, and a hash that begins with seven digits would make ten of it.
_DIGITS = re.compile(r"(?<![\d.])(?<!SHA-)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
_AREAS = (
    "AB AL BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY EC "
    "EH EN EX FK FY GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY LA LD LE LL LN LS "
    "LU ME MK ML NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM SA SE SG SK SL SM SN SO SP SR "
    "SS ST SW SY TA TD TF TN TQ TR TS TW UB WA WC WD WF WN WR WS WV YO ZE B E G L M N S W"
).replace(" ", "|")
_POSTCODE = re.compile(rf"\b(?:{_AREAS})\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{{2}}\b", re.IGNORECASE)
_DAY = re.compile(
    r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d|"
    r"\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* "
    r"(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_BESIDE = 80
"""Characters between a birth date and a postcode that belong together."""
_LONGEST_POSTCODE = 8

_DIGIT_OR_AT = re.compile(r"[\d@]")
"""One of these is in everything that is looked for, and most texts hold neither."""

_OTHERS = {
    # From the first letter on: begun at every one, a long word without @ would be read as often.
    "an e-mail address": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]*[A-Za-z]"),
    "a National Insurance number": re.compile(
        r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b",
        re.IGNORECASE,
    ),
    # Ofcom's plan: what follows nought, in the groups that people write.
    "a telephone number": re.compile(
        r"(?<![\w.+])(?:\+44 ?(?:\(0\) ?)?|\(?0)(?:7\d{3}[ -]?\d{3}[ -]?\d{3}|"
        r"1\d{3}\)?[ -]?\d{3}[ -]?\d{2,3}|1\d{2}\)?[ -]?\d{3}[ -]?\d{4}|"
        r"2\d\)?[ -]?\d{4}[ -]?\d{4}|[38]\d{2}\)?[ -]?\d{3}[ -]?\d{4})(?![\w.]?\d)"
    ),
}


def personal_kinds(texts: Iterable[str], *, postcodes: bool = True) -> list[str]:
    """Name the kinds of identifier found in some texts, without quoting any.

    Parameters
    ----------
    texts : iterable of str
    postcodes : bool
        Whether a full postcode counts by itself. Otherwise only beside a birth date does: a page
        may name the postcodes of services.

    Returns
    -------
    list of str
        Of "an NHS number", "a full postcode", "a birth date beside a full postcode", "an e-mail
        address", "a National Insurance number" and "a telephone number", those that occur.
    """
    found: dict[str, None] = {}
    for text in texts:
        if not _DIGIT_OR_AT.search(text):
            continue
        if any(True for _ in _nhs_numbers(text)):
            found[NHS_NUMBER] = None
        if postcodes and _POSTCODE.search(text):
            found[POSTCODE] = None
        elif not postcodes and _born_at(text):
            found[BORN_AT_POSTCODE] = None
        for kind, pattern in _OTHERS.items():
            if pattern.search(text):
                found[kind] = None
    return list(found)


def without_public(text: str, public: Iterable[str]) -> str:
    """Return a text without the office's own addresses, where each stands by itself.

    Parameters
    ----------
    text : str
    public : iterable of str
        Addresses that a reviewed file says are to be published. One that is part of a longer one
        stays, and is found.
    """
    for address in public:
        alone = rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)"
        text = re.sub(alone, " ", text)
    return text


def _nhs_numbers(text: str) -> Iterable[str]:
    candidates = ["".join(match) for match in _DIGITS.findall(text)]
    if not candidates:
        return []
    return [text for text, ok in zip(candidates, valid_nhs_numbers(candidates), strict=True) if ok]


def _born_at(text: str) -> bool:
    """Whether a day and a full postcode stand beside each other.

    Only the surroundings of days are searched for postcodes: a map's page is two megabytes long.
    """
    for day in _DAY.finditer(text):
        first = max(day.start() - _BESIDE - _LONGEST_POSTCODE, 0)
        # One letter more, so that the end of a postcode is seen to be the end of a word.
        last = day.end() + _BESIDE + _LONGEST_POSTCODE + 1
        for postcode in _POSTCODE.finditer(text, first, last):
            between = min(abs(day.start() - postcode.end()), abs(postcode.start() - day.end()))
            if between <= _BESIDE:
                return True
    return False
