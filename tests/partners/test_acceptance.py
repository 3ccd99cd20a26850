"""What was accepted once is not read again, and what comes out is what reading again would give."""

from datetime import date

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tests.partners.small_county import ACUTE, door, settings_for, small_county
from woda_lib.partners import CONTRACTS, Delivery, accept, acceptance
from woda_lib.partners.acceptance import held
from woda_lib.partners.retention import delete
from woda_lib.partners.retention import due as what_is_due

REFERRALS = CONTRACTS["social_care_referrals"]
HEADING = ",".join(REFERRALS.columns)
ROW = "{},C1,05/01/2022,hospital,Royal,North,home_care,open,"


@pytest.fixture
def key(tmp_path):
    extracts = small_county(tmp_path / "county", opt_outs=[])
    return door(settings_for(tmp_path, extracts)).key


@pytest.fixture
def month(tmp_path):
    """Write a month's file and return its delivery."""

    def written(number, *lines):
        path = tmp_path / "county_council" / f"{REFERRALS.dataset}_2022-{number:02}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([HEADING, *lines]), encoding="utf-8")
        last = pd.Period(f"2022-{number:02}", freq="M").end_time.date()
        return Delivery(last, "county_council", REFERRALS.dataset, path)

    return written


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were read."""
    names = []
    reader = acceptance.read_file

    def noted(path, contract):
        names.append(path.name[-6:-4])
        return reader(path, contract)

    monkeypatch.setattr(acceptance, "read_file", noted)
    return names


@pytest.fixture
def months(month):
    """Sound rows, a repeated one, a row that is superseded, and faults of each kind."""
    return [
        month(1, ROW.format("R1"), ROW.format("R1"), ROW.format("R2"), "R3,C1"),
        month(2, ROW.format("R2").replace("Royal", "Alexandra"), ROW.format("")),
        month(3, ROW.format("R1").replace("05/01", "35/01"), ROW.format("R4")),
    ]


def same(one, other):
    for name in ("frame", "quarantine", "by_file"):
        assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.counts == other.counts
    assert one.files == other.files


@pytest.mark.parametrize("known", [0, 1, 2, 3])
def test_rows_come_out_as_if_all_had_been_read_together(months, known, key, tmp_path, read):
    if known:
        held(months[:known], REFERRALS, folder=tmp_path, key=key)
    read.clear()
    whole = held(months, REFERRALS, folder=tmp_path, key=key)
    assert read == ["01", "02", "03"][known:]
    same(whole.loaded(), accept(months, REFERRALS))


def test_what_had_been_delivered_by_an_earlier_day_is_taken_from_what_is_kept(
    months, key, tmp_path, read
):
    held(months, REFERRALS, folder=tmp_path, key=key)
    read.clear()
    earlier = held(months[:2], REFERRALS, folder=tmp_path, key=key)
    assert read == []
    same(earlier.loaded(), accept(months[:2], REFERRALS))
    by = held(months, REFERRALS, folder=tmp_path, key=key).loaded(date(2022, 2, 28))
    same(by, accept(months[:2], REFERRALS))


def test_a_file_that_changed_is_read_again_and_so_is_all_under_other_rules(
    months, month, key, tmp_path, read, monkeypatch
):
    held(months, REFERRALS, folder=tmp_path, key=key)
    changed = [months[0], month(2, ROW.format("R9")), months[2]]
    read.clear()
    same(
        held(changed, REFERRALS, folder=tmp_path, key=key).loaded(),
        accept(changed, REFERRALS),
    )
    assert read == ["01", "02", "03"]
    read.clear()
    held(changed, REFERRALS, folder=tmp_path, key=key)
    assert read == []
    monkeypatch.setattr(acceptance, "_rules", lambda: "others")
    held(changed, REFERRALS, folder=tmp_path, key=key)
    assert read == ["01", "02", "03"]


def test_what_is_kept_is_noise_without_the_key_and_a_changed_bit_is_noticed(
    months, key, tmp_path, read
):
    held(months, REFERRALS, folder=tmp_path, key=key)
    (path,) = tmp_path.glob("*/social_care_referrals.parquet")
    content = bytearray(path.read_bytes())
    assert b"Royal" not in content and b"county_council" not in content
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    read.clear()
    same(held(months, REFERRALS, folder=tmp_path, key=key).loaded(), accept(months, REFERRALS))
    assert read == ["01", "02", "03"]


def test_a_load_keeps_what_it_accepted_and_retention_deletes_it_with_the_extract(tmp_path):
    extracts = small_county(tmp_path / "extracts", opt_outs=[])
    settings = settings_for(tmp_path, extracts, as_of_reason="A test.")
    first = door(settings).load("hospital_spells").frame
    every = sorted(settings.accepted_of_extracts.glob("patient_flow/*"))
    assert [path.name for path in every] == [
        "hospital_spells.parquet",
        "hospital_spells.quality.json",
        "opt_outs.parquet",  # what choices are told and followed by is read once as well
        "social_care_clients.parquet",
    ]
    kept = [path for path in every if path.name.startswith("hospital_spells")]
    assert_frame_equal(door(settings).load("hospital_spells").frame, first)
    stone = what_is_due(settings.model_copy(update={"today": date(2060, 1, 1)}), {}, {})
    assert stone == []  # no agreement shares it: nothing says how long
    from tests.partners.test_retention import kept as terms

    later = settings_for(tmp_path, extracts, today=date(2060, 1, 1), as_of_reason="A test.")
    found = [
        d for d in what_is_due(later, terms(data_months=24), {}) if d.path.parent.name == ACUTE
    ]
    delete([d for d in found if d.path.name.startswith("hospital_spells")], later)
    assert not any(path.exists() for path in kept)


def test_a_small_addition_is_read_each_time_and_a_large_one_is_kept(month, key, tmp_path, read):
    rows = [ROW.format(f"R{n}") for n in range(40)]
    first = month(1, *rows)
    held([first], REFERRALS, folder=tmp_path, key=key)
    two = [first, month(2, ROW.format("S1"))]
    for _ in range(2):
        read.clear()
        held(two, REFERRALS, folder=tmp_path, key=key)
        assert read == ["02"]
    three = [*two, month(3, *[ROW.format(f"T{n}") for n in range(9)])]
    held(three, REFERRALS, folder=tmp_path, key=key)
    read.clear()
    held(three, REFERRALS, folder=tmp_path, key=key)
    assert read == []
