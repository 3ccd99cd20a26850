"""Whether a remark names somebody: a name, an address, a number, a way to reach them.

Remarks outlive the list and are read by whoever looks at how the model is used. So they name
nobody. What is sought is what could stand in them about the households of the list: words of their
members' names and of their addresses, and whatever has the form of a number, postcode, telephone
number, birth date or email address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

LONGEST = 300
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FORMS = (
    re.compile(r"\d(?:[\s/.-]?\d){5,}"),  # dates of birth, telephone and partners' numbers
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE),  # postcodes
    re.compile(r"\S+@\S+\.\S+"),
    re.compile(
        r"\b\d+[a-z]?,?\s+[A-Z][a-z]+\s+(?:Road|Street|Lane|Close|Avenue|Drive|Way|Court)\b"
    ),
    re.compile(r"\bH[0-9a-f]{10,}\b"),  # another household's identifier
)
_SHORTEST = 3
# Words of addresses that say nothing of where.
_COMMON = frozenset(
    "road street lane close avenue drive way court place flat house gardens terrace the upper "
    "lower north south east west green park hill view new old high church school station".split()
)


@dataclass(frozen=True)
class Named:
    """Words that name somebody of the list.

    Attributes
    ----------
    people
        Words of names, in one case; found where they are written with a capital.
    places
        Words of addresses and postcodes, in one case; found where written with a capital.
    """

    people: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str], addresses: Iterable[str]) -> Named:
        """Take in the names and addresses of a list."""
        return cls(
            people=_words(names),
            places=frozenset(word for word in _words(addresses) if word not in _COMMON),
        )

    def why(self, remark: str) -> str:
        """Say what in a remark names somebody; nothing where nothing does. It is not quoted."""
        said = " ".join(remark.split())
        if len(said) > LONGEST:
            return f"A remark is at most {LONGEST} characters. Say it more shortly."
        if any(form.search(said) for form in _FORMS):
            return "The remark holds a number, an address or a way to reach somebody. Leave it out."
        capitals = {word.casefold() for word in _WORD.findall(said) if word[0].isupper()}
        first = _WORD.match(said)
        # The first word has its capital anyway: only a name that is no other word counts there.
        inside = capitals - ({first.group().casefold()} if first else set())
        if inside & self.people or (capitals & self.people) - _PLAIN:
            return "The remark holds a name. Say it without: remarks name nobody."
        if inside & self.places:
            return "The remark says where somebody lives. Leave it out."
        return ""

    def names_somebody(self, remark: str) -> bool:
        """Whether a remark may name somebody."""
        return bool(self.why(remark))


# Forenames and surnames that begin sentences as words of their own.
_PLAIN = frozenset(
    "will may mark grace hope joy faith rose young long little white brown black green grey good "
    "best new small west north day love case price bell wood field hill ray rich art bill".split()
)


def named_of(persons: pd.DataFrame, homes: pd.DataFrame) -> Named:
    """Take in the names of people and the addresses of homes.

    Parameters
    ----------
    persons
        With `forename` and `surname`, where they are shown.
    homes
        With `address` and `postcode`.
    """
    names = [persons[name] for name in ("forename", "surname") if name in persons]
    places = [homes[name] for name in ("address", "postcode") if name in homes]
    return Named.of(
        *(
            pd.concat(columns).dropna().astype(str).unique() if columns else ()
            for columns in (names, places)
        )
    )


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word.casefold() for text in texts for word in _WORD.findall(text) if len(word) >= _SHORTEST
    )
