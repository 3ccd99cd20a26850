"""Under which agreement something is shared, and in which state that is at the clock."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.pilots.partnership.roadmap.conftest import PARAMETERS
from woda_lib.partners import Agreement, load_agreements
from woda_lib.pilots.partnership.roadmap.access import (
    access,
    access_of_pairs,
    agreements_table,
    state_of,
)
from woda_lib.records.pilots import read_pilots

DAY = date(2025, 3, 31)
STAYS = "hospital_spells"


@pytest.fixture(scope="module")
def agreements() -> dict[str, Agreement]:
    return load_agreements(PARAMETERS / "agreements")


@pytest.fixture(scope="module")
def flow(agreements: dict[str, Agreement]) -> Agreement:
    return agreements["patient_flow"].model_copy(
        update={
            "starts": date(2021, 4, 1),
            "review": date(2025, 3, 31),
            "ends": date(2026, 3, 31),
        }
    )


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2021, 3, 31), "not begun"),
        (date(2021, 4, 1), "in force"),
        (date(2024, 12, 30), "in force"),
        (date(2024, 12, 31), "review due"),  # 90 days before
        (date(2025, 3, 31), "review due"),
        (date(2025, 4, 1), "review passed"),
        (date(2026, 3, 31), "review passed"),
        (date(2026, 4, 1), "ended"),
    ],
)
def test_the_state_follows_the_dates(flow: Agreement, on: date, state: str):
    assert state_of(flow, "county_council", on=on, soon=90) == state


def test_a_draft_and_who_is_no_party(flow: Agreement):
    draft = flow.model_copy(update={"draft": True})
    assert state_of(draft, "county_council", on=date(2022, 1, 1), soon=90) == "draft"
    assert state_of(flow, "fire_service", on=date(2022, 1, 1), soon=90) == "no party"


def test_each_partner_of_each_shared_dataset_is_told(agreements: dict[str, Agreement]):
    found = access(agreements, on=DAY, soon=180)
    stays = found[found["dataset"] == STAYS].set_index("partner")
    assert stays.index.tolist() == ["worcestershire_acute", "severnside_acute"]
    fields = len(agreements["patient_flow"].datasets[STAYS])
    assert stays["fields"].tolist() == [fields, fields] and (stays["of"] >= fields).all()
    assert stays["frequency"].tolist() == ["monthly", "monthly"]
    assert not found.duplicated(["partner", "dataset", "agreement"]).any()


def test_of_several_agreements_the_best_tells_and_all_are_named():
    found = pd.DataFrame(
        [
            ("council", "gazetteer", "b", 17, 18, 5, "monthly", pd.NaT, "draft"),
            ("council", "gazetteer", "a", 5, 18, 2, "yearly", pd.NaT, "in force"),
            ("council", "gazetteer", "c", 9, 18, 3, "daily", pd.NaT, "in force"),
        ],
        columns="partner dataset agreement fields of purposes frequency review state".split(),
    )  # fmt: skip
    [best] = access_of_pairs(found).to_dict("records")
    assert (best["agreement"], best["fields"], best["state"]) == ("a, b, c", 9, "in force")
    assert best["frequency"] == "daily"


def test_what_rests_on_an_agreement_is_the_steps_of_its_pilots(agreements: dict[str, Agreement]):
    pilots = read_pilots(PARAMETERS)
    found = agreements_table(agreements, pilots, on=DAY, soon=180).set_index("agreement")
    both = len(pilots["business_register"].steps) + len(pilots["asset_map"].steps)
    assert found.loc["business_register", "steps"] == both
    assert (found["signed"] == found["parties"]).all()
