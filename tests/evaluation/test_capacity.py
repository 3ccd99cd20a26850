"""Places needed: the queue against exact results, the search against planted demand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from woda_lib.evaluation import places_needed
from woda_lib.evaluation.capacity import ArrivalRates, arrival_rates, simulate, starts
from woda_lib.evaluation.capacity.arrivals import draw_arrivals
from woda_lib.evaluation.capacity.errors import CapacityError
from woda_lib.evaluation.errors import FrameError
from woda_lib.evaluation.time_axis import TimeError
from woda_lib.figures import to_svg


def erlang_c(places: int, offered: float) -> float:
    """Return the chance that an arrival waits in a queue M/M/c (Erlang 1917)."""
    inverse = 1.0  # of Erlang's loss formula, by its recursion
    for number in range(1, places + 1):
        inverse = 1 + inverse * number / offered
    loss = 1 / inverse
    return loss / (1 - (offered / places) * (1 - loss))


def poisson_times(rng: np.random.Generator, rate: float, days: float) -> np.ndarray:
    return np.sort(rng.random(rng.poisson(rate * days)) * days)


class TestTheQueue:
    def test_three_people_and_two_places(self) -> None:
        # The third waits until the second, who came later but stays shortest, has left.
        arrivals, services = np.array([0.0, 1.0, 2.0]), np.array([10.0, 4.0, 1.0])
        assert starts(arrivals, services, 2).tolist() == [0, 1, 5]
        assert simulate(arrivals, services, 2).tolist() == [0, 1, 5]

    def test_more_places_than_people(self) -> None:
        arrivals = np.array([0.0, 0.0, 0.5])
        assert starts(arrivals, np.ones(3), 9).tolist() == arrivals.tolist()

    @pytest.mark.parametrize("places", [1, 2, 7, 40, 60])
    def test_one_pass_gives_what_simpy_gives(self, places: int) -> None:
        rng = np.random.default_rng(places)
        arrivals = poisson_times(rng, 2.0, 300)
        services = rng.gamma(2, 10, len(arrivals))
        assert (starts(arrivals, services, places) == simulate(arrivals, services, places)).all()

    def test_more_places_never_make_anybody_wait_longer(self) -> None:
        rng = np.random.default_rng(1)
        arrivals = poisson_times(rng, 2.0, 300)
        services = rng.gamma(2, 10, len(arrivals))
        begun = np.array([starts(arrivals, services, places) for places in range(30, 60)])
        assert (np.diff(begun, axis=0) <= 0).all()

    @pytest.mark.parametrize(("places", "rate"), [(1, 0.7), (5, 4.0), (30, 27.0)])
    def test_waits_are_those_of_erlang(self, places: int, rate: float) -> None:
        """M/M/c with services of a day: P(wait > t) = C(c, a) exp(-(c - a) t)."""
        rng = np.random.default_rng(7)
        days = 400_000 / rate
        arrivals = poisson_times(rng, rate, days)
        services = rng.exponential(1.0, len(arrivals))
        waits = (starts(arrivals, services, places) - arrivals)[arrivals > 200]
        chance, spare = erlang_c(places, rate), places - rate
        for exact, found in (
            (chance / spare, waits),
            (chance, waits > 0),
            (chance * math.exp(-spare * 0.5), waits > 0.5),
        ):
            blocks = [block.mean() for block in np.array_split(found, 50)]
            error = np.std(blocks, ddof=1) / 50**0.5
            assert abs(np.mean(found) - exact) < 4 * error
            assert error < 0.08 * exact

    def test_a_single_server_of_any_service_time_is_that_of_pollaczek_and_khinchine(self) -> None:
        """M/G/1: mean wait = rate E[S²] / (2 (1 - load))."""
        rng = np.random.default_rng(8)
        arrivals = poisson_times(rng, 0.6, 500_000)
        services = rng.gamma(4, 0.25, len(arrivals))  # mean 1, mean square 1.25
        waits = starts(arrivals, services, 1) - arrivals
        assert waits.mean() == pytest.approx(0.6 * 1.25 / (2 * 0.4), rel=0.03)

    def test_with_places_to_spare_those_taken_are_poisson(self) -> None:
        """M/G/∞ (Palm 1943): the number in service is Poisson, whatever the length of service."""
        rng = np.random.default_rng(9)
        arrivals = poisson_times(rng, 2.0, 60_000)
        services = rng.gamma(1 / 0.36, 14 * 0.36, len(arrivals))
        begun = starts(arrivals, services, 100)
        at = np.arange(300.0, 59_000, 97)  # far enough apart to be all but independent
        ended = np.sort(begun + services)
        taken = np.searchsorted(arrivals, at) - np.searchsorted(ended, at)
        assert taken.mean() == pytest.approx(28, abs=4 * (28 / len(at)) ** 0.5)
        assert taken.var() == pytest.approx(28, rel=0.25)


class TestArrivals:
    @staticmethod
    def days(expected: np.ndarray, first: str, seed: int = 3, scatter: float = 1.0) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        times = draw_arrivals(expected, dispersion=scatter, rng=rng)
        return pd.DataFrame({"day": pd.Timestamp(first) + pd.to_timedelta(np.floor(times), "D")})

    def test_weekdays_seasons_and_level_are_found_again(self) -> None:
        dates = pd.date_range("2021-01-04", periods=1460)
        weekday = np.where(dates.dayofweek < 5, 5.0, 2.0)
        season = 1 + 0.3 * np.cos(2 * np.pi * dates.dayofyear / 365.25)
        grown = np.where(dates > dates[-1] - pd.Timedelta(days=365), 1.25, 1.0)
        frame = self.days(weekday * season * grown, "2021-01-04")
        rates = arrival_rates(frame, time="day", until=dates[-1])
        assert rates.a_day == pytest.approx(1.25 * (5 * 5 + 2 * 2) / 7, rel=0.05)
        by_weekday = rates.by_weekday()["arrivals_a_day"]
        assert by_weekday[:5].mean() / by_weekday[5:].mean() == pytest.approx(2.5, rel=0.08)
        coming = rates.expected(365)
        assert coming.max() / coming.min() == pytest.approx(2.5 * 1.3 / 0.7, rel=0.15)
        assert rates.dispersion < 1.1

    def test_clusters_are_seen(self) -> None:
        frame = self.days(np.full(1000, 4.0), "2022-01-03", scatter=2.5)
        assert arrival_rates(frame, time="day").dispersion == pytest.approx(2.5, rel=0.15)

    def test_a_day_of_the_week_without_arrivals_stays_without(self) -> None:
        dates = pd.date_range("2024-01-01", periods=120)
        frame = pd.DataFrame({"day": dates[dates.dayofweek < 5].repeat(3)})
        assert arrival_rates(frame, time="day").expected(14)[4:6] == pytest.approx([0, 0], abs=1e-9)

    @pytest.mark.parametrize(
        ("frame", "error", "says"),
        [
            (pd.DataFrame({"day": pd.date_range("2024-01-01", periods=40)}), CapacityError,
             "Rates by weekday need 30 arrivals over 56 days"),
            (pd.DataFrame({"day": pd.date_range("2024-01-01", periods=20, freq="7D")}),
             CapacityError, "there are 20 over"),
            (pd.DataFrame({"day": range(100)}), CapacityError, "holds plain numbers"),
            (pd.DataFrame({"day": []}), FrameError, "has no rows"),
            (pd.DataFrame({"when": [1]}), FrameError, "no column 'day'"),
            (pd.DataFrame({"day": [pd.NaT, pd.Timestamp("2024-01-01")]}), TimeError, "row 1"),
        ],
    )  # fmt: skip
    def test_what_is_refused(self, frame: pd.DataFrame, error: type, says: str) -> None:
        with pytest.raises(error, match=says):
            arrival_rates(frame, time="day")


def steady(a_day: float = 3.0, days: int = 800) -> pd.DataFrame:
    rng = np.random.default_rng(11)
    dates = pd.date_range("2023-01-02", periods=days)
    return pd.DataFrame({"day": dates.repeat(rng.poisson(a_day, days))})


ASKED: dict[str, object] = {
    "time": "day",
    "service_days": 10,
    "within": 0,
    "share": 0.9,
    "replications": 60,
    "horizon": 200,
    "warm_up": 60,
}


class TestPlacesNeeded:
    def test_the_smallest_number_that_will_do(self) -> None:
        found = places_needed(steady(), **ASKED)
        table = found.table.set_index("places")
        assert table.loc[found.estimate, "share_low"] >= 0.9
        assert table.loc[found.estimate - 1, "share_low"] < 0.9
        assert table.loc[found.estimate, "smallest"]
        assert (np.diff(table["share_within"]) >= 0).all()
        assert (np.diff(table["mean_wait"]) <= 0).all()

    def test_it_is_what_erlang_would_plan(self) -> None:
        """Exponential services, no weekdays: as many wait no day as in M/M/c."""
        frame = steady(a_day=4.0)
        found = places_needed(frame, **{**ASKED, "service_variation": 1.0, "horizon": 365})
        rate = found.rates.a_day
        # A wait of nought whole days is a wait of a part of a day: with U the time of day left,
        # P(wait < U) = 1 - C (1 - exp(-s)) / s, where s is the rate at which the queue drains.
        spare = (found.estimate - rate * 10) / 10
        exact = 1 - erlang_c(int(found.estimate), rate * 10) * (1 - math.exp(-spare)) / spare
        row = found.table[found.table["smallest"]].iloc[0]
        assert row["share_within"] == pytest.approx(exact, abs=0.03)

    def test_simpy_agrees_on_whole_years(self) -> None:
        checked = places_needed(steady(), **ASKED).in_simpy(years=3)
        assert checked["people"].between(600, 950).all()
        assert (checked["largest_difference"] == 0).all()
        assert (checked["mean_wait"] > 0).all()

    def test_little_holds(self) -> None:
        found = places_needed(steady(), **ASKED)
        for _, row in found.table.iterrows():
            assert row["waiting"] == pytest.approx(row["mean_wait"] * found.rates.a_day, rel=0.06)

    def test_places_taken_are_arrivals_by_length_of_service(self) -> None:
        found = places_needed(steady(), **ASKED)
        row = found.table.iloc[-1]
        assert row["occupancy"] * row["places"] == pytest.approx(found.in_use, rel=0.06)

    def test_growth_and_longer_service_need_more(self) -> None:
        base = places_needed(steady(), **ASKED).estimate
        assert places_needed(steady(), **ASKED, growth=0.3).estimate > base
        assert places_needed(steady(), **{**ASKED, "service_days": 14}).estimate > base
        assert places_needed(steady(), **{**ASKED, "within": 5}).estimate < base

    def test_an_uncertain_length_of_service_widens_the_interval(self) -> None:
        certain = places_needed(steady(), **ASKED)
        unsure = places_needed(steady(), **ASKED, service_uncertainty=0.3)
        assert unsure.high - unsure.low > certain.high - certain.low + 5
        assert unsure.low <= unsure.estimate <= unsure.high

    def test_the_same_seed_gives_the_same_answer(self) -> None:
        one, two = (places_needed(steady(), **ASKED) for _ in range(2))
        pd.testing.assert_frame_equal(one.table, two.table)

    def test_a_short_warm_up_is_warned_of(self) -> None:
        found = places_needed(steady(), **{**ASKED, "warm_up": 10})
        assert "under three lengths of service" in found.warnings[0]

    @pytest.mark.parametrize(
        ("setting", "value", "says"),
        [
            ("share", 1.0, "`share` must lie between 0 and 1"),
            ("share", 95, "For 95 in 100 give .95"),
            ("service_days", 0, "`service_days` must be above nought"),
            ("within", -1, "`within` must not be below nought"),
            ("growth", -1.0, "leaves nobody to serve"),
            ("growth", float("nan"), "must be a finite number"),
            ("replications", 5, "ten or more"),
        ],
    )
    def test_what_is_refused(self, setting: str, value: float, says: str) -> None:
        with pytest.raises(CapacityError, match=says):
            places_needed(steady(), **{**ASKED, setting: value})

    @pytest.mark.parametrize("narrow", [False, True])
    def test_the_picture_names_the_places(self, narrow: bool) -> None:
        found = places_needed(steady(), **ASKED, unit="beds")
        svg = to_svg(found.plot(), narrow=narrow)
        for text in (
            ">Beds<",
            f">{found.estimate:.0f} ({found.low:.0f} to {found.high:.0f})<",
            "% within 0 days",
        ):
            assert text in svg


def test_draws_of_the_rates_scatter_about_them() -> None:
    rates: ArrivalRates = arrival_rates(steady(), time="day")
    rng = np.random.default_rng(5)
    levels = [rates.expected(365, coefficients=rates.drawn(rng)).mean() for _ in range(200)]
    assert np.mean(levels) == pytest.approx(rates.a_day, rel=0.02)
    # A year of 3 a day is known to about 1 / sqrt(1,095).
    assert stats.variation(levels) == pytest.approx(1 / 1095**0.5, rel=0.3)
