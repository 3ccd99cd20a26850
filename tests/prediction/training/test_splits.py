"""Forward in time, and never a household on both sides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training import splits

EARLY, LATE, JUDGED = (pd.Timestamp(day) for day in ("2022-03-31", "2022-09-30", "2023-09-30"))


def rows(households: str, day: pd.Timestamp, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"household_id": list(households), "index_date": day, **columns})


FEATURES = pd.concat([rows("bac", EARLY, x=[2.0, 1.0, 3.0]), rows("abd", LATE, x=[4.0, 5.0, 6.0])])
OUTCOMES = FEATURES[["household_id", "index_date"]].assign(
    happened=[True, False, False, True, False, False]
)


def test_outcomes_stand_beside_their_rows_in_one_order_whatever_order_they_came_in():
    shuffled = FEATURES.sample(frac=1, random_state=1)
    for features in (FEATURES, shuffled):
        paired, happened = splits.pair(features, OUTCOMES)
        assert "".join(paired["household_id"]) == "abcabd"
        assert paired["x"].tolist() == [1, 2, 3, 4, 5, 6]
        assert happened.tolist() == [0, 1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        (OUTCOMES[OUTCOMES["index_date"].eq(EARLY)], "2022-09-30 lies beyond the data"),
        (OUTCOMES.iloc[1:], "The outcome is missing in 1 of 6 rows"),
        (
            OUTCOMES.assign(happened=[None, *OUTCOMES["happened"][1:]]),
            "The outcome is missing in 1 of 6 rows",
        ),
        (OUTCOMES.assign(happened=False), "did not have the outcome"),
        (OUTCOMES.drop(columns="happened"), "no column 'happened'"),
        (pd.concat([OUTCOMES, OUTCOMES.iloc[:1]]), "twice on one day"),
    ],
)
def test_outcomes_that_cannot_be_learnt_from_are_refused(outcomes: pd.DataFrame, sentence: str):
    with pytest.raises(PredictionError, match=sentence):
        splits.pair(FEATURES, outcomes)


def test_no_rows_are_refused():
    with pytest.raises(PredictionError, match="No rows are left to learn from"):
        splits.pair(FEATURES.iloc[:0], OUTCOMES)


def test_a_row_whose_outcomes_reach_beyond_the_day_that_is_judged_is_left_out():
    late = FEATURES.assign(index_date=[EARLY] * 3 + [pd.Timestamp("2022-10-01")] * 3)
    kept = splits.purge(late, JUDGED, horizon_months=12)
    assert set(kept["index_date"]) == {EARLY}
    assert len(splits.purge(FEATURES, JUDGED, horizon_months=12)) == 6
    with pytest.raises(PredictionError, match="complete by 2023-03-01"):
        splits.purge(FEATURES, pd.Timestamp("2023-03-01"), horizon_months=12)


@pytest.fixture(scope="module")
def many() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(3)
    frame = pd.concat(
        [
            pd.DataFrame({"household_id": [f"h{n}" for n in range(first, first + 400)]}).assign(
                index_date=day
            )
            for first, day in ((0, EARLY), (100, LATE))
        ],
        ignore_index=True,
    )
    return frame, (rng.random(len(frame)) < 0.1).astype("int8")


def test_no_household_is_on_both_sides_of_a_fold(many: tuple[pd.DataFrame, np.ndarray]):
    frame, happened = many
    fold = splits.deal(frame["household_id"], happened, 5, seed=1)
    held_out = []
    for fitted, held in splits.grouped_folds(fold, happened):
        assert not set(frame["household_id"].iloc[fitted]) & set(frame["household_id"].iloc[held])
        held_out.extend(held)
    assert sorted(held_out) == list(range(len(frame)))  # each row is held out once


def test_settings_are_judged_on_the_last_date_by_what_was_fitted_to_earlier_ones(
    many: tuple[pd.DataFrame, np.ndarray],
):
    frame, happened = many
    fold = splits.deal(frame["household_id"], happened, 5, seed=1)
    for fitted, held in splits.forward_folds(frame["index_date"], fold, happened):
        assert set(frame["index_date"].iloc[fitted]) == {EARLY}
        assert set(frame["index_date"].iloc[held]) == {LATE}
        assert not set(frame["household_id"].iloc[fitted]) & set(frame["household_id"].iloc[held])


def test_folds_have_as_many_households_with_an_event_and_do_not_hang_on_the_order_of_rows(
    many: tuple[pd.DataFrame, np.ndarray],
):
    frame, happened = many
    fold = splits.deal(frame["household_id"], happened, 5, seed=1)
    ever = frame.assign(happened=happened, fold=fold).groupby("household_id").max()
    counts = ever.groupby("fold")["happened"].agg(["sum", "size"])
    assert (counts.max() - counts.min() <= 1).all()
    back = splits.deal(frame["household_id"][::-1], happened[::-1], 5, seed=1)
    assert (back[::-1] == fold).all()
    assert (splits.deal(frame["household_id"], happened, 5, seed=2) != fold).any()


def test_too_few_households_of_one_kind_for_the_folds_are_refused(
    many: tuple[pd.DataFrame, np.ndarray],
):
    frame, happened = many
    few = np.zeros_like(happened)
    few[:2] = 1
    with pytest.raises(PredictionError, match="2 of 500 households have the outcome: too few"):
        splits.deal(frame["household_id"], few, 3, seed=1)


def test_a_fold_of_a_single_class_is_refused(many: tuple[pd.DataFrame, np.ndarray]):
    frame, _ = many
    only_late = frame["index_date"].eq(LATE).to_numpy().astype("int8")
    fold = splits.deal(frame["household_id"], only_late, 5, seed=1)
    with pytest.raises(PredictionError, match="among the rows fitted to in fold 1 did not have"):
        splits.forward_folds(frame["index_date"], fold, only_late)


def test_a_split_is_taken_by_household_and_day():
    spine = FEATURES[["household_id", "index_date"]].assign(split=["train"] * 3 + ["test"] * 3)
    assert splits.of_split(FEATURES, spine, "test")["x"].tolist() == [4, 5, 6]
    with pytest.raises(PredictionError, match="no split 'watch'; there are test, train"):
        splits.of_split(FEATURES, spine, "watch")
    with pytest.raises(PredictionError, match="no rows of the split test"):
        splits.of_split(FEATURES.iloc[:3], spine, "test")
