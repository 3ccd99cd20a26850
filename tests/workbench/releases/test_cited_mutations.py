"""Whatever is changed of what a case cites, it refuses to be made, and names the citation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from woda_lib.records import CitationError, ReleaseFolder, sha256, sums_text
from woda_lib.workbench.releases import withdraw_release

CITED = ("count", "doubled")


def change(path: Path, spoil: Callable[[str], str]) -> None:
    path.chmod(0o644)
    path.write_text(spoil(path.read_text()))


def one_more(content: Any, name: str) -> bool:
    """Change the value of a name by one unit wherever it stands in a file; say whether it does."""
    found = False
    if isinstance(content, dict):
        if content.get("name") == name and "value" in content:
            content["value"] += 1
            found = True
        found |= sum(one_more(part, name) for part in content.values()) > 0
    elif isinstance(content, list):
        found = sum(one_more(part, name) for part in content) > 0
    return found


def mutated(path: Path, name: str) -> None:
    def spoil(text: str) -> str:
        content = json.loads(text)
        assert one_more(content, name)
        return json.dumps(content, indent=2)

    change(path, spoil)


def forge(folder: ReleaseFolder) -> None:
    """Make the sums and the record agree with the files as they are now."""
    record = json.loads(folder.record.read_text())
    record["files"] = {name: sha256(folder.files / name) for name in record["files"]}
    change(folder.record, lambda _: json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    change(folder.sums, lambda _: sums_text(sha256(folder.record), record["files"]))


STEP = {"count": "1_count", "doubled": "2_double"}


@pytest.mark.parametrize("name", CITED)
@pytest.mark.parametrize("where", ["release.json", "files/manifest.json", "the step's record"])
@pytest.mark.parametrize("forged", [False, True], ids=["as it is", "with forged sums"])
def test_a_cited_value_that_is_one_more_is_refused(study, name, where, forged):
    assert study.begin().cite(f"tiny/{name}").value == {"count": 3, "doubled": 6}[name]
    folder = study.hub.folder()
    file = f"files/steps/{STEP[name]}.json" if where == "the step's record" else where
    mutated(folder.path / file, name)
    if forged:
        forge(folder)
    with pytest.raises(CitationError) as refused:
        study.begin().cite(f"tiny/{name}")
    assert str(refused.value).startswith(
        f"tiny@1.0/{name} cannot be cited: tiny 1.0 is void and must not be cited."
    )


def test_every_file_of_a_release_counts_also_one_that_holds_no_value(study):
    for path in sorted(study.hub.folder().files.rglob("*")):
        if path.is_file():
            before = path.read_bytes()
            path.chmod(0o644)
            path.write_bytes(before + b"\n")
            with pytest.raises(CitationError, match=r"tiny@1\.0/doubled cannot be cited"):
                study.begin().cite("tiny/doubled")
            path.write_bytes(before)
    assert study.begin().cite("tiny/doubled").value == 6


def test_forged_sums_alone_are_refused(study):
    change(study.hub.folder().sums, lambda text: text.replace("0", "1"))
    with pytest.raises(CitationError, match="SHA256SUMS contradict each other"):
        study.begin().cite("tiny/doubled")


def test_a_signature_that_was_taken_away_is_missed(study):
    study.hub.folder().signature("anna_price").unlink()
    with pytest.raises(CitationError, match=r"tiny@1\.0/doubled.*signature of .* is missing"):
        study.begin().cite("tiny/doubled")


def test_without_the_audit_log_the_signatures_still_prove_the_record(study):
    study.hub.settings.audit_file.unlink()
    assert study.begin().cite("tiny/doubled").value == 6
    mutated(study.hub.folder().record, "doubled")
    forge(study.hub.folder())
    with pytest.raises(CitationError, match=r"tiny@1\.0/doubled.*\.sig is not of this record"):
        study.begin().cite("tiny/doubled")


def test_a_withdrawn_release_is_refused_with_its_reason(study):
    withdraw_release("tiny", "1.0", reason="A mistake.", settings=study.hub.settings)
    with pytest.raises(CitationError) as refused:
        study.begin().cite("tiny/doubled")
    assert str(refused.value).startswith("tiny@1.0/doubled cannot be cited: ")
    assert "withdrawn: A mistake." in str(refused.value)
    study.write(cites={"tiny": "1.0"})
    with pytest.raises(CitationError, match=r"tiny@1\.0/doubled.*was withdrawn.*A mistake"):
        study.begin().cite("tiny/doubled")


def test_the_run_itself_fails_and_says_so(study):
    mutated(study.hub.folder().record, "doubled")
    with pytest.raises(Exception, match=r"tiny@1\.0/doubled cannot be cited: tiny 1\.0 is void"):
        study.run()
