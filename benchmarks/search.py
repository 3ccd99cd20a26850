"""How fast a resident is found, and how surely, beside peers that search the same rows.

    python -m benchmarks.search                        600,000 residents; a quarter of an hour
    python -m benchmarks.search --residents 60000      a tenth of the county
    python -m benchmarks.search --write                writes docs/single_view_search.md too

Run it on a machine that does nothing else; elsewhere processor time tells more than the watch.
Counties are kept in outputs/benchmarks/: delete them after a change to the generator. Every
contender searches the same two million rows in memory, in the same process, and they take turns
query by query.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from benchmarks.search_county import County, in_memory, kept_county
from benchmarks.search_page import page
from benchmarks.search_queries import Query, planted
from woda_lib.pilots.single_view.search import Search, build_index

PAGE = Path(__file__).parents[1] / "docs" / "single_view_search.md"
KEPT = PAGE.parents[1] / "outputs" / "benchmarks"
RESIDENTS, EACH, EACH_OF_PEERS = 600_000, 200, 10
FIRST = 5
AS_OF = date(2025, 3, 31)

Finds = Callable[[Query], list[tuple[str, float]]]
"""Returns who was found, the best first, and how sure it is; not a number where it is not said."""


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark, print the page, and write it if that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--residents", type=int, default=RESIDENTS)
    parser.add_argument("--each", type=int, default=EACH, help="searches of each kind")
    parser.add_argument("--peers", type=int, default=EACH_OF_PEERS, help="of these, put to peers")
    parser.add_argument("--full-text", action="store_true", help="SQLite's as a second peer")
    parser.add_argument("--seed", type=int, default=20250331)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = parser.parse_args(arguments)
    told = page(measured(asked), conditions())
    print(told)
    if asked.write:
        PAGE.write_text(told, encoding="utf-8")


def measured(asked: argparse.Namespace) -> dict[str, pd.DataFrame]:
    """Make the county, set up the contenders, and put the searches to them in turn.

    Returns
    -------
    dict of str to DataFrame
        ``built``: a row a contender, ``contender, seconds, megabytes``; ``found``: a row a search
        and contender, ``contender, kind, seconds, cpu_seconds, place`` (of the right person from 1;
        nought where not among the first) and ``sure`` (of the first).
    """
    county = kept_county(asked.residents, asked.seed, KEPT)
    _said(f"{len(county.people):,} residents in {len(county.details):,} rows")
    contenders, built = {}, []
    peers = {"DuckDB scan": _scan} | ({"SQLite FTS5": _fts5} if asked.full_text else {})
    for name, ready in {"ours": _ours, **peers}.items():
        before, began = _megabytes(), time.perf_counter()
        contenders[name], seconds = ready(county)
        built.append((name, seconds, _megabytes() - before))
        _said(f"{name} is ready after {time.perf_counter() - began:.0f} s")
    queries = planted(county, asked.each, asked.seed)
    kinds = len({query.kind for query in queries})
    for finds in contenders.values():
        finds(queries[0])
    rows = []
    for place, query in enumerate(queries):
        for name, finds in contenders.items():
            if name == "ours" or place < asked.peers * kinds:
                rows.append((name, query.kind, *_put(finds, query)))
        if place % 200 == 0:
            _said(f"{place:,} of {len(queries):,} searches")
    columns = ["contender", "kind", "seconds", "cpu_seconds", "place", "sure"]
    return {
        "built": pd.DataFrame(built, columns=["contender", "seconds", "megabytes"]),
        "found": pd.DataFrame(rows, columns=columns),
        "county": pd.DataFrame({"residents": [len(county.people)], "rows": [len(county.details)]}),
    }


def conditions() -> dict[str, str]:
    """Tell under which conditions it was measured."""
    packages = ("duckdb", "jellyfish", "numpy", "pandas", "pyarrow")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return {
        "Command": f"`python -m benchmarks.search {' '.join(sys.argv[1:])}`".replace(" `", "`"),
        "Date": f"{datetime.now(UTC):%-d %B %Y}",
        "Machine": f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB, "
        f"{platform.system()}; load average at the end {os.getloadavg()[0]:.1f}",
        "Versions": f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{versions}",
    }


def _put(finds: Finds, query: Query) -> tuple[float, float, int, float]:
    began, used = time.perf_counter(), time.process_time()
    found = finds(query)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    names = [name for name, _ in found]
    place = names.index(query.entity_id) + 1 if query.entity_id in names else 0
    return seconds, cpu, place, found[0][1] if found else np.nan


def _ours(county: County) -> tuple[Finds, float]:
    connection = in_memory(county)
    began = time.perf_counter()
    search = Search(connection, build_index(connection), lambda values, **_: values, AS_OF)
    search.find("somebody", FIRST)  # what is made when it is first needed
    seconds = time.perf_counter() - began

    def finds(query: Query) -> list[tuple[str, float]]:
        hits = search.find(query.typed, FIRST)
        return list(zip(hits["entity_id"], hits["sure"], strict=True))

    return finds, seconds


_SCAN = """
SELECT entity_id, max({names} + {born} + {place} + {number}) AS score
FROM details GROUP BY entity_id ORDER BY score DESC, entity_id LIMIT $limit
"""


def _scan(county: County) -> tuple[Finds, float]:
    """Compare every row: Jaro-Winkler of names in either order, birth date by pattern, place."""
    began = time.perf_counter()
    connection = in_memory(county)
    seconds = time.perf_counter() - began

    def finds(query: Query) -> list[tuple[str, float]]:
        given: dict[str, object] = {"limit": FIRST}
        parts = dict.fromkeys(("names", "born", "place", "number"), "0")
        if len(query.names) == 2:
            given |= {"one": query.names[0], "two": query.names[1]}
            parts["names"] = (
                "greatest(jaro_winkler_similarity(forename, $one) "
                "+ jaro_winkler_similarity(surname, $two), "
                "jaro_winkler_similarity(forename, $two) + jaro_winkler_similarity(surname, $one))"
            )
        elif query.names:
            given["one"] = query.names[0]
            parts["names"] = "jaro_winkler_similarity(forename, $one)"
        else:
            given["number"] = query.typed
            parts["number"] = "(local_id = $number)::INT"
        if query.born:
            given["born"] = query.born
            day = "strftime(date_of_birth, '%Y-%m-%d')"
            agrees = f"({day} LIKE $born)::INT"
            if "%" not in query.born:
                agrees = f"jaro_winkler_similarity({day}, $born)"
            parts["born"] = f"coalesce({agrees}, 0)"
        if query.place:
            given["place"] = query.place
            parts["place"] = (
                "(postcode LIKE $place || ' %')::INT"
                if query.place.isupper()
                else "jaro_winkler_similarity(lower(address), $place)"
            )
        rows = connection.execute(_SCAN.format(**parts), given).fetchall()
        return [(entity, np.nan) for entity, _ in rows]

    return finds, seconds


def _fts5(county: County) -> tuple[Finds, float]:
    """Full text of every row, by trigrams: any word may be part of any, ranked by BM25."""
    began = time.perf_counter()
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE rows USING fts5(entity UNINDEXED, text, tokenize='trigram')"
    )
    rows = county.details
    text = (
        rows[["forename", "surname", "address", "postcode", "local_id"]]
        .fillna("")
        .agg(" ".join, axis=1)
    )
    text += " " + rows["date_of_birth"].dt.strftime("%Y-%m-%d").fillna("")
    connection.executemany(
        "INSERT INTO rows VALUES (?, ?)", zip(rows["entity_id"], text, strict=True)
    )
    connection.execute("INSERT INTO rows(rows) VALUES ('optimize')")
    seconds = time.perf_counter() - began

    def finds(query: Query) -> list[tuple[str, float]]:
        words = [*query.names, *query.place.replace(",", " ").split()] or [query.typed]
        words += [query.born.strip("%")] if query.born else []
        asked = " OR ".join(f'"{word}"' for word in words if len(word) >= 3)
        found = connection.execute(
            "SELECT entity FROM rows WHERE rows MATCH ? ORDER BY rank LIMIT 40", (asked,)
        ).fetchall()
        return [(entity, np.nan) for entity in dict.fromkeys(each for (each,) in found)][:FIRST]

    return finds, seconds


def _megabytes() -> float:
    return psutil.Process().memory_info().rss / 2**20


def _said(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
