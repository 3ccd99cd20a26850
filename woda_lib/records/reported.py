"""Figures that somebody else reported, each with its source: ``parameters/<pilot>/reported.yaml``.

::

    cost_avoided_per_month:
      value: 153000
      unit: pounds
      decimals: 0
      says: What the pilot reported that the new pathway saves.
      source: "Worcestershire Office of Data Analytics, pilot report, 2016"
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from woda_lib.errors import WodaError
from woda_lib.records.findings import explain, nearest
from woda_lib.records.named_files import read_mapping


class ReportedError(WodaError):
    """The file of reported figures is missing or does not say what it must."""

    exit_code = 2


class ReportedFigure(BaseModel):
    """One figure that was not measured here.

    Attributes
    ----------
    value : float
        The figure itself, as it was reported.
    low, high : float
        The ends of its interval, both or neither; the value lies between them.
    unit : str
        "days", "%", or "pounds".
    decimals : int
        Digits shown after the point.
    says : str
        What it is, in a sentence.
    source : str
        Who said it, where and when, so that a reader can find it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float
    low: float | None = None
    high: float | None = None
    unit: str = ""
    decimals: int = 1
    says: str = Field(min_length=1)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _interval_is_whole(self) -> ReportedFigure:
        if (self.low is None) != (self.high is None):
            raise ValueError("one end of its interval is missing: give both low and high")
        inside = (self.low is None or self.low <= self.value) and (
            self.high is None or self.value <= self.high
        )
        if not inside:
            raise ValueError("it lies outside its own interval")
        return self


def reported_file(parameters: Path, pilot: str) -> Path:
    """Where the figures lie that a study takes from others' reports."""
    return parameters / pilot / "reported.yaml"


def reported_figure(path: Path, name: str) -> ReportedFigure:
    """Return one reported figure.

    Raises
    ------
    ReportedError
        As `read_reported`; or if there is no figure of that name (the nearest is named).
    """
    figures = read_reported(path)
    if name not in figures:
        raise ReportedError(
            f"{path.parent.name}/{path.name} has no figure {name!r}. {nearest(name, figures)}"
        )
    return figures[name]


def read_reported(path: Path) -> dict[str, ReportedFigure]:
    """Read reported figures by name.

    Raises
    ------
    ReportedError
        If the file is absent or not YAML, or a figure lacks its source; naming the figure and key.
    """
    content = read_mapping(
        path,
        shown=path.name,
        absent=f"{path.name} is not in parameters/{path.parent.name}/, and the text says figures "
        "that were reported elsewhere. Write them there, each with its source.",
        error=ReportedError,
        holds="figures by name",
    )
    figures = {}
    for name, figure in content.items():
        try:
            figures[str(name)] = ReportedFigure.model_validate(figure)
        except ValidationError as error:
            raise ReportedError(
                f"{path.parent.name}/{path.name}: {name}: {explain(error)}"
            ) from None
    return figures
