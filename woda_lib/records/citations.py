"""Citing a number: ``patient_flow@1.3/days_saved`` is the same one for ever, or an error.

Each citation proves its release anew: a number from a release that was changed, withdrawn or not
yet signed is never handed out by mistake.
"""

from __future__ import annotations

import re
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from woda_lib.errors import WodaError
from woda_lib.records.findings import nearest
from woda_lib.records.phrases import say_amount, say_interval
from woda_lib.records.releases import Release, ReleaseStanding, State, released_pilots
from woda_lib.records.runs import Value
from woda_lib.records.standing import release_standings
from woda_lib.settings import Settings

_REFERENCE = re.compile(
    r"^(?P<pilot>[a-z0-9_]+)@(?P<version>[0-9]+\.[0-9]+)/(?P<value>[a-z0-9_]+)\Z"
)


class CitationError(WodaError):
    """A citation names what is not there, or what may not be cited.

    Attributes
    ----------
    version : str
        Of the release, or the name of the run, that may not be cited; empty where none was found.
    """

    exit_code = 2

    def __init__(self, message: str, version: str = "") -> None:
        super().__init__(message)
        self.version = version


class CitedValue(BaseModel):
    """A released number as it may be cited.

    Attributes
    ----------
    reference : str
        ``<pilot>@<version>/<value>``.
    value, low, high : float
        The number and the ends of its 95% interval, both or neither, not rounded.
    unit, decimals
        What it counts, and with how many digits it is said.
    state : {"signed", "awaiting"}
    signers : tuple of str
        Name and role of each reviewer who signed.
    synthetic : bool
        Whether it rests on made-up data.
    sha256 : str
        Of the release's record, for a reader to compare.
    fallen : tuple of str
        Of a study's number: why figures that the release cites no longer stand, each reason once.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    reference: str
    pilot: str
    version: str
    name: str
    value: float
    low: float | None
    high: float | None
    unit: str
    decimals: int
    state: State
    signers: tuple[str, ...]
    synthetic: bool
    released: datetime
    sha256: str
    fallen: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The number as people read it, with its interval."""
        said = Value(**self.model_dump(include=set(Value.model_fields)))
        interval = say_interval(said)
        return f"{say_amount(said)} ({interval})" if interval else say_amount(said)

    @property
    def standing_in_words(self) -> str:
        """By what right it may be cited, in a sentence or two."""
        by = f"Signed by {' and '.join(self.signers)}." if self.state == "signed" else "Not signed."
        data = " On made-up data." if self.synthetic else ""
        fallen = f" What it cites no longer stands: {' '.join(self.fallen)}" if self.fallen else ""
        return (
            f"Released {self.released:%-d %B %Y}. {by}{data} Record: SHA-256 {self.sha256}.{fallen}"
        )


def cite(reference: str, settings: Settings, *, unsigned: bool = False) -> CitedValue:
    """Return a released number.

    Parameters
    ----------
    reference : str
        ``patient_flow@1.3/days_saved``.
    settings : Settings
    unsigned : bool
        Whether a release that still awaits signatures may be cited too.

    Raises
    ------
    CitationError
        If the reference has another form, or names a pilot, version or value that is not there
        (the nearest is named); if the release is void, withdrawn or unsigned; if the number was
        withheld.
    ReviewersError
        If a reviewer's file is not valid.
    ManifestError, ParameterFileError
        If the release cites other pilots, and what it cites or the study's file cannot be read.
    """
    from woda_lib.records.moving import figures_of_release  # here: what it cites is cited in turn

    found = _REFERENCE.match(reference)
    if found is None:
        raise CitationError(
            f"{reference!r} must read <pilot>@<version>/<value>, such as "
            "patient_flow@1.3/days_saved."
        )
    standing = standing_of(found["pilot"], found["version"], settings)
    name = f"{found['pilot']} {found['version']}"
    refuse_unfit(standing)
    value = _value(standing.release, found["value"])
    if standing.state == "awaiting" and not unsigned:
        raise CitationError(
            f"{name} awaits signatures ({len(standing.signers)} of 2 so far). Wait for them, or "
            "ask for unsigned numbers too and say that they are."
        )
    if value.value is None:
        raise CitationError(f"{reference} has no number: it was withheld, for it counts too few.")
    return CitedValue(
        reference=reference,
        pilot=found["pilot"],
        version=found["version"],
        name=value.name,
        value=value.value,
        low=value.low,
        high=value.high,
        unit=value.unit,
        decimals=value.decimals,
        state=standing.state,
        signers=tuple(f"{signer.name} ({signer.role})" for signer in standing.signers),
        synthetic=standing.release.synthetic,
        released=standing.release.released,
        sha256=standing.sha256,
        fallen=tuple(
            dict.fromkeys(
                one.why for one in figures_of_release(standing.release, settings) if not one.stands
            )
        ),
    )


def refuse_unfit(standing: ReleaseStanding) -> None:
    """Refuse a release of which nothing may be cited.

    Raises
    ------
    CitationError
        If it is void or withdrawn, with the reason.
    """
    version = standing.release.version
    name = f"{standing.release.pilot} {version}"
    if standing.state == "void":
        raise CitationError(f"{name} is void and must not be cited. {standing.why}", version)
    if standing.state == "withdrawn":
        raise CitationError(f"{name} was withdrawn and must not be cited: {standing.why}", version)


def standing_of(pilot: str, version: str, settings: Settings) -> ReleaseStanding:
    """Return how one release stands.

    Raises
    ------
    CitationError
        If nothing of the pilot is released, or not that version; the nearest is named.
    """
    standings = {one.release.version: one for one in _released(pilot, settings)}
    if version not in standings:
        raise CitationError(
            f"{pilot} has no release {version}. {nearest(version, reversed(standings))}"
        )
    return standings[version]


def _released(pilot: str, settings: Settings) -> list[ReleaseStanding]:
    if standings := release_standings(settings, pilot):
        return standings
    pilots = released_pilots(settings)
    if pilots:
        raise CitationError(f"Nothing of {pilot!r} is released. {nearest(pilot, pilots)}")
    raise CitationError(f"Nothing of {pilot!r} is released, and of no other pilot either.")


def _value(release: Release, name: str) -> Value:
    values = {value.name: value for value in release.values}
    if name not in values:
        raise CitationError(
            f"{release.pilot} {release.version} has no value {name!r}. {nearest(name, values)}"
        )
    return values[name]
