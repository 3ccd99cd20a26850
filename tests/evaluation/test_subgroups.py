"""Sub-groups: an effect that differs is found, one that does not is not, and small ones refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import (
    FrameError,
    SubgroupError,
    interrupted_time_series,
    subgroup_effects,
)
from woda_lib.figures import to_svg

MONTHS = pd.date_range("2021-01-01", periods=40, freq="MS")
START = "2023-01-01"
AGES = ("under 65", "65 to 74", "75 to 84", "85 and over")


def made(
    saved: dict[str, float], *, seed: int = 1, noise: float = 0.3, people: int = 40
) -> pd.DataFrame:
    """Days a month and group: shocks that meet every group of a month, and each group's own."""
    rng = np.random.default_rng(seed)
    shared, later = rng.normal(0, 1.0, len(MONTHS)), MONTHS >= START
    parts = [
        pd.DataFrame(
            {
                "month": MONTHS,
                "age": name,
                "days": 9 + shared + rng.normal(0, noise, len(MONTHS)) - size * later,
                "people": people,
            }
        )
        for name, size in saved.items()
    ]
    return pd.concat(parts, ignore_index=True)


def effects(frame: pd.DataFrame, **settings):
    named = {"group": "age", "outcome": "days", "time": "month", "start": START, "unit": "days"}
    return subgroup_effects(frame, **(named | {"people": "people"} | settings))


ALIKE = dict.fromkeys(AGES, 2.0)
ONE_DIFFERS = ALIKE | {"85 and over": 5.0}


def test_one_group_with_a_larger_effect_is_told_apart_and_the_others_are_not():
    found = effects(made(ONE_DIFFERS))
    assert found.differing[0] == "85 and over"
    row = found.table.set_index("group").loc["85 and over"]
    assert row["differs_low"] < -3.0 < row["differs_high"]


def test_a_groups_own_effect_is_that_of_the_model_on_its_rows_alone():
    frame = made(ONE_DIFFERS)
    own = frame[frame["age"] == "65 to 74"]
    alone = interrupted_time_series(own, outcome="days", time="month", start=START, unit="days")
    row = effects(frame).table.set_index("group").loc["65 to 74"]
    assert row[["estimate", "low", "high"]].tolist() == pytest.approx(
        [alone.estimate, alone.low, alone.high]
    )


def test_everybody_together_is_the_mean_by_how_many_people_stand_behind_each():
    frame = made({"a": 1.0, "b": 4.0}, noise=0.05)
    frame.loc[frame["age"] == "b", "people"] = 20
    # 40 people lose 1 day and 20 lose 4: (40 · 1 + 20 · 4) / 60 = 2
    series = (
        frame.assign(sum=frame["days"] * frame["people"])
        .groupby("month")[["sum", "people"]]
        .sum()
        .eval("sum / people")
        .rename("days")
        .reset_index()
    )
    whole = interrupted_time_series(series, outcome="days", time="month", start=START)
    found = effects(frame)
    assert found.estimate == pytest.approx(whole.estimate)
    assert found.low <= -2.0 <= found.high


def test_groups_that_are_alike_are_not_told_apart_though_each_month_moves_them_all():
    found = [effects(made(ALIKE, seed=seed)) for seed in range(5)]
    assert sum(bool(one.differing) for one in found) <= 1  # each is wrong once in twenty
    # What meets every group in a month drops out of the difference, and not of the effect.
    for one in found:
        own, against = (
            one.table[high] - one.table[low]
            for low, high in (("low", "high"), ("differs_low", "differs_high"))
        )
        assert (against < own / 2).all()


def test_p_values_are_adjusted_as_holm_and_as_benjamini_and_hochberg_do():
    table = effects(made(ONE_DIFFERS)).table.sort_values("differs_p")
    p = table["differs_p"].to_numpy()
    by_hand = np.maximum.accumulate(p * np.array([4, 3, 2, 1])).clip(max=1)
    assert table["adjusted_p"].to_numpy() == pytest.approx(by_hand)
    table = effects(made(ONE_DIFFERS), adjust="bh").table.sort_values("differs_p")
    by_hand = np.minimum.accumulate((p * 4 / np.array([1, 2, 3, 4]))[::-1])[::-1].clip(max=1)
    assert table["adjusted_p"].to_numpy() == pytest.approx(by_hand)


def test_two_groups_differ_from_each_other_once():
    table = effects(made({"a": 1.0, "b": 3.0})).table
    assert table["differs"].tolist() == pytest.approx([-table["differs"][1], table["differs"][1]])
    assert table["adjusted_p"].tolist() == pytest.approx([table["differs_p"][0]] * 2)


def test_heterogeneity_is_cochrans_q_as_worked_by_hand():
    found = effects(made(ONE_DIFFERS))
    weights = 1 / found.table["standard_error"] ** 2
    mean = (weights * found.table["estimate"]).sum() / weights.sum()
    q = (weights * (found.table["estimate"] - mean) ** 2).sum()
    assert found.heterogeneity[0] == pytest.approx(q)
    assert found.heterogeneity[2] == pytest.approx(max(0, 100 * (q - 3) / q))


def test_a_control_of_each_group_is_taken_off_before_groups_are_compared():
    frame = made(ALIKE)
    # A policy that meets one group in both places is no effect of the pathway.
    later = (frame["month"] >= START) & (frame["age"] == "85 and over")
    frame["control"] = frame["days"].mean() + 0.1 * np.sin(np.arange(len(frame))) - 6.0 * later
    frame["days"] -= 6.0 * later
    assert effects(frame, control="control").differing == ()
    assert "85 and over" in effects(frame).differing


def test_a_small_group_is_refused_in_words_and_the_others_stand():
    frame = made(ALIKE)
    frame.loc[(frame["age"] == "under 65") & (frame.index == 7), "people"] = 9
    found = effects(frame)
    assert "under 65" not in found.table["group"].tolist()
    assert "fewer than 10 people" in found.refused["under 65"]
    assert found.refused["under 65"] in found.warnings
    gone = frame[~((frame["age"] == "under 65") & (frame["month"] == MONTHS[3]))]
    assert "no figure at 1 of 40 times" in effects(gone).refused["under 65"]


def test_words_say_that_it_is_exploratory():
    found = effects(made(ALIKE))
    assert found.warnings[0].startswith("Sub-groups are exploratory")
    assert found.finding.startswith("none of four groups differs from the rest beyond chance")
    assert effects(made(ONE_DIFFERS)).finding.startswith("of four groups 85 and over")


def spoilt(**changes) -> pd.DataFrame:
    return made(ALIKE).assign(**changes)


@pytest.mark.parametrize(
    ("frame", "settings", "error", "says"),
    [
        (made(ALIKE), {"adjust": "none"}, SubgroupError, '"holm" or "bh"'),
        (made({"all": 1.0}), {}, SubgroupError, "fewer than two groups"),
        (spoilt(people=3), {}, SubgroupError, "fewer than two groups.*fewer than 10 people"),
        (pd.concat([made(ALIKE)] * 2), {}, SubgroupError, "two rows at one time"),
        (spoilt(age=None), {}, SubgroupError, "has no group in some rows"),
        (spoilt(days=np.inf), {}, FrameError, "'days' holds no finite number in row 1"),
        (made(ALIKE), {"outcome": "day"}, FrameError, "Is 'days' meant"),
        (made(ALIKE).iloc[:0], {}, FrameError, "no rows"),
    ],
)
def test_what_cannot_be_cut_into_groups_is_refused_in_words(frame, settings, error, says):
    with pytest.raises(error, match=says):
        effects(frame, **settings)


def test_a_start_outside_the_data_is_said_once_for_all():
    with pytest.raises(SubgroupError, match="the model fits fewer than two groups"):
        effects(made(ALIKE), start="2031-01-01")


@pytest.mark.parametrize("narrow", [False, True])
def test_the_forest_names_every_group(narrow):
    drawn = to_svg(effects(made(ALIKE)).plot(), narrow=narrow)
    assert all(name in drawn for name in ("Everybody", *AGES))
