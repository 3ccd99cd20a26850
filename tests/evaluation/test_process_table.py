"""Many measures at a glance: each chart's verdict in a row, its own settings, pictures."""

from __future__ import annotations

import pandas as pd
import pytest

from woda_lib.disclosure.pictures import refuse_foreign_marks
from woda_lib.evaluation import ProcessChartError, ProcessTable, process_chart, process_table
from woda_lib.evaluation.errors import FrameError
from woda_lib.figures import to_svg

ORDINARY = [10.0, 11, 10, 9, 10, 11, 10, 9, 10, 11, 10, 9]
FRAME = pd.DataFrame(
    {
        "measure": ["Waits"] * 13 + ["Readmissions"] * 13 + ["Calls"] * 13,
        "month": list(pd.date_range("2023-01-01", periods=13, freq="MS")) * 3,
        "value": [*ORDINARY, 18.0, *ORDINARY, 10.0, *ORDINARY, 2.0],
    }
)


def table(**settings: object) -> ProcessTable:
    given = {"better": {"Waits": "low", "Readmissions": "low"}, **settings}
    return process_table(FRAME, measure="measure", value="value", time="month", **given)


def test_a_row_a_measure() -> None:
    found = table(target={"Readmissions": 14}).table
    columns = ["measure", "latest", "variation", "assurance"]
    assert found[columns].fillna("").to_numpy().tolist() == [
        ["Waits", 18, "concern high", ""],
        ["Readmissions", 10, "common cause", "passing"],
        ["Calls", 2, "neither low", ""],
    ]
    assert found["target"].dropna().tolist() == [14]


def test_the_matrix_groups_measures_by_both_icons() -> None:
    found = table(target={"Readmissions": 14}).matrix
    assert found.loc["common cause", "passing"] == "Readmissions"
    assert found.loc["concern high", "no target"] == "Waits"


def test_settings_are_for_all_or_for_each() -> None:
    found = table(target=14, rebase={"Calls": ["2023-06-01"]}, screen=False)
    assert [chart.target for chart in found.charts.values()] == [14, 14, 14]
    assert [len(chart.segments) for chart in found.charts.values()] == [1, 1, 2]


def test_a_measure_that_cannot_be_charted_is_named() -> None:
    twice = pd.concat([FRAME, FRAME.tail(1)])
    with pytest.raises(ProcessChartError, match="Calls: A time stands twice"):
        process_table(twice, measure="measure", value="value", time="month")


def test_a_missing_value_names_its_measure() -> None:
    hollow = FRAME.assign(value=FRAME["value"].mask(FRAME.index == 14))
    with pytest.raises(FrameError, match="Readmissions: The column 'value' has no value in row 2"):
        process_table(hollow, measure="measure", value="value", time="month")


def test_a_setting_for_an_unknown_measure_is_refused() -> None:
    with pytest.raises(ProcessChartError, match=r"`target` names measures .* Wait"):
        table(target={"Wait": 3})


@pytest.mark.parametrize("narrow", [False, True])
def test_pictures_name_every_measure(narrow: bool) -> None:
    found = table(target={"Readmissions": 14})
    for picture in (found.plot(), found.multiples()):
        svg = to_svg(picture, narrow=narrow)
        for text in (">Waits<", ">Readmissions<", ">Calls<", ">P<", ">H<"):
            assert text in svg


def test_icons_come_as_svg_with_their_words() -> None:
    variation, assurance = table(target={"Readmissions": 14}).icons()["Readmissions"]
    assert "no significant change" in variation
    assert "can be expected to meet the target" in assurance


@pytest.mark.parametrize("narrow", [False, True])
def test_the_gate_finds_nothing_in_the_pictures_that_is_not_in_their_data(narrow: bool) -> None:
    found = table(target={"Readmissions": 14})
    chart = process_chart(
        FRAME.head(13), value="value", time="month", better="low", notes={"2024-01-01": "Flood"}
    )
    for picture in (found.plot(), found.multiples(), chart.plot()):
        to_svg(
            picture,
            narrow=narrow,
            look=lambda figure, data=picture.data: refuse_foreign_marks(
                figure, data, name="picture"
            ),
        )
