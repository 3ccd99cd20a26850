"""What readers call the registers and the pairs of them."""

from __future__ import annotations

SOURCES = {
    "companies": "companies",
    "business_rates": "business rates",
    "food_hygiene": "food hygiene",
    "workforce": "workforce",
}
"""By source; in the order in which they are shown."""

KINDS_OF_PAIRS = {
    "company–rates": [("companies", "business_rates")],
    "company–hygiene": [("companies", "food_hygiene")],
    "rates–hygiene": [("business_rates", "food_hygiene")],
    "workforce–any": [
        ("workforce", "companies"),
        ("workforce", "business_rates"),
        ("workforce", "food_hygiene"),
    ],
    "branches of one firm": [
        ("business_rates", "business_rates"),
        ("food_hygiene", "food_hygiene"),
    ],
}
"""By kind, the pairs of sources that it is of."""

ACCEPTED = ("company–rates", "company–hygiene", "rates–hygiene")
"""The three registers whose pairs tell how good the register is, workforce apart."""
