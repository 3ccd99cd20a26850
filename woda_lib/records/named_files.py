"""A YAML file that holds one record, which one of its keys names as the file is named."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from woda_lib.errors import WodaError
from woda_lib.records.findings import explain, nearest

Record = TypeVar("Record", bound=BaseModel)


def read_named(
    path: Path, model: type[Record], *, key: str, shown: str, absent: str, error: type[WodaError]
) -> Record:
    """Read and check one record.

    Parameters
    ----------
    path
        The file.
    model
        What it must hold.
    key
        Of the record's name, and what such a record is called in an error.
    shown
        How an error names the file.
    absent
        What an error says of a file that is not there.
    error
        The class to raise, naming the file and the key, if the file is absent or not YAML, or a
        key is missing, unknown or of the wrong form.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = [other.stem for other in path.parent.glob("*.yaml")]
        raise error(
            f"There is no {key} {path.stem!r} ({absent}). {nearest(path.stem, known)}"
        ) from None
    except yaml.YAMLError as found:
        raise error(f"{shown} is not valid YAML: {found}") from None
    if not isinstance(content, dict):
        raise error(f"{shown} must hold keys and values, and does not.")
    try:
        record = model.model_validate(content)
    except ValidationError as found:
        raise error(f"{shown}: {explain(found)}") from None
    name = getattr(record, key)
    if name != path.stem:
        raise error(
            f"{shown}: the key {key} is {name!r}, and must be the file's name, {path.stem!r}."
        )
    return record
