"""The order of a demonstration, and that it goes on where something fails."""

from __future__ import annotations

from collections.abc import Callable
from shutil import rmtree

import pytest

from tests.workbench.bench import kernels_of_this_worker
from tests.workbench.releases.hub import COMMIT, Hub
from woda_lib.errors import WodaError
from woda_lib.records import Pilot, Unexpected, read_manifest
from woda_lib.workbench import CompleteRun, run_pilots
from woda_lib.workbench.demonstration.releasing import REASON
from woda_lib.workbench.demonstration.reviewers import DemonstrationError
from woda_lib.workbench.demonstration.showing import Demonstration, demonstrate, rounds
from woda_lib.workbench.releases import withdraw_release

OnComplete = Callable[[CompleteRun], None]
Run = Callable[[list[Pilot], OnComplete], None]


class WrongFromTheStart(WodaError):
    exit_code = 2


def in_earnest(hub: Hub) -> Run:
    """Run pilots as the command does."""

    def run(asked: list[Pilot], on_complete: OnComplete) -> None:
        for done in run_pilots(asked, settings=hub.settings, warm=kernels_of_this_worker()):
            on_complete(done)

    return run


def as_it_stands(hub: Hub) -> Run:
    """Say of the hub's pilot that nothing of it is to be run, whatever a test did to its run."""

    def run(asked: list[Pilot], on_complete: OnComplete) -> None:
        if any(pilot.pilot == "tiny" for pilot in asked):
            site = hub.settings.outputs_folder / "site" / "index.html"
            on_complete(CompleteRun(hub.run, read_manifest(hub.run), site, new=False))

    return run


def shown(hub: Hub, *others: Pilot, **how: object) -> Demonstration:
    return demonstrate([hub.pilot, *others], hub.settings, **{"run": as_it_stands(hub)} | how)


def named(hub: Hub, name: str, *cited: str) -> Pilot:
    cites = dict.fromkeys(cited, "newest")
    return hub.pilot.model_copy(update={"pilot": name, "cites": cites})


def test_what_cites_comes_after_what_it_cites(hub: Hub) -> None:
    asked = [
        named(hub, "case", "flow", "map"),
        named(hub, "digest", "case"),
        named(hub, "flow"),
        named(hub, "map", "elsewhere"),  # nobody asks for that one here
    ]
    order = [[pilot.pilot for pilot in one] for one in rounds(asked)]
    assert order == [["flow", "map"], ["case"], ["digest"]]


def test_a_circle_of_citations_is_refused(hub: Hub) -> None:
    with pytest.raises(DemonstrationError, match="cite each other in a circle"):
        list(rounds([named(hub, "one", "two"), named(hub, "two", "one")]))


def test_a_run_is_released_and_signed_by_the_two_keys_of_the_demonstration(hub: Hub) -> None:
    assert shown(hub).errors == []
    standing = hub.standing()
    assert standing.state == "signed"
    assert [signer.name for signer in standing.signers] == [
        "Demonstration reviewer one",
        "Demonstration reviewer two",
    ]


def test_nothing_is_run_or_released_or_signed_twice(hub: Hub) -> None:
    shown(hub, run=in_earnest(hub))
    runs, log = hub.bench.runs(), hub.settings.audit_file.read_bytes()
    again = shown(hub, run=in_earnest(hub))
    assert not again.released["tiny"].changed
    assert (hub.bench.runs(), hub.settings.audit_file.read_bytes()) == (runs, log)


def test_code_that_is_not_committed_is_let_through_and_the_release_says_so(hub: Hub) -> None:
    hub.change_run(commit=COMMIT, dirty=True, made={})
    assert shown(hub).released["tiny"].standing.release.dirty is True


def test_a_value_outside_its_range_is_released_with_a_reason_that_readers_see(hub: Hub) -> None:
    hub.change_run(unexpected=(Unexpected(name="doubled", low=50, high=60),))
    shown(hub)
    assert hub.standing().release.reason == REASON


def test_a_release_that_awaits_one_signature_gets_that_one(hub: Hub) -> None:
    shown(hub)
    hub.folder().signature("demonstration_two").unlink()
    hub.settings.audit_file.unlink()  # which would miss it
    hub.settings.anchors_file.unlink(missing_ok=True)
    assert hub.standing().state == "awaiting"
    assert shown(hub).released["tiny"].changed
    assert hub.standing().state == "signed"


def test_what_was_withdrawn_is_not_released_again(hub: Hub) -> None:
    shown(hub)
    withdraw_release("tiny", "1.0", reason="Ward 3 was counted twice.", settings=hub.settings)
    standing = shown(hub).released["tiny"].standing
    assert (standing.state, standing.release.version) == ("withdrawn", "1.0")


def test_what_was_altered_stays_void(hub: Hub) -> None:
    shown(hub)
    path = hub.folder().files / "2_double.html"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    standing = shown(hub).released["tiny"].standing
    assert (standing.state, standing.release.version) == ("void", "1.0")


def test_releases_removed_with_their_runs_are_made_anew_under_the_next_number(hub: Hub) -> None:
    shown(hub)
    hub.another_run("2030-01-01T06-00-00-ab12")
    rmtree(hub.releases)
    shown(hub)
    assert hub.standing("1.0").state == "void"
    assert hub.standing("1.1").state == "signed"


def test_without_ssh_keygen_releases_stay_unsigned_and_what_to_install_is_said(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("woda_lib.records.signatures.shutil.which", lambda name: None)
    came = shown(hub)
    assert "openssh-client" in came.unsigned
    assert came.errors == []
    assert came.released["tiny"].standing.state == "awaiting"


def test_a_pilot_that_fails_is_told_of_and_the_others_go_on(hub: Hub) -> None:
    told: list[WodaError] = []

    def run(asked: list[Pilot], on_complete: OnComplete) -> None:
        as_it_stands(hub)(asked, on_complete)
        raise WodaError("stopped in step 1_count")

    came = shown(hub, named(hub, "other"), run=run, on_error=told.append)
    assert [str(error) for error in came.errors] == ["stopped in step 1_count"]
    assert told == came.errors
    assert list(came.released) == ["tiny"]


def test_a_pilot_that_cannot_begin_does_not_keep_the_others_from_it(hub: Hub) -> None:
    def run(asked: list[Pilot], on_complete: OnComplete) -> None:
        if any(pilot.pilot == "other" for pilot in asked):
            raise WrongFromTheStart("notebooks/other is not there")
        as_it_stands(hub)(asked, on_complete)

    came = shown(hub, named(hub, "other"), run=run)
    assert [str(error) for error in came.errors] == ["notebooks/other is not there"]
    assert list(came.released) == ["tiny"]


def test_a_run_that_may_not_be_released_is_told_of(hub: Hub) -> None:
    hub.bench.write("outputs/tiny/" + hub.run.path.name + "/notes.txt", "mine")
    (error,) = shown(hub).errors
    assert "none of its results" in str(error)


def test_the_example_of_a_new_pilot_is_run_and_not_released(hub: Hub) -> None:
    hub.bench.write_pilot(example=True)
    came = shown(hub)
    assert (came.released, came.errors) == ({}, [])


def test_extracts_that_may_be_partners_are_refused_before_anything_is_done(hub: Hub) -> None:
    (hub.settings.extracts_folder / "SYNTHETIC.json").unlink()
    with pytest.raises(DemonstrationError, match="made-up data alone"):
        shown(hub)
    assert not hub.keys.exists()


def test_made_up_releases_never_stand_beside_those_on_partners_data(hub: Hub) -> None:
    shown(hub)
    record = hub.folder().record
    record.chmod(0o644)
    record.write_text(record.read_text().replace('"synthetic": true', '"synthetic": false'))
    with pytest.raises(
        DemonstrationError, match=r"beside tiny@1\.0, which rests on partners' data"
    ):
        shown(hub)
