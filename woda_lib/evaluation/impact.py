"""How an effect unfolds after the start: at once, later, little by little, or for a while.

The shape is part of the question and is fixed before any outcome is seen (Bernal, Cummins and
Gasparrini 2017, Int J Epidemiol 46: 348-355). A three-month ramp that is modelled as a step biases
the effect by nearly a third; a shape chosen because it fits best finds effects in noise.

========= ========================================================================================
step      the whole effect from the first step on; it lasts
slope     a step, and the line may bend too: the effect is the average over the time seen
bend      no step, only the line bends: the effect is again the average over the time seen
ramp:3    a quarter, a half, three quarters in the first three steps, then the whole effect
pulse:2   the whole effect for two steps, then none
lag:2     nothing in the first two steps; to be joined with another shape, "lag:2+ramp:3"
========= ========================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.errors import EvaluationError

Floats = NDArray[np.floating[Any]]
Shape = Literal["step", "slope", "bend", "ramp", "pulse"]


class ImpactError(EvaluationError):
    """The shape of the effect is not one that is known."""


@dataclass(frozen=True)
class Impact:
    """The shape of an effect over time.

    Attributes
    ----------
    shape
        "step", "slope", "bend", "ramp" or "pulse".
    length
        Steps that a ramp or a pulse takes.
    lag
        Steps after the start in which nothing happens yet.

    Examples
    --------
    >>> Impact.of("lag:1+ramp:3")
    Impact(shape='ramp', length=3, lag=1)
    >>> Impact.of("ramp:3").columns(np.arange(-1.0, 5.0))["step"].tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """

    shape: Shape = "step"
    length: int = 0
    lag: int = 0

    def __post_init__(self) -> None:
        if self.shape not in get_args(Shape):
            raise ImpactError(
                f"The impact {self.shape!r} is not known. Give one of "
                f"{', '.join(get_args(Shape))}, a ramp or a pulse with its length (ramp:3), and "
                "perhaps a lag before it (lag:2+step)."
            )
        lasting = self.shape in ("ramp", "pulse")
        if lasting and self.length < 1:
            raise ImpactError(
                f"A {self.shape} needs its length in steps of the series, from 1 up: "
                f'impact="{self.shape}:3".'
            )
        if not lasting and self.length:
            raise ImpactError(f"The impact {self.shape!r} has no length. Leave the number out.")
        if self.lag < 0:
            raise ImpactError("A lag counts steps after the start and cannot be negative.")

    @classmethod
    def of(cls, given: str | Impact) -> Impact:
        """Read an impact as it is written: "step", "ramp:3", "lag:2", "lag:1+slope".

        Raises
        ------
        ImpactError
            If it is not so written.
        """
        if isinstance(given, Impact):
            return given
        shapes: list[Shape] = []
        length = lag = 0
        for part in str(given).replace(" ", "").split("+"):
            name, _, number = part.partition(":")
            if number and not number.isdigit():
                raise ImpactError(
                    f"The impact {given!r} has no whole number after its colon. Write ramp:3."
                )
            if name == "lag":
                lag = int(number or 0)
                if lag == 0:
                    raise ImpactError('A lag needs its length in steps of the series: "lag:2".')
                continue
            shapes.append(name)  # type: ignore[arg-type]  # __post_init__ checks it
            length = int(number or 0)
        if len(shapes) > 1:
            raise ImpactError(
                f"The impact {given!r} names {len(shapes)} shapes. Give one, with a lag if need be."
            )
        return cls(shapes[0] if shapes else "step", length, lag)

    def columns(self, since: Floats) -> dict[str, Floats]:
        """Lay the effect out over time, as columns of a design.

        Parameters
        ----------
        since
            (T,) steps since the start; negative before it.

        Returns
        -------
        dict
            ``step``, whose coefficient is the effect; and for "slope" a second column, ``slope``, a
            step of time each, centred so that the first remains the average effect.
        """
        along = since - self.lag
        on = (along >= 0).astype(float)
        match self.shape:
            case "ramp":
                return {"step": np.clip((along + 1) / (self.length + 1), 0, 1)}
            case "pulse":
                return {"step": on * (along < self.length)}
            case "bend":
                risen = on * (along + 1)
                return {"step": risen / max(risen[on > 0].mean() if on.any() else 1.0, 1e-9)}
            case "slope":
                middle = along[on > 0].mean() if on.any() else 0.0
                return {"step": on, "slope": on * (along - middle)}
        return {"step": on}

    def full(self, since: Floats) -> NDArray[np.bool_]:
        """(T,) whether the whole effect, or the time it is averaged over, has come."""
        along = since - self.lag
        last = self.length if self.shape == "pulse" else np.inf
        first = self.length if self.shape == "ramp" else 0
        return (along >= first) & (along < last)

    def __str__(self) -> str:
        said = {
            "step": "step",
            "slope": "step and change of slope",
            "bend": "change of slope without a step",
            "ramp": f"ramp over {self.length} steps",
            "pulse": f"pulse of {self.length} steps",
        }[self.shape]
        return f"{said} after a lag of {self.lag}" if self.lag else said
