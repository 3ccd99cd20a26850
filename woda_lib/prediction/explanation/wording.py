"""What a model was told of a household, in a caseworker's words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from woda_lib.phrases import say_count
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.features import FeatureSet
from woda_lib.records.named_files import read_named

UNKNOWN = "not known"


class FeatureWords(BaseModel):
    """How one feature is said: as a number, as yes and no, or as the levels of a code.

    Attributes
    ----------
    none, one, many
        Of a number: nought, one, and more (``{count}`` is the number).
    yes, no
        Of a mark that is there or not.
    levels
        To each code its words.
    never
        Of a time since something: said where there was no such thing, which is no gap.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    none: str = ""
    one: str = ""
    many: str = ""
    yes: str = ""
    no: str = ""
    levels: dict[str, str] = Field(default_factory=dict)
    never: str = ""

    @model_validator(mode="after")
    def _in_one_way(self) -> Self:
        ways = [bool(self.many and self.one), bool(self.yes and self.no), bool(self.levels)]
        if sum(ways) != 1:
            raise ValueError("a feature is said by one and many, by yes and no, or by levels")
        return self

    @property
    def is_mark(self) -> bool:
        """Whether it is there or not, and no more."""
        return bool(self.yes)

    @property
    def has_gaps(self) -> bool:
        """Whether a value that is missing is a gap, and does not say *never*."""
        return not self.never

    @property
    def is_code(self) -> bool:
        """Whether its values are codes."""
        return bool(self.levels)


class Wording(BaseModel):
    """The words of every feature, what it is called, and how far it looks back.

    Attributes
    ----------
    wording
        The file's name.
    features
        To each feature its words.
    titles
        To each feature what it is called, of the registry of features.
    months
        To each feature how far it looks back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    wording: str
    features: dict[str, FeatureWords] = Field(min_length=1)
    titles: dict[str, str] = Field(default_factory=dict)
    months: dict[str, int] = Field(default_factory=dict)

    def require(self, features: Iterable[str]) -> None:
        """Refuse features that nobody has put into words.

        Raises
        ------
        PredictionError
            Naming them.
        """
        if silent := sorted(set(features) - set(self.features)):
            raise PredictionError(
                f"No words are given for {', '.join(silent)}. Add each to {self.wording}.yaml, so "
                "that a caseworker can be told what the model was told."
            )

    def title(self, feature: str) -> str:
        """Return a feature's name for people."""
        self.require([feature])
        return self.titles.get(feature, feature.replace("_", " "))

    def say(self, feature: str, values: pd.Series) -> pd.Series:
        """Return what each value says, in words.

        Parameters
        ----------
        feature
            Its name.
        values
            Numbers, codes of a category, or nothing where its source is missing.

        Returns
        -------
        Series of str
            ``Two arrears notices in 12 months``; of a value that is missing its title and *not
            known*.

        Raises
        ------
        PredictionError
            If the feature or a code has no words.
        """
        self.require([feature])
        told = self.features[feature]
        # A few values of each feature are said of many households: each is put into words once.
        codes, distinct = pd.factorize(_as_text(values) if told.is_code else values.astype(float))
        said = [self._one(feature, told, value) for value in distinct]
        gap = self._filled(feature, told.never) or f"{self.title(feature)}: {UNKNOWN}"
        words = np.array([*said, gap], dtype=object)
        return pd.Series(words[codes], index=values.index, name=feature, dtype=object)

    def _one(self, feature: str, told: FeatureWords, value: object) -> str:
        if told.is_code:
            if value not in told.levels:
                raise PredictionError(
                    f"{self.wording}.yaml has no words for a level of {feature} that stands in the "
                    "data. Add the level, or mend the data: a level that a model was not trained "
                    "on gets no score."
                )
            return told.levels[str(value)]
        number = float(str(value))
        if told.is_mark:
            return self._filled(feature, told.yes if number > 0 else told.no)
        whole = round(number)
        if whole == 0 and told.none:
            return self._filled(feature, told.none)
        if whole == 1:
            return self._filled(feature, told.one)
        said = self._filled(feature, told.many, count=say_count(whole))
        return said[:1].upper() + said[1:]

    def _filled(self, feature: str, words: str, *, count: str = "") -> str:
        return words.format(count=count, months=self.months.get(feature, 0))


def read_wording(path: Path, features: FeatureSet) -> Wording:
    """Read and check the words.

    Parameters
    ----------
    path
        Of a YAML file with the keys `wording` (its own name) and `features`.
    features
        The registry with which the features were built: their titles, and how far they look back.

    Raises
    ------
    PredictionError
        If the file is not there, a key is missing, unknown or of the wrong form, or a feature of
        the registry has no words; names the key.
    """
    read = read_named(
        path, Wording, key="wording", shown=path.name, absent=path.name, error=PredictionError
    )
    read.require(features.names)
    titles = {feature.name: feature.title for feature in features.features}
    months = {feature.name: feature.months for feature in features.features}
    return read.model_copy(update={"titles": titles, "months": months})


def _as_text(values: pd.Series) -> pd.Series:
    """Write codes as text; a code that was read as a number loses its nought after the point."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.astype("Int64").astype("string")
    return values.astype("string")
