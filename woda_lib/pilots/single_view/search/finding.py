"""Search: read the terms, weigh everybody, and tell who agrees best, how surely and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.registers import REGISTERS
from woda_lib.pilots.single_view.search.index import Index
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
_AGAIN = 40
"""How many of the first are weighed again by their rows."""

NumberOf = Callable[..., pd.Series]
"""`Run.pseudonymise`: partners' numbers as they stand in the store."""

_KNOWN_BY = """
SELECT DISTINCT entity_id, 'the ' || replace(partner::VARCHAR, '_', ' ') AS whose
FROM records SEMI JOIN (SELECT unnest($ids) AS local_id) USING (local_id)
"""

_NHS = "SELECT DISTINCT entity_id, 'the NHS' AS whose FROM details WHERE nhs_number = $nhs"

_NUMBERED = """
SELECT entity_id, number
FROM numbered SEMI JOIN (SELECT unnest($entities) AS entity_id) USING (entity_id)
"""


class Search:
    """The index of a store, ready to be asked.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Holds ``details, records`` and the index's ``numbered``.
    index : Index
    number_of : callable
        `Run.pseudonymise`, by which a partner's number that is typed is known again.
    today : date
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        index: Index,
        number_of: NumberOf,
        today: date,
    ) -> None:
        self._connection = connection
        self._number_of = number_of
        self._today = today
        self.index = index

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
        given = np.unique(bearers["number"].to_numpy(dtype=np.intp))
        index = self.index
        ranked = rank(matched, index, given, max(_AGAIN, limit))
        best, rows = index.best_of(ranked.numbers), index.rows_of(ranked.numbers)
        weighed = [weigh(own, view, matched, index) for own, view in zip(rows, best, strict=True)]
        bears = np.isin(ranked.numbers, given)
        weights = np.array([each.weight for each in weighed])
        weights += bears * weight_of_a_number(index.people)
        whose = bearers.groupby("number")["whose"].agg(list).to_dict()
        found = pd.DataFrame(best).assign(
            weight=weights,
            sure=chances(weights, ranked.others, index.people),
            reason=[
                reason_for(each, whose.get(number, ()))
                for number, each in zip(ranked.numbers, weighed, strict=True)
            ],
        )
        agrees = found[np.array([bool(each.agreed) for each in weighed]) | bears]
        ordered = agrees.sort_values("weight", ascending=False, kind="stable")
        return ordered.head(limit)[HITS].reset_index(drop=True)

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
            found.append(self._asked(_KNOWN_BY, ids=ids))
        if terms.nhs_number:
            found.append(self._asked(_NHS, nhs=terms.nhs_number))
        if not found:
            return pd.DataFrame({"number": [], "whose": []})
        bearers = pd.concat(found)
        # Found first and numbered then: joined at once, everybody would be hashed.
        numbered = self._asked(_NUMBERED, entities=bearers["entity_id"].tolist())
        return bearers.merge(numbered, on="entity_id")

    def _asked(self, sql: str, **given: object) -> pd.DataFrame:
        return self._connection.execute(sql, given).df()
