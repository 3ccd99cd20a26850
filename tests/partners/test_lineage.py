"""A saved table stays governed: what a purpose is not shown reaches no step of that purpose."""

import base64
import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pydantic import SecretStr

from tests.partners.small_county import AGREEMENTS, deliver, settings_for
from tests.pilots.ascii_table import table
from woda_lib.partners import (
    CONTRACTS,
    Denied,
    Door,
    LineageError,
    audit_log,
    hidden_fields,
    load_agreement,
)
from woda_lib.partners.who_saw import who_saw

TRUST = "health_and_care_trust"
INVOLVED = """
    dataset          local_id  service         team
    community_care   a         mental_health   north
    care_services    b         early_help      south
    school_census    c         school          -
"""
STEMS = {
    "service": ["community_care.service", "care_services.service"],
    "team": ["community_care.team", "care_services.team"],
}


WHY = "A school asked for a family meeting."


@pytest.fixture
def settings(tmp_path):
    """A workbench to which every partner delivered nothing, but the trust one person."""
    extracts, agreement = tmp_path / "extracts", load_agreement("single_view", AGREEMENTS)
    for dataset in (*agreement.datasets, "opt_outs"):
        for partner in agreement.partners & set(CONTRACTS[dataset].partners):
            deliver(extracts, partner, dataset, [], month="2025-03")
    row = {"community_care_id": "X1", "community_number": "N1", "nhs_number": "9990000018"}
    deliver(extracts, TRUST, "community_care", [row], month="2025-03")
    ring = SecretStr(json.dumps({"single_view": base64.b64encode(b"k" * 32).decode()}))
    return settings_for(tmp_path, extracts, key_ring=ring)


def door(settings, purpose, step="1_build"):
    agreement = load_agreement("single_view", AGREEMENTS)
    return Door(agreement, purpose, settings, run=f"single_view/draft/{step}")


def passed_on(settings, frame, purpose, fields=STEMS):
    """Save a table for linkage and load it for another purpose."""
    path, name = (
        settings.outputs_folder / "involvements.parquet",
        "single_view/1_build:involvements",
    )
    door(settings, "linkage").save(path, name, frame, fields=fields)
    opened = door(settings, purpose, "2_person")
    return SimpleNamespace(frame=opened.load_table(path, name), door=opened)


def test_a_value_is_blanked_where_its_row_is_of_a_dataset_whose_field_is_hidden(settings):
    found = passed_on(settings, table(INVOLVED), "early_help")
    assert found.frame["service"].tolist() == [pd.NA, "early_help", "school"]
    assert found.frame["team"].tolist() == [pd.NA, "south", pd.NA]
    blank, other = found.door.hidden
    assert (other.column, other.field, other.values) == ("team", "team", 1)
    assert (blank.dataset, blank.field, blank.values) == ("community_care", "service", 1)
    assert blank.clause == "single_view.datasets.community_care.service / purposes.early_help.uses"


def test_a_purpose_that_covers_the_field_is_shown_it(settings):
    found = passed_on(settings, table(INVOLVED), "planning")
    assert found.frame["service"].tolist() == ["mental_health", "early_help", "school"]
    assert found.door.hidden == []


def test_a_column_that_does_not_tell_its_dataset_is_blanked_whole(settings):
    found = passed_on(settings, table(INVOLVED).drop(columns="dataset"), "early_help")
    assert found.frame["service"].isna().all()
    assert found.frame["local_id"].tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (pd.Categorical(["one", "two", "three"]), [pd.NA, "two", "three"]),
        ([True, False, True], [pd.NA, False, True]),
        ([1, 2, 3], [pd.NA, 2, 3]),
        (np.array([1, 2, 2**64 - 1], dtype=np.uint64), [pd.NA, 2, 2**64 - 1]),
        (pd.to_datetime(["2024-01-01"] * 3), [pd.NaT, *[pd.Timestamp("2024-01-01")] * 2]),
    ],
)
def test_whatever_its_kind_the_value_is_gone(settings, values, kept):
    frame = table(INVOLVED).assign(service=values)
    found = passed_on(settings, frame, "early_help").frame["service"]
    assert [*found.isna()] == [True, False, False]
    assert [*found[1:]] == kept[1:]
    if isinstance(found.dtype, pd.CategoricalDtype):
        assert "one" not in found.cat.categories


def test_a_column_that_nobody_spoke_of_is_every_field_of_its_name_that_was_loaded(settings):
    building = door(settings, "linkage")
    loaded = building.load("community_care", ["community_number", "service", "surname"]).frame
    path, name = settings.outputs_folder / "kept.parquet", "single_view/1_build:kept"
    building.save(path, name, loaded)
    assert loaded["service"].notna().all()
    worker = door(settings, "early_help").load_table(path, name)
    assert worker["service"].isna().all() and worker["surname"].notna().all()
    planner = door(settings, "planning").load_table(path, name)
    assert planner["service"].notna().all() and planner["surname"].isna().all()


def test_what_was_hidden_is_on_the_record(settings):
    passed_on(settings, table(INVOLVED), "early_help")
    record = [each for each in audit_log(settings).records() if each.kind == "load"][-1]
    assert record.detail == (
        "Hidden from this purpose: community_care.service, community_care.team."
    )


@pytest.mark.parametrize("stem", ["community_care.need", "community_care", "nobody.service"])
def test_a_field_that_the_agreement_does_not_share_is_no_lineage(settings, stem):
    with pytest.raises(LineageError, match=f"stem from '{stem}', which the agreement single_view"):
        passed_on(settings, table(INVOLVED), "planning", {"service": [stem]})


def test_a_column_that_is_not_there_has_no_lineage(settings):
    with pytest.raises(LineageError, match="has no column 'servise'"):
        passed_on(settings, table(INVOLVED), "planning", {"servise": STEMS["service"]})


def test_what_is_hidden_is_listed_with_its_clause_and_in_words():
    agreement = load_agreement("single_view", AGREEMENTS)
    hidden = hidden_fields(agreement, "early_help").set_index(["dataset", "field"])
    assert [*hidden.index] == [
        ("community_care", "service"),
        ("community_care", "team"),
        ("community_care", "need"),
        ("council_tax_accounts", "arrears"),
        ("school_census", "parent_forename"),
        ("school_census", "parent_surname"),
        ("tenancy_members", "arrears"),
        ("tenancy_members", "antisocial"),
        ("police_contacts", "part"),
        ("police_contacts", "offence_group"),
    ]
    part = hidden.loc[("police_contacts", "part")]
    assert part["clause"] == (
        "single_view.datasets.police_contacts.part / purposes.early_help.uses"
    )
    assert part["why"] == (
        "Hidden: part of police_contacts is shared as outcome, and the purpose early_help covers "
        "identifier and pseudonym and attribute only."
    )
    assert hidden.loc[("community_care", "need"), "clause"] == "single_view.datasets.community_care"
    assert set(hidden_fields(agreement, "marketing")["clause"]) == {"single_view.purposes"}


def test_a_look_up_is_found_by_the_persons_number_and_names_nobody(settings):
    building = door(settings, "linkage")
    loaded = building.load("community_care", ["community_number", "surname"]).frame
    path, name = settings.outputs_folder / "details.parquet", "single_view/1_build:details"
    details = loaded.rename(columns={"community_number": "local_id"})
    building.save(path, name, details, fields={"local_id": ["community_care.community_number"]})
    worker = door(settings, "early_help", "2_person")
    shown = worker.load_table(path, name)
    worker.look_up(shown, "single_view/2_person:person", reason=WHY)
    seen = who_saw(f"{TRUST}/N1", settings).records
    assert [each.kind for each in seen] == ["load", "save", "load", "look_up"]
    last = seen[-1]
    assert (last.purpose, last.run, last.rows) == ("early_help", "single_view/draft/2_person", 1)
    assert last.detail == WHY
    assert [each.kind for each in who_saw("9990000018", settings).records][-1] == "look_up"


def test_a_purpose_that_names_nobody_looks_nobody_up_and_the_refusal_is_recorded(settings):
    planner = door(settings, "planning", "3_household_and_property")
    with pytest.raises(Denied, match=r"clause that denies it is 'purposes.planning.uses'"):
        planner.look_up(table(INVOLVED), "single_view/3:person", reason="I would like to know.")
    with pytest.raises(Denied, match="has no purpose 'marketing'"):
        door(settings, "marketing").identifying("single_view/3:search")
    records = [*audit_log(settings).records()]
    assert [(each.kind, each.purpose) for each in records] == [
        ("denial", "planning"),
        ("denial", "marketing"),
    ]
