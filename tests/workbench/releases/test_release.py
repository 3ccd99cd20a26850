"""A run becomes a release: what is refused, what is frozen, and under which number."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.workbench.bench import AGREEMENT
from tests.workbench.releases.hub import AUTHOR, COMMIT
from woda_lib.disclosure import DisclosureError
from woda_lib.partners import audit_log
from woda_lib.partners.audit import AuditError
from woda_lib.records import AuditEvent, StepMade, Unexpected, read_manifest, sha256
from woda_lib.workbench import ForeignOutput, OutputsError
from woda_lib.workbench.releases import ReleaseError


def test_a_release_holds_copies_of_all_that_readers_may_see_and_nothing_restricted(hub):
    release = hub.release().release
    frozen = {p.relative_to(hub.folder().files).as_posix(): p for p in _files(hub.folder().files)}
    assert frozen.keys() == {
        *("manifest.json", "results.json", "config.json"),
        *("1_count.html", "1_count.ipynb", "steps/1_count.json"),
        *("2_double.html", "2_double.ipynb", "steps/2_double.json"),
    }
    assert release.files == {name: sha256(path) for name, path in frozen.items()}
    for name, path in frozen.items():
        own = hub.run.path / name
        assert path.read_bytes() == own.read_bytes()
        assert path.stat().st_ino != own.stat().st_ino
        assert path.stat().st_mode & 0o222 == 0


def test_the_record_says_what_was_released_by_whom_and_from_what(hub):
    release = hub.release().release
    assert (release.pilot, release.version, release.run_id) == ("tiny", "1.0", hub.run.path.name)
    assert (release.author, release.authors, release.commit) == (AUTHOR, (AUTHOR,), COMMIT)
    assert {value.name: value.value for value in release.values} == {"count": 3.0, "doubled": 6.0}
    assert release.parameters == {"start": 3, "factor": 2.0, "since": "2023-10-01"}
    assert (release.synthetic, release.publication) == (True, "parties")
    assert release.data_up_to is not None and release.data_up_to.isoformat() == "2025-03-31"
    assert release.question == "How many are that twice over?"


def test_what_was_released_is_recorded(hub):
    standing = hub.release()
    (event,) = hub.log("release")
    assert (event["release"], event["sha256"]) == ("tiny@1.0", standing.sha256)
    assert event["run"] == f"tiny/{hub.run.path.name}"


def test_sums_are_in_the_form_that_sha256sum_reads(hub):
    hub.release()
    lines = hub.folder().sums.read_text().splitlines()
    assert f"{sha256(hub.folder().record)}  release.json" in lines
    assert all((hub.folder().path / line[66:]).is_file() for line in lines)


def test_what_is_done_to_the_run_afterwards_does_not_reach_the_release(hub):
    hub.release()
    hub.run.report("1_count").write_text("something else")
    assert hub.standing().state == "awaiting"


def test_a_named_run_is_released_and_an_unknown_one_met_with_the_nearest(hub):
    first = hub.run.path.name
    hub.another_run("2030-01-01T06-00-00-ab12", 7.0)
    assert hub.release(run_id=first).release.run_id == first
    with pytest.raises(ReleaseError, match=r"has no run .* Did you mean '2030-01-01T06-"):
        hub.release(run_id="2030-01-01T06-00-00")


def test_the_example_that_a_new_pilot_begins_with_is_not_released(hub):
    hub.change_run(step=lambda record: {"example": True})
    with pytest.raises(ReleaseError, match="still the example that a new pilot begins with"):
        hub.release()


def test_a_run_is_not_released_twice_while_its_release_stands(hub):
    hub.release()
    with pytest.raises(ReleaseError, match=r"is released already, as tiny 1\.0"):
        hub.release()


VERSIONS = [
    # what the second run has, what is asked, and the version it gets
    ({"doubled": 7.0}, None, "1.1"),
    ({"doubled": 7.0}, "major", "2.0"),
    ({"dropped": True}, None, "2.0"),
    ({"unit": "hours"}, None, "2.0"),
    ({"unit": "hours"}, "minor", "1.1"),
]


@pytest.mark.parametrize(("second", "part", "version"), VERSIONS)
def test_the_version_counts_up_by_whether_citations_still_mean_the_same(hub, second, part, version):
    hub.release()
    run = hub.another_run("2030-01-01T06-00-00-ab12", second.get("doubled"))
    if "unit" in second:
        hub.change_run(
            run,
            lambda record: {
                "values": tuple(v.model_copy(update={"unit": "hours"}) for v in record.values)
            },
        )
    if "dropped" in second:
        hub.change_run(
            run, lambda record: {"values": tuple(v for v in record.values if v.name == "count")}
        )
    assert hub.release(part=part).release.version == version


def test_a_new_question_is_a_new_first_number(hub):
    hub.release()
    hub.another_run("2030-01-01T06-00-00-ab12", 7.0)
    hub.bench.write_pilot(question="How many are that thrice over?")
    assert hub.release().release.version == "2.0"


def test_a_version_is_never_given_twice_not_even_that_of_a_release_taken_away(hub):
    hub.release()
    hub.folder().path.rename(hub.bench.root / "elsewhere")
    assert hub.release().release.version == "1.1"


# What stands in the way, and its words.


def test_there_is_nothing_to_release(hub):
    hub.run.manifest.unlink()
    with pytest.raises(ReleaseError, match=r"no complete run to release\. Use `woda run tiny`"):
        hub.release()


@pytest.mark.parametrize("name", ["1_count.html", "2_double.ipynb"])
def test_a_file_is_missing(hub, name):
    (hub.run.path / name).unlink()
    with pytest.raises(ReleaseError, match=f"{name} is missing"):
        hub.release()


def test_a_step_of_the_pilot_is_not_in_the_run(hub):
    manifest = read_manifest(hub.run)
    hub.change_run()
    hub.run.manifest.write_text(
        manifest.model_copy(update={"steps": manifest.steps[:1]}).model_dump_json()
    )
    with pytest.raises(ReleaseError, match="The step 2_double has no record in it"):
        hub.release()


def test_a_steps_record_is_not_what_the_manifest_says(hub):
    record = json.loads(hub.run.record("1_count").read_text())
    hub.run.record("1_count").write_text(json.dumps(record | {"seed": 2}))
    with pytest.raises(ReleaseError, match="record of step 1_count is not what the manifest says"):
        hub.release()


def test_a_file_lies_there_that_is_nobodys(hub):
    (hub.run.path / "notes about jane.txt").write_text("x")
    with pytest.raises(ReleaseError, match="holds a file that is none of its results") as error:
        hub.release()
    assert "jane" not in str(error.value)


def test_a_link_leads_out_of_the_run(hub):
    hub.run.report("1_count").rename(hub.bench.root / "report.html")
    hub.run.report("1_count").symlink_to(hub.bench.root / "report.html")
    with pytest.raises(ReleaseError, match="a link to somewhere else"):
        hub.release()


def test_a_report_was_changed_after_the_run(hub):
    made = StepMade(run_id=hub.run.path.name, files={"1_count.html": "0" * 64})
    hub.change_run(made={"1_count": made})
    with pytest.raises(ReleaseError, match=r"1_count\.html was changed after the run"):
        hub.release()


def test_a_notebook_displays_what_no_verb_made(hub):
    path = hub.run.notebook("1_count")
    notebook = json.loads(path.read_text())
    printed = {"output_type": "stream", "name": "stdout", "text": "a row"}
    notebook["cells"][-1]["outputs"].append(printed)
    path.write_text(json.dumps(notebook))
    with pytest.raises(ForeignOutput, match="cannot be released, because of step 1_count") as error:
        hub.release()
    assert "prints text" in str(error.value)


def test_a_report_holds_somebodys_number(hub):
    report = hub.run.report("1_count")
    report.write_text(report.read_text().replace("</body>", "<p>943 476 5919</p></body>"))
    with pytest.raises(DisclosureError, match=r"1_count\.html holds an NHS number"):
        hub.release()
    assert hub.standing_or_none() is None


def test_a_canary_of_a_made_up_county_is_found(hub):
    hub.bench.write(
        "data/truth/quick-1/canaries.json", '[{"forename": "Ona", "surname": "Zzyzxquill"}]'
    )
    report = hub.run.report("1_count")
    report.write_text(report.read_text().replace("</body>", "<p>O. Zzyzx-Quill</p></body>"))
    with pytest.raises(DisclosureError, match="the name of a canary resident"):
        hub.release()


def test_the_agreement_forbids_publication(hub):
    content = AGREEMENT | {"publication": "forbidden"}
    hub.bench.write("parameters/agreements/tiny.yaml", yaml.safe_dump(content))
    with pytest.raises(ReleaseError, match=r"agreement tiny forbids publication. .*: Board\."):
        hub.release()


DIRTY = [
    ({"dirty": True}, "was run from files that differ from the commit c0ffeec0"),
    ({"commit": None, "dirty": None}, "was run from files outside git"),
]


@pytest.mark.parametrize(("changes", "words"), DIRTY)
def test_code_that_is_not_committed_makes_no_release_but_of_made_up_data_if_asked(
    hub, changes, words
):
    hub.change_run(**changes)
    with pytest.raises(ReleaseError, match=f"{words}.* use --allow-dirty"):
        hub.release()
    assert hub.release(allow_dirty=True).release.dirty is changes["dirty"]


@pytest.mark.parametrize("allow_dirty", [True, False])
def test_code_that_is_not_committed_never_makes_a_release_of_real_data(hub, allow_dirty):
    hub.change_run(step=lambda record: {"synthetic": False}, dirty=True)
    with pytest.raises(ReleaseError, match="Commit them, and run the pilot again") as error:
        hub.release(allow_dirty=allow_dirty)
    assert ("--allow-dirty is for made-up data alone" in str(error.value)) is allow_dirty


def test_a_run_does_not_say_who_ran_it(hub):
    hub.change_run(author="")
    with pytest.raises(ReleaseError, match="does not say who ran each of its steps"):
        hub.release()


def test_made_up_and_real_data_in_one_run(hub):
    hub.change_run(step=lambda record: {"synthetic": record.step == "1_count"})
    with pytest.raises(ReleaseError, match="Some of its steps read made-up data"):
        hub.release()


def test_two_steps_give_one_name_to_two_values(hub):
    hub.change_run(
        step=lambda record: {
            "values": tuple(v.model_copy(update={"name": "same"}) for v in record.values)
        }
    )
    with pytest.raises(ReleaseError, match="Two of its steps record a value called same"):
        hub.release()


UNEXPECTED = Unexpected(name="doubled", low=10.0, reason="It never was lower.")


def test_a_value_outside_its_expected_range_needs_a_reason_that_readers_see(hub):
    hub.change_run(unexpected=(UNEXPECTED,))
    with pytest.raises(ReleaseError, match=r"It never was lower\. .* say why with --reason"):
        hub.release()
    assert hub.release(reason="A ward was closed.").release.reason == "A ward was closed."
    assert "A ward was closed." in (hub.releases / "CHANGELOG.md").read_text()
    assert hub.log("release")[0]["detail"] == "A ward was closed."


def test_a_reason_holds_nothing_personal(hub):
    with pytest.raises(ReleaseError, match="The reason holds an NHS number") as error:
        hub.release(reason="Because of 943 476 5919.")
    assert "943" not in str(error.value)


# Steps that were taken over from others' runs.


def take_over(hub, **changes):
    """Make a second run that took 1_count over from the first, which somebody else had made."""
    hub.change_run(**changes)
    first = hub.run.path.name
    made = {"1_count": StepMade(run_id=first)}
    return first, hub.another_run("2030-01-01T06-00-00-ab12", 7.0, made=made)


def test_whoever_ran_a_step_that_was_taken_over_is_an_author_too(hub):
    _, second = take_over(hub, author="Anna Price")
    hub.change_run(second, author="Olu Ade")
    assert hub.release().release.authors == ("Olu Ade", "Anna Price")
    with pytest.raises(ReleaseError, match="is of Anna Price, who ran it"):
        hub.sign("anna_price")


def test_the_account_that_the_audit_log_saw_is_an_author_whatever_git_was_told(hub):
    run = f"tiny/{hub.run.path.name}/1_count"
    audit_log(hub.settings).append(AuditEvent(kind="load", run=run))
    (load,) = hub.log("load")
    hub.add_reviewer("anna_price", known_as=[load["who"]])
    assert hub.release().release.authors == (AUTHOR, load["who"])
    with pytest.raises(ReleaseError, match="is of Anna Price, who ran it"):
        hub.sign("anna_price")


def test_a_step_taken_over_from_uncommitted_code_is_uncommitted(hub):
    first, second = take_over(hub, dirty=True)
    hub.change_run(second, dirty=False)
    with pytest.raises(ReleaseError, match=rf"A step of it \(run {first}\) was run from files"):
        hub.release()


def test_a_step_taken_over_from_a_run_that_is_gone_has_no_author(hub):
    first, _ = take_over(hub)
    hub.run.path.with_name(first).rename(hub.bench.root / "gone")
    with pytest.raises(ReleaseError, match=f"1_count was taken over from the run {first}"):
        hub.release()


# Nothing half-made is left.


def test_a_release_that_is_refused_leaves_nothing(hub):
    hub.run.report("1_count").write_text("943 476 5919")
    with pytest.raises(DisclosureError):
        hub.release()
    assert [path.name for path in hub.releases.iterdir()] == [".lock"]


def test_a_release_that_cannot_be_recorded_is_not_made(hub):
    hub.settings.anchors_file.mkdir(parents=True)
    with pytest.raises(AuditError, match="cannot be written"):
        hub.release()
    assert [path.name for path in hub.releases.iterdir()] == [".lock"]


def test_a_folder_that_cannot_be_written_to_is_named(hub):
    hub.releases.parent.write_text("a file, and not a folder")
    with pytest.raises(OutputsError, match=r"Results cannot be written to .*/releases/tiny"):
        hub.release()


def _files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]
