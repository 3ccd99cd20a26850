"""What a business is called, in one form, whoever wrote it."""

import pandas as pd
import pytest

from woda_lib.pilots.business_register.names import called, legal_form, parts, standard_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("The Smith's & Sons (Malvern) Co. Ltd.", "smiths and sons malvern"),
        ("SMITHS AND SONS (MALVERN) COMPANY LIMITED", "smiths and sons malvern"),
        ("A.B.C. Eng Public Limited Company", "abc engineering"),
        ("Café Zoë CIC", "cafe zoe"),
        ("Mr J Smith & Mrs A Smith", "j smith and a smith"),
        ("ST. JOHN'S GARAGE (UK) LTD", "saint johns garage"),
        ("J & Co LLP", "j and co"),  # nothing would be left of it
        ("Limited", "limited"),
    ],
)
def test_a_name_has_one_form(written, name):
    assert standard_name(written) == name


@pytest.mark.parametrize("mark", ["T/A", "t/a", "trading as", "Trading As", "T/AS"])
def test_a_legal_name_and_the_one_over_the_door_are_two(mark):
    assert parts(f"J Smith Ltd {mark} The Bean Cup") == [
        ("registered", "J Smith Ltd"),
        ("trading", "The Bean Cup"),
    ]


def test_a_former_name_that_is_told_in_brackets_is_a_name_too():
    assert parts("New Foods Ltd (formerly Old Foods Limited)") == [
        ("registered", "New Foods Ltd"),
        ("previous", "Old Foods Limited"),
    ]


def test_each_name_of_a_record_stands_once_the_registered_one_first():
    written = pd.DataFrame(
        [
            ("rates", "1", "trading", "Bean Cup"),
            ("rates", "1", "registered", "J SMITH LTD T/A THE BEAN CUP"),
            ("rates", "2", "registered", "J Smith"),
        ],
        columns=["source", "id", "kind", "written"],
    )
    found = called(written)
    assert found.values.tolist() == [
        ["rates", "1", "registered", "j smith", True],
        ["rates", "1", "trading", "bean cup", False],
        ["rates", "2", "registered", "j smith", False],
    ]


def test_the_legal_form_is_what_stands_before_the_name_over_the_door():
    written = pd.Series(
        [
            "Heron Foods Ltd",
            "Heron Foods T/A Fish Ltd",
            "Dawe & Co LLP",
            "Mrs A Dawe",
            "Malvern Hills District Council",
            "Heron Trust CIO",
            "Heron Foods",
        ]
    )
    found = legal_form(written)
    assert found[found.notna()].to_dict() == {
        0: "company",
        2: "partnership",
        3: "sole_trader",
        4: "public",
        5: "charity",
    }
