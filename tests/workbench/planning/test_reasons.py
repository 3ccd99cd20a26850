"""What differs between two fingerprints, in the words that people read."""

from __future__ import annotations

from typing import Any

import pytest

from woda_lib.records import Fingerprint
from woda_lib.workbench.planning.fingerprints import GONE, MADE_BY
from woda_lib.workbench.planning.made import CHANGED
from woda_lib.workbench.planning.reasons import why_render, why_run

SPELLS = {f"acute/hospital_spells_2025-0{month}.csv": "a" for month in (1, 2, 3)}


def of(**parts: Any) -> Fingerprint:
    empty: dict[str, Any] = {"modules": {}, "parameters": {}, "data": {}, "settings": {}}
    return Fingerprint(**{"code": "c", "prose": "p"} | empty | parts)


def files(*months: int, **changed: str) -> dict[str, dict[str, str]]:
    """The delivered months of one dataset; ``m2="b"`` for other bytes of February."""
    names = {month: f"acute/hospital_spells_2025-0{month}.csv" for month in months}
    return {"hospital_spells": {n: changed.get(f"m{m}", "a") for m, n in names.items()}}


def cited(run: str = "", **versions: str) -> dict[str, dict[str, str]]:
    """What is cited of a pilot: ``v1="signed"`` its release 1.1, else a run of its only step."""
    asked = {"asked": "newest"}
    if run:
        return {"cites flow": asked | {"last run": ""}, "flow/1_a": {MADE_BY: run}}
    ((version, state),) = versions.items()
    return {"cites flow": asked | {f"flow@1.{version[1]}": f"{state} 0{version[1]}"}}


@pytest.mark.parametrize(
    ("part", "before", "now", "said"),
    [
        ("parameters", {"cost": 306.0}, {"cost": 350.0}, ["cost 306 → 350"]),
        ("parameters", {"cost": 0.1}, {"cost": 1234567.5}, ["cost 0.1 → 1234567.5"]),
        (
            "parameters",
            {"since": "2023-10-01"},
            {"since": "2024-01-01"},
            ["since 2023-10-01 → 2024-01-01"],
        ),
        ("parameters", {"on": True}, {"on": False}, ["on yes → no"]),
        ("parameters", {}, {"cost": 1}, ["the parameter cost is new"]),
        ("parameters", {"cost": 1}, {}, ["the parameter cost is gone"]),
        ("code", "a", "b", ["the notebook's code changed"]),
        ("modules", {"a.py": "1"}, {"a.py": "2"}, ["a.py changed"]),
        ("modules", {"a.py": "1"}, {"a.py": "1", "b.py": "1"}, ["b.py is new"]),
        ("modules", {"a.py": "1", "b.py": "1"}, {"a.py": "1"}, ["b.py is gone"]),
        # What is new follows from the import that was added.
        ("modules", {"a.py": "1"}, {"a.py": "2", "b.py": "1"}, ["a.py changed"]),
        (
            "modules",
            dict.fromkeys("abcde", "1"),
            dict.fromkeys("abcde", "2"),
            ["a and four other files of woda_lib changed"],
        ),
        ("data", files(1), files(1, 2), ["hospital_spells: one new file"]),
        ("data", files(1), files(1, 2, 3), ["hospital_spells: two new files"]),
        ("data", files(1, 2, 3), files(1), ["hospital_spells: two files gone"]),
        ("data", files(1, 2), files(1, 2, m2="b"), ["hospital_spells: one file changed"]),
        (
            "data",
            files(1, 2),
            files(2, 3, m2="b"),
            [
                "hospital_spells: one new file",
                "hospital_spells: one file changed",
                "hospital_spells: one file gone",
            ],
        ),
        ("data", {}, files(1), ["it reads hospital_spells, which it did not before"]),
        ("data", files(1), {}, ["it reads hospital_spells no longer"]),
        (
            "data",
            {"people.yaml": {"parameters/linkage/people.yaml": "1"}},
            {"people.yaml": {"parameters/linkage/people.yaml": "2"}},
            ["parameters/linkage/people.yaml changed"],
        ),
        (
            "data",
            {"people.yaml": {"parameters/linkage/people.yaml": "1"}},
            {"people.yaml": {"parameters/linkage/people.yaml": GONE}},
            ["parameters/linkage/people.yaml is gone"],
        ),
        ("data", {"tiny/1_a": {MADE_BY: "1"}}, {"tiny/1_a": {MADE_BY: "2"}}, ["1_a is run again"]),
        (
            "data",
            {"tiny/1_b": {MADE_BY: "1"}},
            {"tiny/1_b": {MADE_BY: "2"}},
            ["1_b is of another run"],
        ),
        (
            "data",
            {"big/1_a": {MADE_BY: "1"}},
            {"big/1_a": {MADE_BY: "2"}},
            ["big/1_a is run again"],
        ),
        ("data", cited(v1="awaiting"), cited(v1="signed"), ["flow@1.1 was signed"]),
        ("data", cited(v0="signed"), cited(v1="signed"), ["flow@1.1 was signed"]),
        (
            "data",
            cited(v1="signed"),
            cited(v0="signed"),
            ["flow@1.1 was withdrawn, so that flow@1.0 is cited"],
        ),
        (
            "data",
            cited(run="a"),
            cited(v0="awaiting"),
            ["flow@1.0 was released, not signed yet"],
        ),
        ("data", cited(v0="signed"), cited(run="a"), ["flow@1.0 was withdrawn"]),
        ("data", cited(run="a"), cited(run="b"), ["flow/1_a is of another run"]),
        (
            "data",
            cited(v0="signed"),
            {"cites flow": {"asked": "newest", "refused": "flow 1.0 is void. So it is."}},
            ["flow 1.0 is void. So it is"],
        ),
        (
            "data",
            cited(v0="signed"),
            {"cites flow": {"asked": "1.0", "flow@1.0": "signed 00"}},
            ["flow is cited from 1.0 (before: newest)"],
        ),
        ("data", {}, cited(v0="signed"), ["figures of flow are cited, which they were not before"]),
        (
            "data",
            cited(v0="signed"),
            {"cites flow": cited(v0="signed")["cites flow"] | {"passed over": "flow@1.1 was bad."}},
            ["flow@1.1 was bad"],
        ),
        ("data", cited(run="a"), {}, ["figures of flow are cited no longer"]),
        ("settings", {"lock": "1"}, {"lock": "2"}, ["the lock changed"]),
        ("settings", {"lock": CHANGED}, {"lock": "2"}, ["the lock changed"]),
        (
            "settings",
            {"packages": "numpy 2.3.1, pandas 2.2.3"},
            {"packages": "numpy 2.4.0, pandas 2.2.3"},
            ["numpy 2.3.1 → 2.4.0"],
        ),
        (
            "settings",
            {"packages": CHANGED},
            {"packages": "numpy 2.4.0"},
            ["packages changed while the step ran"],
        ),
        ("settings", {"python": "3.11.7"}, {"python": "3.11.9"}, ["Python 3.11.7 → 3.11.9"]),
        ("settings", {"seed": "1"}, {"seed": "2"}, ["seed 1 → 2"]),
        (
            "settings",
            {"clock": "2025-03-31"},
            {"clock": "2025-04-30"},
            ["extracts count up to 30 April 2025 (before: 31 March 2025)"],
        ),
        ("settings", {"agreement tiny": "1"}, {"agreement tiny": "2"}, ["agreement tiny changed"]),
        (
            "settings",
            {"agreement": "tiny", "agreement tiny": "1"},
            {"agreement": "big", "agreement big": "1"},
            ["agreement tiny → big"],
        ),
        (
            "settings",
            {"agreement": "tiny", "key": "1"},
            {"agreement": "tiny", "key": "2"},
            ["the key of tiny was renewed"],
        ),
        ("settings", {"purpose": "care"}, {"purpose": "study"}, ["purpose care → study"]),
        (
            "settings",
            {"spread of cost": "260 to 352, gamma"},
            {"spread of cost": "250 to 352, gamma"},
            ["spread of cost 260 to 352, gamma → 250 to 352, gamma"],
        ),
        ("settings", {"needs": ""}, {"needs": "1_a"}, ["it needs 1_a (before: none)"]),
        (
            "settings",
            {"datasets": "{}"},
            {"datasets": '{"stays": ["ward"]}'},
            ["it asks for stays"],
        ),
        (
            "settings",
            {"datasets": '{"stays": []}'},
            {"datasets": '{"stays": ["ward"]}'},
            ["the fields of stays that it asks for changed"],
        ),
        # Of other extracts every file is another, and so are clock and county.
        (
            "settings",
            {"extracts": "quick", "clock": "2025-03-31", "county": "quick, seed 1"},
            {"extracts": "demo", "clock": "2025-04-30", "county": "demo, seed 2"},
            ["extracts quick → demo"],
        ),
    ],
)
def test_why_a_step_is_run(part, before, now, said):
    running = {"tiny/1_a", "big/1_a"}
    why = why_run(of(**{part: before}), of(**{part: now}), pilot="tiny", running=running)
    assert list(why) == said


def test_the_files_of_other_extracts_are_not_counted():
    before = of(data=files(1), settings={"extracts": "quick"})
    now = of(data=files(1, 2, 3, m1="b"), settings={"extracts": "demo"})
    assert why_run(before, now, pilot="tiny") == ("extracts quick → demo",)


def test_prose_and_rendering_are_no_reason_to_run():
    before, now = of(prose="a", rendering={"r.py": "1"}), of(prose="b", rendering={"r.py": "2"})
    assert why_run(before, now, pilot="tiny") == ()
    assert before.results == now.results
    assert why_render(before, now) == ("the notebook's prose changed", "r.py changed")


def test_the_same_needs_nothing():
    assert (why_run(of(), of(), pilot="tiny"), why_render(of(), of())) == ((), ())
