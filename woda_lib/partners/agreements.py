"""Data-sharing agreements as code: who may read which field of which dataset, for what, until when.

An agreement names its purposes, and for each the *uses* of a field that it covers. An identifier is
granted for linkage only; an evaluation of the linked data never sees a name.

A study belongs to no pilot and has no agreement (``none``). It may read the made-up county alone,
all of it: no line of that is about anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.errors import AgreementError
from woda_lib.partners.folder import MARKER, synthetic_marker
from woda_lib.records import explain, nearest

Use = Literal["identifier", "attribute", "outcome"]

NO_AGREEMENT = "none"
"""What a study names in place of an agreement."""

STUDY = "study"
"""The one purpose of a study."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Party(_Model):
    """An organisation that is bound by the agreement."""

    partner: str
    role: Literal["controller", "joint controller", "processor"]
    signed_by: str
    signed_on: date


class Purpose(_Model):
    """What data may be used for, and which uses of a field that covers."""

    description: str
    uses: tuple[Use, ...] = Field(min_length=1)


class LawfulBasis(_Model):
    """Why the sharing is lawful: UK GDPR Articles 6 and 9, and the statute that allows it."""

    article_6: str
    article_9: str
    gateway: str


class DisclosureRule(_Model):
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


class Agreement(_Model):
    """One data-sharing agreement.

    Attributes
    ----------
    datasets
        For each dataset the fields that are shared, each with its use.
    starts, review, ends
        In force from `starts` to `ends`, both included, and until its review is done.
    contact
        The role that can change it.
    """

    id: str
    title: str
    parties: tuple[Party, ...] = Field(min_length=2)
    necessity: str
    lawful_basis: LawfulBasis
    purposes: dict[str, Purpose] = Field(min_length=1)
    datasets: dict[str, dict[str, Use]]
    starts: date
    review: date
    ends: date
    contact: str
    disclosure: DisclosureRule

    @model_validator(mode="after")
    def _names_what_exists(self) -> Agreement:
        if not self.starts <= self.review <= self.ends:
            raise ValueError("starts, review and ends must follow each other")
        for dataset, fields in self.datasets.items():
            if dataset not in CONTRACTS:
                raise ValueError(
                    f"datasets.{dataset}: no such dataset. {nearest(dataset, CONTRACTS)}"
                )
            columns = CONTRACTS[dataset].columns
            for name in fields:
                if name not in columns:
                    raise ValueError(
                        f"datasets.{dataset}.{name}: no such field. {nearest(name, columns)}"
                    )
        return self

    @property
    def made_up_only(self) -> bool:
        """Whether this stands for no agreement, so that real extracts must not be read."""
        return self.id == NO_AGREEMENT

    def admits(self, extracts: Path) -> None:
        """Refuse a folder of real extracts where there is no agreement to read them under.

        Raises
        ------
        AgreementError
            The folder is not marked as a made-up county, or its marker is damaged
            (`ExtractError`).
        """
        if self.made_up_only and synthetic_marker(extracts) is None:
            raise AgreementError(
                f"A study has no agreement and may read only a made-up county, which {extracts} "
                f"is not (it has no {MARKER}). Run the study with --profile, or let a pilot with "
                "an agreement ask the question."
            )

    def admits_tables_of(self, owner: str, *, pilot: str) -> None:
        """Refuse another pilot's restricted tables where there is no agreement.

        Raises
        ------
        AgreementError
            This stands for no agreement, and the table is another pilot's.
        """
        if self.made_up_only and owner != pilot:
            raise AgreementError(
                f"A study may not read a restricted table of a pilot ({owner}). Load the made-up "
                "county's extracts instead."
            )

    @property
    def identifiers(self) -> frozenset[str]:
        """The fields of any dataset that are shared as identifiers."""
        return frozenset(
            name
            for fields in self.datasets.values()
            for name, use in fields.items()
            if use == "identifier"
        )

    def permits(self, contract: Contract, *, purpose: str, today: date) -> list[str]:
        """Return the fields of a dataset that may be read for a purpose today.

        Raises
        ------
        AgreementError
            Naming the agreement, and the clause that denies the load: its dates, its purposes, or
            its datasets.
        """
        if not self.starts <= today <= self.ends:
            raise self._denial(
                f"is not in force on {today:%-d %B %Y} (starts {self.starts:%-d %B %Y}, ends "
                f"{self.ends:%-d %B %Y})"
            )
        if purpose not in self.purposes:
            raise self._denial(
                f"has no purpose {purpose!r}. {nearest(purpose, self.purposes)} Data may be used "
                "only for a purpose that is agreed"
            )
        if contract.dataset not in self.datasets:
            raise self._denial(
                f"does not share the dataset {contract.dataset}. "
                f"{nearest(contract.dataset, self.datasets)} To use another, add it under datasets"
            )
        uses = self.purposes[purpose].uses
        shared = self.datasets[contract.dataset]
        fields = [name for name in contract.columns if shared.get(name) in uses]
        if not fields:
            raise self._denial(
                f"shares no field of {contract.dataset} for the purpose {purpose} (which covers "
                f"{', '.join(uses)})"
            )
        return fields

    def require(
        self, contract: Contract, fields: Sequence[str], *, purpose: str, today: date
    ) -> None:
        """Refuse unless every one of some fields may be read.

        Raises
        ------
        AgreementError
            Naming the first field that may not, and why.
        """
        permitted = self.permits(contract, purpose=purpose, today=today)
        for name in fields:
            if name in permitted:
                continue
            use = self.datasets[contract.dataset].get(name)
            if use is None:
                raise self._denial(
                    f"does not share the field {name} of {contract.dataset}. "
                    f"{nearest(name, permitted)} To use it, add it under "
                    f"datasets.{contract.dataset}"
                )
            raise self._denial(
                f"shares the field {name} of {contract.dataset} as {use} only, which the purpose "
                f"{purpose} does not cover"
            )

    def _denial(self, why: str) -> AgreementError:
        return AgreementError(f"The agreement {self.id} {why}. Ask: {self.contact}.")


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
        return _no_agreement()
    path = folder / f"{agreement}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
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


def _no_agreement() -> Agreement:
    """Permit every field of every dataset; `Agreement.admits` lets made-up extracts in alone."""
    partners = sorted({name for contract in CONTRACTS.values() for name in contract.partners})
    nobody = "nobody: the county is made up"
    not_personal = "none needed: made-up records are not personal data (UK GDPR, Article 4(1))"
    return Agreement(
        id=NO_AGREEMENT,
        title="A study of the made-up county",
        parties=tuple(
            Party(partner=name, role="controller", signed_by=nobody, signed_on=date.min)
            for name in partners
        ),
        necessity="Methods are taught and tried on records of nobody.",
        lawful_basis=LawfulBasis(
            article_6=not_personal, article_9=not_personal, gateway=not_personal
        ),
        purposes={
            STUDY: Purpose(
                description="Teaching and testing a method on made-up records",
                uses=("identifier", "attribute", "outcome"),
            )
        },
        datasets={
            name: dict.fromkeys(contract.columns, "attribute")
            for name, contract in CONTRACTS.items()
        },
        starts=date.min,
        review=date.max,
        ends=date.max,
        contact="Office of Data Analytics",
        disclosure=DisclosureRule(threshold=5, rounding=5),
    )
