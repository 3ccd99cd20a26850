"""Write a fitted model to a JSON file and read it back: parameters, and the aliases learned.

Aliases apart, which several clusters hold each, it has no value of any record.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from woda_lib.linkage.dependence import Dependence
from woda_lib.linkage.errors import ModelError
from woda_lib.linkage.fellegi_sunter import LinkageModel
from woda_lib.linkage.spec import ComparisonSpec, LinkageSpec

FORMAT = "woda linkage model"


def save_model(model: LinkageModel, path: str | Path) -> None:
    """Write a model as JSON, whole or not at all; numbers keep every digit."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}")
    hidden.write_text(model_text(model), encoding="utf-8")
    hidden.replace(path)


def model_text(model: LinkageModel) -> str:
    """Return what `save_model` writes."""
    return json.dumps(_plain(model), indent=1, ensure_ascii=False)


def load_model(path: str | Path) -> LinkageModel:
    """Read a model that `save_model` wrote.

    Raises
    ------
    ModelError
        The file is missing, damaged, or no linkage model.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ModelError(f"The model {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise ModelError(_no_model(str(path))) from None
    return model_of(text, origin=str(path))


def model_of(text: str, *, origin: str = "The text") -> LinkageModel:
    """Read a model from what `model_text` returned.

    Parameters
    ----------
    text
        What was kept.
    origin
        Where it was kept, for the message.

    Raises
    ------
    ModelError
        It is damaged, or no linkage model.
    """
    try:
        content = json.loads(text)
        if content.pop("format") != FORMAT:
            raise ValueError
        content["comparisons"] = tuple(
            ComparisonSpec.model_validate(each) for each in content["comparisons"]
        )
        content["household"] = tuple(content["household"])
        content["dependence"] = tuple(
            Dependence(edge["first"], edge["second"], np.array(edge["excess"], dtype=float))
            for edge in content["dependence"]
        )
        arrays = {name: value for name, value in content.items() if isinstance(value, list)}
        content |= {name: np.array(value, dtype=float) for name, value in arrays.items()}
        return LinkageModel(**content)
    except (ValueError, TypeError, KeyError, AttributeError, ValidationError):
        raise ModelError(_no_model(origin)) from None


def _no_model(origin: str) -> str:
    return (
        f"{origin} is not a linkage model of this version, or is damaged. Fit the model again "
        f"with link(), and save it with result.model.save()."
    )


def fingerprint(model: LinkageModel, spec: LinkageSpec) -> str:
    """Return a text that differs when the model, or what the specification decides, does.

    Where decisions of people lie is left out: they may change from one update to the next.
    """
    whole = [_plain(model), spec.model_dump(mode="json", by_alias=True, exclude={"decisions"})]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def require_fit(model: LinkageModel, spec: LinkageSpec) -> LinkageSpec:
    """Refuse a model whose comparisons or household fields are not the specification's.

    Returns
    -------
    LinkageSpec
        The specification, with the aliases that the model learned.

    Raises
    ------
    ModelError
    """
    known = {comparison.field: comparison.aliases for comparison in model.comparisons}
    comparisons = [
        each.model_copy(update={"aliases": known.get(each.field, {})}) for each in spec.comparisons
    ]
    if list(model.comparisons) != comparisons or model.household != tuple(spec.household):
        raise ModelError(
            "This model was fitted with other comparisons or household fields than the "
            "specification's. Fit one with link() under this specification."
        )
    return spec.model_copy(update={"comparisons": comparisons})


def _plain(model: LinkageModel) -> dict[str, Any]:
    content: dict[str, Any] = {"format": FORMAT}
    for each in fields(model):
        value = getattr(model, each.name)
        if each.name == "comparisons":
            value = [one.model_dump(mode="json", by_alias=True) for one in value]
        elif each.name == "dependence":
            value = [vars(edge) | {"excess": edge.excess.tolist()} for edge in value]
        elif isinstance(value, (np.ndarray, np.generic)):
            value = value.tolist()
        content[each.name] = value
    return content
