"""Adjusted differences worked out by hand, against other implementations, and on planted truths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from woda_lib.evaluation import (
    AdjustedDifference,
    CaseMixError,
    OverlapError,
    adjusted_difference,
)
from woda_lib.evaluation.case_mix.columns import CaseMix
from woda_lib.evaluation.case_mix.means import (
    People,
    Settings,
    group_means,
    weighted_quantile,
)
from woda_lib.evaluation.case_mix.spread import by_influence
from woda_lib.evaluation.errors import FrameError
from woda_lib.figures import to_svg


def counted(rows: str) -> pd.DataFrame:
    """Repeat rows of "pathway frail days people"."""
    table = [line.split() for line in rows.strip().splitlines()]
    frame = pd.DataFrame(table, columns=["pathway", "frail", "days", "people"])
    frame = frame.loc[frame.index.repeat(frame["people"].astype(int))]
    return frame.assign(days=frame["days"].astype(float)).drop(columns="people")


SMALL = counted(
    """
    home  no   3   20
    home  no   5   20
    home  yes  10  5
    home  yes  12  5
    bed   no   6   5
    bed   no   8   5
    bed   yes  12  10
    bed   yes  16  10
    """
)
"""At home 4 and 11 days (40 and 10 people), in a bed 7 and 14 (10 and 20): 50 and 30 of 80."""


def small(**settings: Any) -> AdjustedDifference:
    chosen = {"outcome": "days", "group": "pathway", "reference": "bed", "adjust": ["frail"]}
    return adjusted_difference(SMALL, **{**chosen, **settings})


def stays(n: int = 800, *, effect: float = -2.0, seed: int = 1, skew: float = 4.0) -> pd.DataFrame:
    """People whose age and pathway decide both the way they take and how long they stay."""
    rng = np.random.default_rng(seed)
    age = rng.normal(80, 8, n)
    ward = rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2])
    harm = 0.08 * (age - 80) + np.where(ward == "c", 0.8, 0.0)
    home = rng.random(n) < 1 / (1 + np.exp(harm - 0.2))
    mean = 12 + 0.3 * (age - 80) + np.where(ward == "c", 3.0, 0.0) + effect * home
    days = rng.gamma(skew, np.clip(mean, 1, None) / skew)
    return pd.DataFrame({"age": age, "ward": ward, "home": home, "days": days})


def adjusted(frame: pd.DataFrame, **settings: Any) -> AdjustedDifference:
    chosen = {"outcome": "days", "group": "home", "adjust": ["age", "ward"], "unit": "days"}
    return adjusted_difference(frame, **{**chosen, **settings})


@pytest.mark.parametrize("adjustment", ["standardise", "inverse probability", "doubly robust"])
def test_direct_standardisation_by_hand(adjustment: str) -> None:
    """With one category and room for every cell, all three are the textbook's rates."""
    found = small(adjustment=adjustment, interactions=True)
    home = (50 * 4 + 30 * 11) / 80
    bed = (50 * 7 + 30 * 14) / 80
    assert found.table["adjusted"].tolist() == pytest.approx([bed, home])
    assert found.estimate == pytest.approx(home - bed)
    assert found.table["observed"].tolist() == pytest.approx([(70 + 280) / 30, (160 + 110) / 50])
    assert found.table["people"].tolist() == [30, 50]


@pytest.mark.parametrize("adjustment", ["standardise", "inverse probability", "doubly robust"])
@pytest.mark.parametrize("population, no, yes", [("compared", 40, 10), ("reference", 10, 20)])
def test_to_the_case_mix_of_one_group(adjustment: str, population: str, no: int, yes: int) -> None:
    found = small(adjustment=adjustment, population=population, interactions=True)
    expected = [(no * 7 + yes * 14) / (no + yes), (no * 4 + yes * 11) / (no + yes)]
    assert found.table["adjusted"].tolist() == pytest.approx(expected)


def test_a_ratio_and_its_interval() -> None:
    found = small(scale="ratio", interactions=True)
    assert found.estimate == pytest.approx((200 + 330) / (350 + 420))
    assert found.low < found.estimate < found.high < 1
    assert found.found and found.unit == ""
    assert np.log(found.high / found.estimate) == pytest.approx(np.log(found.estimate / found.low))


def test_balance_by_hand() -> None:
    """Frail are 10 of 50 at home and 20 of 30 in a bed; weighted, 30 of 80 in both."""
    found = small()
    row = found.balance.set_index("feature").loc["frail: yes"]
    spread = np.sqrt((0.2 * 0.8 + (2 / 3) * (1 / 3)) / 2)
    assert row[["reference", "compared"]].tolist() == pytest.approx([2 / 3, 0.2])
    assert row["before"] == pytest.approx((0.2 - 2 / 3) / spread)
    assert row["after"] == pytest.approx(0.0, abs=1e-6)


def test_overlap_by_hand() -> None:
    """At home 40 people of 50 stand for 50, and 10 for 30: weights 1.25 and 3, times 50 / 80."""
    found = small()
    home = found.overlap.set_index("group").loc["home"]
    assert home["chance_low"] == pytest.approx(10 / 30, abs=1e-6)
    assert home["chance_high"] == pytest.approx(40 / 50, abs=1e-6)
    assert home["weight_low"] == pytest.approx(1.25 * 50 / 80, abs=1e-6)
    assert home["weight_high"] == pytest.approx(3 * 50 / 80, abs=1e-6)
    assert home["effective"] == pytest.approx(80**2 / (40 * 1.25**2 + 10 * 9), abs=1e-4)


def test_a_linear_model_has_the_robust_errors_of_statsmodels() -> None:
    frame = stays()
    found = adjusted(frame, shape="linear")
    design = np.column_stack(
        [frame["home"], frame["age"], frame["ward"] == "b", frame["ward"] == "c"]
    )
    model = sm.OLS(frame["days"], sm.add_constant(design.astype(float)))
    fitted = model.fit(cov_type="HC1", use_t=True)
    assert found.estimate == pytest.approx(fitted.params.iloc[1])
    assert [found.low, found.high] == pytest.approx(fitted.conf_int().iloc[1].tolist(), rel=1e-6)
    assert found.p_value == pytest.approx(fitted.pvalues.iloc[1], rel=1e-5)


def test_clusters_have_the_errors_of_statsmodels() -> None:
    frame = stays().assign(team=np.arange(800) % 40)
    found = adjusted(frame, shape="linear", cluster="team")
    design = np.column_stack(
        [frame["home"], frame["age"], frame["ward"] == "b", frame["ward"] == "c"]
    )
    model = sm.OLS(frame["days"], sm.add_constant(design.astype(float)))
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": frame["team"]}, use_t=True)
    assert [found.low, found.high] == pytest.approx(fitted.conf_int().iloc[1].tolist(), rel=1e-6)
    assert "clustered in 40" in found.method


@pytest.mark.parametrize("family", ["gamma", "poisson"])
def test_a_logarithmic_model_predicts_as_statsmodels_does(family: str) -> None:
    frame = stays(effect=-3.0)
    found = adjusted(frame, family=family, shape="linear")
    design = pd.DataFrame({"one": 1.0, "home": frame["home"], "age": frame["age"]}).astype(float)
    design[["b", "c"]] = np.column_stack([frame["ward"] == "b", frame["ward"] == "c"]).astype(float)
    kind = (
        sm.families.Gamma(sm.families.links.Log()) if family == "gamma" else sm.families.Poisson()
    )
    fitted = sm.GLM(frame["days"], design, family=kind).fit()
    means = [fitted.predict(design.assign(home=value)).mean() for value in (0.0, 1.0)]
    assert found.table["adjusted"].tolist() == pytest.approx(means, rel=1e-6)


def test_a_binomial_model_gives_a_difference_of_chances() -> None:
    frame = stays(3000).assign(back=lambda t: (t["days"] > 14).astype(int))
    found = adjusted(frame, outcome="back", family="binomial")
    linear = adjusted(frame, outcome="back")
    assert found.estimate == pytest.approx(linear.estimate, abs=0.01)
    assert -0.3 < found.low < found.high < 0


@pytest.mark.parametrize(
    "settings",
    [
        {"adjustment": "standardise", "family": "gamma"},
        {"adjustment": "inverse probability"},
        {"adjustment": "doubly robust", "family": "poisson", "interactions": True},
        {"adjustment": "doubly robust", "population": "compared"},
        {"adjustment": "inverse probability", "population": "reference", "scale": "ratio"},
        {"adjustment": "inverse probability", "family": "quantile"},
        {"adjustment": "standardise", "family": "quantile", "quantile": 0.75},
    ],
    ids=lambda settings: " ".join(map(str, settings.values())),
)
def test_robust_and_bootstrap_intervals_agree(settings: dict[str, Any]) -> None:
    """The influence functions are right: drawing people again gives intervals as wide."""
    frame = stays(400)
    robust = adjusted(frame, **settings)
    drawn = adjusted(frame, errors="bootstrap", draws=200, **settings)
    assert robust.estimate == drawn.estimate
    assert (drawn.high - drawn.low) / (robust.high - robust.low) == pytest.approx(1, abs=0.25)


def test_a_bootstrap_is_the_same_each_time() -> None:
    frame = stays(200).assign(team=np.arange(200) % 25)
    one = adjusted(frame, errors="bootstrap", draws=200, seed=3)
    again = adjusted(frame, errors="bootstrap", draws=200, seed=3)
    other = adjusted(frame, errors="bootstrap", draws=200, seed=4)
    assert (one.low, one.high) == (again.low, again.high) != (other.low, other.high)
    teams = adjusted(frame, errors="bootstrap", draws=200, cluster="team")
    assert "clustered in 25" in teams.method


def test_a_weighted_quantile_by_hand() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    assert weighted_quantile(values, weights, 0.25) == 1.0
    assert weighted_quantile(values, weights, 0.5) == 2.0
    assert weighted_quantile(values, weights, 0.76) == 3.0


def test_medians_of_the_groups_as_they_are() -> None:
    frame = stays()
    found = adjusted(frame, family="quantile", adjustment="none")
    medians = [
        np.quantile(frame.loc[frame["home"] == side, "days"], 0.5, method="inverted_cdf")
        for side in (False, True)
    ]
    assert found.table["observed"].tolist() == medians
    assert found.estimate == pytest.approx(medians[1] - medians[0])


@pytest.mark.prove
@pytest.mark.parametrize("adjustment", ["standardise", "inverse probability", "doubly robust"])
def test_intervals_cover_the_planted_effect(adjustment: str) -> None:
    """Of 200 tables at least 183: a true 95% would fall under it once in a hundred proofs."""
    held, plain = 0, 0
    for seed in range(200):
        frame = stays(300, seed=seed)
        found = bare(frame, adjustment)
        held += found[0] <= -2.0 <= found[1]
        found = bare(frame, "none")
        plain += found[0] <= -2.0 <= found[1]
    assert held >= 183
    assert plain < 100  # without adjustment the intervals miss


def bare(frame: pd.DataFrame, adjustment: str) -> tuple[float, float]:
    """Only the interval, without the tables beside it."""
    mix = CaseMix.of(frame, ["age", "ward"], shape="linear")
    people = People(frame["days"].to_numpy(), frame["home"].to_numpy(), mix.terms)
    settings = Settings(adjustment, "gaussian", 0.5, "everybody", False, "days")
    found = by_influence(group_means(people, settings), "difference", None, level=0.95)
    return found.low, found.high


def test_doubly_robust_stands_when_the_outcome_model_is_wrong() -> None:
    """Days grow with the square of the distance from 80 years; the model knows straight lines."""
    rng = np.random.default_rng(5)
    n = 20_000
    age = rng.normal(80, 8, n)
    # A chance that is logistic in age, whose groups differ in spread as well as in mean.
    home = rng.random(n) < 1 / (1 + np.exp(-(age - 78) / 6))
    frame = pd.DataFrame({"age": age, "home": home})
    frame["days"] = 10 + (age - 85) ** 2 / 20 - 2 * home + rng.normal(size=n)
    straight = adjusted(frame, adjust=["age"], shape="linear")
    both = adjusted(frame, adjust=["age"], shape="linear", adjustment="doubly robust")
    assert abs(straight.estimate + 2) > 0.3
    assert both.low < -2 < both.high
    assert adjusted(frame, adjust=["age"]).estimate == pytest.approx(-2, abs=0.05)


def test_every_way_stands_beside_the_one_asked_for() -> None:
    found = adjusted(stays(), adjustment="doubly robust")
    assert found.alternatives["method"].tolist() == [
        "Primary: doubly robust (both)",
        "Weighted by inverse probability",
        "Standardised (outcome model)",
        "As they are",
    ]
    assert found.summary()["estimate"].iloc[0] == found.estimate
    assert len(found.weights) == 800


def test_a_level_of_one_group_alone_is_warned_about_and_cannot_be_weighed() -> None:
    frame = stays()
    frame.loc[frame["home"] & (frame.index % 9 == 0), "ward"] = "only home"
    found = adjusted(frame)
    assert any("One level of 'ward'" in sentence for sentence in found.warnings)
    assert any("decide which group they are in" in sentence for sentence in found.warnings)
    assert found.overlap.empty and found.balance["after"].isna().all()
    assert found.alternatives["method"].tolist()[1:] == ["As they are"]
    with pytest.raises(OverlapError, match="nobody to compare them with"):
        adjusted(frame, adjustment="inverse probability")
    with pytest.raises(CaseMixError, match="cannot be told apart"):
        adjusted(frame, interactions=True)


def test_hardly_any_overlap_is_warned_about() -> None:
    rng = np.random.default_rng(2)
    age = rng.normal(80, 8, 600)
    home = rng.random(600) < 1 / (1 + np.exp((age - 80) / 2.5))
    frame = pd.DataFrame({"age": age, "home": home, "days": rng.gamma(2, 5, 600)})
    words = " ".join(adjusted(frame, adjust=["age"]).warnings)
    assert "had a chance under 1%" in words
    assert "a few people carry the comparison" in words


@pytest.mark.parametrize("narrow", [False, True])
def test_pictures_can_be_drawn(narrow: bool) -> None:
    found = adjusted(stays())
    assert to_svg(found.love(), narrow=narrow).startswith("<svg")
    assert to_svg(found.plot(), narrow=narrow).startswith("<svg")
    assert to_svg(adjusted(stays(), scale="ratio").plot(), narrow=narrow).startswith("<svg")


def test_shapes_of_numbers() -> None:
    frame = stays()
    for shape in ("linear", "quadratic", "spline"):
        assert -4 < adjusted(frame, shape=shape).estimate < 0
    spline = adjusted(frame, shape="spline")
    assert "numbers spline" in spline.method


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "family": ({"family": "normal"}, "`family` must be one of"),
    "adjustment": ({"adjustment": "match"}, "`adjustment` must be one of"),
    "population": ({"population": "all"}, "`population` must be one of"),
    "scale": ({"scale": "log"}, "`scale` must be one of"),
    "errors": ({"errors": "hc3"}, "`errors` must be one of"),
    "shape": ({"shape": "cubic"}, "`shape` must be one of"),
    "level": ({"level": 95}, "`level` must lie between 0 and 1"),
    "draws": ({"errors": "bootstrap", "draws": 10}, "200 `draws` or more"),
    "quantile": (
        {"family": "quantile", "adjustment": "doubly robust"},
        "no doubly robust quantile",
    ),
    "nothing": ({"adjust": []}, "`adjust` must be a list"),
    "text": ({"adjust": "age"}, "`adjust` must be a list"),
    "categorical": ({"categorical": ["days"]}, "which `adjust` does not"),
    "own outcome": ({"adjust": ["age", "days"]}, "which was given as `outcome`"),
    "own group": ({"adjust": ["home"]}, "which was given as `group`"),
    "reference": ({"reference": "bed"}, "`reference` is no value"),
    "binomial": ({"family": "binomial"}, "must be 0 or 1"),
}


@pytest.mark.parametrize("settings, message", BROKEN.values(), ids=BROKEN)
def test_a_setting_that_cannot_be(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(CaseMixError, match=message):
        adjusted(stays(60), **settings)


def test_tables_that_cannot_be() -> None:
    frame = stays(100)
    with pytest.raises(CaseMixError, match="holds 3 groups"):
        adjusted(frame, group="ward", adjust=["age"])
    with pytest.raises(CaseMixError, match="Say which value"):
        adjusted(frame[frame["ward"] != "c"], group="ward", adjust=["age"])
    with pytest.raises(CaseMixError, match="holds 1 groups"):
        adjusted(frame.assign(home=True))
    with pytest.raises(CaseMixError, match="fewer than 5 people"):
        adjusted(frame.assign(home=np.arange(100) < 3))
    with pytest.raises(CaseMixError, match="'home' is missing in 1 rows"):
        adjusted(frame.assign(home=frame["home"].where(frame.index > 0)))
    with pytest.raises(CaseMixError, match="'days' is the same in every row"):
        adjusted(frame.assign(days=3.0))
    with pytest.raises(CaseMixError, match="nought or negative in 1 rows"):
        adjusted(frame.assign(days=frame["days"].where(frame.index > 0, 0)), family="gamma")
    with pytest.raises(CaseMixError, match="negative in 1 rows"):
        adjusted(frame.assign(days=frame["days"].where(frame.index > 0, -1)), family="poisson")
    with pytest.raises(CaseMixError, match="'ward' is missing in 1 rows"):
        adjusted(frame.assign(ward=frame["ward"].where(frame.index > 0)))
    with pytest.raises(CaseMixError, match="'age' is the same in every row"):
        adjusted(frame.assign(age=80))
    with pytest.raises(CaseMixError, match="100 levels in 100 rows"):
        adjusted(frame.assign(ward=[f"bed {n}" for n in range(100)]))
    with pytest.raises(CaseMixError, match="says nothing that the other columns"):
        adjusted(frame.assign(months=12 * frame["age"]), adjust=["age", "months"], shape="linear")
    with pytest.raises(CaseMixError, match="puts everybody in one cluster"):
        adjusted(frame.assign(team=1), cluster="team")
    with pytest.raises(CaseMixError, match="A ratio needs two means"):
        adjusted(frame.assign(days=frame["days"] - 100), scale="ratio")
    with pytest.raises(FrameError, match="has no value in row 1"):
        adjusted(frame.assign(age=frame["age"].where(frame.index > 0)))
    with pytest.raises(FrameError, match="has no rows"):
        adjusted(frame.iloc[:0])
    with pytest.raises(FrameError, match="no column 'aeg'"):
        adjusted(frame, adjust=["aeg"])
    with pytest.raises(CaseMixError, match="finds no end"):
        separated = frame.assign(back=(frame["age"] > 80).astype(int))
        adjusted(separated, outcome="back", family="binomial", adjust=["age"])
