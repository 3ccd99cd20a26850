"""How the case's files are read: YAML that keeps to a model, with errors that name file and key."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from woda_lib.pilots.partnership.case.errors import CaseError
from woda_lib.records.named_files import read_record

Found = TypeVar("Found", bound="Part")


class Part(BaseModel):
    """A part of a file: it knows its keys, and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_part(path: Path, model: type[Found]) -> Found:
    """Read one file.

    Raises
    ------
    CaseError
        If it is absent or not YAML, or a key is missing, unknown or wrong; naming file and key.
    """
    return read_record(
        path,
        model,
        shown=path.name,
        absent=f"{path.name} is not in {path.parent.name}/, and the business case needs it.",
        error=CaseError,
    )
