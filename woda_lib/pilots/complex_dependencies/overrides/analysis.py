"""What decisions tell as a whole: how often the list is overridden, by whom, and was it right?

That almost nobody ever overrides does not show that the model is right. People who trust a machine
stop looking (automation bias: Parasuraman and Riley, *Humans and Automation: Use, Misuse, Disuse,
Abuse*, Human Factors 39, 1997), and so it is a warning. So is a group whose scores caseworkers
override more than others'.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from woda_lib.linkage.kappa import Agreement, cohen_kappa
from woda_lib.phrases import say_number, say_range
from woda_lib.pilots.complex_dependencies.overrides.choices import (
    CANNOT_TELL,
    DECISIONS,
    OVERRIDES,
    say_reason,
)
from woda_lib.pilots.single_view.planning.shares import by_groups, share, with_shares

ENOUGH = 50
"""Decisions from which a warning is given: fewer say nothing."""

FEW, OFTEN = 5.0, 25.0
"""Per cent: where surely fewer are overridden, almost nobody overrides; where it surely cannot be
told of more, records do not hold what caseworkers are asked."""

NOBODY = "Almost nobody overrides"
ONE_GROUP = "Scores of one group are overridden more"
CANNOT = "Often it cannot be told"


def how_often(decisions: pd.DataFrame) -> pd.DataFrame:
    """Count decisions.

    Parameters
    ----------
    decisions
        In force: `household_id, list_of, decision, reason, by`.

    Returns
    -------
    DataFrame
        `decision`, `decisions`, and the per cent of all with Wilson's interval (95%).
    """
    counts = decisions["decision"].value_counts().reindex(list(DECISIONS), fill_value=0)
    table = pd.DataFrame({"decision": list(DECISIONS.values()), "decisions": counts.to_numpy(int)})
    table = with_shares(table.assign(of=len(decisions)), "decisions", "of")
    return table.drop(columns="of")


def by_reason(decisions: pd.DataFrame) -> pd.DataFrame:
    """Count reasons: `decision, reason, decisions`, the most frequent first within a decision."""
    given = decisions.loc[decisions["reason"].ne("")]
    counted = given.groupby(["decision", "reason"]).size().rename("decisions").reset_index()
    order = {code: number for number, code in enumerate(DECISIONS)}
    counted["_order"] = counted["decision"].map(order)
    counted = counted.sort_values(
        ["_order", "decisions", "reason"], ascending=[True, False, True], ignore_index=True
    )
    return pd.DataFrame(
        {
            "decision": counted["decision"].map(DECISIONS),
            "reason": counted["reason"].map(say_reason),
            "decisions": counted["decisions"],
        }
    )


def by_group(decisions: pd.DataFrame, groups: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Compare how often each group's scores are overridden with the rest.

    Parameters
    ----------
    decisions
        In force.
    groups
        By what households are told apart, to each the group by `household_id`; see
        `woda_lib.pilots.single_view.planning.shares.by_groups` for what is returned.
    """
    hits = decisions["decision"].isin(OVERRIDES)
    found = {name: decisions["household_id"].map(of) for name, of in groups.items()}
    return by_groups(hits, found, whole="decisions", part="overridden")


def agreement(decisions: pd.DataFrame) -> Agreement | None:
    """Say how well two caseworkers agree who decided about the same household of a list.

    Households on which more than two decided count once a pair of them, the first pair by name.

    Returns
    -------
    Agreement or None
        Cohen's kappa; nothing where no household was decided by two.
    """
    pairs = []
    ordered = decisions.sort_values("by", kind="stable")
    for _, them in ordered.groupby(["list_of", "household_id"], sort=True):
        pairs += list(combinations(them["decision"], 2))[:1]
    if not pairs:
        return None
    first, second = zip(*pairs, strict=True)
    return cohen_kappa(first, second)


def what_happened(decisions: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Say what became of households, by what was decided about them.

    Parameters
    ----------
    decisions
        In force.
    outcomes
        `household_id, index_date, happened`, of years that are over; `index_date` is the day of the
        list.

    Returns
    -------
    DataFrame
        `decision`, `households` whose year is over, `happened`, and the per cent with Wilson's
        interval. A household counts once a decision. Whoever was helped is among them: that
        it did not happen does not show that the score was wrong.
    """
    known = decisions.merge(
        outcomes[["household_id", "index_date", "happened"]],
        left_on=["household_id", "list_of"],
        right_on=["household_id", "index_date"],
    ).drop_duplicates(["household_id", "list_of", "decision"])
    counted = known.groupby("decision")["happened"].agg(households="size", happened="sum")
    counted = counted.reindex([code for code in DECISIONS if code in counted.index])
    table = counted.reset_index()
    table["decision"] = table["decision"].map(DECISIONS)
    return with_shares(table.astype({"households": int, "happened": int}), "happened", "households")


def warnings(decisions: pd.DataFrame, groups: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Say what in the decisions somebody should look at.

    Parameters
    ----------
    decisions
        In force.
    groups
        As for `by_group`.

    Returns
    -------
    DataFrame
        `what` (`NOBODY`, `ONE_GROUP`, `CANNOT`) and `found`; no rows where there is nothing, or
        fewer than `ENOUGH` decisions.
    """
    made, said = len(decisions), []
    if made >= ENOUGH:
        percent, _, high = share(int(decisions["decision"].isin(OVERRIDES).sum()), made)
        if high < FEW:
            found = f"{say_number(percent, 1)}% of {made:,} decisions, at most"
            said.append((NOBODY, f"{found} {say_number(high, 1)}%"))
        groups_found = by_group(decisions, groups)
        above = groups_found["percent"].gt(percent) & groups_found["adjusted_p"].lt(0.05)
        said += [
            (
                ONE_GROUP,
                f"{row['by']}, {row['group']}: {say_number(row['percent'], 0)}% of its decisions, "
                f"{say_number(percent, 0)}% of all",
            )
            for row in groups_found[above].to_dict("records")
        ]
        told, low, _ = share(int(decisions["decision"].eq(CANNOT_TELL).sum()), made)
        if low > OFTEN:
            said.append((CANNOT, f"{say_number(told, 0)}% of {made:,} decisions"))
    return pd.DataFrame(said, columns=["what", "found"])


def warned(
    decisions: pd.DataFrame, groups: Mapping[str, pd.Series], *, withheld: int = 0
) -> pd.DataFrame:
    """Return `warnings` with how well two caseworkers agree and how many remarks were withheld.

    Parameters
    ----------
    decisions, groups
        As for `warnings`.
    withheld
        How many remarks were not read, because they may name somebody.
    """
    table = warnings(decisions, groups)
    said = list(table.itertuples(index=False, name=None))
    if table.empty:
        enough = len(decisions) >= ENOUGH
        few = f"{len(decisions)} decisions; fewer than {ENOUGH} say nothing"
        said.append(("Nothing stands out", "None of the warnings" if enough else few))
    found = agreement(decisions)
    if found is not None:
        kappa = f"{say_number(found.kappa, 2)}, {say_range(found.low, found.high, 2)}"
        alike = f"{say_number(100 * found.observed, 0)}% of {found.pairs:,} households"
        said.append(("Two caseworkers decide alike", f"{alike} (kappa {kappa})"))
    if withheld:
        said.append(("Remarks that may name somebody, not read", f"{withheld:,}"))
    return pd.DataFrame(said, columns=["what", "found"])


def in_words(decisions: pd.DataFrame) -> dict[str, str]:
    """Say of each household what was decided about it last: day, decision and reason."""
    last = decisions.sort_values("on", kind="stable").drop_duplicates("household_id", keep="last")
    said = {}
    for row in last.to_dict("records"):
        why = f": {say_reason(row['reason']).lower()}" if row["reason"] else ""
        day = row["on"]
        said[row["household_id"]] = (
            f"{DECISIONS[row['decision']]} on {day.day} {day:%B %Y}{why}. What held then may not "
            "hold now."
        )
    return said
