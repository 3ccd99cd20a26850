"""Where each dataset of each partner stands: register, agreement and deliveries side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from woda_lib.partners import OPT_OUTS, Agreement
from woda_lib.partners.names import say_dataset
from woda_lib.pilots.partnership.roadmap.access import NONE, access, access_of_pairs
from woda_lib.pilots.partnership.roadmap.maturity import maturity
from woda_lib.pilots.partnership.roadmap.quality import (
    ACCURACY,
    DIMENSIONS,
    MEASURED,
    Thresholds,
    completeness,
    grades,
)
from woda_lib.pilots.partnership.roadmap.register import Register

_COMPLETENESS, _TIMELINESS = "completeness", "timeliness"
_DELIVERED = (
    *("partner", "dataset", "files", "rows", "last_delivered", "late_days"),
    *(name for name in MEASURED if name != _COMPLETENESS),
)


def held_table(register: Register) -> pd.DataFrame:
    """Return what the register says is held, a row a partner and dataset, by partner.

    Returns
    -------
    DataFrame
        ``partner, name`` (its title), ``dataset, title, about, level, coverage, history_from, form,
        frequency, sent, self_assessed, accuracy`` (share, or missing), ``blocker`` (kind or empty).
    """
    rows = [
        {
            "partner": partner,
            "name": register.partners[partner],
            "dataset": dataset,
            "title": say_dataset(dataset),
            "about": held.about,
            "level": held.level,
            "coverage": by.coverage,
            "history_from": by.history_from,
            "form": by.form,
            "frequency": by.frequency,
            "sent": by.sent,
            "self_assessed": by.self_assessed,
            ACCURACY: by.checked.share if by.checked else None,
            "blocker": by.blocker.kind if by.blocker else "",
        }
        for dataset, held in register.held.items()
        for partner, by in held.by.items()
    ]
    table = pd.DataFrame(rows).astype({ACCURACY: "float64", "history_from": "datetime64[ns]"})
    order = {partner: place for place, partner in enumerate(register.partners)}
    return table.sort_values(
        "partner", key=lambda names: names.map(order), kind="stable"
    ).reset_index(drop=True)


def standing(
    register: Register,
    agreements: Mapping[str, Agreement],
    delivered: pd.DataFrame,
    filled: pd.DataFrame,
    thresholds: Thresholds,
    *,
    on: date,
    soon: int,
    fewest: int,
) -> pd.DataFrame:
    """Return where each dataset of each partner stands.

    People's choices are no dataset that a pilot loads: they are honoured in every load, whatever is
    agreed, and left out here.

    Parameters
    ----------
    register, agreements
    delivered : DataFrame
        From `Run.deliveries`. What it has no row of was not read.
    filled : DataFrame
        From `Run.delivery_columns`, for the completeness of columns that should be filled in.
    thresholds
    on : date
        The clock, against which agreements are held.
    soon : int
        An agreement's review within so many days is due.
    fewest : int
        Of fewer rows nothing is told but whether files have ended: one fault would decide.

    Returns
    -------
    DataFrame
        `held_table`, what is agreed (``agreement, fields, of, purposes, agreed`` (how often),
        ``review, state``), what was delivered (``files, rows, last_delivered, late_days`` and a
        share for each of `DIMENSIONS`), ``grade_<dimension>``, and ``measured, gap, lacks`` of
        `maturity`.
    """
    agreed = access_of_pairs(access(agreements, on=on, soon=soon))
    pairs = held_table(register)
    pairs = pairs[pairs["dataset"] != OPT_OUTS].merge(
        agreed.rename(columns={"frequency": "agreed"}), on=["partner", "dataset"], how="left"
    )
    unshared = dict.fromkeys(("agreement", "state"), NONE)
    pairs = pairs.fillna(unshared)
    blank = {name: held.rightly_blank for name, held in register.held.items()}
    for part in (delivered[list(_DELIVERED)], completeness(filled, blank)):
        pairs = pairs.merge(part, on=["partner", "dataset"], how="left")
    pairs["files"] = pairs["files"].fillna(0).astype(int)
    few = pairs["rows"].fillna(0) < fewest
    of_rows = [name for name in MEASURED if name != _TIMELINESS]
    pairs[of_rows] = pairs[of_rows].mask(few)
    graded = grades(pairs[list(DIMENSIONS)], thresholds)
    return pd.concat([pairs, graded.add_prefix("grade_"), maturity(pairs, graded)], axis=1)


def matrix(stands: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Return partners by subject area, a row each that holds or would hold something.

    Returns
    -------
    DataFrame
        ``partner, about, shared`` (datasets of which files were read), ``level`` (the lowest
        measured of them; missing where none is shared), ``wanted`` (datasets).
    """
    read = stands[stands["files"] > 0]
    shared = read.groupby(["name", "about"]).agg(
        shared=("dataset", "size"), level=("measured", "min")
    )
    wanted = pd.DataFrame(
        [(register.partners[each.partner], each.about) for each in register.wanted.values()],
        columns=["name", "about"],
    )
    asked = wanted.groupby(["name", "about"]).size().rename("wanted")
    table = shared.join(asked, how="outer").reset_index().rename(columns={"name": "partner"})
    table = table.astype({"level": "Int64"})
    table[["shared", "wanted"]] = table[["shared", "wanted"]].fillna(0).astype(int)
    order = {name: place for place, name in enumerate(register.partners.values())}
    return table.sort_values(
        "partner", key=lambda names: names.map(order), kind="stable"
    ).reset_index(drop=True)
