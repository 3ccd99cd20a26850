"""The sources as tables that Splink can link: standardised fields, and columns made beforehand.

SQL cannot do everything that our levels and blocking keys do: Soundex in our reading, the check
digit of an NHS number, the words of a name. Such things depend on one record alone, so the code
that every engine shares works them out once per record and Splink finds them as columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.identifiers import valid_nhs_numbers
from woda_lib.linkage.keys import Key
from woda_lib.linkage.spec import LinkageSpec

RECORD = "record"  # position in the table of records; Splink's unique_id
SOURCE = "source_dataset"  # Splink's own name for it
_RESERVED = (RECORD, SOURCE, "cluster_id", "match_key")


@dataclass(frozen=True)
class Columns:
    """Names of the columns that Splink sees for a specification.

    Names must be safe and distinct in SQL, where case does not count; a field name need not be.
    A field whose name is safe keeps it.

    Attributes
    ----------
    sources
        Source name to the name Splink knows it by.
    fields
        Field name to column of standardised values.
    words
        Field to column of its distinct words, for fields compared by `shared_words`.
    valid
        Field to column that says whether its NHS number passes the check.
    keys
        Blocking key to its column; that of the field itself where the key is a plain field.
    """

    sources: dict[str, str]
    fields: dict[str, str]
    words: dict[str, str]
    valid: dict[str, str]
    keys: dict[Key, str]

    @classmethod
    def of(cls, spec: LinkageSpec) -> Columns:
        """Name the columns that a specification needs."""
        taken = set(_RESERVED)
        fields = {field.name: _named(field.name, taken) for field in spec.fields}
        compared = {each.field: {level.test for level in each.levels} for each in spec.comparisons}
        functions = dict.fromkeys(key for rule in spec.rules for key in rule)
        sources: set[str] = set()
        return cls(
            sources={source.name: _named(source.name, sources) for source in spec.sources},
            fields=fields,
            words={
                field: _named(f"{fields[field]}_words", taken)
                for field, tests in compared.items()
                if "shared_words" in tests
            },
            valid={
                field: _named(f"{fields[field]}_valid", taken)
                for field in compared
                if spec.kinds[field] == "nhs_number"
            },
            keys={
                key: (
                    fields[key.field]
                    if key.function is None
                    else _named(f"{key.function}_of_{fields[key.field]}", taken)
                )
                for key in functions
            },
        )


def splink_tables(records: pd.DataFrame, spec: LinkageSpec) -> dict[str, pa.Table]:
    """Make one table per source, with every column that the settings name.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    spec
        The specification.

    Returns
    -------
    dict of str to pyarrow.Table
        By the name Splink knows the source by; columns as in `Columns`, ``record`` and
        ``source_dataset``.
    """
    columns = Columns.of(spec)
    made: dict[str, pa.Array] = {
        RECORD: pa.array(np.arange(len(records)), type=pa.int64()),
        SOURCE: pa.array(records["source"].map(columns.sources), type=pa.string()),
    }
    for field, name in columns.fields.items():
        made[name] = _texts(records[field])
    for field, name in columns.words.items():
        made[name] = _derived(records[field], _distinct_words, pa.list_(pa.string()))
    for field, name in columns.valid.items():
        made[name] = _derived(records[field], valid_nhs_numbers, pa.bool_())
    for key, name in columns.keys.items():
        if key.function is not None:
            made[name] = _texts(key.values(records))
    everything = pa.table(made)
    numbers = records["source"].map(columns.sources).to_numpy()
    return {name: everything.filter(numbers == name) for name in columns.sources.values()}


def beyond_ascii(tables: dict[str, pa.Table], columns: Iterable[str]) -> bool:
    """Say whether any text of the columns holds a letter that takes more than one byte."""
    plain = [
        pc.all(pc.string_is_ascii(table[column]), min_count=0).as_py()
        for table in tables.values()
        for column in columns
    ]
    return not all(plain)


def _named(wanted: str, taken: set[str]) -> str:
    """Turn a name into one that SQL takes and nothing else has yet; adds it to `taken`."""
    plain = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")
    plain = plain if plain[:1].isalpha() else f"f_{plain}".rstrip("_")
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
    taken.add(name)
    return name


def _texts(values: pd.Series) -> pa.Array:
    return pa.array(values.to_numpy(dtype=object), type=pa.string(), from_pandas=True)


def _derived(
    values: pd.Series, function: Callable[[np.ndarray], Iterable], kind: pa.DataType
) -> pa.Array:
    """Apply a function of an array to the distinct values; missing stays missing."""
    codes, uniques = pd.factorize(values)
    made = list(function(np.asarray(uniques, dtype=object)))
    distinct = pa.array([*made, None], type=kind)  # code −1 takes the last
    return distinct.take(pa.array(np.where(codes < 0, len(made), codes)))


def _distinct_words(texts: np.ndarray) -> list[list[str]]:
    return [list(dict.fromkeys(text.split())) for text in texts]
