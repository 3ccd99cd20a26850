"""What an adjusted comparison says of itself: its method and assumptions; settings it knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from woda_lib.evaluation.case_mix.columns import Shape
from woda_lib.evaluation.case_mix.errors import CaseMixError
from woda_lib.evaluation.case_mix.groups import Groups
from woda_lib.evaluation.case_mix.means import Adjustment, Population, Settings
from woda_lib.evaluation.case_mix.models import FAMILIES, Family
from woda_lib.evaluation.case_mix.spread import Clusters

Scale = Literal["difference", "ratio"]
Errors = Literal["robust", "bootstrap"]

WAYS: dict[Adjustment, str] = {
    "none": "As they are",
    "standardise": "Standardised (outcome model)",
    "inverse probability": "Weighted by inverse probability",
    "doubly robust": "Doubly robust (both)",
}
POPULATIONS: dict[Population, str] = {
    "everybody": "everybody",
    "compared": "the group compared",
    "reference": "the reference group",
}


def method(
    settings: Settings,
    groups: Groups,
    scale: Scale,
    errors: Errors,
    clusters: Clusters | None,
    draws: int,
    shape: Shape,
    adjust: Sequence[str],
) -> str:
    """Say how the groups were compared, adjusted and given an interval, with the source."""
    of = "quantile" if settings.family == "quantile" else "mean"
    what = f"{scale.capitalize()} of the adjusted {of}s, {groups.names[1]} against "
    how = {
        "none": "as they are",
        "standardise": f"standardised by a {settings.family} model (g-computation)",
        "inverse probability": "weighted by inverse probability",
        "doubly robust": f"doubly robust, by a {settings.family} model and inverse probability",
    }[settings.adjustment]
    by = f" clustered in {clusters.count}" if clusters is not None else ""
    interval = (
        f"bootstrap of {draws} draws{by}"
        if errors == "bootstrap"
        else f"robust errors by M-estimation{by}"
    )
    return (
        f"{what}{groups.names[0]}, {how}, {len(list(adjust))} columns adjusted for "
        f"(numbers {shape}), at the case mix of {POPULATIONS[settings.population]}; {interval}. "
        "Hernán and Robins, What If (2020), chapters 12 and 13."
    )


def assumptions(adjustment: Adjustment, family: Family) -> tuple[str, ...]:
    """Say what must hold for a comparison adjusted in this way."""
    if adjustment == "none":
        return ("The groups are alike in everything but the group, as in a trial.",)
    of_models = {
        "standardise": "The outcome model is right for both groups.",
        "inverse probability": "The model of who comes into which group is right.",
        "doubly robust": "The outcome model, or that of who comes into which group, is right.",
    }[adjustment]
    return (
        "Everything that moves people into a group and also moves the outcome is among the columns "
        "adjusted for, and was settled before they came into it.",
        "Everybody might have been in either group.",
        of_models,
        *(
            ("The difference is the average of differences between quantiles of people alike.",)
            if family == "quantile" and adjustment == "standardise"
            else ()
        ),
    )


def refuse_settings(
    family: str,
    quantile: float,
    adjustment: str,
    population: str,
    scale: str,
    errors: str,
    level: float,
    draws: int,
) -> None:
    """Refuse a setting that is unknown or out of its range, with `CaseMixError`."""
    for name, value, known in (
        ("family", family, FAMILIES),
        ("adjustment", adjustment, tuple(WAYS)),
        ("population", population, tuple(POPULATIONS)),
        ("scale", scale, ("difference", "ratio")),
        ("errors", errors, ("robust", "bootstrap")),
    ):
        if value not in known:
            raise CaseMixError(f"`{name}` must be one of {', '.join(map(repr, known))}.")
    for name, share in (("quantile", quantile), ("level", level)):
        if not 0 < share < 1:
            raise CaseMixError(f"`{name}` must lie between 0 and 1.")
    if errors == "bootstrap" and draws < 200:
        raise CaseMixError("A bootstrap interval needs 200 `draws` or more.")
