"""The tables of the first notebook: who is asked about, what was known of them, what followed."""

from __future__ import annotations

import pandas as pd

from woda_lib.figures import Picture
from woda_lib.partners.datasets.notices import STATUTORY
from woda_lib.pilots.complex_dependencies.outcomes import SERVICES
from woda_lib.pilots.single_view.planning.shares import FIFTHS, by_groups, share
from woda_lib.pilots.single_view.report.pictures import shares_of_groups
from woda_lib.pilots.single_view.steps import STEP
from woda_lib.prediction.features import FeatureSet

KEYS = ["household_id", "index_date"]


def said(day: pd.Timestamp) -> str:
    """Return a day as it is written in tables."""
    return f"{day:%-d %B %Y}"


def in_tens(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its counts in steps of `STEP`, as headline counts are.

    From run to run a household more or fewer changes many counts by one, and the gate would refuse
    each that differs by so few from what it said before.
    """
    counts = table.select_dtypes("integer").columns
    return table.assign(
        **{name: STEP * (table[name] / STEP).round().astype(int) for name in counts}
    )


def days_asked(dates: pd.DataFrame) -> pd.DataFrame:
    """Return the index dates in words: `index_date, used_for, followed_until`."""
    uses = {
        "train": "Learning",
        "test": "Judging",
        "watch": "Watching for change",
        "score": "The list for caseworkers",
    }
    until = dates["follow_up_ends"].map(said).where(dates["followed"], "not over")
    return pd.DataFrame(
        {
            "index_date": dates["index_date"].map(said),
            "used_for": dates["split"].map(uses),
            "followed_until": until,
        }
    )


def households_asked(
    spine: pd.DataFrame, left_out: pd.DataFrame, stays: pd.DataFrame, dates: pd.DataFrame
) -> pd.DataFrame:
    """Count who is asked about on each date, and who is not.

    Parameters
    ----------
    spine, left_out
        From `spine.spine`.
    stays
        From `events.stays`.
    dates
        From `index_dates`.

    Returns
    -------
    DataFrame
        `index_date, households, with_children, gone_before_the_end` (of a follow-up that is over:
        the store loses sight of them, so that nothing could be seen to happen), `care_homes` and
        `members_not_known_yet`, both left out.
    """
    last = stays.drop_duplicates("household_id", keep="last").set_index("household_id")["ends"]
    until = dates.set_index("index_date")["follow_up_ends"]
    ended = spine["household_id"].map(last) < spine["index_date"].map(until)
    over = spine["index_date"].isin(dates.loc[dates["followed"], "index_date"])
    by = spine.assign(child=spine["children"].gt(0), gone=ended & over).groupby("index_date")
    counted = by.agg(
        households=("child", "size"), with_children=("child", "sum"), gone=("gone", "sum")
    )
    out = left_out.pivot_table(index="index_date", columns="reason", values="number")
    table = counted.join(out.astype(int)).reset_index()
    names = {
        "gone": "gone_before_the_end",
        "Care homes": "care_homes",
        "Members whom no partner knew yet": "members_not_known_yet",
    }
    return table.rename(columns=names).assign(index_date=table["index_date"].map(said))


def coverage(table: pd.DataFrame, features: FeatureSet) -> pd.DataFrame:
    """Count the households of which each feature says something other than nought.

    Parameters
    ----------
    table
        `household_id, index_date` and a column a feature.
    features

    Returns
    -------
    DataFrame
        `feature` (its title) and a column an index date. A category is left out.
    """
    numbers = [each.name for each in features.features if not each.is_category]
    says = table[numbers].notna() & table[numbers].ne(0)
    return _by_date(says, table, features)


def missing(table: pd.DataFrame, features: FeatureSet) -> pd.DataFrame:
    """Count the households of which each feature is missing, of features that ever are."""
    gone = table[features.names].isna()
    return _by_date(gone.loc[:, gone.any()], table, features)


def _by_date(marks: pd.DataFrame, table: pd.DataFrame, features: FeatureSet) -> pd.DataFrame:
    counted = marks.astype(int).groupby(table["index_date"]).sum().T
    counted.columns = pd.Index([said(pd.Timestamp(day)) for day in counted.columns])
    counted.insert(0, "feature", [features.titles[name] for name in counted.index])
    return counted.reset_index(drop=True)


def services_by_date(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Count households in which each service began anew, and in which several did, by date."""
    names = [*SERVICES.values(), "happened"]
    counted = outcomes.groupby("index_date")[names].sum().T
    counted.columns = pd.Index([said(pd.Timestamp(day)) for day in counted.columns])
    titles = [service.capitalize() for service in STATUTORY.values()]
    counted.insert(0, "new_within_the_follow_up", [*titles, "Two services or more"])
    return counted.reset_index(drop=True)


def by_group(spine: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return how often it happened, by date, by how many services know the household, by fifth.

    Returns
    -------
    DataFrame
        `by, group, households, happened, percent, low, high`, Wilson's interval (95%).
    """
    own = outcomes.merge(spine, on=KEYS)
    days = [said(day) for day in sorted(own["index_date"].unique())]
    services = ["0", "1", "2", "3", "4 or more"]
    fifths = own["deprivation"].map({str(n): name for n, name in FIFTHS.items()})
    groups = {
        "Index date": pd.Series(pd.Categorical(own["index_date"].map(said), days)),
        "Services that know it": pd.Series(pd.Categorical(own["services"], services)),
        "Deprivation": pd.Series(pd.Categorical(fifths, list(FIFTHS.values()))),
    }
    found = by_groups(own["happened"], groups, whole="households", part="happened")
    return found.drop(columns="adjusted_p")


def picture(groups: pd.DataFrame, everybody: float) -> Picture:
    """Draw `by_group` beside the share of all."""
    return shares_of_groups(
        groups,
        measure="Households with two new services or more within the follow-up, %",
        line=everybody,
        line_name="All",
        counts=("households", "happened"),
    )


def known_more(groups: pd.DataFrame) -> str:
    """Say in a clause how much oftener it happens where several services know a household."""
    mine = groups.loc[groups["by"].eq("Services that know it")].set_index("group")["percent"]
    if len(mine) < 2:
        return "there are too few households to say by how many services know them"
    most = str(mine.index[-1])
    times = mine.iloc[-1] / mine.iloc[0] if mine.iloc[0] else float("inf")
    return f"{times:.0f} times as often where {most} services know a household as where none does"


def beside_truth(spine: pd.DataFrame, outcomes: pd.DataFrame, risks: pd.DataFrame) -> pd.DataFrame:
    """Compare outcomes as told from records with those that are true, at the same home and day.

    Parameters
    ----------
    spine
        `household_id, index_date, uprn`.
    outcomes
    risks
        The truth `cd_risks`: `uprn, index_date, services_recorded`, a row a true household.

    Returns
    -------
    DataFrame
        `index_date, households` (asked about), `at_a_true_home` (where one household truly lives),
        and of these those in which it `truly_happened`, is `told` to have, and `both`.
    """
    true = risks.loc[~risks.duplicated(["uprn", "index_date"], keep=False)]
    true = true.assign(index_date=true["index_date"].astype("datetime64[ns]"))
    true = true[["uprn", "index_date", "services_recorded"]].astype({"uprn": object})
    own = outcomes.merge(spine[[*KEYS, "uprn"]], on=KEYS).merge(
        true, on=["uprn", "index_date"], how="left"
    )
    known = own["services_recorded"].notna()
    truly = own["services_recorded"].fillna(0).ge(2).astype(bool)
    marks = pd.DataFrame(
        {
            "index_date": own["index_date"],
            "households": 1,
            "at_a_true_home": known,
            "truly_happened": truly & known,
            "told": own["happened"] & known,
            "both": truly & own["happened"] & known,
        }
    )
    counted = marks.groupby("index_date", as_index=False).sum()
    return counted.assign(index_date=counted["index_date"].map(said))


def happened_share(outcomes: pd.DataFrame, spine: pd.DataFrame, split: str) -> tuple[float, ...]:
    """Return in how many per cent of a split's households it happened, with Wilson's interval."""
    own = outcomes.merge(spine.loc[spine["split"].eq(split), KEYS], on=KEYS)
    return share(int(own["happened"].sum()), len(own))


def sentences(warnings: tuple[str, ...]) -> pd.DataFrame:
    """Return what building warned of, a row a sentence; a row that says so where there is none."""
    said_of = [each.partition(": ")[::2] for each in warnings] or [("None", "nothing is short")]
    return pd.DataFrame(said_of, columns=["features", "why"])


def leaks_by_change(tried: pd.DataFrame) -> pd.DataFrame:
    """Return for each way of changing the future how many features were built again and moved."""
    marks = tried.assign(moved=tried["moved"].gt(0))
    by = marks.groupby("change", sort=False)
    table = by.agg(built_again=("feature", "nunique"), moved=("moved", "sum"))
    return table.reset_index()


def unplaced(steps: pd.DataFrame) -> pd.DataFrame:
    """Count each service's steps, and those at a property where no household is known."""
    own = steps.assign(nobody=steps["household_id"].isna())
    counted = own.groupby("service", sort=False).agg(
        steps=("nobody", "size"), no_household=("nobody", "sum")
    )
    titles = dict(zip(SERVICES.values(), STATUTORY.values(), strict=True))
    names = [titles[str(name)].capitalize() for name in counted.index]
    return counted.reset_index(drop=True).assign(service=names)[
        ["service", "steps", "no_household"]
    ]
