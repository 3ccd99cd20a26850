"""LightGBM's text of a model, held against the feature list that goes with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm as lgb

from woda_lib.prediction.errors import PredictionError

_LINE = "{}="
_DIRECTIONS = re.compile(r"^\[monotone_constraints: (.*)\]$", re.MULTILINE)
_AGAIN = "Take the bundle anew from the run that made it."


def read_trees(text: str, features: Sequence[Mapping[str, Any]], where: str) -> lgb.Booster:
    """Return the trees, if they were made with these features in this order.

    Parameters
    ----------
    text : str
    features : sequence of mapping
        ``name, kind, levels, direction`` of each.
    where : str
        How an error names the bundle.

    Raises
    ------
    PredictionError
        If the text is no model, or its features are others, stand in another order, are categories
        of other levels, or may move the risk another way.
    """
    # LightGBM itself ends the process on some texts that are cut short.
    if not text.startswith("tree\n") or "\nend of trees\n" not in text:
        raise PredictionError(f"{where}: model.txt is not LightGBM's text of a model. {_AGAIN}")
    names = _values(text, "feature_names")
    told = [str(feature["name"]) for feature in features]
    if sorted(names) != sorted(told):
        odd = sorted(set(names) ^ set(told))[0]
        raise PredictionError(
            f"{where}: features.json and model.txt do not tell of the same features; {odd!r} "
            f"stands in one of them alone. {_AGAIN}"
        )
    if names != told:
        place = next(i for i, pair in enumerate(zip(names, told, strict=True)) if len({*pair}) > 1)
        raise PredictionError(
            f"{where}: feature {place + 1} is {names[place]!r} in model.txt and {told[place]!r} in "
            f"features.json. In another order every risk would be another. {_AGAIN}"
        )
    _require_levels(text, features, where)
    _require_directions(text, features, where)
    try:
        return lgb.Booster(model_str=text)
    except lgb.basic.LightGBMError:
        raise PredictionError(
            f"{where}: LightGBM cannot read model.txt, which is damaged. {_AGAIN}"
        ) from None


def _require_levels(text: str, features: Sequence[Mapping[str, Any]], where: str) -> None:
    for feature, told in zip(features, _values(text, "feature_infos"), strict=True):
        is_category = feature["kind"] == "category"
        places = [int(place) for place in told.split(":")] if _is_category(told) else []
        if told != "none" and is_category != bool(places):
            raise PredictionError(
                f"{where}: the feature {feature['name']!r} is a category in one of model.txt and "
                f"features.json, and a number in the other. {_AGAIN}"
            )
        if places and max(places) >= len(feature["levels"]):
            raise PredictionError(
                f"{where}: the trees know more levels of {feature['name']!r} than features.json "
                f"names. {_AGAIN}"
            )


def _require_directions(text: str, features: Sequence[Mapping[str, Any]], where: str) -> None:
    found = _DIRECTIONS.search(text)
    held = [int(sign) for sign in found.group(1).split(",")] if found and found.group(1) else []
    held = held or [0] * len(features)
    for feature, sign in zip(features, held, strict=True):
        wanted = 0 if feature["kind"] == "category" else int(feature["direction"])
        if sign != wanted:
            raise PredictionError(
                f"{where}: features.json says {wanted} of the direction of {feature['name']!r}, "
                f"and the trees were held to {sign}. {_AGAIN}"
            )


def _values(text: str, key: str) -> list[str]:
    head = text.partition("\nTree=")[0]
    line = next((each for each in head.splitlines() if each.startswith(_LINE.format(key))), "")
    return line.partition("=")[2].split()


def _is_category(told: str) -> bool:
    return not told.startswith("[") and told != "none"
