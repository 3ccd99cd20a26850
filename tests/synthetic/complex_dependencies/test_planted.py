"""What was planted is there, whatever the seed: the proof writes docs/made_up_dependencies.md."""

import pandas as pd
import pytest

from tests.synthetic.complex_dependencies.planted import measure, write


@pytest.mark.prove
def test_rates_and_the_oracle_keep_their_bounds_in_every_county():
    counties = [measure("quick", seed) for seed in (None, 1, 2, 3)]
    counties.append(measure("demo"))
    by_date = pd.concat([dates for dates, _ in counties], ignore_index=True)
    write(by_date, counties[-1][1])
    assert by_date["recorded"].between(2.0, 4.0).all()
    assert by_date["auc"].between(0.80, 0.90).all()
    # A constant rate knows nothing of what comes up within the year: a little more happens.
    assert (by_date["expected"] / by_date["recorded"]).between(0.75, 1.05).all()
