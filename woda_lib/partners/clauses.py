"""The clauses of a data-sharing agreement: what each part of its file must say."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Use = Literal["identifier", "pseudonym", "attribute", "outcome"]
"""What a field is for.

``identifier``
    Names a person, or is what somebody wrote of people. For linkage, which drops it once linked,
    and for a purpose whose uses include it, such as a meeting that acts on named people. It is
    saved in no table but of a purpose that says why (`Purpose.keeps_identifiers`): else it stands
    in an encrypted page (`Run.save_document`) at most.
``pseudonym``
    A partner's own number of a person, stay or referral. A notebook is handed it under the
    agreement's key, so that records can be joined and the number cannot be read.
``attribute``, ``outcome``
    What is known of the person or stay, and what is measured.
"""

NEWER_CLAUSES = ("keeps_identifiers", "keeps_pages")
"""Clauses of a purpose that there were not always: left out, they leave a digest as it was."""

Publication = Literal["open", "parties", "forbidden"]


class Clause(BaseModel):
    """A part of an agreement: unknown keys are refused, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Party(Clause):
    """An organisation that is bound by the agreement, its role (UK GDPR Article 4) and signatory.

    `signed_by` is an office, never a person's name: agreements are published. Only the parties of a
    draft have no `signed_on`.
    """

    partner: str
    role: Literal["controller", "joint controller", "processor"]
    signed_by: str = Field(min_length=1)
    signed_on: date | None = None


class Purpose(Clause):
    """What data may be used for.

    Attributes
    ----------
    uses
        The uses of a field that the purpose covers.
    exempt_from_opt_outs
        Why people's opt-outs are not applied: individual care, say. Left out, they are.
    may_reidentify
        Why pseudonyms may be turned back into partners' numbers. Left out, they may not.
    keeps_identifiers
        Why encrypted tables may hold names and addresses. Left out, they may not.
    keeps_pages
        Why an encrypted page may name whom the step was handed by name, with nobody turned back.
        Left out, a page is for purposes that may re-identify.
    """

    description: str = Field(min_length=1)
    uses: tuple[Use, ...] = Field(min_length=1)
    exempt_from_opt_outs: str | None = None
    may_reidentify: str | None = None
    keeps_identifiers: str | None = None
    keeps_pages: str | None = None

    @field_validator("exempt_from_opt_outs", "may_reidentify", *NEWER_CLAUSES)
    @classmethod
    def _gives_a_reason(cls, reason: str | None) -> str | None:
        if reason is not None and len(reason.split()) < 3:
            raise ValueError("must say why in a sentence, because reports quote it")
        return reason


class LawfulBasis(Clause):
    """Why the sharing is lawful: UK GDPR Articles 6 and 9, and the statute that allows it."""

    article_6: str = Field(min_length=1)
    article_9: str = Field(min_length=1)
    gateway: str = Field(min_length=1)


class Flow(Clause):
    """Which way a dataset goes, and how often."""

    direction: Literal["to the hub", "from the hub", "both ways"]
    frequency: Literal["once", "daily", "weekly", "monthly", "quarterly", "yearly"]


class Retention(Clause):
    """How long the hub keeps what it was sent, and what it made of it.

    Attributes
    ----------
    data_months
        Whole months after the delivery date of an extract.
    results_months
        Whole months after a run: its restricted, row-level tables are erased then. What passed
        the disclosure gate holds nobody's record and stays.
    """

    data_months: int = Field(ge=1)
    results_months: int = Field(ge=1)


class DisclosureRule(Clause):
    """What must be done to results before anybody outside sees them; asked by the gate.

    Attributes
    ----------
    threshold
        The smallest count of people that may be shown; nought may be shown too.
    rounding
        Counts are rounded to the nearest multiple of this.
    dominance_n, dominance_k
        The (n, k) rule for sums of money or other magnitudes: a cell is unsafe where its `n`
        largest contributors make up more than `k` per cent of it.
    p_percent
        The p% rule: a cell is unsafe where its second largest contributor could work out the
        largest one to within this many per cent.
    minimum_degrees_of_freedom
        The residual degrees of freedom below which a model's coefficients are not shown.

    References
    ----------
    Hundepool, A. et al. (2012). *Statistical Disclosure Control*. Wiley: section 4.2 (dominance).
    Ritchie, F. (2019). *Analyzing the disclosure risk of regression coefficients*. Transactions on
    Data Privacy 12: at least ten residual degrees of freedom.
    """

    threshold: int = Field(ge=1)
    rounding: int = Field(ge=1)
    dominance_n: int = Field(default=2, ge=1)
    dominance_k: float = Field(default=90.0, gt=0, le=100)
    p_percent: float = Field(default=10.0, ge=0, le=100)
    minimum_degrees_of_freedom: int = Field(default=10, ge=1)
