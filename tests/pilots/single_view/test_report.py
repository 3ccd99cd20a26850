"""What reviewers are told of the build: every share is worked out by hand from a few rows."""

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view import report

DAY = pd.Timestamp("2025-03-31")


def dates(text, *columns):
    return table(text, dates=columns)


PERSONS = dates(
    """
    entity_id date_of_birth sex died_on    district
    ann       1940-04-01    F   -          Malvern
    ben       2020-03-31    M   -          Malvern
    cat       1990-01-01    F   2024-12-01 Malvern
    dan       -             M   -          Redditch
    eve       1980-01-01    F   -          Redditch
    """,
    "date_of_birth",
    "died_on",
)
RESIDENCES = dates(
    """
    entity_id uprn starts     ends
    ann       1    2021-04-01 -
    ben       1    2021-04-01 -
    cat       1    2021-04-01 -
    dan       2    2021-04-01 2025-03-31
    eve       2    2021-04-01 2025-03-30
    """,
    "starts",
    "ends",
)
POPULATION = pd.DataFrame(
    {
        "year": [2023, 2024, 2024, 2024],
        "district": ["Malvern", "Malvern", "Malvern", "Redditch"],
        "age_band": ["75-84", "75-84", "5-15", "25-44"],
        "sex": ["F", "F", "M", "M"],
        "residents": [9, 4, 1, 5],
    }
)


@pytest.fixture
def here():
    return report.coverage.living_here(PERSONS, RESIDENCES, DAY)


def test_who_died_or_left_by_the_day_does_not_live_here(here):
    assert here["entity_id"].tolist() == ["ann", "ben", "dan"]


def test_an_age_is_in_whole_years_and_the_fifth_birthday_ends_the_first_band(here):
    assert here["age_band"].tolist()[:2] == ["75-84", "5-15"]  # Ann is 84 for one more day
    assert here["age_band"].isna().tolist() == [False, False, True]


def test_coverage_is_of_the_newest_estimate(here):
    everybody = report.coverage.coverage(here, report.coverage.latest(POPULATION)).iloc[0]
    assert (everybody["seen"], everybody["residents"]) == (3, 10)
    assert everybody["percent"] == pytest.approx(30)
    assert everybody["high"] - everybody["percent"] == pytest.approx(10 * 1.96 * 3**0.5)


def test_who_has_no_birth_date_is_in_no_age_and_in_a_district(here):
    estimate = report.coverage.latest(POPULATION)
    ages = report.coverage.coverage(here, estimate, "age_band").set_index("group")
    assert ages["seen"].to_dict() | {"not known": 1} == ages["seen"].to_dict()
    assert ages.loc["75 to 84", "percent"] == pytest.approx(100 * 1 / 4)
    districts = report.coverage.coverage(here, estimate, "district").set_index("group")
    assert districts["seen"].to_dict() == {"Malvern": 2, "Redditch": 1}


def test_coverage_hides_whom_it_misses_behind_whom_it_counts_twice(here):
    really = pd.DataFrame({"entity_id": ["ann", "ben", "dan"], "person_id": [1, 1, 9]})
    living = pd.DataFrame({"person_id": [1, 2, 3, 4]})
    # Who opted out may be seen all the same, by a record that linkage missed.
    chose = pd.DataFrame({"entity_id": ["eve", "flo", "gus"], "person_id": [3, 1, 8]})
    parts = report.coverage.over_and_under(here, really, chose, living)
    # Seen, opted out, not seen, a second time, not here.
    assert parts["people"].tolist() == [1, 1, 2, 1, 1]
    assert parts["percent"].tolist() == [25, 25, 50, 25, 25]


RECORDS = table(
    """
    dataset       local_id entity_id
    school_census s1       a
    school_census s2       a
    school_census s3       b
    travel_passes p1       a
    travel_passes p2       c
    """
)
KNOWN = table(
    """
    source        id entity_id
    school_census s1 1
    school_census s2 1
    school_census s3 1
    travel_passes p1 2
    travel_passes p2 3
    """
).astype({"entity_id": int})


def test_a_duplicate_is_a_number_more_than_there_are_people():
    found = report.links.duplicates(RECORDS, KNOWN).set_index("dataset")
    schools = found.loc["Schools"]
    assert (schools["numbers"], schools["people"], schools["under_several"]) == (3, 2, 1)
    assert schools["percent"] == pytest.approx(100 / 3)
    assert schools["found_percent"] == pytest.approx(50)  # two are too many, and one was seen
    assert found.loc["Travel passes", "percent"] == 0
    assert report.links.duplicates_of_all(RECORDS)["percent"].item() == pytest.approx(100 / 5)


def test_an_entity_is_whoever_most_of_its_records_are_of():
    really = report.truth.true_people(RECORDS, KNOWN).set_index("entity_id")["person_id"]
    assert really.to_dict() == {"a": 1, "b": 1, "c": 3}


def test_what_a_linkage_says_of_itself_stands_beside_the_truth():
    clusters = RECORDS.rename(columns={"dataset": "source", "local_id": "id"})
    itself = {"precision": 0.9, "recall": 0.8}
    told = report.links.quality_table(clusters, KNOWN, itself)
    pairs = told[told["scope"] == "all pairs"].set_index("measure")
    assert pairs.loc["precision", "percent"] == pytest.approx(100 / 3)  # s1 with s2, p1 with both
    assert pairs.loc["recall", "percent"] == pytest.approx(100 / 3)
    assert pairs["estimated_percent"].to_dict() == {"precision": 90, "recall": 80}
    alone = report.links.quality_table(clusters, None, itself)
    assert alone["percent"].isna().all()


DETAILS = table(
    """
    dataset       row_id address     uprn
    school_census r1     1_Mill_Lane -
    school_census r2     2_Mill_Lane -
    travel_passes r3     3_Mill_Lane -
    travel_passes r4     -           -
    tenancy       r5     -           5
    """
)
PLACES = table(
    """
    dataset       row_id uprn how
    school_census r1     1    exact
    school_census r2     9    fuzzy
    travel_passes r3     -    -
    travel_passes r4     -    -
    tenancy       r5     5    given
    """
)
MEANT = table(
    """
    dataset       row_id uprn
    school_census r1     1
    school_census r2     2
    tenancy       r5     5
    """
)


def test_addresses_are_asked_for_where_there_is_one_and_marked_where_they_mean_a_property():
    (row,) = report.places.matches(DETAILS, PLACES, MEANT, by=None).to_dict("records")
    assert (row["addresses"], row["matched"]) == (4, 3)  # r4 gives none
    assert row["coverage_percent"] == 100  # r3 is in no gazetteer
    assert row["right_percent"] == pytest.approx(100 * 2 / 3)
    plain = report.places.matches(DETAILS, PLACES, None, by=None)
    assert plain["coverage_percent"].item() == pytest.approx(75)
    assert "right_percent" not in plain


LIVING = table(
    """
    person_id household uprn kind
    1         10        u    couple_older
    2         10        u    couple_older
    3         20        v    lone_older
    4         30        w    family
    5         30        w    family
    """
).astype({"person_id": int})


@pytest.mark.parametrize(
    ("members", "exact"),
    [
        ("h a, h b, i c", {"10": True, "20": True, "30": True}),  # nobody knows 5
        ("h a, j b, i c", {"10": False, "20": True, "30": True}),  # apart
        ("h a, h b, h c", {"10": False, "20": False, "30": True}),  # one too many
        ("h a, h b, h x, i c", {"10": False, "20": True, "30": True}),  # one twice
    ],
)
def test_a_household_is_exact_where_it_has_the_same_people_each_once(members, exact):
    pairs = [text.split() for text in f"{members}, k d".split(", ")]
    put = pd.DataFrame(pairs, columns=["household_id", "entity_id"])
    really = pd.DataFrame({"entity_id": list("abcdx"), "person_id": [1, 2, 3, 4, 2]})
    told = report.homes.exact_households(put, really, LIVING)
    assert told.set_index("household")["exact"].to_dict() == exact


def test_twins_and_namesakes_are_people_of_one_household():
    people = dates(
        """
        person_id forename surname date_of_birth
        1         ann      hill    1990-01-01
        2         bea      hill    1990-01-01
        3         carl     hill    1960-01-01
        4         carl     hill    1985-01-01
        5         carl     hill    1960-01-01
        """,
        "date_of_birth",
    ).astype({"person_id": int})
    living = pd.DataFrame({"person_id": [1, 2, 3, 4, 5], "household": [1, 1, 1, 1, 2], "uprn": "u"})
    hard = report.hard_cases.hard_people(people, living)
    assert hard[report.hard_cases.TWINS].tolist() == [True, True, False, False, False]
    assert hard[report.hard_cases.NAMESAKES].tolist() == [False, False, True, True, False]
    assert not hard[report.hard_cases.SHARED].any()  # five at one property


def test_a_hard_case_is_marked_by_the_pairs_that_touch_it():
    clusters = table(
        """
        source id entity_id
        x      1  a
        y      2  a
        y      3  a
        x      4  b
        """
    )
    known = clusters.assign(entity_id=[1, 1, 2, 2])
    hard = pd.DataFrame({"person_id": [1, 2]})
    for name in ("TWINS", "NAMESAKES", "SHARED", "EVERYBODY"):
        hard[getattr(report.hard_cases, name)] = name in ("TWINS", "EVERYBODY")
    told = report.hard_cases.hard_cases(clusters, known, hard).set_index("who")
    twins = told.loc[report.hard_cases.TWINS]
    assert twins["right_percent"] == pytest.approx(100 / 3)  # of three pairs, one
    assert twins["found_percent"] == pytest.approx(50)  # of two true pairs, one
    assert (twins["people"], twins["joined_to_another"]) == (2, 2)
    assert told.loc[report.hard_cases.NAMESAKES, "people"] == 0


def test_a_caption_of_ages_says_how_many_have_none():
    groups = pd.DataFrame(
        [
            ("district", "Redditch", 60, 100.0),
            ("district", "Worcester", 40, 96.0),
            ("age band", "45 to 64", 50, 83.0),
            ("age band", "85 and over", 40, 99.0),
        ],
        columns=["by", "group", "seen", "percent"],
    )
    said = report.coverage.finding(groups)
    assert said.startswith("People aged 45 to 64 are seen least, at 83% of the estimate")
    assert said.endswith("; the 10% whose age nobody knows count in none, and so with sex")
    known = groups.assign(seen=[50, 40, 50, 40])
    assert report.coverage.finding(known).endswith("most, at 99%")


def test_groups_stand_in_the_order_of_their_years_and_few_pairs_make_no_finding():
    clusters = pd.DataFrame({"source": "x", "id": [str(n) for n in range(6)], "entity_id": "a"})
    known = clusters.assign(entity_id=1, age_band=["5 to 15", "45 to 64", "0 to 4"] * 2)
    missed = report.links.who_is_missed(clusters, known)
    ages = missed[missed["by"] == "age"]
    assert ages["group"].tolist() == ["0 to 4", "5 to 15", "45 to 64"]
    few = ages.assign(pairs=[500, 500, 3], found_percent=[99.0, 98.0, 10.0], below_the_rest="")
    assert "lowest is age 5 to 15, at 98.0%" in report.links.finding(few)
