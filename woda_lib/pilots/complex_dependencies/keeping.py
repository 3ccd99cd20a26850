"""Keeping the model: trained, as one that nobody has judged; judged, with its two papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from woda_lib.notebook import Run
from woda_lib.partners import load_agreement
from woda_lib.prediction.bundle import (
    Assessed,
    Bundle,
    Exhibit,
    Judged,
    Known,
    Registered,
    make_bundle,
    model_card,
    transparency_record,
)
from woda_lib.prediction.training import Model
from woda_lib.records import read_transparency, transparency_file

MODEL = "model"
"""What the model is called in either step: ``complex_dependencies/3_assess:model`` is judged."""


def keep_trained(run: Run, model: Model, registry: Iterable[Registered]) -> Bundle:
    """Keep a model that nobody has judged yet; its papers say so in their first line.

    Parameters
    ----------
    run : Run
    model : Model
    registry : iterable of Registered
        The registry's features.

    Raises
    ------
    TransparencyError
        If people have not answered what only they can; names the file and the key.
    PredictionError
        If the registry lacks a feature of the model.
    """
    known = _known(run, model, registry)
    bundle = make_bundle(
        model,
        registry=known.registry,
        card=model_card(known),
        record=transparency_record(known),
    )
    run.save_model(MODEL, bundle)
    return bundle


def keep_judged(
    run: Run,
    model: Model,
    registry: Iterable[Registered],
    verdict: Judged,
    *,
    capacity: float,
    performance: Sequence[str],
    fairness: Sequence[str],
    drift: Sequence[str] = (),
    says: Sequence[str] = (),
    alarm: str = "",
) -> Bundle:
    """Publish the model card and the transparency record, and keep the model with both.

    Parameters
    ----------
    run : Run
    model : Model
    registry : iterable of Registered
        The registry's features.
    verdict : Judged
        Of the stop rule.
    capacity : float
        Of 1,000 households: how many caseworkers have the time to look into.
    performance, fairness, drift : sequence of str
        Names of tables that the run has shown: they stand in the papers as they were shown.
    says : sequence of str
        Sentences on how well it does and for whom, as the answer says them.
    alarm : str
        That the drift alarm is raised, in a sentence; it stands wherever the verdict does.

    Raises
    ------
    TransparencyError
        If people have not answered what only they can; names the file and the key.
    NotebookError
        If a table was not shown.
    DisclosureError
        If the gate refuses a text.
    """
    assessed = Assessed.of(
        verdict,
        performance=tuple(map(Exhibit, performance)),
        fairness=tuple(map(Exhibit, fairness)),
        drift=tuple(map(Exhibit, drift)),
        says=tuple(says),
        alarm=alarm,
    )
    known = _known(run, model, registry, capacity=capacity, assessed=assessed)
    card = run.publish(
        model_card(known),
        caption="The model card: what the model is, what it may be used for, and how well it does.",
    )
    record = run.publish(
        transparency_record(known),
        caption="The transparency record, every field of tiers 1 and 2 of the standard.",
    )
    bundle = make_bundle(model, registry=known.registry, card=card, record=record)
    run.save_model(MODEL, bundle)
    return bundle


def _known(
    run: Run,
    model: Model,
    registry: Iterable[Registered],
    *,
    capacity: float | None = None,
    assessed: Assessed | None = None,
) -> Known:
    path = transparency_file(run.parameters_folder, run.pilot.pilot)
    people = read_transparency(path)
    run.record_input(path, path.name, public=people.texts)
    return Known(
        model=model,
        registry=tuple(registry),
        people=people,
        agreement=load_agreement(run.pilot.agreement, run.parameters_folder / "agreements"),
        as_of=run.as_of,
        synthetic=run.synthetic,
        capacity=capacity,
        assessed=assessed,
    )
