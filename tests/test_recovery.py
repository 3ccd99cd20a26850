"""Does the whole chain, from partners' files to days saved, find what was planted?"""

from pathlib import Path

import numpy as np
import pytest

from tests.recovery import County, Recovery, recover

PROOFS = Path(__file__).parents[1] / "docs" / "proofs.md"
SEEDS = 20


def test_a_county_is_evaluated_near_its_truth(other_data):
    county = County(other_data / "extracts", other_data / "truth" / "quick-101")
    found = recover(county, seed=101)
    assert abs(found.error) < 1.5  # three standard errors
    assert found.covers
    assert found.precision > 99
    assert found.recall > 97


@pytest.mark.prove
def test_twenty_counties_are_evaluated_without_bias_and_with_honest_intervals(tmp_path):
    found = [
        recover(County.made(tmp_path / str(seed), seed=seed), seed=seed)
        for seed in range(1, SEEDS + 1)
    ]
    write_proofs(found)
    errors = np.array([each.error for each in found])
    assert abs(errors.mean()) <= 0.5
    assert np.abs(errors).mean() <= 0.5
    assert sum(each.covers for each in found) >= 17


def write_proofs(found: list[Recovery]) -> None:
    errors = np.array([each.error for each in found])
    width = np.mean([each.high - each.low for each in found])
    rows = "".join(
        f"| {each.seed} | {each.planted:.2f} | {each.estimate:.2f} | {each.low:.2f} to "
        f"{each.high:.2f} | {'yes' if each.covers else '**no**'} | {each.precision:.2f} | "
        f"{each.recall:.2f} |\n"
        for each in found
    )
    PROOFS.write_text(
        "# Proofs\n\nWritten by `make prove`. Each row is a made-up county (profile `quick`) of "
        "its own,\ntaken from partners' files to days saved as the notebooks do it.\n\n"
        "| seed | planted days | estimate | 95% interval | holds it | linkage precision, % | "
        f"recall, % |\n|---|---|---|---|---|---|---|\n{rows}\n"
        f"The interval held the planted days in **{sum(each.covers for each in found)} of "
        f"{len(found)}** counties. Mean error {errors.mean():+.2f} days, mean\nabsolute error "
        f"{np.abs(errors).mean():.2f} days, mean width of the interval {width:.2f} days.\n",
        encoding="utf-8",
    )
