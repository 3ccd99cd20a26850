"""No two releases give a few people away, nor does a run after a release."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from woda_lib.disclosure import CountTable, as_rows
from woda_lib.notebook.memory import COUNTS
from woda_lib.partners import key_for_made_up, key_of_tables, write_restricted
from woda_lib.records import Value, complete_runs, kept_folder
from woda_lib.workbench.releases import ReleaseError, withdraw_release

SECOND = "2030-01-01T06-00-00-ab12"


def wards(*counts, hidden=()):
    """A table of people by ward, some of them withheld."""
    names = ["Arrow", "Teme", "Leam"]
    return CountTable(
        "wards",
        pd.DataFrame({"ward": names}),
        ("people",),
        np.array(counts, float).reshape(3, 1),
        np.array([name in hidden for name in names]).reshape(3, 1),
    )


def count(hub, run, table, *, synthetic=True, as_of=date(2025, 3, 31)):
    """Let step 1_count of a run have counted this."""
    if synthetic:
        key_for_made_up("tiny", hub.settings)
    key = key_of_tables("tiny", synthetic=synthetic, settings=hub.settings)
    write_restricted(run.table("1_count", COUNTS), as_rows([table]), key)

    def counted(record):
        own = record.step == "1_count"
        people = (Value(name="people", value=115.0, unit="people"),) if own else ()
        values = tuple(value for value in record.values if value.name != "people")
        return {"values": (*values, *people), "synthetic": synthetic, "as_of": as_of}

    hub.change_run(run, counted)


def first_of(hub):
    """The run that is released."""
    return complete_runs(hub.settings.outputs_folder, "tiny")[0]


@pytest.fixture
def second(hub):
    """A second run, once the first one has counted and is released."""
    first = hub.run
    run = hub.another_run(SECOND, 7.0)
    count(hub, first, wards(40, 23, 50))
    hub.release(run_id=first.path.name)
    return run


def test_counts_that_differ_by_one_person_from_a_releases_are_not_released(hub, second):
    count(hub, second, wards(40, 22, 50))
    with pytest.raises(
        ReleaseError, match=r"Its wards shows a count that differs .*tiny 1\.0"
    ) as e:
        hub.release()
    assert not {"22", "23", "Teme"} & set(str(e.value).split())


def test_a_withdrawn_release_has_been_read_too(hub, second):
    withdraw_release("tiny", "1.0", reason="A mistake.", settings=hub.settings)
    count(hub, second, wards(40, 22, 49))
    with pytest.raises(ReleaseError, match="2 counts that differ"):
        hub.release()


ALLOWED = [
    (wards(40, 23, 50), date(2025, 3, 31)),  # the same counts
    (wards(40, 22, 50, hidden=["Teme"]), date(2025, 3, 31)),  # the gate withheld it
    (wards(40, 29, 50), date(2025, 3, 31)),  # enough people
    (wards(40, 22, 50), date(2025, 4, 30)),  # a month later rounding hides who came and went
]


@pytest.mark.parametrize(("table", "as_of"), ALLOWED)
def test_what_gives_nobody_away_is_released(hub, second, table, as_of):
    count(hub, second, table, as_of=as_of)
    assert hub.release().release.version == "1.1"


def test_a_release_is_compared_with_when_its_runs_folder_is_gone(hub, second):
    first = first_of(hub)
    first.path.rename(hub.bench.root / "gone")
    count(hub, second, wards(40, 22, 50))
    with pytest.raises(ReleaseError, match=r"tiny 1\.0"):
        hub.release()


def test_a_run_whose_counts_are_erased_cannot_be_compared(hub, second):
    count(hub, second, wards(40, 22, 50))
    second.table("1_count", COUNTS).unlink()
    with pytest.raises(ReleaseError, match="The counts of its step 1_count are gone"):
        hub.release()


def test_once_a_releases_counts_are_erased_nothing_on_its_real_extracts_is_released(hub):
    first = hub.run
    second = hub.another_run(SECOND, 7.0)
    later = hub.another_run("2031-01-01T06-00-00-ab12", 8.0)
    count(hub, first, wards(40, 23, 50), synthetic=False)
    hub.release(run_id=first.path.name)
    kept = kept_folder(hub.settings.outputs_folder, "tiny", "1.0")
    kept.table("1_count", COUNTS).unlink()
    count(hub, second, wards(40, 23, 50), synthetic=False)
    count(hub, later, wards(40, 23, 50), synthetic=False, as_of=date(2025, 4, 30))
    with pytest.raises(ReleaseError, match=r"What tiny 1\.0 counted is no longer kept"):
        hub.release(run_id=SECOND)
    assert hub.release(run_id=later.path.name).release.version == "1.1"


def test_counts_are_kept_apart_from_what_people_read_and_bear_the_day_of_the_run(hub, second):
    kept = kept_folder(hub.settings.outputs_folder, "tiny", "1.0")
    own = first_of(hub)
    source = own.table("1_count", COUNTS)
    assert kept.table("1_count", COUNTS).read_bytes() == source.read_bytes()
    assert kept.table("1_count", COUNTS).stat().st_mtime == source.stat().st_mtime
    assert kept.path.stat().st_mode & 0o077 == 0
    assert not list(hub.releases.rglob("*.parquet"))
