"""What a model is told of a household: its features, and the refusal of tables that lack them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from woda_lib.prediction.errors import PredictionError

Kind = Literal["number", "flag", "category"]

FLAGS = frozenset({"any", "open", "level"})
"""What the registry calls a feature's `how` where it is 0 or 1."""

KEYS = ("household_id", "index_date")
"""What a row is: a household on a day."""

SURE_OF_A_LOSS = 0.001
"""A source is taken for missing where, by training, chance empties it less often than this."""


class Registry(Protocol):
    """What is read of the feature registry, `woda_lib.prediction.features.FeatureSet`."""

    @property
    def features(self) -> Sequence[Any]:
        """Entries, each with `name`, `how` and `source`."""

    @property
    def directions(self) -> Mapping[str, int]:
        """To each name 1: more never lowers the risk; -1: more never raises it; 0: not fixed."""

    @property
    def levels(self) -> Mapping[str, tuple[str, ...]]:
        """To each category all that it can be."""


@dataclass(frozen=True)
class Feature:
    """One column that a model was made with.

    Attributes
    ----------
    name, levels, direction
        As in the registry.
    kind
        ``number``, ``flag`` (0 or 1) or ``category``.
    source
        The tables that it is from, joined by ``, ``.
    missing
        Share of the training rows in which it had no value.
    source_missing
        Share of the training rows in which nothing of its source had a value.
    """

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()
    direction: int = 0
    source: str = ""
    missing: float = 0.0
    source_missing: float = 0.0

    def plain(self) -> dict[str, Any]:
        """Return it as a dictionary that JSON can hold."""
        return {**asdict(self), "levels": list(self.levels)}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Feature:
        """Return what `plain` wrote."""
        return cls(**{**plain, "levels": tuple(plain["levels"])})


def told(feature_set: Registry | Sequence[Feature]) -> tuple[Feature, ...]:
    """Return what a model is told, from the registry or from a list of features.

    Raises
    ------
    PredictionError
        If it is empty.
    """
    if isinstance(feature_set, Sequence):
        known = tuple(feature_set)
    else:
        known = tuple(_of_the_registry(entry, feature_set) for entry in feature_set.features)
    if not known:
        raise PredictionError("The feature set is empty: there is nothing to tell a model.")
    return known


def _of_the_registry(entry: Any, registry: Registry) -> Feature:
    levels = tuple(registry.levels.get(entry.name, ()))
    tables = dict.fromkeys(source.rpartition(".")[0] for source in entry.source)
    return Feature(
        name=entry.name,
        kind="category" if levels else "flag" if entry.how in FLAGS else "number",
        levels=levels,
        direction=registry.directions[entry.name],
        source=", ".join(tables),
    )


def matrix(frame: pd.DataFrame, features: Iterable[Feature]) -> np.ndarray:
    """Return the features as numbers, a category as the place of its level.

    Parameters
    ----------
    frame
        One row a household on a day; a column a feature. Other columns are not looked at.
    features
        In the model's order.

    Returns
    -------
    ndarray of float64
        Rows as in `frame`, columns as `features`; NaN where there is no value.

    Raises
    ------
    PredictionError
        If there are no rows, a column is missing, given twice or of another type, a number is
        infinite, a flag is neither 0 nor 1, or a category is none of its levels.
    """
    if not isinstance(frame, pd.DataFrame):
        raise PredictionError(
            f"Features must be a pandas DataFrame, and these are a {type(frame).__name__}."
        )
    if frame.empty:
        raise PredictionError("There are no rows to look at. Check the filter they came through.")
    features = tuple(features)
    lacking = [feature.name for feature in features if feature.name not in frame]
    if lacking:
        raise PredictionError(
            f"The table of features lacks {_say(lacking)}. Build it anew from the registry that "
            "the model was made with."
        )
    columns = [_numbers(frame[feature.name], feature) for feature in features]
    return np.column_stack(columns)


def check_missing(values: np.ndarray, features: Iterable[Feature]) -> None:
    """Refuse what a model would score silently although it was never shown the like.

    LightGBM takes a missing value for nought where a feature was never missing in training.

    Raises
    ------
    PredictionError
        If a feature is missing somewhere and never was in training, or if a source is missing
        everywhere and by training that is no chance (`SURE_OF_A_LOSS`).
    """
    features = tuple(features)
    empty = np.isnan(values)
    for source, places in by_source(features).items():
        expected = features[places[0]].source_missing
        if empty[:, places].all() and expected ** len(values) < SURE_OF_A_LOSS:
            names = [features[place].name for place in places]
            raise PredictionError(
                f"Nothing of the source {source!r} has a value in any of {len(values):,} rows "
                f"({_say(names)}). Its delivery is missing; load it and build the features anew."
            )
    for place, feature in enumerate(features):
        if feature.missing == 0 and empty[:, place].any():
            raise PredictionError(
                f"The feature {feature.name!r} has no value in {int(empty[:, place].sum()):,} of "
                f"{len(values):,} rows, and always had one when the model was made. Find out why, "
                "or leave those rows out and report how many there were."
            )


def with_missing(features: Iterable[Feature], values: np.ndarray) -> tuple[Feature, ...]:
    """Return the features with the shares of training rows in which they had no value."""
    features = tuple(features)
    empty = np.isnan(values)
    sources = {
        source: float(empty[:, places].all(axis=1).mean())
        for source, places in by_source(features).items()
    }
    return tuple(
        Feature(
            **{
                **asdict(feature),
                "levels": feature.levels,
                "missing": float(empty[:, place].mean()),
                "source_missing": sources[feature.source],
            }
        )
        for place, feature in enumerate(features)
    )


def by_source(features: Iterable[Feature]) -> dict[str, list[int]]:
    """Return the places of each source's features."""
    places: dict[str, list[int]] = {}
    for place, feature in enumerate(features):
        places.setdefault(feature.source, []).append(place)
    return places


def fingerprint(*arrays: np.ndarray) -> str:
    """Return the SHA-256 of arrays: their types, shapes and values."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(json.dumps([str(array.dtype), array.shape]).encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def _numbers(column: pd.Series | pd.DataFrame, feature: Feature) -> np.ndarray:
    if isinstance(column, pd.DataFrame):
        raise PredictionError(f"The table has more than one column {feature.name!r}.")
    if feature.kind == "category":
        return _places(column, feature)
    if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
        raise PredictionError(
            f"The feature {feature.name!r} must hold numbers, and its column is of the type "
            f"{column.dtype}. Give numbers as float64, with NaN where there is no value."
        )
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    if np.isinf(values).any():
        raise PredictionError(
            f"The feature {feature.name!r} is infinite in row {int(np.isinf(values).argmax()) + 1}."
        )
    if feature.kind == "flag":
        bad = ~(np.isnan(values) | (values == 0) | (values == 1))
        if bad.any():
            raise PredictionError(
                f"The feature {feature.name!r} is 0 or 1, and row {int(bad.argmax()) + 1} holds "
                "another number."
            )
    return values


def _places(column: pd.Series, feature: Feature) -> np.ndarray:
    text = isinstance(column.dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(column)
    if not (text or pd.api.types.is_object_dtype(column)):
        raise PredictionError(
            f"The feature {feature.name!r} is a category, and its column is of the type "
            f"{column.dtype}. Its levels are {_say(feature.levels)}."
        )
    levels = {level: float(place) for place, level in enumerate(feature.levels)}
    values = column.astype("object").map(levels).to_numpy(dtype="float64")
    unseen = np.isnan(values) & column.notna().to_numpy()
    if unseen.any():
        raise PredictionError(
            f"The feature {feature.name!r} has a category that the model never saw, first in row "
            f"{int(unseen.argmax()) + 1} ({int(unseen.sum()):,} rows). It knows "
            f"{_say(feature.levels)}. Map the new one to one of these, or train anew with it."
        )
    return values


def _say(names: Iterable[str]) -> str:
    names = [repr(name) for name in names]
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
