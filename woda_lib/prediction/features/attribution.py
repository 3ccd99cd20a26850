"""Which household an event of a property is of: the one that lived there when it began."""

from __future__ import annotations

import duckdb
import pandas as pd

_LIVED_THERE = """
with moments as (
    select unit_id, starts as since from homes
    union select unit_id, ends + interval 1 day from homes where ends is not null
),
states as (
    select o.unit_id, o.since,
        arg_max(m.household_id, row(m.starts, m.household_id)) as household_id
    from moments o left join homes m on m.unit_id = o.unit_id
        and m.starts <= o.since and (m.ends is null or m.ends >= o.since)
    group by o.unit_id, o.since
)
select e."row", s.household_id
from asked e asof join states s on e.unit_id = s.unit_id and e.started_on >= s.since
"""


def lived_there(events: pd.DataFrame, memberships: pd.DataFrame) -> pd.Series:
    """Return the household that each event of a property was of.

    Parameters
    ----------
    events
        `unit_id` (the property), `started_on`.
    memberships
        `unit_id, household_id, starts, ends`, as for `build`.

    Returns
    -------
    Series
        The household that came last of those that lived there on the day; missing where nobody is
        known to have lived.
    """
    ids = memberships["unit_id"].astype(object)
    homes = memberships.loc[ids.isin(events["unit_id"].astype(object).unique())]
    homes = homes.astype({"unit_id": object, "household_id": object})
    asked = pd.DataFrame(
        {
            "row": range(len(events)),
            "unit_id": events["unit_id"].astype(object).to_numpy(),
            "started_on": events["started_on"].to_numpy(),
        }
    )
    if homes.empty or asked.empty:
        return pd.Series(None, index=events.index, dtype=object)
    with duckdb.connect() as con:
        con.register("homes", homes)
        con.register("asked", asked)
        found = con.execute(_LIVED_THERE).df().set_index("row")["household_id"]
    return pd.Series(found.reindex(asked["row"]).to_numpy(object), index=events.index)
