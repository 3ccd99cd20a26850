"""Whether an agreement shares everything that features are made of, for the purpose of a model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.features.registry import OF_A_TABLE, Feature, FeatureSet
from woda_lib.records.findings import nearest


def require_agreed(
    features: FeatureSet,
    agreement: Agreement,
    *,
    purpose: str,
    today: date,
    columns: Mapping[str, Collection[str]],
) -> None:
    """Refuse unless the agreement shares every field of every feature for the purpose.

    Parameters
    ----------
    features
    agreement
        What every feature must name.
    purpose
        For which the model is made.
    today
    columns
        To each ``single_view/1_build:<table>.<column>`` the fields ``<dataset>.<field>`` whose
        values stand in it; a person's age in half-years, say, stands for no field. One of them
        must be shared for the purpose, since the others are blanked when the table is loaded.

    Raises
    ------
    PredictionError
        If a feature names another agreement, or a column that the build does not save.
    AgreementError
        If a field is not shared for the purpose; names the field and the clause.
    """
    for feature in features.features:
        if feature.agreement != agreement.id:
            raise PredictionError(
                f"{features.registry}.yaml: the feature {feature.name} names the agreement "
                f"{feature.agreement!r}, and this pilot runs under {agreement.id!r}. A feature of "
                "another agreement cannot be built here; take it out, or agree to share it."
            )
        for dataset, field in _fields(feature):
            agreement.require(CONTRACTS[dataset], [field], purpose=purpose, today=today)
        for source in feature.source:
            if OF_A_TABLE in source and source not in columns:
                raise PredictionError(
                    f"{features.registry}.yaml: the feature {feature.name} names {source}, which "
                    f"no step saves. {nearest(source, columns)}"
                )
            _require_some(columns.get(source, ()), agreement, purpose, today)


def _require_some(stems: Collection[str], agreement: Agreement, purpose: str, today: date) -> None:
    for stem in stems:
        dataset, _, field = stem.partition(".")
        if agreement.covers(dataset, field, purpose):
            return
    for stem in sorted(stems):
        dataset, _, field = stem.partition(".")
        agreement.require(CONTRACTS[dataset], [field], purpose=purpose, today=today)


def _fields(feature: Feature) -> Iterator[tuple[str, str]]:
    for source in feature.source:
        table, _, field = source.rpartition(".")
        if OF_A_TABLE not in table:
            yield table, field
