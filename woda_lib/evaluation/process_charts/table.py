"""Many measures at a glance: a row each with its two icons, as a board report shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.process_charts.build import process_chart
from woda_lib.evaluation.process_charts.chart import ProcessChart
from woda_lib.evaluation.process_charts.errors import ProcessChartError
from woda_lib.evaluation.process_charts.icons import draw_icons, icon_svg
from woda_lib.evaluation.process_charts.picture import draw_series, time_axis
from woda_lib.figures import TOKENS, Picture
from woda_lib.phrases import say_number

_ROW = 0.62  # inches
_HEAD = 0.34  # inches


@dataclass(frozen=True)
class ProcessTable:
    """One chart a measure.

    Attributes
    ----------
    charts
        Measure to its chart, in the order of the table.
    """

    charts: Mapping[str, ProcessChart]

    @property
    def table(self) -> pd.DataFrame:
        """One row a measure: `measure, at, latest, target, mean, lower, upper, variation,
        assurance, points`, and what its chart warns of."""
        return pd.DataFrame([_row(name, chart) for name, chart in self.charts.items()])

    @property
    def matrix(self) -> pd.DataFrame:
        """Measures by variation (rows) and assurance (columns), the grid of a board report."""
        table = self.table.assign(assurance=lambda rows: rows["assurance"].fillna("no target"))
        return (
            table.groupby(["variation", "assurance"])["measure"]
            .agg(", ".join)
            .unstack(fill_value="")
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against single charts, each sentence after its measure's name."""
        return tuple(
            f"{name}: {sentence}"
            for name, chart in self.charts.items()
            for sentence in chart.warnings
        )

    def summary(self) -> pd.DataFrame:
        """Return the table without what only a check needs."""
        return self.table.drop(columns=["points"])

    def icons(self) -> dict[str, tuple[str, ...]]:
        """Return each measure's icons as SVG with their words, for a page of your own."""
        return {
            name: tuple(icon_svg(icon) for icon in chart.verdict.icons)
            for name, chart in self.charts.items()
        }

    def _points(self) -> pd.DataFrame:
        """Return what the pictures draw: every point of every chart."""
        tables = [chart.table.assign(measure=name) for name, chart in self.charts.items()]
        return pd.concat(tables, ignore_index=True).drop(columns=["segment"])

    def plot(self) -> Picture:
        """Draw a row a measure: name, latest value, target, icons and the whole series."""
        return Picture(
            draw=lambda figure, narrow, _: _draw_rows(self.charts, figure, narrow),
            data=self._points(),
            height=_HEAD + _ROW * len(self.charts),
        )

    def multiples(self, *, columns: int = 2) -> Picture:
        """Draw all charts small, side by side; a phone gets them one beneath the other.

        Parameters
        ----------
        columns
            Charts in a row of a wide page.
        """
        rows = -(-len(self.charts) // columns)
        return Picture(
            draw=lambda figure, narrow, _: _draw_multiples(
                self.charts, figure, narrow, columns=1 if narrow else columns
            ),
            data=self._points(),
            height=max(2.3 * rows, 1.5 * len(self.charts)),
        )


def process_table(
    frame: pd.DataFrame,
    *,
    measure: str,
    time: str,
    value: str | None = None,
    better: str | Mapping[Any, Any] | None = None,
    target: str | float | Mapping[Any, Any] | None = None,
    rebase: Mapping[Any, Any] | tuple[Any, ...] = (),
    **settings: Any,
) -> ProcessTable:
    """Chart many measures of one tidy table, a row each of its latest, variation and assurance.

    Parameters
    ----------
    frame
        One row a measure and time.
    measure, time, value
        Columns of the measure's name, its date and its value.
    better, target, rebase
        As `process_chart` takes them, for all measures or as a mapping of measure to its own.
    settings
        Anything else that `process_chart` takes, for all measures; a mapping of measure to its own
        for `chart`, `denominator`, `per` and `unit`.

    Returns
    -------
    ProcessTable

    Raises
    ------
    ProcessChartError, FrameError, TimeError
        If a measure cannot be charted; the message begins with its name.

    Examples
    --------
    >>> frame = pd.DataFrame({
    ...     "what": ["waits"] * 12 + ["falls"] * 12,
    ...     "month": list(pd.date_range("2024-01-01", periods=12, freq="MS")) * 2,
    ...     "value": [7, 9, 8, 7, 9, 8, 7, 8, 9, 8, 7, 20] + [3, 4, 3, 5, 4, 3, 4, 5, 3, 4, 4, 3],
    ... })
    >>> found = process_table(frame, measure="what", value="value", time="month", better="low",
    ...                       target={"falls": 9})
    >>> print(found.table[["measure", "latest", "variation", "assurance"]].to_string(index=False))
    measure  latest    variation assurance
      waits    20.0 concern high      None
      falls     3.0 common cause   passing
    """
    names = take(frame, measure=measure)["measure"]
    if names.isna().any():
        row = int(names.isna().to_numpy().argmax()) + 1
        raise ProcessChartError(f"The column {measure!r} names no measure in row {row}.")
    own = {"better": better, "target": target, "rebase": rebase, **settings}
    _check_mappings(own, set(names))
    charts = {}
    for name, rows in frame.reset_index(drop=True).groupby(names.astype(object), sort=False):
        given = {key: _of(setting, name) for key, setting in own.items()}
        given = {key: setting for key, setting in given.items() if setting is not None}
        try:
            charts[str(name)] = process_chart(rows, value=value, time=time, **given)
        except EvaluationError as error:
            raise type(error)(f"{name}: {error}") from None
    return ProcessTable(charts)


def _of(setting: Any, name: Any) -> Any:
    return setting.get(name) if isinstance(setting, Mapping) else setting


def _check_mappings(settings: Mapping[str, Any], names: set[Any]) -> None:
    for key, setting in settings.items():
        unknown = set(setting) - names if isinstance(setting, Mapping) else set()
        if unknown:
            raise ProcessChartError(
                f"`{key}` names measures that the table does not have: "
                f"{', '.join(sorted(map(str, unknown)))}."
            )


def _row(name: str, chart: ProcessChart) -> dict[str, Any]:
    newest = chart.table[chart.table["used"]].iloc[-1]
    return {
        "measure": name,
        "at": newest["time"],
        "latest": newest["value"],
        "target": chart.target,
        "mean": chart.estimate,
        "lower": chart.low,
        "upper": chart.high,
        "variation": chart.verdict.variation,
        "assurance": chart.verdict.assurance,
        "points": int(chart.segments["points"].iloc[-1]),
    }


def _draw_rows(charts: Mapping[str, ProcessChart], figure: Figure, narrow: bool) -> None:
    width, height = (float(inches) for inches in figure.get_size_inches())
    latest, target, icons, series = (1.9, 0.0, width, 0.0) if narrow else (2.5, 3.25, 4.5, 4.7)
    heads = [(0.0, "left", "Measure"), (latest, "right", "Latest")]
    if not narrow:
        heads += [(target, "right", "Target"), (series, "left", "The whole series")]
    for at, align, words in heads:
        figure.text(at / width, 1 - 0.02 / height, words, ha=align, va="top", weight="bold")
    for place, (measure, chart) in enumerate(charts.items()):
        middle = height - _HEAD - _ROW * (place + 0.5)
        rule = (middle + _ROW / 2) / height
        figure.add_artist(_rule(rule))
        figure.text(
            0, middle / height, _folded(measure, 14 if narrow else 24), va="center",
            color=TOKENS["ink"],
        )  # fmt: skip
        newest = chart.table[chart.table["used"]]["value"].iloc[-1]
        digits = chart.decimals
        numbers = [(latest, say_number(newest, digits), "bold")]
        if not narrow:
            said = "–" if chart.target is None else say_number(chart.target, digits)
            numbers.append((target, said, "normal"))
        for at, words, weight in numbers:
            figure.text(
                at / width, middle / height, words, ha="right", va="center", weight=weight,
                color=TOKENS["ink"],
            )  # fmt: skip
        # The first icon keeps its column whether or not a second stands beside it.
        room = 0.0 if len(chart.verdict.icons) == 2 else 0.52
        draw_icons(figure, chart.verdict.icons, right=icons - room, top=middle + 0.23, size=0.46)
        if not narrow:
            axes = figure.add_axes(
                (series / width, (middle - 0.25) / height, 1 - series / width, 0.5 / height)
            )
            draw_series(axes, chart, size=0.6)
            axes.margins(y=0.12)
            axes.set_axis_off()


def _rule(height: float) -> Line2D:
    return Line2D([0, 1], [height, height], color=TOKENS["rule"], lw=0.75)


def _folded(words: str, width: int) -> str:
    lines, line = [], ""
    for word in words.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def _draw_multiples(
    charts: Mapping[str, ProcessChart], figure: Figure, narrow: bool, *, columns: int
) -> None:
    width, height = (float(inches) for inches in figure.get_size_inches())
    rows = -(-len(charts) // columns)
    tall, wide = height / rows, width / columns
    for place, (measure, chart) in enumerate(charts.items()):
        row, column = divmod(place, columns)
        left, top = column * wide, height - row * tall
        axes = figure.add_axes(
            (
                (left + 0.42) / width,
                (top - tall + 0.34) / height,
                (wide - 0.62) / width,
                (tall - 0.92) / height,
            )
        )
        axes.patch.set_visible(False)
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.grid(axis="y", color=TOKENS["rule"], lw=0.75)
        axes.tick_params(axis="y", length=0)
        draw_series(axes, chart, size=0.7)
        time_axis(axes, chart.table["time"], narrow=True)
        figure.text(
            left / width, (top - 0.05) / height, _folded(measure, 22 if narrow else 30), va="top",
            color=TOKENS["ink"], weight="bold",
        )  # fmt: skip
        draw_icons(figure, chart.verdict.icons, right=left + wide - 0.2, top=top - 0.02, size=0.44)
