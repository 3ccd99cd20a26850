"""Optimism bias: the less well a figure is known, the more it is corrected against the programme.

The Green Book asks for explicit corrections, from what past programmes turned out to cost and
bring. Where there is no such record, a table by grade of evidence stands in: benefits are lowered
and costs raised by a share. A correction is no interval: it moves the middle.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

from woda_lib.evaluation.errors import EvaluationError


class OptimismBiasError(EvaluationError):
    """Figures cannot be corrected for optimism so."""


def read_optimism_bias(path: Path) -> pd.DataFrame:
    """Read a table of corrections.

    Parameters
    ----------
    path
        A YAML file with ``source`` and ``grades``: to each grade ``known_from``, and the shares
        ``benefits`` and ``costs``.

    Returns
    -------
    DataFrame
        `grade, known_from, benefits, costs`; its ``attrs["source"]`` says where it is from.

    Raises
    ------
    OptimismBiasError
        If the file is not of that form.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows = [
            (int(grade), str(row["known_from"]), float(row["benefits"]), float(row["costs"]))
            for grade, row in content["grades"].items()
        ]
        source = str(content["source"])
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError):
        raise OptimismBiasError(
            f"{path.name} is no table of corrections. It must hold `source`, and under `grades` to "
            "each grade `known_from`, `benefits` and `costs`."
        ) from None
    table = pd.DataFrame(rows, columns=["grade", "known_from", "benefits", "costs"])
    table.attrs["source"] = source
    return table


def corrections(grades: pd.Series, kinds: pd.Series, table: pd.DataFrame | None) -> pd.Series:
    """Return what each flow of money is multiplied by.

    Parameters
    ----------
    grades
        The grade of evidence of each flow; missing where none is given.
    kinds
        "benefit" or "cost" of each.
    table
        From `read_optimism_bias`.

    Raises
    ------
    OptimismBiasError
        If flows have grades and there is no table, or it lacks a grade, or its shares make no
        sense.

    Examples
    --------
    >>> table = pd.DataFrame({"grade": [1, 6], "benefits": [0, 0.4], "costs": [0, 0.4]})
    >>> grades, kinds = pd.Series([6, 6]), pd.Series(["benefit", "cost"])
    >>> corrections(grades, kinds, table).tolist()
    [0.6, 1.4]
    """
    factor = pd.Series(1.0, index=grades.index)
    graded = grades.notna()
    if not graded.any():
        return factor
    if table is None:
        raise OptimismBiasError(
            "The flows have grades of evidence, and there is no table of corrections. Give it as "
            "`optimism`, or leave the grades out."
        )
    shares = table.set_index("grade")[["benefits", "costs"]].astype(float)
    if not shares["benefits"].between(0, 1).all() or not (shares["costs"] >= 0).all():
        raise OptimismBiasError(
            "Corrections are shares: 0.4 lowers a benefit, or raises a cost, by 40%."
        )
    unknown = sorted({str(grade) for grade in grades[graded] if grade not in shares.index})
    if unknown:
        raise OptimismBiasError(
            f"The table of corrections has no grade {unknown[0]}. "
            f"It has {', '.join(map(str, shares.index))}."
        )
    for kind, column, sign in (("benefit", "benefits", -1), ("cost", "costs", 1)):
        these = graded & (kinds == kind)
        factor[these] = 1 + sign * grades[these].map(shares[column])
    return factor
