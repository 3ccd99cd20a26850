"""What the pilots brought, told: by pilot, by partner, and what it hangs on."""

from __future__ import annotations

import math

import pandas as pd

from woda_lib.evaluation import Benefit, Interval
from woda_lib.pilots.partnership.benefits.evidence import EvidenceRegister
from woda_lib.pilots.partnership.benefits.reading import Cite
from woda_lib.pilots.partnership.benefits.register import Register
from woda_lib.pilots.partnership.benefits.twice import common_resources
from woda_lib.pilots.partnership.benefits.yearly import Worth
from woda_lib.records import say_amount, say_interval, say_quantity

_MONTH = "cost_avoided_per_month"
LABELS = {
    "cost_avoided_per_year": "Cost avoided a year, due to sharing",
    "cash_released_per_year": "Cash released a year, due to sharing",
    "paid_per_year": "Paid by partners, a year",
    "paid_once": "Paid by partners, once",
    "not_counted_per_year": "Benefits a year that are in no sum",
}
"""What each amount of `headline` is called in a page."""
_EXAMPLE = ("days_saved", "people_per_month", "bed_day_cost")
"""What the reported month is the product of."""


def by_pilot(
    worth: Worth, whole: Worth, corrected: Worth, evidence: EvidenceRegister
) -> pd.DataFrame:
    """Say what a year of each pilot is worth, cost avoided apart from cash released.

    Parameters
    ----------
    worth, whole, corrected
        As far as sharing data brought it about; whoever did; and corrected for optimism.
    evidence

    Returns
    -------
    DataFrame
        A row a pilot and kind of money, and one with nought for a pilot of which nothing is
        counted: ``Pilot, Money, Due to sharing, 95% interval, Whoever caused it, Corrected for
        optimism, Grade``, all texts; pounds to the nearest thousand.
    """
    rows = []
    for name, answers in evidence.pilots.items():
        theirs = worth.flows["pilot"].eq(name)
        found = [
            (answers.title, title, *_amounts(theirs & kind, worth, whole, corrected))
            for title, kind in _kinds(worth)
            if (theirs & kind).any()
        ]
        rows += found or [
            (answers.title, "Nothing counted", _pounds(0.0), "–", "–", _pounds(0.0), "–")
        ]
    columns = ["Pilot", "Money", "Due to sharing", "95% interval", "Whoever caused it"]
    return pd.DataFrame(rows, columns=[*columns, "Corrected for optimism", "Grade"])


def by_partner(worth: Worth) -> pd.DataFrame:
    """Say who pays and who gains in a year.

    Returns
    -------
    DataFrame
        A row a partner, those who gain most first: ``partner, released, avoided, paid, net, low,
        high``, pounds; the last two are the ends of the interval of `net`.
    """
    rows = []
    for partner in dict.fromkeys(worth.flows["partner"]):
        theirs = worth.flows["partner"].eq(partner)
        parts = [
            worth.of(theirs & kind).estimate for kind in (worth.released, worth.avoided, worth.paid)
        ]
        net = worth.of(theirs & worth.yearly, net=True)
        rows.append((partner, *parts, net.estimate, net.low, net.high))
    columns = ["partner", "released", "avoided", "paid", "net", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("net", ascending=False, kind="stable", ignore_index=True)


def say_partners(partners: pd.DataFrame) -> str:
    """Say who gains most and who pays, for a caption."""
    most, payers = partners.iloc[0], partners[partners["net"] < 0]
    said = (
        f"The {_in_a_sentence(most['partner'])} gains most, {_pounds(most['net'])} a year (95% "
        f"interval {_pounds(most['low'])} to {_pounds(most['high'])})"
    )
    if payers.empty:
        return f"{said}; nobody pays more than they gain"
    paid = [
        f"the {_in_a_sentence(row['partner'])} pays {_pounds(-row['net'])} more than it gains"
        for row in payers.to_dict("records")
    ]
    return f"{said}; {' and '.join(paid)}"


def alt_of_partners(partners: pd.DataFrame) -> str:
    """Say every bar, for those who cannot see the figure."""
    said = [
        f"{row['partner']}: {_pounds(row['released'])} of cash released, {_pounds(row['avoided'])} "
        f"of cost avoided, {_pounds(row['paid'])} paid"
        for row in partners.to_dict("records")
    ]
    return f"Bars of pounds a year, gains to the right and payments to the left. {'; '.join(said)}."


def say_hangs_on(year: Benefit) -> str:
    """Say on which input a year's worth hangs most, for a caption."""
    return f"What a year is worth hangs most on {year.tornado()['called'].iloc[0]}"


def by_share(year: Benefit, *, share: str) -> pd.DataFrame:
    """Say what a year is worth if another share of a change is counted to sharing data.

    Parameters
    ----------
    year
        From `woda_lib.pilots.partnership.benefits.year_of`.
    share
        The input that says the share.

    Returns
    -------
    DataFrame
        A row a share (none, the limits and estimate of the register, and all of it): ``Counted to
        sharing, A year is worth, 95% interval``; gains less what partners pay.
    """
    row = year.inputs.table.set_index("name").loc[share]
    shares = sorted({0.0, *(float(row[end]) for end in ("low", "estimate", "high")), 1.0})
    found = year.scenarios({say_quantity(100 * one, "%", 0): {share: one} for one in shares})
    rows = found.iloc[1:]
    return pd.DataFrame(
        {
            "Counted to sharing": rows["scenario"],
            "A year is worth": [_pounds(one) for one in rows["estimate"]],
            "95% interval": [
                f"{_pounds(low)} to {_pounds(high)}"
                for low, high in zip(rows["low"], rows["high"], strict=True)
            ],
        }
    ).reset_index(drop=True)


def common_table(register: Register) -> pd.DataFrame:
    """Return the pairs of flows that hold the same, and what the register says of each.

    Returns
    -------
    DataFrame
        ``First, Second, In common, Remains of the second, Because``.
    """
    flows = {flow.flow: flow for flow in register.flows}
    rows = [
        (
            one.first,
            one.second,
            ", ".join(
                register.resources[name].says
                for name in common_resources(flows[one.first], flows[one.second], register)
            ),
            say_quantity(100 * one.remains, "%", 0),
            one.because.strip(),
        )
        for one in register.overlaps
    ]
    columns = ["First", "Second", "In common", "Remains of the second", "Because"]
    return pd.DataFrame(rows, columns=columns)


def released_beside_reported(agreements: pd.DataFrame, *, cite: Cite) -> pd.DataFrame:
    """Set a released figure beside what was reported, worked out again, and what our inputs give.

    Parameters
    ----------
    agreements
        From `refuse_other_sums`, whose first row is of the released figure.
    cite
        `Run.cite`.

    Returns
    -------
    DataFrame
        ``Figure, A month, 95% interval, To the penny``.
    """
    ours = float(agreements["from_inputs"].iloc[0])
    reported, released = cite(f"reported/{_MONTH}"), cite(f"patient_flow/{_MONTH}")
    example = [cite(f"reported/{name}") for name in _EXAMPLE]
    again = math.prod(float(one.value) for one in example if one.value is not None)
    rows = [
        (
            "Reported, the worked example",
            say_amount(reported),
            "none given",
            "–",
        ),
        (
            f"Its sum, {' × '.join(say_amount(one) for one in example)}",
            _pounds(again),
            "none given",
            _pence(again),
        ),
        (
            "Released by the pilot",
            say_amount(released),
            say_interval(released),
            _pence(released.value),
        ),
        ("From the inputs of this register", _pounds(ours), "–", _pence(ours)),
    ]
    return pd.DataFrame(rows, columns=["Figure", "A month", "95% interval", "To the penny"])


def headline(worth: Worth, uncounted: Worth) -> dict[str, Interval]:
    """Return the headline amounts by name: pounds a year, as far as due to sharing, and once.

    Parameters
    ----------
    worth, uncounted
        From `worth_of`: of the counted flows, and of those that are in no sum.
    """
    return {
        "cost_avoided_per_year": worth.of(worth.avoided),
        "cash_released_per_year": worth.of(worth.released),
        "paid_per_year": worth.of(worth.paid),
        "paid_once": worth.of(worth.paid_once),
        "not_counted_per_year": uncounted.of(uncounted.flows["kind"].eq("benefit")),
    }


def not_counted(register: Register, evidence: EvidenceRegister) -> str:
    """Return the flows that are in no sum, each with why, for `Run.say`."""
    return "\n".join(
        f"- {evidence.pilots[flow.pilot].title}. {flow.flow}: {flow.not_counted}"
        for flow in register.uncounted
    )


def _kinds(worth: Worth) -> list[tuple[str, pd.Series]]:
    return [
        ("Cost avoided, a year", worth.avoided),
        ("Cash released, a year", worth.released),
        ("Paid by partners, a year", worth.paid),
        ("Paid by partners, once", worth.paid_once),
    ]


def _amounts(rows: pd.Series, worth: Worth, whole: Worth, corrected: Worth) -> tuple[str, ...]:
    found = worth.of(rows)
    return (
        _pounds(found.estimate),
        f"{_pounds(found.low)} to {_pounds(found.high)}",
        _pounds(whole.of(rows).estimate),
        _pounds(corrected.of(rows).estimate),
        ", ".join(str(grade) for grade in sorted(set(worth.flows.loc[rows, "grade"]))),
    )


def _pounds(amount: float) -> str:
    return say_quantity(amount, "pounds", -3)


def _pence(amount: float | None) -> str:
    return "–" if amount is None else say_quantity(amount, "pounds", 2)


def _in_a_sentence(title: str) -> str:
    return title[:1].lower() + title[1:]
