"""How money of other years, and figures known less well, are put on one footing; and by what right.

No flow and no parameter of the step holds these figures, so that the table of citations does not
list them: they come from `parameters/money/` and from the Green Book, and apply to all alike.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from woda_lib.evaluation import discount_factors, financial_year, price_factor
from woda_lib.phrases import say_number

_GREEN_BOOK = "HM Treasury, The Green Book (2022), Annex A6"
_KINDS = {"benefit": ("Benefits", "benefits", "less"), "cost": ("Costs", "costs", "more")}


def footing_in_words(
    flows: pd.DataFrame,
    inputs: pd.DataFrame,
    *,
    years: int,
    price_base: str,
    deflators: pd.DataFrame,
    optimism: pd.DataFrame,
) -> pd.DataFrame:
    """Say what is done to money before it is added up, so far as it is done to any here.

    Parameters
    ----------
    flows
        `kind` ("benefit" or "cost") and `grade` of each flow.
    inputs
        `price_year`, the financial year of each price, empty where an input is none.
    years
        How many years are looked at; the first is not discounted.
    price_base
        The financial year whose prices the sums are in.
    deflators, optimism
        From `evaluation.read_price_index` and `evaluation.read_optimism_bias`.

    Returns
    -------
    DataFrame
        ``what, becomes, source``, all texts: a row a rate of discount, a year of prices other than
        `price_base`, and a kind and grade of flow.
    """
    rows = [
        *_discounted(years),
        *_repriced(inputs["price_year"], price_base, deflators),
        *_corrected(flows, optimism),
    ]
    return pd.DataFrame(rows, columns=["what", "becomes", "source"])


def _discounted(years: int) -> Iterator[tuple[str, str, str]]:
    factors = pd.Series(discount_factors(years - 1))
    yearly = (100 * (factors.shift() / factors - 1)).iloc[1:].round(6)
    for rate, course in yearly.groupby(yearly, sort=False):
        first, last = course.index[0], course.index[-1]
        when = f"year {first}" if first == last else f"years {first} to {last}"
        yield f"Money of {when}", f"{say_number(rate)}% a year less", _GREEN_BOOK


def _repriced(
    price_years: pd.Series, price_base: str, deflators: pd.DataFrame
) -> Iterator[tuple[str, str, str]]:
    written = price_years[price_years.notna() & price_years.ne("")]
    base = financial_year(price_base)
    for year in sorted({financial_year(each) for each in written} - {base}):
        factor = price_factor(year, base, deflators=deflators)
        yield (
            f"Prices of {year}",
            f"times {say_number(factor, 3)}, prices of {base}",
            str(deflators.attrs["source"]),
        )


def _corrected(flows: pd.DataFrame, optimism: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    table = optimism.set_index("grade")
    pairs = flows[["kind", "grade"]].drop_duplicates().sort_values(["kind", "grade"])
    for kind, grade in pairs.itertuples(index=False, name=None):
        title, column, way = _KINDS[kind]
        share = 100 * table.loc[grade, column]
        known = str(table.loc[grade, "known_from"])
        yield (
            f"{title} of grade {grade}: {known[:1].lower()}{known[1:]}",
            f"{say_number(share, 0)}% {way}" if share else "as it is",
            str(optimism.attrs["source"]),
        )
