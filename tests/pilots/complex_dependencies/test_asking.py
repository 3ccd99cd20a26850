"""What was known of households on each index date, and what happened after: small tables in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.prediction.tables import table
from woda_lib.pilots.complex_dependencies.dates import index_dates
from woda_lib.pilots.complex_dependencies.events import events, memberships, stays
from woda_lib.pilots.complex_dependencies.features import History, Made
from woda_lib.pilots.complex_dependencies.held import Held, known_on, usual_delay
from woda_lib.pilots.complex_dependencies.outcomes import SERVICES, outcomes, rates, steps_taken
from woda_lib.pilots.complex_dependencies.spine import spine
from woda_lib.pilots.single_view.ages import age_bands, bands_of, half_years, half_years_before
from woda_lib.pilots.single_view.planning.facts import facts_of, of_people
from woda_lib.pilots.single_view.planning.families import households_on, members_on, with_facts
from woda_lib.pilots.single_view.planning.schema import read_headings
from woda_lib.prediction.features import leaking, read_features

PARAMETERS = Path(__file__).parents[3] / "parameters"
CLOCK = date(2025, 3, 31)
DAY = pd.Timestamp("2023-09-30")
FIRST = pd.Timestamp("2024-03-31")
SCHEMA = read_headings(PARAMETERS / "single_view" / "headings.yaml")
FEATURES = read_features(PARAMETERS / "complex_dependencies" / "features.yaml")
DATES = index_dates(CLOCK, horizon_months=12)

# A: a mother (m) with a baby and a pupil, who moved in 2023. B: an old man. C: a care home.
PERSONS = table("""
    entity_id  half_years  sex  ethnic_group  died_on     first_seen
    m          70          F    A             -           2020-01-01
    baby       3           M    A             -           2023-10-05
    pupil      20          F    D             -           2020-01-01
    old        170         M    Z             -           2001-04-01
    cared      180         F    A             -           2001-04-01
    dead       160         F    A             2023-09-30  2001-04-01
""")
PERSONS = PERSONS.assign(
    age_half_years=PERSONS["half_years"].astype(int).astype("Int16"),
    died_on=pd.to_datetime(PERSONS["died_on"]),
    first_seen=pd.to_datetime(PERSONS["first_seen"]),
)
TABLES = {
    "persons": PERSONS,
    "members": table("""
        household_id  entity_id  starts      ends
        A             m          2020-01-01  -
        A             pupil      2020-01-01  -
        A             baby       2023-09-01  -
        B             old        2001-04-01  -
        B             dead       2001-04-01  -
        C             cared      2001-04-01  -
    """),
    "households": table("""
        household_id  uprn  starts      ends        kind
        A             1     2020-01-01  2023-02-28  couple
        A             2     2023-03-01  2023-08-31  couple
        A             2     2023-09-01  -           couple
        B             3     2001-04-01  -           older_couple
        C             9     2001-04-01  -           care_home
    """),
    "properties": table("""
        uprn  kind       district  area  deprivation_quintile
        1     house      W         a     1
        2     flat       W         a     2
        3     house      W         b     -
        9     care_home  W         b     3
    """),
    "records": table("""
        dataset          local_id  entity_id  confidence
        police_contacts  k1        m          1
        police_contacts  k2        baby       1
        care_services    c1        pupil      1
        support_clients  v1        old        1
    """),
}


def rows_of(text: str) -> pd.DataFrame:
    frame = table(text)
    frame["delivered_on"] = pd.to_datetime(frame["delivered_on"]).astype("datetime64[ns]")
    return frame


def of_others(number: str, *columns: str) -> pd.DataFrame:
    """A dataset that is delivered, with a row of somebody who is not asked about."""
    frame = rows_of("""
        started_on  ended_on    delivered_on
        2021-06-01  2021-06-30  2024-03-31
    """)
    return frame.assign(**{number: "elsewhere"}, **dict.fromkeys(columns, pd.NA))


ROWS = {
    "community_care": of_others("community_number", "service"),
    "council_tax_accounts": of_others("liable_person_id", "arrears"),
    "benefit_claims": of_others("claim_person_id"),
    "school_census": of_others("unique_pupil_number", "absence", "excluded", "free_meals"),
    "tenancy_members": of_others("member_number", "arrears", "antisocial"),
    "safe_and_well_visits": of_others("visit_number"),
    "care_services": rows_of("""
        care_number  started_on  ended_on    delivered_on  service
        c1           2022-01-01  2023-11-30  2024-03-31    child_protection
    """),
    "police_contacts": rows_of("""
        contact_number  started_on  ended_on  delivered_on  part     offence_group
        k1              2023-05-01  -         2024-03-31    victim   domestic
        k1              2022-08-01  -         2024-03-31    suspect  violence
        k1              2023-10-02  -         2024-03-31    suspect  violence
        k2              2023-10-20  -         2024-03-31    missing  welfare
    """),
    "support_clients": rows_of("""
        client_reference  started_on  ended_on    delivered_on  service
        v1                2022-11-01  2023-01-15  2024-03-31    debt
    """),
    "attendance_terms": rows_of("""
        term_row_id  uprn  started_on  ended_on    delivered_on  absence     suspended_days
        t1           2     2023-01-05  2023-04-01  2024-03-31    persistent  2
        t2           2     2023-09-05  2023-12-20  2024-03-31    severe      9
    """),
    "arrears_notices": rows_of("""
        arrears_notice_id  uprn  started_on  delivered_on
        a1                 1     2023-02-01  2024-03-31
        a2                 1     2023-03-02  2024-03-31
    """),
    "possession_notices": of_others("possession_notice_id", "uprn"),
    "child_enquiries": rows_of("""
        enquiry_id  uprn  started_on  ended_on    delivered_on
        e1          2     2023-12-01  2023-12-20  2024-03-31
        e2          2     2024-01-01  -           2024-03-31
    """),
    "homelessness_duties": rows_of("""
        duty_id  uprn  started_on  ended_on    delivered_on
        h1       2     2023-09-01  2023-10-31  2024-03-31
        h2       2     2024-02-01  -           2024-03-31
    """),
    "mental_health_detentions": of_others("detention_id", "uprn"),
    "youth_justice_orders": rows_of("""
        order_id  uprn  started_on  ended_on  delivered_on
        y1        3     2024-09-30  -         2024-10-31
        y2        2     2024-10-01  -         2024-10-31
    """),
    "attendance_enforcement": rows_of("""
        enforcement_id  uprn  started_on  delivered_on
        f1              2     2024-09-30  2024-10-31
    """),
}
HELD = Held(
    ROWS,
    dict.fromkeys(ROWS, FIRST),
    dict.fromkeys(ROWS, pd.Timedelta(0)),
    dict.fromkeys(DATES["index_date"], ROWS),
)
HISTORY = History(TABLES, HELD, FEATURES, SCHEMA, CLOCK)


@pytest.fixture(scope="module")
def homes() -> pd.DataFrame:
    return spine(TABLES, DATES, as_of=CLOCK).table


@pytest.fixture(scope="module")
def made(homes: pd.DataFrame) -> pd.DataFrame:
    return HISTORY.build(homes).table.set_index(["index_date", "household_id"])


def test_dates_are_worked_out_from_the_clock() -> None:
    said = DATES.astype(str)[["index_date", "split", "followed"]].to_numpy().tolist()
    assert said == [
        ["2022-03-31", "train", "True"],
        ["2022-09-30", "train", "True"],
        ["2023-09-30", "test", "True"],
        ["2024-03-31", "watch", "True"],
        ["2025-03-31", "score", "False"],
    ]


def test_rows_of_the_first_file_are_known_after_the_usual_delay_later_ones_from_delivery() -> None:
    rows = rows_of("""
        started_on  ended_on    delivered_on
        2022-01-01  2022-02-01  2024-03-31
        2024-03-20  -           2024-03-31
        2024-05-10  -           2024-05-31
        2022-01-01  2022-02-01  2024-06-30
    """)
    found = known_on(rows, FIRST, pd.Timedelta(days=20)).astype(str).tolist()
    assert found == ["2022-01-21", "2024-03-31", "2024-05-31", "2024-06-30"]


def test_the_usual_delay_is_from_the_last_thing_that_a_row_says() -> None:
    days = pd.Series(pd.date_range("2024-04-15", periods=200, freq="D"))
    later = pd.Timedelta(days=25)
    opened = pd.DataFrame({"started_on": days, "ended_on": pd.NaT, "delivered_on": days + later})
    closed = opened.assign(started_on=days - pd.Timedelta(days=300), ended_on=days)
    assert usual_delay(pd.concat([opened, closed]).astype(opened.dtypes), FIRST) == later
    assert usual_delay(opened.head(19), FIRST) == pd.Timedelta(0)


def test_ages_on_earlier_days_need_no_birth_date() -> None:
    days = pd.date_range("2017-01-01", "2024-12-31", freq="D")
    born = pd.Series(days)
    now = half_years(born, CLOCK)
    for on in (date(2022, 3, 31), date(2022, 9, 30), date(2023, 9, 30), CLOCK):
        then = bands_of(half_years_before(now, CLOCK, on).astype("Float64") // 2).astype(object)
        alive = born.le(pd.Timestamp(on))
        assert then[alive].equals(age_bands(born, on).astype(object)[alive])


def test_an_ethnic_group_is_called_by_its_name() -> None:
    persons = PERSONS.assign(ethnic_group=["J", "K", "R", "M", "A", "A"])
    then = spine(TABLES | {"persons": persons}, DATES, as_of=CLOCK).table
    said = then.loc[then["index_date"].eq(DAY)].set_index("household_id")["ethnicity"]
    assert said.to_dict() == {"A": "Asian", "B": "Black"}


def test_households_are_of_the_day(homes: pd.DataFrame) -> None:
    then = homes.loc[homes["index_date"].eq(DAY)].set_index("household_id")
    # The baby came on 1 September and was written down in October: nobody could count it yet.
    assert then.loc["A", ["people", "children", "under_fives", "kind"]].tolist() == [
        2, 1, 0, "lone_parent"]  # fmt: skip
    assert then.loc["A", ["ethnicity", "sex", "age", "deprivation"]].tolist() == [
        "more than one", "women", "25-44", "2"]  # fmt: skip
    # Who died on the day is no longer there; nobody knows the old man's ethnicity or his fifth.
    assert then.loc["B", ["people", "kind", "ethnicity", "sex", "age", "deprivation"]].tolist() == [
        1, "older_one_person", "not known", "men", "75-84", "not known"]  # fmt: skip
    later = homes.loc[homes["index_date"].eq(FIRST)].set_index("household_id")
    assert later.loc["A", ["people", "children", "under_fives"]].tolist() == [3, 2, 1]


def test_care_homes_are_left_out_and_counted() -> None:
    found = spine(TABLES, DATES, as_of=CLOCK)
    assert "C" not in set(found.table["household_id"])
    out = found.left_out.loc[found.left_out["index_date"].eq(DAY)]
    assert dict(zip(out["reason"], out["number"], strict=True)) == {
        "Members whom no partner knew yet": 1, "Care homes": 1}  # fmt: skip


def test_a_time_at_a_property_is_one_whoever_joins() -> None:
    found = stays(TABLES["households"]).set_index(["household_id", "uprn"])
    assert found.loc[("A", "2"), ["starts", "moved"]].tolist() == [
        pd.Timestamp("2023-03-01"), True]  # fmt: skip
    assert pd.isna(found.loc[("A", "2"), "ends"])
    assert found.loc[("A", "1"), "ends"] == pd.Timestamp("2023-02-28")


def test_features_are_those_of_the_day(made: pd.DataFrame) -> None:
    mother = made.loc[(DAY, "A")]
    expected = {
        "police_contacts": 1,  # one of May; last August is too long ago, October is to come
        "domestic_contacts": 1,
        "domestic_abuse": 1,
        "crime": 0,
        "abuse": 1,  # a plan that ended later goes on
        "childrens_services_open": 1,
        "absence_terms": 1,  # a term is of its last day; the other was not over
        "suspended_days": 2,
        "arrears_notices": 1,  # the second was for whoever lived there after them
        "moves": 1,
        "months_here": 6,
        "statutory_12m": 1,
        "months_since_statutory": 0,
        "knows_police": 1,
        "knows_charity": 0,
    }
    assert {name: mother[name] for name in expected} == expected
    assert made.loc[(DAY, "B"), ["money", "knows_charity", "charity_spells"]].tolist() == [1, 1, 1]


def without(**changed: pd.DataFrame | None) -> Made:
    """Features of the last two dates, where some datasets are otherwise; none is not there."""
    rows = {name: frame for name, frame in {**ROWS, **changed}.items() if frame is not None}
    rows = {name: _goes_on(frame) if name not in changed else frame for name, frame in rows.items()}
    then = dict.fromkeys(DATES["index_date"], rows)
    held = Held(rows, {name: frame["delivered_on"].min() for name, frame in rows.items()},
                dict.fromkeys(rows, pd.Timedelta(0)), then)  # fmt: skip
    homes = spine(TABLES, DATES.loc[DATES["index_date"].ge(FIRST)], as_of=CLOCK).table
    return History(TABLES, held, FEATURES, SCHEMA, CLOCK).build(homes)


def _goes_on(rows: pd.DataFrame) -> pd.DataFrame:
    """With a row of somebody else, delivered of late."""
    last = rows.tail(1).assign(delivered_on=pd.Timestamp("2025-02-28"))
    numbers = [name for name in rows if name.endswith(("_number", "_id", "_reference", "uprn"))]
    return pd.concat([rows, last.assign(**dict.fromkeys(numbers, "elsewhere"))], ignore_index=True)


def _missing(made: Made, day: pd.Timestamp) -> set[str]:
    then = made.table.loc[made.table["index_date"].eq(day)]
    return set(then.columns[then.isna().all()])


OF_ORDERS = {"statutory_12m", "months_since_statutory"}


@pytest.mark.parametrize("gone", [None, ROWS["youth_justice_orders"].iloc[:0]])
def test_a_dataset_that_is_not_there_makes_what_leans_on_it_missing(
    gone: pd.DataFrame | None,
) -> None:
    whole, found = without(), without(youth_justice_orders=gone)
    now = pd.Timestamp(CLOCK)
    for day in (FIRST, now):
        assert _missing(found, day) - _missing(whole, day) <= OF_ORDERS
        assert "statutory_12m" in _missing(found, day) - _missing(whole, day)
    assert "no row of youth_justice_orders was delivered" in " ".join(found.warnings)
    assert "because youth_justice_orders is not there" in " ".join(found.warnings)


def test_a_dataset_that_stopped_is_missing_from_two_months_after_its_last_file() -> None:
    """Fourteen months before the clock: two before the watch date, which may still lean on it."""
    stopped = ROWS["support_clients"].assign(delivered_on=pd.Timestamp("2024-01-31"))
    whole, found = without(), without(support_clients=stopped)
    assert _missing(found, FIRST) == _missing(whole, FIRST)
    now = pd.Timestamp(CLOCK)
    # Nobody was ever helped with housing or as a family, so that those are missing anyway.
    leaning = {"money", "charity_spells", "knows_charity"}
    assert _missing(found, now) - _missing(whole, now) == leaning
    assert (
        "Of features asked on 31 March 2025, nothing of support_clients was delivered after "
        "31 January 2024." in found.warnings
    )


def test_services_are_how_many_know_a_household(homes: pd.DataFrame) -> None:
    found = HISTORY.build(homes).spine
    then = found.loc[found["index_date"].eq(DAY)].set_index("household_id")["services"]
    assert then.to_dict() == {"A": "2", "B": "1"}


def test_needs_and_services_are_planning_s(homes: pd.DataFrame, made: pd.DataFrame) -> None:
    """On one day, what planning counts and what a model is told are the same."""
    day = DAY.date()
    ages = half_years_before(PERSONS["age_half_years"], CLOCK, day).astype("Float64") // 2
    people = PERSONS.assign(age_band=bands_of(ages))
    members = members_on(TABLES["members"], people, day)
    members = members.loc[members["entity_id"].ne("baby")]
    then = households_on(TABLES["households"], members, TABLES["properties"], day)
    known = facts_of(
        {name: rows.loc[rows["started_on"].le(DAY)] for name, rows in ROWS.items()},
        SCHEMA, as_of=day, look_back_months=12,
    )  # fmt: skip
    counted = with_facts(
        then, members, of_people(known, TABLES["records"], people), SCHEMA
    ).set_index("household_id")
    told = made.loc[DAY]
    for heading in SCHEMA.titles:
        seen = told[heading].dropna().astype(bool)
        assert seen.to_dict() == counted.loc[seen.index, heading].to_dict(), heading
    knows = told[[name for name in told if name.startswith("knows_")]].sum(axis=1)
    assert knows.to_dict() == counted.loc[knows.index, "services"].to_dict()


def test_what_happened_is_new_and_within_the_year(homes: pd.DataFrame) -> None:
    steps = steps_taken(ROWS, memberships(TABLES))
    found = outcomes(homes, steps, DATES).set_index(["index_date", "household_id"])
    mother = found.loc[(DAY, "A")]
    # A duty went on on the day, so that housing is not new; an order came a day too late.
    assert mother[list(SERVICES.values())].tolist() == [True, False, False, False, True]
    assert (mother["services_new"], mother["happened"]) == (2, True)
    assert found.loc[(DAY, "B"), ["youth_justice", "happened"]].tolist() == [True, False]
    assert pd.Timestamp("2025-03-31") not in found.index.get_level_values(0)
    assert rates(homes, found.reset_index())["households"].tolist() == [2, 2, 2, 2]


def test_nothing_leaks_into_the_published_features(homes: pd.DataFrame) -> None:
    asked = homes.loc[homes["index_date"].eq(DAY)]
    changes = ("later events are added", "ends after the date are moved",
               "homes after the date are changed")  # fmt: skip
    found = HISTORY.leaks(asked, households=10, seed=1, changes=changes)
    assert leaking(found) == ""
    assert set(found["feature"]) == set(FEATURES.names)


def test_events_name_the_person_of_the_build() -> None:
    found = events(ROWS, HELD, TABLES, FEATURES, SCHEMA, as_of=CLOCK)
    contacts = found.loc[found["kind"].eq("police_contact"), "unit_id"]
    assert contacts.tolist() == ["m", "m", "m", "baby"]
    missing = found.loc[found["kind"].eq("need_abuse") & found["unit_id"].eq("baby")]
    # Counts until the sixteenth birthday, to the half-year.
    assert missing["counts_until"].astype(str).tolist() == ["2039-09-30"]
