"""Which page a run makes: of an identifier, of an example, or of whom a file asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.pilots.single_view.made_up_person import AMBER, AS_OF, store
from woda_lib.partners import OPENED
from woda_lib.pilots.single_view.person.asked import page_of_found, searches_of
from woda_lib.pilots.single_view.person.errors import PersonError
from woda_lib.pilots.single_view.person.making import make_page
from woda_lib.pilots.single_view.person.panel import Hit

THEN = date(2024, 3, 31)


class Desk:
    """Remembers what was asked of it."""

    def __init__(self) -> None:
        self.store = store()
        self.asked: list[tuple] = []
        self.numbers = SimpleNamespace(load=lambda names: self.asked.append(("load", *names)))

    def page(self, entity_id: str, *, then: date, reason: str) -> str:
        self.asked.append((entity_id, then, reason))
        return "a page"

    def search(self, wanted: dict[str, str], reason: str) -> list[Hit]:
        self.asked.append((wanted["typed"], reason))
        if "nobody" in wanted["typed"]:
            return []
        return [Hit(AMBER, "Amber <Hale>, born 4 May 1991", "9 High Street", "surname the same")]


def run(*, synthetic: bool = True) -> Any:
    return SimpleNamespace(
        as_of=AS_OF,
        synthetic=synthetic,
        pilot=SimpleNamespace(pilot="single_view", agreement="single_view"),
        step=SimpleNamespace(purpose="early_help", datasets=["school_census"]),
        inputs=[],
        record_input=lambda path, name: None,
    )


def made(person: str, reason: str = "a school asked", **of: bool) -> tuple[str | None, Any]:
    desk: Any = Desk()
    return make_page(run(**of), desk, person, reason=reason, then=THEN), desk.asked


def test_a_page_is_made_of_an_identifier() -> None:
    assert made(AMBER) == ("a page", [(AMBER, THEN, "a school asked")])


@pytest.mark.parametrize("name", ["Amber Hale", "person-Amber", f"{AMBER} ", "9434765919"])
def test_a_name_in_a_parameter_is_refused_and_not_quoted(name: str) -> None:
    with pytest.raises(PersonError, match="plain text") as refused:
        made(name)
    assert name.strip().removeprefix("person-") not in str(refused.value)


def test_a_made_up_county_takes_an_example_and_a_real_one_nobody() -> None:
    page, asked = made("", reason="")
    assert page == "a page"
    assert [each[0] for each in asked] == [AMBER]
    assert "nobody is real" in asked[0][2]
    assert made("", synthetic=False) == (None, [])


def test_what_a_run_loads_does_not_tell_who_knows_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODA_STEP_FOLDER", str(tmp_path))
    _, asked = made(AMBER)
    assert asked[0] == ("load", "school_census")


@pytest.fixture
def searches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "look_ups" / "single_view.csv"
    path.parent.mkdir()
    monkeypatch.setenv("WODA_DATA", str(tmp_path))
    return path


def test_searches_are_read_with_their_rows(searches: Path) -> None:
    searches.write_text("search,reason\nhale 1991,a school asked\n", encoding="utf-8")
    assert searches_of(searches) == [(2, "hale 1991", "a school asked")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("search\nhale\n", "has no column reason"),
        ("search,reason\nhale,because\nhall, \n", "row 3: a search needs"),
        ("search,reason\n,because\n", "row 2: a search needs"),
    ],
)
def test_a_file_that_cannot_be_followed_names_its_row_and_quotes_nothing(
    searches: Path, text: str, says: str
) -> None:
    searches.write_text(text, encoding="utf-8")
    with pytest.raises(PersonError, match=says) as refused:
        searches_of(searches)
    assert "hal" not in str(refused.value)


def test_a_file_that_is_no_text_is_refused(searches: Path) -> None:
    searches.write_bytes(b"\xff\xfe\x00search")
    with pytest.raises(PersonError, match="cannot be read"):
        searches_of(searches)


def test_whom_a_file_asked_for_is_kept_on_a_page_with_identifiers(searches: Path) -> None:
    desk: Any = Desk()
    assert page_of_found(run(), desk) is None
    searches.write_text(
        "search,reason\nhale 1991,a school asked\nnobody,a mother asked\n", encoding="utf-8"
    )
    html = page_of_found(run(), desk) or ""
    assert desk.asked == [("hale 1991", "a school asked"), ("nobody", "a mother asked")]
    assert html.count(OPENED) == 1
    assert AMBER in html and "Nobody was found" in html
    assert "Amber &lt;Hale&gt;" in html
