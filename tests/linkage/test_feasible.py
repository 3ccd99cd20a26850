"""Refusal before the start: with the number, what is left, and the key to blame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.linkage import BlockingError, blocking, engines, feasible, link, memory
from woda_lib.linkage.fast import Tape

# Three records share a birth date and the first name Ann, two of them the surname Lee as well;
# four are called Ann.
PEOPLE = table(
    """
    id forename surname born       postcode
    1  Ann      Lee     1931-09-20 WR1_2AB
    2  Ann      Lee     1931-09-20 -
    3  Ann      Hill    1931-09-20 -
    4  Ann      Lee     1950-02-02 -
    5  Bob      Ford    1960-03-03 WR1_2AB
    """
)
ONE = {"sources": [{"name": "a", "id": "id"}], "random_pairs": 1000}
ENGINES = pytest.mark.parametrize("engine", ["fast", "recordlinkage"])


def refused(engine: Any, **changes: Any) -> str:
    with pytest.raises(BlockingError) as caught:
        link({"a": PEOPLE}, specification(**ONE | changes), engine=engine)
    return str(caught.value)


@ENGINES
def test_more_pairs_than_the_specification_allows(engine: str) -> None:
    # born: 3·2/2 pairs; forename: 4·3/2
    assert refused(engine, blocking=[["born"], ["forename"]], max_pairs=5) == (
        "Blocking rule 2 (forename) would make 6 pairs, more than the 5 that max_pairs allows; its "
        "largest block holds 4 records, and the key to blame is forename: 4 records share one "
        "value of it. If that value is a placeholder, empty it in the source. Otherwise add a key "
        "to this rule, or raise max_pairs."
    )


@ENGINES
def test_of_several_keys_the_one_most_widely_shared_is_to_blame(engine: str) -> None:
    # Ann and 1931 make the largest block, three records; 1931 is shared by three, Ann by four.
    says = refused(engine, blocking=[["year(born)", "forename"]], max_pairs=2)
    assert "(year(born) and forename) would make 3 pairs" in says
    assert "holds 3 records, and the key to blame is forename: 4 records share" in says


@ENGINES
def test_more_pairs_than_the_memory_holds(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasible, "available_memory", lambda: 2_000_000_000)
    monkeypatch.setattr(blocking, "BYTES_A_PAIR", 500_000_000)
    monkeypatch.setattr(Tape, "BYTES_A_PAIR", 500_000_000)
    # 3 + 1 + 1 pairs of half a gigabyte
    rules = [["born"], ["surname", "forename", "born"], ["postcode"]]
    assert refused(engine, blocking=rules) == (
        "The blocking rules would make 5 pairs, which take at least 2.5 GB of memory, and 2.0 GB "
        "are left. Rule 1 (born) makes 3 of them; its largest block holds 3 records, and the key "
        "to blame is born: 3 records share one value of it. If that value is a placeholder, empty "
        "it in the source. Otherwise add a key to this rule, set largest_block, or use a machine "
        "with more memory."
    )
    assert len(link({"a": PEOPLE}, specification(**ONE, blocking=rules[:1])).clusters) == 5


def test_nothing_is_compared_before_the_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasible, "available_memory", lambda: 0)
    monkeypatch.setattr(engines, "stage", lambda name: pytest.fail(f"{name} began"))
    refused("fast", blocking=[["born"]])


def control_group(root: Path, folder: str, limit: str, used: int, cached: int) -> None:
    group = root / folder
    group.mkdir(parents=True, exist_ok=True)
    (group / "memory.max").write_text(f"{limit}\n")
    (group / "memory.current").write_text(f"{used}\n")
    (group / "memory.stat").write_text(f"anon 1\ninactive_file {cached}\n")


def test_a_container_leaves_less_than_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "cgroup"
    own.write_text("0::/batch/job\n")
    monkeypatch.setattr(memory, "_OWN_GROUP", own)
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "groups")
    before = memory.available_memory()
    assert before > 10_000
    control_group(tmp_path / "groups", "batch/job", "max", 1, 0)
    assert memory.available_memory() > 10_000
    control_group(tmp_path / "groups", "batch", "5000", 3000, 400)  # 5000 − 3000 + 400 cached
    assert memory.available_memory() == 2400
    control_group(tmp_path / "groups", "batch/job", "1000", 1500, 0)
    assert memory.available_memory() == 0


def test_an_older_control_group_counts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "cgroup"
    own.write_text("3:cpu:/\n2:memory:/job\n")
    group = tmp_path / "groups" / "memory" / "job"
    group.mkdir(parents=True)
    for name, content in {
        "memory.limit_in_bytes": "7000",
        "memory.usage_in_bytes": "3000",
        "memory.stat": "total_inactive_file 500\n",
    }.items():
        (group / name).write_text(content)
    monkeypatch.setattr(memory, "_OWN_GROUP", own)
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "groups")
    assert memory.available_memory() == 4500


def test_a_machine_without_control_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_OWN_GROUP", tmp_path / "nothing")
    assert memory.available_memory() > 0


def test_the_blame_names_no_value() -> None:
    frame = pd.concat([PEOPLE.assign(forename="Marigold")] * 3, ignore_index=True)
    spec = specification(**ONE, blocking=[["forename"]], max_pairs=1)
    with pytest.raises(BlockingError) as caught:
        link({"a": frame.assign(id=range(len(frame)))}, spec)
    assert "marigold" not in str(caught.value).lower()
