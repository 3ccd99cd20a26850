"""The oracle: what the planted mechanism says of the features that a pilot saw, and no others."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from woda_lib.synthetic.complex_dependencies.mechanism import risk
from woda_lib.synthetic.complex_dependencies.oracle import oracle
from woda_lib.synthetic.complex_dependencies.tabular import draw_households
from woda_lib.synthetic.truth import TruthUnknown

MADE_UP: Any = SimpleNamespace(synthetic=True)
REAL: Any = SimpleNamespace(synthetic=False)


def test_it_says_what_the_mechanism_does_and_knows_of_the_shift():
    features = draw_households(300, 1).features.sample(frac=1.0, random_state=1)
    said = oracle(MADE_UP, features)
    assert said["household_id"].tolist() == features["household_id"].tolist()
    late = features["index_date"].eq("2025-03-31").to_numpy()
    assert np.allclose(said["risk"][~late], risk(features[~late]))
    assert np.allclose(said["risk"][late], risk(features[late], shift=1.0))
    assert (said["risk_of_need"] >= said["risk"]).all()


def test_it_is_silent_on_real_extracts_and_on_features_that_are_not_there():
    features = draw_households(50, 1).features
    with pytest.raises(TruthUnknown, match="nobody planted"):
        oracle(REAL, features)
    with pytest.raises(TruthUnknown, match="police_contacts, which is not in the table"):
        oracle(MADE_UP, features.drop(columns="police_contacts"))
