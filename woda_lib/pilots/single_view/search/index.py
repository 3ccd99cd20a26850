"""The index: for every word, birth date and postcode that a partner ever gave, the people of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import jellyfish
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow

from woda_lib.linkage.aliases import learn_aliases
from woda_lib.pilots.single_view.search.words import STREET_TYPES, words_sql

People = npt.NDArray[np.int32]
"""Numbers of people: their places in `Index.best`."""

_BEST = """
SELECT n.entity_id, p.forename, p.surname, p.date_of_birth::DATE AS date_of_birth,
       p.sex::VARCHAR AS sex, p.address, p.postcode
FROM numbered n JOIN persons p USING (entity_id) ORDER BY n.number
"""

_ROWS = """
SELECT n.number, d.forename, d.surname, d.date_of_birth::DATE AS date_of_birth, d.address,
       d.postcode, d.ended_on IS NULL AS now
FROM details d JOIN numbered n USING (entity_id) ORDER BY n.number
"""


@dataclass(frozen=True)
class Postings:
    """The people of each of some values.

    Attributes
    ----------
    values : ndarray
        The different values, in order: words, postcodes, or days.
    starts : ndarray of int, shape (values + 1,)
        Where the people of each value begin in `people`.
    people : ndarray of int32
    """

    values: npt.NDArray
    starts: npt.NDArray[np.int64]
    people: People

    def of(self, places: npt.NDArray[np.intp]) -> People:
        """Return the people of the values at some places; one of two of them comes twice."""
        lengths = self.counts[places]
        ends = np.cumsum(lengths)
        at = np.arange(ends[-1] if len(ends) else 0)
        at += np.repeat(self.starts[places] - (ends - lengths), lengths)
        return self.people[at]

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many people each value is of."""
        return np.diff(self.starts)

    @cached_property
    def letters(self) -> npt.NDArray[np.uint32]:
        """For each word which letters are in it, a bit a letter."""
        if not len(self.values):
            return np.zeros(0, dtype=np.uint32)
        codes = self.values.astype("U24").view("U1").reshape(len(self.values), -1)
        places = np.where(codes == "", 31, codes.view(np.uint32) - ord("a"))
        bits = np.where(places < 26, np.uint32(1) << np.minimum(places, 31).astype(np.uint32), 0)
        return np.bitwise_or.reduce(bits.astype(np.uint32), axis=1)

    @cached_property
    def lengths(self) -> npt.NDArray[np.int64]:
        """How long each word is."""
        return np.strings.str_len(self.values)

    @cached_property
    def sounds(self) -> npt.NDArray:
        """What each word sounds like: Metaphone."""
        return np.array([jellyfish.metaphone(word) for word in self.values.tolist()])


@dataclass(frozen=True)
class Index:
    """Everything that people are found by.

    Attributes
    ----------
    best : pyarrow.Table
        The best view of each number, in order.
    rows : pyarrow.Table
        What partners have of each: names, birth date, address, and when that ended.
    first_row : ndarray of int, shape (people + 1,)
        Where the rows of each number begin.
    forenames, surnames, addresses : Postings
        Of words.
    postcodes : Postings
        Without spaces.
    births : Postings
        Of days, ``datetime64[D]``.
    aliases : dict of str to str
        Short forms of forenames and what they stand for, learned from this county's linked records.
    """

    best: pyarrow.Table
    rows: pyarrow.Table
    first_row: npt.NDArray[np.int64]
    forenames: Postings
    surnames: Postings
    addresses: Postings
    postcodes: Postings
    births: Postings
    aliases: dict[str, str]

    @property
    def people(self) -> int:
        """How many there are."""
        return len(self.best)

    def best_of(self, numbers: npt.NDArray[np.intp]) -> list[dict[str, Any]]:
        """Return the best view of some people, each as a dictionary."""
        return self.best.take(numbers).to_pylist()

    def rows_of(self, numbers: npt.NDArray[np.intp]) -> list[list[dict[str, Any]]]:
        """Return the rows of each of some people."""
        spans = [np.arange(self.first_row[n], self.first_row[n + 1]) for n in numbers]
        whole = iter(self.rows.take(np.concatenate(spans)).to_pylist())
        return [[next(whole) for _ in span] for span in spans]


def build_index(connection: duckdb.DuckDBPyConnection) -> Index:
    """Make the index of a store.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Holds ``persons`` and ``details``; is given the table ``numbered`` (``entity_id, number``).
    """
    connection.execute(
        "CREATE OR REPLACE TABLE numbered AS SELECT entity_id, "
        "(row_number() OVER (ORDER BY entity_id) - 1)::INTEGER AS number FROM persons"
    )
    best = connection.sql(_BEST).to_arrow_table().combine_chunks()
    rows = connection.sql(_ROWS).to_arrow_table().combine_chunks()
    owners = rows.column("number").to_numpy()
    expanded = " ".join(f"WHEN '{short}' THEN '{whole}'" for short, whole in STREET_TYPES.items())
    forenames = _words(connection, "forename")
    return Index(
        best,
        rows.drop_columns("number"),
        np.searchsorted(owners, np.arange(len(best) + 1)),
        forenames,
        _words(connection, "surname"),
        _words(connection, "address", f"CASE word {expanded} ELSE word END"),
        _postings(connection, "upper(regexp_replace(postcode, '[^A-Za-z0-9]', '', 'g'))"),
        _postings(connection, "date_of_birth::DATE"),
        _aliases(forenames),
    )


def _words(
    connection: duckdb.DuckDBPyConnection, column: str, as_compared: str = "word"
) -> Postings:
    return _grouped(
        connection,
        f"SELECT number, {as_compared} AS value FROM ("
        f"SELECT number, unnest({words_sql('text')}) AS word FROM ("
        f"SELECT DISTINCT n.number, d.{column}::VARCHAR AS text "
        f"FROM details d JOIN numbered n USING (entity_id) WHERE d.{column} IS NOT NULL)) "
        "WHERE word <> ''",
    )


def _postings(connection: duckdb.DuckDBPyConnection, value: str) -> Postings:
    return _grouped(
        connection,
        f"SELECT n.number, {value} AS value FROM details d JOIN numbered n USING (entity_id)",
    )


def _grouped(connection: duckdb.DuckDBPyConnection, rows: str) -> Postings:
    """Sort people by value; each stands once under each."""
    table = connection.sql(
        f"SELECT value, number FROM ({rows}) WHERE value IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).to_arrow_table()
    coded = table.column("value").combine_chunks().dictionary_encode()
    values = coded.dictionary.to_numpy(zero_copy_only=False)
    kind = "datetime64[D]" if pyarrow.types.is_date(coded.dictionary.type) else np.str_
    starts = np.searchsorted(coded.indices.to_numpy(), np.arange(len(values) + 1))
    people = table.column("number").to_numpy()
    return Postings(values.astype(kind), starts, people)


def _aliases(forenames: Postings) -> dict[str, str]:
    """Learn short forms from people who are known by two forenames."""
    records = pd.DataFrame({"forename": np.repeat(forenames.values, forenames.counts)})
    learned = learn_aliases(records, forenames.people, ["forename"])
    return dict(zip(learned["value"], learned["alias_of"], strict=True))
