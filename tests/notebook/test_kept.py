"""Tables that a step hands on to its own next run: what is taken over, and what is not, and why."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from tests.notebook.conftest import Desk
from tests.notebook.unlike import earlier_clock, other_extracts, other_key, other_pseudonyms
from woda_lib.notebook import Kept
from woda_lib.partners import AgreementError, audit_log
from woda_lib.partners.lineage import Blanked
from woda_lib.settings import Settings

HOMES = pd.DataFrame({"household_id": ["h1", "h2"], "people": [2, 3]})
PEOPLE = pd.DataFrame({"household_id": ["h1", "h1"], "place": [1, 2]})
RULES = "these"


def save(desk: Desk, **frames: pd.DataFrame) -> None:
    tables = {"homes": HOMES, "people": PEOPLE, **frames}
    desk.begin().save_each(tables, rules=dict.fromkeys(tables, RULES))


def kept(desk: Desk, *names: str, rules: str = RULES) -> Kept:
    return desk.begin().kept_tables(names or ("homes", "people"), rules=rules)


def test_the_first_run_has_nothing_to_take_over(desk: Desk):
    found = kept(desk)
    assert (found.says, dict(found.tables), found.as_of) == (
        "Nothing was taken over. No earlier run has kept any of it.",
        {},
        None,
    )


def test_what_was_kept_comes_back_as_it_was(desk: Desk):
    save(desk)
    found = kept(desk)
    assert found.says == "Taken over from this draft, which had read up to 31 January 2022."
    assert found.as_of == date(2022, 1, 31)
    pd.testing.assert_frame_equal(found.tables["homes"], HOMES)
    pd.testing.assert_frame_equal(found.tables["people"], PEOPLE)


def test_a_run_takes_over_from_the_last_complete_one(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    save(desk)
    copytree(desk.draft, desk.draft.with_name("2022-02-01T00-00-00-aaaa"))
    (desk.draft.with_name("2022-02-01T00-00-00-aaaa") / "manifest.json").write_text("{}")
    save(desk, homes=HOMES.assign(people=9))
    monkeypatch.setenv("WODA_STEP_FOLDER", str(desk.draft.with_name(".next.partial")))
    monkeypatch.setenv("WODA_RUN_ID", "next")
    found = kept(desk)
    assert found.says.startswith("Taken over from run 2022-02-01T00-00-00-aaaa, ")
    pd.testing.assert_frame_equal(found.tables["homes"], HOMES)


def test_it_is_recorded_as_an_input_of_its_own_kind(desk: Desk):
    save(desk)
    run = desk.begin()
    run.kept_tables(["homes"], rules=RULES)
    run.answer("One.")
    run.finish()
    assert [(each.name, each.previous) for each in desk.record().inputs] == [
        ("tiny/1_count:homes", True)
    ]


def test_the_audit_log_knows_that_it_was_read(desk: Desk):
    save(desk)
    kept(desk, "homes")
    last = list(audit_log(Settings()).records())[-1]
    assert (last.kind, last.dataset, last.rows) == ("load", "tiny/1_count:homes", 2)


def test_nothing_else_reads_what_a_step_hands_on_to_itself(desk: Desk):
    save(desk)
    with pytest.raises(AgreementError, match=r"lets nobody read tiny/1_count:homes but the step"):
        desk.begin().load("tiny/1_count:homes")
    assert list(audit_log(Settings()).records())[-1].kind == "denial"


def test_what_the_agreement_hides_since_is_not_taken_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    save(desk)

    def hides(frame: pd.DataFrame, *_: object, table: str) -> tuple[pd.DataFrame, list[Blanked]]:
        return frame, [Blanked(table, "people", "notices", "people", "2", len(frame))]

    monkeypatch.setattr("woda_lib.partners.door.blanked", hides)
    found = kept(desk)
    assert found.says.endswith("kept holds what the agreement no longer shows this step.")
    assert not found.tables


def test_what_was_kept_for_nobody_is_not_taken_over(desk: Desk):
    desk.begin().save_each({"homes": HOMES})
    assert kept(desk, "homes").says.endswith("What this draft kept was made by other rules.")


def _files(desk: Desk) -> dict[str, Path]:
    return {path.stem: path for path in (desk.draft / "restricted" / "1_count").iterdir()}


def _past_its_date(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = (datetime.now() - timedelta(days=365 * 12)).timestamp()
    os.utime(_files(desk)["people"], (long_ago, long_ago))


def _half_of_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _files(desk)["people"].unlink()


def _of_two_executions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _files(desk)["people"].read_bytes()
    save(desk)
    _files(desk)["people"].write_bytes(before)


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (other_extracts, "is of other extracts"),
        (other_pseudonyms, "goes by other pseudonyms"),
        (other_key, "cannot be opened"),
        (earlier_clock, "knows later deliveries"),
        (_past_its_date, "is past its date"),
        (_half_of_it, "is not whole"),
        (_of_two_executions, "is not of one execution"),
    ],
)
def test_what_does_not_fit_is_not_taken_over_and_the_reason_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, spoilt, why: str
):
    save(desk)
    spoilt(desk, monkeypatch)
    found = kept(desk)
    assert (found.says, dict(found.tables)) == (
        f"Nothing was taken over. What this draft kept {why}.",
        {},
    )


def test_what_was_made_by_other_rules_is_not_even_read(desk: Desk):
    save(desk)
    found = kept(desk, rules="others")
    assert found.says == "Nothing was taken over. What this draft kept was made by other rules."
    assert not [each for each in audit_log(Settings()).records() if each.kind == "load"]
