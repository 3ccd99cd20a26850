"""A made-up county is made once, whole, and never in place of what partners delivered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from woda_lib.partners.folder import GENERATOR, MADE_UP_FORM, MARKER, SyntheticMarker
from woda_lib.settings import Settings
from woda_lib.workbench import county_is_missing, make_county
from woda_lib.workbench.county import CountyExists


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    def make_extracts(folder: Path, truth: Path, *, profile: str, seed: int | None) -> Path:
        assert not folder.exists()
        if seed == 13:
            raise ZeroDivisionError
        folder.mkdir()
        marker = SyntheticMarker(
            generator=GENERATOR, profile=profile, seed=seed or 1, truth="t", form=MADE_UP_FORM
        )
        (folder / MARKER).write_text(marker.model_dump_json())
        return folder

    monkeypatch.setattr("woda_lib.synthetic.make_extracts", make_extracts)
    return Settings(root=tmp_path, data=None, extracts=None, profile="quick")


def folders(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data_folder / "extracts").iterdir())


def test_it_is_missing_until_it_is_made(settings):
    assert county_is_missing(settings)
    make_county(settings, "quick")
    assert not county_is_missing(settings)
    assert folders(settings) == ["quick"]


def test_a_folder_that_is_named_is_never_made(tmp_path):
    assert not county_is_missing(Settings(root=tmp_path, extracts=tmp_path / "nowhere"))


def test_it_is_replaced_only_when_that_is_asked_for(settings):
    make_county(settings, "quick")
    with pytest.raises(CountyExists, match="Use --force"):
        make_county(settings, "quick", seed=2)
    make_county(settings, "quick", seed=2, force=True)
    assert '"seed":2' in (settings.extracts_folder / MARKER).read_text()


def test_what_partners_delivered_is_left_alone_even_then(settings):
    (settings.extracts_folder / "county_council").mkdir(parents=True)
    with pytest.raises(CountyExists, match="partners may have delivered it"):
        make_county(settings, "quick", force=True)
    assert folders(settings) == ["quick"]


def test_a_county_that_fails_half_way_leaves_the_old_one_and_nothing_else(settings):
    make_county(settings, "quick")
    with pytest.raises(ZeroDivisionError):
        make_county(settings, "quick", seed=13, force=True)
    assert '"seed":1' in (settings.extracts_folder / MARKER).read_text()
    assert folders(settings) == ["quick"]


def test_a_county_of_an_earlier_version_is_made_anew_with_its_seed(settings):
    make_county(settings, "quick", seed=2)
    path = settings.profile_folder("quick") / MARKER
    marker = json.loads(path.read_text())
    path.write_text(json.dumps({name: value for name, value in marker.items() if name != "form"}))
    assert county_is_missing(settings)
    make_county(settings, "quick")
    assert json.loads(path.read_text()) == marker
    assert not county_is_missing(settings)
