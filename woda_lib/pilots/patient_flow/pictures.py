"""The figures that only patient flow needs: how many referrals found their stay, who is waiting."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from woda_lib.figures import LINES, TOKENS, Note, Picture, house_axes, month_axis, side_notes
from woda_lib.phrases import say_number

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
            axes.plot(rows["month"], rows["matched_percent"], **style)
            label = _short(str(partner)) if narrow else _council(str(partner))
            notes.append(
                Note(float(rows["matched_percent"].tail(6).mean()), label, "ink2", place == 0)
            )
        axes.set_ylim(0, 101)
        month_axis(axes, shown["month"].drop_duplicates(), narrow=narrow)
        side_notes(axes, notes)

    return Picture(draw=draw, data=data, counts=("referrals",))


def queue_bars(queue: pd.DataFrame, *, by: str, over: str) -> Picture:
    """Draw how many are waiting in each group, and how many of them long.

    Parameters
    ----------
    queue
        From `board.queue`.
    by
        The column of groups.
    over
        The column that counts long waits, such as ``over_14_days``.
    """
    data = queue[[by, "waiting", over]].copy()
    data[by] = data[by].astype("string").str.replace("_", " ")

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = house_axes(
            figure,
            measure=f"People waiting; filled: {over.replace('_', ' ')}",
            narrow=narrow,
            left=1.45 if narrow else 2.1,
            right=0.35 if narrow else 0.9,
        )
        rows = shown.iloc[::-1].reset_index(drop=True)
        people = rows["waiting"].astype("Float64").to_numpy(dtype=float, na_value=0.0)
        long = rows[over].astype("Float64").to_numpy(dtype=float, na_value=0.0)
        axes.barh(rows.index, people, height=0.62, color=TOKENS["rule"])
        axes.barh(rows.index, long, height=0.62, color=TOKENS["plum"])
        for place, count in enumerate(rows["waiting"]):
            text = _WITHHELD if pd.isna(count) else say_number(float(count), 0)
            axes.annotate(
                text,
                (people[place], place),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                color=TOKENS["ink"],
            )
        axes.set_yticks(list(rows.index), list(rows[by]))
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(MaxNLocator(3 if narrow else 6, integer=True))
        axes.grid(visible=False)

    height = 1.0 + 0.42 * len(data)
    return Picture(draw=draw, data=data, counts=("waiting", over), height=height, gaps=True)


def _council(partner: str) -> str:
    return partner.replace("_", " ").capitalize()


def _short(partner: str) -> str:
    return partner.split("_")[0].capitalize()
