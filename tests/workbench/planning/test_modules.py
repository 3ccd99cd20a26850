"""Which modules an import reaches, on a small library written for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from woda_lib.workbench.planning.hashing import Remembered
from woda_lib.workbench.planning.modules import Library, imports_of


def put(root: Path, files: dict[str, str]) -> Library:
    """A library of these files in a folder of its own."""
    for name, text in {"__init__.py": "", **files}.items():
        path = root / "woda_lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Library(Remembered(root / "known.json"), root / "woda_lib")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import woda_lib.a.b as c, json", ["woda_lib.a.b", "json"]),
        ("from woda_lib import a, b", ["woda_lib:a", "woda_lib:b"]),
        ("from woda_lib.a import *", ["woda_lib.a:*"]),
        ("from . import b", ["woda_lib.a:b"]),
        ("from .b import c", ["woda_lib.a.b:c"]),
        ("from .. import b", ["woda_lib:b"]),
        ("def f():\n    from woda_lib import a", ["woda_lib:a"]),
        ("try:\n    import woda_lib.a\nexcept ImportError:\n    pass", ["woda_lib.a"]),
        ("if TYPE_CHECKING:\n    import x\nelse:\n    import y", ["y"]),
        ("if typing.TYPE_CHECKING:\n    import x", []),
        ("import_module('woda_lib.a')", ["woda_lib.a"]),
        ("importlib.import_module(f'{__name__}.{name}')", ["woda_lib.a.**"]),
        ("importlib.import_module(name)", ["woda_lib.**"]),
        ("__import__(name)", ["woda_lib.**"]),
    ],
)
def test_what_a_text_imports(source, names):
    assert list(imports_of(source, package="woda_lib.a")) == names


FILES = {
    "a/__init__.py": "from woda_lib.a.first import f",
    "a/first.py": "def f():\n    from woda_lib import c",
    "a/second.py": "",
    "b.py": "import woda_lib.a.second",
    "c.py": "",
    "lazy/__init__.py": "def __getattr__(n):\n    return import_module(f'{__name__}.{n}')",
    "lazy/one.py": "from woda_lib import c",
    "lazy/two.py": "",
    "d.py": "",
}


@pytest.mark.parametrize(
    ("name", "reached"),
    [
        ("woda_lib:c", ["c"]),
        ("woda_lib.c", ["c"]),
        ("woda_lib.c:anything", ["c"]),
        ("woda_lib:a", ["a", "a.first", "c"]),  # an import in a function counts
        ("woda_lib.a:first", ["a", "a.first", "c"]),
        ("woda_lib:b", ["a", "a.first", "a.second", "b", "c"]),  # the package above is executed
        ("woda_lib:lazy", ["c", "lazy", "lazy.one", "lazy.two"]),
        ("woda_lib.a:*", ["a", "a.first", "a.second", "c"]),
        ("numpy", []),
    ],
)
def test_what_an_import_reaches(tmp_path, name, reached):
    found = put(tmp_path, FILES).reached([name])
    assert sorted(found - {"woda_lib"}) == [f"woda_lib.{each}" for each in reached]


def test_a_circle_of_imports_comes_to_an_end(tmp_path):
    made = put(tmp_path, {"a.py": "import woda_lib.b", "b.py": "import woda_lib.a"})
    assert made.reached(["woda_lib.a"]) == {"woda_lib", "woda_lib.a", "woda_lib.b"}


def test_packages_above_can_be_passed_over(tmp_path):
    found = put(tmp_path, FILES).reached(["woda_lib.a.second"], packages=False)
    assert found == {"woda_lib.a.second"}


def test_other_files_of_a_package_count_with_it(tmp_path):
    made = put(tmp_path, FILES)
    (tmp_path / "woda_lib/a/templates").mkdir()
    (tmp_path / "woda_lib/a/templates/page.html").write_text("<p>")
    assert sorted(made.hashes(["woda_lib.a", "woda_lib.c"])) == [
        "woda_lib/a/__init__.py",
        "woda_lib/a/templates/page.html",
        "woda_lib/c.py",
    ]
    assert list(made.hashes(["woda_lib.lazy"])) == ["woda_lib/lazy/__init__.py"]


def test_what_python_and_numba_keep_for_themselves_is_no_part_of_a_package(tmp_path):
    library = put(tmp_path, {"a/__init__.py": "", "a/b.py": ""})
    kept = tmp_path / "woda_lib/a/__pycache__"
    kept.mkdir()
    for name in ("b.cpython-311.pyc", "b.f-1.py311.nbi", "b.f-1.py311.1.nbc"):
        (kept / name).write_bytes(b"machine code")
    assert list(library.hashes(["woda_lib.a.b"])) == ["woda_lib/a/b.py"]


def test_what_was_read_once_is_remembered_until_the_text_changes(tmp_path):
    made = put(tmp_path, FILES)
    assert "woda_lib.d" not in made.reached(["woda_lib.c"])
    (tmp_path / "woda_lib/c.py").write_text("import woda_lib.d")
    again = Library(made.remembered, made.folder)
    assert "woda_lib.d" in again.reached(["woda_lib.c"])


def test_every_import_that_python_makes_is_foreseen():
    """The closure of a room, beside what a fresh interpreter has imported for it."""
    code = "import sys, woda_lib.notebook; print(*[m for m in sys.modules if 'woda_lib' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with_all = Library(Remembered(Path("/nowhere")))
    assert set(done.stdout.split()) <= with_all.reached(["woda_lib.notebook"])
