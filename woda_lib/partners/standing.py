"""How agreements stand today: in words for people, and checked against the pilots that use them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from woda_lib.partners.agreement_files import load_agreement
from woda_lib.partners.agreements import Agreement
from woda_lib.partners.errors import AgreementError, ExtractError
from woda_lib.partners.loading import contract_of
from woda_lib.records import Pilot
from woda_lib.records.pilots import NO_AGREEMENT

REVIEW_SOON = 90
"""Days before a review or an end at which a check begins to say so."""


@dataclass(frozen=True)
class Standing:
    """What a check of the register found: sentences to note, and sentences to act on."""

    notes: tuple[str, ...]
    problems: tuple[str, ...]


def standing(agreement: Agreement, today: date) -> str:
    """Say in a sentence whether an agreement may be used on a day."""
    if agreement.draft:
        return "A draft that is not signed: only a made-up county may be read under it."
    if today < agreement.starts:
        return f"Not yet in force: starts {_day(agreement.starts)}."
    if today > agreement.ends:
        return f"Ended {_day(agreement.ends)}: nothing may be read under it."
    if today > agreement.review:
        return f"Past its review of {_day(agreement.review)}: nothing may be read until it is done."
    left = (agreement.review - today).days
    soon = f", in {left} days" if left <= REVIEW_SOON else ""
    return f"In force: review by {_day(agreement.review)}{soon}, ends {_day(agreement.ends)}."


def check_register(folder: Path, pilots: Mapping[str, Pilot], today: date) -> Standing:
    """Check every agreement, and every step of every pilot against its agreement.

    Parameters
    ----------
    folder : Path
        Of agreements.
    pilots : mapping of str to Pilot
    today : date
    """
    notes: list[str] = []
    problems: list[str] = []
    names = {path.stem for path in folder.glob("*.yaml")}
    for name in sorted(names | {pilot.agreement for pilot in pilots.values()} - {NO_AGREEMENT}):
        try:
            agreement = load_agreement(name, folder)
        except AgreementError as error:
            problems.append(str(error))
            continue
        says = f"{name}: {standing(agreement, today)}"
        usable = agreement.starts <= today <= agreement.review
        (notes if usable else problems).append(says)
        if usable:
            users = [pilot for pilot in pilots.values() if pilot.agreement == name]
            problems += _denied(agreement, users, today)
    return Standing(tuple(notes), tuple(problems))


def _denied(agreement: Agreement, pilots: list[Pilot], today: date) -> Iterator[str]:
    for pilot in pilots:
        for step in pilot.steps:
            for dataset, fields in step.datasets.items():
                try:
                    agreement.require(
                        contract_of(dataset), fields, purpose=step.purpose, today=today
                    )
                except (AgreementError, ExtractError) as error:
                    yield f"{pilot.pilot}/{step.name}: {error}"


def in_words(agreement: Agreement) -> Iterator[str]:
    """Give everything that an agreement says, line by line, for a person to read."""
    yield f"{agreement.id}: {agreement.title}"
    yield f"  In force        {_day(agreement.starts)} to {_day(agreement.ends)}"
    yield f"  Review          by {_day(agreement.review)}"
    yield f"  Contact         {agreement.contact}"
    yield f"  Impact assessed {agreement.dpia}"
    yield "  Parties"
    for party in agreement.parties:
        yield (
            f"    {party.partner}: {party.role}; signed by the {party.signed_by}, "
            f"{_day(party.signed_on)}"
            if party.signed_on
            else f"    {party.partner}: {party.role}; to be signed by the {party.signed_by}"
        )
    yield f"  Necessity       {agreement.necessity.strip()}"
    yield f"  Whom it concerns {agreement.data_subjects.strip()}"
    basis = agreement.lawful_basis
    yield f"  Lawful basis    Article {basis.article_6}; Article {basis.article_9}"
    yield f"  Gateway         {basis.gateway}"
    yield "  Purposes"
    for name, purpose in agreement.purposes.items():
        yield f"    {name} ({', '.join(purpose.uses)}): {purpose.description}"
        exempt = purpose.exempt_from_opt_outs
        yield f"      Opt-outs: {f'not applied. {exempt.strip()}' if exempt else 'applied.'}"
        if purpose.may_reidentify:
            yield f"      People may be re-identified: {purpose.may_reidentify.strip()}"
        if purpose.keeps_identifiers:
            yield f"      Names and addresses are kept: {purpose.keeps_identifiers.strip()}"
        if purpose.keeps_pages:
            yield f"      Pages that name people are kept: {purpose.keeps_pages.strip()}"
    yield "  Datasets"
    for dataset, fields in agreement.datasets.items():
        flow = agreement.flows[dataset]
        yield f"    {dataset}: {flow.direction}, {flow.frequency}"
        for use in dict.fromkeys(fields.values()):
            names = ", ".join(name for name, shared in fields.items() if shared == use)
            yield f"      {use}: {names}"
        for purposes in dict.fromkeys(agreement.only_for.get(dataset, {}).values()):
            limits = agreement.only_for[dataset].items()
            names = ", ".join(name for name, alone in limits if alone == purposes)
            yield f"      for {' and '.join(purposes)} alone: {names}"
    yield f"  Onward use      {agreement.onward_use.strip()}"
    yield f"  Publication     {agreement.publication}"
    kept = agreement.retention
    yield (
        f"  Kept            extracts {kept.data_months} months, row-level results "
        f"{kept.results_months} months"
    )
    rule = agreement.disclosure
    yield (
        f"  Disclosure      counts under {rule.threshold} withheld, others rounded to "
        f"{rule.rounding}; dominance ({rule.dominance_n}, {rule.dominance_k:g}%), "
        f"p {rule.p_percent:g}%; at least {rule.minimum_degrees_of_freedom} degrees of freedom"
    )


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
