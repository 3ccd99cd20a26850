"""Restricted tables: row-level Parquet, encrypted under the agreement's key (modular encryption).

Each file has data keys of its own (AES-GCM, 128 bits), which lie in it wrapped with the agreement's
key. Columns, their names and the footer are all encrypted, so that a stolen ``outputs/`` folder
reads as noise, and a bit that is changed is noticed. When the key is destroyed, every copy of every
table under it is gone with it. No statistics are kept of a column: tables are read whole.

References
----------
Apache Parquet, *Parquet Modular Encryption*.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet as parquet
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyarrow.parquet import encryption

from woda_lib.errors import WodaError
from woda_lib.partners.key_store import KeyStoreError
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.texts import frame_of
from woda_lib.records import TableNotFound

ROWS_AT_ONCE = 1 << 18
"""Rows of a table that are written at a time: so many are held in Arrow's form beside the frame."""

MANY_CATEGORIES = 1 << 16
"""Of a column, from which twice as many rows are written at a time: each piece of a file holds
all categories anew."""

_NONCE = 12
_NOTES = b"woda"


class RestrictedTableError(WodaError):
    """A restricted table cannot be opened under the agreement at hand."""


def write_restricted(
    path: Path, frame: pd.DataFrame, key: AgreementKey, notes: Mapping[str, str] | None = None
) -> None:
    """Write a table whole or not at all, encrypted under the newest version of a key.

    Parameters
    ----------
    path : Path
    frame : DataFrame
    key : AgreementKey
    notes : mapping of str to str, optional
        Kept with the table, encrypted like it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    categories = _categories(frame)
    schema = _schema(frame, categories)
    metadata = {**(schema.metadata or {}), _NOTES: json.dumps(dict(notes or {})).encode()}
    schema = schema.with_metadata(metadata)
    configuration = encryption.EncryptionConfiguration(
        footer_key=_master(key, key.version), uniform_encryption=True, double_wrapping=False
    )
    properties = _factory(key).file_encryption_properties(
        encryption.KmsConnectionConfig(), configuration
    )
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with parquet.ParquetWriter(
            hidden,
            schema,
            encryption_properties=properties,
            compression="zstd",
            write_statistics=False,
        ) as writer:
            for piece in _pieces(frame, schema, categories):
                writer.write_table(piece)
                del piece  # before the next is made
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
    hidden.replace(path)


def read_restricted(path: Path, reference: str, key: AgreementKey) -> pd.DataFrame:
    """Read a table that a step saved; see `read_with_notes`."""
    return read_with_notes(path, reference, key)[0]


def read_with_notes(
    path: Path, reference: str, key: AgreementKey, *, columns: Collection[str] | None = None
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Read a table that a step saved, and the notes that were kept with it.

    Parameters
    ----------
    path : Path
    reference : str
        How the notebook named it, for the error.
    key : AgreementKey
        Of the agreement under which the table is read: the one under which it was saved.
    columns : collection of str, optional
        Those that are read; the others stay locked. None at all leaves the notes alone.

    Raises
    ------
    TableNotFound
        If no such table was saved.
    RestrictedTableError
        If it was saved under another agreement or another key, or is damaged.
    """
    properties = _factory(key).file_decryption_properties(
        encryption.KmsConnectionConfig(), encryption.DecryptionConfiguration()
    )
    try:
        with parquet.ParquetFile(path, decryption_properties=properties) as file:
            asked = None if columns is None else list(columns)
            table = file.read(columns=asked)
            notes = json.loads((file.schema_arrow.metadata or {}).get(_NOTES, b"{}"))
            return frame_of(table), notes
    except FileNotFoundError:
        step, _, table = reference.partition(":")
        raise TableNotFound(
            f"{reference} is not there. Check that {step} saves a table called {table}; then run "
            f"all cells of notebooks/{step}.ipynb, or `woda run {step.partition('/')[0]}`."
        ) from None
    except (RestrictedTableError, KeyStoreError) as error:
        raise RestrictedTableError(f"{reference} cannot be opened. {error}") from None
    except (OSError, ValueError, pyarrow.ArrowException):
        raise RestrictedTableError(
            f"{reference} cannot be opened: {path.name} is damaged, or was saved by a workbench "
            "that did not encrypt. Run the step that saves it again."
        ) from None


def _categories(frame: pd.DataFrame) -> dict[int, pyarrow.Array]:
    """Return the categories of each column that has some in Arrow's form, by the column's place.

    They are handed over once, and not anew for the schema and for each piece.
    """
    return {
        place: _whole(pd.Series(column.cat.categories))
        for place, (_, column) in enumerate(frame.items())
        if isinstance(column.dtype, pd.CategoricalDtype)
    }


def _whole(values: pd.Series) -> pyarrow.Array:
    held = _as_held(values)
    return pyarrow.array(held, None if held is values else pyarrow.string(), from_pandas=True)


def _schema(frame: pd.DataFrame, categories: Mapping[int, pyarrow.Array]) -> pyarrow.Schema:
    """Return the schema of `Table.from_pandas`, without making the table.

    Of a column of Python objects values are looked at until there is one: a piece may hold none.
    """
    first = frame.iloc[:1].copy()
    for place in categories:
        first.isetitem(place, _numbered(frame.iloc[:1, place]))
    schema = pyarrow.Schema.from_pandas(first, preserve_index=False)
    for place, (_, column) in enumerate(frame.items()):
        if column.dtype == object:
            # One text tells: where others are none, no column can be made of them at all.
            there = column.to_numpy()[column.notna().to_numpy()]
            told = any(isinstance(value, str) for value in there)
            kind = pyarrow.string() if told else pyarrow.array(column, from_pandas=True).type
            schema = schema.set(place, schema.field(place).with_type(kind))
    schema = pyarrow.Table.from_pandas(first, schema=schema, preserve_index=False).schema
    for place, values in categories.items():
        field = schema.field(place)
        kind = pyarrow.dictionary(field.type.index_type, values.type, field.type.ordered)
        schema = schema.set(place, field.with_type(kind))
    return schema


def _numbered(column: pd.Series) -> pd.Categorical:
    """Return a column with as many categories, of numbers: pandas notes how many there are."""
    held = column.cat
    numbers = pd.RangeIndex(len(held.categories))
    codes: Any = held.codes  # pandas' stubs know lists alone
    return pd.Categorical.from_codes(codes, numbers, ordered=held.ordered)


def _pieces(
    frame: pd.DataFrame, schema: pyarrow.Schema, categories: Mapping[int, pyarrow.Array]
) -> Iterator[pyarrow.Table]:
    """Return a table in Arrow's form, some rows at a time."""
    many = any(len(values) > MANY_CATEGORIES for values in categories.values())
    at_once = ROWS_AT_ONCE * (2 if many else 1)
    for begin in range(0, max(len(frame), 1), at_once):
        rows = frame.iloc[begin : begin + at_once]
        yield _piece(rows, schema, categories)


def _piece(
    rows: pd.DataFrame, schema: pyarrow.Schema, categories: Mapping[int, pyarrow.Array]
) -> pyarrow.Table:
    arrays = [
        _coded(column, categories[place])
        if place in categories
        else pyarrow.array(_as_held(column), field.type, from_pandas=True)
        for place, (field, (_, column)) in enumerate(zip(schema, rows.items(), strict=True))
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _coded(column: pd.Series, categories: pyarrow.Array) -> pyarrow.DictionaryArray:
    codes = column.cat.codes.to_numpy()
    places = pyarrow.array(codes, mask=codes < 0)
    return pyarrow.DictionaryArray.from_arrays(places, categories, ordered=column.cat.ordered)


def _as_held(column: pd.Series) -> pd.Series | np.ndarray:
    """Return pandas' own texts as the objects that they are, of which it would hand over a copy."""
    texts = isinstance(column.dtype, pd.StringDtype) and column.dtype.storage == "python"
    return np.asarray(column.array) if texts else column


def _master(key: AgreementKey, version: str) -> str:
    return f"{key.name}/{version}"


def _factory(key: AgreementKey) -> encryption.CryptoFactory:
    def wrapping(_: object) -> encryption.KmsClient:
        return _Wrapping(key)

    return encryption.CryptoFactory(wrapping)


class _Wrapping(encryption.KmsClient):
    """Wraps the keys of a file with the agreement's key, as a key management service would."""

    def __init__(self, key: AgreementKey) -> None:
        super().__init__()
        self._key = key

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = self._cipher(master_key_identifier).encrypt(
            nonce, key_bytes, master_key_identifier.encode()
        )
        return base64.b64encode(nonce + sealed)

    def unwrap_key(self, wrapped_key: bytes, master_key_identifier: str) -> bytes:
        sealed = base64.b64decode(wrapped_key)
        try:
            return self._cipher(master_key_identifier).decrypt(
                sealed[:_NONCE], sealed[_NONCE:], master_key_identifier.encode()
            )
        except InvalidTag:
            raise RestrictedTableError("It has been changed since it was saved.") from None

    def _cipher(self, master_key_identifier: str) -> AESGCM:
        name, _, version = master_key_identifier.rpartition("/")
        if name != self._key.name:
            raise RestrictedTableError(
                f"It was saved under the agreement {name}, and {self._key.name} is at hand: what "
                "is saved under one agreement is not read under another."
            )
        return AESGCM(self._key.tables(version))
