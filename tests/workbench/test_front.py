"""What the front page says of an answer: how it moved, how it stands, and how it was reached."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from bs4 import BeautifulSoup, Tag

from tests.workbench.history import FIRST, add_run, release_of_run, run_name, workbench
from woda_lib.records import Attempt, ReleaseStanding, StepOutcome, write_json
from woda_lib.records import standing as releases_room
from woda_lib.settings import Settings
from woda_lib.workbench.review import front, states
from woda_lib.workbench.review.pages import say_duration
from woda_lib.workbench.review.places import difference_page
from woda_lib.workbench.review.site import build_site

Release = Callable[..., None]


@pytest.fixture(autouse=True)
def _nothing_has_changed_since(monkeypatch: pytest.MonkeyPatch) -> None:
    """Histories are written without notebooks, so that only a test can say what is fresh."""
    monkeypatch.setattr(states, "inputs_changed", lambda *_: ())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return workbench(tmp_path)


@pytest.fixture
def release(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Release:
    """Make a release of the nth day's run; what proves releases is tested in its own room."""
    made: list[ReleaseStanding] = []

    def add(version: str, number: int, state: str = "signed", **more: Any) -> None:
        made.append(release_of_run(settings, version, number, state=state, **more))

    def standings(_: Settings, pilot: str) -> list[ReleaseStanding]:
        return made if pilot == "patient_flow" else []

    monkeypatch.setattr(releases_room, "release_standings", standings)
    return add


def fail(
    settings: Settings, number: int, outcome: Literal["failed", "interrupted", "complete"]
) -> None:
    started = FIRST + timedelta(days=number)
    attempt = Attempt(
        pilot="patient_flow",
        run_id=run_name(number),
        started=started,
        finished=started + timedelta(minutes=3),
        outcome=outcome,
        steps={
            "1_link": StepOutcome(state="taken over"),
            "2_evaluate": StepOutcome(state="failed", seconds=3),
        },
        message="patient_flow stopped in step 2_evaluate, at cell 7.",
        notebook="data/failed/2_evaluate.ipynb",
    )
    write_json(settings.outputs_folder / "patient_flow" / "attempt.json", attempt)


def entry(settings: Settings, pilot: str = "patient_flow") -> Tag:
    page = BeautifulSoup(build_site(settings).read_text(encoding="utf-8"), "html.parser")
    found = page.select_one(f"#{pilot}")
    assert found is not None
    return found


def text(part: Tag | None) -> str:
    assert part is not None
    return " ".join(part.get_text().split())


def moves(found: Tag) -> dict[str, str]:
    return {text(row.dt): text(row.dd) for row in found.select(".moves > div")}


class TestMoves:
    def test_the_first_run_has_nothing_to_compare_with(self, settings: Settings) -> None:
        add_run(settings, 0)
        assert moves(entry(settings)) == {
            "Since a release": "none to compare with",
            "Since the last run": "this is the first",
        }

    def test_a_value_has_moved_since_the_last_release_and_the_last_run(
        self, settings: Settings, release: Release
    ) -> None:
        add_run(settings, 0, 1.0, data="first")
        add_run(settings, 1, 2.4, data="second")
        add_run(settings, 2, 2.7, data="third")
        release("1.0", 0)
        assert moves(entry(settings)) == {
            "Since release 1.0": "▲ up 1.7 days (0.9 to 2.5), more than chance",
            "Since the last run": "▲ up 0.3 days (−0.5 to 1.1), could be chance",
        }

    def test_a_release_is_compared_with_the_release_before_it(
        self, settings: Settings, release: Release
    ) -> None:
        add_run(settings, 0, 2.4, data="first")
        add_run(settings, 1, 2.7, data="second")
        release("1.2", 0)
        release("1.3", 1)
        assert list(moves(entry(settings))) == ["Since release 1.2 and the last run"]

    def test_a_withdrawn_release_is_no_measure(self, settings: Settings, release: Release) -> None:
        add_run(settings, 0, 2.4)
        add_run(settings, 1, 2.7)
        release("1.2", 0, "withdrawn", why="a ward was missing")
        assert moves(entry(settings))["Since a release"] == "none to compare with"

    def test_what_somebody_changed_is_named_and_the_same_data_are_no_chance(
        self, settings: Settings
    ) -> None:
        add_run(settings, 0, 2.7, parameters={"bed_day_cost": 306.0})
        add_run(settings, 1, 2.9, parameters={"bed_day_cost": 350.0})
        assert moves(entry(settings))["Since the last run"] == (
            "▲ up 0.2 days, not chance; bed_day_cost 306 → 350"
        )

    def test_a_move_leads_to_the_page_that_compares_the_two(
        self, settings: Settings, release: Release
    ) -> None:
        for number, days in enumerate((2.2, 2.4, 2.7)):
            add_run(settings, number, days)
        release("1.2", 0)
        release("1.3", 2)
        outputs = settings.outputs_folder
        for old, new in (("1.2", "1.3"), (run_name(1), run_name(2))):
            page = difference_page(outputs, "patient_flow", old, new)
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text("a difference", encoding="utf-8")
        assert [str(a["href"]) for a in entry(settings).select(".moves a")] == [
            "patient_flow/1.2..1.3.html",
            f"patient_flow/{run_name(1)}..{run_name(2)}.html",
        ]

    def test_two_moves_that_say_the_same_are_one(
        self, settings: Settings, release: Release
    ) -> None:
        for number, price in enumerate((306.0, 350.0)):
            add_run(settings, number, parameters={"bed_day_cost": price})
        release("1.0", 0)
        assert moves(entry(settings)) == {
            "Since release 1.0 and the last run": "= no change; bed_day_cost 306 → 350"
        }

    def test_that_there_is_nothing_to_compare_with_is_said_once(self, settings: Settings) -> None:
        run = add_run(settings, 0)
        record = json.loads(run.manifest.read_text(encoding="utf-8"))
        [value] = record["steps"][1]["values"]
        record["steps"][1]["values"] = [value, value | {"name": "bed_days"}]
        run.manifest.write_text(json.dumps(record), encoding="utf-8")
        found = entry(settings)
        assert len(found.select(".value")) == 2
        assert len(found.select(".moves")) == 1

    def test_beyond_the_first_six_values_are_folded_unless_they_are_not_as_expected(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        high = {"number_7": SimpleNamespace(low=100, high=None, reason="")}
        monkeypatch.setattr(front, "expected_of", lambda pilot: high)
        run = add_run(settings, 0)
        record = json.loads(run.manifest.read_text(encoding="utf-8"))
        [value] = record["steps"][1]["values"]
        named = [value | {"name": f"number_{place}"} for place in range(9)]
        record["steps"][1]["values"] = named
        run.manifest.write_text(json.dumps(record), encoding="utf-8")
        found = entry(settings)
        assert len(found.select(".numbers > .value")) == 7
        assert text(found.select_one(".more summary")) == "2 more values of Patient flow"
        assert [text(h3) for h3 in found.select(".more h3")] == ["Number 6", "Number 8"]

    def test_nothing_moved(self, settings: Settings) -> None:
        add_run(settings, 0)
        add_run(settings, 1)
        assert moves(entry(settings))["Since the last run"] == "= no change; same data"


class TestHistory:
    def test_it_is_drawn_with_its_band_its_releases_and_its_own_description(
        self, settings: Settings, release: Release
    ) -> None:
        for number, days in enumerate((2.2, 2.4, 2.7)):
            add_run(settings, number, days)
        release("1.0", 1)
        drawing = entry(settings).select_one(".spark")
        assert drawing is not None
        assert drawing["aria-label"] == (
            "Days saved over 3 runs: from 2.2 days to 2.7 days; releases 1.0 marked."
        )
        assert len(drawing.select(".rel")) == 1
        assert len(drawing.select(".band")) == 1

    def test_a_label_stands_for_the_name_also_where_older_runs_have_none(
        self, settings: Settings
    ) -> None:
        add_run(settings, 0, 2.4)
        run = add_run(settings, 1, 2.7)
        record = json.loads(run.manifest.read_text(encoding="utf-8"))
        [value] = record["steps"][1]["values"]
        record["steps"][1]["values"] = [value | {"label": "Days saved for each person"}]
        run.manifest.write_text(json.dumps(record), encoding="utf-8")
        found = entry(settings)
        assert text(found.select_one(".value h3")) == "Days saved for each person"
        drawing = found.select_one(".spark")
        assert drawing is not None
        assert str(drawing["aria-label"]).startswith("Days saved for each person over 2 runs")
        versions = settings.outputs_folder / "site" / "patient_flow" / "versions.html"
        page = BeautifulSoup(versions.read_text(encoding="utf-8"), "html.parser")
        assert "Days saved for each person" in [text(th) for th in page.select("thead th")]

    def test_one_run_is_no_history(self, settings: Settings) -> None:
        add_run(settings, 0)
        assert entry(settings).select(".spark") == []


def test_what_changed_is_not_said_to_be_why_an_attempt_failed() -> None:
    why = states.Failure(FIRST, "2_evaluate", "patient_flow stopped.", False, "")
    changed = ("price 4 → 3", "1_link is run again.")
    said = [
        states.say_standing(states.Standing(state, None, False, changed, failure))
        for state, failure in (("changed", None), ("failing", why))
    ]
    assert said == [
        "Inputs changed: price 4 → 3; 1_link is run again.",
        "Failing. Changed since: price 4 → 3; 1_link is run again. "
        "The last attempt failed. patient_flow stopped.",
    ]


class TestState:
    def state(self, settings: Settings) -> str:
        return text(entry(settings).select_one(".standing .state"))

    def test_a_run_awaits_its_release(self, settings: Settings) -> None:
        add_run(settings, 0)
        assert self.state(settings) == "Awaiting sign-off"
        assert "woda release patient_flow" in text(entry(settings).select_one(".standing"))

    def test_two_signatures_make_it_signed_and_both_are_named(
        self, settings: Settings, release: Release
    ) -> None:
        add_run(settings, 0)
        release("1.0", 0, signers=("Imogen Quill", "Marcus Ledger"))
        assert self.state(settings) == "Signed and fresh"
        assert [text(li) for li in entry(settings).select(".signs li")] == [
            "Imogen Quill, statistician",
            "Marcus Ledger, statistician",
        ]

    def test_one_signature_waits_for_another(self, settings: Settings, release: Release) -> None:
        add_run(settings, 0)
        release("1.0", 0, "awaiting", signers=("Imogen Quill",))
        assert self.state(settings) == "Awaiting sign-off"
        assert [text(li) for li in entry(settings).select(".signs li")] == [
            "Imogen Quill, statistician",
            "One more signature needed",
        ]

    def test_a_run_that_took_everything_over_is_still_the_signed_answer(
        self, settings: Settings, release: Release
    ) -> None:
        add_run(settings, 0)
        steps = ("1_link", "2_evaluate")
        add_run(settings, 1, taken_over=dict.fromkeys(steps, run_name(0)))
        release("1.0", 0)
        assert self.state(settings) == "Signed and fresh"

    def test_a_new_run_awaits_and_the_signed_version_is_named(
        self, settings: Settings, release: Release
    ) -> None:
        add_run(settings, 0)
        add_run(settings, 1)
        release("1.0", 0)
        assert self.state(settings) == "Awaiting sign-off"
        assert "Last version: 1.0" in text(entry(settings).select_one(".standing"))

    @pytest.mark.parametrize(
        ("state", "word"), [("withdrawn", "Withdrawn"), ("void", "Signatures void")]
    )
    def test_a_release_that_no_longer_stands_says_why(
        self, settings: Settings, release: Release, state: str, word: str
    ) -> None:
        add_run(settings, 0)
        release("1.0", 0, state, why="a ward was missing")
        assert self.state(settings) == word
        assert "a ward was missing" in text(entry(settings).select_one(".standing"))

    def test_changed_inputs_are_named(
        self, settings: Settings, release: Release, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add_run(settings, 0)
        release("1.0", 0)
        changed = ("hospital_spells: two new files",)
        monkeypatch.setattr(states, "inputs_changed", lambda *_: changed)
        assert self.state(settings) == "Inputs changed"
        assert "hospital_spells: two new files" in text(entry(settings).select_one(".stale"))

    def test_a_failing_attempt_says_why_and_the_last_answer_still_shows(
        self, settings: Settings
    ) -> None:
        add_run(settings, 0, 2.4)
        fail(settings, 1, "failed")
        found = entry(settings)
        assert text(found.select_one(".standing .state")) == "Failing"
        assert text(found.select_one(".said")) == "The pathway saved 2.4 days."
        warning = text(found.select_one(".failure"))
        assert warning.startswith(
            "Failed on 6 January 2026, 06:03 UTC at 2. Evaluate. patient_flow"
        )
        assert "What is shown is the last complete answer, of 5 January 2026." in warning
        assert "data/failed/2_evaluate.ipynb" in warning

    def test_an_attempt_that_was_stopped_is_told_of_and_is_no_failure(
        self, settings: Settings
    ) -> None:
        add_run(settings, 0)
        fail(settings, 1, "interrupted")
        found = entry(settings)
        assert text(found.select_one(".standing .state")) == "Awaiting sign-off"
        assert text(found.select_one(".failure")).startswith("Stopped on 6 January 2026")

    def test_a_failure_before_the_last_run_is_over(self, settings: Settings) -> None:
        fail(settings, 0, "failed")
        add_run(settings, 1)
        assert entry(settings).select(".failure") == []

    def test_a_first_attempt_that_fails_has_no_answer_to_show(self, settings: Settings) -> None:
        fail(settings, 0, "failed")
        found = entry(settings)
        assert text(found.select_one(".standing .state")) == "Failing"
        assert text(found.select_one(".said")) == "This question has not been run yet."

    def test_states_are_counted_and_lead_to_their_questions(self, tmp_path: Path) -> None:
        settings = workbench(tmp_path / "other", "patient_flow", "asset_map")
        add_run(settings, 0)
        page = BeautifulSoup(build_site(settings).read_text(encoding="utf-8"), "html.parser")
        assert [text(li) for li in page.select(".states li")] == [
            "1 awaiting sign-off Patient flow",
            "1 never run Patient flow",
        ]
        assert [a["href"] for a in page.select(".states a")] == ["#patient_flow", "#asset_map"]


class TestSteps:
    def test_the_last_run_is_told_step_by_step(self, settings: Settings) -> None:
        add_run(settings, 0)
        add_run(settings, 1, taken_over={"1_link": run_name(0)})
        found = entry(settings)
        assert text(found.select_one(".reached summary")) == (
            "How it was reached: 1 ran, 1 taken over, 1 not run in 20 s"
        )
        assert [text(li).rpartition("? ")[2] for li in found.select(".reached li")] == [
            f"taken over from run {run_name(0)}",
            "ran, 20 s",
            "not run",
        ]

    def test_of_a_failing_attempt_the_failing_step_is_marked(self, settings: Settings) -> None:
        add_run(settings, 0)
        fail(settings, 1, "failed")
        found = entry(settings)
        assert [text(li).rpartition("? ")[2] for li in found.select(".reached li")] == [
            "taken over",
            "failed",
            "not run",
        ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "under a second"),
        (48, "48 s"),
        (250, "4 min 10 s"),
        (240, "4 min"),
        (3900, "1 h 5 min"),
    ],
)
def test_how_long_something_took(seconds: float, said: str) -> None:
    assert say_duration(seconds).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (3.0, 9.0, "3.0 to 9.0"),
        (3.0, None, "at least 3.0"),
        (None, 2.0, "at most 2.0"),
        (1.0, 4.0, ""),
    ],
)
def test_a_value_outside_its_declared_range_is_marked(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    low: float | None,
    high: float | None,
    said: str,
) -> None:
    add_run(settings, 0, 2.7)
    expected = {"days_saved": SimpleNamespace(low=low, high=high, reason="")}
    monkeypatch.setattr(front, "expected_of", lambda pilot: expected)
    marks: Sequence[Tag] = entry(settings).select(".unexpected")
    assert [text(mark) for mark in marks] == ([f"Not as expected, which is {said}"] if said else [])


def test_the_page_says_when_its_newest_run_ended(settings: Settings) -> None:
    add_run(settings, 0)
    page = BeautifulSoup(build_site(settings).read_text(encoding="utf-8"), "html.parser")
    ended = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
    assert f"{ended:%-d %B %Y, %H:%M} UTC" in text(page.select_one(".runline .tally"))
