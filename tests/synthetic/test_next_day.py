"""One day more of a made-up county: what a triage meeting finds new in the morning."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.synthetic.conftest import MadeCounty, drawn_once
from tests.synthetic.reading import read_raw
from woda_lib.synthetic import NotTheNextDay, make_day, make_domestic_abuse, next_day

POLICE = "west_mercia_police"
FIRST, SECOND = date(2025, 4, 1), date(2025, 4, 2)


@pytest.fixture(scope="module", autouse=True)
def _drawn_once() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("woda_lib.synthetic.days.draw_county", drawn_once)
        patch.setattr("woda_lib.synthetic.extracts.draw_county", drawn_once)
        yield


def copied(county: MadeCounty, to: Path) -> tuple[Path, Path]:
    """The police's part of the county, and its truth."""
    extracts, truth = to / "extracts", to / "truth"
    shutil.copytree(county.extracts / POLICE, extracts / POLICE)
    shutil.copy(county.extracts / "SYNTHETIC.json", extracts)
    shutil.copytree(county.truth_folder, truth / "quick")
    return extracts, truth


@pytest.fixture(scope="module")
def two_days(county: MadeCounty, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    extracts, truth = copied(county, tmp_path_factory.mktemp("days"))
    make_day(extracts, truth, FIRST)
    make_day(extracts, truth, SECOND)
    return extracts, truth


def day_of(extracts: Path, dataset: str, day: date) -> pd.DataFrame:
    return read_raw(extracts / POLICE / f"{dataset}_{day}.csv")


def test_every_file_of_police_is_delivered(two_days: tuple[Path, Path]) -> None:
    extracts, _ = two_days
    for day in (FIRST, SECOND):
        names = sorted(path.name for path in extracts.glob(f"{POLICE}/*_{day}.csv"))
        assert names == [
            f"{dataset}_{day}.csv"
            for dataset in (
                "missing_episodes", "police_incidents", "police_involvements", "police_persons",
            )
        ]  # fmt: skip
    assert next_day(extracts) == date(2025, 4, 3)


@pytest.mark.parametrize("day", [FIRST, SECOND])
def test_a_day_holds_something_late_something_corrected_and_something_withdrawn(
    county: MadeCounty, two_days: tuple[Path, Path], day: date
) -> None:
    extracts, _ = two_days
    known = county.truth("da_incidents").set_index("incident_id")
    incidents = day_of(extracts, "police_incidents", day)
    reported = pd.to_datetime(incidents["reported_at"], format="%d/%m/%Y %H:%M").dt.date
    unknown = ~incidents["incident_id"].isin(known.index)
    assert (unknown & (reported < day)).any()  # late
    assert (incidents["record_status"] == "withdrawn").any()
    assert reported.max() <= day

    # Roles are put right: of an incident known before, the two change places.
    rows = day_of(extracts, "police_involvements", day)
    standing = county.standing(POLICE, "police_involvements").set_index("involvement_id")["role"]
    current = rows[rows["record_status"] == "current"].set_index("involvement_id")["role"]
    before = standing.reindex(current.index).dropna()
    changed = before[before != current.loc[before.index]]
    assert set(changed) == {"Aggrieved", "Suspect"}


def test_the_days_together_hold_new_incidents(two_days: tuple[Path, Path]) -> None:
    extracts, _ = two_days
    new = [
        pd.to_datetime(day_of(extracts, "police_incidents", day)["reported_at"], dayfirst=True)
        .dt.date.eq(day)
        .sum()
        for day in (FIRST, SECOND)
    ]
    assert sum(new) >= 1


def test_a_day_is_the_same_bytes_whenever_it_is_made(
    county: MadeCounty, two_days: tuple[Path, Path], tmp_path: Path
) -> None:
    again, truth = copied(county, tmp_path)
    files = make_day(again, truth, FIRST)
    for path in files:
        assert path.read_bytes() == (two_days[0] / POLICE / path.name).read_bytes()


def test_what_is_true_is_known_of_the_new_day_as_well(
    county: MadeCounty, two_days: tuple[Path, Path]
) -> None:
    extracts, truth = two_days
    before, after = (
        table.set_index("incident_id")
        for table in (
            county.truth("da_incidents"),
            pd.read_parquet(truth / "quick" / "da_incidents.parquet"),
        )
    )
    added = after.index.difference(before.index)
    delivered = pd.concat(day_of(extracts, "police_incidents", day) for day in (FIRST, SECOND))
    assert set(added) == set(delivered["incident_id"]) - set(before.index)
    both = after.loc[before.index]
    assert (before["roles_swapped"] & ~both["roles_swapped"]).sum() >= 2
    assert (both["withdrawn"] & ~before["withdrawn"]).sum() >= 2
    people = pd.read_parquet(truth / "quick" / "people.parquet")
    persons = pd.concat(day_of(extracts, "police_persons", day) for day in (FIRST, SECOND))
    assert persons["nominal_id"].isin(people["local_id"]).all()


def test_only_the_next_day_can_be_made(two_days: tuple[Path, Path]) -> None:
    extracts, truth = two_days
    for day in (SECOND, date(2025, 4, 4)):
        with pytest.raises(NotTheNextDay, match=r"The next day of .* is 2025-04-03"):
            make_day(extracts, truth, day)


def test_what_partners_delivered_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / POLICE).mkdir()
    with pytest.raises(NotTheNextDay, match="is not a county that this version made up"):
        make_day(tmp_path, tmp_path / "truth", FIRST)


def test_a_county_comes_to_its_last_day(county: MadeCounty, tmp_path: Path) -> None:
    marker = json.loads((county.extracts / "SYNTHETIC.json").read_text())
    (tmp_path / "SYNTHETIC.json").write_text(json.dumps(marker))
    (tmp_path / POLICE).mkdir()
    (tmp_path / POLICE / "police_incidents_2025-04-07.csv").touch()
    with pytest.raises(NotTheNextDay, match="holds every day of its county"):
        next_day(tmp_path)


def test_domestic_abuse_alone_is_written_as_in_the_whole_county(
    county: MadeCounty, two_days: tuple[Path, Path], tmp_path: Path
) -> None:
    extracts, truth = tmp_path / "extracts", tmp_path / "truth"
    drawn = make_domestic_abuse(extracts, truth, profile="quick")
    alone = {path.relative_to(extracts): path.read_bytes() for path in extracts.rglob("*.*")}
    assert len({path.parts[0] for path in alone}) > 6
    assert {name: (county.extracts / name).read_bytes() for name in alone} == alone

    days = make_day(extracts, truth, FIRST, of=drawn)
    assert [path.read_bytes() for path in days] == [
        (two_days[0] / POLICE / path.name).read_bytes() for path in days
    ]
    people = pd.read_parquet(truth / "quick" / "people.parquet")
    whole = pd.read_parquet(county.truth_folder / "people.parquet")
    known = whole.merge(people, on=["partner", "dataset", "local_id", "person_id"])
    assert set(people["dataset"]) < set(whole["dataset"])
    # On the day police wrote down people who were new to them, and others anew.
    written = day_of(extracts, "police_persons", FIRST)["nominal_id"].nunique()
    assert 0 < len(people) - len(known) <= written
