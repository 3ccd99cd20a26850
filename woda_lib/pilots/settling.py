"""From what reviewers decided, each for themselves, to decisions that the next build follows.

Each reviewer has a file of their own, which names records by pseudonym alone. Settling takes over
the pairs on which all agree who decided; where two contradict each other, neither is followed until
a third has looked, and they are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from woda_lib.linkage.decisions import PAIR, in_force
from woda_lib.linkage.review import read_review
from woda_lib.notebook.decisions import decisions_of, mark_of
from woda_lib.partners import Door, load_agreement
from woda_lib.partners.audit import account
from woda_lib.pilots.identities import WHO_IS_WHO, new_act, write_decisions
from woda_lib.records import Pilot, decision_files
from woda_lib.settings import Settings

REVIEWED = "review.csv"
"""The file of settled decisions, beside that of `woda identities`."""


@dataclass(frozen=True)
class Settled:
    """What became of the reviews: pairs taken over, contradicted and left open, and reviewers."""

    taken: int
    disputed: int
    undecided: int
    reviewers: int


def reviewer() -> str:
    """Return who reviews: the account of the operating system."""
    return account()


def review_file(pilot: str, by: str = "") -> Path:
    """Return the file of one reviewer of a pilot's pairs; made when they begin."""
    return reviews_folder(pilot, Settings()) / f"{by or reviewer()}.csv"


def reviews_folder(pilot: str, settings: Settings) -> Path:
    """Return where reviewers' files lie: no run reads them, and nothing there is in force."""
    return settings.decisions_folder / pilot / "reviews"


def settle(pilot: Pilot, step: str, *, purpose: str, settings: Settings) -> Settled:
    """Take over what reviewers agree on.

    Parameters
    ----------
    pilot : Pilot
    step : str
        The step that links, for the audit log.
    purpose : str
        One of the agreement's, under which people may be re-identified.
    settings : Settings

    Raises
    ------
    AgreementError
        If the purpose is not agreed, or nobody may be re-identified for it.
    DecisionError
        If a review cannot be read, or what is settled contradicts decisions in force.
    """
    agreement = load_agreement(pilot.agreement, settings.agreements_folder)
    door = Door(agreement, purpose, settings, run=f"{pilot.pilot}/reviews/{step}")
    name = f"{pilot.pilot}/{step}:{WHO_IS_WHO}"
    door.reidentifying(name)
    files = sorted(reviews_folder(pilot.pilot, settings).glob("[!.]*.csv"))
    reviews = pd.concat([_EMPTY, *map(read_review, files)], ignore_index=True)
    grouped = _one_way(reviews).groupby(PAIR, sort=False)
    said = grouped.agg(
        kinds=("decision", lambda each: "|".join(sorted(set(each) - {"undecided"}))),
        by=("by", lambda each: " and ".join(dict.fromkeys(each))),
        reason=("reason", lambda each: "; ".join(filter(None, dict.fromkeys(each)))),
    ).reset_index()
    agreed = said[said["kinds"].isin(["must_link", "cannot_link"])]
    fresh = agreed.rename(columns={"kinds": "decision"})
    fresh = fresh[~_stands(fresh, pilot, settings, door)]
    if len(fresh):
        act = new_act()
        ends = [fresh[side].set_axis(["dataset", "local_id"], axis=1)
                for side in (PAIR[:2], PAIR[2:])]  # fmt: skip
        about = pd.concat(ends).drop_duplicates(ignore_index=True)
        detail = f"{len(fresh)} pairs settled by {len(files)} reviewers (act {act})"
        path = settings.decisions_folder / pilot.pilot / REVIEWED
        write_decisions(path, fresh.assign(act=act), about, door=door, name=name, detail=detail)
    return Settled(
        taken=len(fresh),
        disputed=int(said["kinds"].str.contains("|", regex=False).sum()),
        undecided=int((said["kinds"] == "").sum()),
        reviewers=len(files),
    )


_EMPTY = pd.DataFrame(columns=[*PAIR, "decision", "by", "reason"], dtype=object)


def _one_way(reviews: pd.DataFrame) -> pd.DataFrame:
    """Write each pair the same way round, whichever record stood left for whom."""
    turned = (reviews["left_source"] + "\x1f" + reviews["left_id"]) > (
        reviews["right_source"] + "\x1f" + reviews["right_id"]
    )
    table = reviews.copy()
    table.loc[turned, PAIR] = reviews.loc[turned, [*PAIR[2:], *PAIR[:2]]].to_numpy()
    return table


def _stands(fresh: pd.DataFrame, pilot: Pilot, settings: Settings, door: Door) -> pd.Series:
    """Which pairs are decided so already."""
    files = decision_files(settings.decisions_folder, pilot.pilot)
    sources = set(fresh["left_source"]) | set(fresh["right_source"])
    every = decisions_of(files, sources | set(agreed_sources(door)), mark=mark_of(door)).in_force
    known = pd.MultiIndex.from_frame(in_force(every)[[*PAIR, "decision"]])
    turned = in_force(fresh.assign(on=pd.Timestamp(settings.today)))[[*PAIR, "decision"]]
    there = pd.MultiIndex.from_frame(turned).isin(known)
    keys = pd.MultiIndex.from_frame(turned[PAIR][there])
    either = pd.MultiIndex.from_frame(fresh[PAIR]).isin(keys)
    other = pd.MultiIndex.from_frame(fresh[[*PAIR[2:], *PAIR[:2]]]).isin(keys)
    return pd.Series(either | other, index=fresh.index)


def agreed_sources(door: Door) -> list[str]:
    """Return the datasets of an agreement, which decisions may name."""
    return list(door.agreement.datasets)
