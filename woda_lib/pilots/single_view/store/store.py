"""The store that a step holds in its hand: search, and one person or property at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import duckdb
import pandas as pd

from woda_lib.errors import WodaError
from woda_lib.notebook import Run
from woda_lib.pilots.single_view.fields import WHAT_FOR
from woda_lib.pilots.single_view.search import Index, Search, build_index
from woda_lib.pilots.single_view.store.person import Person, person_of

_KNOWN = "SELECT entity_id FROM persons WHERE entity_id = $entity"

_BECAME = """
SELECT other_entity_id FROM identity_events
WHERE entity_id = $entity AND event = 'merged' AND other_entity_id IS NOT NULL ORDER BY "on"
"""

_FOUND = """
SELECT partner, dataset, local_id, forename, surname FROM details
SEMI JOIN (SELECT unnest($entities) AS entity_id) USING (entity_id)
"""

_SHOWN = """
SELECT partner, dataset, local_id, forename, surname, address FROM details
WHERE entity_id = $entity OR entity_id IN (
    SELECT entity_id FROM household_on($day)
    WHERE household_id IN (SELECT household_id FROM household_on($day) WHERE entity_id = $entity))
"""

_LIVING_THERE = """
SELECT partner, dataset, local_id, forename, surname, address FROM details
WHERE entity_id IN (
    SELECT entity_id FROM residences
    WHERE uprn = $uprn AND starts <= $day AND (ends IS NULL OR ends >= $day))
"""

_RESIDENTS = """
SELECT r.entity_id, p.forename, p.surname, p.date_of_birth, o.household_id, o.kind, o.kinship,
       r.starts, r.ends, r.sources, r.sure, r.elsewhere
FROM residences r
LEFT JOIN persons p USING (entity_id)
LEFT JOIN household_on($day) o ON o.entity_id = r.entity_id AND o.uprn = r.uprn
WHERE r.uprn = $uprn AND r.starts <= $day AND (r.ends IS NULL OR r.ends >= $day)
ORDER BY o.household_id, p.date_of_birth
"""


class NotInTheStore(WodaError):
    """There is no such person or property in the store, as far as the purpose is shown it."""


class Store:
    """The build's tables in memory; made by `open_store`.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Holds the tables and views.
    run : Run
        On whose record searches and look-ups go.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, run: Run) -> None:
        self._connection = connection
        self._run = run

    def search(self, terms: str, *, reason: str, limit: int = 10) -> pd.DataFrame:
        """Find people by whatever is known of them, and put the search on the record.

        Parameters
        ----------
        terms : str
            Words in any order: names however spelled, short or swapped, a former surname; a birth
            date whole or in part (``3/5/1962``, ``1962``, ``3 May``, ``194?``); words of an address
            where they live or lived; a postcode or its first part; a partner's number of the
            person, or the NHS number.
        reason : str
            What for, in a sentence that names nobody.
        limit : int
            How many are returned at most.

        Returns
        -------
        DataFrame
            The likeliest first: ``entity_id, forename, surname, date_of_birth, sex, address,
            postcode, weight`` (log2 odds for this person over anybody), ``sure`` (probability that
            it is this one, if whoever is meant is in the store) and ``reason``: which words matched
            what, and how.

        Raises
        ------
        TermsError
            If there is nothing to search by.
        NotebookError, AgreementError
            As `Run.look_up`.
        """
        self._run.require_identifying("search")
        hits = self._search.find(terms, limit)
        shown = self._rows(_FOUND, entities=hits["entity_id"].tolist())
        self._run.look_up(shown, reason=reason, what="search")
        return hits

    def look_up(self, entity_id: str, *, reason: str, on: date | None = None) -> Person:
        """Return one person, and put on the record that they were looked at, and why.

        Parameters
        ----------
        entity_id : str
        reason : str
            What for, in a sentence that names nobody.
        on : date, optional
            The day as of which the household is meant; the run's clock, if left out.

        Raises
        ------
        NotInTheStore
            If there is no such person, or they opted out.
        NotebookError, AgreementError
            As `Run.look_up`.
        """
        self._run.require_identifying("person")
        day = self._day(on)
        known = self._rows(_KNOWN, entity=entity_id)
        if known.empty:
            raise NotInTheStore(self._gone(entity_id))
        # Whoever lives with the person is named beside them.
        self._run.look_up(self._rows(_SHOWN, entity=entity_id, day=day), reason=reason)
        return person_of(
            self._connection,
            entity_id,
            day,
            hidden=self._run.hidden_fields,
            what_for=WHAT_FOR,
            aliases=self._index.aliases,
        )

    def property(self, uprn: str, *, reason: str, on: date | None = None) -> pd.DataFrame:
        """Return who lives at a property on a day, and put that on the record.

        Returns
        -------
        DataFrame
            ``entity_id, forename, surname, date_of_birth, household_id, kind, kinship, starts,
            ends, sources, sure, elsewhere``, household by household.

        Raises
        ------
        NotInTheStore
            If there is no such property.
        NotebookError, AgreementError
            As `Run.look_up`.
        """
        self._run.require_identifying("property")
        if self._rows("SELECT uprn FROM properties WHERE uprn = $uprn", uprn=uprn).empty:
            raise NotInTheStore(
                "There is no property of this number in the store. Look it up in the gazetteer."
            )
        day = self._day(on)
        records = self._rows(_LIVING_THERE, uprn=uprn, day=day)
        self._run.look_up(records, reason=reason, what="property")
        return self._rows(_RESIDENTS, uprn=uprn, day=day)

    def properties(self, *, on: date | None = None) -> pd.DataFrame:
        """Return every property without names: the view ``property_on`` of `views`."""
        return self._rows("SELECT * FROM property_on($day)", day=self._day(on))

    def households(self, *, on: date | None = None) -> pd.DataFrame:
        """Return who lived in which household on a day, without names: ``household_on``."""
        return self._rows("SELECT * FROM household_on($day)", day=self._day(on))

    @cached_property
    def _index(self) -> Index:
        """Made when it is first needed: a purpose that names nobody needs none."""
        return build_index(self._connection)

    @cached_property
    def _search(self) -> Search:
        run = self._run
        return Search(self._connection, self._index, run.pseudonymise, run.as_of)

    def aliases(self) -> Mapping[str, str]:
        """Short forms of forenames and what they stand for, as this county's records tell."""
        return self._index.aliases

    def counted(self, sql: str, **given: object) -> pd.DataFrame:
        """Answer a question about everybody, for tables of counts; it shows and names nobody."""
        return self._rows(sql, **given)

    def _day(self, on: date | None) -> pd.Timestamp:
        return pd.Timestamp(on or self._run.as_of)

    def _rows(self, sql: str, **given: object) -> pd.DataFrame:
        return self._connection.execute(sql, given).df()

    def _gone(self, entity_id: str) -> str:
        events = self._rows(_BECAME, entity=entity_id)
        if len(events):
            return (
                "This identifier is no longer anybody's: the person was merged with another. Look "
                f"up {events['other_entity_id'].iloc[-1]} instead."
            )
        return (
            "There is nobody of this identifier in the store. Search for the person; somebody who "
            "opted out is not found either."
        )
