"""The three doors into the environment (lock, pyproject, conda) lead to the same versions."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = [
    Requirement(line)
    for line in (ROOT / "requirements.lock").read_text().splitlines()
    if line and not line.startswith("#")
]
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


def locked() -> dict[str, str]:
    environment = default_environment() | {
        "python_version": "3.11",
        "python_full_version": "3.11.9",
    }
    return {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in LOCK
        if pin.marker is None or pin.marker.evaluate(environment)
    }


def test_every_line_of_the_lock_is_an_exact_pin():
    for pin in LOCK:
        assert [clause.operator for clause in pin.specifier] == ["=="], pin


def test_the_lock_names_no_address():
    text = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"https?:|file:|--index|--find-links", text)


@pytest.mark.parametrize(
    "wanted", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
)
def test_the_lock_satisfies_pyproject(wanted):
    requirement = Requirement(wanted)
    version = locked()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version), f"run `make lock`: {wanted}, locked {version}"


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
