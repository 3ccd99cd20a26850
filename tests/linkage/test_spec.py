"""A wrong specification is refused before any work, with a sentence that says what to mend."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.linkage.people import specification
from woda_lib.errors import WodaError
from woda_lib.linkage import LinkageSpec, SpecificationError

PARAMETERS = Path(__file__).parents[2] / "parameters" / "linkage"


@pytest.mark.parametrize("path", sorted(PARAMETERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_specification_is_valid(path: Path) -> None:
    expected = {"addresses": "address", "businesses": "business"}.get(path.stem, "person")
    assert LinkageSpec.from_yaml(path).entity == expected


def test_levels_are_numbered_upwards_from_anything_else() -> None:
    surname = specification().comparisons[1]
    assert surname.meanings == [
        "anything else",
        "Jaro–Winkler similarity of 0.9 or more",
        "the same",
    ]


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            {"tresholds": {"link": 0.9}},
            ["tresholds: there is no such key", "Did you mean 'thresholds'?"],
        ),
        (
            {"sources": [{"name": "a", "id": "id", "free_of_duplicate": True}]},
            ["sources, entry 1, free_of_duplicate", "Did you mean 'free_of_duplicates'?"],
        ),
        (
            {"sources": [{"name": "a"}]},
            ["sources, entry 1, id: this key is missing"],
        ),
        (
            {"sources": [{"name": "a", "id": "id"}] * 2},
            ["source 'a' is described more than once"],
        ),
        (
            {"fields": [{"name": "forename", "kind": "nmae"}]},
            ["fields, entry 1, kind", "'nmae' is not a known kind", "Did you mean 'name'?"],
        ),
        (
            {"comparisons": [{"field": "surnam", "levels": ["exact"]}]},
            ["'surnam' is not a known field", "Did you mean 'surname'?"],
        ),
        (
            {"comparisons": [{"field": "surname", "levels": ["exakt"]}]},
            ["comparisons, entry 1, levels, entry 1, test", "Did you mean 'exact'?"],
        ),
        (
            {"comparisons": [{"field": "surname", "levels": ["jaro_winkler"]}]},
            ["The test 'jaro_winkler' needs the key 'at_least'"],
        ),
        (
            {"comparisons": [{"field": "surname", "levels": [{"test": "exact", "at_least": 1}]}]},
            ["The test 'exact' does not take the key 'at_least'"],
        ),
        (
            {"comparisons": [{"field": "surname", "levels": ["same_year"]}]},
            ["'same_year' is not for a field of kind 'name'", "Tests for it: exact,"],
        ),
        (
            {"comparisons": [{"field": "forename", "levels": ["swapped"]}]},
            ["The key 'with' names the other field"],
        ),
        (
            {
                "comparisons": [
                    {"field": "forename", "levels": [{"test": "swapped", "with": "born"}]}
                ]
            },
            ["'born' is not of kind 'name'"],
        ),
        (
            {"comparisons": [{"field": "forename", "levels": []}]},
            ["comparisons, entry 1, levels"],
        ),
        (
            {"blocking": [["soundx(surname)"]]},
            ["function in blocking rule 1", "Did you mean 'soundex'?"],
        ),
        ({"blocking": [["born"], ["surname", "postcod"]]}, ["field in blocking rule 2"]),
        ({"blocking": [["born + 1"]]}, ["neither a field nor a function of one"]),
        ({"blocking": [[]]}, ["Blocking rule 1 is empty"]),
        ({"household": ["street"]}, ["'street' is not a known compared field in household"]),
        (
            {"household": ["forename", "surname", "born", "postcode"]},
            ["A comparison must remain"],
        ),
        ({"thresholds": {"link": 0.5, "review": 0.9}}, ["must not lie above"]),
        ({"thresholds": {"link": 1.5}}, ["thresholds, link"]),
        ({"entity": "persons"}, ["entity", "'person'"]),
    ],
)
def test_a_fault_is_named_with_its_key(change: dict, sentences: list[str]) -> None:
    with pytest.raises(SpecificationError) as caught:
        specification(**change)
    for sentence in sentences:
        assert sentence in str(caught.value)


def test_every_fault_of_a_file_is_listed_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    content = specification().model_dump(by_alias=True) | {"enttiy": "person", "seeds": 3}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(SpecificationError) as caught:
        LinkageSpec.from_yaml(path)
    assert str(caught.value).splitlines() == [
        f"{path}: enttiy: there is no such key. Did you mean 'entity'?",
        f"{path}: seeds: there is no such key. Did you mean 'seed'?",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [1", "this is not YAML"),
        ("- a\n- b\n", "a linkage specification is a list of keys with values"),
        ("", "a linkage specification is a list of keys with values"),
    ],
)
def test_a_file_that_is_no_specification_is_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecificationError, match=sentence):
        LinkageSpec.from_yaml(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecificationError, match=r"nowhere\.yaml cannot be read"):
        LinkageSpec.from_yaml(tmp_path / "nowhere.yaml")


def test_a_wrong_specification_is_a_usage_error() -> None:
    assert issubclass(SpecificationError, WodaError)
    assert SpecificationError.exit_code == 2
