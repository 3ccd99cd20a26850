"""Whatever is changed in a release, one byte of any file included, `woda verify` finds it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workbench.releases.hub import Hub
from woda_lib.records import sha256
from woda_lib.workbench.releases import withdraw_release


@pytest.fixture(params=["signed", "unsigned", "withdrawn"])
def whole(hub: Hub, request: pytest.FixtureRequest) -> Hub:
    """A hub with a release that nobody has touched."""
    hub.release()
    if request.param != "unsigned":
        hub.signed()
    if request.param == "withdrawn":
        withdraw_release("tiny", "1.0", reason="Ward 3 was counted twice.", settings=hub.settings)
    assert hub.standing().state in ("signed", "awaiting", "withdrawn")
    return hub


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def spoil(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


CHANGES = ("change", "insert", "remove")
SOME = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SOME
@given(data=st.data())
def test_any_one_byte_changed_added_or_removed_is_found(whole, data):
    path = data.draw(st.sampled_from(files_of(whole.folder().path)), label="file")
    content = path.read_bytes()
    at = data.draw(st.integers(0, max(0, len(content) - 1)), label="where")
    byte = data.draw(st.integers(0, 255), label="byte")
    match data.draw(st.sampled_from(CHANGES), label="how"):
        case "change":
            spoilt = content[:at] + bytes([byte]) + content[at + 1 :]
        case "insert":
            spoilt = content[:at] + bytes([byte]) + content[at:]
        case _:
            spoilt = content[:at] + content[at + 1 :]
    if spoilt == content:
        return
    spoil(path, spoilt)
    try:
        assert whole.standing().state == "void"
    finally:
        spoil(path, content)
    assert whole.standing().state != "void"


@settings(SOME, max_examples=30)
@given(data=st.data())
def test_any_file_taken_away_or_renamed_is_found(whole, data):
    path = data.draw(st.sampled_from(files_of(whole.folder().path)), label="file")
    name = data.draw(st.sampled_from(["", "another", f"{path.stem}.sig", f".{path.name}"]))
    moved = path.with_name(name) if name else whole.bench.root / "away"
    if moved == path:
        return
    path.rename(moved)
    try:
        assert whole.standing().state == "void"
    finally:
        moved.rename(path)


@settings(SOME, max_examples=30)
@given(data=st.data())
def test_any_file_added_is_found(whole, data):
    folders = [whole.folder().path, *(p for p in whole.folder().path.rglob("*") if p.is_dir())]
    folder = data.draw(st.sampled_from(folders), label="folder")
    name = data.draw(
        st.sampled_from(["x", ".x", "x.sig", "withdrawn.json", "x.html"]), label="name"
    )
    content = data.draw(st.sampled_from([b"", b"x", b"{}"]), label="content")
    added = folder / name
    if added.exists():
        return
    added.write_bytes(content)
    try:
        assert whole.standing().state == "void"
    finally:
        added.unlink()


def test_an_empty_folder_is_found(whole):
    (whole.folder().files / "more").mkdir()
    assert whole.standing().state == "void"


def test_a_link_in_place_of_a_file_is_found_though_it_leads_to_the_same_bytes(whole):
    path = whole.folder().files / "manifest.json"
    path.rename(whole.bench.root / "manifest.json")
    path.symlink_to(whole.bench.root / "manifest.json")
    assert whole.standing().state == "void"
    assert "such as a link" in whole.standing().why


def test_a_pipe_is_found_and_nobody_waits_for_it(whole):
    os.mkfifo(whole.folder().files / "pipe")
    assert whole.standing().state == "void"


def test_a_record_that_was_changed_with_its_sums_is_found_by_the_audit_log(whole):
    record, sums = whole.folder().record, whole.folder().sums
    before = sha256(record)
    spoil(record, record.read_bytes().replace(b"twice over", b"thrice over"))
    spoil(sums, sums.read_bytes().replace(before.encode(), sha256(record).encode()))
    assert whole.standing().why.startswith("release.json is not the record that the audit log")


WORDS = [
    (lambda f: (f.files / "2_double.html").unlink(), "files/2_double.html is missing."),
    (
        lambda f: shutil.rmtree(f.files / "steps"),
        "2 files (the first is files/steps/1_count.json) are missing.",
    ),
    (
        lambda f: spoil(f.files / "config.json", b"{}"),
        "files/config.json is not as it was released.",
    ),
    (lambda f: (f.files / "jane doe.txt").touch(), "A file lies in it that was not released."),
    (lambda f: f.record.unlink(), "release.json is missing."),
    (
        lambda f: spoil(f.record, b"{}"),
        "release.json has been changed: it is not the record of a release.",
    ),
]


@pytest.mark.parametrize(("change", "words"), WORDS)
def test_what_is_void_says_what_was_changed_and_names_no_file_that_nobody_released(
    hub, change, words
):
    hub.release()
    change(hub.folder())
    standing = hub.standing()
    assert (standing.state, standing.why) == ("void", words)


def test_a_signature_that_was_taken_away_is_missed(hub):
    hub.release()
    hub.signed()
    hub.folder().signature("ben_shah").unlink()
    assert hub.standing().why.startswith("The signature of ")


def test_a_withdrawal_that_was_taken_away_is_missed(hub):
    hub.release()
    withdraw_release("tiny", "1.0", reason="A mistake.", settings=hub.settings)
    hub.folder().withdrawal.unlink()
    assert hub.standing().state == "void"
    assert "withdrawn.json is missing" in hub.standing().why


def test_a_release_that_was_taken_away_is_missed(hub):
    hub.release()
    shutil.rmtree(hub.folder().path)
    assert "is not there: it was taken away" in hub.standing().why
