"""Which value survives: ``parameters/single_view/survivorship.yaml``, checked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from woda_lib.pilots.single_view.homes.errors import HomesError
from woda_lib.records.named_files import read_named

Rule = Literal["most_recent", "most_trusted", "most_frequent"]
FieldName = Literal["nhs_number", "forename", "surname", "date_of_birth", "sex", "ethnic_group"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldRule(_Part):
    """How the best value of one field is found.

    Attributes
    ----------
    rule
        What decides first.
    trust
        By dataset, 0 to 1.
    """

    rule: Rule
    trust: dict[str, float] = {}


class Survivorship(_Part):
    """The rules of every field.

    Attributes
    ----------
    survivorship : str
        The file's name.
    otherwise : float
        Trust in a dataset that a field does not name.
    fields : mapping
        `FieldRule` by field.
    """

    survivorship: str
    otherwise: float = Field(ge=0, le=1)
    fields: dict[FieldName, FieldRule] = Field(min_length=1)


def read_survivorship(path: Path) -> Survivorship:
    """Read and check the rules of survivorship.

    Raises
    ------
    HomesError
        If the file is not there or a key is missing, unknown or of the wrong form; names the key.
    """
    return read_named(
        path,
        Survivorship,
        key="survivorship",
        shown=path.name,
        absent=path.name,
        error=HomesError,
    )
