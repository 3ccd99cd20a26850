"""The people of a card: as agencies name them, and how sure it is that their records are theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from woda_lib.pilots.domestic_abuse.card_lines import MatchLine, Person, Role
from woda_lib.pilots.domestic_abuse.registers import own_number
from woda_lib.pilots.domestic_abuse.words import as_day, say_list

CERTAINTIES = CERTAIN, LIKELY, POSSIBLE, UNLIKELY = (
    "almost certain",
    "very likely",
    "possible: a person decides",
    "unlikely",
)
"""How sure a match is, in words, the surest first."""

NOT_MATCHED = "not matched"
_ALMOST_CERTAIN = 0.99


@dataclass(frozen=True)
class Band:
    """The probabilities between which a person decides whether records are one person's."""

    decide_from: float = 0.5
    decide_to: float = 0.9

    def says(self, confidence: float) -> str:
        """Say in words how sure a match is: one of `CERTAINTIES`, or `NOT_MATCHED`."""
        if pd.isna(confidence):
            return NOT_MATCHED
        if confidence >= _ALMOST_CERTAIN:
            return CERTAIN
        if confidence >= self.decide_to:
            return LIKELY
        return POSSIBLE if confidence >= self.decide_from else UNLIKELY


class People:
    """Looks up the people of cards.

    Parameters
    ----------
    names
        From `records.names`, with `known_as` where police have one, and `address`.
    people
        `partner, dataset, local_id, entity_id, confidence`, from 1_link.
    numbers
        The partners' own numbers for pseudonyms; a pseudonym that it lacks is not shown.
    band
        Where a person decides.
    """

    def __init__(
        self,
        names: pd.DataFrame,
        people: pd.DataFrame,
        numbers: Mapping[str, str],
        band: Band,
    ) -> None:
        self._names = {str(entity): rows for entity, rows in names.groupby("entity_id")}
        self._people = {str(entity): rows for entity, rows in people.groupby("entity_id")}
        self._known = numbers
        self._band = band

    def called(self, entity: str) -> str:
        """How a sentence names somebody: by the first name, or the whole where there is none."""
        row = self._first(entity)
        return next(
            (str(row[name]) for name in ("forename", "surname") if pd.notna(row[name])), "?"
        )

    def whole_name(self, entity: str) -> str | None:
        """Return somebody's first and family name, as police have it before others."""
        row = self._first(entity)
        parts = [str(row[name]) for name in ("forename", "surname") if pd.notna(row[name])]
        return " ".join(parts) or None

    def person(
        self, key: str, role: Role, entity: str, *, on: pd.Timestamp, relationship: str = ""
    ) -> Person:
        """Return somebody as a card shows them, with their age on a day."""
        row = self._first(entity)
        rows = self._names.get(entity, pd.DataFrame(columns=_EMPTY))
        born = next((as_day(day) for day in rows["date_of_birth"] if pd.notna(day)), None)
        age = None
        if born:
            age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        name = self.whole_name(entity)
        others = [_joined(other) for other in rows.to_dict("records")]
        others += [str(alias) for alias in rows.get("known_as", pd.Series(dtype=str)).dropna()]
        known = dict.fromkeys(other for other in others if other and not _same(other, name))
        return Person(
            key=key,
            role=role,
            name=name,
            forename=str(row["forename"]) if pd.notna(row["forename"]) else None,
            age=age,
            sex=str(row["sex"]) if pd.notna(row["sex"]) else None,
            date_of_birth=born,
            address=str(row["address"]) if pd.notna(row.get("address")) else None,
            also_known_as=tuple(known),
            relationship=relationship,
            numbers=self._numbers(entity),
        )

    def match(self, key: str, entity: str) -> MatchLine:
        """Say how sure it is that somebody's records are one person's."""
        held = self._people.get(entity)
        rows = self._names.get(entity, pd.DataFrame(columns=_EMPTY))
        confidence = float(held["confidence"].min()) if held is not None else float("nan")
        records = len(held) if held is not None else 0
        agencies = int(held["partner"].nunique()) if held is not None else 0
        counted = (
            f"{records} record{'' if records == 1 else 's'}, "
            f"{agencies} agenc{'y' if agencies == 1 else 'ies'}"
        )
        return MatchLine(
            person=key,
            name=self.called(entity),
            confidence=confidence,
            certainty=self._band.says(confidence),
            records=records,
            agencies=agencies,
            why=f"{counted}: {_agreement(rows)}." if records > 1 else f"{counted}.",
            decide_from=self._band.decide_from,
            decide_to=self._band.decide_to,
            needs_a_person=self._band.decide_from <= confidence < self._band.decide_to,
        )

    def _first(self, entity: str) -> Mapping[Any, Any]:
        rows = self._names.get(entity)
        if rows is None or rows.empty:
            return dict.fromkeys(_EMPTY)
        first: Mapping[Any, Any] = rows.iloc[0].to_dict()
        return first

    def _numbers(self, entity: str) -> tuple[tuple[str, str], ...]:
        held = self._people.get(entity)
        if held is None:
            return ()
        rows = held.drop_duplicates(["partner", "local_id"])
        pairs = {
            (str(partner), self._known.get(own_number(str(local))))
            for partner, local in zip(rows["partner"], rows["local_id"], strict=True)
        }
        return tuple(sorted((partner, number) for partner, number in pairs if number))


_EMPTY = ["forename", "surname", "date_of_birth", "sex", "address", "dataset"]


def _agreement(rows: pd.DataFrame) -> str:
    """Say in which details somebody's records agree and differ."""
    details = {
        "first name": set(rows["forename"].dropna().str.casefold()),
        "family name": set(rows["surname"].dropna().str.casefold()),
        "birth date": set(rows["date_of_birth"].dropna()),
    }
    same = [name for name, values in details.items() if len(values) == 1]
    differ = [name for name, values in details.items() if len(values) > 1]
    parts = [f"the same {say_list(same)}"] if same else []
    parts += [f"{say_list(differ)} not the same in all"] if differ else []
    return "; ".join(parts) or "no details to compare"


def _joined(row: Mapping[Any, Any]) -> str:
    return " ".join(str(row[name]) for name in ("forename", "surname") if pd.notna(row[name]))


def _same(one: str, other: str | None) -> bool:
    return other is not None and one.casefold() == other.casefold()
