"""A pre-registration as the workbench tells of it: in the plan, on the site and in releases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.protocols import PROTOCOL, changed, registered
from tests.workbench import executed
from tests.workbench.bench import PILOT
from tests.workbench.planning.county import County
from tests.workbench.review.runs import AFTER, BEFORE, record, write_run
from tests.workbench.test_report import render
from woda_lib.records import Registered, read_manifest
from woda_lib.workbench.releases.changes import changes_between, next_version
from woda_lib.workbench.review import front, states
from woda_lib.workbench.review.differences import compare_runs
from woda_lib.workbench.review.differences.sentences import say_why
from woda_lib.workbench.review.index import update_index

OTHER_MODEL = changed("primary.model", "synthetic_control") | {"version": "1.1"}
SAID = (
    "the protocol changed: version 1.0 → 1.1; "
    "primary model interrupted_time_series → synthetic_control"
)


def departing(content: dict[str, Any] = PROTOCOL) -> Registered:
    kept = registered(content)
    return kept.model_copy(update={"departures": ("rate is 2, and 1.5 was registered",)})


class TestPlan:
    @pytest.fixture
    def county(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> County:
        monkeypatch.setenv(
            "WODA_KEY_RING", '{"tiny": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}'
        )
        county = County(tmp_path)
        double, count = PILOT["steps"]
        county.write_pilot(steps=[double | {"protocol": "tiny"}, count])
        self.register(county, PROTOCOL)
        return county

    @staticmethod
    def register(county: County, content: dict[str, Any], comment: str = "") -> None:
        text = comment + yaml.safe_dump(content | {"parameters": {"factor": 2.0}})
        county.write("parameters/protocols/tiny.yaml", text)

    def test_a_step_whose_protocol_changed_is_stale_and_says_how(self, county: County) -> None:
        county.make()
        assert county.said() == {"1_count": "take over", "2_double": "take over"}
        self.register(county, OTHER_MODEL)
        assert county.said() == {"1_count": "take over", "2_double": f"run: {SAID}"}
        self.register(county, PROTOCOL, "# Looked at again.\n")
        assert county.said()["2_double"] == (
            "run: the protocol's file changed, in its comments or layout alone"
        )

    def test_a_step_that_loses_its_protocol_is_stale_too(self, county: County) -> None:
        county.make()
        county.write_pilot()
        assert county.said()["2_double"] == "run: its protocol is gone"


class TestDifference:
    def test_the_page_names_the_protocol_as_what_changed(self, tmp_path: Path) -> None:
        before = write_run(tmp_path, BEFORE, record(protocol=registered()))
        after = write_run(
            tmp_path, AFTER, record(protocol=registered(OTHER_MODEL, sha256="b" * 64))
        )
        difference = compare_runs(before, after)
        (reason,) = difference.reasons
        assert (reason.cause, reason.what) == ("protocol", "pre-registration")
        assert reason.before == "version 1.0, registered 15 September 2023"
        assert reason.after.endswith(SAID)
        assert "the protocol" in say_why(difference)

    def test_the_same_protocol_is_no_reason(self, tmp_path: Path) -> None:
        runs = [
            write_run(tmp_path, name, record(protocol=registered())) for name in (BEFORE, AFTER)
        ]
        assert compare_runs(*runs).reasons == ()


class TestReport:
    def test_the_page_says_which_protocol_with_its_whole_hash(self, tmp_path: Path) -> None:
        step = executed.step_record().model_copy(update={"protocol": registered()})
        page = BeautifulSoup(render(tmp_path, record=step), "html.parser")
        assert "version 1.0, registered 15 September 2023" in page.select_one(".meta").get_text()
        origin = page.select_one("#provenance").get_text()
        assert "a" * 64 in origin
        assert "This run keeps to its parameters." in origin

    def test_a_departure_is_said_in_the_head_and_in_the_provenance(self, tmp_path: Path) -> None:
        step = executed.step_record().model_copy(update={"protocol": departing()})
        page = BeautifulSoup(render(tmp_path, record=step), "html.parser")
        assert "departed from" in page.select_one(".meta").get_text()
        said = "This run departs from it: rate is 2, and 1.5 was registered."
        assert said in page.select_one("#provenance").get_text()

    def test_a_step_without_one_says_nothing_of_it(self, tmp_path: Path) -> None:
        page = BeautifulSoup(render(tmp_path), "html.parser")
        assert "Protocol" not in page.select_one(".meta").get_text()


class TestFront:
    def notes(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        released: Registered | None,
        now: Registered | None,
    ) -> tuple[str, ...]:
        from tests.workbench.history import add_run, release_of_run, workbench
        from woda_lib.records import standing as releases_room
        from woda_lib.records import write_json

        monkeypatch.setattr(states, "inputs_changed", lambda *_: ())
        settings = workbench(tmp_path)
        for number, protocol in enumerate((released, now)):
            run = add_run(settings, number)
            manifest = read_manifest(run)
            steps = tuple(
                step.model_copy(
                    update={"protocol": protocol if step.step == "2_evaluate" else None}
                )
                for step in manifest.steps
            )
            write_json(run.manifest, manifest.model_copy(update={"steps": steps}))
        standing = release_of_run(settings, "1.0", 0)
        release = standing.release.model_copy(
            update={"protocols": {"2_evaluate": released} if released else {}}
        )
        made = [type(standing)(**{**vars(standing), "release": release})]
        monkeypatch.setattr(releases_room, "release_standings", lambda _, pilot: made)
        pilot = executed.PILOT
        return front.entry_of(pilot, settings, update_index(settings)).protocol

    def test_a_protocol_that_changed_after_the_last_release_is_marked(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = registered(OTHER_MODEL, sha256="b" * 64)
        notes = self.notes(tmp_path, monkeypatch, registered(), now)
        assert notes == (f"Since release 1.0 {SAID}.",)

    def test_an_unchanged_one_is_not(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.notes(tmp_path, monkeypatch, registered(), registered()) == ()

    def test_a_run_that_departs_from_it_says_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.notes(tmp_path, monkeypatch, registered(), departing()) == (
            "This is not the registered analysis: rate is 2, and 1.5 was registered.",
        )

    def test_one_that_was_dropped_is_missed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.notes(tmp_path, monkeypatch, registered(), None) == (
            "Since release 1.0 2_evaluate has no protocol.",
        )


class TestRelease:
    def releases(self, tmp_path: Path) -> list[Any]:
        from tests.workbench.history import add_run, release_of_run, workbench

        settings = workbench(tmp_path)
        add_run(settings, 0)
        release = release_of_run(settings, "1.0", 0).release
        contents = (registered(), registered(OTHER_MODEL, sha256="b" * 64))
        return [release.model_copy(update={"protocols": {"2_evaluate": one}}) for one in contents]

    def test_a_release_says_that_the_protocol_changed(self, tmp_path: Path) -> None:
        before, now = self.releases(tmp_path)
        assert f"2_evaluate: {SAID}." in changes_between(before, now)

    def test_another_primary_model_is_another_answer_and_counts_as_major(
        self, tmp_path: Path
    ) -> None:
        before, now = self.releases(tmp_path)
        assert next_version(["1.0"], before, now, None) == "2.0"
        assert next_version(["1.0"], before, before, None) == "1.1"
