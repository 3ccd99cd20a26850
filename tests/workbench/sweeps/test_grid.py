"""What a sweep is asked for: values from text, scenarios from values, and what is refused."""

from __future__ import annotations

import pytest

from tests.workbench.bench import PILOT
from woda_lib.records import ParameterError, Pilot
from woda_lib.workbench.sweeps.grid import SweepError, read_grid, read_values

NOTE = {"type": "str", "value": "none", "description": "A remark."}


@pytest.fixture
def pilot() -> Pilot:
    """The bench's pilot with a parameter of text."""
    content = Pilot.model_validate(PILOT).model_dump()
    content["parameters"]["note"] = NOTE
    content["steps"][0]["parameters"] = ("factor", "since", "note")
    return Pilot.model_validate(content)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("280", ["280"]),
        ("280,306,350", ["280", "306", "350"]),
        ("280, 306", ["280", "306"]),
        ("a, b", ["a", "b"]),
        ('"a, b"', ["a, b"]),
        ('"a, b", c', ["a, b", "c"]),
        ('"say ""so"", then"', ['say "so", then']),
        ('a "quoted" word', ['a "quoted" word']),
        ("", [""]),
    ],
)
def test_a_comma_separates_values_and_quotes_keep_one_whole(text, values):
    assert read_values(text, "note") == values


@pytest.mark.parametrize("text", ["1,", ",1", "1,,2", '"a, b', '"a" b, c'])
def test_what_is_neither_one_value_nor_several_is_refused(text):
    with pytest.raises(SweepError, match="note"):
        read_values(text, "note")


def test_values_are_typed_each_once_and_the_base_is_among_the_scenarios(pilot):
    grid = read_grid(pilot, {"factor": "3,2,3.0", "start": "5"})
    assert (grid.swept, grid.fixed, grid.base) == (
        {"factor": (3.0, 2.0)},
        {"start": 5},
        {"factor": 2.0},
    )
    assert grid.scenarios == [{"factor": 3.0}, {"factor": 2.0}]


def test_a_base_that_was_not_asked_for_comes_first(pilot):
    assert read_grid(pilot, {"factor": "3,4"}).scenarios == [
        {"factor": 2.0},
        {"factor": 3.0},
        {"factor": 4.0},
    ]


def test_two_parameters_span_a_grid(pilot):
    grid = read_grid(pilot, {"factor": "2,3", "since": "2023-10-01,2024-01-01"})
    assert grid.scenarios == [
        {"factor": 2.0, "since": "2023-10-01"},
        {"factor": 2.0, "since": "2024-01-01"},
        {"factor": 3.0, "since": "2023-10-01"},
        {"factor": 3.0, "since": "2024-01-01"},
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"facter": "1,2"}, "Did you mean 'factor'?"),
        ({"factor": "1,20"}, "factor is 20.0, and must be at most 10"),
        ({"factor": "1,x"}, "factor is 'x', and must be a number"),
        ({"start": "1,000"}, "Write 1000 if it is one number."),
        ({"factor": "1,2", "start": "1,2", "note": "a,b"}, "over one parameter or two"),
        ({"start": ",".join(str(n) for n in range(1, 22))}, "allow it with --sweep-limit 21"),
        ({"start": "1,2,3,4,5", "factor": "1,2,3,4,5"}, "That is 25 scenarios, and at most 20"),
    ],
)
def test_a_grid_that_cannot_be_run_is_refused_with_what_to_do(pilot, given, said):
    with pytest.raises(ParameterError) as refused:
        read_grid(pilot, given)
    assert said in str(refused.value)
    assert refused.value.exit_code == 2


def test_a_larger_grid_can_be_allowed(pilot):
    given = {"start": "1,2,3,4,5", "factor": "1,2,3,4,5"}
    assert len(read_grid(pilot, given, most=25).scenarios) == 25


def test_a_text_with_a_comma_can_be_set(pilot):
    assert read_grid(pilot, {"note": '"first, second"', "start": "1,2"}).fixed == {
        "note": "first, second"
    }
