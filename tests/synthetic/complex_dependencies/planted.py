"""Measures what was planted in made-up counties, and writes the tables of the page about it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from sklearn.metrics import roc_auc_score

from woda_lib.synthetic.complex_dependencies.mechanism import KNOWS, found
from woda_lib.synthetic.complex_dependencies.whole import ComplexDependencies
from woda_lib.synthetic.county import draw_county
from woda_lib.synthetic.profiles import PROFILES

PAGE = Path(__file__).parents[3] / "docs" / "made_up_dependencies.md"
_COUNTED = {0: "0", 1: "1", 2: "2", 3: "3"}


def measure(profile: str, seed: int | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a county and count.

    Returns
    -------
    by_date : pandas.DataFrame
        ``profile, seed, index_date, households``, per cent ``recorded`` and ``needed`` (two
        services or more anew within a year), ``expected`` (the mean of the true chance), ``auc``
        of the true chance against what was recorded.
    by_known : pandas.DataFrame
        ``profile, known`` (how many services know a household), ``households, recorded, needed``
        in per cent, ``found`` (mean share of needed steps that are recorded), on all index dates
        whose year is over.
    """
    known = PROFILES[profile]
    chosen = known.seed if seed is None else seed
    county = ComplexDependencies(draw_county(known, chosen).single_view, keep_features=True)
    risks = county.truth()["cd_risks"]
    over = risks.dropna(subset=["services_recorded"])
    over = over.assign(
        recorded=over["services_recorded"].ge(2).astype(bool),
        needed=over["services_needed"].ge(2).astype(bool),
    )
    rows = [
        {
            "profile": profile,
            "seed": chosen,
            "index_date": str(pd.Timestamp(str(day)).date()),
            "households": len(of),
            "recorded": 100 * of["recorded"].mean(),
            "needed": 100 * of["needed"].mean(),
            "expected": 100 * of["risk"].mean(),
            "auc": roc_auc_score(of["recorded"], of["risk"]),
        }
        for day, of in over.groupby("index_date", sort=True)
    ]
    features = pd.concat(
        [
            of.assign(index_date=pd.Timestamp(str(day)), unit=of.index, share=found(of))
            for day, of in county.followed.features.items()
        ]
    )
    services = features[list(KNOWS)].sum(axis=1).astype(int).map(_COUNTED).fillna("4 or more")
    features = features[["unit", "index_date", "share"]].assign(known=services)
    told = over.astype({"index_date": "datetime64[ns]"}).merge(
        features.astype({"index_date": "datetime64[ns]"}), on=["unit", "index_date"]
    )
    by_known = told.groupby("known").agg(
        households=("share", "size"),
        recorded=("recorded", "mean"),
        needed=("needed", "mean"),
        found=("share", "mean"),
    )
    by_known[["recorded", "needed", "found"]] *= 100
    return pd.DataFrame(rows), by_known.reset_index().assign(profile=profile)


def write(by_date: pd.DataFrame, by_known: pd.DataFrame) -> None:
    """Put the two tables into the page, between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    for name, table in (("dates", _dates(by_date)), ("known", _known(by_known))):
        mark = re.compile(rf"(<!-- measured: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text, times = mark.subn(lambda at, body=table: f"{at[1]}{body}\n{at[2]}", text)
        assert times == 1
    PAGE.write_text(text, encoding="utf-8")


def _dates(table: pd.DataFrame) -> str:
    lines = [
        "| county | seed | index date | households | recorded, % | needed, % | expected, % "
        "| AUC of the true chance |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.profile} | {row.seed} | {row.index_date} | {row.households:,} "
        f"| {row.recorded:.1f} | {row.needed:.1f} | {row.expected:.1f} | {row.auc:.3f} |"
        for row in table.itertuples()
    ]
    return "\n".join(lines)


def _known(table: pd.DataFrame) -> str:
    lines = [
        "| services that know it | households and dates | recorded, % | needed, % "
        "| of needed steps recorded, % |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.known} | {row.households:,} | {row.recorded:.1f} | {row.needed:.1f} "
        f"| {row.found:.0f} |"
        for row in table.itertuples()
    ]
    return "\n".join(lines)
