"""How long features and a model of 250,000 households take, beside scikit-learn's boosting.

python -m benchmarks.prediction [households] [--peer households] [--write]

Three things, each timed in this process: building the features of two training dates from events
(DuckDB), training (search, early stopping, calibration) and scoring, and the same search and fit
by scikit-learn's HistGradientBoostingClassifier. The peer is asked the same: as many settings, as
many folds, the same directions, early stopping on the same held-out households, calibration on the
predictions held out. Both learn from the same table of the planted mechanism and are judged on the
same test date; the peer may be asked of fewer households, and ours then is as well.

Asked: features and training under three minutes on two cores.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score

from benchmarks.measure import Clock, cores, peak_mb, versions
from woda_lib.prediction.features import FeatureSet, build, read_features
from woda_lib.prediction.training import SETTINGS, Setting, calibrate, of_split, train
from woda_lib.prediction.training.columns import Feature, matrix, told
from woda_lib.prediction.training.settings import MOST_ROUNDS, PATIENCE, SEARCH_HOUSEHOLDS
from woda_lib.prediction.training.splits import (
    Fold,
    deal,
    forward_folds,
    grouped_folds,
    pair,
    sample,
)
from woda_lib.synthetic.complex_dependencies.tabular import MadeUp, draw_households

ROOT = Path(__file__).parents[1]
KEYS = ["household_id", "index_date"]
PAGE = ROOT / "docs" / "prediction_benchmark.md"
REGISTRY = ROOT / "parameters" / "complex_dependencies" / "features.yaml"
SEED, BAR_SECONDS = 5, 180
EVENTS_A_YEAR = 0.09  # of a unit and a kind, about what the made-up county has


def make_events(
    spine: pd.DataFrame, registry: FeatureSet, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return events and memberships: about as many as a county's partners hold, of nobody."""
    rng = np.random.default_rng(seed)
    homes = spine.drop_duplicates("household_id")
    people = homes.loc[homes.index.repeat(homes["people"].clip(1, 8).astype(int))]
    since, open_end = pd.Timestamp("2021-04-01"), pd.NaT
    persons = pd.DataFrame(
        {
            "unit_id": [f"p{place}" for place in range(len(people))],
            "household_id": people["household_id"].to_numpy(),
        }
    )
    places = pd.DataFrame(
        {"unit_id": homes["uprn"].astype(str), "household_id": homes["household_id"]}
    )
    memberships = pd.concat([persons, places], ignore_index=True)
    memberships = memberships.assign(starts=since, ends=open_end)
    units = {
        "person": persons["unit_id"].to_numpy(),
        "property": places["unit_id"].to_numpy(),
        "household": homes["household_id"].to_numpy(),
    }
    parts = []
    for kind in registry.kinds:
        of = units[kind.of]
        size = rng.poisson(EVENTS_A_YEAR * 4 * len(of))
        began = since + pd.to_timedelta(rng.integers(0, 1460, size), unit="D")
        lasts = pd.to_timedelta(rng.integers(1, 400, size), unit="D")
        parts.append(
            pd.DataFrame(
                {
                    "unit_id": of[rng.integers(0, len(of), size)],
                    "kind": kind.name,
                    "started_on": began,
                    "ended_on": began if kind.of_a_day else began + lasts,
                    "known_on": began,
                    "value": 1.0,
                }
            )
        )
    return pd.concat(parts, ignore_index=True), memberships


def peer(
    rows: pd.DataFrame, happened: np.ndarray, known: tuple[Feature, ...], fold: np.ndarray
) -> HistGradientBoostingClassifier:
    """Search, stop early, calibrate and fit as `train` does."""
    values = matrix(rows, known)
    seen = sample(rows["household_id"], SEARCH_HOUSEHOLDS, SEED)
    forward = forward_folds(rows["index_date"], np.where(seen, fold, -1), happened)
    losses = [_tried(setting, values, happened, known, forward)[0] for setting in SETTINGS]
    best = SETTINGS[int(np.argmin(losses))]
    _, rounds, odds = _tried(best, values, happened, known, grouped_folds(fold, happened))
    calibrate(odds, happened, fold)
    return _boosting(best, known, rounds).fit(values, happened)


def _boosting(
    setting: Setting, known: tuple[Feature, ...], rounds: int
) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        learning_rate=setting.rate,
        max_iter=rounds,
        max_leaf_nodes=setting.leaves,
        min_samples_leaf=setting.rows,
        max_features=setting.columns,
        l2_regularization=1.0,
        monotonic_cst=[0 if f.kind == "category" else f.direction for f in known],
        categorical_features=[f.kind == "category" for f in known],
        early_stopping=False,
        random_state=SEED,
    )


def _tried(
    setting: Setting,
    values: np.ndarray,
    happened: np.ndarray,
    known: tuple[Feature, ...],
    folds: list[Fold],
) -> tuple[float, int, np.ndarray]:
    """Stop on the households held out; scikit-learn takes them as a validation set."""
    odds, losses, rounds = np.full(len(values), np.nan), [], []
    for fitted, held in folds:
        model = _boosting(setting, known, MOST_ROUNDS)
        model.set_params(early_stopping=True, n_iter_no_change=PATIENCE)
        model.fit(values[fitted], happened[fitted], X_val=values[held], y_val=happened[held])
        odds[held] = model.decision_function(values[held])
        losses.append(log_loss(happened[held], model.predict_proba(values[held])[:, 1]))
        rounds.append(model.n_iter_ - PATIENCE)
    return float(np.mean(losses)), max(1, int(np.mean(rounds))), odds


def judged(made: MadeUp, frame: pd.DataFrame, score: np.ndarray) -> float:
    """Return the area under the ROC curve on the rows of a frame."""
    happened = frame[KEYS].merge(made.outcomes, on=KEYS, how="left")["happened"]
    return float(roc_auc_score(happened, score))


def of_ours(made: MadeUp, registry: FeatureSet) -> tuple[Clock, int, float]:
    """Build features and train; return the time of each, how many events, the area."""
    fitted = of_split(made.features, made.spine, "train")
    children = fitted[[*KEYS, "children", "under_fives"]]
    spine = of_split(made.spine, made.spine, "train").merge(children, on=KEYS)
    events, memberships = make_events(spine, registry, SEED)
    clock = Clock()
    build(events, spine, memberships, registry, held_until=made.spine["index_date"].max().date())
    clock.stage("features")
    clock.stages["features, processor"] = clock.cpu_seconds
    model = train(fitted, made.outcomes, registry, seed=SEED, before="2023-09-30")
    clock.stage("training")
    test = of_split(made.features, made.spine, "test")
    return clock, len(events), judged(made, test, model.predict(test).to_numpy())


def of_the_peer(made: MadeUp, registry: FeatureSet) -> tuple[Clock, float]:
    """Train the peer on the same rows; return the time and the area."""
    fitted = of_split(made.features, made.spine, "train")
    clock, known = Clock(), told(registry)
    rows, happened = pair(fitted, made.outcomes)
    model = peer(rows, happened, known, deal(rows["household_id"], happened, 5, SEED))
    clock.stage("training")
    test = of_split(made.features, made.spine, "test")
    return clock, judged(made, test, model.decision_function(matrix(test, known)))


def main(households: int, peer_households: int, *, write: bool) -> None:
    """Print Markdown tables of seconds and areas, each as soon as it is known; write the page."""
    registry, said = read_features(REGISTRY), []

    def say(*lines: str) -> None:
        said.extend(lines)
        print("\n".join(lines), flush=True)

    clock, made, ours = _at(households, registry, say)
    say("", f"Peak memory: {peak_mb():,.0f} MB.", "")
    if peer_households != households:
        clock, made, ours = _at(peer_households, registry, say)
    other, theirs = of_the_peer(made, registry)
    training = clock.cpu_seconds - clock.stages["features, processor"]
    say(
        "",
        f"HistGradientBoostingClassifier, the same search on {peer_households:,} households a "
        f"date: {other.cpu_seconds:.0f} processor seconds, AUC {theirs:.4f}. Our training takes "
        f"**{training / other.cpu_seconds:.2f}** of that, AUC {ours:.4f}. "
        + ", ".join(f"{name} {number}" for name, number in _versions().items())
        + ".",
    )
    if write:
        PAGE.write_text(_HEAD + "\n".join(said) + "\n", encoding="utf-8")


def _at(
    households: int, registry: FeatureSet, say: Callable[..., None]
) -> tuple[Clock, MadeUp, float]:
    """Measure ours at a size, and say it."""
    made = draw_households(households, SEED)
    clock, events, ours = of_ours(made, registry)
    test = of_split(made.features, made.spine, "test")
    oracle = judged(made, test, test[KEYS].merge(made.oracle, on=KEYS)["risk"].to_numpy())
    features_cpu = clock.stages["features, processor"]
    wall = (clock.stages["features"], clock.stages["training"])
    say(
        f"{households:,} households a date, two training dates, {events:,} events, "
        f"{len(registry.features)} features; {cores()} cores, "
        f"OMP_NUM_THREADS {os.environ.get('OMP_NUM_THREADS', 'not set')}.",
        "",
        "| what | wall seconds | processor seconds | AUC on the test date |",
        "|---|---|---|---|",
        f"| features of both dates | {wall[0]:.0f} | {features_cpu:.0f} | |",
        f"| training: {len(SETTINGS)} settings, 5 folds, calibration | {wall[1]:.0f} | "
        f"{clock.cpu_seconds - features_cpu:.0f} | {ours:.4f} |",
        f"| **both**, bar {BAR_SECONDS} | {sum(wall):.0f} | **{clock.cpu_seconds:.0f}** | |",
        f"| who knows the mechanism | | | {oracle:.4f} |",
    )
    return clock, made, ours


def _versions() -> dict[str, str]:
    return versions("lightgbm", "scikit-learn", "duckdb")


_HEAD = """# How long features and a model take

Written by `python -m benchmarks.prediction --write`. Wall seconds grow with whatever else the
machine is doing, processor seconds hardly. Our trees work on one thread by design (the same bytes
on every machine); the peer takes `OMP_NUM_THREADS`, or all cores where that is not set.

"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("households", nargs="?", type=int, default=250_000)
    parser.add_argument("--peer", type=int, help="households that the peer is asked of")
    parser.add_argument("--write", action="store_true", help="write docs/prediction_benchmark.md")
    given = parser.parse_args(sys.argv[1:])
    main(given.households, given.peer or given.households, write=given.write)
