"""A model bundle: everything of a model as files that people and programs can read; no pickle.

::

    bundle.json         which files there are, the SHA-256 of each, what wrote them, the verdict
    model.txt           the trees, in LightGBM's own text
    calibration.json    how a score of the trees becomes a probability
    features.json       each feature: name, kind, levels, direction, source, agreement, window
    manifest.json       what it was trained on: hashes, index dates, rows, seed, settings, search
    environment.json    versions of Python and of the packages that score
    card.*              the model card, as JSON, Markdown and HTML
    transparency.*      the record of the transparency standard, in the same three

A bundle is written whole or not at all, never changed, and refused where one byte of it is another.
"""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from woda_lib.prediction.bundle import index as names
from woda_lib.prediction.bundle.environment import environment, require_fit
from woda_lib.prediction.bundle.index import (
    Files,
    Index,
    as_json,
    checked_index,
    of_json,
    with_index,
)
from woda_lib.prediction.bundle.noted import Registered, noted
from woda_lib.prediction.bundle.paper import Paper
from woda_lib.prediction.bundle.render import as_html, as_markdown, paper_json
from woda_lib.prediction.bundle.trees import read_trees
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training import Calibration, Feature, Model

_OF_THE_MODEL = ("name", "kind", "levels", "direction", "source", "missing", "source_missing")
_OF_THE_REGISTRY = ("title", "fields", "agreement", "window_months")


@dataclass(frozen=True)
class Bundle:
    """A model with all that is kept of it.

    Attributes
    ----------
    files : mapping of str to bytes
        To each file's name what it holds, ``bundle.json`` among them.
    where : str
        How an error names it.
    """

    files: Files
    where: str = "The bundle"

    @cached_property
    def index(self) -> Index:
        """What ``bundle.json`` says; every file is held to it.

        Raises
        ------
        PredictionError
            If a file is missing, foreign or changed.
        """
        return checked_index(self.files, self.where)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Which packages are of another version than those that the model was made with.

        Raises
        ------
        PredictionError
            If one of them must not be.
        """
        self.index  # noqa: B018 - refuses what was changed
        return require_fit(self._json(names.ENVIRONMENT), self.where)

    @cached_property
    def features(self) -> list[dict[str, Any]]:
        """The feature list, in the model's order, with what the registry says of each."""
        self.index  # noqa: B018 - refuses what was changed
        told = self._json(names.FEATURES).get("features")
        wanted = {*_OF_THE_MODEL, *_OF_THE_REGISTRY}
        if not isinstance(told, list) or not told:
            raise PredictionError(f"{self.where}: {names.FEATURES} lists no features.")
        for feature in told:
            if not isinstance(feature, dict) or wanted - feature.keys():
                lacks = sorted(wanted - feature.keys()) if isinstance(feature, dict) else ["name"]
                raise PredictionError(
                    f"{self.where}: {names.FEATURES} does not say {lacks[0]!r} of every feature. "
                    "Take the bundle anew from the run that made it."
                )
        return told

    @cached_property
    def model(self) -> Model:
        """The model, which predicts what it predicted when it was saved.

        Raises
        ------
        PredictionError
            If the bundle is not as it was written, was made with another LightGBM, or its parts
            do not belong together.
        """
        self.warnings  # noqa: B018 - refuses packages that score otherwise
        manifest = self._json(names.MANIFEST)
        if manifest.get("booster_sha256") != sha256(self.files[names.MODEL]).hexdigest():
            raise PredictionError(
                f"{self.where}: {names.MANIFEST} tells of other trees than {names.MODEL} holds. "
                "Take the bundle anew from the run that made it."
            )
        text = self.files[names.MODEL].decode()
        booster = read_trees(text, self.features, self.where)
        features = tuple(_feature_of(told) for told in self.features)
        try:
            calibration = Calibration.read(self._json(names.CALIBRATION))
        except (KeyError, TypeError):
            raise PredictionError(
                f"{self.where}: {names.CALIBRATION} does not say how a score becomes a "
                "probability. Take the bundle anew from the run that made it."
            ) from None
        return Model(booster, calibration, features, manifest)

    @cached_property
    def card(self) -> Paper:
        """The model card."""
        return self._paper(names.CARD[0])

    @cached_property
    def record(self) -> Paper:
        """The transparency record."""
        return self._paper(names.RECORD[0])

    def _paper(self, name: str) -> Paper:
        self.index  # noqa: B018 - refuses what was changed
        try:
            return Paper.of_plain(self._json(name))
        except (KeyError, TypeError):
            raise PredictionError(f"{self.where}: {name} is no paper about a model.") from None

    def _json(self, name: str) -> dict[str, Any]:
        return of_json(self.files[name], f"{self.where}: {name}")


def make_bundle(
    model: Model, *, registry: Iterable[Registered], card: Paper, record: Paper
) -> Bundle:
    """Put a model and what is said of it into a bundle.

    Parameters
    ----------
    model : Model
    registry : iterable of Registered
        The feature registry that it was trained with.
    card, record : Paper
        The model card and the transparency record; their first lines must say the same.

    Raises
    ------
    PredictionError
        If the registry lacks a feature, a paper lacks an answer, or the two do not agree.
    """
    if card.verdict != record.verdict:
        raise PredictionError(
            "The model card and the transparency record say different things of whether the model "
            "may be used. Write both from one assessment."
        )
    made_with = environment()
    files: dict[str, bytes] = {
        names.MODEL: model.booster.model_to_string().encode(),
        names.CALIBRATION: as_json(model.calibration.plain()),
        names.FEATURES: as_json({"features": noted(map(Feature.plain, model.features), registry)}),
        names.MANIFEST: as_json(model.manifest),
        names.ENVIRONMENT: as_json(made_with),
        **_written(card, names.CARD),
        **_written(record, names.RECORD),
    }
    whole = with_index(files, verdict=card.verdict, created_by=made_with)
    bundle = Bundle(whole, "The bundle that is being made")
    _require_same(bundle.model, model)
    return Bundle(whole)


def save_bundle(bundle: Bundle, folder: Path) -> Path:
    """Write a bundle to a folder of its own, whole or not at all.

    Parameters
    ----------
    bundle : Bundle
    folder : Path
        Which must not be there yet: a bundle is never changed.

    Raises
    ------
    PredictionError
        If the folder is there.
    """
    if folder.exists():
        raise PredictionError(
            f"{folder} is there already. A bundle is never written over; name another folder."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    hidden = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        hidden.mkdir()
        for name, content in bundle.files.items():
            (hidden / name).write_bytes(content)
        hidden.rename(folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    return folder


def read_bundle(folder: Path) -> Bundle:
    """Return a folder's bundle, every file of which is as it was written.

    Parameters
    ----------
    folder : Path
        Or a ZIP archive of one, as ``woda restricted open`` gives it.

    Raises
    ------
    PredictionError
        If it is no bundle, or a file is missing, foreign or changed; names the file, and says what
        to do.
    """
    bundle = Bundle(_unpacked(folder), f"The bundle {folder.name}")
    bundle.index  # noqa: B018 - refuses what was changed
    return bundle


def _unpacked(folder: Path) -> dict[str, bytes]:
    if folder.is_file():
        try:
            with zipfile.ZipFile(folder) as archive:
                return {name: archive.read(name) for name in archive.namelist()}
        except (zipfile.BadZipFile, zlib.error, EOFError):
            raise PredictionError(
                f"{folder} is no model bundle: it is neither a folder nor a ZIP archive that can "
                "be read. Name the folder, or the archive that `woda restricted open` wrote."
            ) from None
    if not folder.is_dir():
        raise PredictionError(f"There is no folder {folder}. Name the folder of a model bundle.")
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def load_bundle(folder: Path) -> Model:
    """Return the model of a folder's bundle.

    Raises
    ------
    PredictionError
        See `read_bundle` and `Bundle.model`.
    """
    return read_bundle(folder).model


def _written(paper: Paper, files: tuple[str, str, str]) -> dict[str, bytes]:
    forms = (paper_json(paper).encode(), as_markdown(paper).encode(), as_html(paper).encode())
    return dict(zip(files, forms, strict=True))


def _feature_of(told: Mapping[str, Any]) -> Feature:
    kept = {name: told[name] for name in _OF_THE_MODEL}
    return Feature(**{**kept, "levels": tuple(kept["levels"])})


def _require_same(read: Model, model: Model) -> None:
    same = (
        read.features == model.features
        and read.calibration == model.calibration
        and read.booster.num_trees() == model.booster.num_trees()
    )
    if not same:
        raise PredictionError(
            "The model cannot be written so that it reads back the same. Hand over its calibration "
            "and features in plain numbers and texts."
        )
