"""From which match probability on something is done: part of a linkage specification."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Thresholds(BaseModel):
    """Match probabilities from which something is done.

    Attributes
    ----------
    link
        From which a pair is linked.
    review
        From which a person should look at a pair.
    group
        From which two groups of linked records become one entity: that of their pairs on average
        (of log odds). A record that says little, such as one without a birth date, may else join
        two people to each of whom it is linked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    link: float = Field(0.9, gt=0, lt=1)
    review: float = Field(0.5, gt=0, lt=1)
    group: float = Field(0.5, gt=0, lt=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.review > self.link:
            raise ValueError("The threshold 'review' must not lie above the threshold 'link'.")
        return self
