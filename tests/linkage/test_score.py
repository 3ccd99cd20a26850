"""Pairs are scored alike, whether or not they were candidates."""

from __future__ import annotations

import numpy as np

from tests.linkage.fast.test_parity import FEBRL, ONE_SOURCE, changed, febrl_3
from woda_lib.linkage import link
from woda_lib.linkage.blocking import Pairs


def test_pairs_that_were_candidates_are_looked_up_and_others_scored() -> None:
    found = link(febrl_3(), changed(FEBRL, **ONE_SOURCE))
    scorer, known = found._scorer, found._scores
    some = known.pairs.take(slice(0, None, 50))
    others = np.random.default_rng(4).integers(len(found.clusters), size=(2, 500))
    others = np.sort(others[:, others[0] != others[1]], axis=0)
    pairs = Pairs(np.append(some.left, others[0]), np.append(some.right, others[1]))
    assert scorer.log2_odds(pairs, known).tolist() == scorer.log2_odds(pairs).tolist()
