"""What the last build found of addresses and taken over: as if all were found anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from woda_lib.notebook import Kept
from woda_lib.partners.key_store import Ring
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.lineage import handles
from woda_lib.partners.restricted import read_restricted, write_restricted
from woda_lib.pilots.single_view import placing
from woda_lib.pilots.single_view.at_home import Learned, counted_off
from woda_lib.pilots.single_view.fields import HANDED_ON, fields_of

ROOT = Path(__file__).parents[3]
TAX, NHS, SCHOOL = "council_tax_accounts", "patient_registrations", "school_census"
HOMES = 60
STREETS = ["MILL LANE", "HIGH STREET", "STATION ROAD", "CHURCH WALK"]
FORENAMES = ["Mary", "Keith", "Roger", "Ann", "Liz", "Elizabeth", "John", "Jon", "Emily", "M"]
SURNAMES = ["Hill", "Smith", "Smyth", "Brown", "Hall-Smith"]


def gazetteer() -> pd.DataFrame:
    """Every house of four streets, and one of them by a former name as well."""
    homes = np.arange(HOMES)
    held = pd.DataFrame(
        {
            "uprn": [f"1000{home:04}" for home in homes],
            "parent_uprn": None,
            "logical_status": "1",
            "class_code": "RD",
            "sub_building": None,
            "building": [str(1 + home // len(STREETS)) for home in homes],
            "street": [STREETS[home % len(STREETS)] for home in homes],
            "locality": None,
            "town": "MALVERN",
            "postcode": [f"WR14 {1 + home % len(STREETS)}AB" for home in homes],
        }
    )
    old = held.iloc[:1].assign(logical_status="8", building="ROSE COTTAGE")
    return pd.concat([held, old], ignore_index=True)


GAZETTEER = gazetteer()


class County:
    """Rows of people who live, move, are written otherwise and go, day by day."""

    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        self.made = 0
        self.rows = self.new(260)

    def new(self, number: int) -> pd.DataFrame:
        """Make rows that were not there."""
        pick = self.chance.integers
        dataset = self.chance.choice([TAX, NHS, SCHOOL], number, p=[0.4, 0.4, 0.2])
        home = pick(0, HOMES, number)
        someone = pick(0, 90, number)
        year = 1940 + someone % 70
        born = pd.to_datetime([f"{each}-0{1 + each % 9}-1{each % 7}" for each in year])
        place = GAZETTEER.iloc[home]
        written = place["building"] + " " + place["street"].str.title() + ", Malvern"
        vague = self.chance.random(number) < 0.05
        keys = [f"r{self.made + each}" for each in range(number)]
        self.made += number
        return pd.DataFrame(
            {
                "dataset": pd.Categorical(dataset, categories=[TAX, NHS, SCHOOL]),
                "row_id": pd.array(keys, dtype="string"),
                "local_id": pd.array([f"p{each}" for each in someone], dtype="string"),
                "nhs_number": pd.array(
                    [f"943{each:07}" if each % 3 else None for each in someone], dtype="string"
                ),
                "forename": pd.array(
                    [FORENAMES[each % len(FORENAMES)] for each in someone], dtype="string"
                ),
                "surname": pd.array(
                    [SURNAMES[each] for each in home % len(SURNAMES)], dtype="string"
                ),
                "date_of_birth": born.where(dataset != TAX).astype("datetime64[s]"),
                "sex": pd.Categorical(
                    np.where(dataset == TAX, None, np.where(someone % 2, "F", "M")),
                    categories=["F", "M"],
                ),
                "started_on": pd.to_datetime(
                    [f"20{each}-05-01" for each in pick(10, 24, number)]
                ).astype("datetime64[s]"),
                "ended_on": pd.Series(pd.NaT, index=range(number), dtype="datetime64[s]"),
                "address": pd.array(
                    np.where(vague, "Somewhere", written.to_numpy(dtype=object)), dtype="string"
                ),
                "postcode": pd.array(place["postcode"].to_numpy(dtype=object), dtype="string"),
                "uprn": pd.array(
                    np.where(self.chance.random(number) < 0.2, place["uprn"], None),
                    dtype="string",
                ),
            }
        )

    def next_day(self) -> None:
        """Let some rows come, some go, and some say something else of anything."""
        rows = self.rows[self.chance.random(len(self.rows)) > 0.02].reset_index(drop=True)
        other = self.new(len(rows))
        for name in placing.SAYS:
            if name not in ("dataset", "row_id"):
                at = np.flatnonzero(self.chance.random(len(rows)) < 0.01)
                rows.loc[at, name] = other.loc[at, name].array
        moved = np.flatnonzero(self.chance.random(len(rows)) < 0.01)
        rows.loc[moved, placing.WRITTEN] = other.loc[moved, placing.WRITTEN]
        added = self.new(int(self.chance.integers(1, 8)))
        self.rows = pd.concat([rows, added], ignore_index=True)
        if self.chance.random() < 0.3:  # another partner's file first
            self.rows = self.rows.sample(frac=1, random_state=1, ignore_index=True)


def handed_on(placed: placing.Placed, rows: pd.DataFrame, share: float = 0.0) -> dict:
    """What the next build is given, if a share of the rows' numbers are of who opted out."""
    number = rows["local_id"].str[1:].astype(int)
    theirs = number < share * 90
    named = rows.assign(entity_id=number)
    opted_out = pd.DataFrame({"entity_id": number[theirs]})
    return placing.handed_on(placed, named, opted_out)


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Hold places to others, in whatever order properties and words are numbered."""
    coded = {"uprn": "string", "counted_off": "string"}
    written = (each.astype(coded) for each in (found, expected))
    pd.testing.assert_frame_equal(*written, check_exact=True)


def found_anew(rows: pd.DataFrame, learned: Learned) -> pd.DataFrame:
    """What a build of all rows finds that goes by what was learned then."""
    places = placing.place(rows, GAZETTEER).places
    told = counted_off(rows, places["uprn"], liable=[TAX], learned=learned)
    return places.assign(counted_off=told.words.to_numpy())


@pytest.mark.parametrize(("share", "words"), [(0.0, True), (0.3, False)])
def test_what_is_handed_on_comes_back_from_its_files_the_same(tmp_path, share: float, words: bool):
    county = County(1)
    placed = placing.place(county.rows, GAZETTEER)
    if not words:  # nobody is counted off at all
        nobody = pd.Categorical.from_codes([-1] * len(county.rows), pd.Index([], dtype="string"))
        none = placed.places.assign(counted_off=nobody)
        placed = replace(placed, places=none)
    given = handed_on(placed, county.rows, share=share)
    assert (len(given[placing.APART]) > 0) is (share > 0)
    key, read = AgreementKey(Ring("single_view", {"v1": b"1" * 32})), {}
    for name, table in given.items():
        write_restricted(tmp_path / name, table, key)
        read[name] = read_restricted(tmp_path / name, name, key)
    county.next_day()
    then, again = (placing.place(county.rows, GAZETTEER, each) for each in (given, read))
    assert_same(then.places, again.places)
    assert then.learned == again.learned


@pytest.mark.parametrize("seed", range(6))
def test_day_by_day_all_is_as_if_found_anew(seed: int):
    county = County(seed)
    placed = placing.place(county.rows, GAZETTEER)
    learned, words = placed.learned, set()
    for _ in range(8):
        kept = handed_on(placed, county.rows, share=county.chance.choice([0.0, 0.05, 0.3]))
        county.next_day()
        placed = placing.place(county.rows, GAZETTEER, kept)
        expected = found_anew(county.rows, learned)
        assert_same(placed.places, expected)
        words |= set(placed.places["counted_off"].dropna())
    assert placed.learned == learned
    assert len(words) > 10  # there was somebody to count off


def matched_on_the_day(monkeypatch: pytest.MonkeyPatch, rows: pd.DataFrame, kept: dict) -> int:
    """How many rows the gazetteer is asked for."""
    asked = []
    match = placing.match_addresses

    def counting(lines: pd.DataFrame, index: object) -> pd.DataFrame:
        asked.append(len(lines))
        return match(lines, index)

    with monkeypatch.context() as patch:
        patch.setattr(placing, "match_addresses", counting)
        placing.place(rows, GAZETTEER, kept)
    return sum(asked)


def test_only_rows_that_say_something_else_are_matched(monkeypatch: pytest.MonkeyPatch):
    county = County(7)
    rows = county.rows
    kept = handed_on(placing.place(rows, GAZETTEER), rows)
    assert matched_on_the_day(monkeypatch, rows, kept) == 0
    changed = rows.copy()
    changed.loc[3, "address"] = "9 High Street, Malvern"
    assert matched_on_the_day(monkeypatch, changed, kept) == 1
    assert matched_on_the_day(monkeypatch, pd.concat([rows, county.new(5)]), kept) == 5


def test_rows_that_cannot_be_told_apart_are_matched_anew(monkeypatch: pytest.MonkeyPatch):
    rows = County(8).rows
    twice = pd.concat([rows, rows.iloc[:2]], ignore_index=True)
    once = handed_on(placing.place(rows, GAZETTEER), rows)
    both = handed_on(placing.place(twice, GAZETTEER), twice)
    for kept in (once, both):
        assert matched_on_the_day(monkeypatch, twice, kept) == 4
        learned = Learned.of_table(kept[placing.LEARNED])
        found = placing.place(twice, GAZETTEER, kept).places
        assert_same(found, found_anew(twice, learned))


def test_another_process_finds_the_same(monkeypatch: pytest.MonkeyPatch):
    county = County(9)
    kept = handed_on(placing.place(county.rows, GAZETTEER), county.rows)
    county.next_day()
    here = [placing.place(county.rows, GAZETTEER, given) for given in (None, kept)]
    monkeypatch.setattr(placing, "MANY_ROWS", 0)
    there = [placing.place(county.rows, GAZETTEER, given) for given in (None, kept)]
    for one, other in zip(here, there, strict=True):
        assert_same(one.places, other.places)
        assert one.learned == other.learned


def test_what_was_learned_comes_back_as_it_was():
    learned = placing.place(County(1).rows, GAZETTEER).learned
    assert learned.sexes
    assert Learned.of_table(learned.table()) == learned
    nothing = Learned({}, {}, frozenset())
    assert Learned.of_table(nothing.table()) == nothing


def test_what_is_handed_on_writes_out_nobody_but_the_numbers_of_who_opted_out():
    rows = County(2).rows
    kept = handed_on(placing.place(rows, GAZETTEER), rows, share=0.2)
    assert set(kept) == set(HANDED_ON) == set(placing.HANDED_ON)
    of_all = ["content", "at_home", "uprn", "probability", "how", "counted_off"]
    assert list(kept[placing.SHOWN]) == of_all
    assert list(kept[placing.APART]) == ["local_id", *of_all]
    theirs = rows["local_id"].isin([f"p{each}" for each in range(18)])
    assert kept[placing.APART]["local_id"].tolist() == rows.loc[theirs, "local_id"].tolist()
    assert len(kept[placing.APART]) + len(kept[placing.SHOWN]) == len(rows)
    fields = fields_of(placing.APART, kept[placing.APART])
    assert set(fields) == {"local_id", "content", "uprn", "counted_off"}
    assert handles(fields) == ["local_id"]  # so that the door leaves them out


class LastRun:
    """A run as far as places are asked of it."""

    def __init__(self, tables: dict, *, in_full: bool) -> None:
        self.parameters_folder = ROOT / "parameters"
        self.as_of = date(2025, 3, 31)
        self.asked: list[str] = []
        self._tables, self._in_full = tables, in_full

    def linked_in_full_on(self, name: str, *, relink_after_days: int) -> date | None:
        return None if self._in_full else date(2025, 3, 14)

    def kept_tables(self, names: tuple[str, ...], *, rules: str) -> Kept:
        self.asked.append(rules)
        return Kept("Taken over.", {name: self._tables[name] for name in names})


def test_where_linkage_is_in_full_so_is_this_and_nothing_is_read():
    county = County(3)
    kept = handed_on(placing.place(county.rows, GAZETTEER), county.rows)
    county.next_day()
    run = LastRun(kept, in_full=True)
    placed = placing.place_from_last(run, county.rows, GAZETTEER, relink_after_days=31)
    full = placing.place(county.rows, GAZETTEER)
    assert_same(placed.places, full.places)
    assert placed.learned == full.learned
    assert (placed.says, run.asked) == (
        "Nothing was taken over. Everything is compared again.",
        [],
    )


def test_otherwise_what_the_last_run_kept_by_todays_rules_is_taken_over():
    county = County(4)
    first = placing.place(county.rows, GAZETTEER)
    run = LastRun(handed_on(first, county.rows), in_full=False)
    county.next_day()
    placed = placing.place_from_last(run, county.rows, GAZETTEER, relink_after_days=31)
    assert placed.learned == first.learned
    assert (placed.says, run.asked) == ("Taken over.", [placed.rules])


def test_another_gazetteer_is_another_rule():
    run = LastRun({}, in_full=False)
    on = date(2025, 3, 14)
    rules = placing.rules_of(run, GAZETTEER, on)
    assert placing.rules_of(run, GAZETTEER.copy(), on) == rules
    assert placing.rules_of(run, GAZETTEER, date(2025, 3, 15)) != rules
    for name, value in (("street", "MILE LANE"), ("logical_status", "8"), ("locality", "COLWALL")):
        other = GAZETTEER.copy()
        other.loc[5, name] = value
        assert placing.rules_of(run, other, on) != rules
    assert placing.rules_of(run, GAZETTEER[::-1], on) != rules
