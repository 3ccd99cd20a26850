"""Figures: every mark must come from the gated numbers, and none may be a person.

The numbers behind a figure pass the gate as a table does. That is worth something only if the ink
shows these numbers and no others, so what was drawn is looked at before it is written: a drawing
with more marks than its data have rows, or with marks that stand at none of its numbers, was drawn
from something that never passed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PathCollection
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from woda_lib.disclosure.rule import DisclosureError
from woda_lib.figures import Picture

_STEPS = 8
"""Falling values from which a column is taken for a survival curve."""

_A_LIST = 10
"""Rows of measurements without a label or a count, from which they are taken for people."""


def refuse_people_as_marks(picture: Picture, *, name: str) -> None:
    """Refuse a figure of single people: scatter plots, and curves that fall at each event.

    Raises
    ------
    DisclosureError
        If each mark is a person, by the figure's word or by its data: measurements side by side
        with neither a label nor a count; or a survival curve without the events behind its steps.
    """
    data = picture.data
    numbers = data.select_dtypes(include="number")
    floats = [c for c in numbers if not (numbers[c].dropna() % 1 == 0).all()]
    unlabelled = numbers.shape[1] == data.shape[1]
    distinct = [c for c in numbers if numbers[c].nunique() > 0.9 * len(data)]
    looks_so = unlabelled and len(distinct) > 1 and len(data) >= _A_LIST and len(floats) > 1
    falling = [c for c in floats if _is_survival(data[c])]
    if picture.each_mark == "person" or (looks_so and not picture.counts and not falling):
        raise DisclosureError(
            f"The figure {name} draws a mark for each person. Draw groups instead: means with the "
            "number of people behind each, or people counted in bins of both measures."
        )
    if falling and not picture.counts:
        raise DisclosureError(
            f"The figure {name} shows a survival curve ({falling[0]}), of which every step is "
            "somebody's event. Give the events of each step as a column in counts, and take steps "
            "wide enough (weeks, months) to hold several."
        )


def refuse_foreign_marks(figure: Figure, data: pd.DataFrame, *, name: str) -> None:
    """Refuse a drawing of something else than its gated data.

    Parameters
    ----------
    figure : Figure
        As drawn.
    data : DataFrame
        What the gate passed, a row a mark.
    name : str

    Raises
    ------
    DisclosureError
        If a line, bar or point stands at none of the numbers of `data`, an artist has more points
        than a row of `data` can account for, or a picture is pasted in.
    """
    numbers = _numbers(data)
    # A point may also stand at its row's place; a bar must have a length or an end of the data's.
    places = np.union1d(numbers, np.arange(-1.0, len(data) + 1))
    for axes in figure.axes:
        if axes.images:
            raise DisclosureError(
                f"The figure {name} holds an image, of which nobody can say what it shows. Draw "
                "lines, bars and points from the data that it gives."
            )
        for points, are_bars in _marks(axes):
            if len(points) > 4 * len(data) + 8:
                raise DisclosureError(
                    f"The figure {name} draws {len(points)} points, and its data have {len(data)} "
                    "rows. Draw from the data that draw is given, which have passed the gate."
                )
            foreign = ~_near(points, numbers if are_bars else places).any(axis=1)
            if foreign.any():
                raise DisclosureError(
                    f"The figure {name} draws {int(foreign.sum())} points that stand at none of "
                    "its numbers. Draw from the data that draw is given, which have passed the "
                    "gate, and put what else is drawn among them."
                )


def _is_survival(values: pd.Series) -> bool:
    numbers = values.dropna().to_numpy(float)
    if len(numbers) < _STEPS or not 0 <= numbers.min() <= numbers.max() <= 100:
        return False
    steps = np.diff(numbers)
    top = 1.0 if numbers.max() <= 1 else 100.0
    return bool((steps <= 0).all() and (steps < 0).sum() >= _STEPS - 1 and numbers[0] > 0.8 * top)


def _numbers(data: pd.DataFrame) -> np.ndarray:
    """Everything that the data hold as a place on an axis: numbers and days, but not nought."""
    parts = [np.array([], dtype=float)]
    for column in data.columns:
        if pd.api.types.is_datetime64_any_dtype(data[column]):
            parts.append(np.asarray(date2num(data[column].dropna())))
        elif pd.api.types.is_numeric_dtype(data[column]):
            parts.append(data[column].astype("Float64").dropna().to_numpy(float))
    numbers = np.unique(np.concatenate(parts))
    return numbers[numbers != 0]


def _marks(axes: Axes) -> Iterator[tuple[np.ndarray, bool]]:
    """The points of each artist in data coordinates, an array (n, k); and whether they are bars."""
    for line in axes.lines:
        if line.get_transform() == axes.transData:
            yield _finite(np.asarray(line.get_xydata(), dtype=float)), False
    for collection in axes.collections:
        for points in _collected(collection, axes):
            yield points, False
    for patch in axes.patches:
        if patch.get_data_transform() == axes.transData:
            yield from _patched(patch)


def _collected(collection: Collection, axes: Axes) -> Iterator[np.ndarray]:
    if isinstance(collection, PathCollection):
        if collection.get_offset_transform() == axes.transData:
            yield _finite(np.ma.filled(np.ma.asarray(collection.get_offsets(), float), np.nan))
    elif collection.get_transform() == axes.transData:
        for path in collection.get_paths():
            yield _finite(np.asarray(path.vertices, dtype=float))


def _patched(patch: Patch) -> Iterator[tuple[np.ndarray, bool]]:
    if isinstance(patch, Rectangle):
        x, y, width, height = (*patch.get_xy(), patch.get_width(), patch.get_height())
        if width and height:
            yield _finite(np.array([[x, y, x + width, y + height, width, height]])), True
    else:
        yield _finite(np.asarray(patch.get_path().vertices, dtype=float)), False


def _finite(points: np.ndarray) -> np.ndarray:
    return points[np.isfinite(points).all(axis=1)]


def _near(points: np.ndarray, known: np.ndarray) -> np.ndarray:
    known = np.concatenate([[-np.inf], known, [np.inf]])
    places = np.clip(np.searchsorted(known, points), 1, len(known) - 1)
    nearest = np.minimum(np.abs(points - known[places - 1]), np.abs(points - known[places]))
    return np.asarray(nearest <= 1e-6 * np.maximum(1.0, np.abs(points)))
