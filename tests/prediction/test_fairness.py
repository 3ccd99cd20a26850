"""A model judged by group, on tables small enough to count."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from woda_lib.figures import to_svg
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.fairness import Enough, Fairness, fairness, judged_rows, on_the_list
from woda_lib.prediction.fairness.slopes import calibration_slope, log_odds

DAY = pd.Timestamp("2023-09-30")
ANY = Enough(households=1, happened=1, listed=1, happened_for_slope=100)


def tables(**columns: Any) -> dict[str, Any]:
    """Scores, outcomes and spine of households numbered from nought."""
    frame = pd.DataFrame(columns)
    if "household_id" not in frame:
        frame["household_id"] = [f"H{place}" for place in range(len(frame))]
    frame["index_date"] = DAY
    key = ["household_id", "index_date"]
    groups = [name for name in frame if name not in (*key, "risk", "happened")]
    return {
        "scores": frame[[*key, "risk"]],
        "outcomes": frame[[*key, "happened"]],
        "spine": frame[[*key, *groups]],
    }


def of(found: Fairness, measure: str, group: str) -> pd.Series:
    rows = found.table[(found.table["measure"] == measure) & (found.table["group"] == group)]
    return rows.iloc[0]


@pytest.fixture(scope="module")
def twenty() -> dict[str, Any]:
    """Ten of each sex; the four riskiest (3 women, 1 man) are on the list at 200 of 1,000."""
    risk = [0.9, 0.8, 0.7, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1] + [0.6] + [0.2] * 9
    happened = [True, False, False, True] + [False] * 6 + [True, True, True, True] + [False] * 6
    return tables(risk=risk, happened=happened, sex=["women"] * 10 + ["men"] * 10)


@pytest.fixture(scope="module")
def counted(twenty: dict[str, Any]) -> Fairness:
    return fairness(**twenty, capacity=200, by=["sex"], enough=ANY, resamples=200)


class TestMeasures:
    @pytest.mark.parametrize(
        ("measure", "women", "men"),
        [
            ("selection_rate", 3 / 10, 1 / 10),
            ("false_positive_rate", 2 / 8, 0 / 6),
            ("false_negative_rate", 1 / 2, 3 / 4),
            ("precision", 1 / 3, 1 / 1),
            ("observed_over_expected", 2 / 3.1, 4 / 2.4),
        ],
    )
    def test_each_by_hand(self, counted: Fairness, measure: str, women: float, men: float) -> None:
        assert of(counted, measure, "women")["value"] == pytest.approx(women)
        assert of(counted, measure, "men")["value"] == pytest.approx(men)
        assert of(counted, measure, "women")["gap"] == pytest.approx(women - men)

    def test_everybody_together(self, counted: Fairness) -> None:
        whole = counted.everybody.set_index("measure")["value"]
        assert whole["false_negative_rate"] == pytest.approx(4 / 6)
        assert whole["observed_over_expected"] == pytest.approx(6 / 5.5)

    def test_a_group_against_all_others_and_not_against_one(self) -> None:
        given = tables(
            risk=[0.9, 0.1, 0.1, 0.8, 0.1, 0.1],
            happened=[True, True, False, True, True, True],
            age=["a", "a", "a", "b", "b", "c"],
        )
        found = fairness(**given, capacity=333, by=["age"], enough=ANY, resamples=50)
        # Of a's two one is missed; of the others' three, two.
        assert of(found, "false_negative_rate", "a")["gap"] == pytest.approx(1 / 2 - 2 / 3)

    def test_a_share_of_none_has_wilsons_limits_and_no_certainty(self, counted: Fairness) -> None:
        men = of(counted, "false_positive_rate", "men")
        # Wilson (1927): z² / (n + z²) for none of six.
        assert (men["low"], men["high"]) == pytest.approx((0, 1.96**2 / (6 + 1.96**2)), abs=1e-3)
        assert men["gap_low"] < men["gap"] < men["gap_high"]

    def test_the_slope_is_that_of_a_clustered_logistic_regression(self) -> None:
        rng = np.random.default_rng(1)
        risk = rng.uniform(0.02, 0.6, 400)
        happened = rng.random(400) < risk
        household = pd.Series(np.arange(400) // 2)
        model = sm.GLM(happened, sm.add_constant(log_odds(risk)), family=sm.families.Binomial())
        peer = model.fit(cov_type="cluster", cov_kwds={"groups": household})
        found = calibration_slope(risk, happened, household)
        assert found == pytest.approx((peer.params[1], peer.bse[1]), rel=1e-6)


class TestChance:
    def test_the_interval_is_as_wide_as_a_share_of_so_many_has(self) -> None:
        rng = np.random.default_rng(2)
        given = tables(
            risk=rng.uniform(0, 1, 3000),
            happened=rng.random(3000) < 0.3,
            sex=["women", "men"] * 1500,
        )
        found = fairness(**given, capacity=300, by=["sex"], seed=1)
        women = of(found, "false_negative_rate", "women")
        error = np.sqrt(women["value"] * (1 - women["value"]) / women["happened"])
        assert women["high"] - women["low"] == pytest.approx(2 * 1.96 * error, rel=0.1)

    def test_rows_of_one_household_are_drawn_together(self) -> None:
        rng = np.random.default_rng(3)
        once = tables(
            risk=rng.uniform(0, 1, 1000),
            happened=rng.random(1000) < 0.3,
            sex=["women", "men"] * 500,
        )
        twice = {
            name: pd.concat([table, table.assign(index_date=pd.Timestamp("2024-03-31"))])
            for name, table in once.items()
        }
        widths = []
        for given in (once, twice):
            row = of(fairness(**given, capacity=300, by=["sex"]), "false_negative_rate", "women")
            widths.append(row["high"] - row["low"])
        assert widths[1] == pytest.approx(widths[0], rel=0.05)  # and not narrower by √2

    def test_the_same_seed_gives_the_same(self, twenty: dict[str, Any]) -> None:
        one, other = (
            fairness(**twenty, capacity=200, by=["sex"], enough=ANY, resamples=40, seed=5)
            for _ in range(2)
        )
        pd.testing.assert_frame_equal(one.table, other.table)


@pytest.fixture(scope="module")
def unlike() -> Fairness:
    """Half of those in need in the first fifth are found, and nobody in the fifth."""
    rng = np.random.default_rng(4)
    first = np.arange(4000) < 2000
    happened = rng.random(4000) < 0.1
    risk = np.where(first & happened, rng.uniform(0, 1, 4000), 0.4 * rng.random(4000))
    given = tables(risk=risk, happened=happened, deprivation=np.where(first, "1", "5"))
    return fairness(**given, capacity=25, by=["deprivation"])


class TestBounds:
    def test_a_gap_beyond_its_bound_and_beyond_chance_exceeds_it(self, unlike: Fairness) -> None:
        row = of(unlike, "false_negative_rate", "5")
        assert row["exceeds"] and row["gap_low"] > row["bound"] == 0.15
        assert not row["within"]
        assert any(
            said.startswith("Deprivation 5, not on the list") and "too few to tell how far" in said
            for said in unlike.sentences  # none of its 200 was found: everybody is no figure
        )

    def test_a_gap_that_is_surely_small_is_within(self, unlike: Fairness) -> None:
        row = of(unlike, "false_positive_rate", "5")
        assert row["within"] and not row["exceeds"]

    def test_a_large_gap_of_few_is_unsettled(self, twenty: dict[str, Any]) -> None:
        found = fairness(**twenty, capacity=200, by=["sex"], enough=ANY, resamples=200)
        row = of(found, "false_negative_rate", "women")
        assert abs(row["gap"]) > row["bound"]
        assert not row["exceeds"] and not row["within"]
        assert "false_negative_rate" in set(found.unsettled["measure"])

    def test_what_has_no_bound_exceeds_none(self, unlike: Fairness) -> None:
        assert not unlike.table.loc[unlike.table["bound"].isna(), "exceeds"].any()

    def test_a_bound_may_hold_for_some_columns_of_groups_alone(
        self, twenty: dict[str, Any]
    ) -> None:
        twenty = twenty | {"spine": twenty["spine"].assign(age=["a", "b"] * 10)}
        found = fairness(
            **twenty,
            capacity=200,
            by=["sex", "age"],
            bounds={"false_negative_rate": 0.1},
            bounded={"false_negative_rate": ["age"]},
            enough=ANY,
            resamples=20,
        )
        bounded = found.table[found.table["bound"].notna()]
        assert set(bounded["by"]) == {"age"} and set(bounded["measure"]) == {"false_negative_rate"}

    def test_a_bound_of_no_measure_is_refused(self, twenty: dict[str, Any]) -> None:
        with pytest.raises(PredictionError, match="missed, which is no measure"):
            fairness(**twenty, capacity=200, by=["sex"], bounds={"missed": 0.1})


@pytest.fixture(scope="module")
def small() -> Fairness:
    rng = np.random.default_rng(5)
    ethnicity = np.array(["white"] * 1900 + ["asian"] * 60 + ["other"] * 40, dtype=object)
    ethnicity[:25] = None
    given = tables(
        risk=rng.uniform(0, 0.2, 2000),
        happened=rng.random(2000) < 0.1,
        ethnicity=pd.Categorical(ethnicity, ["white", "asian", "other", "black"]),
    )
    return fairness(**given, capacity=50, by=["ethnicity"], resamples=50)


class TestSmallGroups:
    def test_they_stand_in_the_table_without_figures(self, small: Fairness) -> None:
        row = of(small, "false_positive_rate", "asian")
        assert row["households"] == 60
        assert not row["told"]
        assert row[["value", "low", "high", "gap"]].isna().all()

    def test_a_group_whose_risk_is_far_overstated_is_not_too_small(self) -> None:
        happened = np.concatenate([np.arange(1000) < 16, np.arange(1000) < 200])
        given = tables(risk=[0.2] * 2000, happened=happened, sex=["women"] * 1000 + ["men"] * 1000)
        found = fairness(**given, capacity=50, by=["sex"], resamples=200)
        row = of(found, "observed_over_expected", "women")
        assert row["value"] == pytest.approx(16 / 200)
        assert row["told"] and row["exceeds"]
        assert not of(found, "false_negative_rate", "women")["told"]

    def test_they_are_named(self, small: Fairness) -> None:
        assert any(
            "fewer than 100 households): ethnicity: asian" in said for said in small.warnings
        )

    def test_a_large_group_keeps_its_value_without_a_rest(self, small: Fairness) -> None:
        row = of(small, "false_negative_rate", "white")
        assert row["value"] > 0 and not row["told"] and np.isnan(row["gap"])

    def test_missing_values_are_a_group_and_a_sentence(self, small: Fairness) -> None:
        assert of(small, "selection_rate", "not known")["households"] == 25
        assert any(
            "Of 1 in 100 or fewer households the ethnicity is not known" in said
            for said in small.warnings
        )

    def test_an_empty_group_is_a_sentence(self, small: Fairness) -> None:
        assert any("By ethnicity nobody is in black" in said for said in small.warnings)

    def test_one_group_alone_is_a_sentence(self) -> None:
        given = tables(risk=[0.9, 0.1], happened=[True, False], sex=["women", "women"])
        found = fairness(**given, capacity=500, by=["sex"], enough=ANY, resamples=20)
        assert any("By sex all households are in one group" in said for said in found.warnings)
        assert not found.table["told"].any()

    def test_the_picture_says_so_at_both_widths(self, small: Fairness) -> None:
        for narrow in (False, True):
            assert "too few to tell" in to_svg(small.plot(), narrow=narrow)
            assert "Ethnicity" in to_svg(small.plot_shares(), narrow=narrow)


class TestTheList:
    def test_it_is_as_long_as_the_capacity_also_where_risks_are_equal(self) -> None:
        rows = pd.DataFrame(
            {"household_id": [f"H{i}" for i in range(400)], "index_date": DAY, "risk": 0.1}
        )
        listed = on_the_list(rows, 25)
        assert listed.sum() == 10
        assert listed[:100].sum() < 10  # by lot, and not whoever stands first

    def test_shares_of_households_of_need_and_of_the_list(self, counted: Fairness) -> None:
        women = counted.shares.set_index("group").loc["women"]
        assert women[["of_households", "of_happened", "of_list"]].tolist() == pytest.approx(
            [50, 100 * 2 / 6, 75]
        )
        assert women["for_each"] == pytest.approx(75 / (100 * 2 / 6))

    def test_of_whom_nothing_can_be_told_is_a_table_that_counts_nobody(
        self, small: Fairness
    ) -> None:
        row = small.doubts().iloc[0]
        assert row["too_few_households"] == "asian, not known, other"
        assert row["too_few_to_whom_it_happened"] == "asian, not known, other, white"
        assert (row["not_known"], row["nobody_in"]) == ("1 in 100 or fewer", "black")

    def test_equal_misses_cost_nothing_where_groups_are_alike(self) -> None:
        rng = np.random.default_rng(6)
        risk = rng.beta(1, 12, 20_000)
        given = tables(
            risk=risk, happened=rng.random(20_000) < risk, sex=rng.choice(["women", "men"], 20_000)
        )
        cost = fairness(**given, capacity=50, by=["sex"], resamples=20).equal_misses.iloc[0]
        assert cost["lost"] == pytest.approx(0, abs=5)

    def test_equal_misses_cost_precision_where_risk_is_concentrated(self) -> None:
        # Of a's ten in need ten stand first; b's ten stand below 90 others.
        risk = np.concatenate([np.linspace(0.9, 0.8, 10), np.linspace(0.5, 0.1, 100)])
        happened = np.array([True] * 10 + [False] * 90 + [True] * 10)
        given = tables(risk=risk, happened=happened, age=["a"] * 10 + ["b"] * 100)
        found = fairness(**given, capacity=91, by=["age"], enough=ANY, resamples=20)
        cost = found.equal_misses.iloc[0]
        assert (cost["listed"], cost["caught"]) == (10, 10)
        # At any equal share, 90 of b's come before its first: less than one of ten can be found.
        assert cost["caught_equal"] <= 3
        assert cost["precision_equal"] < cost["precision"] == 1
        assert found.cost().loc[0, ["by", "thresholds", "precision"]].tolist() == ["age", 2, 100]


class TestBadInput:
    def test_nobody_scored(self, twenty: dict[str, Any]) -> None:
        empty = twenty | {"scores": twenty["scores"].iloc[:0]}
        with pytest.raises(PredictionError, match="No household was scored"):
            fairness(**empty, capacity=200, by=["sex"])

    def test_a_column_of_groups_that_is_not_there(self, twenty: dict[str, Any]) -> None:
        with pytest.raises(PredictionError, match="spine has no column 'ethnicity'"):
            fairness(**twenty, capacity=200, by=["ethnicity"])

    def test_an_outcome_that_is_missing(self, twenty: dict[str, Any]) -> None:
        fewer = twenty | {"outcomes": twenty["outcomes"].iloc[1:]}
        with pytest.raises(PredictionError, match="1 have no row in the outcomes"):
            fairness(**fewer, capacity=200, by=["sex"])
        unknown = twenty["outcomes"].astype({"happened": object})
        unknown.loc[0, "happened"] = None
        with pytest.raises(PredictionError, match="no value in 1 rows"):
            judged_rows(twenty["scores"], unknown, twenty["spine"], by=["sex"])

    def test_one_outcome_only(self, twenty: dict[str, Any]) -> None:
        never = twenty | {"outcomes": twenty["outcomes"].assign(happened=False)}
        with pytest.raises(PredictionError, match="happened to nobody, or to everybody"):
            fairness(**never, capacity=200, by=["sex"])

    @pytest.mark.parametrize("wrong", [np.nan, 1.2])
    def test_a_score_that_is_no_probability(self, twenty: dict[str, Any], wrong: float) -> None:
        scores = twenty["scores"].copy()
        scores.loc[3, "risk"] = wrong
        with pytest.raises(PredictionError, match="no probability in 1 rows"):
            fairness(**(twenty | {"scores": scores}), capacity=200, by=["sex"])

    def test_a_household_twice(self, twenty: dict[str, Any]) -> None:
        double = pd.concat([twenty["scores"], twenty["scores"].iloc[:1]])
        with pytest.raises(PredictionError, match="twice at one date in the scores"):
            fairness(**(twenty | {"scores": double}), capacity=200, by=["sex"])

    @pytest.mark.parametrize("capacity", [0, 1000])
    def test_a_capacity_that_is_none(self, twenty: dict[str, Any], capacity: float) -> None:
        with pytest.raises(PredictionError, match="1,000"):
            fairness(**twenty, capacity=capacity, by=["sex"])

    def test_a_measure_that_is_none(self, counted: Fairness) -> None:
        with pytest.raises(PredictionError, match="no measure 'fairness'"):
            counted.plot("fairness")


@pytest.fixture(scope="module")
def thousand() -> Fairness:
    """A thousand households, 100 on the list: few, none or all of some groups are."""
    rng = np.random.default_rng(11)
    age = rng.choice(["a", "b", "c", "d", "e"], 1000, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    risk = rng.uniform(0, 0.5, 1000) + np.where(np.isin(age, ["a", "b"]), 0.3, 0)
    sex = np.where(rng.random(1000) < 0.06, "men", "women")
    given = tables(risk=risk, happened=rng.random(1000) < risk, age=age, sex=sex)
    return fairness(**given, capacity=100, by=["age", "sex"], enough=ANY, resamples=20)


def counts_of(found: Fairness) -> pd.DataFrame:
    return found.shares.set_index(["by", "group"])[["households", "happened", "listed"]]


class TestWhatIsShown:
    def test_no_share_of_everybody_counts_a_few(self, thousand: Fairness) -> None:
        data = thousand.plot_shares().data.set_index(["by", "group"])
        counts = counts_of(thousand)
        for name, of in (
            ("of_all", "households"),
            ("of_happened", "happened"),
            ("of_list", "listed"),
        ):
            shown = data[name].dropna()
            assert (shown % 1 == 0).all()
            assert (counts.loc[shown.index, of] >= 10).all()
            total = counts[of].groupby("by").transform("sum")[shown.index]
            assert not (shown * total / 100).between(0.5, 9).any()
            # One alone that is missing could be worked out: it is none or two.
            assert (data[name].isna().groupby("by").sum() != 1).all()
        assert data["of_list"].isna().any()

    @pytest.mark.parametrize(
        ("measure", "of"), [("false_negative_rate", "happened"), ("selection_rate", "households")]
    )
    def test_no_share_of_a_group_counts_a_few_of_it(
        self, thousand: Fairness, measure: str, of: str
    ) -> None:
        data = thousand.plot(measure).data.set_index(["by", "group"])
        shown = data["value"].dropna()
        bottom = counts_of(thousand).loc[shown.index, of]
        top = shown * bottom / 100
        assert 0 < len(shown) < len(data)
        assert (shown % 1 == 0).all()
        assert not top.between(0.5, 9).any() and not (bottom - top).between(0.5, 9).any()
        assert data.loc[data["value"].isna(), ["low", "high"]].isna().all(axis=None)

    def test_what_is_not_shown_is_judged(self, thousand: Fairness) -> None:
        kept = thousand.table.loc[~thousand.table["shown"] & thousand.table["told"], "gap"]
        assert len(kept) and kept.notna().all()

    def test_the_widest_gap_stands_beside_its_own_bound(self) -> None:
        rng = np.random.default_rng(3)
        sex = np.repeat(["women", "men"], 2000)
        risk = rng.uniform(0, 0.2, 4000) + np.where(sex == "men", 0.1, 0)
        given = tables(
            risk=risk, happened=rng.random(4000) < 0.2, sex=sex, age=rng.choice(["a", "b"], 4000)
        )
        found = fairness(
            **given, capacity=300, by=["sex", "age"], bounded={"false_positive_rate": ["age"]},
            resamples=20,
        )  # fmt: skip
        summary = found.summary().set_index("measure")
        row = summary.loc["false_positive_rate"]
        assert row["widest_by"] == "sex" and np.isnan(row["bound"])
        assert summary.loc["false_negative_rate", "bound"] == 15
