"""The best view: which value survives, where it comes from, and what counts as a conflict."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view.best_view import persons as people
from woda_lib.pilots.single_view.best_view.choosing import chosen_first
from woda_lib.pilots.single_view.best_view.conflicts import are_variants
from woda_lib.pilots.single_view.best_view.persons import (
    best_values,
    best_values_beside,
    best_view,
    persons,
)
from woda_lib.pilots.single_view.best_view.rules import Survivorship, read_survivorship
from woda_lib.pilots.single_view.homes.errors import HomesError

PARAMETERS = Path(__file__).parents[3] / "parameters" / "single_view"
RULES = read_survivorship(PARAMETERS / "survivorship.yaml")
DATES = ("started_on", "date_of_birth", "died_on")
BLANK = ("nhs_number", "forename", "surname", "date_of_birth", "sex", "ethnic_group", "died_on")


def _details(text):
    rows = table(text)
    rows["row_id"] = [f"r{number}" for number in range(len(rows))]
    rows["partner"] = rows["dataset"] + "'s"
    for name in BLANK:
        rows[name] = rows[name] if name in rows else pd.Series(pd.NA, rows.index, dtype="string")
    for name in DATES:
        rows[name] = pd.to_datetime(rows[name])
    return rows


def _view(text, rules=RULES):
    return best_view(_details(text), rules)


def _rule(field, rule, **trust):
    given = {"rule": rule, "trust": trust}
    return Survivorship.model_validate(
        {"survivorship": "survivorship", "otherwise": 0.1, "fields": {field: given}}
    )


JOHN = """
    entity_id dataset  local_id started_on forename
    e         hospital h1       2015-01-01 John
    e         council  c1       2020-01-01 JON
    e         council  c1       2021-01-01 Jon
    e         school   s1       2018-01-01 JOHN
    e         police   p1       2024-01-01 Peter
"""


@pytest.mark.parametrize(
    ("rule", "trust", "value"),
    [
        ("most_recent", {}, "Peter"),
        ("most_frequent", {}, "JOHN"),  # the hospital's and the school's are one name
        ("most_trusted", {"council": 0.9}, "Jon"),
        ("most_trusted", {"hospital": 0.9, "school": 0.8}, "John"),
    ],
)
def test_a_rule_decides_which_value_survives(rule, trust, value):
    assert _view(JOHN, _rule("forename", rule, **trust)).best["forename"].tolist() == [value]


def test_the_lineage_of_a_value_names_its_row_its_day_and_who_agrees():
    lineage = _view(JOHN, _rule("forename", "most_frequent", hospital=0.9)).lineage
    row = lineage.iloc[0]
    assert (row["dataset"], row["row_id"], str(row["on"].date())) == (
        "hospital",
        "r0",
        "2015-01-01",
    )
    assert (row["agree"], row["differ"], row["conflict"]) == (2, 2, True)


def test_jon_is_no_conflict_with_john_and_peter_is():
    assert _view(JOHN, _rule("forename", "most_recent")).best["conflicts"].tolist() == [1]
    without = "\n".join(line for line in JOHN.splitlines() if "Peter" not in line)
    assert _view(without, _rule("forename", "most_recent")).best["conflicts"].tolist() == [0]


@pytest.mark.parametrize(
    ("field", "one", "other", "variant"),
    [
        ("forename", "john", "jon", True),
        ("forename", "j", "john", True),
        ("forename", "p", "john", False),
        ("forename", "anna maria", "anna", True),
        ("forename", "liz", "elizabeth", True),  # as learned
        ("forename", "peter", "john", False),
        ("surname", "shaw smith", "smith", True),
        ("surname", "oconnor", "o connor", True),
        ("surname", "shaw", "nowak", False),
        ("date_of_birth", "19800312", "19801203", True),  # day and month swapped
        ("date_of_birth", "19800312", "19810312", True),
        ("date_of_birth", "19800312", "19811204", False),
        ("sex", "F", "M", False),
        ("ethnic_group", "A", "C", True),  # both white
        ("ethnic_group", "A", "J", False),
        ("nhs_number", "9434765919", "9434765870", False),
    ],
)
def test_another_writing_is_a_variant_and_another_value_is_not(field, one, other, variant):
    pair = [np.array([value], dtype=object) for value in (one, other)]
    assert are_variants(*pair, field, {"liz": "elizabeth"}).tolist() == [variant]


def test_nicknames_are_learned_from_people_of_several_registrations():
    names = [("Elizabeth", "Liz")] * 8 + [(f"Name{'abcdefghij'[n]}x", None) for n in range(10)] * 9
    lines = ["entity_id dataset local_id started_on forename"]
    for number, pair in enumerate(names):
        for dataset, name in zip(("hospital", "council"), pair, strict=True):
            if name:
                lines.append(f"e{number} {dataset} {dataset}{number} 2020-01-01 {name}")
    view = _view("\n".join(lines), _rule("forename", "most_recent"))
    assert set(view.aliases[["value", "alias_of"]].iloc[0]) == {"liz", "elizabeth"}
    assert view.best["conflicts"].sum() == 0


def test_what_a_partner_said_before_it_heard_of_a_change_is_no_conflict():
    view = _view(
        """
        entity_id dataset  local_id started_on surname
        e         hospital h1       2010-01-01 Nowak
        e         hospital h1       2022-01-01 Shaw
        e         council  c1       2022-06-01 Shaw
        """,
        _rule("surname", "most_recent"),
    )
    assert view.best[["surname", "conflicts"]].to_numpy().tolist() == [["Shaw", 0]]
    assert view.lineage["differ"].tolist() == [1]


def test_names_in_each_others_boxes_are_no_conflict():
    view = _view(
        """
        entity_id dataset  local_id started_on forename surname
        e         hospital h1       2010-01-01 Grace    Nowak
        e         council  c1       2022-06-01 Nowak    Grace
        """
    )
    assert view.best["conflicts"].tolist() == [0]


@pytest.mark.parametrize("kind", ["string", "category"])
def test_of_equals_the_value_that_stands_first_survives_however_texts_are_held(kind):
    rows = _details(
        """
        entity_id dataset  local_id started_on forename
        e         hospital h1       2015-01-01 Zoe
        e         council  c1       2015-01-01 Ann
        """
    )
    rules = _rule("forename", "most_recent")
    view = best_view(rows.assign(forename=rows["forename"].astype(kind)), rules)
    assert list(view.best["forename"]) == ["Zoe"]


def test_who_says_a_value_in_many_rows_is_one_voice():
    view = _view(
        """
        entity_id dataset  local_id started_on forename
        e         police   p1       2015-01-01 Zoe
        e         police   p1       2016-01-01 Zoe
        e         police   p1       2017-01-01 Zoe
        e         council  c1       2014-01-01 Ann
        e         school   s1       2014-01-01 Ann
        """,
        _rule("forename", "most_frequent"),
    )
    told = view.lineage.set_index("field").loc["forename"]
    assert list(view.best["forename"]) == ["Ann"]
    assert (told["agree"], told["differ"]) == (2, 1)


def test_not_known_is_no_value():
    view = _view(
        """
        entity_id dataset  local_id started_on sex ethnic_group date_of_birth
        e         hospital h1       2010-01-01 U   Z            1900-01-01
        e         council  c1       2009-06-01 F   A            1951-02-03
        """
    )
    row = view.best.iloc[0]
    assert (row["sex"], row["ethnic_group"], str(row["date_of_birth"].date())) == (
        "F", "A", "1951-02-03",
    )  # fmt: skip
    assert row["conflicts"] == 0


def test_each_person_has_counts_of_records_and_days_on_which_they_were_seen():
    view = _view(
        """
        entity_id dataset  local_id started_on forename died_on
        e         hospital h1       2010-01-01 Grace    2024-05-03
        e         hospital h1       2015-01-01 Grace    2024-05-01
        e         council  c1       2022-06-01 Grace    -
        f         council  c2       2012-06-01 -        -
        """
    ).best.set_index("entity_id")
    assert view["records"].to_dict() == {"e": 2, "f": 1}
    assert view["partners"].to_dict() == {"e": 2, "f": 1}
    assert str(view.loc["e", "first_seen"].date()) == "2010-01-01"
    assert str(view.loc["e", "last_seen"].date()) == "2022-06-01"
    assert str(view.loc["e", "died_on"].date()) == "2024-05-01"
    assert pd.isna(view.loc["f", "died_on"])
    assert pd.isna(view.loc["f", "forename"])


def test_the_table_of_persons_has_the_home_and_the_least_confidence():
    view = _view(JOHN)
    homes = table(
        """
        entity_id uprn starts     ends
        e         A    2010-01-01 2020-12-31
        e         B    2021-01-01 -
        """,
        dates=("starts", "ends"),
    ).assign(home=True, elsewhere=[False, True])
    properties = table(
        """
        uprn address postcode district area deprivation_quintile
        A    1_Oak   WR1      Worcester a1  1
        B    2_Oak   WR2      Worcester a2  4
        """
    )
    records = pd.DataFrame({"entity_id": ["e", "e"], "confidence": [0.99, 0.7]})
    found = persons(view.best, homes, properties, records, as_of=pd.Timestamp("2025-03-31")).iloc[0]
    assert (found["uprn"], found["address"], found["area"]) == ("B", "2_Oak", "a2")
    assert found["confidence"] == 0.7
    assert found["conflicts"] == view.best["conflicts"].iloc[0] + 1  # in two places


def test_a_field_that_no_rule_knows_is_named(tmp_path):
    wrong = tmp_path / "survivorship.yaml"
    text = (PARAMETERS / "survivorship.yaml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("rule: most_trusted", "rule: most_liked"), encoding="utf-8")
    with pytest.raises(HomesError, match=r"survivorship\.yaml: fields\.nhs_number\.rule"):
        read_survivorship(wrong)


@pytest.mark.parametrize("first", [(), ("surname", "sex")])
def test_best_values_are_chosen_by_another_thread_as_they_are_here(monkeypatch, first):
    monkeypatch.setattr(people, "MANY_ROWS", 0)
    details = _details(JOHN + "    f police p2 2024-01-01 Ann\n")
    details["surname"] = ["Hill", "Hill", "Hall", "Hill", "Moss", "Cox"]
    known = chosen_first(details, RULES, first)
    assert [*known.rows] == [*known.told] == [*first]
    beside = best_values(details, best_values_beside(details, RULES, known)())
    pd.testing.assert_frame_equal(beside, best_view(details, RULES).best)
    assert beside[["forename", "conflicts"]].values.tolist() == [["JOHN", 2], ["Ann", 0]]


def test_a_registration_may_come_numbered():
    details = _details(JOHN)
    numbered = details.assign(registration=[4, 2, 2, 7, 0])
    for rows in (details, numbered):
        best = best_view(rows, _rule("forename", "most_frequent")).best
        assert best[["forename", "records", "conflicts"]].values.tolist() == [["JOHN", 4, 1]]
