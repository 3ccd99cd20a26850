"""From `woda identities unmerge` to the next builds: who was parted stays so, and history says why.

That the steps which used the old identity are stale is in ``tests/workbench/planning``, and a whole
run of it in `test_whole_run`.
"""

from __future__ import annotations

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.pilots import two_agencies
from tests.pilots.single_view.small_bench import KNOWN_BY, Bench, at, pilot_of, workbench
from woda_lib import cli
from woda_lib.pilots.linking import link_from
from woda_lib.pilots.single_view import linking, saved
from woda_lib.pilots.single_view.registers import NUMBERS

SAID = {
    "police_contacts": [
        {"number": "n1", "forename": "Ottoline", "surname": "Smith", "date_of_birth": "1990-01-02"},
        {"number": "n2", "forename": "Bob", "surname": "Brown", "date_of_birth": "1985-05-05"},
        {"number": "n3", "forename": "Cat", "surname": "Jones", "date_of_birth": "1970-07-07"},
    ],
    "travel_passes": [
        {"number": "t1", "forename": "Ottoline", "surname": "Smith", "date_of_birth": "1990-01-02"},
        {"number": "t2", "forename": "Kit", "surname": "Lee", "date_of_birth": "2015-05-05"},
    ],
}
SPEC = two_agencies.SPEC.model_copy(
    update={
        "sources": [
            source.model_copy(update={"name": dataset})
            for source, dataset in zip(two_agencies.SPEC.sources, SAID, strict=True)
        ]
    }
)
WHY = "Two sisters; the officer met both."


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    return at(workbench(tmp_path, SAID, pilot_of("tiny", {"1_build": "linkage"})), monkeypatch)


def build(bench: Bench, name: str) -> pd.DataFrame:
    """Make a complete run of the linkage; return what happened to identities so far."""
    run = bench.begin("1_build")
    records, written = {}, []
    for dataset in SAID:
        register = KNOWN_BY[dataset]
        rows = run.load(dataset)
        named = rows.rename(columns={register.number: "id", "date_of_birth": "born"})
        records[dataset] = named[["partner", "id", "forename", "surname", "born"]]
        who = named[["id", "forename", "surname"]].rename(columns={"id": "local_id"})
        written.append(who.assign(dataset=dataset))
    linked = link_from(
        run.identities("people"),
        records,
        SPEC,
        relink_after_days=31,
        decisions=run.decisions(list(SAID)).in_force,
        engine="recordlinkage",
    )
    on = linked.linked_on
    run.save_identities("people", linked.store, linked.model, linked_on=on, numbers=NUMBERS)
    run.save("records", linking.records_table(linked, records))
    run.save("details", pd.concat(written, ignore_index=True))
    folder = bench.root / "outputs" / "tiny"
    (folder / "draft").rename(folder / name)
    (folder / name / "manifest.json").write_text("{}")
    return saved.events(linked.store)


def people(bench: Bench, name: str) -> dict[str, str]:
    """By name at its partner, the person whom each record is taken to be of."""
    folder = bench.root / "outputs" / "tiny"
    (folder / name).rename(folder / "draft")  # a draft is what a notebook by hand reads
    try:
        run = bench.begin("1_build")
        whom, said = (run.load(f"tiny/1_build:{table}") for table in ("records", "details"))
    finally:
        (folder / "draft").rename(folder / name)
    both = whom.astype({"dataset": str}).merge(said, on=["dataset", "local_id"])
    return dict(zip(both["dataset"] + ":" + both["forename"], both["entity_id"], strict=True))


def woda(*words: str) -> None:
    done = CliRunner().invoke(cli.app, words, prog_name="woda", catch_exceptions=False)
    assert done.exit_code == 0, done.output


def test_who_is_unmerged_stays_so_in_every_build_and_history_says_by_whom_and_why(bench):
    build(bench, "2025-04-01T06-00-00-aaaa")
    one = people(bench, "2025-04-01T06-00-00-aaaa")
    person = one["police_contacts:Ottoline"]
    assert person == one["travel_passes:Ottoline"]

    woda(
        *("identities", "unmerge", "tiny", person, "police_contacts:n1"),
        *("--purpose", "clerical_review", "--reason", WHY, "--by", "Ann"),
    )
    for name in ("2025-04-02T06-00-00-bbbb", "2025-04-03T06-00-00-cccc"):
        events = build(bench, name)
        now = people(bench, name)
        assert now["police_contacts:Ottoline"] != now["travel_passes:Ottoline"]
        parted = events[events["event"] == "unmerged"]
        assert len(parted) == 1
        assert person in set(parted[["entity_id", "other_entity_id"]].iloc[0])
        assert parted["reason"].iloc[0].startswith("decided by Ann on ")
        assert parted["reason"].iloc[0].endswith(f": {WHY}")
