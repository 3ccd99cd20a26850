"""What the single view holds, in numbers."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.single_view.build import Homes


def sizes(
    records: pd.DataFrame,
    homes: Homes,
    services: pd.DataFrame,
    properties: pd.DataFrame,
    opted_out: pd.DataFrame,
) -> pd.DataFrame:
    """Return `what, number`: records, people, homes, households, involvements and conflicts.

    What stands first is of everybody whom later steps are shown; who is left out stands last.

    Parameters
    ----------
    records
        `entity_id`, a row a record.
    homes
        From `build.live`.
    services
        From `involvements.involvements`.
    properties
        From `properties.properties`.
    opted_out
        `entity_id`, from `Run.spread_opt_outs`.
    """
    lived, persons = homes.residences, homes.persons
    rows = {
        "Records of people": len(records),
        "People": records["entity_id"].nunique(),
        "People whom several partners know": int((persons["partners"] > 1).sum()),
        "People of whom partners contradict each other": int((persons["conflicts"] > 0).sum()),
        "People in two places at a time": lived.loc[lived["elsewhere"], "entity_id"].nunique(),
        "Properties in the gazetteer": len(properties),
        "Properties where somebody lives": lived.loc[lived["ends"].isna(), "uprn"].nunique(),
        "Households, now and before": homes.households["household_id"].nunique(),
        "Involvements": len(services),
        "Involvements that go on": int((services["status"] == "open").sum()),
        "Left out: people who opted out": opted_out["entity_id"].nunique(),
        "Left out: their records": len(opted_out),
    }
    return pd.DataFrame({"what": rows.keys(), "number": rows.values()})
