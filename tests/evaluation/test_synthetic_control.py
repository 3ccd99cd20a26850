"""Synthetic control on places whose answer is known: by hand, planted, and with nothing to find."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import DonorError, SyntheticControl, synthetic_control
from woda_lib.evaluation.donors.conformal import conformal_p_value
from woda_lib.evaluation.donors.match import Matcher
from woda_lib.evaluation.donors.nearest import least_norm
from woda_lib.evaluation.donors.placebos import (
    PlaceboScale,
    attainable,
    placebo_scale,
    rank_p_value,
)
from woda_lib.evaluation.donors.predictors import predicted_weights
from woda_lib.evaluation.errors import FrameError
from woda_lib.evaluation.time_axis import TimeError
from woda_lib.figures import to_svg

START = pd.Timestamp(2023, 1, 1)


def places(
    donors: int = 24,
    *,
    before: int = 24,
    after: int = 12,
    effect: float = 0.0,
    seed: int = 1,
    **of_one: float,
) -> pd.DataFrame:
    """Monthly days in places that share two slow movements; "here" changes from 2023 on."""
    rng = np.random.default_rng(seed)
    periods = before + after
    shared = rng.normal(size=(2, periods)).cumsum(axis=1) * 0.2
    levels = 20 + 3 * rng.normal(size=donors + 1)
    loads = rng.normal(size=(donors + 1, 2))
    noise = rng.normal(size=(donors + 1, periods))
    noise[0] *= of_one.get("noise", 1.0)
    levels[0] += of_one.get("level", 0.0)
    days = levels[:, None] + loads @ shared + 0.5 * noise
    days[0, before:] += effect
    months = pd.date_range(START - pd.DateOffset(months=before), periods=periods, freq="MS")
    names = ["here", *(f"place {n}" for n in range(1, donors + 1))]
    wide = pd.DataFrame(days, index=names, columns=months)
    return (
        wide.rename_axis("place")
        .melt(ignore_index=False, var_name="month", value_name="days")
        .reset_index()
    )


def run(frame: pd.DataFrame, **settings: Any) -> SyntheticControl:
    chosen = {
        "outcome": "days",
        "unit": "place",
        "time": "month",
        "treated": "here",
        "start": START,
    }
    return synthetic_control(frame, **{**chosen, **settings})


@pytest.fixture(scope="module")
def found() -> SyntheticControl:
    return run(places(effect=-5.0), unit_label="days")


def test_the_planted_effect_is_found(found: SyntheticControl) -> None:
    assert found.low < -5.0 < found.high < 0
    assert found.estimate == pytest.approx(found.table.query("period == 'after'")["gap"].mean())
    assert found.found
    assert found.p_value == pytest.approx(1 / 25)
    assert found.ratio_p_value == pytest.approx(1 / 25)


def test_the_table_adds_up(found: SyntheticControl) -> None:
    table = found.table
    assert (table["observed"] - table["synthetic"]).tolist() == pytest.approx(table["gap"].tolist())
    assert (table["period"] == "before").sum() == 24
    assert table.loc[table["period"] == "before", "low"].isna().all()
    after = table[table["period"] == "after"]
    assert (after["low"] < after["gap"]).all() and (after["gap"] < after["high"]).all()
    assert found.weights["weight"].sum() == pytest.approx(1.0)
    assert found.weights["weight"].is_monotonic_decreasing
    before = table.loc[table["period"] == "before", "gap"]
    assert found.rmspe == pytest.approx(np.sqrt((before**2).mean()))


def test_the_synthetic_unit_is_the_weighted_sum_of_donors(found: SyntheticControl) -> None:
    wide = places(effect=-5.0).pivot(index="month", columns="place", values="days")
    weights = found.weights.set_index("donor")["weight"]
    mixed = (wide[weights.index] * weights).sum(axis=1)
    assert mixed.tolist() == pytest.approx(found.table["synthetic"].tolist())


def test_every_donor_is_a_placebo_and_the_treated_unit_is_in_none(found: SyntheticControl) -> None:
    assert len(found.placebos) == 25
    assert found.placebos.loc[0, ["unit", "effect"]].tolist() == ["here", found.estimate]
    raised = places(effect=-5.0)
    raised.loc[raised["place"] == "here", "days"] += 1000.0 * (raised["month"] >= START)
    other = run(raised)
    pd.testing.assert_frame_equal(other.placebos.iloc[1:], found.placebos.iloc[1:])


def test_the_interval_by_hand() -> None:
    """Of 4 donors the largest multiple counts, and the level is 4 / 5."""
    scale = PlaceboScale.of(2.0, [1.0, 1.0, 2.0, 4.0], size=10.0)
    effects = np.array([-3.0, 1.0, 4.0, 4.0])  # multiples 3, 1, 2, 1
    assert scale.reach(effects, attainable(0.95, donors=4)) == pytest.approx(3.0 * 2.0)
    assert scale.reach(effects, 0.6) == pytest.approx(2.0 * 2.0)  # the third of four: 3 / 5
    assert scale.p_value(-5.0, effects) == pytest.approx(2 / 5)  # 2.5: itself and the 3
    assert scale.p_value(6.0, effects) == pytest.approx(2 / 5)  # a tie counts as as extreme
    assert rank_p_value(9.0, np.array([1.0, 2.0])) == pytest.approx(1 / 3)


def test_the_interval_holds_just_the_effects_that_the_placebos_do_not_refuse() -> None:
    found = run(places(19, effect=-2.0, seed=4))
    assert found.level == 0.95
    wide = places(19, effect=-2.0, seed=4)
    here = (wide["place"] == "here") & (wide["month"] >= START)
    for limit in (found.low, found.high):
        inside = found.estimate + 0.999 * (limit - found.estimate)
        assert run(wide.assign(days=wide["days"] - here * inside)).p_value == pytest.approx(0.1)
    beyond = found.estimate + 1.001 * (found.high - found.estimate)
    assert run(wide.assign(days=wide["days"] - here * beyond)).p_value == pytest.approx(0.05)


def test_too_few_donors_say_which_level_they_allow() -> None:
    found = run(places(9))
    assert found.level == pytest.approx(0.9)
    assert "9 donors allow an interval of 90.0% at the most, not of 95.0%" in found.warnings[0]
    assert "conformal" in found.warnings[0]
    assert "90% interval" in str(found)


def test_a_conformal_interval_needs_no_donors_but_periods() -> None:
    found = run(places(5, before=36, effect=-3.0, seed=3), errors="conformal")
    assert found.level == 0.95
    assert found.low < -3.0 < found.high < 0
    assert "conformal" in found.method
    short = run(places(5, before=8, after=4, seed=3), errors="conformal")
    assert short.level == pytest.approx(1 - 1 / 12)
    long = run(places(5, before=12, after=12, seed=3), errors="conformal")
    assert "The 12 periods from the start on are many" in long.warnings[0]


def test_the_conformal_p_value_by_hand() -> None:
    """Two donors stand still at 0 and 10; here stands at 5 but for its last two periods."""
    here = np.array([5.0, 5, 5, 5, 5, 5, 9, 9])
    outcomes = np.vstack([here, np.zeros(8), np.full(8, 10.0)])
    # Supposing 4 leaves no gap anywhere: every place is as extreme. Supposing nought, the mixture
    # moves to 6 and gaps are −1 six times and 3 twice: a mean of 3 stands in one of 8 places.
    assert conformal_p_value(outcomes, 6, 4.0) == 1.0
    assert conformal_p_value(outcomes, 6, 0.0) == pytest.approx(1 / 8)


def test_predictors_are_means_over_windows() -> None:
    frame = places()
    frame["beds"] = frame["place"].map(lambda name: 100.0 + hash_of(name)) + frame["month"].dt.month
    found = run(frame, predictors=["beds", ("days", "2022-06"), ("beds", "2022-01", "2022-03")])
    table = found.predictors.set_index("predictor")
    assert list(table.index) == ["beds", "days, June 2022", "beds, January 2022 to March 2022"]
    here = frame[frame["place"] == "here"]
    assert table.loc["beds", "treated"] == pytest.approx(100 + hash_of("here") + 6.5)
    assert table.loc["days, June 2022", "treated"] == pytest.approx(
        here.loc[here["month"] == "2022-06-01", "days"].item()
    )
    assert table.loc["beds, January 2022 to March 2022", "treated"] == pytest.approx(
        100 + hash_of("here") + 2
    )
    assert table["share"].sum() == pytest.approx(1.0)


def test_a_predictor_that_sets_only_the_treated_unit_apart() -> None:
    frame = places(6)
    frame["own"] = (frame["place"] == "here").astype(float)
    found = run(frame, predictors=["own", ("days", "2021-03"), ("days", "2022-12")])
    assert np.isfinite([found.estimate, found.low, found.high]).all()
    assert found.predictors.loc[0, ["treated", "synthetic"]].tolist() == [1.0, 0.0]


def hash_of(name: str) -> float:
    return float(sum(map(ord, name)) % 17)


def test_a_search_for_importance_never_fits_worse_than_its_starts() -> None:
    frame = places(seed=6)
    frame["beds"] = frame["place"].map(hash_of)
    frame["staff"] = frame["place"].map(lambda name: hash_of(name[::-1] + "x"))
    asked = ["beds", "staff", ("days", "2021-03"), ("days", "2022-12")]
    fits = {
        importance: run(frame, predictors=asked, importance=importance).rmspe
        for importance in ("fit", "regression", "equal")
    }
    assert fits["fit"] <= min(fits.values()) + 1e-9
    assert fits["fit"] >= run(frame).rmspe - 1e-9  # which no mixture beats


def test_the_search_comes_near_the_best_of_many_tries() -> None:
    """Two predictors: their shares are one number, so that a fine grid is an oracle."""
    rng = np.random.default_rng(8)
    table, outcomes = rng.normal(size=(2, 15)), rng.normal(size=(15, 10))
    outcomes[0] = outcomes[1:5].mean(axis=0)
    weights, _ = predicted_weights(table, outcomes, "fit")
    apart = table / table.std(axis=1, ddof=1, keepdims=True)
    apart = apart[:, 1:] - apart[:, [0]]

    def loss(w: np.ndarray) -> float:
        return float(np.sum((outcomes[0] - w @ outcomes[1:]) ** 2))

    grid = (np.array([share, 1 - share]) for share in np.linspace(0.0005, 0.9995, 2000))
    best = min(loss(least_norm(apart.T @ (v[:, None] * apart))) for v in grid)
    assert loss(weights) <= best * 1.001


def test_leaving_a_donor_out_is_the_estimate_without_it(found: SyntheticControl) -> None:
    heaviest = found.left_out.iloc[0]
    frame = places(effect=-5.0)
    again = run(frame[frame["place"] != heaviest["left_out"]])
    assert again.estimate == pytest.approx(heaviest["estimate"])
    assert len(found.left_out) == (found.weights["weight"] >= 0.001).sum()


def test_pretended_starts_find_nothing_before_the_start(found: SyntheticControl) -> None:
    assert found.pretended["start"].iloc[0] == pd.Timestamp(2022, 1, 1)
    assert (found.pretended["low"] < 0).mean() > 0.8 and (found.pretended["high"] > 0).mean() > 0.8
    frame = places(effect=-5.0)
    first = run(frame[frame["month"] < START], start="2022-01")
    assert first.estimate == pytest.approx(found.pretended["estimate"].iloc[0])


def test_a_marking_column_is_read_where_no_unit_has_that_name() -> None:
    frame = places()
    frame["changed"] = (frame["place"] == "here") & (frame["month"] >= START)
    marked = run(frame, treated="changed")
    assert marked.estimate == run(places()).estimate
    assert "the column 'changed' marks" in marked.method
    assert "named in the column 'place'" in run(frame).method


def test_donors_can_be_named(found: SyntheticControl) -> None:
    chosen = [f"place {n}" for n in range(1, 21)]
    few = run(places(effect=-5.0), donors=chosen)
    assert set(few.weights["donor"]) == set(chosen)


def test_times_of_any_kind_give_the_same_answer() -> None:
    frame = places(before=10, after=4)
    number = frame["month"].rank(method="dense").astype(int)
    by_number = run(frame.assign(month=number), start=11)
    by_year = run(frame.assign(month=2000 + number), start=2011)
    by_text = run(frame.assign(month=frame["month"].dt.strftime("%Y-%m")), start="2023-01")
    assert by_number.estimate == by_year.estimate == by_text.estimate == run(frame).estimate
    assert by_year.table["time"].iloc[0] == pd.Timestamp(2001, 1, 1)


def test_periods_that_nobody_has_are_said() -> None:
    frame = places()
    found = run(frame[frame["month"] != "2022-05-01"])
    assert any("1 periods between" in sentence for sentence in found.warnings)
    every_second = run(frame[frame["month"].dt.month % 2 == 1])
    assert not any("periods between" in sentence for sentence in every_second.warnings)


def test_order_of_rows_does_not_matter(found: SyntheticControl) -> None:
    shuffled = run(places(effect=-5.0).sample(frac=1, random_state=2))
    assert shuffled.estimate == pytest.approx(found.estimate)


def test_a_unit_outside_the_donors_is_warned_about() -> None:
    high = run(places(level=30.0))
    assert any("above or below every donor" in sentence for sentence in high.warnings)
    assert any("a poor fit" in sentence for sentence in high.warnings)
    shifted = high.alternatives.set_index("method").loc["Mixture with a constant difference"]
    assert abs(shifted["estimate"]) < 1.5 < abs(high.estimate)


def test_few_periods_that_fit_perfectly_are_compared_as_they_are() -> None:
    found = run(places(before=3, after=3))
    assert "their gaps taken as they are" in found.method
    assert any("fit perfectly" in sentence for sentence in found.warnings)
    assert np.isfinite([found.low, found.high]).all()


def test_the_alternatives_stand_beside_the_primary(found: SyntheticControl) -> None:
    table = found.alternatives.set_index("method")
    assert found.alternatives["kind"].tolist() == ["primary", *["other model"] * 3]
    wide = places(effect=-5.0).pivot(index="month", columns="place", values="days")
    gap = wide["here"] - wide.drop(columns="here").mean(axis=1)
    plain = gap[gap.index >= START].mean() - gap[gap.index < START].mean()
    assert table.loc["Difference in differences", "estimate"] == pytest.approx(plain)
    assert found.summary()["name"].iloc[0] == "Average effect"


@pytest.mark.parametrize("narrow", [False, True])
def test_pictures_can_be_drawn(found: SyntheticControl, narrow: bool) -> None:
    for picture in (found.plot(event="New pathway"), found.forest()):
        assert to_svg(picture, narrow=narrow).startswith("<svg")


@pytest.mark.prove
@pytest.mark.parametrize("of_one", [{}, {"noise": 3.0}, {"level": 8.0}], ids=str)
def test_the_interval_covers_where_nothing_happened(of_one: dict[str, float]) -> None:
    """Of 250 histories at least 229: a true 95% would fall under it once in a hundred proofs."""
    held = 0
    for seed in range(250):
        wide = places(19, seed=seed, **of_one).pivot(index="place", columns="month", values="days")
        matcher = Matcher(wide.to_numpy(), before=24)  # "here" comes first in the alphabet
        match, placebos = matcher.treated(), matcher.placebos()
        half = placebo_scale(match, placebos, size=1.0).reach(
            np.array([placebo.effect for placebo in placebos]), 0.95
        )
        held += abs(match.effect) <= half
    assert held >= 229


BROKEN = {
    "no such unit": ({"treated": "elsewhere"}, "No unit in the column 'place'"),
    "after the data": ({"start": "2031-01"}, "nothing of it comes at or after `start`"),
    "before the data": ({"start": "2001-01"}, "periods before `start` is 0"),
    "unknown donors": ({"donors": ["place 1", "Atlantis"]}, "`donors` holds one that"),
    "no start": ({"start": None}, "`start` is missing"),
    "donors as text": ({"donors": "place 1"}, "`donors` must be a list"),
    "predictors as text": ({"predictors": "days"}, "`predictors` must be a list"),
    "one donor": ({"donors": ["place 1"]}, "the number of donors here is 1"),
    "level": ({"level": 95}, "`level` must lie between 0 and 1"),
    "importance": ({"importance": "best"}, "`importance` must be one of"),
    "errors": ({"errors": "bootstrap"}, "`errors` must be one of"),
    "conformal": ({"errors": "conformal", "predictors": ["days"]}, "by outcomes alone"),
    "predictor": ({"predictors": ["beds"]}, "`predictors` must hold names of columns"),
    "late window": ({"predictors": [("days", "2022-06", "2023-06")]}, "reaches to or past"),
    "empty window": ({"predictors": [("days", "1999-06")]}, "no period in the predictor's window"),
}


@pytest.mark.parametrize("settings, message", BROKEN.values(), ids=BROKEN)
def test_a_setting_that_cannot_be(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(DonorError, match=message):
        run(places(4), **settings)


def test_tables_that_cannot_be() -> None:
    frame = places(4)
    gap = frame.drop(index=frame.index[(frame["place"] == "place 2")][3])
    with pytest.raises(DonorError, match=r"One of the 5 units lack.*place 2: April 2021"):
        run(gap)
    with pytest.raises(DonorError, match="more than one row for January 2021"):
        run(pd.concat([frame, frame.iloc[[0]]]))
    with pytest.raises(DonorError, match="names no unit in row 1"):
        run(frame.assign(place=frame["place"].where(frame.index > 0)))
    with pytest.raises(DonorError, match="same value of 'days' in every period"):
        run(frame.assign(days=1.0))
    with pytest.raises(DonorError, match="marks two units"):
        run(frame.assign(new=frame["place"].isin(["here", "place 1"])), treated="new")
    with pytest.raises(DonorError, match="must be true or false"):
        run(frame.assign(new=3), treated="new")
    with pytest.raises(DonorError, match="no finite number"):
        run(frame.assign(beds="many"), predictors=["beds"])
    with pytest.raises(DonorError, match="the same for every unit"):
        run(frame.assign(beds=3), predictors=["beds"])
    with pytest.raises(DonorError, match="no value at all for 1 of"):
        run(
            frame.assign(beds=frame["days"].where(frame["place"] != "place 3")), predictors=["beds"]
        )
    with pytest.raises(FrameError, match="has no value in row 31"):
        run(
            frame.assign(days=frame["days"].where(frame.index != 30)), donors=["place 1", "place 4"]
        )
    with pytest.raises(DonorError, match="`treated` must be one unit"):
        run(frame, treated=["here", "place 1"])
    with pytest.raises(FrameError, match="no finite number"):
        run(frame.assign(days=np.inf))
    with pytest.raises(FrameError, match="'month' holds dates"):
        run(frame, outcome="month")
    with pytest.raises(FrameError, match="has no rows"):
        run(frame.iloc[:0])
    with pytest.raises(FrameError, match="no column 'dais'"):
        run(frame, outcome="dais")
    with pytest.raises(TimeError, match="time zone"):
        run(frame.assign(month=frame["month"].dt.tz_localize("UTC")))
