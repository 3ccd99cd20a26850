"""What gives a person away: names of identifying columns, and values that are identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from woda_lib.identifiers import valid_nhs_numbers

IDENTIFIERS = frozenset(
    {
        "address", "birth_date", "client_id", "date_of_birth", "dob", "email", "entity_id",
        "event_id", "first_name", "forename", "full_name", "given_name", "last_name",
        "national_insurance_number", "nhs_number", "patient_id", "person_id", "phone", "postcode",
        "record_id", "referral_id", "spell_id", "surname", "uprn",
    }
)  # fmt: skip
"""Column names that hold one person's, address's or record's identifier."""

_DIGITS = re.compile(r"(?<![\d.])(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_NATIONAL_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")


def personal_kinds(texts: Iterable[str]) -> list[str]:
    """Name the kinds of identifier found in some texts, without quoting any.

    Returns
    -------
    list of str
        Of "an NHS number", "a full postcode", "an e-mail address" and "a National Insurance
        number", those that occur.
    """
    found: dict[str, None] = {}
    for text in texts:
        if valid_nhs_numbers(["".join(match) for match in _DIGITS.findall(text)]).any():
            found["an NHS number"] = None
        if _POSTCODE.search(text):
            found["a full postcode"] = None
        if _EMAIL.search(text):
            found["an e-mail address"] = None
        if _NATIONAL_INSURANCE.search(text):
            found["a National Insurance number"] = None
    return list(found)
