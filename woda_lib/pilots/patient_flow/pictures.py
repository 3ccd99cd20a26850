"""The figures that only patient flow needs: matched referrals by month, and bars of people."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from woda_lib.figures import LINES, TOKENS, Note, Picture, house_axes, month_axis, side_notes
from woda_lib.phrases import say_number
from woda_lib.records import say_name

_WITHHELD = "[c]"


def matched_by_month(matched: pd.DataFrame) -> Picture:
    """Draw the share of hospital referrals that found their stay, month by month.

    Parameters
    ----------
    matched
        From `match_referrals_to_spells`: `partner, received_on, spell_id, unmatched_because`.
    """
    sent = matched[matched["unmatched_because"].fillna("") != "community_referral"]
    month = sent["received_on"].dt.to_period("M").dt.to_timestamp().rename("month")
    groups = sent["spell_id"].notna().groupby([sent["partner"], month])
    data = groups.agg(referrals="size", matched_percent="mean").reset_index()
    data["matched_percent"] *= 100

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = house_axes(figure, measure="Referrals matched to a stay, %", narrow=narrow)
        notes = []
        for place, (partner, rows) in enumerate(shown.groupby("partner")):
            style = LINES["observed"] if place == 0 else LINES["comparison"]
            percent = rows["matched_percent"].astype("Float64").to_numpy(float, na_value=np.nan)
            axes.plot(rows["month"], percent, **style)
            label = _short(str(partner)) if narrow else _council(str(partner))
            notes.append(Note(float(np.nanmean(percent[-6:])), label, "ink2", place == 0))
        lowest = float(shown["matched_percent"].min())
        axes.set_ylim(min(90.0, 10 * (lowest // 10)), 100.5)
        month_axis(axes, shown["month"].drop_duplicates(), narrow=narrow)
        side_notes(axes, notes)

    return Picture(draw=draw, data=data, counts=("referrals",), gaps=True)


def bars(table: pd.DataFrame, *, label: str, length: str, filled: str) -> Picture:
    """Draw counts of people as bars, of which a part is filled.

    Parameters
    ----------
    table
        A row a bar, the first on top.
    label
        The column of names.
    length, filled
        Columns that count people; the second counts some of those of the first.
    """
    data = table[[label, length, filled]].copy()

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = house_axes(
            figure,
            measure=f"{say_name(length)}; filled: {filled.replace('_', ' ')}",
            narrow=narrow,
            left=1.5 if narrow else 2.1,
            right=0.35 if narrow else 0.9,
        )
        rows = shown.iloc[::-1].reset_index(drop=True)
        people = rows[length].astype("Float64").to_numpy(dtype=float, na_value=0.0)
        some = rows[filled].astype("Float64").to_numpy(dtype=float, na_value=0.0)
        axes.barh(rows.index, people, height=0.62, color=TOKENS["rule"])
        axes.barh(rows.index, some, height=0.62, color=TOKENS["plum"])
        for place, count in enumerate(rows[length]):
            text = _WITHHELD if pd.isna(count) else say_number(float(count), 0)
            axes.annotate(
                text,
                (people[place], place),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                color=TOKENS["ink"],
            )
        axes.set_yticks(list(rows.index), list(rows[label]))
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(MaxNLocator(3 if narrow else 6, integer=True))
        axes.grid(visible=False)

    height = 1.0 + 0.42 * len(data)
    return Picture(draw=draw, data=data, counts=(length, filled), height=height, gaps=True)


def _council(partner: str) -> str:
    return partner.replace("_", " ").capitalize()


def _short(partner: str) -> str:
    return partner.split("_")[0].capitalize()
