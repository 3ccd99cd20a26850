"""Looking somebody up by a panel: what a worker sees, and what is on the record before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from woda_lib.errors import WodaError
from woda_lib.pilots.single_view.person.errors import PersonError
from woda_lib.pilots.single_view.person.panel import Hit, LookUpPanel

AMBER = Hit(
    "person-a", "Amber Hale, born 4 May 1991", "9 High Street, WR2 2BB", "forename sounds alike"
)
COLIN = Hit("person-b", "Colin <Hale>", "", "surname the same")
WHY = "the school asked for help with a family"


class Record:
    """What was searched for and shown, in order; it may refuse."""

    def __init__(self, *hits: Hit) -> None:
        self.hits, self.asked = list(hits), list[tuple]()
        self.refuses = ""

    def search(self, wanted: dict[str, str], reason: str) -> list[Hit]:
        self._ask("search", wanted, reason)
        return self.hits

    def show(self, entity_id: str, then: date, reason: str) -> str:
        self._ask("show", entity_id, then, reason)
        return f'<p class="page">the page of {entity_id}</p>'

    def _ask(self, *what: object) -> None:
        if self.refuses:
            raise WodaError(self.refuses)
        self.asked.append(what)


def panel(record: Record) -> LookUpPanel:
    return LookUpPanel(
        record.search,
        record.show,
        purpose="early_help",
        agreement="single_view",
        then=date(2024, 3, 31),
    )


def searched(record: Record) -> LookUpPanel:
    desk = panel(record)
    desk.reason.value = f" {WHY} "
    desk.boxes["name"].value = "amba hail"
    desk.find.click()
    return desk


def said(desk: LookUpPanel) -> str:
    return desk._status.value


def choose(desk: LookUpPanel, place: int) -> None:
    desk.hits.children[place].children[0].click()


def test_nothing_can_be_searched_before_there_is_a_reason_and_somebody_to_look_for() -> None:
    desk = panel(Record(AMBER))
    assert desk.find.disabled
    desk.boxes["born"].value = "1991"
    assert desk.find.disabled
    desk.reason.value = WHY
    assert not desk.find.disabled
    desk.boxes["born"].value = "  "
    assert desk.find.disabled


def test_a_button_pressed_without_a_reason_searches_nothing() -> None:
    record = Record(AMBER)
    desk = panel(record)
    desk.boxes["name"].value = "amber"
    desk.find.click()  # whoever calls it by hand
    assert record.asked == []
    assert "needs its reason first" in said(desk)


def test_a_search_is_on_the_record_and_offers_its_hits_with_their_reasons() -> None:
    record = Record(AMBER, COLIN)
    desk = searched(record)
    assert record.asked == [("search", {"name": "amba hail"}, f" {WHY} ")]
    labels = [row.children[0].description for row in desk.hits.children]
    assert labels == [f"1. {AMBER.says}", f"2. {COLIN.says}"]
    beside = [row.children[1].value for row in desk.hits.children]
    assert "9 High Street" in beside[0] and "forename sounds alike" in beside[0]
    assert "Address not known" in beside[1]
    assert "2 people found" in said(desk)
    assert desk._page.value == ""


def test_choosing_one_shows_the_page_on_the_record_with_the_chosen_day() -> None:
    record = Record(AMBER, COLIN)
    desk = searched(record)
    desk.day.value = date(2023, 1, 1)
    choose(desk, 0)
    assert record.asked[-1] == ("show", "person-a", date(2023, 1, 1), WHY)
    assert "the page of person-a" in desk._page.value
    assert desk.looked_up == 1


def test_the_page_runs_no_script_and_its_markup_stays_inside_its_frame() -> None:
    desk = searched(Record(COLIN))
    choose(desk, 0)
    assert 'sandbox=""' in desk._page.value
    assert '<p class="page">' not in desk._page.value
    assert "&lt;p class=&quot;page&quot;&gt;" in desk._page.value
    assert "Colin <Hale>" not in desk._page.value + said(desk)


def test_several_lines_are_handed_over_by_what_they_are() -> None:
    record = Record(AMBER)
    desk = panel(record)
    desk.reason.value = WHY
    desk.boxes["name"].value, desk.boxes["number"].value = "Hale", "T 4711"
    desk.find.click()
    assert record.asked[0][1] == {"name": "Hale", "number": "T 4711"}


def test_nobody_found_is_said_with_what_to_try_next() -> None:
    desk = searched(Record())
    assert "Nobody was found" in said(desk)
    assert desk.hits.children == ()


@pytest.mark.parametrize("act", ["search", "show"])
def test_a_refusal_is_said_and_shows_nothing(act: str) -> None:
    record = Record(AMBER)
    desk = searched(record)
    choose(desk, 0)
    record.refuses = "The agreement <says> no."
    if act == "search":
        desk.find.click()
        assert desk.hits.children == ()
    else:
        choose(desk, 0)
    assert "The agreement &lt;says&gt; no." in said(desk)
    assert desk._page.value == ""


def test_a_new_search_takes_the_last_page_off_the_screen() -> None:
    desk = searched(Record(AMBER))
    choose(desk, 0)
    desk.find.click()
    assert desk._page.value == ""


def test_clear_takes_everything_off_the_screen() -> None:
    desk = searched(Record(AMBER))
    choose(desk, 0)
    desk.clear.click()
    assert (desk.reason.value, desk._page.value, desk.hits.children) == ("", "", ())
    assert desk.wanted == {}
    assert desk.find.disabled


def test_a_saved_notebook_names_nobody() -> None:
    desk = searched(Record(AMBER))
    choose(desk, 0)
    bundle = desk._repr_mimebundle_()
    assert bundle["text/plain"] == "Look-up of people: 1 shown in this session"
    assert set(bundle) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_a_scheduled_run_has_no_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WODA_STEP_FOLDER", str(tmp_path))
    with pytest.raises(PersonError, match="give the run the parameter person"):
        panel(Record(AMBER))


def test_every_control_has_a_name_that_is_read_aloud() -> None:
    desk = panel(Record(AMBER))
    assert all(box.description for box in desk.boxes.values())
    assert desk.reason.description == "Reason"
