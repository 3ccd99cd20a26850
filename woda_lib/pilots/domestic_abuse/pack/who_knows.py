"""Which agency knows whom, as a table with a row an agency and a column a person."""

from __future__ import annotations

from dataclasses import dataclass

from woda_lib.pilots.domestic_abuse.card import Card
from woda_lib.pilots.domestic_abuse.card_lines import AgencyLine, Person


@dataclass(frozen=True)
class Knows:
    """The table, and what is said beneath it instead of in rows of dashes.

    Attributes
    ----------
    people
        The columns.
    rows
        An agency, and what it knows of each of them.
    nobody
        Agencies that know none of them.
    hidden
        A clause, and the agencies that it hides.
    """

    people: tuple[Person, ...]
    rows: tuple[tuple[str, tuple[AgencyLine, ...]], ...]
    nobody: tuple[str, ...]
    hidden: tuple[tuple[str, tuple[str, ...]], ...]


def who_knows(card: Card) -> Knows:
    """Return which agencies know the people of a card."""
    told = {(line.agency, line.person): line for line in card.agencies}
    keys = {line.person for line in card.agencies}
    people = tuple(person for person in card.people if person.key in keys)
    agencies = tuple(dict.fromkeys(line.agency for line in card.agencies))
    rows, nobody = [], []
    hidden: dict[str, dict[str, None]] = {}
    for agency in agencies:
        lines = tuple(
            told.get((agency, person.key), AgencyLine(person.key, agency, "not_known"))
            for person in people
        )
        for line in lines:
            if line.state == "hidden":
                hidden.setdefault(line.hidden_by, {})[agency] = None
        if all(line.state == "not_known" for line in lines):
            nobody.append(agency)
        else:
            rows.append((agency, lines))
    clauses = tuple((clause, tuple(agencies)) for clause, agencies in hidden.items())
    return Knows(people, tuple(rows), tuple(nobody), clauses)
