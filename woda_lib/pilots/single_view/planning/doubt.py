"""What doubtful links do to the counts: left out, as the build has them, and taken in.

A record hangs on its person by the least sure of its links. Where that is doubtful, what the record
says is told of the household once without it, and once with the records that were nearly linked;
the counts lie between the two as far as links are what is doubtful.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

AS_LINKED, LEFT_OUT, TAKEN_IN = "As linked", "Doubtful links left out", "Doubtful links taken in"


def without_doubtful(records: pd.DataFrame, sure: float) -> pd.DataFrame:
    """Return the records whose confidence is at least `sure`."""
    return records.loc[records["confidence"].ge(sure)]


def with_doubtful(records: pd.DataFrame, doubts: pd.DataFrame, least: float) -> pd.DataFrame:
    """Return the records, those of doubtful pairs also under each other's entity.

    Parameters
    ----------
    records
        The build's: `dataset, local_id, entity_id, confidence`.
    doubts
        The build's: `left_source, left_id, right_source, right_id, log2_odds`. Pairs whose ends
        are of one entity change nothing.
    least
        The least probability with which two records are taken for one person.
    """
    kept = ["dataset", "local_id", "entity_id", "confidence"]
    own = records[kept].astype(dict.fromkeys(kept[:3], object))
    probability = 1 / (1 + np.exp2(-doubts["log2_odds"].to_numpy(float)))
    pairs = doubts.assign(probability=probability).loc[probability >= least]
    parts = [own]
    for one, other in (("left", "right"), ("right", "left")):
        ends = pairs[[f"{one}_source", f"{one}_id", f"{other}_source", f"{other}_id"]].astype(
            object
        )
        ends = ends.set_axis(["dataset", "local_id", "other_source", "other_id"], axis=1)
        ends = ends.assign(confidence=pairs["probability"].to_numpy())
        of_other = own[["dataset", "local_id", "entity_id"]]
        of_other = of_other.set_axis(["other_source", "other_id", "entity_id"], axis=1)
        parts.append(ends.merge(of_other, on=["other_source", "other_id"])[kept])
    together = pd.concat(parts, ignore_index=True)
    return together.drop_duplicates(["dataset", "local_id", "entity_id"], ignore_index=True)


def readings(
    records: pd.DataFrame,
    doubts: pd.DataFrame,
    count: Callable[[pd.DataFrame], pd.DataFrame],
    *,
    sure: float,
    least: float,
    least_needs: int,
) -> pd.DataFrame:
    """Count families under three readings of the links.

    Parameters
    ----------
    records, doubts
        The build's.
    count
        Makes families (`families.with_facts`) of records.
    sure
        The probability below which a link is doubtful.
    least
        The probability from which a doubtful pair is taken in.
    least_needs
        From how many headings a family is in need.

    Returns
    -------
    DataFrame
        `reading`, `families`, those `with_needs`, of these with `early_help` and with `no_help`.
    """
    ways = {
        AS_LINKED: records,
        LEFT_OUT: without_doubtful(records, sure),
        TAKEN_IN: with_doubtful(records, doubts, least),
    }
    rows = [(name, *tally(count(own), least_needs)) for name, own in ways.items()]
    columns = ["reading", "families", "with_needs", "early_help", "no_help"]
    return pd.DataFrame(rows, columns=columns)


def tally(families: pd.DataFrame, least_needs: int) -> tuple[int, int, int, int]:
    """Return families, those in need, and of these those with early help and with no help."""
    needing = families.loc[families["needs"].ge(least_needs)]
    helped = int(needing["early_help"].sum()), int((~needing["helped"]).sum())
    return len(families), len(needing), *helped
