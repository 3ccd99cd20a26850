"""The store that a step holds in its hand: search, and one person or property at a time."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from woda_lib.errors import WodaError
from woda_lib.notebook import Run
from woda_lib.pilots.single_view.store.person import Person


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
        NotebookError, AgreementError
            As `Run.look_up`.
        """
        raise NotImplementedError

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
        raise NotImplementedError

    def property(self, uprn: str, *, reason: str, on: date | None = None) -> pd.DataFrame:
        """Return who lives at a property on a day, on the record.

        Returns
        -------
        DataFrame
            ``entity_id, forename, surname, date_of_birth, household_id, kind, kinship, starts,
            ends, sure, elsewhere``.
        """
        raise NotImplementedError

    def properties(self, *, on: date | None = None) -> pd.DataFrame:
        """Return every property without names: the view ``property_on`` of `views`."""
        raise NotImplementedError
