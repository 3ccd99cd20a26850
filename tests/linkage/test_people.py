"""The shipped specification of people, on a made-up town whose truth is known.

The town is hard where towns are: couples share surname and postcode, twins share the birth date
as well, names and dates are mistyped, people move, and a third of the council's records have no
NHS number.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage import LinkageResult, LinkageSpec, link

SPECIFICATION = Path(__file__).parents[2] / "parameters" / "linkage" / "people.yaml"
HOUSEHOLDS = 1_500
FORENAMES = np.array(
    [
        *["Margaret", "John", "Mary", "Peter", "Jean", "David", "Joan", "Michael", "Patricia"],
        *["Robert", "Sheila", "Alan", "Barbara", "Brian", "Dorothy", "Derek", "Doreen", "Roy"],
        *["Betty", "Ronald", "Gladys", "Stanley", "Edith", "Raymond", "Priya", "Mohammed"],
    ]
)
BEGINNINGS = np.array(["Hart", "Wood", "Ash", "Brad", "Clay", "Dun", "Ever", "Gret", "Hol", "King"])
ENDINGS = np.array(["ton", "ley", "ford", "well", "worth", "ham", "by", "field", "shaw", "croft"])


def town(generator: np.random.Generator) -> pd.DataFrame:
    """Make households of two who share surname and postcode; every tenth pair are twins."""
    home = np.repeat(np.arange(HOUSEHOLDS), 2)
    number = len(home)
    surname = np.char.add(
        generator.choice(BEGINNINGS, HOUSEHOLDS), generator.choice(ENDINGS, HOUSEHOLDS)
    )
    first = np.datetime64("1925-01-01")
    born = first + generator.integers(0, 30 * 365, number).astype("timedelta64[D]")
    twin = (home % 10 == 0) & (np.arange(number) % 2 == 1)
    born[twin] = np.roll(born, 1)[twin]
    forename = generator.choice(FORENAMES, number)
    same = np.flatnonzero((forename[1:] == forename[:-1]) & (home[1:] == home[:-1])) + 1
    forename[same] = "Evelyn"
    return pd.DataFrame(
        {
            "entity_id": np.arange(number),
            "nhs_number": nhs_numbers(generator, number),
            "forename": forename,
            "surname": surname[home],
            "date_of_birth": pd.Series(born).dt.strftime("%Y-%m-%d"),
            "postcode": postcodes(home // 12),
            "sex": generator.choice(["M", "F"], number),
        }
    )


def nhs_numbers(generator: np.random.Generator, number: int) -> np.ndarray:
    nine = generator.integers(400_000_000, 500_000_000, 2 * number)
    digits = nine[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = 11 - digits @ np.arange(10, 1, -1) % 11
    return (nine * 10 + check % 11)[check != 10][:number].astype(str).astype(object)


def postcodes(street: np.ndarray) -> np.ndarray:
    letters = np.array(list("ABDEFGHJLN"))
    inward = np.char.add(letters[street // 10 % 10], letters[street % 10])
    return np.char.add(np.char.add("WR", (street // 100 + 1).astype(str)), np.char.add("1", inward))


def recorded(people: pd.DataFrame, generator: np.random.Generator, missing: float) -> pd.DataFrame:
    """Write people down as a partner would: one error in about a third of the records."""
    copy = people.sample(frac=1, random_state=generator).reset_index(drop=True)

    def some(share: float) -> np.ndarray:
        return generator.random(len(copy)) < share

    def spoil(column: str, share: float, pattern: str, written: str) -> None:
        chosen = some(share)
        texts = copy.loc[chosen, column].astype(str)
        copy.loc[chosen, column] = texts.str.replace(pattern, written, n=1, regex=True)

    spoil("surname", 0.05, r"(.)(.)$", r"\2\1")  # the last two letters turned
    spoil("surname", 0.02, r"$", "-Ashby")  # double-barrelled on marriage
    spoil("forename", 0.04, r"^(.).*", r"\1")  # an initial
    spoil("forename", 0.04, r"^(..)(.)", r"\1")  # a letter lost
    spoil("date_of_birth", 0.03, r"\d$", "5")  # a digit wrong
    spoil("date_of_birth", 0.02, r"-(0\d|1[0-2])-(0\d|1[0-2])$", r"-\2-\1")  # day and month
    spoil("date_of_birth", 0.01, r".*", "1900-01-01")  # default
    spoil("postcode", 0.04, r"..$", "ZZ")  # another street
    moved = some(0.05)
    copy.loc[moved, "postcode"] = generator.permutation(copy.loc[moved, "postcode"])
    copy.loc[some(missing), "nhs_number"] = None
    return copy


@pytest.fixture(scope="module")
def result() -> LinkageResult:
    generator = np.random.default_rng(11)
    people = town(generator)
    hospital = recorded(people, generator, 0.03)
    hospital = hospital.assign(patient_id="P" + hospital.index.astype(str).str.zfill(5))
    council = recorded(people.iloc[::3], generator, 0.35)
    council = council.assign(client_id="C" + council.index.astype(str).str.zfill(5))
    truth = pd.concat(
        [
            hospital.rename(columns={"patient_id": "id"}).assign(source="hospital"),
            council.rename(columns={"client_id": "id"}).assign(source="council"),
        ]
    )[["source", "id", "entity_id"]]
    spec = LinkageSpec.from_yaml(SPECIFICATION)
    frames = {
        "hospital": hospital.drop(columns="entity_id"),
        "council": council.drop(columns="entity_id"),
    }
    return link(frames, spec, truth=truth)


def test_precision_and_recall_between_hospital_and_council(result: LinkageResult) -> None:
    quality = result.quality().set_index(["of", "scope", "measure"])["value"]
    assert quality["clusters", "between sources", "precision"] >= 0.99
    assert quality["clusters", "between sources", "recall"] >= 0.97


def test_couples_and_twins_are_not_made_into_one_person(result: LinkageResult) -> None:
    # The hospital holds everyone once, so that every pair within it is an error.
    quality = result.quality().set_index(["of", "scope", "measure"])
    assert quality.loc[("clusters", "within sources", "precision"), "denominator"] <= 10


def test_the_model_knows_how_many_matches_there_are(result: LinkageResult) -> None:
    assert result.model.expected_matches == pytest.approx(HOUSEHOLDS * 2 / 3, rel=0.05)


def test_the_model_knows_its_own_quality(result: LinkageResult) -> None:
    measured = result.quality().set_index(["of", "scope", "measure"])["value"]
    spec = result.spec
    linked = result.links["match_probability"]
    assert (linked >= spec.thresholds.link).all()
    assert linked.mean() == pytest.approx(measured["links", "all pairs", "precision"], abs=0.02)
