"""``bundle.json``: which files a bundle holds, the SHA-256 of each, and what wrote them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from woda_lib.prediction.errors import PredictionError

INDEX = "bundle.json"
MODEL = "model.txt"
CALIBRATION = "calibration.json"
FEATURES = "features.json"
MANIFEST = "manifest.json"
ENVIRONMENT = "environment.json"
CARD = ("card.json", "card.md", "card.html")
RECORD = ("transparency.json", "transparency.md", "transparency.html")

CONTENTS = (MODEL, CALIBRATION, FEATURES, MANIFEST, ENVIRONMENT, *CARD, *RECORD)
"""Every file of a bundle beside its index."""

FORM = "woda model bundle"
FORMAT = 1
"""Goes up by one when a bundle can no longer be read by what came before."""

Files = Mapping[str, bytes]
"""A bundle in memory: to each file's name what it holds."""


class Index(BaseModel):
    """What ``bundle.json`` says.

    Attributes
    ----------
    form, format
        That it is a bundle, and in which format.
    version
        Of the model: the first twelve signs of a hash of what it predicts with. Two bundles of one
        version give every household the same risk.
    verdict
        What the stop rule said, in words.
    created_by
        The packages that wrote it, with their versions.
    files
        To each other file its SHA-256.
    sha256
        Of this record without this key.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: str
    format: int
    version: str
    verdict: str
    created_by: dict[str, str]
    files: dict[str, str]
    sha256: str = ""

    @property
    def sealed(self) -> Index:
        """The same with its own hash."""
        return self.model_copy(update={"sha256": _digest(self._said)})

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it was changed since it was written."""
        return self.sha256 == _digest(self._said)

    @property
    def _said(self) -> bytes:
        return json.dumps(self.model_dump(exclude={"sha256"}), sort_keys=True).encode()


def version_of(files: Files) -> str:
    """Return the version of the model that some files predict with."""
    every = b"".join(_digest(files[name]).encode() for name in (MODEL, CALIBRATION, FEATURES))
    return _digest(every)[:12]


def with_index(files: Files, *, verdict: str, created_by: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of a bundle with its index."""
    index = Index(
        form=FORM,
        format=FORMAT,
        version=version_of(files),
        verdict=verdict,
        created_by=dict(created_by),
        files={name: _digest(files[name]) for name in sorted(files)},
    )
    return {**files, INDEX: as_json(index.sealed.model_dump())}


def checked_index(files: Files, where: str) -> Index:
    """Return a bundle's index, if every file is as it was written, and none is missing or foreign.

    Parameters
    ----------
    files : mapping of str to bytes
    where : str
        How an error names the bundle.

    Raises
    ------
    PredictionError
        Naming the first file that is wrong, and what to do.
    """
    again = "Take the bundle anew from the run that made it."
    if INDEX not in files:
        raise PredictionError(
            f"{where} is no model bundle: it has no {INDEX}. Name the folder that holds one."
        )
    index = _read_index(files[INDEX], where)
    if missing := [name for name in CONTENTS if name not in files]:
        raise PredictionError(f"{where} lacks {missing[0]}. {again}")
    if foreign := sorted(files.keys() - {*CONTENTS, INDEX}):
        raise PredictionError(
            f"{where} holds {foreign[0]}, which is no part of a bundle. Take it out; a bundle is "
            "kept as it was written."
        )
    for name in CONTENTS:
        if index.files.get(name) != _digest(files[name]):
            raise PredictionError(
                f"{where}: {name} was changed since the bundle was written (its SHA-256 is not the "
                f"one in {INDEX}). {again}"
            )
    if index.version != version_of(files):
        raise PredictionError(f"{where}: {INDEX} gives another version of the model. {again}")
    return index


def _read_index(content: bytes, where: str) -> Index:
    told = of_json(content, f"{where}: {INDEX}")
    if told.get("form") != FORM:
        raise PredictionError(f"{where}: {INDEX} is not that of a model bundle.")
    if told.get("format") != FORMAT:
        raise PredictionError(
            f"{where} is of the format {told.get('format')}, and this workbench reads {FORMAT}. "
            "Load it with the workbench that wrote it (created_by says which), or train anew."
        )
    try:
        index = Index.model_validate(told)
    except ValidationError:
        index = None
    if index is None or not index.is_whole:
        raise PredictionError(
            f"{where}: {INDEX} was changed since it was written. Take the bundle anew from the run "
            "that made it."
        )
    return index


def as_json(told: object) -> bytes:
    """Write what can be said in JSON; the same things always as the same bytes.

    Raises
    ------
    PredictionError
        If it holds what JSON has no words for, such as NaN.
    """
    try:
        text = json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise PredictionError(
            f"What a model says of itself cannot be written as JSON: {error}. Hand over plain "
            "numbers, texts and lists."
        ) from None
    return (text + "\n").encode()


def of_json(content: bytes, what: str) -> dict[str, Any]:
    """Read an object of JSON.

    Raises
    ------
    PredictionError
        If it is none; names `what`.
    """
    try:
        told = json.loads(content.decode())
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise PredictionError(f"{what} is not valid JSON, or no object.")
    return told


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
