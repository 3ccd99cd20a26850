"""The audit log: whole, or the first broken record is named; two may write at once."""

import json
import multiprocessing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from woda_lib.partners.audit import AuditError, AuditLog
from woda_lib.records import AuditEvent, AuditHead

RECORDS = 12


def log_in(folder: Path) -> AuditLog:
    return AuditLog(folder / "audit" / "log.jsonl", folder / "apart" / "audit.anchors")


def event(number: int = 1, **more) -> AuditEvent:
    return AuditEvent(kind="load", dataset="hospital_spells", rows=number, run="a/b/c", **more)


@pytest.fixture
def log(tmp_path):
    made = log_in(tmp_path)
    for number in range(1, 4):
        made.append(event(number))
    return made


def lines(log):
    return log.path.read_bytes().splitlines()


def write(log, lines):
    log.path.write_bytes(b"".join(line + b"\n" for line in lines))


def test_each_record_holds_the_sha256_of_the_one_before(log):
    first, second, third = (json.loads(line) for line in lines(log))
    assert first["previous"] == "0" * 64
    assert second["previous"] == sha256(lines(log)[0]).hexdigest()
    assert third["previous"] == sha256(lines(log)[1]).hexdigest()
    assert [record["number"] for record in (first, second, third)] == [1, 2, 3]
    assert {"at", "who", "rows", "dataset", "run"} <= first.keys()


def test_a_log_that_nobody_touched_is_whole(log):
    found = log.verify()
    assert (found.records, found.broken, found.repairs) == (3, None, 0)
    assert log.head() == AuditHead(number=3, sha256=sha256(lines(log)[2]).hexdigest())


def test_nobody_else_on_the_machine_reads_the_log(log):
    assert log.path.stat().st_mode & 0o777 == 0o600
    assert log.anchors.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("tampering", "number", "why"),
    [
        (lambda a, b, c: [a, b.replace(b'"rows":2', b'"rows":0'), c], 2, "differs from its anchor"),
        (lambda a, b, c: [a, c], 2, "it calls itself record 3"),
        (lambda a, b, c: [b, a, c], 1, "it calls itself record 2"),
        (lambda a, b, c: [a, b], 3, "it is missing, though 3 records were written"),
        (lambda a, b, c: [], 1, "it is missing"),
        (lambda a, b, c: [a, b, c, c], 4, "it calls itself record 3"),
        (lambda a, b, c: [a, b, b"nonsense"], 3, "it is not a record"),
        (lambda a, b, c: [a + b" ", b, c], 1, "differs from its anchor"),
    ],
)
def test_the_first_broken_record_is_named(log, tampering, number, why):
    write(log, tampering(*lines(log)))
    broken = log.verify().broken
    assert broken.number == number
    assert why in broken.why


def test_a_chain_made_anew_contradicts_its_anchors(log):
    write(log, rechained(lines(log), 0, lambda record: record | {"who": "somebody else"}))
    assert log.verify().broken.number == 1


def test_a_chain_and_anchors_made_anew_contradict_a_manifest(log):
    manifests = {"patient_flow/2026-11-25T06-00-00-ab12": log.head()}
    write(log, rechained(lines(log), 1, lambda record: record | {"rows": 0}))
    log.anchors.unlink()
    fresh = AuditLog(log.path, log.anchors)
    for number, line in enumerate(lines(log), start=1):
        fresh._anchor(AuditHead(number=number, sha256=sha256(line).hexdigest()))
    assert log.verify().broken is None
    broken = log.verify(manifests).broken
    assert broken.number == 3
    assert "the manifest of patient_flow/2026" in broken.why


def test_a_record_that_was_added_by_hand_has_no_anchor(log):
    *_, last = lines(log)
    forged = json.loads(last) | {"number": 4, "previous": sha256(last).hexdigest()}
    write(log, [*lines(log), json.dumps(forged).encode()])
    broken = log.verify().broken
    assert broken.number == 4
    assert "it has no anchor" in broken.why


def test_a_torn_last_line_is_cut_off_and_recorded(log):
    content = log.path.read_bytes()
    log.path.write_bytes(content + b'{"kind":"load","da')
    assert log.verify().broken.number == 4
    log.append(event(4))
    *_, repair, new = log.records()
    assert repair.kind == "repair"
    assert "A torn last line of 18 bytes was cut off after record 3" in repair.detail
    assert new.rows == 4
    found = log.verify()
    assert (found.records, found.broken, found.repairs) == (5, None, 1)


def test_a_record_whose_anchor_a_crash_prevented_is_anchored_and_recorded(log):
    anchors = log.anchors.read_bytes().splitlines(keepends=True)
    log.anchors.write_bytes(b"".join(anchors[:-1]))
    assert log.verify().broken.number == 3
    log.append(event(4))
    found = log.verify()
    assert (found.records, found.broken, found.repairs) == (5, None, 1)


def test_a_last_record_torn_by_hand_is_still_known_after_the_repair(log):
    log.path.write_bytes(log.path.read_bytes()[:-10])
    log.append(event(4))
    broken = log.verify().broken
    assert broken.number == 3
    assert "differs from its anchor" in broken.why


def test_nothing_is_recorded_on_top_of_a_damaged_end(log):
    write(log, [*lines(log)[:-1], b"nonsense"])
    with pytest.raises(AuditError, match="the log has been changed"):
        log.append(event())


def test_what_cannot_be_recorded_is_not_done(tmp_path):
    (tmp_path / "audit").write_text("a file where the folder should be")
    with pytest.raises(AuditError, match="cannot be written"):
        log_in(tmp_path).append(event())


def _write_many(folder: Path, writer: int) -> None:
    for number in range(25):
        log_in(folder).append(event(number, detail=f"writer {writer}"))


def test_two_runs_write_at_once_and_the_chain_is_whole(tmp_path):
    start = multiprocessing.get_context("spawn").Process
    writers = [start(target=_write_many, args=(tmp_path, n)) for n in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    log = log_in(tmp_path)
    found = log.verify()
    assert (found.records, found.broken, found.repairs) == (50, None, 0)
    for writer in (1, 2):
        rows = [r.rows for r in log.records() if r.detail == f"writer {writer}"]
        assert rows == list(range(25))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    log = log_in(folder)
    for number in range(1, RECORDS + 1):
        log.append(event(number, agreement="patient_flow", people=f"{number:064d}"))
    assert log.verify().broken is None
    return log


def rechained(lines, at, change):
    """Change a record and make the chain after it anew, as somebody who knows its form would."""
    made, previous = [], None
    for number, line in enumerate(lines):
        record = json.loads(line)
        if number == at:
            record = change(record)
        if previous is not None:
            record["previous"] = sha256(previous).hexdigest()
        previous = line if number < at else json.dumps(record, separators=(",", ":")).encode()
        made.append(previous)
    return made


@st.composite
def tamperings(draw):
    """A way of tampering with a log of `RECORDS` lines: a function of its bytes."""
    at, other = draw(st.integers(0, RECORDS - 1)), draw(st.integers(0, RECORDS - 1))
    kind = draw(
        st.sampled_from(
            ["byte", "field", "delete", "swap", "repeat", "cut", "insert", "forge", "rechain"]
        )
    )
    place, byte = draw(st.floats(0, 1)), draw(st.binary(min_size=1, max_size=3))
    rows = draw(st.integers(0, 10_000))

    def tamper(content: bytes) -> bytes:
        rows_of = content.splitlines()
        if kind == "byte":
            where = int(place * (len(content) - 1))
            return content[:where] + byte + content[where + 1 :]
        if kind == "cut":
            return content[: int(place * (len(content) - 1))]
        if kind == "insert":
            where = int(place * len(content))
            return content[:where] + byte + content[where:]
        if kind == "field":
            rows_of[at] = json.dumps(json.loads(rows_of[at]) | {"rows": rows}).encode()
        elif kind == "delete":
            del rows_of[at]
        elif kind == "swap":
            rows_of[at], rows_of[other] = rows_of[other], rows_of[at]
        elif kind == "repeat":
            rows_of.insert(other, rows_of[at])
        elif kind == "forge":
            last = json.loads(rows_of[-1])
            previous = sha256(rows_of[-1]).hexdigest()
            forged = last | {"number": last["number"] + 1, "previous": previous, "rows": rows}
            rows_of.append(json.dumps(forged, separators=(",", ":")).encode())
        else:
            now = datetime.now(UTC).isoformat()
            rows_of = rechained(rows_of, at, lambda record: record | {"rows": rows, "at": now})
        return b"".join(row + b"\n" for row in rows_of)

    return tamper


def first_changed(before: bytes, after: bytes) -> int:
    """The first line that differs, where a line is whole only with its line end."""
    same = [old == new for old, new in zip(before, after, strict=False)]
    at = same.index(False) if False in same else len(same)
    return before[:at].count(b"\n") + 1


@settings(
    max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tamper=tamperings())
def test_every_one_of_1000_random_tamperings_is_caught_at_its_first_record(
    whole, tmp_path_factory, tamper
):
    before = whole.path.read_bytes()
    after = tamper(before)
    assume(after != before)
    folder = tmp_path_factory.getbasetemp() / "tampered"
    if not folder.exists():
        copytree(whole.path.parents[1], folder)
    tampered = log_in(folder)
    tampered.path.write_bytes(after)
    broken = tampered.verify().broken
    assert broken is not None
    assert broken.number == first_changed(before, after)
