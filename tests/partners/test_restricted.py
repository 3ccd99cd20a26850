"""Restricted tables: noise without the key, and the same table with it."""

import pandas as pd
import pyarrow
import pyarrow.parquet as parquet
import pytest
from pyarrow.parquet import encryption

from woda_lib.partners import restricted
from woda_lib.partners.key_store import FolderStore, Ring
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.restricted import RestrictedTableError, read_restricted, write_restricted
from woda_lib.records import TableNotFound

REFERENCE = "tiny/1_count:stays"
WORDS = ["unmistakable", "Bredon", "surname_of_somebody"]


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "surname_of_somebody": pd.array(["unmistakable", None] * 50, "string"),
            "ward": pd.Categorical(["Bredon", "Teme"] * 50),
            "on": pd.to_datetime(["2024-05-01", None] * 50),
            "days": pd.array([1, None] * 50, "Int64"),
        }
    )


def key(name="flow", **secrets):
    made = secrets or {"v1": b"1" * 32}
    return AgreementKey(Ring(name, made))


def test_a_table_comes_back_the_same_under_its_key(tmp_path, frame):
    path = tmp_path / "restricted" / "stays.parquet"
    write_restricted(path, frame, key())
    pd.testing.assert_frame_equal(read_restricted(path, REFERENCE, key()), frame)
    assert [p.name for p in path.parent.iterdir()] == ["stays.parquet"]


@pytest.mark.parametrize("many", [1, 1 << 16])
def test_a_table_written_in_pieces_is_the_table_written_at_once(tmp_path, frame, monkeypatch, many):
    told = pd.Series([None] * 90 + ["told"] * 10, dtype=object)  # nothing of it in the first pieces
    frame = frame.assign(told=told, never=pd.Series([None] * 100, dtype=object), odds=0.5)
    write_restricted(tmp_path / "whole.parquet", frame, key(), {"made": "today"})
    monkeypatch.setattr(restricted, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(restricted, "MANY_CATEGORIES", many)
    write_restricted(tmp_path / "pieces.parquet", frame, key(), {"made": "today"})
    whole, pieces = (
        restricted.read_with_notes(tmp_path / f"{name}.parquet", REFERENCE, key())
        for name in ("whole", "pieces")
    )
    pd.testing.assert_frame_equal(pieces[0], whole[0])
    assert pieces[1] == whole[1] == {"made": "today"}


def test_of_what_cannot_be_written_nothing_is_left(tmp_path):
    mixed = pd.DataFrame({"told": ["a text", 7]})
    with pytest.raises(pyarrow.ArrowException):
        write_restricted(tmp_path / "stays.parquet", mixed, key())
    assert not list(tmp_path.iterdir())


def test_nothing_is_counted_of_a_column(tmp_path, frame):
    path = tmp_path / "stays.parquet"
    write_restricted(path, frame, key())
    properties = restricted._factory(key()).file_decryption_properties(
        encryption.KmsConnectionConfig(), encryption.DecryptionConfiguration()
    )
    group = parquet.read_metadata(path, decryption_properties=properties).row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    assert not any(column.is_stats_set for column in columns)


def test_a_stolen_table_reads_as_noise(tmp_path, frame):
    path = tmp_path / "stays.parquet"
    write_restricted(path, frame, key())
    content = path.read_bytes()
    assert not any(word.encode() in content for word in WORDS)
    assert content.startswith(b"PARE")  # the footer, and with it the columns' names, is encrypted
    with pytest.raises(OSError):
        parquet.read_table(path)
    with pytest.raises(OSError):
        parquet.read_schema(path)


def test_two_writes_of_one_table_cannot_be_recognised_as_the_same(tmp_path, frame):
    paths = [tmp_path / f"{n}.parquet" for n in (1, 2)]
    for path in paths:
        write_restricted(path, frame, key())
    assert paths[0].read_bytes() != paths[1].read_bytes()


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (key("other"), "It was saved under the agreement flow, and other is at hand"),
        (key("flow", v2=b"2" * 32), "has no version v1"),
        (key("flow", v1=b"2" * 32), "changed since it was saved"),
    ],
)
def test_another_key_does_not_open_it_and_says_why(tmp_path, frame, other, says):
    path = tmp_path / "stays.parquet"
    write_restricted(path, frame, key())
    with pytest.raises(RestrictedTableError, match=says):
        read_restricted(path, REFERENCE, other)


def test_an_older_version_of_a_rotated_key_still_opens_it(tmp_path, frame):
    path = tmp_path / "stays.parquet"
    write_restricted(path, frame, key(v1=b"1" * 32))
    rotated = key(v1=b"1" * 32, v2=b"2" * 32)
    pd.testing.assert_frame_equal(read_restricted(path, REFERENCE, rotated), frame)


def test_a_changed_bit_is_noticed(tmp_path, frame):
    path = tmp_path / "stays.parquet"
    write_restricted(path, frame, key())
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(RestrictedTableError, match="is damaged"):
        read_restricted(path, REFERENCE, key())


def test_a_table_that_no_step_saved_is_asked_for_by_name(tmp_path):
    with pytest.raises(TableNotFound, match=r"Check that tiny/1_count saves a table called stays"):
        read_restricted(tmp_path / "stays.parquet", REFERENCE, key())


def test_what_a_destroyed_key_locked_is_gone(tmp_path, frame):
    store = FolderStore(tmp_path / "keys")
    store.create("flow.synthetic")
    path = tmp_path / "stays.parquet"
    write_restricted(path, frame, AgreementKey(store.ring("flow.synthetic")))
    store.destroy("flow.synthetic")
    store_of_a_thief = FolderStore(tmp_path / "elsewhere")
    store_of_a_thief.create("flow.synthetic")
    with pytest.raises(RestrictedTableError, match="has no version"):
        read_restricted(path, REFERENCE, AgreementKey(store_of_a_thief.ring("flow.synthetic")))
