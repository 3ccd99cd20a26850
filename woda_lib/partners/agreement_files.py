"""The files of agreements: ``parameters/agreements/<id>.yaml``, read and checked."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.errors import AgreementError
from woda_lib.partners.study import no_agreement
from woda_lib.records import explain, nearest
from woda_lib.records.named_files import parse_yaml
from woda_lib.records.pilots import NO_AGREEMENT


def load_agreement(agreement: str, folder: Path) -> Agreement:
    """Read and check one agreement.

    Parameters
    ----------
    agreement : str
        Its identifier, which is its file's name.
    folder : Path

    Returns
    -------
    Agreement
        For ``none``, one that permits everything and admits only a made-up county.

    Raises
    ------
    AgreementError
        If there is no such file, or a key is missing, unknown or of the wrong form; the message
        names the file and the key.
    """
    if agreement == NO_AGREEMENT:
        return no_agreement()
    path = folder / f"{agreement}.yaml"
    try:
        content = parse_yaml(path.read_text(encoding="utf-8"))
        found = Agreement.model_validate(content)
    except FileNotFoundError:
        known = [other.stem for other in folder.glob("*.yaml")]
        raise AgreementError(
            f"There is no agreement {agreement!r}. {nearest(agreement, known)}"
        ) from None
    except yaml.YAMLError as error:
        raise AgreementError(f"{path.name} is not valid YAML: {error}") from None
    except ValidationError as error:
        raise AgreementError(f"{path.name}: {explain(error)}") from None
    if found.id != agreement:
        raise AgreementError(
            f"{path.name}: the key id is {found.id!r}, and must be the file's name, {agreement!r}."
        )
    return found


def load_agreements(folder: Path) -> dict[str, Agreement]:
    """Read and check every agreement of a folder, by name.

    Raises
    ------
    AgreementError
        If one of them is not valid; the message names the file and the key.
    """
    return {path.stem: load_agreement(path.stem, folder) for path in sorted(folder.glob("*.yaml"))}
