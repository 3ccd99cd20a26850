"""Features of a day: small histories in, and what was known of each household out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.prediction.tables import table
from woda_lib.partners.agreement_files import load_agreement
from woda_lib.partners.errors import AgreementError
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.features import (
    FeatureSet,
    build,
    leaking,
    leaks,
    read_features,
    require_agreed,
)

Frame = pd.DataFrame
Build = Callable[[Frame, Frame, Frame], Frame]
PARAMETERS = Path(__file__).parents[2] / "parameters"
REGISTRY = PARAMETERS / "complex_dependencies" / "features.yaml"
UNTIL = date(2024, 12, 31)

WRITTEN = """
registry: features
kinds:
  - {name: contact, of: person, rows: [{dataset: police_contacts}], of_a_day: true}
  - {name: spell, of: person, rows: [{dataset: support_clients}]}
  - {name: notice, of: property, rows: [{dataset: arrears_notices}], of_a_day: true}
  - {name: term, of: property, rows: [{dataset: attendance_terms}], value: suspended_days}
  - {name: move, of: household, table: households}
features:
"""
ONE = """
  - name: {name}
    title: A title
    source: [{source}]
    agreement: single_view
    how: {how}
    direction: none
"""


def registry(folder: Path, *features: str) -> FeatureSet:
    path = folder / "features.yaml"
    path.write_text(WRITTEN + "".join(features), encoding="utf-8")
    return read_features(path)


def of(name: str, how: str, source: str, **more: object) -> str:
    lines = "".join(f"    {key}: {value}\n" for key, value in more.items())
    return ONE.format(name=name, how=how, source=source).lstrip("\n") + lines


@pytest.fixture
def small(tmp_path: Path) -> FeatureSet:
    police, charity = "police_contacts.started_on", "support_clients.started_on"
    homes = '"single_view/1_build:households.starts"'
    return registry(
        tmp_path,
        of("contacts", "count", police, kind="contact", window_months=12),
        of("helped", "any", charity, kind="spell", window_months=12),
        of("helped_now", "open", charity, kind="spell"),
        of("notices", "count", "arrears_notices.started_on", kind="notice", window_months=12),
        of("days", "sum", "attendance_terms.suspended_days, attendance_terms.started_on",
           kind="term", window_months=12),
        of("last_days", "last", "attendance_terms.suspended_days, attendance_terms.started_on",
           kind="term"),
        of("months_here", "months_since", homes, kind="move"),
        of("children", "column", homes, column="children"),
    )  # fmt: skip


SPINE = table("""
    household_id  index_date  children
    A             2023-09-30  1
    B             2023-09-30  0
    A             2024-03-31  2
""")
MEMBERSHIPS = table("""
    unit_id  household_id  starts      ends
    ann      A             2020-01-01  -
    bob      A             2020-01-01  2023-10-15
    bob      B             2023-10-16  -
    cy       B             2020-01-01  -
    100      B             2020-01-01  2022-12-31
    100      A             2023-01-01  -
    200      B             2023-01-01  -
""")


def built(rows: str, features: FeatureSet, feature: str) -> list[float]:
    """A feature of A and B on 30 September 2023, and of A half a year later."""
    # Long ago a row of each kind, so that none is missing.
    long_ago = table("""
        unit_id  kind     started_on  ended_on    known_on    value
        nobody   contact  2019-01-01  2019-01-01  2019-01-01  -
        nobody   spell    2019-01-01  2019-01-01  2019-01-01  -
        999      notice   2019-01-01  2019-01-01  2019-01-01  -
        999      term     2019-01-01  2019-01-01  2019-01-01  -
        nobody   move     2019-01-01  2019-01-01  2019-01-01  -
    """)
    events = pd.concat([long_ago, table(rows)], ignore_index=True)
    return build(events, SPINE, MEMBERSHIPS, features, held_until=UNTIL).table[feature].tolist()


def test_a_person_brings_along_what_happened_within_the_window(small: FeatureSet) -> None:
    rows = """
        unit_id  kind     started_on  ended_on    known_on    value
        ann      contact  2022-09-30  2022-09-30  2022-09-30  -
        ann      contact  2022-10-01  2022-10-01  2022-10-01  -
        ann      contact  2023-09-30  2023-09-30  2023-09-30  -
        ann      contact  2023-10-01  2023-10-01  2023-10-01  -
        bob      contact  2023-05-05  2023-05-05  2023-05-05  -
    """
    # A year before the date is out, the date itself is in; Bob has left A when it is asked again.
    assert built(rows, small, "contacts") == [3, 0, 2]


def test_what_was_told_later_was_not_known(small: FeatureSet) -> None:
    rows = """
        unit_id  kind     started_on  ended_on    known_on    value
        ann      contact  2023-09-01  2023-09-01  2023-10-01  -
        cy       contact  2023-09-01  2023-09-01  2023-09-30  -
    """
    assert built(rows, small, "contacts") == [0, 1, 1]


def test_a_future_dated_record_cannot_enter_and_is_counted(small: FeatureSet) -> None:
    rows = table("""
        unit_id  kind     started_on  ended_on    known_on    value
        ann      contact  2024-06-01  2024-06-01  2023-01-01  -
        ann      spell    2023-12-01  -           2023-01-01  -
    """)
    found = build(rows, SPINE, MEMBERSHIPS, small, held_until=UNTIL)
    assert found.table["contacts"].isna().all()  # not one contact was known
    assert found.table["helped"].isna().tolist() == [True, True, False]
    assert found.table["helped_now"].tolist()[2] == 1  # by then its day had come
    counts = dict(zip(found.left_out["reason"], found.left_out["events"], strict=True))
    assert counts["Dated later than it was told: counts on no day before its own"] == 2
    assert counts["Begins after the last index date"] == 1


def test_a_spell_goes_on_until_an_end_that_was_known(small: FeatureSet) -> None:
    rows = """
        unit_id  kind   started_on  ended_on    known_on    value
        ann      spell  2021-01-01  2023-10-01  2021-01-01  -
        cy       spell  2021-01-01  2022-09-29  2021-01-01  -
    """
    assert built(rows, small, "helped") == [1, 0, 1]
    assert built(rows, small, "helped_now") == [1, 0, 0]


def test_a_notice_is_the_household_s_that_lived_there_on_the_day(small: FeatureSet) -> None:
    rows = """
        unit_id  kind    started_on  ended_on    known_on    value
        100      notice  2022-12-31  2022-12-31  2022-12-31  -
        100      notice  2023-01-01  2023-01-01  2023-01-01  -
        100      notice  2023-02-01  2023-02-01  2023-02-01  -
        300      notice  2023-02-01  2023-02-01  2023-02-01  -
    """
    # B had the first of them at 100, and took it along to 200.
    assert built(rows, small, "notices") == [2, 1, 0 + 0]


def test_who_came_last_of_those_who_live_there_gets_the_notice(small: FeatureSet) -> None:
    shared = table("""
        unit_id  household_id  starts      ends
        100      A             2020-01-01  -
        100      B             2023-03-01  2023-04-30
        100      C             2023-07-01  -
    """)
    rows = table("""
        unit_id  kind    started_on  ended_on    known_on    value
        100      notice  2023-02-01  2023-02-01  2023-02-01  -
        100      notice  2023-04-01  2023-04-01  2023-04-01  -
        100      notice  2023-05-01  2023-05-01  2023-05-01  -
        100      notice  2023-08-01  2023-08-01  2023-08-01  -
    """)
    found = build(rows, SPINE, shared, small.only(["notices"]), held_until=UNTIL)
    # The last is C's, who is not asked about: it does not fall back to A.
    assert found.table["notices"].tolist() == [2, 1, 1]


def test_values_are_added_up_and_the_last_is_the_last_before_the_date(small: FeatureSet) -> None:
    rows = """
        unit_id  kind  started_on  ended_on    known_on    value
        100      term  2023-01-10  2023-04-01  2023-04-02  3
        100      term  2023-04-20  2023-07-20  2023-07-21  2
        100      term  2023-09-05  2023-12-20  2023-12-21  9
    """
    assert built(rows, small, "days")[::2] == [5, 11]
    assert built(rows, small, "last_days")[::2] == [2, 9]


def test_months_since_are_whole_and_missing_where_none_is_known(small: FeatureSet) -> None:
    rows = """
        unit_id  kind  started_on  ended_on    known_on    value
        A        move  2022-09-30  2022-09-30  2022-09-30  -
        A        move  2023-10-01  2023-10-01  2023-10-01  -
    """
    found = built(rows, small, "months_here")
    assert found[::2] == [12, 5]
    assert np.isnan(found[1])


def test_months_since_with_a_window_are_missing_beyond_it(tmp_path: Path) -> None:
    one = of("since", "months_since", "arrears_notices.started_on", kind="notice", window_months=12)
    features = registry(tmp_path, one)
    rows = """
        unit_id  kind    started_on  ended_on    known_on    value
        100      notice  2023-03-30  2023-03-30  2023-03-30  -
        200      notice  2023-08-15  2023-08-15  2023-08-15  -
    """
    found = built(rows, features, "since")
    assert found[:2] == [6, 1]
    assert np.isnan(found[2])  # a year and a day ago
    assert features.titles["since"] == "A title, within the last 12 months"
    with pytest.raises(PredictionError, match="goes with nothing else"):
        registry(tmp_path, of("last", "last", "arrears_notices.started_on", kind="notice",
                              window_months=12))  # fmt: skip


def test_a_child_s_event_counts_until_the_birthday(small: FeatureSet) -> None:
    rows = """
        unit_id  kind   started_on  ended_on  known_on    value  counts_until
        ann      spell  2021-01-01  -         2021-01-01  -      2023-10-01
        cy       spell  2021-01-01  -         2021-01-01  -      2023-09-30
    """
    assert built(rows, small, "helped") == [1, 0, 0]


def test_a_source_that_is_not_there_is_missing_and_said(small: FeatureSet) -> None:
    rows = table("""
        unit_id  kind     started_on  ended_on    known_on    value
        ann      contact  2022-01-01  2022-01-01  2022-01-01  -
        100      notice   2023-11-01  2023-11-01  2023-11-01  -
    """)
    found = build(
        rows, SPINE, MEMBERSHIPS, small.only(["contacts", "helped", "notices"]),
        held_until=UNTIL, absent=["police_contacts"],
    )  # fmt: skip
    assert found.table["contacts"].isna().all()
    assert found.table["helped"].isna().all()
    assert found.table["notices"].isna().tolist() == [True, True, False]
    said = " ".join(found.warnings)
    assert "contacts: missing, because police_contacts is not there" in said
    assert "helped: missing, because there is not one event of the kind spell" in said
    assert "notices: missing, because not one event of the kind notice was known until" in said


def test_a_source_that_must_be_there_is_asked_for(tmp_path: Path) -> None:
    one = of("contacts", "count", "police_contacts.started_on", kind="contact", window_months=12,
             if_missing="refuse")  # fmt: skip
    features = registry(tmp_path, one)
    nothing = table("unit_id kind started_on ended_on known_on value")
    with pytest.raises(PredictionError, match=r"contacts cannot be built, because .* Deliver"):
        build(nothing, SPINE, MEMBERSHIPS, features, held_until=UNTIL)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.iloc[:0], "The spine holds no household"),
        (lambda t: pd.concat([t, t]), "3 households twice on one index date"),
        (lambda t: t.drop(columns="children"), "The table spine lacks the column children"),
        (lambda t: t.assign(index_date=pd.Timestamp("2025-01-01")), "lies beyond the data"),
        (lambda t: t.assign(index_date="2023-09-30"), "index_date must hold dates"),
    ],
)
def test_a_spine_that_cannot_be_answered_is_refused(
    change: Callable[[Frame], Frame], said: str, small: FeatureSet
) -> None:
    nothing = table("unit_id kind started_on ended_on known_on value")
    with pytest.raises(PredictionError, match=said):
        build(nothing, change(SPINE), MEMBERSHIPS, small, held_until=UNTIL)


def test_a_level_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    one = of("kind", "column", '"single_view/1_build:members.starts"', column="kind",
             levels="[couple, lone_parent]")  # fmt: skip
    spine = SPINE.assign(kind=["couple", "lone_parents", "couple"])
    nothing = table("unit_id kind started_on ended_on known_on value")
    with pytest.raises(PredictionError, match=r"'lone_parents'\. Did you mean 'lone_parent'\?"):
        build(nothing, spine, MEMBERSHIPS, registry(tmp_path, one), held_until=UNTIL)


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        (of("a", "count", "police_contact.part", kind="contact", window_months=12),
         r"there is no dataset police_contact\. Did you mean"),
        (of("a", "count", "police_contacts.parts", kind="contact", window_months=12),
         r"police_contacts has no field parts\. Did you mean 'part'"),
        (of("a", "count", "police_contacts.part", kind="contacts", window_months=12),
         r"kind: there is no kind contacts\. Did you mean 'contact'"),
        (of("a", "count", "police_contacts.part", kind="contact"), "window_months goes with"),
        (of("a", "count", "support_clients.service", kind="contact", window_months=12),
         "made of rows of police_contacts, which its source does not name"),
        (of("a", "count", "police_contacts.part", column="people", window_months=12),
         "asks for kind and no column"),
        (of("a", "counts", "police_contacts.part", kind="contact"), r"features\.0\.how"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_registry_names_file_and_key(
    feature: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(PredictionError, match=said) as found:
        registry(tmp_path, feature)
    assert re.search(r"features\.yaml: .*features\.(0|a)", str(found.value))


def test_the_published_list_is_agreed_field_by_field() -> None:
    features = read_features(REGISTRY)
    agreement = load_agreement("single_view", PARAMETERS / "agreements")
    columns = {source: () for each in features.features for source in each.source}
    today = date(2025, 3, 31)
    require_agreed(features, agreement, purpose="prediction", today=today, columns=columns)
    # For finding fires nothing of crime is shared.
    with pytest.raises(AgreementError, match="fire_safety does not cover"):
        require_agreed(features, agreement, purpose="fire_safety", today=today, columns=columns)


def test_a_window_follows_the_pilot_s_parameter() -> None:
    features = read_features(REGISTRY, look_back_months=6)
    months = {each.name: each.months for each in features.features}
    assert (months["police_contacts"], months["moves"], months["people"]) == (6, 6, 0)
    assert features.titles["police_contacts"] == "Police contacts, last 6 months"


Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
LETTER = {"contact": "p", "spell": "p", "notice": "u", "term": "u", "move": "h"}


def history(seed: int, households: int = 60) -> Tables:
    """Households of one, their homes and four years of events, some told a while after."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"h{n}" for n in range(households)], dtype=object)
    dates = pd.to_datetime(["2022-12-31", "2023-12-31"])
    spine = pd.DataFrame(
        {"household_id": np.tile(ids, 2), "index_date": np.repeat(dates, households), "children": 1}
    )
    n = 40 * households
    kind = rng.choice(list(LETTER), n)
    unit = pd.Series(kind).map(LETTER) + pd.Series(rng.integers(0, households, n)).astype(str)
    begun = pd.Timestamp("2021-01-01") + days(rng, n, 1460)
    events = pd.DataFrame(
        {
            "unit_id": unit,
            "kind": kind,
            "started_on": begun,
            "ended_on": pd.Series(begun + days(rng, n, 300)).mask(rng.random(n) < 0.2),
            "known_on": begun + days(rng, n, 60),
            "value": rng.integers(0, 5, n).astype(float),
        }
    )
    starts = pd.Timestamp("2020-01-01") + days(rng, households, 900)
    one = pd.DataFrame({"unit_id": "p" + pd.Series(ids).str[1:], "household_id": ids,
                        "starts": starts, "ends": pd.NaT})  # fmt: skip
    two = one.assign(unit_id=one["unit_id"].str.replace("p", "u"))
    memberships = pd.concat([one, two], ignore_index=True)
    return events, spine, memberships.astype({"ends": "datetime64[ns]"})


def days(rng: np.random.Generator, size: int, most: int) -> pd.TimedeltaIndex:
    return pd.to_timedelta(rng.integers(0, most, size), unit="D")


def test_nothing_leaks_from_what_is_built(small: FeatureSet) -> None:
    def real(events: Frame, spine: Frame, memberships: Frame) -> Frame:
        return build(events, spine, memberships, small, held_until=UNTIL).table

    found = leaks(real, *history(1), seed=1)
    assert leaking(found) == ""
    assert len(found) == 8 * 9


def _window_open_at_the_end(events: Frame, spine: Frame, memberships: Frame) -> Frame:
    return _counted(events, spine, lambda e: e["started_on"].ge(e["index_date"] - _YEAR))


def _told_later_counts(events: Frame, spine: Frame, memberships: Frame) -> Frame:
    return _counted(events, spine, lambda e: e["started_on"].le(e["index_date"]))


def _dated_ahead_counts(events: Frame, spine: Frame, memberships: Frame) -> Frame:
    return _counted(events, spine, lambda e: e["known_on"].le(e["index_date"]))


def _knows_how_long(events: Frame, spine: Frame, memberships: Frame) -> Frame:
    short = events["ended_on"].sub(events["started_on"]).dt.days.lt(200)
    return _counted(events.loc[short], spine, _known_then)


def _latest_value(events: Frame, spine: Frame, memberships: Frame) -> Frame:
    last = events.sort_values(["started_on", "value"]).groupby("unit_id")["value"].last()
    return spine[_KEYS].assign(leaked=_units(spine).map(last).to_numpy())


def _against_the_mean_of_all(events: Frame, spine: Frame, memberships: Frame) -> Frame:
    mine = _counted(events, spine, _known_then)
    return mine.assign(leaked=mine["leaked"] - len(events) / len(spine))


def _who_moves_out_next(events: Frame, spine: Frame, memberships: Frame) -> Frame:
    left = memberships.dropna(subset=["ends"]).groupby("household_id").size()
    return spine[_KEYS].assign(leaked=spine["household_id"].map(left).fillna(0).to_numpy())


def _place_in_the_table(events: Frame, spine: Frame, memberships: Frame) -> Frame:
    return spine[_KEYS].assign(leaked=np.arange(len(spine), dtype=float))


_KEYS = ["household_id", "index_date"]
_YEAR = pd.Timedelta(days=365)


def _known_then(e: Frame) -> pd.Series:
    return e["started_on"].le(e["index_date"]) & e["known_on"].le(e["index_date"])


def _units(spine: Frame) -> pd.Series:
    return "p" + spine["household_id"].astype(str).str[1:]


def _counted(events: Frame, spine: Frame, counts: Callable[[Frame], pd.Series]) -> Frame:
    asked = spine.assign(unit_id=_units(spine))
    pairs = asked[[*_KEYS, "unit_id"]].merge(events, on="unit_id")
    found = pairs.loc[counts(pairs)].groupby(_KEYS).size().rename("leaked")
    table_of = spine[_KEYS].merge(found, on=_KEYS, how="left")
    return table_of.fillna({"leaked": 0.0})


@pytest.mark.parametrize(
    ("leak", "caught_by"),
    [
        (_window_open_at_the_end, "later events are added"),
        (_window_open_at_the_end, "later events are dropped"),
        (_told_later_counts, "events are told after the date"),
        (_dated_ahead_counts, "events are dated ahead"),
        (_knows_how_long, "ends after the date are moved"),
        (_latest_value, "values of later events are changed"),
        (_against_the_mean_of_all, "later events are dropped"),
        (_who_moves_out_next, "homes after the date are changed"),
        (_place_in_the_table, "other dates and orders are given"),
    ],
)
def test_a_feature_that_leaks_is_caught(leak: Build, caught_by: str) -> None:
    found = leaks(leak, *history(2), seed=3, changes=[caught_by])
    assert leaking(found) == f"leaked moves when {caught_by}"


def test_an_honest_feature_of_the_same_make_is_not_accused() -> None:
    found = leaks(lambda e, s, m: _counted(e, s, _known_then), *history(2), seed=3)
    assert leaking(found) == ""


def test_a_feature_drawn_at_random_cannot_be_judged() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(PredictionError, match="differs when it is built twice"):
        leaks(lambda e, s, m: s[_KEYS].assign(luck=rng.random(len(s))), *history(2), seed=3)
