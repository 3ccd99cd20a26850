"""The case's pictures and tables say their numbers, wide and narrow."""

from __future__ import annotations

import pytest

from tests.pilots.partnership.case.small import KNOWN, OPTIONS, appraisal
from woda_lib.disclosure.pictures import refuse_foreign_marks
from woda_lib.figures import to_svg
from woda_lib.pilots.partnership.case import (
    cash_by_year,
    cash_table,
    inputs_in_words,
    knowing_in_words,
    money_by_kind,
    options_in_words,
    options_table,
    partners_alt,
    partners_finding,
    partners_picture,
    ratio_picture,
    scenarios_table,
    switching_in_words,
    tornado_finding,
)


@pytest.mark.parametrize("narrow", [False, True])
def test_what_comes_back_for_each_pound(narrow):
    found = appraisal()
    picture = ratio_picture(found.table(), found.scenarios)
    drawn = to_svg(picture, narrow=narrow)
    for text in ("costs covered", "Permanent team", "Stop in order", "… wards at 50%", "1.54"):
        assert text in drawn
    assert picture.data["method"].tolist()[:2] == ["Stop in order", "Permanent team"]
    assert picture.data["kind"].tolist()[:2] == ["other model", "primary"]


@pytest.mark.parametrize("narrow", [False, True])
def test_who_pays_and_who_gains(narrow):
    """In thousands: what stands in the drawing are its own numbers, as the gate asks."""
    table = money_by_kind(appraisal(), "permanent")
    table[table.columns.drop("partner")] *= 1000
    picture = partners_picture(table)
    drawn = to_svg(
        picture,
        narrow=narrow,
        look=lambda figure: refuse_foreign_marks(figure, picture.data, name="partners"),
    )
    for text in ("Acute trust", "County council", "cash released", "time given", "Net"):
        assert text in drawn
    net = table.set_index("partner")["net"]
    assert f"+{net['Acute trust'] / 1000:.0f}" in drawn
    assert "All partners" not in picture.data["partner"].tolist()


def test_who_gains_most_is_said():
    table = money_by_kind(appraisal(), "permanent")
    said = "The largest gain is that of Acute trust; only County council pays more than it gains"
    assert partners_finding(table) == said
    assert (
        partners_alt(table.assign(net=table["net"] * 1000)).count("£") == 3
    )  # the time that is dealt to nobody among them


def test_tables_as_readers_have_them():
    found = appraisal(beds={"estimate": 60_000.0, "low": 30_000.0, "high": 90_000.0}, salary=9000.0)
    options = options_table(found.table()).set_index("option")
    assert options.loc["Nothing is decided", "back_for_a_pound"] == ""
    assert options.loc["Permanent team", "between"].count(" to ") == 1
    assert options["costs"].map(lambda pounds: pounds % 1000).eq(0).all()
    scenarios = scenarios_table(found.scenarios)
    assert scenarios.columns.tolist() == [
        *("scenario", "back_for_a_pound", "interval", "net_present_value", "covered"),
    ]
    assert inputs_in_words(found).iloc[0].tolist()[:3] == ["Beds", "60,000", "30,000 to 90,000"]
    assert cash_table(cash_by_year(found, "permanent")).iloc[-1]["partner"] == "All partners"
    assert options_in_words(OPTIONS)["option"].tolist()[0] == "Nothing is decided"
    assert knowing_in_words(found)["input"].tolist()[0] == "Everything"
    assert "hangs most on beds; the" in tornado_finding(found)


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("pounds a bed, 2015/16 prices", "pounds a bed"),  # the sum has it in its own prices
        ("share, of the beds", "of the beds"),
        ("days a year", "days a year"),
    ],
)
def test_an_input_has_its_unit_without_a_year_of_prices(unit, said):
    found = appraisal(beds={"estimate": 6.0, "low": 3.0, "high": 9.0, "unit": unit})
    assert inputs_in_words(found)["unit"].tolist() == [said]


def test_an_input_is_called_by_its_words_in_every_table_and_picture():
    beds = {"estimate": 45_000.0, "low": 20_000.0, "high": 70_000.0}
    beds["called"] = "beds that sharing freed"
    thousands = {name: 1000 * KNOWN[name] for name in ("rent", "moving", "salary", "time")}
    found = appraisal(beds=beds, **thousands)
    for table in (inputs_in_words(found), knowing_in_words(found), switching_in_words(found)):
        assert "Beds that sharing freed" in table["input"].tolist()
    assert "hangs most on beds that sharing freed; the" in tornado_finding(found)


def test_a_share_is_said_in_per_cent():
    known = {"estimate": 0.2, "low": 0.05, "high": 0.45, "unit": "share, of the beds"}
    found = appraisal(beds_formula="beds * share", share=known)
    assert inputs_in_words(found).iloc[-1].tolist()[:3] == ["Share", "20%", "5% to 45%"]
    table = switching_in_words(found).set_index("input")
    assert table.loc["Share", "estimate"] == "20%"
    whole = table.loc["Benefits of wards", ["estimate", "unit"]]
    assert whole.tolist() == ["100%", "of what is planned"]


def test_how_far_an_input_must_move_is_said_with_its_direction():
    found = appraisal(beds={"estimate": 60.0, "low": 30.0, "high": 90.0, "unit": "beds"})
    table = switching_in_words(found).set_index("input")
    beds = table.loc["Beds"]
    assert beds["unit"] == "beds"
    assert beds["change"].endswith("% less")
    assert table.loc["All costs", "change"].endswith("% more")
    assert beds["chance"].endswith("%")
