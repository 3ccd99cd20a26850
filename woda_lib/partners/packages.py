"""Restricted packages: the files of a model in one, encrypted under the agreement's key.

The trees of a model hold thresholds and counts that can tell of small groups, so that a model is
kept as the tables are that it was trained on. What a package holds is told apart above this floor;
here it is files with names. See `sealing`.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.sealing import Seal
from woda_lib.records import TableNotFound

_PACKAGES = Seal("woda package 1", AgreementKey.packages)
_WHEN = (1980, 1, 1, 0, 0, 0)


def write_package(
    path: Path, files: Mapping[str, bytes], key: AgreementKey, notes: Mapping[str, str]
) -> None:
    """Write files as one, whole or not at all, encrypted under the newest version of a key.

    Parameters
    ----------
    path : Path
    files : mapping of str to bytes
    key : AgreementKey
    notes : mapping of str to str
        Kept with them, encrypted like them.
    """
    told = {name: base64.b64encode(content).decode() for name, content in files.items()}
    _PACKAGES.write(path, json.dumps({"notes": dict(notes), "files": told}).encode(), key)


def read_package(
    path: Path, reference: str, key: AgreementKey
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of a package, and the notes that were kept with them.

    Parameters
    ----------
    path : Path
    reference : str
        How people name it, for the error.
    key : AgreementKey
        Of the agreement under which it is read: the one under which it was saved.

    Raises
    ------
    TableNotFound
        If there is no such package.
    RestrictedTableError
        If it was saved under another agreement or another key, or is damaged.
    """
    try:
        whole = json.loads(_PACKAGES.read(path, reference, key))
    except TableNotFound:
        step, _, name = reference.partition(":")
        raise TableNotFound(
            f"{reference} is not there. Check that {step} saves a model called {name}; then run "
            f"all cells of notebooks/{step}.ipynb, or `woda run {step.partition('/')[0]}`."
        ) from None
    files = {name: base64.b64decode(content) for name, content in whole["files"].items()}
    return files, whole["notes"]


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP archive; the same files always as the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
