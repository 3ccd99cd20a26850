"""Mid-year estimates of the population: who truly lived in each district, and a census's error."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import default_rng

from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import ages_on, as_days, take
from woda_lib.synthetic.profiles import Periods

BANDS = ("0-4", "5-15", "16-24", "25-44", "45-64", "65-74", "75-84", "85+")
_BAND_STARTS = (5, 16, 25, 45, 65, 75, 85)

# By mid-year, the month in which its estimate is delivered. ONS takes about a year.
PUBLISHED = {2022: "2024-03", 2023: "2024-07", 2024: "2025-03"}

# Coefficient of variation of a district's estimate, and, beyond it, of one band and sex. Two years
# after the census of 2011, 285 of 348 local authorities' 95% intervals were less than 5% of the
# estimate from end to end, a coefficient of at most 1.3% (ONS, *Measures of statistical
# uncertainty in ONS local authority mid-year population estimates: 2011 to 2019*, table 2).
# A cell's is assumed.
_DISTRICT_ERROR, _CELL_ERROR = 0.008, 0.02


def true_population(
    homes: pd.DataFrame, residents: pd.DataFrame, places: pd.DataFrame, day: np.datetime64
) -> pd.DataFrame:
    """Count who lived in each district on a day.

    Parameters
    ----------
    homes
        ``person_id, dwelling`` (in the index of `places`, if it is in the county), ``starts, ends``
        (the last day; NaT while it goes on), of the living.
    residents
        Index ``person_id``; ``born, female``.
    places
        From `woda_lib.synthetic.single_view.places.draw_places`.
    day
        The estimate's.

    Returns
    -------
    pandas.DataFrame
        ``district, age_band, sex, residents``, every combination.
    """
    starts, ends = as_days(homes["starts"]), as_days(homes["ends"])
    here = homes["dwelling"].isin(places.index).to_numpy()
    there = homes.loc[here & (starts <= day) & (np.isnat(ends) | (ends >= day))]
    # Whoever is between two homes, or has two, is counted once.
    there = there.drop_duplicates("person_id", keep="last")
    person = residents.loc[there["person_id"]]
    age = ages_on(as_days(person["born"]), day)
    district = places["district"].loc[there["dwelling"]]
    counted = pd.DataFrame(
        {
            "district": district.to_numpy(),
            "age_band": take(BANDS, np.searchsorted(_BAND_STARTS, age, side="right")),
            "sex": np.where(person["female"], "F", "M"),
        }
    ).loc[(age >= 0)]
    cells = pd.MultiIndex.from_product(
        [sorted(places["district"].unique()), BANDS, ("F", "M")],
        names=["district", "age_band", "sex"],
    )
    counts = counted.value_counts().reindex(cells, fill_value=0)
    return counts.rename("residents").reset_index()


def population_delivery(
    homes: pd.DataFrame,
    residents: pd.DataFrame,
    places: pd.DataFrame,
    periods: Periods,
    seed: int,
) -> Delivery:
    """Deliver the estimates of the years in `PUBLISHED`, each in its month.

    Parameters are those of `true_population`; `periods` are the files.
    """
    rng = default_rng([seed, 8, 2])
    parts = []
    for year, month in PUBLISHED.items():
        day = np.datetime64(f"{year}-06-30", "D")
        true = true_population(homes, residents, places, day)
        codes, districts = pd.factorize(true["district"])
        district = rng.normal(1.0, _DISTRICT_ERROR, len(districts))[codes]
        cell = rng.normal(1.0, _CELL_ERROR, len(true))
        estimate = np.rint(np.maximum(0, true["residents"] * district * cell)).astype(np.int64)
        parts.append(true.assign(year=year, residents=estimate, on=np.datetime64(f"{month}-01")))
    rows = pd.concat(parts, ignore_index=True)
    parts_of_key = ("district", "year", "age_band", "sex")
    rows["estimate_id"] = rows[list(parts_of_key)].astype(str).agg("/".join, axis=1)
    return deliver("population_estimates", rows, as_days(rows["on"]), periods)
