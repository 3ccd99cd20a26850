"""The demonstration's reviewers: two throw-away keys that sign made-up data and nothing else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.workbench.releases.hub import COMMIT, Hub
from woda_lib.records import read_manifest, read_reviewers
from woda_lib.records.signatures import NoSshKeygen
from woda_lib.workbench.demonstration.releasing import Released, release_and_sign
from woda_lib.workbench.demonstration.reviewers import (
    DemonstrationError,
    DemonstrationReviewer,
    demonstration_reviewers,
)
from woda_lib.workbench.releases import ReleaseError

REPOSITORY = Path(__file__).parents[3]


def reviewers(hub: Hub) -> tuple[DemonstrationReviewer, ...]:
    return demonstration_reviewers(hub.settings)


def released(hub: Hub) -> Released:
    return release_and_sign(hub.pilot, read_manifest(hub.run), hub.settings, reviewers(hub))


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_two_are_made_whose_names_say_that_they_are_no_people(hub: Hub) -> None:
    made = reviewers(hub)
    assert [(one.reviewer.name, one.reviewer.signs) for one in made] == [
        ("Demonstration reviewer one", "made-up data"),
        ("Demonstration reviewer two", "made-up data"),
    ]
    known = read_reviewers(hub.settings.reviewers_folder)
    assert list(known) == ["demonstration_one", "demonstration_two"]
    assert len({one.reviewer.keys[0].blob for one in made}) == 2


def test_only_the_owner_reads_the_keys_which_lie_in_the_data_folder(hub: Hub) -> None:
    for one in reviewers(hub):
        assert one.key.parent == hub.settings.data_folder / "demonstration"
        assert (mode(one.key), mode(one.key.parent)) == (0o600, 0o700)


def test_git_passes_over_keys_and_reviewers_of_a_demonstration() -> None:
    paths = ["parameters/reviewers/demonstration_one.yaml", "data/demonstration/demonstration_one"]
    asked = ["git", "check-ignore", *paths]
    told = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if told.returncode == 128:
        pytest.skip("not a checkout")
    assert told.stdout.split() == paths


def test_asked_again_they_are_the_same(hub: Hub) -> None:
    assert reviewers(hub) == reviewers(hub)


def test_a_lost_key_is_made_anew_and_what_was_signed_before_stands(hub: Hub) -> None:
    assert released(hub).standing.state == "signed"
    shutil.rmtree(hub.keys)
    assert [len(one.reviewer.keys) for one in reviewers(hub)] == [2, 2]
    assert released(hub) == Released(hub.standing(), changed=False)
    assert hub.standing().state == "signed"


def test_a_lost_file_is_written_again_from_the_key(hub: Hub) -> None:
    made = reviewers(hub)
    for path in hub.settings.reviewers_folder.glob("*.yaml"):
        path.unlink()
    assert reviewers(hub) == made


def test_they_cannot_sign_partners_data(hub: Hub) -> None:
    hub.change_run(step=lambda record: {"synthetic": False}, commit=COMMIT, dirty=False, made={})
    reviewers(hub)
    hub.release()
    with pytest.raises(ReleaseError, match="made-up data alone, and this rests on real data"):
        hub.sign("demonstration_one")


def test_put_there_by_hand_their_signatures_void_a_release_of_partners_data(hub: Hub) -> None:
    hub.change_run(step=lambda record: {"synthetic": False}, commit=COMMIT, dirty=False, made={})
    reviewers(hub)
    hub.release()
    content = hub.folder().record.read_bytes()
    for name in ("demonstration_one", "demonstration_two"):
        hub.drop_signature(name, hub.signature(name, content))
    standing = hub.standing()
    assert (standing.state, standing.signers) == ("void", ())
    assert "may sign made-up data alone, and this rests on real data" in standing.why


def test_without_ssh_keygen_nothing_is_made(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoSshKeygen, match="openssh-client"):
        reviewers(hub)
    assert not hub.keys.exists()


def test_a_person_of_such_a_name_is_refused_and_not_overwritten(hub: Hub) -> None:
    reviewers(hub)
    path = hub.settings.reviewers_folder / "demonstration_one.yaml"
    text = yaml.safe_dump(yaml.safe_load(path.read_text()) | {"signs": "real data"})
    path.write_text(text)
    with pytest.raises(DemonstrationError, match=r"demonstration_one\.yaml is of a reviewer who"):
        reviewers(hub)
    assert path.read_text() == text
