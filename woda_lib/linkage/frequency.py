"""Term frequency: two Featherstonehaughs are better evidence than two Smiths.

The u probability of exact agreement is an average over all values of a field. For one value the
chance that two records of different entities both hold it is the share of records that hold it
(Newcombe 1959; Winkler 1989, *Frequency-based matching in the Fellegi–Sunter model*). The
difference, in bits, is added to the match weight of pairs that agree exactly.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.compare import Levels
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel


def term_frequency_weights(
    records: pd.DataFrame, pairs: Pairs, levels: Levels, model: LinkageModel
) -> Floats:
    """Return what the rarity of agreeing values adds to the weight of each comparison.

    Parameters
    ----------
    records
        Standardised records.
    pairs, levels
        The pairs and their comparison vectors.
    model
        The fitted model; its comparisons say which use term frequencies.

    Returns
    -------
    numpy.ndarray, shape (pairs, comparisons)
        Bits: log2(u of exact agreement / share of records with the value). 0 for pairs that do
        not agree exactly.
    """
    weights = np.zeros(levels.shape)
    for place, comparison in enumerate(model.comparisons):
        if not comparison.term_frequency:
            continue
        best = len(comparison.levels)
        codes, uniques = pd.factorize(records[comparison.field])
        known = codes >= 0
        share = np.bincount(codes[known], minlength=len(uniques)) / max(known.sum(), 1)
        agree = levels[:, place] == best
        weights[agree, place] = np.log2(model.u[place, best] / share[codes[pairs.left[agree]]])
    return weights
