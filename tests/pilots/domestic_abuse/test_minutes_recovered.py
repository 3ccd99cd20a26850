"""The planted cut in minutes a case is recovered: in a few counties always, in many for the proof.

Meetings follow from the days of incidents alone, so that no county need be made up for them.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import interrupted_time_series
from woda_lib.pilots.domestic_abuse.measures import PAIR, meetings_by_month, paired
from woda_lib.records import read_protocol
from woda_lib.synthetic import PROFILES
from woda_lib.synthetic.domestic_abuse.agencies.meetings import draw_meetings

PROFILE = PROFILES["demo"]
PROTOCOL = Path(__file__).parents[3] / "parameters" / "protocols" / "domestic_abuse.yaml"


def drawn(seed: int) -> Any:
    """A county's meetings, whose incidents are reported on any day of the window."""
    rng = np.random.default_rng(seed)
    opens, days = PROFILE.opens, int((PROFILE.last_day - PROFILE.opens).astype(int)) + 1
    number = rng.poisson(PROFILE.incidents_a_year * days / 365.25)
    reported = opens + rng.integers(0, days, number)
    world: Any = SimpleNamespace(
        profile=PROFILE,
        window_days=days,
        incidents=pd.DataFrame({"day": np.sort(reported).astype("datetime64[ns]")}),
    )
    return draw_meetings(world, rng)


def recovered(seed: int) -> tuple[float, float, float, float]:
    """Minutes saved as the protocol's primary model has them, with their limits; and the truth."""
    made = drawn(seed)
    table = made.table.assign(
        partner=made.table["council"], held_on=pd.to_datetime(made.table["held_on"])
    )
    monthly = meetings_by_month(table, as_of=pd.Timestamp(PROFILE.as_of).date())
    settings: Any = read_protocol(PROTOCOL).primary.settings
    found = interrupted_time_series(
        paired(monthly), **PAIR, start=PROFILE.triage_go_live, unit="minutes", **settings
    )
    saved = -found.interval
    return saved.estimate, saved.low, saved.high, made.minutes_per_case_cut


def test_the_cut_is_found_and_its_interval_holds_it() -> None:
    found = np.array([recovered(seed) for seed in range(6)])
    estimates, lows, highs, truths = found.T
    assert (lows > 0.5).all()
    assert ((lows <= truths) & (truths <= highs)).sum() >= 5
    assert estimates.mean() == pytest.approx(truths.mean(), abs=0.35)


@pytest.mark.prove
def test_the_interval_holds_it_in_about_95_counties_of_a_hundred() -> None:
    found = np.array([recovered(seed) for seed in range(100, 400)])
    estimates, lows, highs, truths = found.T
    held = ((lows <= truths) & (truths <= highs)).mean()
    # Of 300 counties at 95%, all but one in a thousand proofs lie between.
    assert 0.90 <= held <= 0.99
    assert estimates.mean() == pytest.approx(truths.mean(), abs=0.06)
