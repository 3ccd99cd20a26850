"""The parameters of the rules of homes, ``parameters/single_view/residence.yaml``, checked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from woda_lib.pilots.single_view.homes.errors import HomesError
from woda_lib.records.named_files import read_named


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Word(_Part):
    """What one dataset's rows say of where somebody lives.

    Attributes
    ----------
    kind
        ``register``: kept up while the person lives there, so that an end is a departure.
        ``work``: kept while a service works with somebody; its end says nothing of the home.
        ``glimpse``: an address given on one day.
    trust
        How much one such word weighs beside another, 0 to 1.
    half_life_days
        After so many days without a newer word it weighs half; missing where it never fades.
    """

    kind: Literal["register", "work", "glimpse"]
    trust: float = Field(gt=0, le=1)
    half_life_days: float | None = Field(default=None, gt=0)


class ResidenceRules(_Part):
    """The rules by which partners' words become residences.

    Attributes
    ----------
    residence : str
        The file's name.
    datasets : mapping
        `Word` by dataset; a dataset that is not named says nothing of homes.
    least_probability : float
        Of the match of an address to its property.
    believed_days : int
        How long work that ended, and a glimpse, are believed.
    sure_partners : int
        So many partners at one home make it sure.
    trusted : float
        A word of this trust makes a home sure by itself.
    rival_share : float
        Of the home's support, from which another property is a second home.
    rival_days : int
        Fewest days for which somebody is in two places.
    gap_days : int
        Longest gap between two homes that is closed.
    """

    residence: str
    datasets: dict[str, Word] = Field(min_length=1)
    least_probability: float = Field(ge=0, le=1)
    believed_days: int = Field(ge=0)
    sure_partners: int = Field(ge=1)
    trusted: float = Field(gt=0, le=1)
    rival_share: float = Field(gt=0, le=1)
    rival_days: int = Field(ge=0)
    gap_days: int = Field(ge=0)


def read_residence_rules(path: Path) -> ResidenceRules:
    """Read and check the rules of residence.

    Raises
    ------
    HomesError
        If the file is not there or a key is missing, unknown or of the wrong form; names the key.
    """
    return read_named(
        path,
        ResidenceRules,
        key="residence",
        shown=path.name,
        absent=path.name,
        error=HomesError,
    )
