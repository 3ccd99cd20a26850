"""Would another run of the same training name other households?

Training deals folds and draws features by lot. A model whose list changes with the lot has no
reason to give a household that is on one list and not on the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, at_edge
from woda_lib.phrases import say_count, say_number, say_range
from woda_lib.prediction.assessment.ranking import Ranking, on_the_list, share_of
from woda_lib.prediction.assessment.scored import take_scored
from woda_lib.prediction.errors import PredictionError

_ROW = 0.34  # inches


def over_seeds(
    refit: Callable[[int], pd.Series],
    frame: pd.DataFrame,
    *,
    seeds: Sequence[int],
    capacity: float,
    lot: int,
) -> OverSeeds:
    """Train again with other seeds, and set measures and lists beside the model's own.

    Parameters
    ----------
    refit
        Given a seed, returns each row's risk by the index of `frame`.
    frame
        ``household_id, happened, risk``: the rows to be judged, with the model's own risk.
    seeds
        Other than the model's own.
    capacity
        Of 1,000 households.
    lot
        Seed by which ties at the end of a list are broken, the same for every list.

    Returns
    -------
    OverSeeds

    Raises
    ------
    PredictionError
        If the rows cannot be judged, no seed is given, or a refit leaves a row without a score.
    """
    if not seeds:
        raise PredictionError("Stability needs another seed at the least. Name some in `seeds`.")
    scorers = {"model": "risk"}
    own = on_the_list(frame["risk"], capacity, seed=lot)
    rows = [_row("the model", frame["risk"], frame, own, own, capacity)]
    for seed in seeds:
        again = refit(seed).reindex(frame.index)
        take_scored(frame.assign(risk=again), scorers)  # refuses what is missing or no probability
        listed = on_the_list(again, capacity, seed=lot)
        rows.append(_row(f"seed {seed}", again, frame, listed, own, capacity))
    return OverSeeds(table=pd.DataFrame(rows), capacity=capacity)


@dataclass(frozen=True, eq=False)
class OverSeeds:
    """Measures and lists of the model and of trainings with other seeds.

    Attributes
    ----------
    table : DataFrame
        A row a training, the model's own first: ``training, auc, precision, recall``; ``kept``: of
        the model's list, the share that is on this one too; ``rank_correlation`` of risks
        (Spearman).
    capacity : float
        Of 1,000 households.
    """

    table: pd.DataFrame
    capacity: float

    @property
    def kept(self) -> tuple[float, float]:
        """The least and the most of the model's list that another seed's list holds too."""
        others = self.table["kept"].iloc[1:]
        return float(others.min()), float(others.max())

    @property
    def finding(self) -> str:
        """Say in a clause how far measures and lists move."""
        low, high = (100 * each for each in self.kept)
        precision = 100 * self.table["precision"]
        auc = self.table["auc"]
        return (
            f"over {say_count(len(self.table))} trainings precision at capacity is "
            f"{say_range(precision.min(), precision.max())}%, the AUC "
            f"{say_range(auc.min(), auc.max(), 3)}, and {say_range(low, high, 0)}% of the list "
            "stays on it"
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against the list, a sentence each."""
        least = self.kept[0]
        if least >= 0.8:
            return ()
        return (
            f"With another seed up to {say_number(100 * (1 - least), 0)}% of the list would be "
            "other households: being on it or not is partly a matter of chance.",
        )

    def summary(self) -> pd.DataFrame:
        """Return the table with shares in per cent."""
        table = self.table
        return pd.DataFrame(
            {
                "training": table["training"],
                "auc": table["auc"].round(3),
                "precision": (100 * table["precision"]).round(1),
                "recall": (100 * table["recall"]).round(1),
                "of_the_list_kept": (100 * table["kept"]).round(1),
                "rank_correlation": table["rank_correlation"].round(3),
            }
        )

    def plot(self) -> Picture:
        """Draw how much of the model's list each other training keeps."""
        data = self.table.iloc[1:][["training", "kept"]].reset_index(drop=True)
        return Picture(draw=_draw, data=data, height=0.85 + _ROW * len(data))


def _row(
    name: str,
    risk: pd.Series,
    frame: pd.DataFrame,
    listed: pd.Series,
    own: pd.Series,
    capacity: float,
) -> dict[str, object]:
    happened = frame["happened"].to_numpy(bool)
    ranked = Ranking(risk.to_numpy(float), happened).weighed(np.ones(len(frame)))
    precision, recall = ranked.precision_and_recall(share_of(capacity))
    return {
        "training": name,
        "auc": ranked.auc,
        "precision": precision,
        "recall": recall,
        "kept": float((listed & own).sum() / own.sum()),
        "rank_correlation": float(risk.corr(frame["risk"], method="spearman")),
    }


def _draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
    width, height = figure.get_size_inches()
    left, right = (0.75, 0.5) if narrow else (1.0, 0.7)
    deep = _ROW * len(data)
    axes = figure.add_axes((left / width, 0.36 / height, 1 - (left + right) / width, deep / height))
    axes.patch.set_visible(False)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.grid(axis="x", color=TOKENS["rule"], lw=0.75)
    axes.tick_params(axis="y", length=0)
    for place, row in enumerate(data.to_dict("records")):
        kept = 100 * float(row["kept"])
        axes.plot([0, kept], [place, place], **LINES["other"])
        axes.plot(kept, place, marker="o", ms=6, mew=0, color=TOKENS["ink"])
        at_edge(axes, place, f"{say_number(kept, 0)}%", away=4)
    axes.set_yticks(range(len(data)), list(data["training"]))
    axes.set_ylim(len(data) - 0.5, -0.5)
    axes.set_xlim(0, 103)
    title = (
        "Of the list, also on this one, per cent"
        if narrow
        else ("Of the model's list, as many are on the list of this training too, per cent")
    )
    figure.text(0, 1 - 0.02 / height, title, va="top", ha="left")
