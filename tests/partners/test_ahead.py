"""Datasets judged by another process come out as if this one had judged them."""

import pytest
from pandas.testing import assert_frame_equal

from tests.partners.small_county import door, settings_for, small_county
from woda_lib.errors import WodaError
from woda_lib.partners import acceptance, ahead

ASKED = ("hospital_spells", "discharge_events", "social_care_clients")


@pytest.fixture
def worth_it(monkeypatch):
    """Let the smallest files be worth another process."""
    monkeypatch.setattr(ahead, "WORTH_IT", 0)


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path, small_county(tmp_path / "county", opt_outs=[]))


@pytest.fixture
def read(monkeypatch):
    """The datasets of which this process read a file."""
    names = []
    reader = acceptance.read_file

    def noted(path, contract):
        names.append(contract.dataset)
        return reader(path, contract)

    monkeypatch.setattr(acceptance, "read_file", noted)
    return names


def loaded(settings, asked=ASKED):
    own = door(settings, purpose="linkage")
    with own.judging_ahead(dict.fromkeys(asked)) as order:
        return {name: own.load(name).frame for name in order}


def size(settings, dataset):
    return sum(path.stat().st_size for path in settings.extracts.glob(f"*/{dataset}_*.csv"))


def test_the_smallest_is_judged_here_and_the_next_ones_beside(settings, tmp_path, worth_it, read):
    found = loaded(settings)
    assert [*found] == sorted(ASKED, key=lambda name: size(settings, name)) != [*ASKED]
    assert {*read} & {*ASKED} == {next(iter(found))}
    alone = door(settings_for(tmp_path / "other", settings.extracts), purpose="linkage")
    for name, frame in found.items():
        assert_frame_equal(frame, alone.load(name).frame)


def test_what_was_loaded_is_told_in_the_order_of_the_asking(settings, worth_it):
    own = door(settings, purpose="linkage")
    with own.judging_ahead(dict.fromkeys(ASKED)) as order:
        for name in order:
            own.load(name)
    assert [*own.fields] == order != [*ASKED]
    own.left_out |= dict.fromkeys(order, 1)
    own.tell_in_order(ASKED)
    assert [*own.fields] == [*own.left_out] == [*ASKED]


def test_what_is_kept_by_rules_of_another_day_is_judged_beside_anew(
    settings, tmp_path, monkeypatch, read
):
    with monkeypatch.context() as earlier:
        earlier.setattr(acceptance, "_rules", lambda: "of another day")
        loaded(settings)
    monkeypatch.setattr(ahead, "WORTH_IT", 0)
    read.clear()
    found = loaded(settings)
    assert {*read} & {*ASKED} == {next(iter(found))}
    alone = door(settings_for(tmp_path / "other", settings.extracts), purpose="linkage")
    for name, frame in found.items():
        assert_frame_equal(frame, alone.load(name).frame)


def test_what_another_process_judges_is_settled_by_no_third(settings, worth_it, monkeypatch):
    asked = dict.fromkeys(ASKED)
    own = door(settings, purpose="linkage")
    monkeypatch.setattr("woda_lib.partners.settling.WORTH_IT", 0)
    monkeypatch.setattr("woda_lib.partners.settling.came_since", lambda *_: True)
    with own.judging_ahead(asked) as (first, *_), own.settling_ahead(asked) as settled:
        assert settled == {first}  # which is judged here


def test_small_files_and_those_that_are_kept_start_no_process(settings, monkeypatch):
    def refused(*_, **__):
        raise AssertionError("a process was started")

    monkeypatch.setattr(ahead.subprocess, "Popen", refused)
    found = loaded(settings)
    monkeypatch.setattr(ahead, "WORTH_IT", 0)
    for name, frame in loaded(settings).items():
        assert_frame_equal(frame, found[name])


def test_where_the_other_process_ends_this_one_judges_what_is_left(
    settings, monkeypatch, worth_it, read
):
    monkeypatch.setattr(ahead, "_JUDGE", "raise SystemExit(1)")
    found = loaded(settings)
    assert set(ASKED) <= set(read)
    assert [len(found[name]) for name in ASKED] == [4, 4, 3]


def test_a_file_that_is_not_the_dataset_is_named_as_ever(settings, worth_it):
    path = settings.extracts / "county_council" / "social_care_clients_2022-01.csv"
    path.write_text("nothing of the kind\n", encoding="utf-8")
    own = door(settings, purpose="linkage")
    says = "is not social_care_clients"
    with pytest.raises(WodaError, match=says), own.judging_ahead(dict.fromkeys(ASKED)):
        for name in ASKED:
            own.load(name)
    with pytest.raises(WodaError, match=says):
        own.load("social_care_clients")


def test_what_may_not_be_read_is_opened_by_nobody(settings, monkeypatch, worth_it):
    asked = {}

    def noted(new, **_):
        asked.update(new)
        raise KeyboardInterrupt

    monkeypatch.setattr("woda_lib.partners.judging.judged_ahead", noted)
    own = door(settings, purpose="linkage")
    fields = {
        "hospital_spells": None,
        "discharge_events": ["free_text"],
        "social_care_clients": None,
    }
    with pytest.raises(KeyboardInterrupt), own.judging_ahead({**fields, "police_contacts": None}):
        pass
    assert list(asked) == ["hospital_spells"]  # the smaller one that may be opened is judged here
