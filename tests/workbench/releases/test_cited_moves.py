"""A release, a signature or a withdrawal makes a case stale, and says which sentences move."""

from __future__ import annotations

import json

import nbformat
import pytest
from typer.testing import CliRunner, Result

from tests.workbench.bench import notebook
from tests.workbench.releases.study import CELLS, PILOT
from woda_lib import cli
from woda_lib.records import figures_now, read_manifest
from woda_lib.workbench import build_site
from woda_lib.workbench.releases import ReleaseError, withdraw_release

LATER = "2030-01-01T06-00-00-ab12"
SAYS = {
    "tiny/doubled": ("It grew to 6.0 days (95% interval 5.0 to 7.0).",),
    "tiny/count": ("There were 3.0 days.",),
}
ANSWER = "It is worth 18.0 days, with 3 posts, for it grew to 6.0 days."


def woda(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words, prog_name="woda")


def withdraw(study, version: str = "1.0") -> None:
    withdraw_release("tiny", version, reason="A mistake.", settings=study.hub.settings)


def newer(study, doubled: float, *, signed: bool = True) -> None:
    study.hub.another_run(LATER, doubled)
    study.hub.release()
    if signed:
        study.hub.signed("1.1")


def now(study) -> dict[str, tuple[str, bool]]:
    """By figure, how it stands and whether its sentences move."""
    found = figures_now(study.pilot, read_manifest(study.folder), study.hub.settings)
    return {one.figure.named: (one.state, one.moves) for one in found}


def test_while_nothing_happens_everything_stands(study):
    assert study.fresh.fresh
    assert now(study) == {
        "tiny/doubled": ("unchanged", False),
        "tiny/count": ("unchanged", False),
        "assumed/team": ("unchanged", False),
    }
    said = woda("cite", "case")
    assert said.exit_code == 0
    assert "  tiny@1.0/doubled: 6.0 days (5.0 to 7.0): stands." in said.output.splitlines()
    assert said.output.splitlines()[-1] == "Every sentence stands."


def test_a_withdrawal_is_seen_at_once_with_every_sentence_that_falls(study):
    withdraw(study)
    assert study.fresh.reasons[0].startswith("tiny@1.0 was withdrawn: A mistake. The last run of")
    assert now(study)["tiny/doubled"] == ("withdrawn", True)
    said = woda("cite", "case")
    assert said.exit_code == 1
    for line in (
        "  tiny@1.0/doubled: 6.0 days (5.0 to 7.0): withdrawn. tiny@1.0 was withdrawn: A mistake.",
        f"    1_case: {SAYS['tiny/doubled'][0]}",
        f"    1_case: {ANSWER}",
        f"    1_case: {SAYS['tiny/count'][0]}",
        "3 sentences must be written anew, and what tables and figures reckon from the same.",
    ):
        assert line in said.output.splitlines()
    [told] = json.loads(woda("cite", "case", "--json").stdout)
    assert [one["moves"] for one in told["figures"]] == [True, True, False]
    assert told["figures"][0]["now"] is None


def test_what_is_worked_out_from_a_figure_moves_with_it(study):
    """No sentence of the answer names the figure that fell; all of it rests on that."""
    cells = list(CELLS)
    cells[4] = (
        'run.say("It grew to {tiny/doubled:value}. A team is {assumed/team:value}.", name="found")'
    )
    cells[7] = (
        'run.answer("Yes: it is worth {net}. Fund it.")\n'
        'run.show_citations("Where each figure stands")\nrun.finish()'
    )
    study.hub.bench.write("notebooks/case/1_case.ipynb", nbformat.writes(notebook(cells)))
    study.run()
    withdraw(study)
    lines = woda("cite", "case").output.splitlines()
    at = lines.index("  Worked out from figures that move:")
    assert lines[at + 1 :] == [
        "    1_case: Yes: it is worth 18.0 days.",
        "    1_case: Fund it.",
        "3 sentences must be written anew, and what tables and figures reckon from the same.",
    ]
    page = build_site(study.hub.settings).parent / "case" / "citations.html"
    assert "<p>Fund it.</p>" in page.read_text()
    assert "worked out from figures that move. tiny@1.0 was withdrawn" in page.read_text()


def test_where_an_older_release_is_left_it_is_cited_and_both_are_said(study):
    newer(study, 7.0)
    study.run()
    withdraw(study, "1.1")
    assert study.fresh.reasons == ("tiny@1.1 was withdrawn, so that tiny@1.0 is cited",)
    said = woda("cite", "case").output
    assert "tiny@1.1 was withdrawn: A mistake. tiny@1.0, signed, says 6.0 days" in said
    answer = read_manifest(study.run().folder).answer
    assert "It is worth" in answer
    assert answer.endswith("\n\ntiny@1.1 was withdrawn: A mistake.")


@pytest.mark.parametrize(
    ("signed", "reasons", "state"),
    [(True, ("tiny@1.1 was signed",), ("newer", True)), (False, (), ("unchanged", False))],
)
def test_a_newer_release_counts_once_it_is_signed(study, signed, reasons, state):
    newer(study, 7.0, signed=signed)
    assert study.fresh.reasons == reasons
    assert now(study)["tiny/doubled"] == state
    assert now(study)["tiny/count"] == (state[0], False)  # says the same
    study.write(cites={"tiny": "1.0"})
    assert now(study)["tiny/doubled"] == ("unchanged", False)


def test_a_newer_release_that_is_void_stands_in_the_way(study):
    newer(study, 7.0, signed=False)
    study.hub.folder("1.1").sums.unlink()
    assert now(study)["tiny/doubled"] == ("void", True)
    assert study.fresh.reasons[0].startswith("tiny 1.1 is void and must not be cited. SHA256SUMS")


def test_assumptions_and_reported_figures_make_a_case_stale_too(study):
    team = PILOT["parameters"]["team"] | {"unit": "people"}
    study.write(parameters={"team": team})
    assert "unit of team posts → people" in study.fresh.reasons
    assert now(study)["assumed/team"] == ("newer", True)


def test_a_case_is_released_on_signed_figures_alone(study):
    study.committed()
    assert study.release().state == "awaiting"
    study.sign()
    assert woda("verify", "case", "1.0").exit_code == 0
    withdraw(study)
    said = woda("verify", "case", "1.0")
    assert said.exit_code == 0  # every byte is as it was signed
    assert "case 1.0: signed." in said.output
    assert "sentences of it no longer stand" in said.output
    assert ANSWER in said.output
    with pytest.raises(ReleaseError, match=r"tiny@1\.0/doubled \(tiny@1\.0 was withdrawn: A mist"):
        study.release()


def test_a_case_is_not_signed_once_what_it_cites_has_fallen(study):
    study.committed()
    study.release()
    withdraw(study)
    with pytest.raises(ReleaseError) as refused:
        study.sign()
    assert str(refused.value) == (
        "case 1.0 is not signed. What it cites is not what it says any more: tiny@1.0/doubled "
        "(tiny@1.0 was withdrawn: A mistake); tiny@1.0/count (tiny@1.0 was withdrawn: A mistake). "
        "`woda cite case` names the sentences. Run case again, release it and sign that."
    )
    assert woda("verify", "case", "1.0").output.startswith("case 1.0: awaits 2 sig")


def test_nor_once_another_number_would_be_cited(study):
    study.committed()
    study.release()
    newer(study, 3.0, signed=False)
    study.hub.signed("1.1")
    with pytest.raises(
        ReleaseError, match=r"tiny@1\.0/doubled \(tiny@1\.1, signed, says 3\.0 days"
    ):
        study.sign()


def test_a_case_is_not_released_while_its_sentences_move(study):
    study.committed()
    newer(study, 9.0)
    with pytest.raises(
        ReleaseError, match=r"tiny@1\.0/doubled \(tiny@1\.1, signed, says 9\.0 days"
    ):
        study.release()
    study.write(cites={"tiny": "1.0"})
    assert study.release().state == "awaiting"
    study.write(
        cites={"tiny": "1.0"}, parameters={"team": PILOT["parameters"]["team"] | {"value": 4}}
    )
    with pytest.raises(
        ReleaseError, match=r"assumed/team \(parameters/case\.yaml says 4 posts now"
    ):
        study.sign()


def test_a_number_of_a_signed_case_is_handed_out_with_what_fell(study):
    study.committed()
    study.release()
    study.sign()
    assert "no longer stands" not in woda("cite", "case@1.0/net").output
    withdraw(study)
    said = woda("cite", "case@1.0/net").output
    assert "What it cites no longer stands: tiny@1.0 was withdrawn: A mistake." in said
    told = json.loads(woda("cite", "case@1.0/net", "--json").stdout)
    assert told["fallen"] == ["tiny@1.0 was withdrawn: A mistake."]


def test_a_draft_is_not_released(study):
    newer(study, 7.0, signed=False)
    withdraw(study)
    study.run()
    study.committed()
    with pytest.raises(ReleaseError) as refused:
        study.release()
    assert "tiny@1.1/doubled (awaits signatures when it was cited)" in str(refused.value)
    assert "Let those pilots be released and signed, then run case again." in str(refused.value)


def test_figures_from_uncommitted_files_need_leave(study):
    study.committed()
    hub = study.hub
    hub.another_run(LATER, 7.0, commit=None, dirty=None)
    hub.release(allow_dirty=True)
    hub.signed("1.1")
    study.run()
    study.committed()
    with pytest.raises(ReleaseError, match=r"tiny@1\.1/doubled \(released from files that were"):
        study.release()
    assert study.release(allow_dirty=True).release.version == "1.0"


def test_the_site_says_it_on_the_front_page_and_on_a_page_of_its_own(study):
    settings = study.hub.settings
    front = build_site(settings)
    page = front.parent / "case" / "citations.html"
    assert "every sentence stands as it was written" in page.read_text()
    assert "no longer stand" not in front.read_text()
    withdraw(study)
    build_site(settings)
    assert "Three sentences of the run of" in front.read_text()
    assert "no longer stand:</b>" in front.read_text()
    assert "case/citations.html" in front.read_text()
    said = page.read_text()
    assert said.index(">Figure</th>") < said.index(">Now</th>") < said.index(">As said</th>")
    assert f"<p>{ANSWER}</p>" in said
    assert "tiny@1.0 was withdrawn: A mistake." in said
    lineage = (front.parent / "lineage.html").read_text()
    assert "cites tiny" not in lineage


def test_the_signed_case_stays_in_sight_while_a_newer_awaits_and_a_later_run_is_there(study):
    study.committed()
    study.release()
    study.sign()
    newer(study, 7.0)
    study.run()
    study.committed()
    study.release()  # awaits, and cites tiny@1.1
    study.write(seed=5)
    study.run()
    withdraw(study, "1.0")
    said = woda("cite", "case")
    assert said.exit_code == 1
    names = [line for line in said.output.splitlines() if line.startswith("case, ")]
    assert names[0].startswith("case, the run of ")
    assert [name.partition(":")[0] for name in names[1:]] == [
        "case, version 1.1",
        "case, version 1.0",
    ]
    front = build_site(study.hub.settings)
    assert "sentences of version 1.0 no longer stand:</b>" in front.read_text()


def test_a_site_proves_each_release_once(study, monkeypatch):
    from woda_lib.records import standing

    proved = []
    prove = standing.prove_release

    def counted(folder, pilot, reviewers, memory):
        proved.append(pilot)
        return prove(folder, pilot, reviewers, memory)

    monkeypatch.setattr(standing, "prove_release", counted)
    build_site(study.hub.settings)
    assert proved == ["tiny"]
    build_site(study.hub.settings)
    assert proved == ["tiny", "tiny"]  # anew, for it may have been changed


def test_a_release_on_the_other_kind_of_data_moves_nothing(study):
    run = study.hub.another_run(LATER, 7.0)
    study.hub.change_run(run, lambda record: {"synthetic": False})
    study.hub.release()
    study.hub.signed("1.1")
    assert study.fresh.reasons == ()
    result = woda("cite", "case")
    assert result.exit_code == 0, result.output
    assert "Every sentence stands" in result.output


def test_a_step_is_not_moved_by_a_pilot_of_which_it_cites_nothing(study):
    answer = (
        'run.answer("It is worth {net}, with {assumed/team:value}.")\n'
        'run.show_citations("Where each figure stands")\nrun.finish()'
    )
    value = 'run.value("net", team / 2, unit="days")'
    cells = [*CELLS[:3], value, "## How sure are we", answer]
    study.hub.bench.write("notebooks/case/1_case.ipynb", nbformat.writes(notebook(cells)))
    study.run()
    newer(study, 7.0)
    assert study.fresh.reasons == ()
    study.write()
    study.run()
    withdraw(study, "1.1")
    assert study.fresh.reasons == ("tiny@1.1 was withdrawn, so that tiny@1.0 is cited",)


def test_a_release_that_the_audit_log_does_not_know_is_cited_with_a_word_of_it(study):
    study.hub.settings.audit_file.unlink()
    study.hub.settings.anchors_file.unlink(missing_ok=True)
    run = study.begin()
    run.cite("tiny/doubled")
    assert "tiny@1.0: The audit log here does not know this release" in run.caveats_of_citations[0]
