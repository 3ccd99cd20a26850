"""Which steps are fresh, and why the others are not, after real runs of the tiny bench."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.bench import COUNT, DOUBLE, PARTY, PILOT
from tests.workbench.planning.county import County
from woda_lib.workbench import make_plan
from woda_lib.workbench.planning import modules
from woda_lib.workbench.planning.decide import decide

FRESH = {"1_count": "take over", "2_double": "take over"}
AGAIN = "run: 1_count is run again"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bench and the library, as one run left them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WODA_KEY_RING", '{"tiny": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}')
        root = tmp_path_factory.mktemp("ran")
        shutil.copytree(
            modules.FOLDER, root / "woda_lib", ignore=shutil.ignore_patterns("__pycache__")
        )
        patch.setattr(modules, "FOLDER", root / "woda_lib")
        County(root).make()
    return root


@pytest.fixture
def county(ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> County:
    """A copy of it, to be spoilt; the library is shared until `own_library` is asked for."""
    shutil.copytree(ran, tmp_path / "bench", ignore=shutil.ignore_patterns("woda_lib"))
    county = County.__new__(County)
    county.root = tmp_path / "bench"
    monkeypatch.setattr(modules, "FOLDER", ran / "woda_lib")
    return county


def own_library(county: County) -> None:
    """Copy the library, a thousand files, for a test that changes it."""
    modules.FOLDER = shutil.copytree(modules.FOLDER, county.root / "woda_lib")  # put back after


def edit(county: County, path: str, old: str, new: str) -> None:
    file = county.root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_was_run_yet(tmp_path):
    never = {"1_count": "run: never run", "2_double": "run: never run"}
    assert County(tmp_path).said() == never


def test_everything_is_fresh_after_a_run_and_no_second_one_is_made(county):
    assert county.said() == FRESH
    before = county.runs()
    assert county.make() is None
    assert county.runs() == before


def test_everything_is_run_again_where_that_is_asked(county):
    decisions = county.decide(again=True).values()
    assert [(made.action, made.reasons) for made in decisions] == [
        ("run", ("asked to run again",)),
        ("run", ("asked to run again",)),
    ]


@pytest.mark.parametrize(
    ("overrides", "count", "double"),
    [
        ({"factor": 2.5}, "take over", "run: factor 2 → 2.5"),
        ({"since": "2024-01-01"}, "take over", "run: since 2023-10-01 → 2024-01-01"),
        ({"start": 4}, "run: start 3 → 4", AGAIN),
        ({"start": 4, "factor": 3}, "run: start 3 → 4", "run: factor 2 → 3; 1_count is run again"),
    ],
)
def test_a_parameter_makes_stale_the_step_that_has_it_and_those_after(
    county, overrides, count, double
):
    assert county.said(overrides) == {"1_count": count, "2_double": double}


def _other_code(county: County) -> None:
    county.write_notebook("1_count", [*COUNT[:-1], "extra = 1", COUNT[-1]])


def _other_last_code(county: County) -> None:
    county.write_notebook("2_double", [*DOUBLE[:-1], "extra = 1", DOUBLE[-1]])


def _other_tag(county: County) -> None:
    county.write_notebook("2_double", [*DOUBLE[:-1], (DOUBLE[-1], "keep_output")])


def _other_prose(county: County) -> None:
    county.write_notebook("1_count", ["# How many are there today?", *COUNT[1:]])


def _prose_elsewhere(county: County) -> None:
    county.write_notebook("1_count", [*COUNT[:-1], "## What it means", COUNT[-1]])


def _comment_on_a_parameter(county: County) -> None:
    cell = ("start: int = 3     # visits in a day", "parameters")
    county.write_notebook("1_count", [COUNT[0], cell, *COUNT[2:]])


def _module_in_the_closure(county: County) -> None:
    own_library(county)
    edit(county, "woda_lib/records/retention.py", "Tombstone", "Tombstones")


def _module_out_of_it(county: County) -> None:
    own_library(county)
    edit(county, "woda_lib/evaluation/money/money.py", "money", "monies")


def _many_modules(county: County) -> None:
    own_library(county)
    for name in ("audit", "keys", "layout", "made", "phrases"):
        (county.root / f"woda_lib/records/{name}.py").write_text("")


def _template(county: County) -> None:
    own_library(county)
    edit(county, "woda_lib/workbench/review/templates/report.html", "<", " <")


def _workbench(county: County) -> None:
    own_library(county)
    edit(county, "woda_lib/workbench/execution/engine.py", "papermill", "paper mill")


def _new_file(county: County) -> None:
    county.today = date(2025, 5, 1)
    county.deliver("severnside_acute/hospital_spells_2025-04")


def _two_new_files(county: County) -> None:
    _new_file(county)
    county.deliver("worcestershire_acute/hospital_spells_2025-04")


def _other_file(county: County) -> None:
    county.deliver("severnside_acute/hospital_spells_2025-03", "spell_id\n2\n")


def _backdated_file(county: County) -> None:
    county.deliver("severnside_acute/hospital_spells_2025-02")


def _opt_outs(county: County) -> None:
    county.deliver("severnside_acute/opt_outs_2025-03", "nhs_number\n")


def _agreement(county: County) -> None:
    county.write_agreement(contact="Another board")


def _lock(county: County) -> None:
    county.write("requirements.lock", "papermill==2.8.0\n")


def _seed(county: County) -> None:
    county.write_pilot(seed=7)


def _fields(county: County) -> None:
    double, count = PILOT["steps"]
    county.write_pilot(steps=[double, count | {"datasets": {"hospital_spells": ["ward"]}}])


def _question(county: County) -> None:
    double, count = PILOT["steps"]
    county.write_pilot(steps=[double | {"question": "How many in all?"}, count])


def _spread(county: County) -> None:
    parameters = PILOT["parameters"]
    factor = parameters["factor"] | {"low": 1.5, "high": 3, "distribution": "gamma"}
    county.write_pilot(parameters=parameters | {"factor": factor})


def _title(county: County) -> None:
    county.write_pilot(title="Very tiny")


def _schedule(county: County) -> None:
    county.write_pilot(schedule="0 6 * * *")


UPSTREAM = {"2_double": AGAIN}
FOR_READERS = "render: what parameters/tiny.yaml says for readers changed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_other_code, {"1_count": "run: the notebook's code changed"} | UPSTREAM),
        (_other_last_code, {"2_double": "run: the notebook's code changed"}),
        (_other_tag, {"2_double": "run: the notebook's code changed"}),
        (_other_prose, {"1_count": "render: the notebook's prose changed"}),
        (_prose_elsewhere, {"1_count": "render: the notebook's prose changed"}),
        (_comment_on_a_parameter, {"1_count": "render: the notebook's prose changed"}),
        (
            _module_in_the_closure,
            {
                "1_count": "run: woda_lib/records/retention.py changed",
                "2_double": "run: woda_lib/records/retention.py changed; 1_count is run again",
            },
        ),
        (_module_out_of_it, {}),
        (
            _many_modules,
            {
                "1_count": "run: woda_lib/records/audit.py and four other files of woda_lib "
                "changed",
                "2_double": "run: woda_lib/records/audit.py and four other files of woda_lib "
                "changed; 1_count is run again",
            },
        ),
        (
            _template,
            dict.fromkeys(FRESH, "render: woda_lib/workbench/review/templates/report.html changed"),
        ),
        (_workbench, {}),
        # The other trust has not delivered April, so the clock stands and the file is not read.
        (_new_file, {}),
        (
            _two_new_files,
            {
                "1_count": "run: hospital_spells: two new files; extracts count up to 30 April "
                "2025 (before: 31 March 2025)",
                "2_double": "run: hospital_spells: two new files; 1_count is run again; extracts "
                "count up to 30 April 2025 (before: 31 March 2025)",
            },
        ),
        (
            _backdated_file,
            {
                "1_count": "run: hospital_spells: one new file",
                # It reads a table, and through this register a choice is followed to its rows.
                "2_double": "run: hospital_spells: one new file; 1_count is run again",
            },
        ),
        (
            _other_file,
            {
                "1_count": "run: hospital_spells: one file changed",
                "2_double": "run: hospital_spells: one file changed; 1_count is run again",
            },
        ),
        # Also who opted out decides what a load gives.
        (
            _opt_outs,
            {
                "1_count": "run: opt_outs: one new file",
                "2_double": "run: opt_outs: one new file; 1_count is run again",
            },
        ),
        (
            _agreement,
            {
                "1_count": "run: agreement tiny changed",
                "2_double": "run: 1_count is run again; agreement tiny changed",
            },
        ),
        (
            _lock,
            {
                "1_count": "run: the lock changed",
                "2_double": "run: 1_count is run again; the lock changed",
            },
        ),
        (
            _seed,
            {
                "1_count": "run: seed 20260101 → 7",
                "2_double": "run: 1_count is run again; seed 20260101 → 7",
            },
        ),
        (
            _fields,
            {"1_count": "run: the fields of hospital_spells that it asks for changed"} | UPSTREAM,
        ),
        (_question, {"1_count": FOR_READERS, "2_double": "run: its question changed"}),
        (
            _spread,
            {
                "2_double": "run: spread of factor none → 1.5 to 3, gamma; "
                "unit of factor none → times"
            },
        ),
        (_title, dict.fromkeys(FRESH, FOR_READERS)),
        (_schedule, {}),
    ],
)
def test_a_change_makes_stale_what_can_see_it_and_says_so(
    county: County, change: Callable[[County], None], said: dict[str, str]
):
    change(county)
    assert county.said() == FRESH | said


def test_a_file_that_is_gone_is_missed(county):
    _backdated_file(county)
    county.make()
    (county.root / "data/extracts/demo/severnside_acute/hospital_spells_2025-02.csv").unlink()
    # The run before had exactly these files, and its results are taken; but a run is to be made,
    # since the last one says something else.
    assert county.said() == FRESH
    assert county.make() is not None


def test_a_step_is_taken_from_an_older_run_that_had_the_same_values(county):
    first = county.runs()[0]
    county.make({"factor": 4})
    assert county.said() == FRESH
    made = county.make().made
    assert {step: each.run_id for step, each in made.items()} == dict.fromkeys(FRESH, first)
    assert county.make() is None


def noting(path: str, name: str = "rules") -> list[Any]:
    """The first notebook, where its record says that it read a file of the checkout."""
    noted = f"[describe_input('{name[:4]}' '{name[4:]}', settings.root / '{path}', settings.root)]"
    tag, parameters, hand, *others = COUNT
    hand = hand.replace("(), rows", f"{noted}, rows")
    return [tag, parameters, hand.replace("import Step", "import describe_input, Step"), *others]


def test_what_only_the_record_says_was_read_counts_from_then_on(tmp_path):
    county = County(tmp_path)
    rules = county.write("parameters/linkage/rules.yaml", "level: 1\n")
    county.write_notebook("1_count", noting("parameters/linkage/rules.yaml"))
    county.make()
    assert county.said() == FRESH
    rules.write_text("level: 2\n")
    assert county.said() == {
        "1_count": "run: parameters/linkage/rules.yaml changed",
        "2_double": AGAIN,
    }
    rules.write_text("level: 1\n")
    assert county.said() == FRESH
    rules.unlink()
    assert county.said()["1_count"] == "run: parameters/linkage/rules.yaml is gone"
    county.write_notebook("1_count", COUNT)
    county.make()
    rules.write_text("level: 3\n")
    assert county.said() == FRESH  # it is read no longer


def test_a_dataset_that_only_the_record_tells_of_counts_with_its_opt_outs(tmp_path):
    county = County(tmp_path)
    double, count = PILOT["steps"]
    county.write_pilot(steps=[double, {k: v for k, v in count.items() if k != "datasets"}])
    parties = [PARTY | {"partner": partner} for partner in ("severnside_acute", "county_council")]
    county.write_agreement(parties=parties)
    file = "data/extracts/demo/severnside_acute/hospital_spells_2025-03.csv"
    county.write_notebook("1_count", noting(file, "hospital_spells"))
    county.make()
    assert county.said() == FRESH
    _opt_outs(county)
    assert county.said()["1_count"] == "run: opt_outs: one new file"


@pytest.mark.parametrize(
    ("meddling", "said"),
    [
        (
            '(settings.root / "requirements.lock").write_text("other", "ascii") and None',
            "run: the lock changed",
        ),
        (
            '[path.unlink() for path in settings.extracts_folder.glob("*/opt_outs_*")] and None',
            "run: opt_outs: one file gone",
        ),
    ],
)
def test_what_changes_while_a_step_runs_makes_it_stale(tmp_path, meddling, said):
    county = County(tmp_path)
    _opt_outs(county)
    county.write_notebook("1_count", [*COUNT[:-1], meddling, COUNT[-1]])
    county.make()
    assert county.said()["1_count"] == said


def test_another_day_changes_nothing_by_itself(county):
    later = county.settings.model_copy(update={"today": date(2025, 5, 1)})
    decisions = decide([make_plan(county.pilot, settings=later)], settings=later)
    assert [made.action for made in decisions.values()] == ["take over", "take over"]
