"""The three doors into the environment (lock, pyproject, conda) lead to the same versions."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from threadpoolctl import threadpool_info

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = ["requirements.lock", "requirements-spark.lock"]
FIXED_BY_OUR_USER = [
    "jupyterlab",
    "papermill",
    "pandas",
    "recordlinkage",
    "statsmodels",
    "lightgbm",
    "folium",
    "nbval",
]


def pins(lock: str) -> list[Requirement]:
    return [Requirement(line) for line in (ROOT / lock).read_text().splitlines()]


def locked(lock: str = LOCKS[0]) -> dict[str, str]:
    environment = default_environment() | {
        "python_version": "3.11",
        "python_full_version": "3.11.9",
    }
    return {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in pins(lock)
        if pin.marker is None or pin.marker.evaluate(environment)
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_an_exact_pin(lock):
    for pin in pins(lock):
        assert [clause.operator for clause in pin.specifier] == ["=="], pin


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?:|file:|--index|--find-links", text)


@pytest.mark.parametrize(
    "wanted",
    [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["dev"],
        *PROJECT["optional-dependencies"]["docs"],
    ],
)
def test_the_lock_satisfies_pyproject(wanted):
    requirement = Requirement(wanted)
    version = locked()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version), f"run `make lock`: {wanted}, locked {version}"


def test_spark_is_added_to_the_lock_and_changes_nothing_in_it():
    first, added = (locked(lock) for lock in LOCKS)
    assert "pyspark" in added
    assert not first.keys() & added.keys()
    for wanted in PROJECT["optional-dependencies"]["spark"]:
        requirement = Requirement(wanted)
        version = (first | added)[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"run `make lock`: {wanted}"


@pytest.mark.parametrize("name", FIXED_BY_OUR_USER)
def test_what_our_user_fixed_is_locked(name):
    assert name in locked()


def test_conda_installs_the_lock_on_the_same_python():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert conda["channels"] == ["conda-forge", "nodefaults"]
    plain = [item for item in conda["dependencies"] if isinstance(item, str)]
    (pip,) = [item["pip"] for item in conda["dependencies"] if isinstance(item, dict)]
    assert plain == ["python=3.11", "pip"], "a version that conda chose would not be the locked one"
    assert pip == ["-r requirements.lock", "-e ."]
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains("3.11")
    assert not Requirement(f"python{PROJECT['requires-python']}").specifier.contains("3.12")


def test_this_environment_is_the_locked_one():
    from importlib.metadata import version

    for name in (*FIXED_BY_OUR_USER, "numpy", "pydantic", "pandera", "lifelines"):
        assert version(name) == locked()[canonicalize_name(name)]


def test_linear_algebra_of_the_tests_has_one_thread():
    """`conftest.py` asks for it, which helps only where nothing has imported numpy before it."""
    assert np.eye(2).sum() == 2
    assert {pool["num_threads"] for pool in threadpool_info()} == {1}


def test_who_reads_a_notebook_does_not_wait_for_grammars_of_addresses():
    code = (
        "import sys, woda_lib, nbformat; sys.exit('rfc3987_syntax.syntax_helpers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
