"""Would a group be worse off with the model than with the rule it replaces?

A list of a few in a thousand misses most households of a group that has little risk, whoever draws
it, and error rates of groups whose rates differ cannot all be equal (Chouldechova 2017, Big Data 5:
153-163; Kleinberg, Mullainathan and Raghavan 2017, ITCS). What a new list can be held to is that it
takes from nobody: of each group it finds no fewer of those to whom it happened, and looks into no
more for nothing, than the list that caseworkers would draw without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.prediction.assessment.ranking import listed_share, share_of
from woda_lib.prediction.assessment.resampling import draws_of, limits
from woda_lib.prediction.assessment.scored import SCORERS, Numbers, take_scored
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.few import FEWEST_SHOWN, may_be_shown

MISSED = "missed_beyond_the_rule"
FOR_NOTHING = "for_nothing_beyond_the_rule"
OF_THE_RULE = (MISSED, FOR_NOTHING)
_LEVEL = 0.99  # of gaps: some 25 groups are looked at


def against_the_rule(
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    capacity: float,
    seed: int,
    bounds: Mapping[str, float],
    scorers: Mapping[str, str] = SCORERS,
    fewest: int = 30,
    shown: int = FEWEST_SHOWN,
    draws: int = 500,
) -> pd.DataFrame:
    """Set the model's list beside the rule's in every group.

    Parameters
    ----------
    frame
        ``household_id, happened``, the columns of `by`, and a column a scorer.
    by
        Columns of groups. A household without a value stands in "not known".
    capacity
        Of 1,000 households; both lists are of that length.
    seed, draws
        Of the household bootstrap, with both lists as they are.
    bounds
        Of `MISSED` and `FOR_NOTHING`, from 0 to 1: how much worse off a group may be.
    fewest
        Households to whom it happened (for `MISSED`), or did not, that a group must have.
    shown
        Households that both lists' shares must count, and leave uncounted, for the row to be shown:
        the agreement's threshold.

    Returns
    -------
    DataFrame
        A row a group and measure: ``by, group, households, happened, measure``; ``value`` with
        ``low, high`` of the model's list; ``gap`` with ``gap_low, gap_high`` (99%): the model's
        less the rule's, above 0 where the model is worse; ``bound``; ``exceeds``: beyond it, and
        beyond chance; ``within``: the whole interval is short of it; ``told``: large enough;
        ``shown``: figures count no few households. The stop rule judges what is not shown too.

    Raises
    ------
    PredictionError
        If the table cannot be judged, or a column of groups is missing.
    """
    if missing := [name for name in by if name not in frame]:
        raise PredictionError(f"The table to be judged has no groups by {', '.join(missing)}.")
    scored = take_scored(frame, {name: scorers[name] for name in ("model", "rule")})
    share = share_of(capacity)
    on_list = {name: listed_share(values, share) for name, values in scored.scores.items()}
    blocks = [_Block(frame[name], name, scored.happened, on_list) for name in by]
    drawn: list[list[Numbers]] = [[] for _ in blocks]
    for weights in draws_of(scored, draws, seed):
        for place, block in enumerate(blocks):
            drawn[place].append(block.rates(weights))
    whole = np.ones(scored.rows)
    tables = [
        block.table(block.rates(whole), np.stack(rates), bounds, fewest, shown)
        for block, rates in zip(blocks, drawn, strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


class _Block:
    """The groups of one column: how many of each are missed, and looked into for nothing."""

    def __init__(
        self,
        values: pd.Series,
        by: str,
        happened: NDArray[np.bool_],
        on_list: Mapping[str, Numbers],
    ) -> None:
        self._by = by
        text = values.astype("string").fillna("not known").astype(str)
        self._group, self._names = pd.factorize(text, sort=True)
        did = happened.astype(float)
        self._parts = [did, 1 - did]
        self._parts += [did * (1 - on_list[name]) for name in ("model", "rule")]
        self._parts += [(1 - did) * on_list[name] for name in ("model", "rule")]
        self._counts = np.stack([np.bincount(self._group), np.bincount(self._group, did)])

    def rates(self, weights: Numbers) -> Numbers:
        """Shares by measure (missed, for nothing), scorer (model, rule) and group."""
        did, did_not, *parts = (
            np.bincount(self._group, weights * part, len(self._names)) for part in self._parts
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.stack(
                [
                    [parts[0] / did, parts[1] / did],
                    [parts[2] / did_not, parts[3] / did_not],
                ]
            )

    def table(
        self,
        whole: Numbers,
        drawn: Numbers,
        bounds: Mapping[str, float],
        fewest: int,
        shown: int,
    ) -> pd.DataFrame:
        households, happened = self._counts
        of = {MISSED: happened, FOR_NOTHING: households - happened}
        tables = []
        for place, measure in enumerate(OF_THE_RULE):
            told = of[measure] >= fewest
            no_few = _no_few(np.nan_to_num(whole[place] * of[measure]), of[measure], shown)
            low, high = limits(drawn[:, place, 0], 0.95)
            gap = whole[place, 0] - whole[place, 1]
            gap_low, gap_high = limits(drawn[:, place, 0] - drawn[:, place, 1], _LEVEL)
            bound = float(bounds[measure])
            figures = {"value": whole[place, 0], "low": low, "high": high}
            figures |= {"gap": gap, "gap_low": gap_low, "gap_high": gap_high}
            tables.append(
                pd.DataFrame(
                    {
                        "by": self._by,
                        "group": list(self._names),
                        "households": households.astype(int),
                        "happened": happened.astype(int),
                        "measure": measure,
                        **{name: np.where(told, each, np.nan) for name, each in figures.items()},
                        "bound": bound,
                        "exceeds": told & (gap > bound) & (gap_low > 0),
                        "within": told & (gap_high <= bound),
                        "told": told,
                        "shown": told & no_few,
                    }
                )
            )
        return pd.concat(tables, ignore_index=True)


def _no_few(counts: Numbers, of: Numbers, fewest: int) -> NDArray[np.bool_]:
    """Return the groups of which both lists' shares count no few, nor of the rest, by the total."""
    others, of_others = counts.sum(axis=1, keepdims=True) - counts, of.sum() - of
    rest = may_be_shown(others, of_others, fewest) | (of_others == 0)
    return np.asarray((may_be_shown(counts, of, fewest) & rest).all(axis=0))
