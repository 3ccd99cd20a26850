"""Fields that say what others say are found, and those that say more are kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.linkage.test_people import recorded, town
from woda_lib.linkage import LinkageSpec
from woda_lib.linkage.repeated import repeated

NUMBER = 200
GENERATOR = np.random.default_rng(5)
FORENAMES, MIDDLE, SURNAMES = (
    GENERATOR.choice([f"{letter}{end}" for letter in letters for end in ("an", "e", "ory")], NUMBER)
    for letters in (["m", "l", "d"], ["k", "j", "p"], ["st", "gr", "br", "fl"])
)
HAS_MIDDLE = GENERATOR.random(NUMBER) < 0.5


def people(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"forename": FORENAMES, "surname": SURNAMES}
        | {"full_name": [*map(" ".join, zip(FORENAMES, SURNAMES, strict=True))]}
        | columns
    )


def told(frame: pd.DataFrame, **kinds: str) -> dict[str, list[str]]:
    return repeated(frame, {name: kinds.get(name, "name") for name in frame})


def with_middle_names() -> list[str]:
    middle = np.where(HAS_MIDDLE, MIDDLE, "")
    names = zip(FORENAMES, middle, SURNAMES, strict=True)
    return [" ".join(" ".join(each).split()) for each in names]


def test_a_name_that_is_put_together_from_others_repeats_them():
    assert told(people()) == {"full_name": ["forename", "surname"]}


def test_middle_names_that_no_other_field_holds_make_no_difference():
    frame = people(whole=with_middle_names())
    assert told(frame) == {name: ["forename", "surname"] for name in ("full_name", "whole")}


def test_a_few_slips_make_no_difference():
    frame = people()
    frame.loc[::20, "surname"] = "another"
    assert told(frame) == {"full_name": ["forename", "surname"]}


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"forename": None}, id="only one part is there"),
        pytest.param({"surname": np.roll(SURNAMES, 1)}, id="somebody else's surname"),
        pytest.param({"forename": np.where(HAS_MIDDLE, FORENAMES, None)}, id="a part is missing"),
        pytest.param(
            {"full_name": [f"{name} of the house that jack built" for name in FORENAMES]},
            id="mostly other words",
        ),
    ],
)
def test_a_name_that_holds_more_is_kept(columns):
    assert not told(people(**columns))


def test_a_field_that_is_written_twice_is_kept_once():
    frame = pd.DataFrame({"sex": ["m", "f", "f", "m"] * 50, "forename": FORENAMES})
    frame["gender"] = frame["sex"].where(frame.index % 30 != 0)
    assert told(frame, sex="sex", gender="sex") == {"gender": ["sex"]}
    assert not told(frame, sex="sex", gender="category")  # of another kind
    frame.loc[::12, "gender"] = "m"
    frame.loc[1::12, "gender"] = "m"
    assert not told(frame, sex="sex", gender="sex")  # they differ too often


def test_of_two_fields_the_one_that_is_fuller_is_kept():
    frame = pd.DataFrame({"phone": [str(n) if n % 3 else None for n in range(NUMBER)]})
    frame["mobile"] = [str(n) for n in range(NUMBER)]
    assert not told(frame, phone="phone", mobile="phone")


def test_fields_without_values_repeat_nothing():
    frame = people(nothing=None, neither=None)
    assert told(frame) == {"full_name": ["forename", "surname"]}
    assert not told(people()[[]].assign(forename=None, surname=None, full_name=None))


def test_a_suggestion_leaves_out_what_is_repeated_and_says_so(capsys):
    generator = np.random.default_rng(3)
    register = recorded(town(generator), generator, 0.1).drop(columns="entity_id")
    register["number"] = [f"r{place}" for place in range(len(register))]
    plain = LinkageSpec.suggest({"register": register}, quiet=True)
    register["full_name"] = register["forename"].str.cat(register["surname"], sep=" ")
    spec = LinkageSpec.suggest({"register": register})
    assert spec.model_dump() == plain.model_dump()
    assert "left out, for it repeats forename and surname." in capsys.readouterr().out
