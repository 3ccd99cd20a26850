"""What the run knows of a model, for its papers: the model, the agreement, and its assessment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol

import pandas as pd

from woda_lib.partners import Agreement
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.datasets.notices import STATUTORY
from woda_lib.phrases import say_number
from woda_lib.prediction.bundle.noted import Registered
from woda_lib.prediction.bundle.paper import DO_NOT_DEPLOY, Exhibit
from woda_lib.prediction.training import Model
from woda_lib.records import Transparency

NOT_ASSESSED = f"{DO_NOT_DEPLOY}: this model has not been assessed."
"""The first line of every paper about a model that nobody has judged."""

_WAYS = {1: "more never lowers the risk", -1: "more never raises it", 0: "not fixed"}
_ROUNDED = 100
_LEFT_OPEN = "What these households cannot settle: no failure, and no pass."
_OF_A_TABLE = "/"


class Judged(Protocol):
    """What is read of a verdict of the stop rule."""

    @property
    def deploy(self) -> bool:
        """Whether the rule lets the model be used at all."""

    @property
    def sentence(self) -> str:
        """The verdict as a sentence."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Sentences: the conditions that failed, or on what a yes rests."""

    def unsettled_groups(self) -> pd.DataFrame:
        """What it could not look at: a row a bound and groups, in words alone."""


@dataclass(frozen=True)
class Assessed:
    """What an assessment found, as papers say it.

    Attributes
    ----------
    deploy : bool
        Whether the stop rule lets the model be used at all.
    sentence : str
        The verdict in the words of the stop rule.
    reasons : tuple of str
        Sentences: each condition that failed, or on what the yes rests.
    performance, fairness, drift : tuple of Exhibit
        Tables that the run shows, under the names that it shows them by.
    says : tuple of str
        Sentences on how well it does and for whom.
    alarm : str
        That the drift alarm is raised, in a sentence; nothing where it is not.
    """

    deploy: bool
    sentence: str
    reasons: tuple[str, ...]
    performance: tuple[Exhibit, ...]
    fairness: tuple[Exhibit, ...]
    drift: tuple[Exhibit, ...] = ()
    says: tuple[str, ...] = ()
    alarm: str = ""

    @classmethod
    def of(
        cls,
        verdict: Judged,
        *,
        performance: tuple[Exhibit, ...],
        fairness: tuple[Exhibit, ...],
        drift: tuple[Exhibit, ...] = (),
        says: tuple[str, ...] = (),
        alarm: str = "",
    ) -> Assessed:
        """Return it from a verdict; what that could not look at stands with the groups."""
        open_ = Exhibit("left_open", _LEFT_OPEN, verdict.unsettled_groups())
        return cls(
            deploy=verdict.deploy,
            sentence=verdict.sentence,
            reasons=tuple(verdict.reasons),
            performance=performance,
            fairness=(*fairness, open_) if len(open_.cells) else fairness,
            drift=drift,
            says=says,
            alarm=alarm,
        )


@dataclass(frozen=True)
class Known:
    """Everything that papers about a model are written from.

    Attributes
    ----------
    model : Model
    registry : tuple of Registered
        The feature registry.
    people : Transparency
        What only people can say.
    agreement : Agreement
        Under which it was trained.
    as_of : date
        The clock of the run.
    synthetic : bool
        Whether the data are made up.
    capacity : float, optional
        Of 1,000 households: how many caseworkers have the time to look into.
    assessed : Assessed, optional
        Nothing where nobody has judged it.
    """

    model: Model
    registry: tuple[Registered, ...]
    people: Transparency
    agreement: Agreement
    as_of: date
    synthetic: bool
    capacity: float | None = None
    assessed: Assessed | None = field(default=None)

    @property
    def verdict(self) -> str:
        """The first line of every paper: whether the model may be used at all, and why."""
        if self.assessed is None:
            return NOT_ASSESSED
        if self.assessed.deploy:
            said = [self.assessed.sentence]
        else:
            said = [f"{DO_NOT_DEPLOY}.", *self.assessed.reasons]
        return " ".join(filter(None, [*said, self.assessed.alarm]))

    @property
    def may_be_used(self) -> bool:
        """Whether it was assessed and the stop rule does not stand in the way."""
        return self.assessed is not None and self.assessed.deploy

    @cached_property
    def told(self) -> list[Registered]:
        """The registry's entries of the model's features, in the model's order."""
        entries = {entry.name: entry for entry in self.registry}
        return [entries[name] for name in self.model.names]

    @cached_property
    def features(self) -> Exhibit:
        """Every feature: where it is from, over how long, and which way it may move the risk."""
        rows = [
            {
                "feature": entry.title,
                "source": _sources(entry.source),
                "looks_back": f"{entry.window_months} months" if entry.window_months else "the day",
                "direction": _WAYS[made.direction],
            }
            for entry, made in zip(self.told, self.model.features, strict=True)
        ]
        return Exhibit("features", "What the model is told of a household.", pd.DataFrame(rows))

    @cached_property
    def datasets(self) -> Exhibit:
        """Every dataset: who sends it, and which features, or the outcome, are made of it."""
        used: dict[str, list[str]] = {}
        senders: dict[str, str] = {}
        for entry in self.told:
            for source in entry.source:
                table = source.rpartition(".")[0]
                senders[_called(table)] = _senders(table)
                used.setdefault(_called(table), []).append(entry.title)
        for table in STATUTORY:
            senders[_called(table)] = _senders(table)
            used.setdefault(_called(table), []).append("the outcome")
        rows = [
            {
                "dataset": name,
                "sent_by": senders[name],
                "what_for": "; ".join(dict.fromkeys(titles)),
            }
            for name, titles in used.items()
        ]
        return Exhibit("datasets", "Where it is from, and what for.", pd.DataFrame(rows))

    @property
    def quantities(self) -> str:
        """How much it was trained on; numbers of households to the nearest hundred."""
        made = self.model.manifest
        days = ", ".join(_day(day) for day in made["index_dates"])
        return (
            f"About {_about(made['rows'])} rows, a household on a day each, of about "
            f"{_about(made['households'])} households on {days}. In about {_about(made['events'])} "
            f"of them the outcome happened ({made['prevalence']:.1%})."
        )

    @property
    def question(self) -> str:
        """What the model is asked."""
        months = self.model.manifest["horizon_months"]
        return (
            "The probability that a household will have a new statutory intervention in two or "
            f"more services within {months} months of a day, from what services had recorded by "
            "that day."
        )

    @property
    def made_of(self) -> str:
        """What kind of model it is, and how its settings were chosen."""
        made = self.model.manifest
        held = sum(bool(feature.direction) for feature in self.model.features)
        return (
            f"Gradient-boosted decision trees (LightGBM {made['versions']['lightgbm']}): "
            f"{made['trees']} trees over {len(self.model.features)} features, of which {held} may "
            f"move the risk one way only. Of {len(made['tried'])} settings that were written down "
            f"before, the one called “{made['chosen']['name']}” was chosen by the log loss of "
            "households that the trees had not seen, within the training dates alone. A "
            f"{self.model.calibration.method} curve, fitted to households that the trees had not "
            f"seen, turns their score into a probability. Seed {made['seed']}."
        )

    @property
    def version(self) -> str:
        """The model's version as its papers give it: what its trees hash to."""
        return f"{self.as_of:%Y-%m-%d}, trees {self.model.manifest['booster_sha256'][:12]}"


def _sources(fields: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(_called(each.rpartition(".")[0]) for each in fields))


def _called(name: str) -> str:
    if _OF_A_TABLE in name:
        return "the single view"
    return name.replace("_", " ")


def _senders(name: str) -> str:
    if name not in CONTRACTS:
        return "made from the partners' records"
    return ", ".join(partner.replace("_", " ") for partner in CONTRACTS[name].partners)


def _about(number: int) -> str:
    if number < _ROUNDED:
        return f"fewer than {_ROUNDED}"
    return say_number(round(number / _ROUNDED) * _ROUNDED, 0)


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"
