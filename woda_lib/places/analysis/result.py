"""What every analysis of places returns: the rows, and what they come to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import pandas as pd


class Finding(ABC):
    """A result; a method's own class is a frozen dataclass that derives from this.

    Attributes
    ----------
    table : DataFrame
        A row a feature, pair or area.
    method : str
        One or two sentences: what was measured, and by which rule.
    warnings : tuple of str
        What speaks against it in these data, a sentence each.
    """

    table: Any
    method: Any
    warnings: Any

    @abstractmethod
    def summary(self) -> pd.DataFrame:
        """Return what the rows come to, a row a figure."""

    def __str__(self) -> str:
        said = [f"Method: {self.method}", *(f"Warning: {sentence}" for sentence in self.warnings)]
        return "\n".join([self.summary().to_string(index=False), *said])


def figures(**values: float | str) -> pd.DataFrame:
    """Return named figures as a table ``figure, value``; underscores are spaces."""
    return pd.DataFrame(
        {"figure": [name.replace("_", " ") for name in values], "value": list(values.values())}
    )
