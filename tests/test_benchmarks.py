"""The benchmarks measure what they say: the same pairs for all, and tables that add up.

Nothing here is timed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from benchmarks import (
    addresses,
    contest,
    integer_limit,
    ours,
    recordlinkage_peer,
    report,
    single_view,
    splink_peer,
    triage,
)
from benchmarks.contest import Bar, Contender, Contest, Outcome
from benchmarks.files import SPECIFICATIONS, county_file, prepared_file, rules_of
from benchmarks.marked import write_between_marks
from benchmarks.measure import pairwise
from woda_lib.linkage import LinkageSpec, link
from woda_lib.linkage.engines import compare_by_recordlinkage
from woda_lib.linkage.sources import gather

RECORDS = 2_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("benchmarks")


@pytest.mark.parametrize("rules", SPECIFICATIONS)
def test_all_link_the_same_pairs(folder: Path, rules: str) -> None:
    county, prepared = county_file(RECORDS, folder), prepared_file(RECORDS, rules, folder)
    spec = LinkageSpec.from_yaml(SPECIFICATIONS[rules])
    pairs = int(link(ours.read(county), spec).blocking["new"].sum())
    counts, _ = integer_limit.walked(pd.read_parquet(prepared), rules_of(prepared))
    assert counts.sum() == pairs > RECORDS
    assert recordlinkage_peer.measure(prepared, prepared)["pairs"] == pairs
    with splink_peer.prepared(prepared, threads=1) as connection:
        splink = splink_peer.Linkage(connection, rules_of(prepared), em_pairs=1e5)
    assert splink.pairs == pairs


def test_the_limit_says_which_fields_are_equal(folder: Path) -> None:
    county, prepared = county_file(RECORDS, folder), prepared_file(RECORDS, "wide", folder)
    spec = LinkageSpec.from_yaml(SPECIFICATIONS["wide"])
    compared = compare_by_recordlinkage(gather(ours.read(county), spec), spec).candidates
    exact = compared.levels == [len(each.levels) for each in spec.comparisons]
    expected = pd.Series(compared.counts).groupby(exact @ [1, 2, 4, 8, 16]).sum()
    counts, _ = integer_limit.walked(pd.read_parquet(prepared), rules_of(prepared))
    found = pd.Series(counts).loc[lambda number: number > 0]
    assert found.to_dict() == expected.astype(int).to_dict()


def test_a_day_of_changes_is_one_per_cent(folder: Path) -> None:
    path = county_file(RECORDS, folder)
    everyone = ours.read(path)["county"].set_index("record_id")
    before, changes = ours.day_of_changes(path)
    after = ours.changed_county(before["county"], changes).set_index("record_id")
    number = round(RECORDS / 100 / 3)
    assert len(before["county"]) == RECORDS - number
    assert len(after) == RECORDS - number
    assert after.index.is_unique
    assert (after["surname"] == everyone.loc[after.index, "surname"]).all()
    assert 0 < (after["postcode"] != everyone.loc[after.index, "postcode"]).sum() <= number


@pytest.mark.parametrize(("late", "taken"), [(300, 99), (110, 110)])
def test_one_row_in_a_hundred_is_new_or_has_ended_since_yesterday(late: int, taken: int) -> None:
    last, earlier = pd.Timestamp("2026-09-30"), pd.Timestamp("2026-08-31")
    days = pd.Series([*[last] * late, *[earlier] * (10_000 - late)]).sample(frac=1, random_state=1)
    rows = pd.DataFrame({"delivered_on": days, "n": days.index, "ended_on": last})
    rows["ended_on"] = rows["ended_on"].mask(rows["n"] % 3 == 0)
    rows["started_on"] = earlier + pd.to_timedelta(rows["n"] % 2, unit="D")  # each second is new
    loaded = {"a": rows.iloc[:4_000], "b": rows.iloc[4_000:]}
    old, number = single_view.yesterday({**loaded, "c": pd.DataFrame({"n": [1]})}, last)
    then, now = pd.concat([old["a"], old["b"]]).set_index("n"), rows.set_index("n")
    kept = now.loc[then.index]
    changed = kept[kept["ended_on"].notna() & then["ended_on"].isna()]
    came = now.drop(index=then.index)
    assert number == taken == len(changed) + len(came)
    assert all(map(len, (changed, came)))
    assert (pd.concat([changed, came])["delivered_on"] == last).all()
    assert (changed["started_on"] <= earlier).all()
    assert (then.loc[changed.index, "delivered_on"] == earlier).all()
    assert ((came["started_on"] > earlier) | came["ended_on"].isna()).all()
    pd.testing.assert_frame_equal(then.drop(index=changed.index), kept.drop(index=changed.index))
    assert old["c"]["n"].tolist() == [1]


def test_pairs_of_two_groupings_are_counted() -> None:
    true = pd.Series({"a": 1, "b": 1, "c": 1, "d": 2, "e": 2})  # ab ac bc de
    found = pd.Series({"e": 8, "d": 7, "c": 7, "b": 6, "a": 6})  # ab cd
    measured = pairwise(found, true)
    assert measured == {"precision": 1 / 2, "recall": 1 / 4, "f1": 2 * 1 / (2 + 4)}


PRINTS = """
import json
print("a package says something")
print(json.dumps({{"pairs": {pairs}, "seconds": {seconds}, "cpu_seconds": 1.0, "peak_mb": 64.0,
                  "f1": {f1}, "versions": {{"splink": "5.0.0"}}}}))
"""


def contender(name: str, pairs: int, seconds: float, f1: float) -> Contender:
    source = PRINTS.format(pairs=pairs, seconds=seconds, f1=f1)
    return Contender(name, [sys.executable, "-c", source])


def test_a_contest_is_told_as_ratios_by_round() -> None:
    between = Contest(
        "in memory",
        1_000,
        "wide",
        [contender("ours", 9, 2.0, 0.98), contender("Splink", 9, 40.0, 0.97)],
        [
            Bar("seconds", "ours", "Splink", 0.1),
            Bar("f1", "ours", "Splink", 0),
            Bar("peak_mb", "ours", at_most=50),
        ],
    )
    outcome = contest.held(between, rounds=2)
    assert list(outcome.rows["contender"]) == ["ours", "Splink", "ours", "Splink"]
    assert outcome.versions == {"splink": "5.0.0"}
    assert report.verdicts([outcome])[["figure", "found", "asked", "met"]].to_numpy().tolist() == [
        ["time, ours ÷ Splink", "0.0500", "at most 0.1", "yes"],
        ["F1, ours − Splink", "+0.0100", "at least 0", "yes"],
        ["peak memory of ours, MB", "64.0", "at most 50", "no"],
    ]
    assert report.measurements([outcome]).iloc[1].tolist() == [
        *["in memory", "1,000", "wide", "Splink", "9", "40.0", "1.00", "64", "0.9700"]
    ]


def test_a_contender_may_keep_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    told = "import sys; print(sys.dont_write_bytecode)"
    done, _, _ = contest.watched([sys.executable, "-c", told], quiet=True)
    assert done.stdout == "False\n"


def test_who_does_not_survive_or_makes_other_pairs_is_named() -> None:
    dies = Contender("Splink", [sys.executable, "-c", "raise MemoryError('none left')"])
    contenders = [contender("ours", 9, 2.0, 0.98), dies, contender("theirs", 8, 2.0, 0.98)]
    between = Contest("in memory", 1_000, "wide", contenders, [Bar("seconds", "ours", "Splink", 1)])
    outcome = contest.held(between, rounds=2)
    assert outcome.failures == [
        "in memory, 1,000 records, wide rules: Splink did not survive (MemoryError: none left).",
        "in memory, 1,000 records, wide rules: the numbers of pairs differ (ours 9, theirs 8): "
        "these times do not compare.",
    ]
    assert report.verdicts([outcome])["found"].tolist() == ["not measured"]
    assert outcome.failures[0] in report.page([outcome], "- Date: today")


def test_a_spread_is_written_where_there_is_one() -> None:
    outcome = Outcome(
        Contest("in memory", 10, "wide", [], [Bar("seconds", "ours", "Splink", 0.2)]),
        pd.DataFrame(
            {
                "round": [0, 0, 1, 1],
                "contender": ["ours", "Splink"] * 2,
                "seconds": [1.0, 10.0, 1200.0, 4000.0],
            }
        ),
    )
    (bar,) = outcome.contest.bars
    assert report.spread(report.by_round(outcome, bar)) == "0.200 (0.100–0.300)"
    assert report.spread(outcome.rows["seconds"]) == "605 (1.00–4,000)"


def test_addresses_are_counted_right_by_property_and_by_building() -> None:
    lines = pd.DataFrame(
        {
            "id": ["1", "2", "3", "4"],
            "true": ["a", "b", "c", "d"],
            "building": [None, "B", None, None],
            "ambiguous": ["0", "0", "0", "1"],
        }
    )
    found = pd.DataFrame({"id": ["1", "2", "3", "4"], "uprn": ["a", "B", "x", "d"]})
    sure = pd.Series([True, True, False, True])
    assert addresses.qualities(lines, found, sure) == {
        "accuracy": 2 / 4,
        "or its building": 3 / 4,
        "precision": 2 / 3,
        "coverage": 3 / 4,
        "accuracy, clear": 1 / 3,
    }


def test_only_what_stands_between_the_marks_is_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- measured: begins -->\nold\n<!-- measured: ends -->\nb\n")
    write_between_marks(page, r"\1 of \g<0>")
    assert page.read_text() == (
        "a\n<!-- measured: begins -->\n\\1 of \\g<0>\n<!-- measured: ends -->\nb\n"
    )


@pytest.mark.parametrize(
    "text", ["", "<!-- measured: begins -->", "<!-- measured: ends --><!-- measured: begins -->"]
)
def test_a_page_without_a_place_for_the_table_is_left_alone(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(ValueError, match="measured: begins"):
        write_between_marks(page, "table")
    assert page.read_text() == text


def test_seconds_of_cells_that_mark_are_counted_from_a_run_s_own_log() -> None:
    told, marks = (
        nbformat.v4.new_code_cell(f'run.show(table, name="{name}", caption="…")')
        for name in ("news", "quality")
    )
    words = nbformat.v4.new_markdown_cell('In words: name="quality".')
    log = [
        {"at": "2026-11-23T05:30:00+00:00", "event": "step started", "step": "1_link"},
        {"at": "2026-11-23T05:30:05+00:00", "event": "cell done", "step": "1_link", "done": 1},
        {"at": "2026-11-23T05:30:06+00:00", "event": "cell done", "step": "1_link", "done": 2},
        {"at": "2026-11-23T05:30:09+00:00", "event": "cell done", "step": "1_link", "done": 3},
        {"at": "2026-11-23T05:30:20+00:00", "event": "cell done", "step": "4_repeat", "done": 3},
    ]
    assert triage.marked_for(log, {"1_link": [told, words, marks]}) == 3.0


def test_every_exhibit_that_marks_is_in_its_step_s_notebook() -> None:
    for step, exhibits in triage.MARKING.items():
        path = triage.ROOT / "notebooks" / triage.PILOT / f"{step}.ipynb"
        code = [cell.source for cell in nbformat.read(path, as_version=4).cells]
        for exhibit in exhibits:
            assert sum(f'name="{exhibit}"' in source for source in code) == 1
