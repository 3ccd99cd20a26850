"""What it would be worth to know an input before deciding: the value of information.

Whoever decides takes the option that is worth most on average. With an input known beforehand they
could take the one that is worth most *then*; how much more that is, on average, is the most that
finding out may cost. For all inputs at once this is the expected value of perfect information; for
one it is that of partial information, here from draws that are sorted by the input and averaged in
bins (Briggs, Claxton and Sculpher 2006; Strong and Oakley 2013).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.partnership.case.appraisal import Appraisal

EVERYTHING = "everything"
"""The row for all inputs together."""
_BINS = 40


def value_of_knowing(appraisal: Appraisal) -> pd.DataFrame:
    """Return the most that finding out may cost, in pounds over the years of the case.

    Parameters
    ----------
    appraisal

    Returns
    -------
    DataFrame
        ``input, worth_knowing``: `EVERYTHING` first, then inputs whose knowledge could turn the
        decision, dearest first. Nought where no draw would have been decided otherwise.
    """
    worths = worth_of_options(appraisal)
    names, drawn = appraisal.programme.inputs.names, appraisal.programme.drawn
    spread = np.ptp(drawn, axis=0) > 0
    known = [
        (name, worth_of_one(worths, drawn[:, place]))
        for place, name in enumerate(names)
        if spread[place]
    ]
    rows = sorted((row for row in known if row[1] > 0), key=lambda row: -row[1])
    return pd.DataFrame(
        [(EVERYTHING, worth_of_all(worths)), *rows], columns=["input", "worth_knowing"]
    )


def worth_of_options(appraisal: Appraisal) -> np.ndarray:
    """Return what baseline and options are worth in each draw, shape (options + 1, draws)."""
    options = [found.worth for found in appraisal.by_option.values()]
    return np.array([np.zeros_like(options[0]), *options])


def worth_of_all(worths: np.ndarray) -> float:
    """Return the value of perfect information from worths, shape (options, draws)."""
    return float(worths.max(axis=0).mean() - worths.mean(axis=1).max())


def worth_of_one(worths: np.ndarray, values: np.ndarray) -> float:
    """Return the value of knowing one input.

    Parameters
    ----------
    worths
        Shape (options, draws).
    values
        Of the input, shape (draws,).
    """
    bins = np.array_split(np.argsort(values, kind="stable"), _BINS)
    known = sum(len(each) * float(worths[:, each].mean(axis=1).max()) for each in bins)
    return max(known / worths.shape[1] - float(worths.mean(axis=1).max()), 0.0)
