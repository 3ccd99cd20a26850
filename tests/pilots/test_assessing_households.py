"""What 3_assess hands the stop rule: the right dates, new households, and what was planted."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.prediction.assessment.trials import KEYS, registered, scores_of
from woda_lib.pilots.complex_dependencies import assessing
from woda_lib.pilots.complex_dependencies.elsewhere import elsewhere
from woda_lib.prediction.assessment.verdict import Condition, Verdict
from woda_lib.prediction.errors import PredictionError
from woda_lib.synthetic.complex_dependencies.tabular import MadeUp, draw_households


@pytest.fixture(scope="module")
def made() -> MadeUp:
    return draw_households(2500, 4)


@pytest.fixture(scope="module")
def scores(made: MadeUp) -> pd.DataFrame:
    learned = made.spine.loc[made.spine["split"] == "train", [*KEYS, "split"]]
    return pd.concat([learned, scores_of(made, 4)], ignore_index=True)


@pytest.fixture(scope="module")
def judged(made: MadeUp, scores: pd.DataFrame) -> assessing.Judged:
    return assessing.Judged.of(scores, made.outcomes, made.spine)


def test_new_households_were_in_no_training_row(
    judged: assessing.Judged, scores: pd.DataFrame
) -> None:
    learned = set(scores.loc[scores["split"] == "train", "household_id"])
    assert 0 < len(judged.new) < len(judged.test)
    assert not learned & set(judged.new["household_id"])
    counted = judged.counted().set_index("judged by")["households"]
    assert counted.tolist() == [len(judged.test), len(judged.new), len(judged.watch)]
    assert (judged.test["index_date"] == pd.Timestamp("2023-09-30")).all()
    assert (judged.watch["index_date"] == pd.Timestamp("2024-03-31")).all()


def test_each_group_stands_beside_the_rules_list(judged: assessing.Judged, made: MadeUp) -> None:
    fair, beyond = assessing.treated(
        judged, made.outcomes, made.spine, registered(), capacity=25, seed=1, fewest=1
    )
    measures = set(fair.table["measure"]) | set(beyond["measure"])
    assert {bound.measure for bound in registered().bounds} <= measures
    table = assessing.worst_against_the_rule(beyond).set_index(["by", "group"])
    row = beyond.query("measure == 'missed_beyond_the_rule' and by == 'sex' and group == 'both'")
    (value,), (gap,) = row["value"], row["gap"]
    shown = table.loc[("sex", "both")]
    assert shown["missed"] == pytest.approx(100 * value, abs=0.51)
    assert shown["missed_by_the_rule"] == pytest.approx(100 * (value - gap), abs=0.51)


def test_no_share_beside_the_rules_counts_a_few(judged: assessing.Judged, made: MadeUp) -> None:
    _, beyond = assessing.treated(
        judged, made.outcomes, made.spine, registered(), capacity=100, seed=1, fewest=10
    )
    table = assessing.worst_against_the_rule(beyond)
    not_happened = table["households"] - table["happened"]
    of = {"missed": table["happened"], "for_nothing": not_happened}
    told = 0
    for name, bottom in of.items():
        for shown in (table[name], table[f"{name}_by_the_rule"]):
            top = shown * bottom / 100
            assert (shown.dropna() % 1 == 0).all()
            assert not top.between(0.5, 9).any() and not (bottom - top).between(0.5, 9).any()
            told += int(shown.notna().sum())
    assert told
    hidden = beyond[beyond["told"] & ~beyond["shown"]]
    assert len(hidden) and hidden["gap"].notna().all()  # it is judged all the same


def test_who_knows_the_mechanism_stands_beside_the_model(
    judged: assessing.Judged, made: MadeUp
) -> None:
    found = assessing.beside_the_oracle(judged, made.oracle, capacity=25)
    auc = found[found["date"] == "test"].set_index("scorer")["auc"]
    assert auc["oracle"] >= auc["rule"]
    with pytest.raises(PredictionError, match="oracle says nothing"):
        assessing.beside_the_oracle(judged, made.oracle.head(5), capacity=25)


ALARM = "No list is made while the drift alarm is raised, as it is on 31 March 2025."


def verdict_of(*, met: bool) -> Verdict:
    """Of one condition, reached on data of 31 March 2025."""
    short = "" if met else "2.0 short of the margin"
    beats = Condition("beats", "it beats the rule", met, "precision is above the rule's", short)
    return Verdict((beats,), (), (), date(2025, 3, 31), date(2025, 9, 30))


@pytest.mark.parametrize("alarm", [ALARM, ""])
def test_what_keeps_a_model_from_use_comes_first(alarm: str) -> None:
    pilot, stop = verdict_of(met=True), verdict_of(met=False)
    said = assessing.opening(pilot, alarm, today=date(2025, 9, 30))
    assert said == f"{alarm} {pilot.sentence}".strip()
    first, why = assessing.opening(stop, alarm, today=date(2026, 11, 28)).split("\n\n")
    assert first == f"{stop.sentence} {alarm}".strip()
    assert why == "Precision is above the rule's: 2.0 short of the margin."


def test_a_pilot_whose_last_day_was_past_at_the_run_says_so() -> None:
    pilot = verdict_of(met=True)
    first, then = assessing.opening(pilot, "", today=date(2025, 10, 1)).split("\n\n")
    assert "on data up to 30 September 2025" in first
    assert then == "30 September 2025 was past when this was run: newer data must be judged first."


def test_every_case_elsewhere_has_its_source() -> None:
    assert elsewhere()["source"].str.len().gt(20).all()
    assert elsewhere().map(len).to_numpy().max() <= 160  # the gate shows no longer cell
