"""The reports of a real run, in a real browser without a network; `quick_run.py` calls this.

Its name keeps it out of the ordinary collection, because it needs the run that comes before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from tests.browser import View, open_browser, require_axe
from woda_lib.partners.audit import audit_log
from woda_lib.records import Manifest, Pilot, complete_runs, read_manifest, read_pilots
from woda_lib.settings import Settings

SETTINGS = Settings()
PILOTS = read_pilots(SETTINGS.parameters_folder)
REPORTS = [
    complete_runs(SETTINGS.outputs_folder, pilot.pilot)[-1].report(step.name)
    for pilot in PILOTS.values()
    for step in pilot.steps
]
MAPS = [
    page
    for pilot in PILOTS
    for page in complete_runs(SETTINGS.outputs_folder, pilot)[-1].path.glob("shown/*/*.html")
]
PAGES = [*REPORTS, SETTINGS.outputs_folder / "site" / "index.html"]
LISTS = ("complex_dependencies", "4_score")
"""The step that loads what it declares only where a list is made."""
IDENTIFYING = ("nhs_number", "surname", "patient_id", "client_id")


Opened = tuple[Path, View]
"""A page, as it lies there and as the browser shows it."""


def of_each(pages: list[Path]) -> pytest.MarkDecorator:
    """Ask a test of each page; pytest asks all of a page before it opens the next."""
    return pytest.mark.parametrize("opened", pages, indirect=True, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def window() -> Iterator[View]:
    """One for all pages: a new one for each took a fifth of Chromium's processor seconds."""
    with open_browser() as browser, browser.view(PAGES[0]) as view:
        yield view


@pytest.fixture(scope="module")
def opened(window: View, request: pytest.FixtureRequest) -> Opened:
    """A page, opened once for all that is asked of it; tests turn it to the size that they ask."""
    window.turn(width=1440, height=900)
    window.go(request.param)
    return request.param, window


@pytest.mark.browser
@of_each(PAGES)
def test_the_page_asks_for_nothing_but_itself_and_its_maps(opened: Opened) -> None:
    path, view = opened
    own = {page.resolve().as_uri() for page in MAPS if page.parent.name == path.stem}
    first, *others = view.requests
    assert first == path.resolve().as_uri()
    assert set(others) <= own
    assert view.complaints == []


@pytest.mark.parametrize("pilot", PILOTS)
def test_every_value_is_called_by_what_it_is(pilot: str) -> None:
    manifest = read_manifest(complete_runs(SETTINGS.outputs_folder, pilot)[-1])
    assert [value.name for value in manifest.values.values() if not value.label] == []


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_the_page_of_a_map_can_be_sent(path: Path) -> None:
    assert path.stat().st_size < 2_000_000


@pytest.mark.browser
@of_each(REPORTS)
def test_the_answer_stands_on_the_first_screen(opened: Opened) -> None:
    opened[1].turn(width=1440, height=900)
    assert_inside(opened[1].measure(".say"), height=900)


@pytest.mark.browser
@of_each(PAGES)
def test_the_page_has_no_fault_that_axe_finds_and_does_not_scroll_sideways(opened: Opened) -> None:
    opened[1].turn(width=1440, height=900)
    assert_accessible(opened[1])


@pytest.mark.browser
@of_each(REPORTS)
def test_the_answer_stands_on_a_telephones_first_screen(opened: Opened) -> None:
    opened[1].turn(width=390, height=844)
    assert_inside(opened[1].measure(".say"), height=844)


@pytest.mark.browser
@of_each(PAGES)
def test_the_narrow_dark_page_has_no_fault_and_does_not_scroll_sideways(opened: Opened) -> None:
    """In the narrowest window, or at four times its size."""
    opened[1].turn(width=320, dark=True)
    assert_accessible(opened[1])


def assert_inside(box: dict[str, float], *, height: int) -> None:
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= height


def assert_accessible(view: View) -> None:
    require_axe()
    assert view.overflow <= 0
    assert view.accessibility_faults() == []


def test_the_manifest_records_the_headline_values_and_every_input() -> None:
    manifest = read_manifest(complete_runs(SETTINGS.outputs_folder, "patient_flow")[-1])
    wanted = {"days_saved", "cost_avoided_per_month", "linkage_precision", "linkage_recall"}
    assert wanted <= set(manifest.values)
    saved = manifest.values["days_saved"]
    assert saved.low is not None and saved.high is not None
    assert saved.low <= 2.7 <= saved.high  # what was planted in the quick county
    names = {item.name for step in manifest.steps for item in step.inputs}
    assert {"hospital_spells", "social_care_clients", "people.yaml"} <= names
    assert all(".partial" not in item.path for step in manifest.steps for item in step.inputs)


def test_a_list_is_marked_in_its_table_as_in_the_headline_values() -> None:
    run = complete_runs(SETTINGS.outputs_folder, "domestic_abuse")[-1]
    values = read_manifest(run).values
    marks = pd.read_csv(run.path / "shown" / "1_link" / "lists.csv")
    assert len(marks) == 4
    for mark in marks.to_dict("records"):
        value = values[f"{mark['list'].lower().replace(' ', '_')}_{mark['measure']}"]
        said = (value.value, value.low, value.high)
        assert (mark["percent"], mark["low"], mark["high"]) == pytest.approx(said, rel=1e-3)


@pytest.mark.parametrize("pilot", PILOTS.values(), ids=lambda pilot: pilot.pilot)
def test_every_step_loads_what_it_declares_and_no_more(pilot: Pilot) -> None:
    manifest = read_manifest(complete_runs(SETTINGS.outputs_folder, pilot.pilot)[-1])
    for record in manifest.steps:
        without_a_list = (pilot.pilot, record.step) == LISTS and _listed_nobody(manifest)
        declared = set() if without_a_list else set(pilot.step(record.step).datasets)
        assert set(record.fields) == declared


def test_where_no_list_is_made_nothing_that_identifies_is_loaded() -> None:
    """Scores, drift and whether a list may be made need no name and no address."""
    pilot, step = LISTS
    manifest = read_manifest(complete_runs(SETTINGS.outputs_folder, pilot)[-1])
    assert _listed_nobody(manifest)
    made_by = f"{pilot}/{manifest.made[step].run_id}/{step}"
    loaded = [
        str(record.dataset)
        for record in audit_log(SETTINGS).records()
        if record.kind == "load" and record.run == made_by
    ]
    assert loaded
    assert {name.partition("/")[0] for name in loaded} == {pilot}


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_no_exported_table_holds_a_column_that_identifies(path: Path) -> None:
    exported = list((path.parent / "shown" / path.stem).glob("*.csv"))
    assert exported
    for table in exported:
        heading = table.read_text(encoding="utf-8").splitlines()[0]
        assert not set(IDENTIFYING) & set(heading.split(",")), table.name


def _listed_nobody(manifest: Manifest) -> bool:
    return manifest.pilot == LISTS[0] and not manifest.values["households_listed"].value
