"""A study that loads nothing is planned on partners' extracts too, if there is a key for it."""

from __future__ import annotations

import pytest

from tests.workbench.bench import Bench
from woda_lib.partners import key_of_tables
from woda_lib.partners.key_events import create_key
from woda_lib.partners.key_store import KeyStoreError
from woda_lib.workbench import make_plan


@pytest.fixture
def study(bench: Bench) -> Bench:
    bench.ask_one_step("# Is it worth it?", 'run = begin("tiny", "1_only")')
    step = {"name": "1_only", "question": "Is it worth it?", "purpose": "study"}
    bench.write_pilot(agreement="none", steps=[step], answered_by="1_only", parameters={})
    return bench


def test_its_counts_are_locked_under_a_key_of_its_own(study, monkeypatch):
    monkeypatch.delenv("WODA_KEY_RING")
    monkeypatch.setenv("WODA_KEY_PASSPHRASE", "a long passphrase for a test")
    with pytest.raises(KeyStoreError, match="none"):
        make_plan(study.pilot, settings=study.settings)
    create_key("none", study.settings)
    plan = make_plan(study.pilot, settings=study.settings)
    assert [planned.step.name for planned in plan.steps] == ["1_only"]
    assert key_of_tables("none", synthetic=False, settings=study.settings)
