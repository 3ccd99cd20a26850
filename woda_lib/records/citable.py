"""The figures that a study may say without working them out, each from where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from woda_lib.records.citations import CitationError
from woda_lib.records.cited import CitedFigure
from woda_lib.records.evidence import CITES, Evidence, Ground, evidence_of
from woda_lib.records.findings import nearest
from woda_lib.records.parameters import ParameterError
from woda_lib.records.pilots import Pilot
from woda_lib.records.reported import reported_figure, reported_file
from woda_lib.records.runs import Value
from woda_lib.settings import Settings

ASSUMED, REPORTED = "assumed", "reported"
"""What stands in a figure's name in place of a pilot's."""

_NUMBER = {"value", "low", "high", "unit", "decimals"}
_SAID_IN_FRONT = ("pounds", "%")  # units that are said with the number: £306, 3.5%


class Citable:
    """Where the figures of a study come from, as things are at this moment.

    Each pilot's release or run is proved when the first figure of it is asked for.

    Parameters
    ----------
    pilot : Pilot
        The study, whose file says under ``cites`` from which versions it cites.
    parameters : mapping of str to value
        The parameters that may be said, typed.
    settings : Settings
    synthetic : bool, optional
        Whether the study itself stands on made-up data; left out, figures of both kinds will do.
    extracts : str, optional
        What it stands on, as records name it; left out, the extracts at hand.
    on_read : callable, optional
        Told of each file that a figure is taken from, and by which name to record it.
    """

    def __init__(
        self,
        pilot: Pilot,
        parameters: Mapping[str, Any],
        settings: Settings,
        *,
        synthetic: bool | None = None,
        extracts: str | None = None,
        on_read: Callable[[Path, str], None] = lambda path, name: None,
    ) -> None:
        self._pilot = pilot
        self._parameters = parameters
        self._settings = settings
        self._ground = Ground(extracts or settings.extracts_name, synthetic)
        self._on_read = on_read
        self._evidence: dict[str, Evidence] = {}

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """By pilot what was cited from so far."""
        return self._evidence

    def figure(self, named: str) -> CitedFigure:
        """Return a figure.

        Parameters
        ----------
        named : str
            ``patient_flow/days_saved``, ``assumed/<parameter>`` or ``reported/<name>``.

        Raises
        ------
        CitationError
            If the pilot is not among those that the study cites, has no such value, or may not be
            cited; naming the citation and the reason.
        ParameterError, ReportedError
            If there is no such parameter, it is not a number, or the file of reported figures is
            not as it must be.
        ManifestError
            If the last run of the pilot cannot be read.
        """
        owner, _, name = named.partition("/")
        if not name:
            raise CitationError(
                f"{named!r} must read <pilot>/<value>, such as patient_flow/days_saved."
            )
        if owner == ASSUMED:
            return self._assumption(named, name)
        if owner == REPORTED:
            return self._report(named, name)
        return self._citation(named, owner, name)

    def _citation(self, named: str, owner: str, name: str) -> CitedFigure:
        if owner not in self._pilot.cites:
            raise CitationError(
                f"{named} cannot be cited: {self._pilot.pilot}.yaml does not name {owner} under "
                f"cites. {nearest(owner, self._pilot.cites)}"
            )
        try:
            evidence = self._proved(owner)
            value = evidence.value(name)
        except CitationError as error:
            version = error.version or self._pilot.cites[owner]
            raise CitationError(
                f"{owner}@{version}/{name} cannot be cited: {error}", error.version
            ) from None
        assert value.value is not None  # Evidence.value refuses what was withheld
        return CitedFigure(
            named=named,
            kind="cited",
            source=evidence.source(name),
            label=value.label,
            state=evidence.state,
            run_id=evidence.run_id,
            signers=evidence.signers,
            sha256=evidence.sha256,
            note=" ".join(
                f"{each.rstrip('.')}." for each in (*evidence.passed_over, *evidence.unproved)
            ),
            **value.model_dump(include=_NUMBER),
        )

    def _proved(self, owner: str) -> Evidence:
        if owner not in self._evidence:
            found = evidence_of(
                owner, self._pilot.cites[owner], self._settings, ground=self._ground
            )
            if self._ground.synthetic not in (None, found.synthetic):
                theirs, ours = "made-up data", "partners' data"
                if self._ground.synthetic:
                    theirs, ours = ours, theirs
                raise CitationError(
                    f"it rests on {theirs}, and this study on {ours}. Figures of both kinds never "
                    "stand in one case.",
                    found.version,
                )
            self._on_read(found.path, f"{CITES}{owner}")
            self._evidence[owner] = found
        return self._evidence[owner]

    def _assumption(self, named: str, name: str) -> CitedFigure:
        if name not in self._parameters:
            raise ParameterError(
                f"{named} cannot be said: this step of {self._pilot.pilot} has no parameter "
                f"{name!r}. {nearest(name, self._parameters)}"
            )
        parameter, value = self._pilot.parameters[name], self._parameters[name]
        if parameter.type not in ("int", "float"):
            raise ParameterError(f"{named} cannot be said: the parameter {name} is no number.")
        low, high = parameter.limits(float(value))
        known = low == high
        unit = parameter.unit.partition(",")[0]
        first = unit.partition(" ")[0]
        return CitedFigure(
            named=named,
            kind="assumed",
            source=f"parameters/{self._pilot.pilot}.yaml",
            value=float(value),
            low=None if known else low,
            high=None if known else high,
            unit=first if first in _SAID_IN_FRONT else unit,
            # The ends are said with the value's digits, so it has theirs: 2.0, between 1.0 and 2.5.
            decimals=max(_digits(float(value), 10), _digits(low, 3), _digits(high, 3)),
        )

    def _report(self, named: str, name: str) -> CitedFigure:
        path = reported_file(self._settings.parameters_folder, self._pilot.pilot)
        figure = reported_figure(path, name)
        self._on_read(path, "reported figures")
        return CitedFigure(
            named=named,
            kind="reported",
            source=figure.source,
            **figure.model_dump(include=_NUMBER),
        )


def _digits(number: float, most: int) -> int:
    """How many digits after the point a number was written with, at most some."""
    return len(f"{number:.{most}f}".rstrip("0").partition(".")[2])


def as_value(figure: CitedFigure) -> Value:
    """Return a cited figure as a value, to be said or reckoned with."""
    return Value(name=figure.name, **figure.model_dump(include=_NUMBER))
