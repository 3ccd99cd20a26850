"""`woda new-pilot`: what it lays out passes as it stands, and it lays out everything or nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml

from woda_lib.partners import Denied, load_agreement
from woda_lib.records import complete_runs, read_manifest, read_pilot
from woda_lib.settings import Settings
from woda_lib.workbench.desk.layout import EXAMPLE_QUESTION
from woda_lib.workbench.desk.names import NewPilotError
from woda_lib.workbench.desk.new_pilot import new_pilot
from woda_lib.workbench.desk.sheet import cells_of

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
OWN = [
    "notebooks/bed_occupancy/1_first_look.ipynb",
    "parameters/agreements/bed_occupancy.yaml",
    "parameters/bed_occupancy.yaml",
    "tests/pilots/test_bed_occupancy.py",
    "woda_lib/pilots/bed_occupancy/__init__.py",
    "woda_lib/pilots/bed_occupancy/counting.py",
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as a pilot is laid out in."""
    for folder in ("notebooks", "woda_lib/pilots", "tests/pilots"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    return tmp_path


def lay_out(checkout: Path, name: str = "bed_occupancy", **options: str) -> list[str]:
    settings = Settings(root=checkout, today=TODAY, data=None, outputs=None)
    return [path.as_posix() for path in new_pilot(name, settings, **options)]


def files(checkout: Path) -> list[str]:
    return sorted(p.relative_to(checkout).as_posix() for p in checkout.rglob("*") if p.is_file())


def test_a_sheet_becomes_cells_with_their_tags():
    sheet = "# How many?\n\nProse.\n\n```python parameters\nn: int = 3\n```\n\n```python\nn\n```\n"
    cells = cells_of(sheet)
    assert [(cell["cell_type"], cell["source"], cell["metadata"]) for cell in cells] == [
        ("markdown", "# How many?\n\nProse.", {}),
        ("code", "n: int = 3", {"tags": ["parameters"]}),
        ("code", "n", {}),
    ]
    assert len({cell["id"] for cell in cells}) == 3


def test_it_lays_out_every_file_and_leaves_nothing_else(checkout):
    before = files(checkout)
    assert lay_out(checkout) == OWN
    assert files(checkout) == sorted([*before, *OWN])


def test_texts_stand_where_people_read_them(checkout):
    question = 'How full: are "the" wards # on a Monday?'
    lay_out(checkout, title="Beds: how full", question=question, owner="Ward lead, #4")
    pilot = read_pilot(checkout / "parameters" / "bed_occupancy.yaml")
    assert (pilot.title, pilot.question, pilot.owner) == (
        "Beds: how full",
        question,
        "Ward lead, #4",
    )
    assert pilot.example
    notebook = nbformat.read(checkout / OWN[0], as_version=4)
    first = notebook.cells[0].source.splitlines()
    assert first[0] == f"# {question}"
    assert first[2].startswith("**Owner** Ward lead, #4 |")
    assert EXAMPLE_QUESTION in notebook.cells[0].source, "what it does answer is said beside it"


@pytest.mark.parametrize("agreement", [None, "none", "patient_flow"])
def test_a_new_agreement_is_laid_out_only_where_none_is_named(checkout, agreement):
    written = lay_out(checkout, **({"agreement": agreement} if agreement else {}))
    assert ("parameters/agreements/bed_occupancy.yaml" in written) == (agreement is None)
    pilot = read_pilot(checkout / "parameters" / "bed_occupancy.yaml")
    assert pilot.agreement == (agreement or "bed_occupancy")
    said = (checkout / OWN[0]).read_text(encoding="utf-8")
    assert ("People who opted out" in said) == (agreement != "none")


def test_under_a_draft_agreement_no_real_extract_is_read(checkout, tmp_path):
    lay_out(checkout)
    agreement = load_agreement("bed_occupancy", checkout / "parameters" / "agreements")
    with pytest.raises(Denied, match="is a draft that is not signed"):
        agreement.admits(tmp_path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"draft": False}, "worcestershire_acute has no signed_on"),
        ({"draft": False, "signed": True}, "still begins with 'Not written yet'"),
    ],
)
def test_a_draft_becomes_an_agreement_only_when_it_is_signed_and_written(checkout, changes, said):
    lay_out(checkout)
    path = checkout / "parameters" / "agreements" / "bed_occupancy.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8")) | {"draft": changes["draft"]}
    if changes.get("signed"):
        for party in content["parties"]:
            party["signed_on"] = TODAY
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(Exception, match=said):
        load_agreement("bed_occupancy", path.parent)


@pytest.mark.parametrize(
    "name",
    [
        *("Beds", "bed-occupancy", "1_beds", "beds_", "a__b", "", "../beds", "b" * 41),
        *("site", "releases", "benchmarks", "draft", "agreements", "linkage", "none"),
        *("class", "list"),
    ],
)
def test_a_name_that_something_could_not_live_with_is_refused(checkout, name):
    before = files(checkout)
    with pytest.raises(NewPilotError):
        lay_out(checkout, name)
    assert files(checkout) == before


@pytest.mark.parametrize(
    "there",
    [
        *OWN[:5],
        "woda_lib/pilots/bed_occupancy.py",
        "outputs/bed_occupancy/2026-01-01T00-00-00-aaaa/manifest.json",
    ],
)
def test_a_name_of_which_something_is_there_is_refused_and_that_is_left_alone(checkout, there):
    path = checkout / there
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    before = files(checkout)
    with pytest.raises(NewPilotError, match="bed_occupancy"):
        lay_out(checkout)
    assert files(checkout) == before
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"question": "How full are the wards"}, "end with a question mark"),
        ({"title": "Beds\nand wards"}, "--title must be one line"),
        ({"owner": " "}, "--owner must be one line"),
        ({"agreement": "patient_flaw"}, "Did you mean 'patient_flow'.*--agreement out"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is(checkout, options, said):
    before = files(checkout)
    with pytest.raises(NewPilotError, match=said):
        lay_out(checkout, **options)
    assert files(checkout) == before


def test_an_agreement_that_does_not_share_what_the_example_reads_is_refused(checkout):
    path = checkout / "parameters" / "agreements" / "patient_flow.yaml"
    path.write_text(path.read_text().replace("    admission_date: attribute\n", ""))
    with pytest.raises(NewPilotError, match="does not share spell_id, admission_date"):
        lay_out(checkout, agreement="patient_flow")


def test_when_one_place_cannot_be_written_those_before_it_are_taken_back(checkout):
    (checkout / "parameters" / "agreements").rename(checkout / "away")
    (checkout / "parameters" / "agreements").write_text("no folder")
    before = files(checkout)
    with pytest.raises(NewPilotError, match="nothing of it was kept"):
        lay_out(checkout)
    assert files(checkout) == before
    assert not (checkout / "notebooks" / "bed_occupancy").exists()


class Copy:
    """A copy of the checkout with two new pilots, whose commands run on the quick county."""

    def __init__(self, root: Path) -> None:
        self.root = root
        named = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(named, cwd=ROOT, capture_output=True, check=True, text=True)
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, root / name)
        mine = {name: text for name, text in os.environ.items() if not name.startswith("WODA_")}
        self.environment = mine | {
            "PYTHONPATH": str(root),
            "WODA_ROOT": str(root),
            "WODA_PROFILE": "quick",
            "WODA_TODAY": TODAY.isoformat(),
            "WODA_CACHE": os.environ.get("WODA_CACHE", str(root / ".cache")),
        }
        self.outputs = root / "outputs"

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", *words],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def woda(self, *words: str) -> str:
        done = self.python("-c", "from woda_lib.cli import main; main()", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout


PILOTS = ("bed_occupancy", "a_study_whose_name_is_as_long_as_it_gets")
RULES = [f"woda_lib/pilots/{pilot}" for pilot in PILOTS]
TESTS = [f"tests/pilots/test_{pilot}.py" for pilot in PILOTS]
ALONE = (
    "-p",
    "no:cacheprovider",
    "-k",
    "bed_occ or a_study_whose or every_step or grants_no_field",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, quick_data: Path) -> Iterator[Copy]:
    copy = Copy(tmp_path_factory.mktemp("copy"))
    shutil.copytree(quick_data, copy.root / "data")
    copy.woda("new-pilot", PILOTS[0], "--question", "How full are the wards on a Monday?")
    copy.woda("new-pilot", PILOTS[1], "--agreement", "none")
    yield copy


def test_new_pilots_run_and_their_answers_say_that_they_are_examples(copy):
    said = copy.woda("run", *PILOTS)
    assert said.count("Only the example that every new pilot begins with: ") == 2
    assert "stays_per_month" in copy.woda("status")
    for pilot in PILOTS:
        (run,) = complete_runs(copy.outputs, pilot)
        manifest = read_manifest(run)
        assert manifest.example
        (stays,) = manifest.values.values()
        months = pd.read_csv(run.shown("1_first_look") / "by_month.csv")["value"]
        assert len(months) == 24
        # The points are rounded to five, so their mean may differ by as much as half of that.
        assert stays.value == pytest.approx(months.mean(), abs=2.5)
        assert stays.low < stays.value < stays.high


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "notebooks", *RULES, *TESTS),
        ("ruff", "format", "--check", "notebooks", *RULES, *TESTS),
        pytest.param(("mypy", *RULES), marks=pytest.mark.prove),
        ("pytest", "-q", *ALONE, *TESTS, "tests/test_notebooks.py", "tests/test_ways_in.py"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_new_pilots_pass_the_checks_of_the_checkout(copy, words):
    done = copy.python("-m", *words)
    assert done.returncode == 0, done.stdout + done.stderr


def test_new_pilots_keep_to_the_floors_and_to_their_agreements(copy):
    floors = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=copy.root,
        env=copy.environment,
        capture_output=True,
        text=True,
    )
    assert floors.returncode == 0, floors.stdout
    assert "bed_occupancy: A draft that is not signed" in copy.woda("agreements", "check")


def test_drafts_of_new_pilots_show_the_values_that_are_kept_in_git(copy):
    """Should the quick county change, run the new pilots and store what they find anew.

    The values are those of `woda_lib/workbench/desk/templates/values.json`.
    """
    notebooks = [f"notebooks/{pilot}/1_first_look.ipynb" for pilot in PILOTS]
    lax = ("--nbval-lax", "--nbval-current-env", *ALONE[:2])
    done = copy.python("-m", "pytest", "-q", *lax, *notebooks)
    assert done.returncode == 0, done.stdout
    assert (copy.outputs / PILOTS[0] / "draft" / "steps" / "1_first_look.json").is_file()
