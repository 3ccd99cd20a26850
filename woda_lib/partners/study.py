"""No agreement: what stands in for one where a study reads the made-up county.

A study belongs to no pilot and has no agreement (``none``). It may read the made-up county alone,
all of it: no line of that is about anybody.
"""

from __future__ import annotations

from datetime import date

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.clauses import (
    DisclosureRule,
    Flow,
    LawfulBasis,
    Party,
    Purpose,
    Retention,
)
from woda_lib.partners.datasets import CONTRACTS, OPT_OUTS
from woda_lib.records.pilots import NO_AGREEMENT

STUDY = "study"
"""The one purpose of a study."""

_NEVER = 12 * 1000


def no_agreement() -> Agreement:
    """Permit every field of every dataset; `Agreement.admits` lets made-up extracts in alone."""
    shared = {name: contract for name, contract in CONTRACTS.items() if name != OPT_OUTS}
    partners = sorted({name for contract in shared.values() for name in contract.partners})
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
        data_subjects="Nobody",
        purposes={
            STUDY: Purpose(
                description="Teaching and testing a method on made-up records",
                uses=("identifier", "attribute", "outcome"),
                exempt_from_opt_outs="The records are of nobody, so that nobody can object.",
            )
        },
        datasets={
            name: dict.fromkeys(contract.columns, "attribute") for name, contract in shared.items()
        },
        flows={name: Flow(direction="to the hub", frequency="once") for name in shared},
        onward_use="Anything: the records are of nobody.",
        publication="open",
        retention=Retention(data_months=_NEVER, results_months=_NEVER),
        dpia="none needed: no personal data",
        starts=date.min,
        review=date.max,
        ends=date.max,
        contact="Office of Data Analytics",
        disclosure=DisclosureRule(threshold=5, rounding=5),
    )
