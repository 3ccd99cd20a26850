"""The table of harm: complete, sourced, and refused where it says something else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from woda_lib.partners.datasets.incidents import CRIME_TYPES
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError
from woda_lib.pilots.domestic_abuse.harm import harm_days, read_harm

PATH = Path(__file__).parents[3] / "parameters" / "triage" / "crime_harm.yaml"


def test_every_offence_of_the_contract_has_days_and_says_what_they_rest_on() -> None:
    harm = read_harm(PATH)
    assert set(harm.index) == set(CRIME_TYPES)
    assert harm["stands_for"].str.len().gt(0).all()
    assert "Sherman" in harm.attrs["source"]


def test_published_values_are_as_published() -> None:
    """The index's 2026 sheet by subgroup: the lowest rape, the median theft, and so on."""
    harm = read_harm(PATH)
    published = harm[harm["rests_on"] == "index"]["days"].to_dict()
    assert published == {
        "rape": 5 * 365,
        "harassment": 10,
        "criminal_damage": 2,
        "theft": 2,
        "common_assault": 1,
    }
    assert harm.loc["strangulation", "days"] == 365  # guideline of 2025: lowest starting point


def test_graver_offences_have_more_days() -> None:
    days = read_harm(PATH)["days"]
    for graver, lesser in (
        ("attempted_murder", "grievous_bodily_harm_with_intent"),
        ("grievous_bodily_harm_with_intent", "grievous_bodily_harm"),
        ("grievous_bodily_harm", "actual_bodily_harm"),
        ("actual_bodily_harm", "common_assault"),
        ("common_assault", "no_crime"),
        ("rape", "sexual_assault"),
        ("stalking", "harassment"),
    ):
        assert days[graver] > days[lesser], (graver, lesser)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"days": -1}, "above nought"),
        ({"days": "ten"}, "must be a number"),
        ({"days": True}, "must be a number"),
        ({"days": 0}, "nought only by definition"),
        ({"rests_on": "hearsay"}, "must be one of"),
        ({"stands_for": " "}, "must say in a sentence"),
        ({"score": 3}, "`score` is no key"),
    ],
)
def test_a_wrong_row_is_refused_and_named(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    content = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    content["offences"]["rape"] |= change
    path = tmp_path / "crime_harm.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(DomesticAbuseError, match=rf"offences\.rape: .*{says}"):
        read_harm(path)


@pytest.mark.parametrize("content", ["", "offences: 3", "source: x\noffences: {rape: {days: 1}}"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "crime_harm.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DomesticAbuseError, match=r"crime_harm\.yaml"):
        read_harm(path)


def test_an_offence_without_days_is_refused() -> None:
    with pytest.raises(DomesticAbuseError, match="no arson"):
        harm_days(pd.Series(["arson"]), read_harm(PATH))
