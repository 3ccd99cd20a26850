"""The model card: nine headings under which whoever would use a model finds what it can and cannot.

References
----------
M. Mitchell, S. Wu, A. Zaldivar and others, "Model cards for model reporting", *FAT\\* '19:
Conference on Fairness, Accountability, and Transparency*, 2019, pages 220–229.
"""

from __future__ import annotations

from woda_lib.prediction.bundle.known import Known
from woda_lib.prediction.bundle.paper import Entry, Paper, Section

_STANDARD = "Model card after Mitchell and others, 2019."
_GROUPS = (
    "Ethnicity, sex and age of the household's members, the deprivation of its neighbourhood, and "
    "the number of agencies that know it. That last one is no protected characteristic: it is "
    "where records, and not needs, could make a household look riskier."
)
_TOLD = (
    "Ethnicity is not among it. Age and sex are not told as such, but the kind of household, "
    "children and under-fives are made of them. Deprivation is told, and which agencies know the "
    "household."
)
_WHY_THESE = (
    "Caseworkers look into so many households a year and no more, so that precision and recall are "
    "given at that number. Calibration says whether a risk of 10% comes true in one of ten; the "
    "decision curve, whether acting on the list is better than looking into nobody."
)
_TEST = (
    "Households on a later day than any of the training dates, followed for as long. The same "
    "figures are given for households that are in no training row."
)


def model_card(known: Known) -> Paper:
    """Return the card of a model.

    Parameters
    ----------
    known : Known

    Raises
    ------
    PredictionError
        If a heading has no answer.
    """
    people, assessed = known.people, known.assessed
    not_yet = ("Nobody has assessed it yet.",)
    sections = (
        _section(
            "Model details",
            ("What it is", (known.people.name, known.made_of), ()),
            ("Version", (known.version,), ()),
            ("Who answers for it", (people.senior_responsible_owner, people.team), ()),
            ("Questions to", (people.contact_email,), ()),
        ),
        _section(
            "Intended use",
            ("What it answers", (known.question,), ()),
            ("May be used for", (people.intended_use,), ()),
            ("Must not be used for", (people.out_of_scope,), ()),
            ("Who decides", (people.human_review,), ()),
        ),
        _section(
            "Factors",
            ("Groups that are looked at apart", (_GROUPS,), ()),
            ("What it is told", (_TOLD,), (known.features,)),
        ),
        _section(
            "Metrics",
            ("What is measured, and why", (_WHY_THESE,), ()),
        ),
        _section("Evaluation data", ("What it was judged on", (_TEST,), ())),
        _section(
            "Training data",
            ("How much", (known.quantities,), ()),
            ("Where from", (people.data_collection,), (known.datasets,)),
            ("What is not known", (people.completeness,), ()),
        ),
        _section(
            "Quantitative analyses",
            ("How well it does",
             assessed.says or assessed.reasons if assessed else not_yet,
             assessed.performance if assessed else ()),
            ("For whom",
             (known.verdict,) if assessed else not_yet,
             assessed.fairness if assessed else ()),
            ("Whether that still holds",
             ("Inputs and scores are compared with those of training whenever it is used; past a "
              "bound that is registered, an alarm stops the list.",),
             assessed.drift if assessed else ()),
        ),
        _section(
            "Ethical considerations",
            ("Risks, and what is done about each",
             tuple(f"{each.risk} {each.mitigation}" for each in people.risks), ()),
            ("How to object", (people.appeals_and_review,), ()),
            ("Lawful basis", (people.legal_basis, f"{known.agreement.dpia}."), ()),
        ),
        _section(
            "Caveats and recommendations",
            ("Before anybody uses it", (known.verdict, people.required_training), ()),
        ),
    )  # fmt: skip
    paper = Paper(
        name="card",
        title=f"Model card: {people.title}",
        verdict=known.verdict,
        sections=sections,
        standard=_STANDARD,
        synthetic=known.synthetic,
    )
    paper.require_complete("transparency.yaml")
    return paper


def _section(title: str, *entries: tuple[str, tuple[str, ...], tuple]) -> Section:
    return Section(
        title, tuple(Entry("", field, answer, shown) for field, answer, shown in entries)
    )
