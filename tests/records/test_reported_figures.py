"""Figures that others reported: each with its source, and seen to move when its file changes."""

from __future__ import annotations

import pytest
import yaml

from tests.notebook.cited_runs import REPORTED, STUDY, write_reported, write_run, write_study
from woda_lib.records import (
    Citable,
    ReportedError,
    figures_now,
    read_manifest,
    read_pilot,
    read_reported,
)
from woda_lib.settings import Settings

SAVED = REPORTED["saved_per_month"]


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "parameters").mkdir()
    write_study(tmp_path)
    write_reported(tmp_path)
    return Settings(root=tmp_path, data=None, outputs=None, extracts=None, profile="demo")


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ({"source": ""}, "saved_per_month: source: String should have at least 1 character"),
        ({"low": 1}, "one end of its interval is missing: give both low and high"),
        ({"low": 1, "high": 2}, "it lies outside its own interval"),
        ({"vlaue": 1}, "vlaue: Extra inputs are not permitted"),
    ],
)
def test_a_figure_without_source_or_with_half_an_interval_is_refused(settings, figure, words):
    write_reported(settings.root, saved_per_month=SAVED | figure)
    with pytest.raises(ReportedError, match=rf"tiny/reported\.yaml: .*{words}"):
        read_reported(settings.parameters_folder / "tiny" / "reported.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "is not in parameters/tiny/, and the text says figures that were reported"),
        ("a: [", "is not valid YAML"),
        ("- 1", "must hold figures by name"),
    ],
)
def test_a_file_that_is_absent_or_no_list_of_figures_is_refused(settings, text, words):
    path = settings.parameters_folder / "tiny" / "reported.yaml"
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(ReportedError, match=words):
        read_reported(path)


def test_what_a_study_said_moves_when_the_file_says_another_number_or_none(settings):
    pilot = read_pilot(settings.parameters_folder / "tiny.yaml")
    manifest = read_manifest(write_run(settings.root, "tiny"))
    said = [
        Citable(pilot, pilot.values(), settings).figure(named)
        for named in ("reported/saved_per_month", "assumed/rate")
    ]
    step = manifest.steps[0].model_copy(update={"cited": tuple(said)})
    manifest = manifest.model_copy(update={"steps": (step,)})

    def now() -> list[tuple[str, bool, str]]:
        pilot = read_pilot(settings.parameters_folder / "tiny.yaml")
        return [(o.state, o.moves, o.why) for o in figures_now(pilot, manifest, settings)]

    assert now() == [("unchanged", False, ""), ("unchanged", False, "")]
    write_reported(settings.root, saved_per_month=SAVED | {"value": 153001})
    rate = STUDY["parameters"]["rate"] | {"value": 2.0}
    write_study(settings.root, parameters=STUDY["parameters"] | {"rate": rate})
    assert now() == [
        ("newer", True, "The pilot's report of 2016 says £153,001 now."),
        ("newer", True, "parameters/tiny.yaml says 2.0 full-time posts (1.0 to 2.5) now."),
    ]
    write_reported(settings.root, saved_per_month=SAVED | {"source": "Another report."})
    assert now()[0] == ("newer", False, "Its source reads otherwise now: Another report.")
    path = settings.parameters_folder / "tiny" / "reported.yaml"
    path.write_text(yaml.safe_dump({"saved": SAVED}))
    assert now()[0][:2] == ("gone", True)
