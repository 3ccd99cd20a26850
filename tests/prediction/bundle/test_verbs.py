"""`woda model`: what an engineer sees of a bundle, and that a changed one ends with a sentence."""

import pytest
from typer.testing import CliRunner

from tests.prediction.bundle.small_model import small_bundle
from woda_lib.cli import app
from woda_lib.prediction.bundle import NOT_ASSESSED, save_bundle


@pytest.fixture
def folder(tmp_path):
    return save_bundle(small_bundle(), tmp_path / "model")


def woda(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_show_begins_with_the_verdict_and_lists_the_features(folder):
    result = woda("model", "show", folder)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == NOT_ASSESSED
    assert f"Version {small_bundle().index.version}" in lines[2]
    assert "1,600 rows of 2022-03-31, 2022-09-30" in result.stdout
    assert [line.split()[0] for line in lines[-3:]] == ["police_contacts", "moves", "kind"]


def test_check_says_that_it_is_whole(folder):
    result = woda("model", "check", folder)
    assert result.exit_code == 0
    assert result.stdout.startswith("Whole: 12 files, each as it was written, and a model of 3")


@pytest.mark.parametrize("verb", ["show", "check"])
def test_a_file_that_was_changed_ends_it_with_a_sentence(folder, verb):
    (folder / "calibration.json").write_text("{}")
    result = woda("model", verb, folder)
    assert result.exit_code != 0
    assert "calibration.json was changed since the bundle was written" in result.stderr
    assert "Traceback" not in result.output
