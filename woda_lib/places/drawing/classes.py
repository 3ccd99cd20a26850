"""Classes of a choropleth: where one shade ends and the next begins, and how the legend says it.

Values are rounded as the legend writes them *before* they are put into classes, so that whoever
reads a value beside the legend finds it in one class and in no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.places.errors import PlacesError

Scheme = Literal["quantiles", "natural_breaks", "equal_interval", "given"]


@dataclass(frozen=True)
class Classes:
    """Where the shades of a map begin and end."""

    lowest: float
    breaks: tuple[float, ...]  # the highest value of each class, ascending
    decimals: int

    def of(self, values: pd.Series) -> pd.Series:
        """Return the class of each value, from 0; <NA> where there is no value."""
        rounded = _rounded(values, self.decimals)
        found = np.searchsorted(np.array(self.breaks), rounded.to_numpy(), side="left")
        classes = pd.Series(np.minimum(found, len(self.breaks) - 1), values.index, dtype="Int64")
        return classes.mask(rounded.isna())

    def labels(self) -> tuple[str, ...]:
        """Say each class as a range whose both ends belong to it: ``12.2 to 18.3``."""
        step = 10.0**-self.decimals
        lows = (self.lowest, *(highest + step for highest in self.breaks[:-1]))
        return tuple(self._range(low, high) for low, high in zip(lows, self.breaks, strict=True))

    def _range(self, low: float, high: float) -> str:
        first, last = (f"{value:,.{self.decimals}f}".replace("-", "−") for value in (low, high))
        return first if first == last else f"{first} to {last}"


def make_classes(
    values: pd.Series,
    *,
    scheme: Scheme = "quantiles",
    number: int = 5,
    breaks: Sequence[float] = (),
    decimals: int = 0,
) -> Classes:
    """Divide values into classes.

    Parameters
    ----------
    values : Series
        Numbers; missing ones are left out.
    scheme : {"quantiles", "natural_breaks", "equal_interval", "given"}
        As many areas in each class; classes as alike within as can be (Fisher 1958, Jenks 1977);
        classes as wide as each other; or those of `breaks`. All but the last as `mapclassify` has
        them.
    number : int
        How many classes, 2 to 9. Ties and rounding may leave fewer.
    breaks : sequence of float
        With ``given``: the highest value of each class but the last, ascending.
    decimals : int
        How the legend writes values.

    Raises
    ------
    PlacesError
        If there is nothing to divide, or the classes asked for cannot be.
    """
    if not 2 <= number <= 9:
        raise PlacesError(f"A map of {number} classes cannot be read; ask for 2 to 9.")
    known = _rounded(values, decimals).dropna().astype(float)
    if known.empty:
        raise PlacesError("No area has a value, so that there is nothing to shade.")
    if not np.isfinite(known).all():
        raise PlacesError("A value is infinite; a rate over nobody is missing, not infinite.")
    if scheme == "given":
        inner = _checked(breaks)
    elif known.min() == known.max():
        inner = ()
    else:
        ends = _ends(known.to_numpy(), scheme, min(number, known.nunique()))
        # A class ends at the highest value in it, and not somewhere between two values.
        inner = tuple(float(known[known <= end].max()) for end in ends[:-1])
    kept = np.unique(np.round(np.array(inner, dtype=float), decimals))
    kept = kept[kept < known.max()] if scheme != "given" else kept
    highest = max([float(known.max()), *(kept[-1:] + 10.0**-decimals)])
    lowest = min([float(known.min()), *kept[:1]])
    return Classes(lowest, (*(float(value) for value in kept), highest), decimals)


def _ends(values: NDArray[Any], scheme: Scheme, number: int) -> NDArray[np.float64]:
    """Return where classes end, with the arithmetic of `mapclassify` to the last bit.

    `mapclassify` compiles its natural breaks as it is imported, and imports scikit-learn: seconds
    that only a map with natural breaks has to spend.
    """
    if scheme == "natural_breaks":
        from mapclassify import FisherJenks

        breaks: NDArray[np.float64] = FisherJenks(values, k=number).bins
        return breaks
    if scheme == "equal_interval":
        lowest, highest = values.min(), values.max()
        width = (highest - lowest) / number
        return np.arange(lowest + width, highest + width, width)[:number]
    from scipy.stats import scoreatpercentile

    share = 100.0 / number
    shares = np.minimum(np.arange(share, 100 + share, share), 100.0)
    return np.unique([scoreatpercentile(values, each) for each in shares])


def _checked(breaks: Sequence[float]) -> tuple[float, ...]:
    given = tuple(float(value) for value in breaks)
    if not given or list(given) != sorted(set(given)) or not np.isfinite(given).all():
        raise PlacesError(
            f"The breaks {list(given)} are not ascending numbers. Give the highest value of each "
            "class but the last."
        )
    return given


def _rounded(values: pd.Series, decimals: int) -> pd.Series:
    try:
        return pd.to_numeric(values).astype("Float64").astype(float).round(decimals)
    except (TypeError, ValueError) as error:
        raise PlacesError(
            f"The column {values.name!r} holds text, which has no shade from light to dark. Draw "
            "kinds with Kinds instead."
        ) from error
