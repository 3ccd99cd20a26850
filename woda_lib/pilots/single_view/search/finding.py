"""Search: read the terms, weigh everybody, and tell who agrees best, how surely and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.registers import REGISTERS
from woda_lib.pilots.single_view.search.index import Index, build_index
from woda_lib.pilots.single_view.search.matching import (
    Matched,
    match_born,
    match_house,
    match_postcode,
    match_word,
)
from woda_lib.pilots.single_view.search.ranking import chances, rank, weight_of_a_number
from woda_lib.pilots.single_view.search.reasons import reason_for
from woda_lib.pilots.single_view.search.terms import Terms, read_terms
from woda_lib.pilots.single_view.search.weighing import weigh

HITS = [
    *("entity_id", "forename", "surname", "date_of_birth", "sex", "address", "postcode"),
    *("weight", "sure", "reason"),
]
_AGAIN = 60
"""How many of the first are weighed again by their rows."""

NumberOf = Callable[..., pd.Series]
"""`Run.pseudonymise`: partners' numbers as they stand in the store."""

_ROWS = """
SELECT r.* FROM rows_of r SEMI JOIN (SELECT unnest($numbers) AS number) USING (number)
"""

_BEST = """
SELECT n.number, p.entity_id, p.forename, p.surname, p.date_of_birth, p.sex, p.address, p.postcode
FROM numbered n SEMI JOIN (SELECT unnest($numbers) AS number) USING (number)
JOIN persons p USING (entity_id)
"""

_KNOWN_BY = """
SELECT DISTINCT n.number, r.partner::VARCHAR AS whose
FROM records r JOIN numbered n USING (entity_id)
WHERE r.local_id IN (SELECT unnest($ids))
"""

_NHS = """
SELECT DISTINCT n.number, 'the NHS' AS whose FROM details d JOIN numbered n USING (entity_id)
WHERE d.nhs_number = $nhs
"""


class Search:
    """The index of a store, ready to be asked.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Holds ``persons, details, records``; is given tables of its own (``numbered, rows_of``).
    number_of : callable
        `Run.pseudonymise`, by which a partner's number that is typed is known again.
    today : date
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, number_of: NumberOf, today: date
    ) -> None:
        self._connection = connection
        self._number_of = number_of
        self._today = today
        self.index: Index = build_index(connection)

    def find(self, text: str, limit: int = 10) -> pd.DataFrame:
        """Return who agrees best with what was typed; see `Store.search`.

        Raises
        ------
        TermsError
            If there is nothing to search by.
        """
        terms = read_terms(text, today=self._today)
        matched = self._matched(terms)
        bearers = self._bearers(terms)
        people = len(self.index.people)
        if not people:
            return pd.DataFrame(columns=HITS)
        given = bearers["number"].to_numpy(dtype=np.intp)
        ranked = rank(matched, self.index, np.unique(given), max(_AGAIN, limit))
        numbers = ranked.numbers.tolist()
        rows = dict(tuple(self._asked(_ROWS, numbers=numbers).groupby("number")))
        best = self._asked(_BEST, numbers=numbers).set_index("number").loc[numbers]
        none = next(iter(rows.values())).iloc[:0] if rows else pd.DataFrame()
        weighed = [
            weigh(rows.get(number, none), best.loc[number], matched, self.index)
            for number in numbers
        ]
        weights = np.array([each.weight for each in weighed])
        weights += np.isin(numbers, given) * weight_of_a_number(people)
        sure = chances(weights, ranked.others, people)
        whose = bearers.groupby("number")["whose"].agg(list).to_dict()
        found = best.reset_index().assign(
            weight=weights,
            sure=sure,
            reason=[
                reason_for(each, whose.get(number, ()))
                for number, each in zip(numbers, weighed, strict=True)
            ],
        )
        agrees = found[np.array([bool(each.agreed) for each in weighed]) | np.isin(numbers, given)]
        ordered = agrees.sort_values("weight", ascending=False, kind="stable")
        return ordered[HITS].head(limit).reset_index(drop=True)

    def _matched(self, terms: Terms) -> list[Matched]:
        return [
            *(match_word(word, self.index) for word in terms.words),
            *(match_house(number, self.index) for number in terms.house),
            *(match_born(born, self.index) for born in terms.born),
            *(match_postcode(postcode, self.index) for postcode in terms.postcodes),
        ]

    def _bearers(self, terms: Terms) -> pd.DataFrame:
        """Return who bears a number that was typed, and whose number it is."""
        found = []
        if terms.numbers:
            typed = list(dict.fromkeys([*terms.numbers, *(n.upper() for n in terms.numbers)]))
            ids = [
                identifier
                for each in REGISTERS
                for identifier in self._number_of(
                    pd.Series(typed), field=each.number, partners=each.partner
                )
            ]
            known = self._asked(_KNOWN_BY, ids=ids)
            found.append(known.assign(whose="the " + known["whose"].str.replace("_", " ")))
        if terms.nhs_number:
            found.append(self._asked(_NHS, nhs=terms.nhs_number))
        return pd.concat(found) if found else pd.DataFrame({"number": [], "whose": []})

    def _asked(self, sql: str, **given: object) -> pd.DataFrame:
        return self._connection.execute(sql, given).df()
