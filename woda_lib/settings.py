"""Where things are: the one module that reads the environment, but for `woda_lib.cache`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from woda_lib.errors import WodaError


class WorkbenchNotFound(WodaError):
    """No folder above the present one is a workbench (holds `parameters/` and `notebooks/`)."""


class Settings(BaseSettings):
    """The places and the clock that every room shares.

    Every field can be set by an environment variable of the same name with the prefix ``WODA_``
    (``WODA_OUTPUTS=/srv/woda/outputs``). What is not set follows from `root`.

    Attributes
    ----------
    root : Path
        The checkout: the nearest folder, from the working directory upwards, that holds
        ``notebooks/`` and ``parameters/``.
    data, outputs, extracts : Path, optional
        Where partners' data, results and the extracts of this run lie. Set by the workbench for
        the kernels that it starts; see `data_folder`, `outputs_folder`, `extracts_folder`.
    keys : Path, optional
        The folder of agreements' keys, apart from the data; see `keys_folder`.
    key_identity : Path, optional
        The private SSH key that opens keys made for its public half.
    key_passphrase : str, optional
        Opens keys that are locked with a passphrase.
    key_command : str, optional
        A command that prints an agreement's key, for a vault: ``{name}`` in it stands for the key's
        name. The folder of keys is not asked then.
    key_ring : str, optional
        Keys by name as JSON, ``{"patient_flow": "<base64>"}``, where a scheduler injects them.
    audit_anchors : Path, optional
        Where the audit log's anchors lie, best on another machine; see `anchors_file`.
    places : Path, optional
        Where official boundary files and other public tables of places lie; see `places_folder`.
    profile : str
        The synthetic county that is used when no folder of extracts is named.
    step_folder : Path, optional
        Set for a step of a run: the hidden folder that the run is written to. A draft has none.
    run_id : str, optional
        The run that a step belongs to.
    sweep : Path, optional
        Set by a sweep: where the swept pilot's runs go, apart from its others; see `runs_folder`.
    today : date
        The day against which agreements are asked. The real one, unless a past run is repeated.
    as_of_reason : str
        Why another day is asked; recorded with every load, and without it none is made.
    """

    model_config = SettingsConfigDict(env_prefix="WODA_", extra="ignore")

    root: Path = Field(default_factory=lambda: _find_root(Path.cwd()))
    data: Path | None = None
    outputs: Path | None = None
    extracts: Path | None = None
    places: Path | None = None
    profile: str = "demo"
    step_folder: Path | None = None
    run_id: str | None = None
    sweep: Path | None = None
    today: date = Field(default_factory=date.today)
    as_of_reason: str = ""
    keys: Path | None = None
    key_identity: Path | None = None
    key_passphrase: SecretStr | None = None
    key_command: str | None = None
    key_ring: SecretStr | None = None
    audit_anchors: Path | None = None

    @cached_property
    def data_folder(self) -> Path:
        """What outlives runs: extracts as delivered, quarantine, truth, decisions, keys."""
        return (self.data or self.root / "data").resolve()

    @cached_property
    def outputs_folder(self) -> Path:
        """Results: one folder a pilot, one folder a run, and the site that reviewers read."""
        return (self.outputs or self.root / "outputs").resolve()

    def runs_folder(self, pilot: str) -> Path:
        """Where new runs of a pilot go: its folder of results, or the one of a sweep."""
        home = self.outputs_folder / pilot
        return self.sweep if self.sweep and self.sweep.is_relative_to(home) else home

    @cached_property
    def extracts_folder(self) -> Path:
        """The partners' extracts that loads read."""
        return (self.extracts or self.profile_folder(self.profile)).resolve()

    @property
    def extracts_name(self) -> str:
        """How records name the extracts: from the checkout where they lie in it."""
        folder = self.extracts_folder
        inside = folder.is_relative_to(self.root)
        return (folder.relative_to(self.root) if inside else folder).as_posix()

    def profile_folder(self, profile: str) -> Path:
        """The extracts of one of the made-up counties."""
        return self.data_folder / "extracts" / profile

    @property
    def bases(self) -> tuple[Path, ...]:
        """The folders from which records name files, so that no record tells of this machine."""
        return (
            self.root,
            self.extracts_folder.parent,
            self.data_folder,
            self.outputs_folder.parent,
            self.places_folder.parent,
        )

    @property
    def truth_folder(self) -> Path:
        """The truths of made-up counties, which no loader reaches."""
        return self.data_folder / "truth"

    @property
    def quarantine_folder(self) -> Path:
        """The rows that contracts refused."""
        return self.data_folder / "quarantine"

    @property
    def quarantine_of_extracts(self) -> Path:
        """The rows that contracts refused of these extracts; two folders of one name lie apart."""
        return self.quarantine_folder / self._name_of_extracts

    @property
    def accepted_of_extracts(self) -> Path:
        """What contracts accepted of these extracts, encrypted, so that it is read once."""
        return self.data_folder / "accepted" / self._name_of_extracts

    @property
    def _name_of_extracts(self) -> str:
        name = self.extracts_folder.name
        if self.extracts_folder != self.profile_folder(name).resolve():
            digest = hashlib.sha256(str(self.extracts_folder).encode()).hexdigest()[:8]
            name = f"{name}-{digest}"
        return name

    @property
    def decisions_folder(self) -> Path:
        """What people decided about who is who: a folder a pilot."""
        return self.data_folder / "decisions"

    @property
    def keys_folder(self) -> Path:
        """The keys of agreements: beside the data folder and never in it."""
        return (self.keys or self.data_folder.parent / "keys").resolve()

    @property
    def audit_file(self) -> Path:
        """The audit log."""
        return self.data_folder / "audit" / "log.jsonl"

    @property
    def people_folder(self) -> Path:
        """The keyed indexes of whose rows were loaded."""
        return self.data_folder / "audit" / "people"

    @property
    def schedules_folder(self) -> Path:
        """What became of the slots of scheduled pilots."""
        return self.data_folder / "schedules"

    @cached_property
    def places_folder(self) -> Path:
        """Official boundary files and other public tables of places, where users put them."""
        return (self.places or self.data_folder / "places").resolve()

    @property
    def opened_folder(self) -> Path:
        """Copies of restricted tables that somebody was permitted to open, until they expire."""
        return self.data_folder / "opened"

    @property
    def anchors_file(self) -> Path:
        """The anchors of the audit log, in a file apart."""
        return (self.audit_anchors or self.keys_folder / "audit.anchors").resolve()

    @property
    def notebooks_folder(self) -> Path:
        """The analyses, one folder a pilot or study."""
        return self.root / "notebooks"

    @property
    def agreements_folder(self) -> Path:
        """One file a data-sharing agreement."""
        return self.parameters_folder / "agreements"

    @property
    def reviewers_folder(self) -> Path:
        """One file a reviewer: who may sign releases, with which keys."""
        return self.parameters_folder / "reviewers"

    @property
    def parameters_folder(self) -> Path:
        """One file a pilot or study; agreements and linkage specifications in folders below."""
        return self.root / "parameters"


class SmtpSettings(BaseSettings):
    """The mail server that notices go through; needs no workbench.

    Every field is set by a variable with the prefix ``WODA_SMTP_``.

    Attributes
    ----------
    host : str
        Without it, no mail is sent.
    port : int
    security : {"starttls", "tls", "none"}
        *starttls* is refused where the server does not offer it; with *none* there is no login.
    user, password : str, optional
        Left out where the server wants no login.
    sender : str
        The address that notices come from.
    ca : Path, optional
        The certificate of an authority of one's own.
    """

    model_config = SettingsConfigDict(env_prefix="WODA_SMTP_", extra="ignore")

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = ""
    ca: Path | None = None

    @property
    def secret(self) -> str:
        """The password, for the login alone."""
        return self.password.get_secret_value()


_SECRETS = frozenset({"WODA_SMTP_PASSWORD", "WODA_KEY_PASSPHRASE", "WODA_KEY_RING"})


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a program that has no business with our keys and passwords."""
    return {name: text for name, text in environment.items() if name not in _SECRETS}


class EnvironmentFileError(WodaError):
    """A file of environment variables is absent, cannot be read or may be read by others."""

    exit_code = 2


def read_environment(path: Path) -> None:
    """Take the ``WODA_…`` variables of a file of ``NAME=value`` lines; those that are set stay.

    Timers and cron start commands with an almost empty environment, so what a shell would export
    stands in such a file. It may hold passwords, so nobody else may be able to read it.

    Raises
    ------
    EnvironmentFileError
        If it is not there, or others may read it, or a line is not ``WODA_…=value``.
    """
    try:
        mode = path.stat().st_mode
        lines = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentFileError(
            f"{path} cannot be read ({type(error).__name__}). `woda schedule --install` writes it."
        ) from None
    if mode & 0o077:
        raise EnvironmentFileError(
            f"{path} may hold passwords, and others may read it. Use `chmod 600` on it."
        )
    for name, text in lines.items():
        if not name.startswith("WODA_") or text is None:
            raise EnvironmentFileError(f"{path}: {name!r} is not of the form WODA_NAME=value.")
        os.environ.setdefault(name, text)


def variables_set() -> list[str]:
    """Name the ``WODA_…`` variables of this process, by the alphabet."""
    return sorted(name for name in os.environ if name.startswith("WODA_"))


def config_home() -> Path:
    """Where this user's programs keep their settings: ``XDG_CONFIG_HOME``, or ``~/.config``."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


class RunSettings(BaseSettings):
    """Whether this process does a step of a run; needs no workbench.

    Attributes
    ----------
    step_folder : Path, optional
        See `Settings`.
    """

    model_config = SettingsConfigDict(env_prefix="WODA_", extra="ignore")

    step_folder: Path | None = None


def in_a_run() -> bool:
    """Say whether this is a step of a scheduled run, where nobody looks on and all is recorded."""
    return RunSettings().step_folder is not None


def _find_root(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / "notebooks").is_dir() and (folder / "parameters").is_dir():
            return folder
    raise WorkbenchNotFound(
        f"{start} does not lie in a workbench: no folder from there upwards holds both notebooks/ "
        "and parameters/. Change into your checkout, or set WODA_ROOT to it."
    )
