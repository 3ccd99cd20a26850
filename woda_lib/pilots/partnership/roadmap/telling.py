"""What the roadmap says: its tables under headings for people, and its findings in words."""

from __future__ import annotations

import pandas as pd

from woda_lib.phrases import say_count
from woda_lib.pilots.partnership.roadmap.levels import LEVELS
from woda_lib.pilots.partnership.roadmap.priorities import QUICK_WIN
from woda_lib.pilots.partnership.roadmap.quality import DIMENSIONS, FAIR, POOR, say_share

_PLAIN = {"legal_basis": "legal basis", "agreement_not_signed": "agreement not signed",
          "system_cannot_export": "system cannot export"}  # fmt: skip


_AS_ADJECTIVE = {
    "completeness": "Complete",
    "validity": "Valid",
    "uniqueness": "Unique",
    "timeliness": "Up to date",
    "consistency": "Consistent",
    "accuracy": "Accurate",
}


def levels_table() -> pd.DataFrame:
    """Return the levels: ``level, name, takes``."""
    rows = [(level.number, level.name, level.takes) for level in LEVELS]
    return pd.DataFrame(rows, columns=["level", "name", "takes"])


def register_table(stands: pd.DataFrame) -> pd.DataFrame:
    """Return what is held and how it comes, a row a partner and dataset, for people."""
    counts = stands[["fields", "of"]].astype("Int64").astype("string")
    form = stands["form"].replace({"csv": "CSV", "api": "API"})
    return pd.DataFrame(
        {
            "Partner": stands["name"],
            "Dataset": stands["title"],
            "A row is": stands["level"],
            "Covers": stands["coverage"],
            "Since": stands["history_from"].dt.strftime("%Y"),
            "Comes": form + ", " + stands["frequency"] + ", " + stands["sent"],
            "Agreed": stands["state"] + (", " + stands["agreed"]).fillna(""),
            "Fields": (counts["fields"] + " of " + counts["of"]).fillna("–"),
        }
    )


def quality_table(stands: pd.DataFrame) -> pd.DataFrame:
    """Return quality and levels, a row a partner and dataset; shares in per cent, rounded down."""
    shares = {_AS_ADJECTIVE[name]: stands[name].astype(float).map(say_share) for name in DIMENSIONS}
    return pd.DataFrame(
        {
            "Partner": stands["name"],
            "Dataset": stands["title"],
            **shares,
            "Own word": stands["self_assessed"],
            "Measured": stands["measured"],
        }
    )


def too_high_table(stands: pd.DataFrame) -> pd.DataFrame:
    """Return the datasets that partners put higher than was measured, and what they lack."""
    high = stands[stands["gap"] > 0].sort_values("gap", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "Partner": high["name"],
            "Dataset": high["title"],
            "Own word": high["self_assessed"],
            "Measured": high["measured"],
            "The next level lacks": high["lacks"],
        }
    ).reset_index(drop=True)


def priority_table(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return what to ask for first, with the reasons of value and effort."""
    columns = {
        "rank": "Rank", "title": "Dataset", "partner": "Held by", "kind": "Kind", "value": "Value",
        "value_because": "because", "effort": "Effort", "effort_because": "because (effort)",
        "steps": "Steps", "blocker": "Blocked by",
    }  # fmt: skip
    table = ranked[list(columns)].assign(blocker=plain(ranked["blocker"]))
    return table.rename(columns=columns)


def unlocked_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return which steps wait for which fields; what a dataset unlocks is said once."""
    headings = {
        "rank": "Rank", "title": "Dataset", "partner": "Held by", "step": "Step that waits",
        "fields": "For the fields", "unlocks": "What could then be said",
    }  # fmt: skip
    said = found["unlocks"].mask(found["title"].duplicated(), "")
    return found[list(headings)].assign(unlocks=said).rename(columns=headings)


def overdue_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return the blockers that are overdue, the longest first, or none in words."""
    late = found[found["overdue_days"] > 0]
    return pd.DataFrame(
        {
            "Partner": late["partner"],
            "Dataset": late["title"],
            "Blocked by": plain(late["kind"]),
            "What it is": late["says"],
            "Owner": late["owner"],
            "Due": late["due"].dt.strftime("%b %Y"),
            "Days overdue": late["overdue_days"],
            "Next step": late["next_step"],
        }
    ).reset_index(drop=True)


def plain(kinds: pd.Series) -> pd.Series:
    """Return kinds of blockers in words."""
    return kinds.replace(_PLAIN)


def sharing_alt(matrix: pd.DataFrame) -> str:
    """Say what the picture of sharing shows, for those who cannot see it."""
    shared = matrix[matrix["shared"] > 0]
    only = sorted(set(matrix["partner"]) - set(shared["partner"]))
    high = shared[shared["level"] >= 4]
    return (
        f"{shared['partner'].nunique()} partners by subject area, with the lowest measured level "
        f"of what each shares; {len(high)} of {len(shared)} areas of a partner are at level 4 or "
        f"5. {say_count(len(only)).capitalize()} others share nothing yet and hold something that "
        f"is wanted: {', '.join(only)}."
    )


def quality_caption(weak: pd.DataFrame) -> str:
    """Say in which dimension most partners have a dataset that is not good."""
    short = weak[weak["grade"].isin([FAIR, POOR])]["dimension"].value_counts()
    partners = weak["partner"].nunique()
    if short.empty:
        return f"Every dataset of the {say_count(partners)} partners is good in what is known of it"
    most, of_them = str(short.index[0]).capitalize(), say_count(int(short.iloc[0]))
    return (
        f"{most} falls short most often: {of_them} of {partners} partners have a dataset in which "
        "it is fair or poor"
    )


def quality_alt(weak: pd.DataFrame) -> str:
    """Say what the picture of quality shows, with every cell that is not good."""
    short = weak[weak["grade"].isin([FAIR, POOR])]
    columns = [short[name] for name in ("partner", "dimension", "share", "dataset", "grade")]
    told = "; ".join(
        f"{partner}, {dimension} {say_share(share)}% ({dataset}: {grade})"
        for partner, dimension, share, dataset, grade in zip(*columns, strict=True)
    )
    return f"Partners by dimension, the weakest dataset of each. Not good: {told or 'none'}."


def maturity_caption(stands: pd.DataFrame) -> str:
    """Say whether partners know how good they are."""
    higher, lower = int((stands["gap"] > 0).sum()), int((stands["gap"] < 0).sum())
    return (
        f"Of {len(stands)} datasets partners put {higher} higher than was measured, "
        f"and {lower} lower"
    )


def maturity_alt(counted: pd.DataFrame) -> str:
    """Say what the picture of levels shows: every pair of levels that occurs."""
    there = counted[counted["datasets"] > 0]
    names = {level.number: level.name for level in LEVELS}
    told = "; ".join(
        f"says {names[says]}, measured {names[measured]}: {datasets}"
        for says, measured, datasets in zip(
            there["self_assessed"], there["measured"], there["datasets"], strict=True
        )
    )
    return f"Datasets by the partner's own level and the measured one. {told}."


def priority_caption(ranked: pd.DataFrame) -> str:
    """Say how many quick wins there are, and what comes first."""
    wins = int((ranked["kind"] == QUICK_WIN).sum())
    first = ranked.iloc[0]
    return (
        f"{say_count(wins).capitalize()} quick {'win' if wins == 1 else 'wins'}; the first in rank "
        f"is {first['title'].lower()}, held by: {first['partner']}"
    )


def priority_alt(ranked: pd.DataFrame) -> str:
    """Say what the picture of priorities shows: rank, name, value and effort of each."""
    told = "; ".join(
        f"{rank} {title} (value {value}, effort {effort})"
        for rank, title, value, effort in zip(
            ranked["rank"], ranked["title"], ranked["value"], ranked["effort"], strict=True
        )
    )
    return f"What is wanted, in the order of rank: {told}."


def changed_said(found: pd.DataFrame | None) -> str:
    """Say what changed since the last run of an earlier day."""
    if found is None:
        return (
            "No run of an earlier day has measured these extracts, so that nothing can be compared "
            "yet. The next one will."
        )
    if found.empty:
        return "Nothing changed since the last run of an earlier day."
    return "Against the last run of an earlier day, by what changed and which way:"


def change_counts(found: pd.DataFrame) -> pd.DataFrame:
    """Count what changed: ``What`` by the way in which it did."""
    counted = pd.crosstab(found["what"], found["direction"])
    ways = [way for way in ("better", "worse", "new", "gone", "changed") if way in counted]
    table = counted[ways].rename(columns=str.capitalize).reset_index()
    return table.rename(columns={"what": "What"}).rename_axis(columns=None)


def headline(stands: pd.DataFrame, ranked: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the headline values: ``name, label, value, unit``.

    Parameters
    ----------
    stands
        From `standing.standing`.
    ranked, found
        From `priorities.priorities` and `priorities.unlocked`.
    """
    read = stands[stands["files"] > 0]
    high, low = int((stands["gap"] > 0).sum()), int((stands["gap"] < 0).sum())
    quick = int((ranked["kind"] == QUICK_WIN).sum())
    rows = [
        ("datasets_shared", "Datasets that are shared", len(read), "datasets"),
        ("partners_sharing", "Partners who share", read["partner"].nunique(), "partners"),
        ("datasets_not_measured", "Datasets not measured", len(stands) - len(read), "datasets"),
        ("put_too_high", "Datasets put higher than was measured", high, "datasets"),
        ("put_too_low", "Datasets put lower than was measured", low, "datasets"),
        ("datasets_wanted", "Datasets wanted", len(ranked), "datasets"),
        ("steps_waiting", "Steps of pilots that wait for them", found["step"].nunique(), "steps"),
        ("quick_wins", "Wanted datasets worth much for little effort", quick, "datasets"),
    ]
    return pd.DataFrame(rows, columns=["name", "label", "value", "unit"])
