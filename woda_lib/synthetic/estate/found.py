"""What is truly to be found among the buildings and homes: measured where they truly stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from woda_lib.synthetic.estate.kinds import SERVICES, SHARE_A_BUILDING

TOGETHER_WITHIN = 800.0
"""Metres within which two partners' buildings stand together."""


def true_pairs(buildings: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``am_colocated``: pairs of two partners' buildings that stand together.

    A row is a move that could be made: ``guest, host`` (building_id), ``guest_partner,
    host_partner, metres`` and ``planted``, of buildings in use at the window's end; both uses can
    share, and the host's empty space is at least what the guest uses.
    """
    able = buildings.loc[buildings["ended_on"].isna() & buildings["use"].isin(SHARE_A_BUILDING)]
    able = able.reset_index(drop=True)
    points = able[["easting", "northing"]].to_numpy(dtype=float)
    pairs = cKDTree(points).query_pairs(TOGETHER_WITHIN, output_type="ndarray")
    guest, host = np.concatenate([pairs, pairs[:, ::-1]]).T
    used = (able["floor_area"] - able["spare_area"]).to_numpy()
    partner, cluster = able["partner"].to_numpy(), able["cluster"].to_numpy()
    fits = (partner[guest] != partner[host]) & (used[guest] <= able["spare_area"].to_numpy()[host])
    guest, host = guest[fits], host[fits]
    number = able["building_id"].to_numpy()
    table = pd.DataFrame(
        {
            "guest": number[guest],
            "guest_partner": partner[guest],
            "host": number[host],
            "host_partner": partner[host],
            "metres": np.hypot(*(points[guest] - points[host]).T),
            "planted": (cluster[guest] > 0) & (cluster[guest] == cluster[host]),
        }
    )
    return table.sort_values(["guest_partner", "guest", "host"], ignore_index=True)


def true_gaps(homes: pd.DataFrame, buildings: pd.DataFrame, gap: str) -> pd.DataFrame:
    """Return the table ``am_gaps``: how far each area's homes are from services.

    Columns: ``area, district, deprivation_quintile, service, homes, metres`` (median, in a straight
    line, to the nearest in use at the window's end) and ``planted``.
    """
    now = buildings.loc[buildings["ended_on"].isna()]
    at = homes[["easting", "northing"]].to_numpy(dtype=float)
    parts = []
    for service in SERVICES:
        of = now.loc[now["use"].eq(service), ["easting", "northing"]].to_numpy(dtype=float)
        metres, _ = cKDTree(of).query(at)
        by = homes.assign(metres=metres).groupby("area", sort=True)
        parts.append(
            by.agg(
                district=("district", "first"),
                deprivation_quintile=("deprivation_quintile", "first"),
                homes=("metres", "size"),
                metres=("metres", "median"),
            )
            .reset_index()
            .assign(service=service)
        )
    table = pd.concat(parts, ignore_index=True)
    table["planted"] = table["area"].eq(gap)
    columns = ["area", "district", "deprivation_quintile", "service", "homes", "metres", "planted"]
    return table[columns]
