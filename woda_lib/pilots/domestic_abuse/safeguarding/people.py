"""One row a person who went missing, so that who goes missing often counts once."""

from __future__ import annotations

import pandas as pd

from woda_lib.evaluation import Interval
from woda_lib.pilots.domestic_abuse.measures import shares
from woda_lib.pilots.domestic_abuse.safeguarding.interviews import FEWEST

_OF_THE_FIRST = [
    "missing_id", "age_group", "child", "district", "deprivation_quintile", "knew", "known_before",
    "nobody_knew",
]  # fmt: skip
_EVER = ["repeatedly", "as_child", "as_victim", "as_perpetrator", "at_home", "abuse_household"]


def people_of(episodes: pd.DataFrame) -> pd.DataFrame:
    """Return the people of some episodes.

    Parameters
    ----------
    episodes
        From `episodes`, `went_again`, `domestic_abuse` and `who_knew`.

    Returns
    -------
    DataFrame
        A row a person: `person, episodes`; age, place and who knew as of the first episode, since
        later ones make somebody known; of `repeatedly` and the links to domestic abuse, whether
        they hold of any.
    """
    by_person = episodes.sort_values("reported_at", kind="stable").groupby("person")
    table = by_person[_OF_THE_FIRST].first().join(by_person[_EVER].max())
    return table.join(by_person.size().rename("episodes")).reset_index()


def share(hits: pd.Series) -> Interval:
    """Return the share of rows that hold, in per cent, with Wilson's score interval."""
    return Interval(*shares.share(int(hits.sum()), len(hits)), "%")


def enough(hits: pd.Series) -> bool:
    """Whether a share can be told: as many people hold and do not hold as make no handful."""
    return bool(min(hits.sum(), (~hits).sum()) >= FEWEST)
