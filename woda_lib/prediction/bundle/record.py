"""The transparency record: each field of the standard, answered by the run or by people."""

from __future__ import annotations

from collections.abc import Callable

from woda_lib.prediction.bundle.known import Known
from woda_lib.prediction.bundle.paper import Entry, Exhibit, Paper, Section
from woda_lib.prediction.bundle.standard import STANDARD, TEMPLATE

_Answer = tuple[tuple[str, ...], tuple[Exhibit, ...]]

_NOT_IN_USE = "Pre-deployment; not in use"
_NOT_JUDGED = "It has not been assessed yet, so that nothing can be said of how well it does."
_BASES = (
    "Three things that need no such model were tried beside it on the same households: a rule that "
    "a caseworker could apply by hand, logistic regression, and taking every household to be like "
    "the average. The stop rule, which is registered, says by how much the model must "
    "beat the rule to be used at all."
)


def transparency_record(known: Known) -> Paper:
    """Return the record of a model, every field of tiers 1 and 2 answered.

    Parameters
    ----------
    known : Known

    Raises
    ------
    PredictionError
        If a field has no answer; names it, and the file in which people answer.
    """
    sections = tuple(
        Section(
            part.title,
            tuple(
                Entry(field.number, field.name, *_answer(field.key, known)) for field in part.fields
            ),
        )
        for part in TEMPLATE
    )
    paper = Paper(
        name="transparency",
        title=f"Transparency record: {known.people.title}",
        verdict=known.verdict,
        sections=sections,
        standard=STANDARD,
        synthetic=known.synthetic,
    )
    paper.require_complete("transparency.yaml")
    return paper


def _answer(key: str, known: Known) -> _Answer:
    if key in _ANSWERS:
        return _ANSWERS[key](known)
    return (str(getattr(known.people, key)),), ()


def _only(text: Callable[[Known], str]) -> Callable[[Known], _Answer]:
    return lambda known: ((text(known),), ())


def _phase(known: Known) -> str:
    return known.people.phase if known.may_be_used else _NOT_IN_USE


def _description(known: Known) -> _Answer:
    return (known.verdict, known.people.description), ()


def _detailed(known: Known) -> _Answer:
    return (known.question, known.made_of, known.people.intended_use, _never(known)), ()


def _never(known: Known) -> str:
    return f"What it must not be used for: {known.people.out_of_scope}"


def _alternatives(known: Known) -> _Answer:
    return (_BASES, known.people.alternatives), ()


def _scale(known: Known) -> _Answer:
    told = (known.people.frequency_and_scale,)
    if known.capacity is None:
        return told, ()
    share = f"{known.capacity:g} of 1,000 households stand on a list."
    return (share, *told), ()


def _input(known: Known) -> _Answer:
    count = len(known.model.features)
    return (f"{count} features of a household as of a day; nothing recorded after it.",), (
        known.features,
    )


def _output(known: Known) -> str:
    return (
        f"{known.question} A person reads it with the features that raised or lowered it most, and "
        "with what is missing; nothing follows from it by itself."
    )


def _models(known: Known) -> str:
    return f"One: {known.people.name}. Its rules of comparison are no models."


def _performance(known: Known) -> _Answer:
    if known.assessed is None:
        return (_NOT_JUDGED,), ()
    return (known.verdict, *known.assessed.says), (
        *known.assessed.performance,
        *known.assessed.fairness,
        *known.assessed.drift,
    )


def _development(known: Known) -> str:
    return (
        "Records that the partners of the agreement share, joined by household and by a property's "
        "number, as they were known on each training date."
    )


def _modality(known: Known) -> str:
    return "Tabular: numbers, yes or no, and one category, a row a household on a day."


def _sharing(known: Known) -> str:
    agreement = known.agreement
    return (
        f"{agreement.title} ({agreement.id}), {len(agreement.parties)} parties, in force from "
        f"{agreement.starts:%-d %B %Y} to {agreement.ends:%-d %B %Y}. {known.people.data_sharing}"
    )


def _sensitive(known: Known) -> str:
    return (
        f"{known.people.sensitive_attributes} Ethnicity, sex and age are used to judge fairness. "
        "Ethnicity is no feature of the model. Age and sex are not told as such, but the kind of "
        "household, children and under-fives are made of them."
    )


def _completeness(known: Known) -> _Answer:
    lacking = [
        f"{entry.title} ({made.missing:.0%})"
        for entry, made in zip(known.told, known.model.features, strict=True)
        if made.missing >= 0.01
    ]
    said = (
        f"Not known of some households in training: {'; '.join(lacking)}."
        if lacking
        else "Every feature was known of at least 99% of the rows in training."
    )
    return (known.people.completeness, said), ()


def _operational(known: Known) -> str:
    return "The same datasets as those it was developed with, as delivered by the day of scoring."


def _processing(known: Known) -> str:
    return (
        "Each feature is worked out from the records known by the day, exactly as in training; a "
        "record of a later day is refused. A category that was never seen, a source that is "
        "missing and a feature of another type stop the scoring with a sentence."
    )


def _impact(known: Known) -> _Answer:
    people, agreement = known.people, known.agreement
    return (
        f"Data protection impact assessment: {agreement.dpia}.",
        people.impact_assessments,
        f"Lawful basis: {people.legal_basis}",
    ), ()


def _risks(known: Known) -> _Answer:
    return tuple(f"{each.risk} {each.mitigation}" for each in known.people.risks), ()


_ANSWERS: dict[str, Callable[[Known], _Answer]] = {
    "phase": _only(_phase),
    "description": _description,
    "detailed_description": _detailed,
    "alternatives": _alternatives,
    "frequency_and_scale": _scale,
    "system_input": _input,
    "system_output": _only(_output),
    "models": _only(_models),
    "model_name": _only(lambda known: known.people.name),
    "model_version": _only(lambda known: known.version),
    "model_task": _only(lambda known: f"Predicting: {known.question}"),
    "model_input": _input,
    "model_output": _only(lambda known: "A calibrated probability between 0 and 1 a household."),
    "model_architecture": _only(lambda known: known.made_of),
    "model_performance": _performance,
    "datasets": lambda known: ((_development(known),), (known.datasets,)),
    "development_data": _only(_development),
    "data_modality": _only(_modality),
    "data_quantities": _only(lambda known: known.quantities),
    "sensitive_attributes": _only(_sensitive),
    "completeness": _completeness,
    "data_sharing": _only(_sharing),
    "operational_sources": _only(_operational),
    "operational_processing": _only(_processing),
    "impact_assessments": _impact,
    "risks": _risks,
}
"""What the run answers, or adds to what people answer, by the field's key."""
