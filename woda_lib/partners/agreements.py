"""Data-sharing agreements as code: who may read which field of which dataset, for what, until when.

A load asks an agreement five things: is it in force today and not past its review, does it know the
purpose, does it share the dataset, does it share the field, and does the purpose cover what the
field is for. The first *no* is raised as `Denied`, with the clause and who can change it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from woda_lib.partners.clauses import (
    NEWER_CLAUSES,
    Clause,
    DisclosureRule,
    Flow,
    LawfulBasis,
    Party,
    Publication,
    Purpose,
    Retention,
    Use,
)
from woda_lib.partners.clock import as_of
from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import CONTRACTS, OPT_OUTS
from woda_lib.partners.denial import Denied
from woda_lib.partners.errors import AgreementError
from woda_lib.partners.folder import MARKER, synthetic_marker
from woda_lib.records import nearest
from woda_lib.records.pilots import NO_AGREEMENT

DELIVERED_ON = "delivered_on"
LAST_DELIVERED_ON = "last_delivered_on"
DAYS = (DELIVERED_ON, LAST_DELIVERED_ON)
"""The day on which a row came as it stands. It says nothing of a person that the row does not, so
that it may be asked for with any field."""

UNWRITTEN = "Not written yet"
"""How a clause of a draft begins that nobody has written."""


class Agreement(Clause):
    """One data-sharing agreement.

    Attributes
    ----------
    id, title : str
    parties
        Who is bound, in which role, and who signed when.
    necessity, lawful_basis, data_subjects
        Why it is needed and lawful, and whom it is about.
    purposes
        What the data may be used for.
    datasets
        For each dataset the fields that are shared, each with its use.
    only_for
        For each dataset the fields that some purposes alone may read, with their names. Of such a
        field the use is not enough: two purposes may both cover identifiers, and one of them alone
        may know who is on a register.
    flows
        For each dataset which way it goes, and how often.
    onward_use
        To whom results may go.
    publication
        Who may read what passed the disclosure gate: ``open`` to the public, ``parties`` of the
        agreement alone, or ``forbidden``, so that nothing is released.
    retention
        How long data and derived results are kept.
    dpia
        The reference of the data protection impact assessment.
    starts, review, ends
        In force from `starts` to `ends`, both included. Past `review` nothing is read until the
        review is done and its date moved.
    contact
        The role that can change it.
    disclosure
        What is done to results before they are shown.
    draft
        Whether it is not signed yet. Only a made-up county may be read under a draft.
    """

    id: str
    title: str
    parties: tuple[Party, ...] = Field(min_length=2)
    necessity: str = Field(min_length=1)
    lawful_basis: LawfulBasis
    data_subjects: str = Field(min_length=1)
    purposes: dict[str, Purpose] = Field(min_length=1)
    datasets: dict[str, dict[str, Use]]
    only_for: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    flows: dict[str, Flow]
    onward_use: str = Field(min_length=1)
    publication: Publication = "parties"
    retention: Retention
    dpia: str = Field(min_length=1)
    starts: date
    review: date
    ends: date
    contact: str = Field(min_length=1)
    disclosure: DisclosureRule
    draft: bool = False

    @model_validator(mode="after")
    def _names_what_exists(self) -> Agreement:
        if not self.starts <= self.review <= self.ends:
            raise ValueError("starts, review and ends must follow each other")
        for dataset, fields in self.datasets.items():
            if dataset not in CONTRACTS:
                raise ValueError(
                    f"datasets.{dataset}: no such dataset. {nearest(dataset, CONTRACTS)}"
                )
            if dataset == OPT_OUTS:
                raise ValueError(
                    f"datasets.{dataset}: people's choices are shared with no notebook; the "
                    "workbench honours them by itself"
                )
            columns = CONTRACTS[dataset].columns
            for name in fields:
                if name not in columns:
                    raise ValueError(
                        f"datasets.{dataset}.{name}: no such field. {nearest(name, columns)}"
                    )
        for dataset in self.flows.keys() ^ self.datasets.keys():
            raise ValueError(
                f"flows.{dataset}: every dataset under datasets has its direction and frequency "
                "under flows, and nothing else has"
            )
        return self

    @model_validator(mode="after")
    def _keeps_what_is_there(self) -> Agreement:
        """What is misspelt under `only_for` would keep nothing from anybody."""
        for dataset, fields in self.only_for.items():
            shared = self.datasets.get(dataset, {})
            for name, purposes in fields.items():
                where = f"only_for.{dataset}.{name}"
                if name not in shared:
                    raise ValueError(f"{where}: is not shared. {nearest(name, shared)}")
                if not purposes:
                    raise ValueError(f"{where}: names no purpose. Take the field out of datasets")
                for purpose in purposes:
                    if purpose not in self.purposes:
                        raise ValueError(
                            f"{where}: no such purpose. {nearest(purpose, self.purposes)}"
                        )
        return self

    @model_validator(mode="after")
    def _is_signed_and_written(self) -> Agreement:
        """What a draft may leave open, an agreement may not."""
        if self.draft:
            return self
        for party in self.parties:
            if party.signed_on is None:
                raise ValueError(
                    f"parties: {party.partner} has no signed_on. Until every party has signed, "
                    "the file says `draft: true`"
                )
        if UNWRITTEN in self.model_dump_json():
            raise ValueError(
                f"a clause still begins with {UNWRITTEN!r}. Until it is written, the file says "
                "`draft: true`"
            )
        return self

    @property
    def digest(self) -> str:
        """SHA-256 of everything that the agreement says; the audit log records it with a load."""
        # What a clause leaves out that there was not always leaves the digest as it was.
        newer = {
            name: {clause for clause in NEWER_CLAUSES if getattr(purpose, clause) is None}
            for name, purpose in self.purposes.items()
        }
        unsaid = [name for name in ("draft", "only_for") if not getattr(self, name)]
        without: dict[str, Any] = {"purposes": newer} | dict.fromkeys(unsaid, True)
        return hashlib.sha256(self.model_dump_json(exclude=without).encode()).hexdigest()

    @property
    def partners(self) -> frozenset[str]:
        """The parties' names."""
        return frozenset(party.partner for party in self.parties)

    @property
    def made_up_only(self) -> bool:
        """Whether this stands for no agreement, so that real extracts must not be read."""
        return self.id == NO_AGREEMENT

    def clock(self, extracts: Path) -> date:
        """Return the day up to which what the agreement shares is read; see `clock`.

        Raises
        ------
        ExtractError
            If the folder is missing, or holds no delivery.
        """
        return as_of(extracts, partners=self.partners, datasets=self.datasets.keys())

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
        if self.draft and synthetic_marker(extracts) is None:
            raise self.denial(
                "draft",
                f"is a draft that is not signed, and {extracts} is not a made-up county (it has no "
                f"{MARKER}). Until every party has signed, run the pilot with --profile; then date "
                "the signatures and take the line out",
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
        return self._shared_as("identifier")

    @property
    def pseudonyms(self) -> frozenset[str]:
        """The fields of any dataset that are handed out under the agreement's key."""
        return self._shared_as("pseudonym")

    def _shared_as(self, use: Use) -> frozenset[str]:
        return frozenset(
            name
            for fields in self.datasets.values()
            for name, shared in fields.items()
            if shared == use
        )

    def kept_for(self, dataset: str, field: str, purpose: str) -> tuple[str, ...]:
        """Return the purposes for which alone a field is read, if this is none of them."""
        purposes = self.only_for.get(dataset, {}).get(field, ())
        return () if purpose in purposes else purposes

    def covers(self, dataset: str, field: str, purpose: str) -> bool:
        """Whether a purpose of the agreement is shown a field."""
        use = self.datasets.get(dataset, {}).get(field)
        if purpose not in self.purposes or use not in self.purposes[purpose].uses:
            return False
        return not self.kept_for(dataset, field, purpose)

    def permits(self, contract: Contract, *, purpose: str, today: date) -> list[str]:
        """Return the fields of a dataset that may be read for a purpose today.

        Raises
        ------
        Denied
            Naming the agreement, and the clause that denies the load: its dates, its purposes, or
            its datasets.
        """
        self.require_purpose(purpose, today=today)
        if contract.dataset not in self.datasets:
            raise self.denial(
                "datasets",
                f"does not share the dataset {contract.dataset}. "
                f"{nearest(contract.dataset, self.datasets)} To use another, add it under datasets",
            )
        uses = self.purposes[purpose].uses
        dataset = contract.dataset
        fields = [name for name in contract.columns if self.covers(dataset, name, purpose)]
        if not fields and dataset in self.only_for:
            raise self.denial(
                f"only_for.{dataset}", f"keeps {dataset} from the purpose {purpose}, field by field"
            )
        if not fields:
            raise self.denial(
                f"purposes.{purpose}.uses",
                f"shares no field of {contract.dataset} for the purpose {purpose} (which covers "
                f"{', '.join(uses)})",
            )
        return fields

    def require(
        self, contract: Contract, fields: Sequence[str], *, purpose: str, today: date
    ) -> None:
        """Refuse unless every one of some fields may be read.

        Raises
        ------
        Denied
            Naming the first field that may not, and why.
        """
        permitted = self.permits(contract, purpose=purpose, today=today)
        for name in fields:
            if name in permitted or name in DAYS:
                continue
            use = self.datasets[contract.dataset].get(name)
            clause = f"datasets.{contract.dataset}"
            if use is None:
                raise self.denial(
                    clause,
                    f"does not share the field {name} of {contract.dataset}. "
                    f"{nearest(name, permitted)} To use it, add it under {clause}",
                )
            if alone := self.kept_for(contract.dataset, name, purpose):
                raise self.denial(
                    f"only_for.{contract.dataset}.{name}",
                    f"shares the field {name} of {contract.dataset} for {' and '.join(alone)} "
                    f"alone, and not for {purpose}",
                )
            raise self.denial(
                f"{clause}.{name}",
                f"shares the field {name} of {contract.dataset} as {use} only, which the purpose "
                f"{purpose} does not cover",
            )

    def require_purpose(self, purpose: str, *, today: date) -> Purpose:
        """Return a purpose, if the agreement is in force, reviewed and has it.

        Raises
        ------
        Denied
            Naming the date or the purpose that denies it.
        """
        self._require_in_force(today)
        if purpose not in self.purposes:
            raise self.denial(
                "purposes",
                f"has no purpose {purpose!r}. {nearest(purpose, self.purposes)} Data may be used "
                "only for a purpose that is agreed",
            )
        return self.purposes[purpose]

    def _require_in_force(self, today: date) -> None:
        if not self.starts <= today <= self.ends:
            raise self.denial(
                "starts" if today < self.starts else "ends",
                f"is not in force on {today:%-d %B %Y} (starts {self.starts:%-d %B %Y}, ends "
                f"{self.ends:%-d %B %Y})",
            )
        if today > self.review:
            raise self.denial(
                "review",
                f"was due for review on {self.review:%-d %B %Y} and has not been reviewed since. "
                "Once it is, move the date",
            )

    def denial(self, clause: str, why: str) -> Denied:
        """Return the error that denies something by a clause of this agreement."""
        return Denied(self.id, clause, why, contact=self.contact)
