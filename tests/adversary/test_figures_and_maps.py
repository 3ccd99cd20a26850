"""Attempts through figures and maps: their data, their ink, and what a page embeds."""

import numpy as np
import pandas as pd
import pytest

from tests.adversary.desk import CANARY, NAME, NHS, PEOPLE, RULE
from woda_lib.disclosure import DisclosureError, gate_features, scan_folder
from woda_lib.figures import Picture

GROUPS = pd.DataFrame({"ward": ["Arrow", "Leam"], "people": [20, 37]})


def drawing(draw, data=GROUPS, **keywords):
    return Picture(draw=draw, data=data, counts=("people",), **keywords)


def bars(figure, narrow, data):
    figure.add_axes((0.1, 0.1, 0.8, 0.8)).bar(range(len(data)), data["people"].astype(float))


def test_bars_of_the_gated_numbers_are_fine(step):
    assert "Arrow,20" in step.figure(drawing(bars))


def test_a_bar_of_three_people(step):
    data = PEOPLE.groupby("ward").size().rename("people").reset_index()
    with pytest.raises(DisclosureError, match=r"fewer than 5 people. Group what it shows"):
        step.figure(drawing(bars, data))
    assert step.exported == ""


def test_a_histogram_whose_last_bin_is_one_person(step):
    counts, edges = np.histogram(PEOPLE["age"], bins=12)
    data = pd.DataFrame({"from": edges[:-1], "people": counts})
    with pytest.raises(DisclosureError, match="Group what it shows"):
        step.figure(drawing(bars, data))


def test_a_histogram_drawn_past_the_gate(step):
    def draw(figure, narrow, data):
        figure.add_axes((0.1, 0.1, 0.8, 0.8)).hist(PEOPLE["days"], bins=[0, 3.3, 7.7, 41.3])

    with pytest.raises(DisclosureError, match="points that stand at none of its numbers"):
        step.figure(drawing(draw))
    assert step.exported == ""


def test_a_scatter_of_people_drawn_past_the_gate(step):
    def draw(figure, narrow, data):
        figure.add_axes((0.1, 0.1, 0.8, 0.8)).scatter(PEOPLE["age"], PEOPLE["days"])

    with pytest.raises(DisclosureError, match="draws 60 points, and its data have 2 rows"):
        step.figure(drawing(draw))


def test_one_person_marked_in_a_figure(step):
    def draw(figure, narrow, data):
        bars(figure, narrow, data)
        figure.axes[0].plot([91.5], [40.5], "o")

    with pytest.raises(DisclosureError, match="put what else is drawn among them"):
        step.figure(drawing(draw))


def test_a_picture_of_a_table(step):
    def draw(figure, narrow, data):
        figure.add_axes((0, 0, 1, 1)).imshow(PEOPLE[["age", "days"]].to_numpy())

    with pytest.raises(DisclosureError, match="holds an image, of which nobody can say"):
        step.figure(drawing(draw))


def test_a_scatter_of_people_in_the_data(step):
    picture = Picture(draw=lambda *_: None, data=PEOPLE[["age", "days"]].iloc[:50] + 0.5)
    with pytest.raises(DisclosureError, match=r"draws a mark for each person. Draw groups instead"):
        step.figure(picture)


def test_marks_that_are_people_by_the_figures_own_word(step):
    with pytest.raises(DisclosureError, match="draws a mark for each person"):
        step.figure(drawing(bars, each_mark="person"))


def test_a_survival_curve_that_falls_at_each_death(step):
    days = np.sort(PEOPLE["days"].to_numpy())
    curve = pd.DataFrame({"day": days, "surviving": 1 - np.arange(1, 61) / 60})
    with pytest.raises(DisclosureError, match=r"every step is somebody's event.*weeks, months"):
        step.figure(Picture(draw=lambda *_: None, data=curve))


def test_a_survival_curve_with_a_step_of_one_death(step):
    curve = pd.DataFrame({"month": [1.0, 2.0], "surviving": [0.7, 0.68], "deaths": [18, 1]})
    with pytest.raises(DisclosureError, match="fewer than 5 people"):
        step.figure(Picture(draw=lambda *_: None, data=curve, counts=("deaths",)))


def test_a_name_in_the_alt_text(step):
    with pytest.raises(DisclosureError, match="The alt text of f holds the full name"):
        step.figure(drawing(bars), alt=f"The longest wait is {NAME}'s")


def test_plot_data_that_names_records(step):
    data = GROUPS.assign(ward=["WS10000", "WS10001"])
    with pytest.raises(DisclosureError, match="values of the field spell_id"):
        step.figure(drawing(bars, data))


def collection(*properties, kind="Polygon"):
    shape = {"type": kind, "coordinates": []}
    features = [{"type": "Feature", "geometry": shape, "properties": p} for p in properties]
    return {"type": "FeatureCollection", "features": features}


def test_properties_of_a_map_that_are_not_drawn_are_gated():
    areas = collection({"area": "A", "people": 23}, {"area": "B", "people": 3})
    made, gated = gate_features(areas, RULE, name="m", of="areas")
    assert [feature["properties"]["people"] for feature in made["features"]] == [25, None]
    assert gated.withheld_cells == 1


def test_a_property_of_a_map_that_identifies():
    with pytest.raises(DisclosureError, match=r"The map m has the column 'uprn', which identifies"):
        gate_features(collection({"uprn": "100"}), RULE, name="m", of="areas")


def test_members_of_a_feature_beside_its_properties_are_dropped():
    areas = collection({"area": "A", "people": 23}) | {"collected_from": NAME}
    areas["features"][0]["id"] = NHS
    made, _ = gate_features(areas, RULE, name="m", of="areas")
    assert NAME not in str(made)
    assert NHS not in str(made)


def test_lists_within_a_property():
    with pytest.raises(DisclosureError, match="nothing looks into those"):
        gate_features(collection({"who": ["x"]}), RULE, name="m", of="areas")


def test_a_home_as_a_point():
    with pytest.raises(DisclosureError, match=r"a point where people are counted is a home"):
        gate_features(collection({"people": 12}, kind="Point"), RULE, name="m", of="areas")
    gate_features(collection({"service": "Library"}, kind="Point"), RULE, name="m", of="services")


PAGES = {
    "a tooltip": (f'<script>m.bindTooltip("<b>{CANARY.forename}</b> {CANARY.surname}")</script>',
                  "the name of a canary resident"),
    "a popup with an NHS number": (f'<script>m.bindPopup("{NHS}")</script>', "an NHS number"),
    "an attribute": (f'<div title="{NAME}"></div>', "the name of a canary resident"),
    "a comment": (f"<!-- {NAME} -->", "the name of a canary resident"),
    "a link": ('<a href="mailto:a%40b.org">x</a>', "an e-mail address"),
    "an entity": ("<p>Quill&shy;featherby</p>", "the name of a canary resident"),
    "letters set apart": ("<p>Q<i></i>uill<b>feather</b>by</p>", "the name of a canary resident"),
    "a birth date beside a home": ("<td>3 May 1934</td><td>WR1 2AB</td>",
                                   "a birth date beside a full postcode"),
    "a count in embedded GeoJSON": (
        '<script>L.geoJson({"type": "Feature", "properties": {"area": "A", "people": 3}})</script>',
        "embeds a number below 5 in the property 'people'"),
    "an identifier in embedded GeoJSON": (
        '<script>L.geoJson({"properties": {"nhs_number": "x"}})</script>',
        "embeds the property 'nhs_number', which identifies"),
}  # fmt: skip


@pytest.mark.parametrize("attempt", PAGES)
def test_what_a_page_embeds_is_found_before_it_is_published(tmp_path, attempt):
    html, message = PAGES[attempt]
    (tmp_path / "map.html").write_text(f"<html><body>{html}</body></html>", encoding="utf-8")
    with pytest.raises(DisclosureError, match=message) as refusal:
        scan_folder(tmp_path, (CANARY,), RULE)
    assert "map.html" in str(refusal.value)
    assert CANARY.surname not in str(refusal.value)


def test_postcodes_of_services_and_figures_of_months_may_be_published(tmp_path):
    (tmp_path / "map.html").write_text(
        "<p>Library, WR1 2AB.</p><p>" + "Open every day but Sunday. " * 5 + "</p>"
        "<p>Counted from 2021-04-01 to 2024-03-31.</p>"
        '<svg><path d="M 943 476 5919"/></svg><p>9,434,765,919.5</p>',
        encoding="utf-8",
    )
    scan_folder(tmp_path, (CANARY,), RULE)


def test_counts_in_neighbouring_cells_are_no_number_of_anybody(tmp_path):
    cells = "".join(f"<td>{count}</td>" for count in (943, 476, 591, 9))
    (tmp_path / "report.html").write_text(f"<table><tr>{cells}</tr></table>", encoding="utf-8")
    scan_folder(tmp_path, (CANARY,), RULE)


def test_counts_at_neighbouring_bars_are_no_number_of_anybody(tmp_path):
    counts = "".join(f'<g><text x="9" y="{y}">{y}</text></g>' for y in (0, 25, 25, 40, 50, 75))
    (tmp_path / "who_knew.svg").write_text(f"<svg>{counts}</svg>", encoding="utf-8")
    scan_folder(tmp_path, (CANARY,), RULE)


def test_counts_in_neighbouring_fields_are_no_number_of_anybody(tmp_path):
    table = "group,first,second,third\nOne,943,476,5919\n"
    (tmp_path / "counts.csv").write_text(table, encoding="utf-8")
    scan_folder(tmp_path, (CANARY,), RULE)
    (tmp_path / "counts.csv").write_text(table.replace(",943,476,5919", ",943 476 5919"))
    with pytest.raises(DisclosureError, match="line 2, holds an NHS number"):
        scan_folder(tmp_path, (CANARY,), RULE)


def test_a_hash_after_its_name_is_no_number_of_anybody(tmp_path):
    """256120 and 0000 would pass the check digit."""
    page = tmp_path / "report.html"
    page.write_text("<p>restricted, SHA-256 <code>1200000f</code></p>", encoding="utf-8")
    scan_folder(tmp_path, (CANARY,), RULE)
    page.write_text("<p>the patient with 256 120 0000</p>", encoding="utf-8")
    with pytest.raises(DisclosureError, match="an NHS number"):
        scan_folder(tmp_path, (CANARY,), RULE)


OFFICE = "early.help.model@worcestershire.example"


@pytest.mark.parametrize("name", ["record.json", "record.md", "record.html", "record.csv"])
def test_the_offices_own_address_may_be_published_where_a_reviewed_file_says_so(tmp_path, name):
    said = f'{{"contact": "{OFFICE}"}}' if name.endswith("json") else f"<p>Ask {OFFICE}.</p>"
    (tmp_path / name).write_text(said, encoding="utf-8")
    scan_folder(tmp_path, (CANARY,), RULE, public=[OFFICE])
    with pytest.raises(DisclosureError, match="an e-mail address"):
        scan_folder(tmp_path, (CANARY,), RULE)


def test_in_a_list_of_answers_it_stands_by_itself(tmp_path):
    said = f"<dl><dt>Contact</dt><dd>{OFFICE}</dd><dt>What</dt><dd>A model</dd></dl>"
    (tmp_path / "record.html").write_text(said, encoding="utf-8")
    scan_folder(tmp_path, (CANARY,), RULE, public=[OFFICE])


@pytest.mark.parametrize(
    "other",
    [
        f"ann.{OFFICE}",
        f"ann+{OFFICE}",
        f"{OFFICE}.org",
        f"{OFFICE}-ann.org",
        f"{OFFICE} and ann@worcestershire.example",
    ],
)
def test_no_other_address_hides_behind_it(tmp_path, other):
    (tmp_path / "record.html").write_text(f"<p>Ask {other}.</p>", encoding="utf-8")
    with pytest.raises(DisclosureError, match="an e-mail address"):
        scan_folder(tmp_path, (CANARY,), RULE, public=[OFFICE])
