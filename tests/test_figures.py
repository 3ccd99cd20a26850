"""The house style: what a page may rely on when it puts a picture inside itself."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from woda_lib.figures import (
    LINES,
    TOKENS,
    Note,
    Picture,
    effect_bracket,
    event_line,
    house_axes,
    month_axis,
    side_notes,
    to_svg,
)
from woda_lib.phrases import say_number, say_range

MONTHS = pd.Series(pd.date_range("2022-04-01", periods=30, freq="MS"))


def picture(level: float = 10.0, *, size: float = 1.0) -> Picture:
    values = level + np.sin(np.arange(30.0))

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        axes = house_axes(figure, measure="Mean days from referral to discharge", narrow=narrow)
        axes.plot(MONTHS, values, **LINES["observed"])
        axes.fill_between(MONTHS.to_numpy(), values - 1, values + 1, color=TOKENS["band"], lw=0)
        month_axis(axes, MONTHS, narrow=narrow)
        event_line(axes, pd.Timestamp("2023-10-01"), "Pathway opens", narrow=narrow)
        effect_bracket(axes, level, level + 1)
        side_notes(axes, [Note(level, "seen <here>", size=size), Note(level, "also here")])

    return Picture(draw=draw, data=pd.DataFrame({"month": MONTHS, "days": values}))


def test_it_is_one_svg_element_without_a_header() -> None:
    svg = to_svg(picture())
    assert svg.startswith("<svg ")
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("narrow", [False, True])
def test_the_same_picture_gives_the_same_bytes(narrow: bool) -> None:
    assert to_svg(picture(), narrow=narrow) == to_svg(picture(), narrow=narrow)


def test_the_two_widths_are_those_of_the_house() -> None:
    widths = [
        float(re.search(r'viewBox="0 0 ([\d.]+) ', to_svg(picture(), narrow=narrow)).group(1))
        for narrow in (False, True)
    ]
    assert widths == [pytest.approx(7.6 * 72), pytest.approx(3.0 * 72)]


def test_no_identifier_may_be_taken_for_somebodys_number() -> None:
    """An identifier is a hash, and the last look at a report refuses ten digits that check."""
    for element in ElementTree.fromstring(to_svg(picture())).iter():
        for name in ("id", "href", "clip-path"):
            assert not re.search(r"\d", element.attrib.get(name, "")), element.attrib


def test_pictures_on_one_page_share_no_identifier_and_refer_to_their_own() -> None:
    pages = [to_svg(picture(10.0)), to_svg(picture(11.0)), to_svg(picture(10.0), narrow=True)]
    defined = [set(re.findall(r' id="([^"]+)"', svg)) for svg in pages]
    assert all(defined)
    assert not defined[0] & defined[1] and not defined[0] & defined[2]
    for svg, names in zip(pages, defined, strict=True):
        referred = set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#(.+?)\)", svg))
        assert referred == names


def test_every_colour_is_a_token_that_the_page_may_change() -> None:
    svg = to_svg(picture())
    assert "var(--ink, #1d1a21)" in svg
    assert "var(--band, #eadee5)" in svg
    without_variables = re.sub(r"var\(--\w+, #[0-9a-f]{6}\)", "", svg)
    assert not re.findall(r": #[0-9a-fA-F]{6}", without_variables)


def test_it_has_no_background_and_touches_nothing_outside_itself() -> None:
    svg = to_svg(picture())
    assert "#ffffff" not in svg
    assert "<style" not in svg and "<metadata" not in svg and "http" not in svg.split(">", 1)[1]


def test_text_stays_text_in_the_pages_own_type() -> None:
    svg = to_svg(picture())
    assert "seen &lt;here&gt;" in svg
    families = set(re.findall(r"font-family: ([^;\"]+)", svg))
    assert families == {"var(--sans, sans-serif)"}


@pytest.mark.parametrize("narrow", [False, True])
def test_text_is_at_least_12_px_at_natural_size(narrow: bool) -> None:
    sizes = re.findall(r"font-size: ([\d.]+)px", to_svg(picture(), narrow=narrow))
    assert min(map(float, sizes)) * 96 / 72 >= 12
    with pytest.raises(ValueError, match="smaller than 12 px"):
        to_svg(picture(size=0.7), narrow=narrow)


def test_drawing_leaves_no_global_state_behind() -> None:
    before = dict(mpl.rcParams)
    to_svg(picture())
    assert dict(mpl.rcParams) == before


def test_counts_must_be_columns_of_the_data() -> None:
    with pytest.raises(ValueError, match="people"):
        Picture(
            draw=lambda figure, narrow, data: None,
            data=pd.DataFrame({"x": [1]}),
            counts=("people",),
        )


def test_notes_keep_their_order_and_a_lines_distance() -> None:
    figure = Figure(figsize=(7.6, 3.6))
    axes = house_axes(figure, measure="Days", narrow=False)
    axes.set_ylim(0, 10)
    side_notes(axes, [Note(5.0, "b"), Note(5.1, "a"), Note(5.0, "c"), Note(9.0, "far")])
    places = {text.get_text(): text.xyann[1] for text in axes.texts}
    line = mpl.rcParams["font.size"] * 1.3
    assert places["a"] - places["b"] == pytest.approx(line)
    assert places["b"] - places["c"] == pytest.approx(line)
    height = axes.get_position().height * 3.6 * 72
    assert places["far"] == pytest.approx(0.9 * height)  # nothing near it: it stays where it is


def test_an_event_is_named_at_its_place() -> None:
    axes = house_axes(Figure(figsize=(7.6, 3.6)), measure="Days", narrow=False)
    axes.plot(MONTHS, range(30))
    event_line(axes, MONTHS[3], "Notices end", narrow=False)
    (name,) = axes.texts
    assert name.xy[0] == date2num(MONTHS[3])
    assert name.get_ha() == "left"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(2.66, 1, "2.7"), (-0.04, 1, "0.0"), (-2.7, 1, "−2.7"), (152847, 0, "152,847")],
)
def test_numbers_have_a_true_minus_and_no_negative_nought(
    value: float, decimals: int, text: str
) -> None:
    assert say_number(value, decimals) == text


def test_an_interval_is_said_in_words() -> None:
    assert say_range(-3.3, 2.1) == "−3.3 to 2.1"
