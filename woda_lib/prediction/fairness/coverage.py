"""Coverage bias: are households that more services know recorded as riskier at equal need?

Services write down what they come to hear of. Where more of them know a household, more of what it
needs is written down, and a model that learns from records takes being known for being at risk.
Such a household is then looked into more, and more is found: the bias feeds itself (Eubanks 2018,
Automating Inequality, chapter 4, of the Allegheny family screening tool).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.api as sm
from scipy.stats import norm

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.fairness.coverage_result import CoverageBias
from woda_lib.prediction.fairness.equal_needs import EqualNeeds, expect_from_needs
from woda_lib.prediction.fairness.judged import KEY
from woda_lib.prediction.fairness.slopes import log_odds

Floats = npt.NDArray[np.float64]

KNOWS = "knows_"
"""Features that say that a service knows the household, and no need, begin with it."""

SMALLEST = 1.10
"""The smallest ratio, for each further service, that is called a bias."""

_FEWEST = 100
_EDGES = (-0.5, 0.5, 1.5)
_MORE_KNOWN = ("fewer", "as many", "one more", "two or more")


def coverage_bias(
    scores: pd.DataFrame,
    outcomes: pd.DataFrame,
    spine: pd.DataFrame,
    features: pd.DataFrame,
    *,
    seed: int = 0,
    level: float = 0.99,
    smallest: float = SMALLEST,
) -> CoverageBias:
    """Ask whether being known to more services goes with more records, and higher scores.

    Needs are all features but those that begin with `knows_`. Households of equal expectation from
    needs are compared by how many more services know them than their needs let expect: recorded
    services by a Poisson regression, the outcome and the score by a logistic and a linear one on
    the log-odds, errors by household.

    Parameters
    ----------
    scores
        `household_id, index_date, risk`; rows of dates without outcomes are left out.
    outcomes
        `household_id, index_date, services_new, happened`. All dates of it are used that have
        features, so that training dates lend their numbers.
    spine
        `household_id, index_date, services`, which counts where `features` has no `knows_` column.
    features
        `household_id, index_date` and the features that the model was given.
    seed
        Of the models that learn what needs let expect.
    level
        Of the intervals.
    smallest
        The smallest ratio for each further service that is called a bias.

    Raises
    ------
    PredictionError
        If a column is missing, no row has features and an outcome, fewer than 100 services stepped
        in, or all households are known to equally many.
    """
    rows = _rows(outcomes, spine, features)
    needs = _needs(features)
    known = _known(rows)
    services_new = rows["services_new"].to_numpy(float)
    if services_new.sum() < _FEWEST:
        raise PredictionError(
            f"Services stepped in {int(services_new.sum()):,} times, and fewer than {_FEWEST} say "
            "nothing of coverage bias. Give more dates or more households."
        )
    if np.ptp(known) == 0:
        raise PredictionError(
            "All households are known to equally many services, so coverage bias cannot be told. "
            "Check the columns that begin with 'knows_'."
        )
    expected = expect_from_needs(rows[needs], services_new, known, rows["household_id"], seed=seed)
    table = pd.DataFrame(
        [
            _recorded(rows, services_new, known, expected, level),
            _happened(rows, known, expected, level),
            _scored(rows, scores, known, expected, level),
        ]
    )
    return CoverageBias(
        table=table,
        more_known=_by_more_known(rows, services_new, known, expected, level),
        households=rows["household_id"].nunique(),
        rows=len(rows),
        needs=tuple(needs),
        level=level,
        smallest=smallest,
    )


def _rows(outcomes: pd.DataFrame, spine: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    for name, table, columns in (
        ("outcomes", outcomes, [*KEY, "services_new", "happened"]),
        ("spine", spine, [*KEY, "services"]),
        ("features", features, KEY),
    ):
        missing = [column for column in columns if column not in table.columns]
        if missing:
            raise PredictionError(
                f"The table of {name} has no column {', '.join(map(repr, missing))}."
            )
    rows = (
        outcomes[[*KEY, "services_new", "happened"]]
        .merge(features, on=KEY, validate="one_to_one")
        .merge(spine[[*KEY, "services"]], on=KEY, validate="one_to_one")
    )
    if rows.empty:
        raise PredictionError(
            "No household has features and an outcome at one date. Check that both tables are of "
            "the same index dates."
        )
    return rows


def _needs(features: pd.DataFrame) -> list[str]:
    names = map(str, features.columns)
    return [name for name in names if name not in KEY and not name.startswith(KNOWS)]


def _known(rows: pd.DataFrame) -> Floats:
    """How many services know each household: exactly, or as the spine says it."""
    columns = [name for name in rows if str(name).startswith(KNOWS)]
    if columns:
        return rows[columns].fillna(0).sum(axis=1).to_numpy(float)
    return pd.to_numeric(rows["services"].str.extract(r"^(\d+)")[0]).fillna(0).to_numpy(float)


def _recorded(
    rows: pd.DataFrame, services_new: Floats, known: Floats, expected: EqualNeeds, level: float
) -> dict[str, object]:
    fit = _fit(sm.families.Poisson(), services_new, known, expected, rows["household_id"])
    return _row("recorded", "services that step in", fit, level, rows=len(rows))


def _happened(
    rows: pd.DataFrame, known: Floats, expected: EqualNeeds, level: float
) -> dict[str, object]:
    """The same of the outcome, as odds."""
    did = rows["happened"].to_numpy(float)
    if did.min() == did.max():
        return _row("happened", "odds that it happened", (np.nan, np.nan), level, rows=len(rows))
    fit = _fit(sm.families.Binomial(), did, known, expected, rows["household_id"])
    return _row("happened", "odds that it happened", fit, level, rows=len(rows))


def _scored(
    rows: pd.DataFrame, scores: pd.DataFrame, known: Floats, expected: EqualNeeds, level: float
) -> dict[str, object]:
    """The same of the score, of rows that were scored."""
    risk = rows[KEY].merge(scores[[*KEY, "risk"]], on=KEY, how="left")["risk"].to_numpy(float)
    has = np.isfinite(risk)
    if has.sum() < _FEWEST:
        return _row("scored", "odds that the model gives", (np.nan, np.nan), level, rows=has.sum())
    some = EqualNeeds(expected.services_new[has], expected.known[has])
    fit = _fit(
        sm.families.Gaussian(), log_odds(risk[has]), known[has], some, rows["household_id"][has]
    )
    return _row("scored", "odds that the model gives", fit, level, rows=int(has.sum()))


def _fit(
    family: sm.families.Family,
    y: Floats,
    known: Floats,
    expected: EqualNeeds,
    household: pd.Series,
) -> tuple[float, float]:
    """The effect of one service more than needs let expect, on the link's scale, and its error."""
    x = np.column_stack([np.ones(len(y)), np.log(expected.services_new), known - expected.known])
    codes = pd.factorize(household)[0]
    found = sm.GLM(y, x, family=family).fit(cov_type="cluster", cov_kwds={"groups": codes})
    return float(found.params[2]), float(found.bse[2])


def _row(
    name: str, words: str, fit: tuple[float, float], level: float, *, rows: int
) -> dict[str, object]:
    effect, error = fit
    reach = float(norm.ppf((1 + level) / 2)) * error
    with np.errstate(over="ignore"):
        ratio, low, high = np.exp([effect, effect - reach, effect + reach])
    return {
        "name": name,
        "words": words,
        "ratio": ratio,
        "low": low,
        "high": high,
        "p_value": 2 * float(norm.sf(abs(effect / error))) if error > 0 else np.nan,
        "rows": rows,
    }


def _by_more_known(
    rows: pd.DataFrame, services_new: Floats, known: Floats, expected: EqualNeeds, level: float
) -> pd.DataFrame:
    """What was recorded for each one expected, by how many more know a household than expected.

    By the bare number of services it would rise without any bias: needs are learnt imperfectly, and
    those whom many know have more of them. The interval is that of a ratio of sums, by household
    (the delta method).
    """
    x = np.column_stack([np.ones(len(rows)), np.log(expected.services_new)])
    foreseen = sm.GLM(services_new, x, family=sm.families.Poisson()).fit().fittedvalues
    z = float(norm.ppf((1 + level) / 2))
    place = np.searchsorted(_EDGES, known - expected.known)
    found = []
    for number, words in enumerate(_MORE_KNOWN):
        inside = place == number
        observed, total = services_new[inside].sum(), foreseen[inside].sum()
        ratio = observed / total if total > 0 else np.nan
        left = services_new[inside] - ratio * foreseen[inside]
        by_household = pd.Series(left).groupby(rows["household_id"][inside].to_numpy()).sum()
        error = float(np.sqrt((by_household**2).sum())) / observed if observed > 0 else np.nan
        found.append(
            {
                "services": words,
                "households": int(rows["household_id"][inside].nunique()),
                "recorded": int(observed),
                "expected": total,
                "ratio": ratio,
                "low": ratio * np.exp(-z * error),
                "high": ratio * np.exp(z * error),
            }
        )
    return pd.DataFrame(found)
