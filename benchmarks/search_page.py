"""The page that tells how fast and how surely residents are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

_METHOD = """\
## How it was measured

The county is made up (`benchmarks/search_county.py`): residents with their households, moves and
marriages, each in one to six rows of partners, a few of them misspelt, under a short form, under a
former surname or at a former address. Searches are made of people drawn from it
(`benchmarks/search_queries.py`), so that the right answer is known; the same searches in the same
order go to every contender, one after another. A time is that of one search in memory, with the
reasons for ten hits; in the store a search also goes into the audit log before it is shown.

*Ours* is told what was typed, and nothing of what it means. The peers are told which words are
names, which is the birth date and which the place, since they read no free text. *DuckDB scan*
compares every row: Jaro–Winkler of both names in either order, plus birth date and place. *SQLite
FTS5* is a trigram index over every row, any word of the search, ranked by BM25; how much time it
needs depends on how many rows share a word. Neither says how sure it is.

What is typed is worth what `woda_lib/pilots/single_view/search/matching.py` says. The shares of
searches with a slip, a short form or a former name are assumptions there; whether *sure* means what
it says is measured here, on searches of which more than usual are hard.
"""


def page(measured: Mapping[str, pd.DataFrame], conditions: Mapping[str, str]) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    measured : mapping of str to DataFrame
        From `search.measured`.
    conditions : mapping of str to str
    """
    found, county = measured["found"], measured["county"].iloc[0]
    ours = found[found["contender"] == "ours"]
    told = "\n".join(f"- {name}: {text}" for name, text in conditions.items())
    fast = ours["seconds"].quantile([0.5, 0.95, 0.99]) * 1000
    return f"""\
# Finding a resident: how fast and how surely

This page is written by the command below; run it again rather than edit.

{told}

{county["residents"]:,} residents in {county["rows"]:,} rows; {len(ours):,} searches. Half of them \
took at most {fast.iloc[0]:.0f} ms, 95 in 100 at most {fast.iloc[1]:.0f} ms, 99 in 100 at most \
{fast.iloc[2]:.0f} ms. Of all, {_percent(ours["place"].eq(1))} found the right person first and \
{_percent(ours["place"].between(1, 5))} among the first five. {(ours["seconds"] < 0.2).mean():.1%} \
took less than 200 ms.

## By what was typed

{_table(_by_kind(ours))}

## Beside peers

The searches that were put to all. Times are medians; quotients are a peer's time over ours.

{_table(_beside(found))}

## Ready after

{_table(measured["built"].round({"seconds": 0, "megabytes": 0}))}

## How sure

Of the searches of which the first hit is said to be so sure, how many were right.

{_table(_sure(ours))}

{_METHOD}"""


def _by_kind(ours: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "what was typed": kind,
                "searches": len(rows),
                "right person first": _percent(rows["place"].eq(1)),
                "among the first five": _percent(rows["place"].between(1, 5)),
                "median, ms": round(rows["seconds"].median() * 1000),
                "95 in 100, ms": round(rows["seconds"].quantile(0.95) * 1000),
                "longest, ms": round(rows["seconds"].max() * 1000),
                "processor, median, ms": round(rows["cpu_seconds"].median() * 1000),
            }
            for kind, rows in ours.groupby("kind", sort=False)
        ]
    )


def _beside(found: pd.DataFrame) -> pd.DataFrame:
    turns = found[found["contender"] != "ours"].groupby("contender").size().max()
    same = found.groupby("contender", sort=False).head(turns)
    ours = same.loc[same["contender"] == "ours", "seconds"].median()
    return pd.DataFrame(
        [
            {
                "contender": name,
                "searches": len(rows),
                "median, ms": round(rows["seconds"].median() * 1000),
                "95 in 100, ms": round(rows["seconds"].quantile(0.95) * 1000),
                "÷ ours": f"{rows['seconds'].median() / ours:.1f}",
                "right person first": _percent(rows["place"].eq(1)),
                "among the first five": _percent(rows["place"].between(1, 5)),
            }
            for name, rows in same.groupby("contender", sort=False)
        ]
    )


def _sure(ours: pd.DataFrame) -> pd.DataFrame:
    edges = [0, 0.5, 0.8, 0.95, 0.99, 1.0001]
    bands = pd.cut(ours["sure"], edges, right=False)
    return pd.DataFrame(
        [
            {
                "said to be sure": f"{band.left:.0%} to {min(band.right, 1):.0%}",
                "searches": len(rows),
                "said on average": f"{rows['sure'].mean():.1%}",
                "right": _percent(rows["place"].eq(1)),
            }
            for band, rows in ours.groupby(bands, observed=True)
        ]
    )


def _percent(hits: pd.Series) -> str:
    """A share with its 95% interval (Wilson)."""
    n, share = len(hits), float(hits.mean())
    z = 1.959964
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return f"{share:.1%} ({max(middle - half, 0):.1%}–{min(middle + half, 1):.1%})"


def _table(frame: pd.DataFrame) -> str:
    lines: Iterable[list[str]] = [
        [str(name) for name in frame.columns],
        ["---" if place == 0 else "--:" for place in range(len(frame.columns))],
        *([str(value) for value in row] for row in frame.itertuples(index=False)),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
