"""The case's pictures: what comes back for each pound, and who pays and who gains."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.evaluation import forest
from woda_lib.figures import TOKENS, Picture, row_axes
from woda_lib.phrases import MINUS, say_number
from woda_lib.pilots.partnership.case.appraisal import AS_PLANNED

_ROW = 0.5
_THOUSAND = 1000.0
_GAINS = (("cash_released", "plum", ""), ("cost_avoided", "band", "////"))
_PAYS = (("cash_paid", "ink2", ""), ("time_given", "paper", "...."))
_KEY = {
    "cash_released": "cash released",
    "cost_avoided": "cost avoided",
    "cash_paid": "cash paid",
    "time_given": "time given",
}


def ratio_picture(options: pd.DataFrame, scenarios: pd.DataFrame) -> Picture:
    """Draw what comes back for each pound, by option and by scenario of the one that is asked for.

    The scenarios stand beneath the option that they are of, which is the last.

    Parameters
    ----------
    options, scenarios
        `Appraisal.table` and `Appraisal.scenarios`.
    """
    asked = scenarios.loc[scenarios["scenario"] == AS_PLANNED, "title"].item()
    paid = options.dropna(subset=["ratio"])
    rows = pd.DataFrame(
        {
            "method": paid["option"],
            "estimate": paid["ratio"],
            "low": paid["ratio_low"],
            "high": paid["ratio_high"],
            "kind": ["primary" if title == asked else "other model" for title in paid["option"]],
        }
    )
    what_if = scenarios[scenarios["scenario"] != AS_PLANNED]
    more = what_if[["title", "ratio", "low", "high"]].set_axis(list(rows.columns[:4]), axis=1)
    more["method"] = "… " + more["method"].str[:1].str.lower() + more["method"].str[1:]
    return forest(
        pd.concat([rows, more.assign(kind="other model")], ignore_index=True),
        measure="Pounds back for each pound",
        decimals=2,
        line=1.0,
        line_name="costs covered",
    )


def partners_picture(table: pd.DataFrame) -> Picture:
    """Draw what each partner gains, to the right, and pays, to the left.

    Parameters
    ----------
    table
        From `affordability.money_by_kind`; its last row is of all, and is not drawn.
    """
    drawn = _signed_thousands(table[:-1].reset_index(drop=True))
    height = _ROW * len(drawn) + 1.35

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left, right = (0.05, 0.62) if narrow else (1.9, 0.85)
        axes = row_axes(figure, left=left, right=right, below=0.42, around=1.35)
        axes.set_ylim(len(data) - 0.5, -0.5)
        axes.set_yticks([])
        for place, row in enumerate(data.to_dict("records")):
            lower = place + 0.13 if narrow else place
            for parts in (_GAINS, _PAYS):
                at = 0.0
                for kind, colour, hatch in parts:
                    _bar(axes, lower, at, row[kind], colour, hatch, narrow=narrow)
                    at += row[kind]
            axes.annotate(
                row["partner"],
                (0, place),
                xycoords=axes.get_yaxis_transform(),
                xytext=(0, 4) if narrow else (-left * 72, 0),
                textcoords="offset points",
                va="bottom" if narrow else "center",
                color=TOKENS["ink"],
                bbox={"fc": TOKENS["paper"], "ec": "none", "pad": 0.6} if narrow else None,
            )
            axes.annotate(
                _signed(row["net"]),
                (1, lower),
                xycoords=axes.get_yaxis_transform(),
                xytext=(right * 72, 0),
                textcoords="offset points",
                va="center",
                ha="right",
                weight="bold",
                color=TOKENS["ink"],
            )
        axes.axvline(0, color=TOKENS["ink"], lw=0.9)
        axes.locator_params(axis="x", nbins=4 if narrow else 8)
        axes.xaxis.set_major_formatter(lambda value, _: say_number(value, 0))
        top = 1 - 0.02 / height
        figure.text(0, top, "£ thousand, present value", va="top", ha="left")
        figure.text(1, top, "Net", va="top", ha="right", weight="bold", color=TOKENS["ink"])
        _key(figure, height, narrow=narrow)

    return Picture(draw=draw, data=drawn, height=height)


def _signed_thousands(table: pd.DataFrame) -> pd.DataFrame:
    """The numbers that are drawn: payments below nought, and where the bars of each side end."""
    gains, pays = ([kind for kind, *_ in parts] for parts in (_GAINS, _PAYS))
    drawn = table[["partner", *gains, *pays, "net"]].copy()
    drawn[[*gains, "net"]] = table[[*gains, "net"]] / _THOUSAND
    drawn[pays] = -table[pays] / _THOUSAND
    return drawn.assign(gained=drawn[gains].sum(axis=1), paid=drawn[pays].sum(axis=1))


def _bar(
    axes: Axes, place: float, start: float, length: float, colour: str, hatch: str, *, narrow: bool
) -> None:
    if length:
        axes.barh(
            place,
            length,
            left=start,
            height=0.26 if narrow else 0.5,
            color=TOKENS[colour],
            edgecolor=TOKENS["plum"] if length > 0 else TOKENS["ink2"],
            hatch=hatch,
            lw=0.7,
        )


def _key(figure: Figure, height: float, *, narrow: bool) -> None:
    """Name the four kinds above the axes, two to the left of nought and two to its right."""
    width = figure.get_size_inches()[0]
    named = (("Pays:", _PAYS), ("Gains:", _GAINS))
    for line, (word, parts) in enumerate(named):
        across = 0.0 if narrow or not line else 3.9
        down = 0.36 + (0.24 * line if narrow else 0.0)
        figure.text(across / width, 1 - down / height, word, va="center", ha="left")
        across += 0.55
        for kind, colour, hatch in parts:
            edge = TOKENS["plum"] if parts is _GAINS else TOKENS["ink2"]
            box = figure.add_axes(
                (across / width, 1 - (down + 0.06) / height, 0.16 / width, 0.12 / height)
            )
            box.set_xticks([])
            box.set_yticks([])
            box.set_facecolor(TOKENS[colour])
            box.patch.set_hatch(hatch)
            box.patch.set_edgecolor(edge)
            box.spines[:].set_color(edge)
            name = _KEY[kind]
            figure.text((across + 0.22) / width, 1 - down / height, name, va="center", ha="left")
            across += 1.2 if narrow else 1.4


def _signed(thousands: float) -> str:
    text = say_number(abs(thousands), 0)
    return f"+{text}" if thousands > 0 else f"{MINUS}{text}" if thousands < 0 else text
