"""The queue in JupyterLab: pair after pair, three buttons, every decision kept at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from woda_lib.pilots.single_view.review.side_by_side import KINDS
from woda_lib.settings import in_a_run

if TYPE_CHECKING:  # only a notebook in JupyterLab has widgets
    from woda_lib.linkage.review_widget import ReviewWidget

SHOWN_BESIDES = ("one", "other", "why")


def review_panel(asked: pd.DataFrame, path: Path, *, by: str, seed: int) -> ReviewWidget | None:
    """Return the panel of one reviewer; in a run, where nobody looks on, nothing.

    Parameters
    ----------
    asked
        From `side_by_side`.
    path
        The reviewer's file, in a folder of `woda_lib.pilots.settling.reviews_folder`. It holds
        pseudonyms and decisions; what the records say is shown and not kept.
    by
        The reviewer.
    seed
        Of the order in which the pairs are asked, another for each reviewer.
    """
    if in_a_run():
        return None
    from woda_lib.linkage.review_widget import ReviewWidget

    pairs = asked.drop(columns=list(SHOWN_BESIDES))
    return ReviewWidget.of_pairs(pairs, KINDS, path, by=by, seed=seed)
