"""What a run says of the code that made it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from woda_lib.records import sha256
from woda_lib.workbench.execution import provenance
from woda_lib.workbench.execution.provenance import describe_code


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "requirements.lock").write_text("papermill==2.7.0\n")
    return tmp_path


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_before_the_first_commit_there_is_none(checkout):
    code = describe_code(checkout)
    assert (code.commit, code.dirty) == (None, None)


def test_a_commit_is_clean_until_a_file_changes_or_comes(checkout):
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "-m", "Lock")
    code = describe_code(checkout)
    assert re.fullmatch("[0-9a-f]{40}", code.commit)
    assert (code.commit, code.dirty) == (git(checkout, "rev-parse", "HEAD"), False)

    (checkout / "notebook.ipynb").touch()
    assert describe_code(checkout).dirty
    (checkout / "notebook.ipynb").unlink()
    (checkout / "requirements.lock").write_text("papermill==2.6.0\n")
    changed = describe_code(checkout)
    assert changed.dirty
    assert changed.lock_sha256 == sha256(checkout / "requirements.lock") != code.lock_sha256


def test_a_machine_without_git_can_still_run(checkout, monkeypatch):
    monkeypatch.setenv("PATH", str(checkout))
    assert describe_code(checkout).commit is None


def test_a_package_that_is_not_installed_has_no_version(checkout, monkeypatch):
    asked = ["papermill>=2.6", "no-such-package", "pytest; extra == 'dev'"]
    monkeypatch.setattr(provenance, "requires", lambda name: asked)
    assert list(describe_code(checkout).packages) == ["papermill"]
