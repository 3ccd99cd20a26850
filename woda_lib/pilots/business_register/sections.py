"""The sections of the Standard Industrial Classification 2007, by letter and by short name.

Names are those of the Office for National Statistics (2009), *UK Standard Industrial Classification
of Economic Activities 2007*, shortened where a table has no room.
"""

from __future__ import annotations

import pandas as pd

SECTIONS = {
    "A": "Farming, forestry and fishing",
    "B": "Mining and quarrying",
    "C": "Manufacturing",
    "D": "Electricity, gas and steam",
    "E": "Water and waste",
    "F": "Construction",
    "G": "Wholesale, retail and motor repair",
    "H": "Transport and storage",
    "I": "Accommodation and food",
    "J": "Information and communication",
    "K": "Finance and insurance",
    "L": "Real estate",
    "M": "Professional and scientific",
    "N": "Administration and support",
    "O": "Public administration",
    "P": "Education",
    "Q": "Health and social work",
    "R": "Arts and recreation",
    "S": "Other services",
    "T": "Households as employers",
    "U": "Bodies outside any country",
}
"""Short names by letter."""

NOT_KNOWN = "Not known"


def named(sections: pd.Series) -> pd.Series:
    """Return `C Manufacturing` for `C`, and *Not known* where there is no section."""
    letters = sections.astype(object)
    names = letters.map(lambda letter: f"{letter} {SECTIONS[letter]}", na_action="ignore")
    return names.where(letters.notna(), NOT_KNOWN)
