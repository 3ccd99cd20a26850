"""What one who knows the planted mechanism would say of the features that a pilot saw.

No model that sees the same features can order households better than this, but by luck: it is what
a model is held against where data are made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from woda_lib.synthetic.complex_dependencies.inputs import MORE_REMINDERS_FROM
from woda_lib.synthetic.complex_dependencies.mechanism import found, hazards, two_or_more
from woda_lib.synthetic.complex_dependencies.tabular import FEATURES
from woda_lib.synthetic.truth import TruthUnknown

if TYPE_CHECKING:  # making a county needs no notebook
    from woda_lib.notebook import Run

_ASKED = tuple(name for name in FEATURES if name not in ("kind", "months_here"))


def oracle(run: Run, features: pd.DataFrame) -> pd.DataFrame:
    """Return what is truly to be expected of households with these features.

    Parameters
    ----------
    run
        The run; its extracts must be made up.
    features
        ``household_id, index_date`` and the pilot's features, as the pilot sees them.

    Returns
    -------
    pandas.DataFrame
        ``household_id, index_date, risk`` (the chance that two services or more are seen to step
        in within a year), ``risk_of_need`` (that two or more are needed).

    Raises
    ------
    TruthUnknown
        If the extracts are real, or a feature that the mechanism asks for is not there.
    """
    if not run.synthetic:
        raise TruthUnknown(
            "These extracts are real, and nobody planted anything in them. Put what asks the "
            "oracle into a section marked 'synthetic only' that runs where run.synthetic is true."
        )
    if missing := [name for name in _ASKED if name not in features]:
        raise TruthUnknown(
            f"The oracle asks for the feature {missing[0]}, which is not in the table. "
            "Hand it the features as 1_features saved them."
        )
    last = features["index_date"].ge(pd.Timestamp(MORE_REMINDERS_FROM))
    parts = []
    for shifted, mine in features.groupby(last, sort=False):
        rates = hazards(mine, shift=1.0 if shifted else 0.0)
        seen = rates.mul(found(mine), axis=0)
        known = mine[["household_id", "index_date"]]
        parts.append(known.assign(risk=two_or_more(seen), risk_of_need=two_or_more(rates)))
    return pd.concat(parts).loc[features.index].reset_index(drop=True)
