"""The model of Fellegi and Sunter (1969): what each comparison level is worth as evidence.

Every pair of records that could be compared is one of two kinds: a *match* (one entity) or a
*non-match*. At each comparison a match shows level l with probability m(l), a non-match with
u(l). Given a match, comparisons are taken as independent; given a non-match, they follow a tree
(see `dependence`). The evidence of a pair is the sum of its log2(m/u), less what the tree finds
counted twice: the *match weight*, in bits. A missing value adds nothing.

Where a specification names household fields there is a third kind: *two people of one
household*, who share surname and address but not forename or birth date. Without it, families
look like matches with errors.

Method
    Fellegi, I. P. and Sunter, A. B. (1969), A theory for record linkage, JASA 64, 1183–1210.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.dependence import Dependence, excess
from woda_lib.linkage.levels import MISSING, Levels
from woda_lib.linkage.spec import ComparisonSpec, LinkageSpec

if TYPE_CHECKING:
    from woda_lib.linkage.splink_settings import Backend

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Patterns:
    """Distinct comparison vectors with the number of pairs that show each.

    Attributes
    ----------
    levels
        Shape (patterns, comparisons).
    counts
        Pairs per pattern.
    where
        Pattern of each pair, shape (pairs,).
    """

    levels: Levels
    counts: Floats
    where: npt.NDArray[np.integer]

    @classmethod
    def count(cls, levels: Levels) -> Patterns:
        """Count the patterns among the comparison vectors of many pairs."""
        keys = np.zeros(len(levels), dtype=np.int64)
        for column in levels.T:  # mixed-radix number of the whole vector
            keys = keys * (int(column.max(initial=0)) + 2) + column + 1
        _, first, where, counts = np.unique(
            keys, return_index=True, return_inverse=True, return_counts=True
        )
        return cls(levels[first], counts.astype(float), where)

    def tally(self, weights: Floats, shape: tuple[int, int]) -> Floats:
        """Sum the weights of patterns by comparison and level; missing levels are left out."""
        totals = np.zeros(shape)
        for place, column in enumerate(self.levels.T):
            present = column != MISSING
            totals[place] = np.bincount(column[present], weights[present], minlength=shape[1])
        return totals


@dataclass(frozen=True)
class LinkageModel:
    """Parameters of a fitted model.

    Attributes
    ----------
    comparisons
        The comparisons, in the order of the rows of `m`, `u` and `h`.
    m, u
        Probability of each level among matches and non-matches, shape (comparisons, levels);
        zero beyond a comparison's last level.
    h
        The same among pairs of one household; ``None`` without household fields.
    prior
        Share of matches among all pairs that could be compared.
    household_prior
        Share of household pairs among them.
    household
        The compared fields that people of one household share.
    pairs
        Number of pairs that could be compared.
    iterations, converged
        Of the fit; see `em.fit`.
    dependence
        The tree of comparisons that agree together among non-matches.
    """

    comparisons: tuple[ComparisonSpec, ...]
    m: Floats
    u: Floats
    h: Floats | None
    prior: float
    household_prior: float
    household: tuple[str, ...]
    pairs: int
    iterations: int = 0
    converged: bool = False
    dependence: tuple[Dependence, ...] = ()

    @property
    def expected_matches(self) -> float:
        """Number of matching pairs that the model believes in."""
        return self.prior * self.pairs

    def weights(self, levels: Levels) -> Floats:
        """Return log2(m/u) for each comparison of each pair; 0 where a value is missing.

        Parameters
        ----------
        levels
            Comparison vectors, shape (pairs, comparisons).

        Returns
        -------
        numpy.ndarray
            Bits, same shape.
        """
        return look_up(log_ratio(self.m, self.u), levels)

    def dependence_weight(self, levels: Levels) -> Floats:
        """Return what agreements that go together by chance take off the match weight, in bits."""
        return -excess(self.dependence, levels)

    def evidence(self, levels: Levels) -> Floats:
        """Return the match weight before term frequencies and the household rival, in bits."""
        return self.weights(levels).sum(axis=1) + self.dependence_weight(levels)

    def household_weight(self, levels: Levels, frequency: Floats | None = None) -> Floats:
        """Return what the household explanation takes off the match weight (0 or less).

        The rivals of a match are non-matches and household pairs together; this is log2 of the
        share by which non-matches alone understate them.

        Parameters
        ----------
        levels
            Comparison vectors, shape (pairs, comparisons).
        frequency
            Term-frequency weights of the same shape. People of one household share their
            surname, rare or not, so its rarity speaks for a household as much as for a match.
        """
        if self.h is None:
            return np.zeros(len(levels))
        evidence = self.household_evidence(levels)
        if frequency is not None:
            evidence = evidence + frequency[:, self.shared].sum(axis=1)
        return self.weight_of_household(evidence)

    def household_evidence(self, levels: Levels) -> Floats:
        """Return log2(h/u) of comparison vectors, dependence taken off; 0 without households."""
        if self.h is None:
            return np.zeros(len(levels))
        evidence = look_up(log_ratio(self.h, self.u), levels).sum(axis=1)
        return evidence + self.dependence_weight(levels)

    def weight_of_household(self, evidence: Floats) -> Floats:
        """Turn the evidence for a household into what it takes off the match weight, in bits."""
        share = self.household_prior / (1 - self.prior)
        return -np.logaddexp2(np.log2(1 - share), evidence + np.log2(share))

    @property
    def shared(self) -> npt.NDArray[np.bool_]:
        """Which comparisons are of household fields."""
        return np.array([each.field in self.household for each in self.comparisons])

    def probability(self, match_weight: Floats) -> Floats:
        """Turn match weights into match probabilities by Bayes' rule."""
        odds = match_weight + np.log2(self.prior / (1 - self.prior))
        return 1 / (1 + np.exp2(-np.clip(odds, -1000, 1000)))

    def save(self, path: str | Path) -> None:
        """Write the model to a JSON file; see `model_file.save_model`."""
        from woda_lib.linkage.model_file import save_model  # here: that module needs this one

        save_model(self, path)

    @classmethod
    def load(cls, path: str | Path) -> LinkageModel:
        """Read a model from a JSON file; see `model_file.load_model` for the errors."""
        from woda_lib.linkage.model_file import load_model  # here: that module needs this one

        return load_model(path)

    def to_text(self) -> str:
        """Return what `save` would write, for those who keep it themselves."""
        from woda_lib.linkage.model_file import model_text  # here for the same reason

        return model_text(self)

    @classmethod
    def of_text(cls, text: str) -> LinkageModel:
        """Read a model from what `to_text` returned; see `model_file.model_of` for the errors."""
        from woda_lib.linkage.model_file import model_of  # here for the same reason

        return model_of(text)

    def to_splink(self, spec: LinkageSpec, backend: Backend = "duckdb") -> dict[str, Any]:
        """Write the model as settings of Splink 5, so that its charts open on it.

        Parameters
        ----------
        spec
            The specification that the model was fitted for.
        backend
            ``"duckdb"`` or ``"spark"``: whose SQL to write.

        Returns
        -------
        dict
            Plain data, for `json.dump` or ``splink.Linker``. The tables it is about are those of
            `splink_tables.splink_tables`; `splink_linker` opens both together.

        Raises
        ------
        SpecificationError
            A test or term frequency that Splink cannot follow.

        Warns
        -----
        LinkageWarning
            Splink's model holds neither dependence among non-matches nor a household class; these
            are left out.
        """
        from woda_lib.linkage.splink_settings import (  # here: few models are written for Splink
            splink_settings,
            warn_of_what_splink_lacks,
        )

        warn_of_what_splink_lacks(self)
        return splink_settings(self, spec, backend)

    def table(self) -> pd.DataFrame:
        """Return the parameters as a table.

        Returns
        -------
        pandas.DataFrame
            ``comparison``, ``level``, ``meaning``, ``m``, ``u``, ``h`` (with household fields)
            and ``weight`` in bits, best level first.
        """
        rows = []
        for place, comparison in enumerate(self.comparisons):
            for level, meaning in reversed(list(enumerate(comparison.meanings))):
                m, u = self.m[place, level], self.u[place, level]
                row = {"comparison": comparison.field, "level": level, "meaning": meaning}
                row |= {"m": m, "u": u}
                if self.h is not None:
                    row["h"] = self.h[place, level]
                rows.append(row | {"weight": np.log2(m / u)})
        return pd.DataFrame(rows)


def log_ratio(above: Floats, below: Floats) -> Floats:
    """log2 of the ratio per level, with a column of zeros in front for missing values."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(below > 0, np.log2(above / below), 0.0)
    return np.concatenate([np.zeros((len(ratio), 1)), ratio], axis=1)


def look_up(table: Floats, levels: Levels) -> Floats:
    """Return the entry of each pair's level in a table of `log_ratio`, a column a comparison."""
    return table[np.arange(levels.shape[1]), levels.astype(np.int64) + 1]
