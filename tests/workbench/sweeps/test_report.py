"""A sweep's page: what it says of odd scenarios, and how it stands up in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import Browser, open_browser, require_axe
from tests.workbench.sweeps.made_up import PILOT, made_up_sweep, over_cost
from woda_lib.records import Scenario, write_json
from woda_lib.workbench.sweeps.report import write_list, write_report


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("outputs") / "patient_flow" / "sweeps"
    for name, sweep in (("grid", made_up_sweep()), ("line", over_cost())):
        (home / name).mkdir(parents=True)
        write_report(home / name, sweep, PILOT)
        write_json(home / name / "sweep.json", sweep)
    write_list(home, PILOT)
    return {name: home / name / "index.html" for name in ("grid", "line", "site")}


def rows(page: Path) -> list[str]:
    body = page.read_text(encoding="utf-8").partition("<tbody>")[2].partition("</tbody>")[0]
    body = re.sub(r"Report<span.*?</span>", "", body)
    texts = (re.sub(r"<[^>]+>", " ", row) for row in body.split("</tr>"))
    return [" ".join(text.split()) for text in texts if text.strip()]


def test_every_scenario_has_its_row_also_one_that_failed_or_was_withheld(pages):
    assert rows(pages["grid"]) == [
        "280 60 too few to say £87,000 £55,000 to £119,000 −\u2060£56,000",
        "280 90 2.7 days 1.7 to 3.7 0.0 days £130,000 £82,000 to £179,000 −\u2060£13,000",
        "306 60 1.8 days 0.8 to 2.8 −0.9 days £95,000 £60,000 to £130,000 −\u2060£48,000",
        "306 (base) 90 2.7 days 1.7 to 3.7 base £143,000 £90,000 to £195,000 base",
        "350 60 Failed: patient_flow stopped in step 2_evaluate, at cell 7",
        "350 90 2.7 days 1.7 to 3.7 0.0 days £163,000 £103,000 to £223,000 +£20,000",
    ]


def test_what_is_the_same_everywhere_is_said_once_and_not_drawn(pages):
    text = pages["line"].read_text(encoding="utf-8")
    assert "days saved 2.7 days (1.7 to 3.7); people waiting 40 people." in text
    assert text.count("<figcaption") == 1


def test_a_figure_says_its_numbers_to_who_cannot_see_it(pages):
    [alt, _] = re.findall(r'<svg role="img" aria-label="([^"]+)"', pages["line"].read_text())
    assert "Bed day cost 306, the base: £143,000 (£90,000 to £195,000);" in alt


def test_without_a_base_no_difference_is_claimed(tmp_path):
    failed = [
        Scenario(swept=each.swept, base=True, message="Stopped.") if each.base else each
        for each in over_cost().scenarios
    ]
    write_report(tmp_path, over_cost().model_copy(update={"scenarios": tuple(failed)}), PILOT)
    assert rows(tmp_path / "index.html") == [
        "280 £130,000 £82,000 to £179,000",
        "306 (base) Failed: Stopped.",
        "350 £163,000 £103,000 to £223,000",
    ]


def test_text_from_parameters_is_escaped(tmp_path):
    swept = {"bed_day_cost": "<script>alert(1)</script>"}
    odd = over_cost().scenarios[0].model_copy(update={"swept": swept})
    scenarios = (odd, *over_cost().scenarios[1:])
    write_report(tmp_path, over_cost().model_copy(update={"scenarios": scenarios}), PILOT)
    assert "<script>alert" not in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("name", ["grid", "line", "site"])
def test_the_page_is_accessible_fits_and_asks_nothing_of_a_network(
    browser, pages, name, width, dark
):
    require_axe()
    with browser.view(pages[name], width=width, dark=dark) as view:
        assert view.accessibility_faults() == []
        assert view.overflow == 0
        assert (view.requests, view.complaints) == ([pages[name].resolve().as_uri()], [])
