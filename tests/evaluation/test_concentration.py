"""How few have how much: arithmetic, planted truths, and what chance alone gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import RepeatsError, concentration
from woda_lib.evaluation.repeats.lorenz import Lorenz
from woda_lib.figures import to_svg


def events(counts: list[int]) -> pd.DataFrame:
    """One row an event: the first of the counts is how many the first person has."""
    return pd.DataFrame({"who": np.repeat(np.arange(len(counts)), counts)})


def of(frame: pd.DataFrame, **more: Any) -> Any:
    return concentration(frame, unit="who", **{"resamples": 99, **more})


class TestTheCurve:
    def test_the_heaviest_tenth_of_twenty_people_are_two(self) -> None:
        found = of(events([30, 20] + [1] * 18), top=0.1)
        assert found.estimate == pytest.approx(100 * 50 / 68)

    def test_people_who_have_half(self) -> None:
        # 10 of the 20 events are the first person's: one in eleven has half of them.
        found = of(events([10] + [1] * 10)).summary().set_index("measure")
        assert found.loc["People who have half, %", "estimate"] == pytest.approx(100 / 11)

    def test_all_alike_is_no_concentration(self) -> None:
        found = of(events([3] * 40), top=0.25)
        assert found.estimate == pytest.approx(25)
        assert (found.low, found.high) == pytest.approx((25, 25))
        assert found.curve.gini() == pytest.approx(0)

    def test_people_without_an_event_count_where_all_are_named(self) -> None:
        alone, among = of(events([1] * 10), top=0.1), of(events([1] * 10), top=0.1, population=100)
        assert alone.estimate == pytest.approx(10)
        assert among.estimate == pytest.approx(100)

    def test_weights_and_not_events_are_summed(self) -> None:
        frame = pd.DataFrame({"who": range(10), "days": [91.0, *[1.0] * 9]})
        assert of(frame, amount="days", top=0.1).estimate == pytest.approx(91)

    def test_the_table_counts_everybody_once(self) -> None:
        found = of(events([9, 5, 3] + [1] * 97))
        assert found.table["units"].sum() == 100
        assert found.table["share_of_amount"].is_monotonic_increasing


class TestChance:
    def test_events_dealt_at_random_are_not_found_concentrated(self) -> None:
        rng = np.random.default_rng(3)
        owners = np.r_[np.arange(2_000), rng.integers(0, 2_000, 1_500)]
        found = of(pd.DataFrame({"who": owners}), top=0.05)
        assert found.estimate > 10  # a twentieth has twice its part, by arithmetic alone
        assert found.by_chance == pytest.approx(found.estimate, abs=0.7)
        assert not found.found

    def test_a_planted_few_are(self) -> None:
        rng = np.random.default_rng(4)
        risk = np.where(np.arange(2_000) < 100, 20.0, 1.0)
        owners = np.r_[np.arange(2_000), rng.choice(2_000, 1_500, p=risk / risk.sum())]
        found = of(pd.DataFrame({"who": owners}), top=0.05)
        assert found.low > found.by_chance + 5


def test_the_interval_holds_the_planted_truth() -> None:
    """People's harm is gamma: the share of the top tenth of all people is known by simulation."""
    rng = np.random.default_rng(5)
    everybody = np.sort(rng.gamma(0.8, 10.0, 400_000))[::-1]
    truth = 100 * everybody[:40_000].sum() / everybody.sum()
    held = 0
    for _ in range(120):
        curve = Lorenz.of(rng.gamma(0.8, 10.0, 800))
        drawn = curve.resampled(199, rng).share_of_top(np.array([0.1]))
        low, high = 100 * np.quantile(drawn, [0.025, 0.975])
        held += low <= truth <= high
    assert 0.88 <= held / 120 <= 0.99


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("frame", "more", "message"),
        [
            (events([2, 1]), {}, "too few for a share"),
            (pd.DataFrame({"who": [1.0, None]}), {}, "no value in row 2"),
            (events([1] * 20), {"population": 5}, "20 people have an event"),
            (events([1] * 20), {"top": 1.5}, "a share between 0 and 1"),
            (events([1] * 20).assign(days=-1.0), {"amount": "days"}, "below nought"),
            (events([1] * 20).assign(days=0.0), {"amount": "days"}, "nought throughout"),
        ],
    )
    def test_with_a_sentence(self, frame: pd.DataFrame, more: Any, message: str) -> None:
        with pytest.raises(RepeatsError, match=message):
            of(frame, **more)


def test_it_draws_itself_wide_and_narrow() -> None:
    picture = of(events([40, 20, 10] + [1] * 200)).plot()
    assert picture.counts == ("units",)
    for narrow in (False, True):
        assert "by chance" in to_svg(picture, narrow=narrow)


def test_the_same_seed_gives_the_same_interval() -> None:
    frame = events([9, 5, 3] + [1] * 97)
    assert of(frame, seed=1).low == of(frame, seed=1).low
