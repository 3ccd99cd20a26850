"""YAML files that hold one record, read with errors that name file and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from woda_lib.errors import WodaError
from woda_lib.records.findings import explain, nearest

Record = TypeVar("Record", bound=BaseModel)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where it is there: PyYAML's own takes ten times as long, which every command feels."""


def parse_yaml(text: str) -> Any:
    """Return what YAML holds.

    Raises
    ------
    yaml.YAMLError
        Saying, as PyYAML's own loader does, where it went wrong and showing the line.
    """
    try:
        return yaml.load(text, Loader=_Loader)  # either is a safe loader
    except yaml.YAMLError:
        return yaml.safe_load(text)


def read_record(
    path: Path,
    model: type[Record],
    *,
    shown: str,
    absent: str,
    error: type[WodaError],
    holds: str = "keys and values",
) -> Record:
    """Read and check the one record of a file.

    Parameters
    ----------
    path
        The file.
    model
        What it must hold.
    shown
        How an error names the file.
    absent
        What an error says where there is no such file, and what to do.
    error
        The class to raise, naming the file and the key, if the file is absent or not YAML, or a
        key is missing, unknown or of the wrong form.
    holds
        What it must hold, in words.
    """
    content = read_mapping(path, shown=shown, absent=absent, error=error, holds=holds)
    return _checked(content, model, shown, error)


def read_mapping(
    path: Path, *, shown: str, absent: str, error: type[WodaError], holds: str
) -> dict[Any, Any]:
    """Read a file of keys and values, as `read_record` does, and leave it to the caller to check.

    Raises
    ------
    WodaError
        `error`, if the file is absent, not YAML, or holds something else.
    """
    try:
        return _mapping(path, shown, error, holds)
    except FileNotFoundError:
        raise error(absent) from None


def read_named(
    path: Path, model: type[Record], *, key: str, shown: str, absent: str, error: type[WodaError]
) -> Record:
    """Read and check a record that one of its keys names as the file is named.

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
        content = _mapping(path, shown, error, "keys and values")
    except FileNotFoundError:
        known = [other.stem for other in path.parent.glob("*.yaml")]
        raise error(
            f"There is no {key} {path.stem!r} ({absent}). {nearest(path.stem, known)}"
        ) from None
    record = _checked(content, model, shown, error)
    name = getattr(record, key)
    if name != path.stem:
        raise error(
            f"{shown}: the key {key} is {name!r}, and must be the file's name, {path.stem!r}."
        )
    return record


def _mapping(path: Path, shown: str, error: type[WodaError], holds: str) -> dict[Any, Any]:
    try:
        content = parse_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as found:
        raise error(f"{shown} is not valid YAML: {found}") from None
    if not isinstance(content, dict):
        raise error(f"{shown} must hold {holds}, and does not.")
    return content


def _checked(
    content: dict[Any, Any], model: type[Record], shown: str, error: type[WodaError]
) -> Record:
    try:
        return model.model_validate(content)
    except ValidationError as found:
        raise error(f"{shown}: {explain(found)}") from None
