"""What reviewers read of links and cases, from small tables; the lists marked against a truth."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse import link_tables
from woda_lib.pilots.domestic_abuse.marking import EXPLAINED_BY, Marker, headline, lists_table

CLUSTERS = table(
    """
    source  id entity_id confidence
    police  n1 ann       0.99
    police  n2 ann       0.99
    police  n3 bob       -
    care    c1 ann       0.98
    care    c2 kit       0.8
    schools p1 kit       0.8
    """
).astype({"confidence": float})


def test_who_knows_the_same_people():
    assert link_tables.known_to_both(CLUSTERS).to_numpy().tolist() == [
        ["Police", "Social care", 1],
        ["Social care", "Schools", 1],
        ["Police", "Schools", 0],
    ]
    assert link_tables.known_to_police(CLUSTERS).to_numpy().tolist() == [
        ["Social care", 2, 1],
        ["Schools", 1, 0],
    ]


def test_roles_count_rows_people_and_who_is_in_another_role_too():
    roles = table(
        """
        incident_id nominal_id entity_id role
        i1          n1         ann       victim
        i2          n2         ann       victim
        i2          n3         bob       perpetrator
        i3          n3         bob       victim
        i3          n9         -         perpetrator
        """
    )
    assert link_tables.people_by_role(roles).to_numpy().tolist() == [
        ["victim", 3, 2, 1],
        ["perpetrator", 2, 1, 1],
    ]


def test_second_entries_by_financial_year():
    reported = pd.to_datetime(["2022-03-31", "2022-04-01", "2023-03-31"])
    cases = pd.DataFrame({"reported_at": reported, "duplicate_of": [None, None, "i2"]})
    assert link_tables.entered_twice(cases).to_numpy().tolist() == [
        ["2021/22", 1, 0, 0.0],
        ["2022/23", 2, 1, 50.0],
    ]


def test_quality_without_truth_says_only_how_sure_the_model_is():
    found = link_tables.quality_table(CLUSTERS, None)
    assert found["measure"].tolist() == ["precision, as the model sees it"]
    assert found["low"].isna().all()


# Ann's two records are two entities; Cat's second incident has its roles swapped, Dee's second was
# refused, and Eve's one incident was entered twice without being found.
PEOPLE = table(
    """
    dataset        local_id entity_id
    police_persons a1       ann1
    police_persons a2       ann2
    police_persons b1       bob
    police_persons c1       cat
    police_persons d1       dee
    police_persons e1       eve
    """
)
PERSONS = table(
    """
    dataset        local_id person_id
    police_persons a1       1
    police_persons a2       1
    police_persons b1       2
    police_persons c1       3
    police_persons d1       4
    police_persons e1       5
    """
).astype({"person_id": int})
CASES = table(
    """
    incident_id victim perpetrator relationship duplicate_of
    i1          ann1   bob         partner      -
    i2          ann2   bob         partner      -
    i3          cat    bob         partner      -
    i4          bob    cat         partner      -
    i5          dee    bob         partner      -
    i7          eve    bob         partner      -
    i8          eve    bob         partner      -
    """
).assign(occurred_at=pd.Timestamp("2025-03-01"))
ROLES = table(
    """
    incident_id nominal_id role        relationship
    i1          a1         victim      partner
    i1          b1         perpetrator partner
    i2          a2         victim      partner
    i2          b1         perpetrator partner
    i3          c1         victim      partner
    i3          b1         perpetrator partner
    i4          b1         victim      partner
    i4          c1         perpetrator partner
    i5          d1         victim      partner
    i5          b1         perpetrator partner
    i7          e1         victim      partner
    i7          b1         perpetrator partner
    i8          e1         victim      partner
    i8          b1         perpetrator partner
    """
)
TRUTH = (
    table(
        """
        incident_id victim perpetrator relationship duplicate_of roles_swapped withdrawn
        i1          1      2           partner      -            no            no
        i2          1      2           partner      -            no            no
        i3          3      2           partner      -            no            no
        i4          3      2           partner      -            yes           no
        i5          4      2           partner      -            no            no
        i6          4      2           partner      -            no            no
        i7          5      2           partner      -            no            no
        i8          5      2           partner      i7           no            no
        i9          4      2           partner      -            no            yes
        """
    )
    .astype({"victim": int, "perpetrator": int})
    .assign(
        occurred_at=pd.Timestamp("2025-03-01"),
        roles_swapped=lambda rows: rows["roles_swapped"] == "yes",
        withdrawn=lambda rows: rows["withdrawn"] == "yes",
    )
)
MONTHS = {"Repeat victims": 12, "Serial perpetrators": 12}


def test_each_error_of_a_list_is_explained_by_what_puts_it_right():
    marker = Marker(CASES, ROLES, PEOPLE, PERSONS, TRUTH)
    marked = marker.mark("Repeat victims", date(2025, 3, 31), 12)
    assert (marked.wrong, marked.missed) == ({5}, {1, 3, 4})
    assert marked.why == {1: "links", 3: "roles", 4: "refused", 5: "twice"}
    marks, errors = lists_table(CASES, marker, date(2025, 3, 31), months=MONTHS)
    repeat = marks[marks["list"] == "Repeat victims"].set_index("measure")
    # Of one that is listed none is right; of three who belong on it none was found.
    assert repeat["percent"].to_dict() == {"precision": 0.0, "recall": 0.0}
    assert repeat["number"].to_dict() == {"precision": 1, "recall": 3}
    explained = errors[errors["list"] == "Repeat victims"].set_index("explained")
    assert explained.loc[EXPLAINED_BY["roles"], "missed"] == 1
    assert explained.loc[EXPLAINED_BY["twice"], "wrongly_listed"] == 1


def test_without_truth_the_lists_say_only_how_long_they_are():
    marks, errors = lists_table(CASES, None, date(2025, 3, 31), months=MONTHS)
    assert marks[["list", "number"]].to_numpy().tolist() == [
        ["Repeat victims", 1],
        ["Serial perpetrators", 1],
    ]
    assert errors.empty
    assert "{repeat_victims" not in headline(marks)
