"""Who opted out is linked, so that all their records are known, and then in nothing that follows.

Ann told the hospital to be left out; Ben did not. Police and the fire service know her under
numbers of their own, and only linkage shows that it is she.
"""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.partners.small_county import ANN, BEN, choice
from tests.pilots.ascii_table import table
from tests.pilots.single_view.small_bench import KNOWN_BY, Bench, at, pilot_of, workbench
from woda_lib.notebook import Run
from woda_lib.partners.opening import open_restricted
from woda_lib.pilots.single_view import build, saved
from woda_lib.pilots.single_view.fields import FIELDS, fields_of
from woda_lib.records import read_pilots
from woda_lib.settings import Settings

HER, HIS = "person-00000000000000aa", "person-00000000000000bb"
SAID = {
    "patient_registrations": [
        {"number": "X1", "forename": "Ann", "nhs_number": ANN},
        {"number": "X2", "forename": "Ben", "nhs_number": BEN},
    ],
    "police_contacts": [
        {"number": "N1", "forename": "Ann"},
        {"number": "N2", "forename": "Ben"},
    ],
    "safe_and_well_visits": [
        {"number": "V1", "forename": "Ann"},
        {"number": "V2", "forename": "Ben"},
    ],
}
LATER = {
    "2_person": "early_help",
    "3_household": "planning",
    "4_review": "clerical_review",
    "5_fire": "fire_safety",
}
STEPS = {"1_build": "linkage", **LATER}
BORN = pd.Timestamp("1980-01-01")


def linked(run: Run) -> pd.DataFrame:
    """Who is who, as linkage finds it by name."""
    parts = []
    for dataset in SAID:
        register = KNOWN_BY[dataset]
        rows = run.load(dataset)[["partner", register.row, register.number, "forename"]]
        names = {register.row: "row_id", register.number: "local_id"}
        parts.append(rows.rename(columns=names).assign(dataset=dataset))
    together = pd.concat(parts, ignore_index=True)
    return together.assign(entity_id=together["forename"].map({"Ann": HER, "Ben": HIS}))


def build_all(bench: Bench) -> pd.DataFrame:
    """Save every table as a careless build would: with everybody's rows."""
    run = bench.begin("1_build")
    whom = linked(run)
    run.spread_opt_outs(whom)
    for name, frame in careless(whom).items():
        run.save(name, frame, fields=fields_of(name, frame))
    return whom


def careless(whom: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A row of each of the build's tables for each of Ann's and Ben's rows, or for each of them."""
    keys = ["partner", "dataset", "local_id", "entity_id"]
    day = {"starts": BORN, "ends": pd.NaT}
    one = whom.drop_duplicates("entity_id")[["entity_id"]].reset_index(drop=True)
    hospital, police = (whom[whom["dataset"] == name] for name in list(SAID)[:2])
    pairs = pd.DataFrame(
        {
            "left_source": "patient_registrations",
            "left_id": hospital["local_id"].to_numpy(),
            "right_source": "police_contacts",
            "right_id": police["local_id"].to_numpy(),
            "log2_odds": 9.0,
        }
    )
    return {
        "records": whom[keys].assign(confidence=1.0, since=BORN),
        "links": pairs,
        "doubts": pairs.assign(right_id=pairs["right_id"].to_numpy()[::-1]),
        "details": whom[[*keys, "row_id", "forename"]].assign(started_on=BORN),
        "persons": one.assign(forename=["Ann", "Ben"]),
        "places": whom[["dataset", "row_id", "entity_id"]].assign(uprn="101"),
        "residences": one.assign(uprn="101", **day),
        "members": one.assign(household_id="H1", **day),
        "involvements": whom[[*keys, "row_id"]].assign(started_on=BORN),
        "identity_events": one.assign(on=BORN, event="created", other_entity_id=None, id=None),
    }


@pytest.fixture(scope="module")
def nobody_chose(tmp_path_factory) -> Path:
    pilots = pilot_of("tiny", STEPS), pilot_of("other", {"1_count": "planning"})
    return workbench(tmp_path_factory.mktemp("bench"), SAID, *pilots)


@pytest.fixture(scope="module")
def she_chose(nobody_chose, tmp_path_factory) -> tuple[Path, pd.DataFrame]:
    """A folder where Ann chose and everything was built, and who is whom there."""
    root = copytree(nobody_chose, tmp_path_factory.mktemp("built") / "bench", symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        bench = at(root, patch)
        bench.choose(choice(nhs_number=ANN))
        return root, build_all(bench)


@pytest.fixture
def bench(nobody_chose, tmp_path, monkeypatch) -> Bench:
    return at(copytree(nobody_chose, tmp_path / "bench", symlinks=True), monkeypatch)


@pytest.fixture
def built(she_chose, monkeypatch) -> Bench:
    return at(she_chose[0], monkeypatch)


@pytest.fixture
def whom(she_chose) -> pd.DataFrame:
    return she_chose[1]


def marks_of(whom: pd.DataFrame) -> set[str]:
    """Everything by which rows could tell of her."""
    hers = whom[whom["entity_id"] == HER]
    return {HER, "Ann", *hers["local_id"], *hers["row_id"]}


def cells(frame: pd.DataFrame) -> set[str]:
    """Everything that a table holds; categories of which no row is are written as well."""
    held = [*(frame[column].dropna() for column in frame)]
    held += [each.cat.categories for each in held if isinstance(each.dtype, pd.CategoricalDtype)]
    return {str(value) for values in held for value in values}


def test_linkage_sees_everybody_and_finds_all_records_of_who_opted_out(bench):
    bench.choose(choice(nhs_number=ANN))
    run = bench.begin("1_build")
    whom = linked(run)
    assert len(whom) == 6
    found = run.spread_opt_outs(whom)
    assert set(found["entity_id"]) == {HER}
    assert set(found["local_id"]) == set(whom.loc[whom["entity_id"] == HER, "local_id"])


def test_an_objection_by_the_partners_own_number_of_a_resident_is_honoured(bench):
    bench.choose(choice(person_number="X1"))
    run = bench.begin("1_build")
    assert len(run.spread_opt_outs(linked(run))) == 3


@pytest.mark.parametrize("step", LATER)
def test_no_table_hands_her_rows_to_a_later_purpose(built, whom, step):
    run = built.begin(step)
    for name, frame in careless(whom).items():
        shown = run.load(f"tiny/1_build:{name}")
        assert not cells(shown) & marks_of(whom), name
        # Of two pairs in doubt she is in both; of all else half is Ben's.
        assert len(shown) == (0 if name == "doubts" else len(frame) / 2), name
    assert run.load("tiny/1_build:opted_out").empty


def test_partners_rows_are_loaded_without_her_in_a_step_that_needs_the_build(built):
    run = built.begin("3_household")
    for dataset in ("police_contacts", "safe_and_well_visits"):
        assert len(run.load(dataset)) == 1, dataset
    counts = run.loaded.set_index("dataset")["opted_out"]
    assert counts.to_dict() == {"police_contacts": 1, "safe_and_well_visits": 1}


def test_another_pilot_that_reads_the_tables_honours_it_too(built):
    run = built.begin("1_count", "other")
    assert run.load("tiny/1_build:persons")["entity_id"].tolist() == [HIS]
    # From then on that pilot knows, of partners' rows as well.
    assert len(run.load("police_contacts")) == 1


def test_a_choice_that_comes_after_the_build_holds_at_once(bench):
    whom = build_all(bench)
    assert len(bench.begin("2_person").load("tiny/1_build:persons")) == 2
    bench.choose(choice(nhs_number=ANN))
    run = bench.begin("2_person")
    tables = ["records", *(name for name in careless(whom) if name != "records")]
    for name in tables:  # who is whom is asked first, as the store does
        assert not cells(run.load(f"tiny/1_build:{name}")) & marks_of(whom), name
    assert len(bench.begin("4_review").load("tiny/1_build:links")) == 1


@pytest.mark.parametrize(("name", "rows"), [("details", 3), ("opted_out", 0)])
@pytest.mark.usefixtures("built")
def test_whoever_opens_a_table_is_not_shown_her_either(name, rows):
    settings = Settings()
    opened = open_restricted(
        read_pilots(settings.parameters_folder)["tiny"],
        "draft",
        f"1_build:{name}",
        purpose="clerical_review",
        reason="To see whether anybody is there.",
        settings=settings,
    )
    assert opened.rows == rows


# What the build itself makes of it, on tables as small.

ROWS = table(
    """
    dataset local_id row_id entity_id
    tax     t1       r1     ann
    tax     t2       r2     ben
    school  s1       r3     cat
    """
).astype({"entity_id": "category"})
ROWS["registration"] = [0, 1, 2]
RECORDS = ROWS[["dataset", "local_id", "entity_id"]]
PLACES = ROWS[["dataset", "row_id"]].assign(uprn=pd.Categorical(["100", "101", "202"]))
OPTED_OUT = RECORDS.iloc[[0]]
STORE = SimpleNamespace(
    links=table(
        """
        left_source left_id right_source right_id log2_odds
        tax         t1      school       s1       3
        tax         t2      school       s1       4
        """
    ),
    doubts=table(
        """
        left_source left_id right_source right_id log2_odds
        tax         t2      tax          t1       0
        """
    ),
    events=table(
        """
        event    entity_id other_entity_id source id
        created  dan       -               -      -
        merged   dan       eve             -      -
        merged   eve       ann             -      -
        created  ben       -               -      -
        split    cat       ben             -      -
        joined   ann       -               tax    t1
        """
    ),
)


@pytest.fixture
def shown() -> build.Shown:
    return build.without(OPTED_OUT, ROWS, PLACES, RECORDS)


def test_homes_and_households_are_told_of_the_others_alone(shown):
    assert shown.rows["entity_id"].tolist() == ["ben", "cat"]
    assert shown.rows["entity_id"].cat.categories.tolist() == ["ben", "cat"]
    assert shown.places["row_id"].tolist() == ["r2", "r3"]
    assert shown.records["local_id"].tolist() == ["t2", "s1"]
    assert shown.rows["registration"].tolist() == [0, 1]  # of the records that are left
    assert shown.at.tolist() == [1, 2]


@pytest.mark.parametrize("names", [["ann", "ben", "cat"], ["cat", "ann", "ben"], ["ann"], []])
@pytest.mark.parametrize("people", [["zoe", None, "cat", "ann"], ["ben"], ["aaron"], []])
def test_who_is_named_is_told_in_whatever_order_the_names_stand(names, people):
    rows = pd.DataFrame(
        {
            "entity_id": pd.Categorical([*names, None], categories=names),
            "registration": [*range(len(names)), -1],
        }
    )
    records = pd.DataFrame({"entity_id": [*names, "zoe"]})
    theirs, whose = build._of_people(np.array(people, dtype=object), rows, records)
    assert theirs.tolist() == [*(name in people for name in names), None in people]
    assert whose.tolist() == [name in people for name in records["entity_id"]]


@pytest.mark.parametrize("left", [[1, 2], [0], []])
def test_records_of_who_opted_out_are_left_out_without_a_row_of_theirs_as_well(left):
    shown = build.without(OPTED_OUT, ROWS.iloc[left], PLACES.iloc[left], RECORDS)
    assert shown.records["local_id"].tolist() == ["t2", "s1"]
    assert shown.rows["row_id"].tolist() == [ROWS["row_id"].iloc[n] for n in left if n]
    assert shown.rows["registration"].tolist() == [n - 1 for n in left if n]


def test_all_rows_of_a_record_are_left_out_and_those_of_no_record_stay():
    twice = pd.concat([ROWS, ROWS.iloc[[0, 2]].assign(row_id=["r4", "r5"])], ignore_index=True)
    twice.loc[4, "registration"] = -1
    twice["entity_id"] = pd.Categorical(["ann", "ben", "cat", "ann", None])
    places = PLACES.iloc[[0, 1, 2, 0, 2]].reset_index(drop=True)
    shown = build.without(OPTED_OUT, twice, places, RECORDS)
    assert shown.rows["row_id"].tolist() == ["r2", "r3", "r5"]
    assert shown.rows["registration"].tolist() == [0, 1, -1]
    assert shown.at.tolist() == [1, 2, 4]


def test_no_word_of_whoever_opted_out_stays_behind():
    words = pd.Categorical(["ofann", "ofben", None], categories=["ofcat", "ofann", "ofben"])
    shown = build.without(OPTED_OUT, ROWS, PLACES.assign(counted_off=words), RECORDS)
    assert shown.places["counted_off"].cat.categories.tolist() == ["ofben"]
    assert shown.places["counted_off"].cat.codes.tolist() == [0, -1]


def test_where_nobody_opted_out_all_are_told_of_and_what_was_given_stays_as_it_is():
    rows = ROWS.set_axis([7, 8, 9])
    rows["entity_id"] = pd.Categorical(rows["entity_id"], categories=["ann", "ben", "cat", "dan"])
    given = rows.copy()
    shown = build.without(OPTED_OUT.iloc[:0], rows, PLACES, RECORDS)
    assert shown.rows.astype(str).equals(ROWS.astype(str))
    assert shown.rows["entity_id"].cat.categories.tolist() == ["ann", "ben", "cat"]
    pd.testing.assert_frame_equal(shown.places, PLACES)
    pd.testing.assert_frame_equal(shown.records, RECORDS)
    assert shown.at.tolist() == [0, 1, 2]
    pd.testing.assert_frame_equal(rows, given)


def test_nothing_that_the_build_saves_tells_of_who_opted_out(shown):
    named = pd.Categorical(["Ben", "Cat"], categories=["Ann", "Ben", "Cat"])  # as all rows say
    rows = shown.rows.reindex(columns=saved.DETAILS).assign(forename=named)
    whole = build.Shown(rows, shown.places, shown.records, shown.at)
    others = pd.DataFrame({"entity_id": ["ben", "cat"]})
    homes = build.Homes(others, others, others, others.assign(forename=named))
    made = saved.tables(
        whole, SimpleNamespace(store=STORE), homes, pd.DataFrame(), pd.DataFrame(), OPTED_OUT
    )
    assert set(made) == set(FIELDS)
    for name, frame in made.items():
        assert not cells(frame) & {"ann", "Ann", "t1", "r1", "100"}, name
    assert made["details"]["forename"].tolist() == ["Ben", "Cat"]
    assert made["persons"]["forename"].tolist() == ["Ben", "Cat"]
    assert made["links"]["left_id"].tolist() == ["t2"]
    assert made["doubts"].empty
    assert made["places"]["entity_id"].tolist() == ["ben", "cat"]


def test_identifiers_that_were_merged_into_theirs_are_gone_as_well():
    kept = saved.events(STORE, {"ann"})
    assert kept[["event", "entity_id"]].to_numpy().tolist() == [
        ["created", "ben"],
        ["split", "cat"],
    ]
