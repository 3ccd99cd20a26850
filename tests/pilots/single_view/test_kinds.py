"""What kind of household it is, after the Census 2021: ages, sexes and names in, the kind out."""

import pandas as pd
import pytest

from woda_lib.pilots.single_view.homes.kinds import kinds


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ("40 F Shaw", "one_person"),
        ("65.9 F Shaw", "one_person"),
        ("66 F Shaw", "older_one_person"),
        ("40 F Shaw, 42 M Shaw", "couple"),
        ("40 F Shaw, 42 M Reid", "couple"),
        ("40 F Shaw, 42 F Shaw", "couple"),
        ("66 F Shaw, 71 M Shaw", "older_couple"),
        ("64 F Shaw, 71 M Shaw", "couple"),
        ("40 F Shaw, 42 M Shaw, 15 F Shaw", "couple_with_children"),
        ("40 F Shaw, 42 M Reid, 18 F Reid", "couple_with_children"),
        ("40 F Shaw, 3 M Nowak", "lone_parent"),
        ("40 F Shaw, 18 M Nowak", "lone_parent"),
        ("40 F Shaw, 19 M Shaw", "grown_children"),
        ("70 F Shaw, 72 M Shaw, 45 M Shaw", "grown_children"),
        ("45 F Shaw, 19 F Shaw, 12 M Shaw", "lone_parent"),
        ("70 F Nowak, 45 F Shaw, 12 M Shaw", "three_generations"),
        ("70 F Shaw, 45 F Shaw, 20 M Shaw", "three_generations"),
        ("21 M Shaw, 22 F Reid, 20 M Nowak", "house_share"),
        ("21 M Shaw, 22 M Reid", "house_share"),
        ("30 F Shaw, 32 M Shaw, 31 F Reid", "other"),
        ("- F Shaw", "one_person"),
    ],
)
def test_a_household(members, kind):
    rows = [person.split() for person in members.split(", ")]
    people = pd.DataFrame(rows, columns=["age", "sex", "family"])
    people["age"] = pd.to_numeric(people["age"], errors="coerce")
    people = people.assign(key=7, kinship=None, holder=False, care_home=False)
    assert kinds(people).to_dict() == {7: kind}


def test_a_tenancy_tells_what_ages_and_names_do_not():
    people = pd.DataFrame(
        {
            "key": [1, 1, 2, 2],
            "age": [30, 31, 50, 24],
            "sex": ["F", "F", "F", "M"],
            "family": ["shaw", "reid", "shaw", "reid"],
            "kinship": ["self", "partner", "self", "child"],
            "holder": False,
            "care_home": False,
        }
    )
    assert kinds(people).to_dict() == {1: "couple", 2: "grown_children"}
