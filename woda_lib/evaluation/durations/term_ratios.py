"""Ratios of a regression, a term a row: the first is the answer, and one says nothing changed."""

from __future__ import annotations

from woda_lib.evaluation.result import Result


class TermRatios(Result):
    """What every regression of durations with ratios returns.

    Attributes
    ----------
    table : DataFrame
        A row a term, the group first: `estimate` (the ratio)`, low, high` and more.
    """

    @property
    def estimate(self) -> float:
        """The ratio of the group, or of the first term."""
        return float(self.table["estimate"].iloc[0])

    @property
    def low(self) -> float:
        """Lower limit of the interval."""
        return float(self.table["low"].iloc[0])

    @property
    def high(self) -> float:
        """Upper limit of the interval."""
        return float(self.table["high"].iloc[0])

    @property
    def no_effect(self) -> float:
        """One: as many, or as fast, as in the other group."""
        return 1.0
