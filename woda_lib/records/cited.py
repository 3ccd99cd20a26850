"""A figure that a step took from elsewhere, as its record keeps it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

FigureKind = Literal["cited", "assumed", "reported"]

_WORDS = {
    "signed": "signed",
    "awaiting": "awaits signatures",
    "run": "last run, not released",
    "assumed": "assumed",
    "reported": "reported elsewhere",
}


class CitedFigure(BaseModel):
    """One figure that a report says and did not work out itself.

    Attributes
    ----------
    named : str
        How the text names it: ``patient_flow/days_saved``, ``assumed/staff_count``,
        ``reported/cost_avoided_per_month``.
    kind : {"cited", "assumed", "reported"}
        From a release or run; a parameter of the step; said by somebody else.
    source : str
        Where it stands: ``patient_flow@1.0/days_saved``, a parameter file, or a publication.
    label : str
        Of what is cited: what it is, as its notebook calls it; else empty.
    value, low, high : float
        The figure and the ends of its interval, both or neither.
    unit, decimals
        What it counts, and with how many digits it is said.
    state : str
        Of what is cited: *signed*, *awaiting* or *run*; else empty.
    run_id, signers, sha256
        Of what is cited: the run, who signed, and the SHA-256 of its record or manifest.
    note : str
        What was passed over to find what is cited, a newer release that was withdrawn; and what
        could not be proved of it.
    sentences : tuple of str
        The sentences that say it.
    derived : tuple of str
        The sentences that do not, but say what the step worked out after it was handed the figure,
        or conclude from that.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    named: str
    kind: FigureKind
    source: str
    label: str = ""
    value: float
    low: float | None = None
    high: float | None = None
    unit: str = ""
    decimals: int = 1
    state: str = ""
    run_id: str = ""
    signers: tuple[str, ...] = ()
    sha256: str = ""
    note: str = ""
    sentences: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """The pilot whose figure it is; *assumed* or *reported* for the others."""
        return self.named.partition("/")[0]

    @property
    def name(self) -> str:
        """The name of the figure at its owner's."""
        return self.named.partition("/")[2]

    @property
    def version(self) -> str:
        """The version, or the name of the run, that it is cited from; empty for other kinds."""
        return self.source.partition("@")[2].partition("/")[0] if self.kind == "cited" else ""

    @property
    def state_in_words(self) -> str:
        """By what right it is said: "signed", "last run, not released", "assumed", …."""
        return _WORDS[self.state if self.kind == "cited" else self.kind]
