"""The protocol that a step is held to, and whether its notebook keeps to it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from woda_lib.notebook.errors import NotebookError
from woda_lib.records import Protocol, Registered, Step, protocol_file, read_protocol, sha256


class Registration:
    """The pre-registration of one step, read once when its run begins.

    Parameters
    ----------
    step
        Its `protocol` names the file; a step without one has nothing to keep to.
    parameters_folder
        Where parameter files stand.
    parameters
        Of the run, typed.

    Attributes
    ----------
    shown : bool
        Whether the notebook displayed it.
    taken : bool
        Whether the notebook asked for the primary model's settings.
    """

    def __init__(self, step: Step, parameters_folder: Path, parameters: Mapping[str, Any]) -> None:
        self.record: Registered | None = None
        self.shown = False
        self.taken = False
        self._step = step.name
        if step.protocol:
            path = protocol_file(parameters_folder, step.protocol)
            protocol = read_protocol(path)
            self.record = Registered(
                protocol=protocol, sha256=sha256(path), departures=protocol.departures(parameters)
            )

    @property
    def found(self) -> Registered:
        """The protocol with its hash; a step without one raises `NotebookError`."""
        if self.record is None:
            raise NotebookError(
                f"No protocol is registered for {self._step}. Write one below "
                "parameters/protocols/, and name it under the step in the pilot's file."
            )
        return self.record

    @property
    def protocol(self) -> Protocol:
        """What was registered."""
        return self.found.protocol

    @property
    def caveats(self) -> list[str]:
        """What an answer must add where the run is not the registered analysis, as markup."""
        if self.record is None or not self.record.departures:
            return []
        departures = escape("; ".join(self.record.departures), quote=False)
        return [f"This is not the registered analysis: {departures}."]

    def primary_settings(self) -> dict[str, Any]:
        """Return the primary model's keyword arguments as the protocol gives them."""
        self.taken = True
        return dict(self.protocol.primary.settings)

    def require_kept(self) -> None:
        """Refuse a notebook that has a protocol and leaves it aside.

        Raises
        ------
        NotebookError
            If it never showed it, or never asked for the settings of the primary model, so that
            what it fitted may be something else.
        """
        if self.record is None:
            return
        if not self.shown:
            raise NotebookError(
                f"A protocol is registered for {self._step}, and its report does not show it. "
                "Call run.show_protocol() before the first result."
            )
        if not self.taken:
            raise NotebookError(
                f"A protocol is registered for {self._step}, and its notebook never took the "
                "settings of the primary model from it, so that it may have fitted another. Pass "
                "**run.primary_settings() to the model."
            )
