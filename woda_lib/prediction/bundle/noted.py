"""What the registry of features says of each feature that a model was made with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from woda_lib.prediction.errors import PredictionError
from woda_lib.records import nearest


class Registered(Protocol):
    """What is read of an entry of the feature registry."""

    @property
    def name(self) -> str:
        """The column's name."""

    @property
    def title(self) -> str:
        """As a caseworker reads it."""

    @property
    def source(self) -> Iterable[str]:
        """The fields ``<dataset>.<field>`` that it is made of."""

    @property
    def agreement(self) -> str:
        """The agreement under which they are shared."""

    @property
    def window_months(self) -> int | None:
        """How far it looks back; nothing where it is of the day."""


def noted(
    features: Iterable[Mapping[str, Any]], registry: Iterable[Registered]
) -> tuple[dict[str, Any], ...]:
    """Return a model's features with what the registry says of each.

    Raises
    ------
    PredictionError
        If the registry does not know one of them.
    """
    known = {entry.name: entry for entry in registry}
    told = []
    for feature in features:
        name = str(feature["name"])
        if name not in known:
            raise PredictionError(
                f"The model was made with the feature {name!r}, which the registry does not hold. "
                f"{nearest(name, known)} Save the model with the registry that it was trained with."
            )
        entry = known[name]
        told.append(
            {
                **feature,
                "title": entry.title,
                "fields": sorted(entry.source),
                "agreement": entry.agreement,
                "window_months": entry.window_months,
            }
        )
    return tuple(told)
