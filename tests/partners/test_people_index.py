"""Whose rows were loaded, kept once each and in order, so that one load has one file."""

import numpy as np

from tests.partners.domestic_county import domestic_door, domestic_settings
from woda_lib.partners.people_index import PeopleIndex


def kept(folder, digest):
    (path,) = folder.rglob(f"{digest}.npy")
    return np.load(path).tolist()


def test_each_different_row_is_kept_once_in_order(tmp_path):
    key = domestic_door(domestic_settings(tmp_path / "county", []), "linkage", "1_link").key
    index = PeopleIndex(tmp_path / "people")
    rows = np.array([[7, 2], [7, 1], [3, 9], [7, 2], [2**63, 0], [3, 9]], dtype=np.uint64)
    digest = index.add(rows, key)
    assert kept(index.folder, digest) == [[3, 9], [7, 1], [7, 2], [2**63, 0]]
    assert index.add(rows[::-1], key) == digest
    assert index.add(rows[:2], key) != digest
