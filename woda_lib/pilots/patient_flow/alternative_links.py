"""Other links that are as plausible: what step 1 keeps so that step 2 can carry linkage error on.

The evaluation sees no names, and so cannot link again. Step 1 therefore writes down, beside the
links themselves, only where others differ from them:

- ``draw``: groupings of people drawn by their match probabilities (`LinkageResult.draws`), and the
  stay that each referral then belongs to;
- ``threshold``: the same at other thresholds of the match probability;
- ``wrong``: for every linked referral the stay of somebody else that its date fits as well, and
  that no referral belongs to. That is the worst of wrong links: a stay of somebody who was referred
  too would show the same pathway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd

from woda_lib.linkage import LinkageResult, link
from woda_lib.pilots.patient_flow.errors import require_columns
from woda_lib.pilots.patient_flow.matching import REFERRAL, match_referrals_to_spells

LINK = ["hospital", "spell_id"]
ALTERNATIVE_COLUMNS = ["kind", "which", *REFERRAL, *LINK]
THRESHOLDS = (0.5, 0.99, 0.999)
_LONGEST = 180
"""Days: so long before a referral a stay of somebody else may have begun."""
_TRIES = 60


def alternative_links(
    linkage: LinkageResult,
    matched: pd.DataFrame,
    referrals: pd.DataFrame,
    spells: pd.DataFrame,
    patients: pd.DataFrame,
    clients: pd.DataFrame,
    *,
    window_before_days: int,
    window_after_days: int,
    seed: int,
    draws: int = 20,
    thresholds: Sequence[float] = THRESHOLDS,
    wrong: int = 4,
) -> pd.DataFrame:
    """Write down where other plausible links differ from those that were made.

    Parameters
    ----------
    linkage
        Of patients and clients.
    matched
        From `match_referrals_to_spells`, by this linkage.
    referrals, spells, window_before_days, window_after_days
        As they were matched.
    patients, clients
        As they were linked.
    seed
        For draws and for wrong links.
    draws
        How many.
    thresholds
        Match probabilities from which to link instead.
    wrong
        How many stays of somebody else for each linked referral.

    Returns
    -------
    DataFrame
        One row a referral that is linked otherwise: `kind` (draw, threshold, wrong), `which` (the
        draw's number, the threshold, or the number of the wrong link), `partner, referral_id`, and
        `hospital, spell_id`, missing where it is then linked to none.

    Raises
    ------
    MissingColumnsError
        If a table lacks a column.
    """
    require_columns(matched, [*REFERRAL, *LINK, "client_id", "received_on"], table="matched")
    match = partial(
        match_referrals_to_spells,
        window_before_days=window_before_days,
        window_after_days=window_after_days,
    )
    numbers = pd.concat([_numbers(patients, "patient_id"), _numbers(clients, "client_id")])
    found = []
    for number, people in enumerate(_drawn(linkage, numbers, draws, seed), start=1):
        some = _of_people(referrals, "client_id", people), _of_people(spells, "patient_id", people)
        again = match(*some, people)
        found.append(_differing(again, matched).assign(kind="draw", which=float(number)))
    for threshold in thresholds:
        people = _relinked(linkage, numbers, patients, clients, threshold)
        again = match(referrals, spells, people)
        found.append(_differing(again, matched).assign(kind="threshold", which=float(threshold)))
    rng = np.random.default_rng(seed)
    for number in range(1, wrong + 1):
        others = _wrong(matched, spells, rng, before=window_before_days, after=window_after_days)
        found.append(others.assign(kind="wrong", which=float(number)))
    return pd.concat(found, ignore_index=True)[ALTERNATIVE_COLUMNS]


def linked_otherwise(alternatives: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    """Say how many referrals other plausible links would move.

    Parameters
    ----------
    alternatives
        From `alternative_links`.
    matched
        From `match_referrals_to_spells`.

    Returns
    -------
    DataFrame
        `links`, and `percent` of the linked referrals: the average over draws, and each threshold.
    """
    linked = int(matched["spell_id"].notna().sum())
    moved = alternatives.groupby(["kind", "which"], as_index=False).size()
    draws, at = (moved[moved["kind"] == kind] for kind in ("draw", "threshold"))
    rows = [(f"drawn by their probabilities, average of {len(draws)} draws", draws["size"].mean())]
    rows += [
        (f"from a probability of {which:g}", number)
        for which, number in zip(at["which"], at["size"], strict=True)
    ]
    return pd.DataFrame(
        [(name, 100 * float(number) / linked) for name, number in rows],
        columns=["links", "percent"],
    )


def _numbers(records: pd.DataFrame, column: str) -> pd.DataFrame:
    return records[["partner", "local_id", column]].rename(columns={column: "id"})


def _drawn(
    linkage: LinkageResult, numbers: pd.DataFrame, draws: int, seed: int
) -> Iterator[pd.DataFrame]:
    """Yield for each draw who is whom, among the people about whom draws differ."""
    drawn = linkage.draws(draws, seed)
    records = drawn.records.iloc[drawn.uncertain]
    for clusters in drawn:
        doubtful = clusters.loc[records.index, ["id", "entity_id"]]
        yield numbers.merge(doubtful, on="id")[["partner", "local_id", "entity_id"]]


def _relinked(
    linkage: LinkageResult,
    numbers: pd.DataFrame,
    patients: pd.DataFrame,
    clients: pd.DataFrame,
    threshold: float,
) -> pd.DataFrame:
    """Link again with what was learned, from another match probability on."""
    limits = linkage.spec.thresholds
    other = limits.model_copy(update={"link": threshold, "review": min(threshold, limits.review)})
    spec = linkage.spec.model_copy(update={"thresholds": other})
    again = link({"hospital": patients, "council": clients}, spec, model=linkage.model)
    return numbers.merge(again.clusters, on="id")[["partner", "local_id", "entity_id"]]


def _of_people(records: pd.DataFrame, number: str, people: pd.DataFrame) -> pd.DataFrame:
    """Records of some people, told by partner and number."""
    known = people[["partner", "local_id"]].rename(columns={"local_id": number})
    return records.merge(known, on=["partner", number])


def _differing(again: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    """Return the referrals that are linked otherwise than before, with their link now."""
    both = again[[*REFERRAL, *LINK]].merge(
        matched[[*REFERRAL, *LINK]], on=REFERRAL, suffixes=("", "_before")
    )
    now, before = (
        both[f"hospital{end}"].astype("string").fillna("")
        + "/"
        + both[f"spell_id{end}"].astype("string").fillna("")
        for end in ("", "_before")
    )
    return both.loc[(now != before).to_numpy(), [*REFERRAL, *LINK]]


def _wrong(
    matched: pd.DataFrame,
    spells: pd.DataFrame,
    rng: np.random.Generator,
    *,
    before: int,
    after: int,
) -> pd.DataFrame:
    """Find for each linked referral a random stay at its hospital, by its date, of somebody else.

    Only stays that no referral belongs to. They are proposed by their admission and taken where
    they had not ended, so that long ones are met as often as a wrong link meets them.
    """
    linked = matched.dropna(subset=["spell_id"])
    referred = pd.MultiIndex.from_frame(linked[LINK])
    stay = pd.MultiIndex.from_frame(spells[["partner", "spell_id"]])
    spells = spells[~stay.isin(referred)]
    found = []
    for hospital, asked in linked.groupby("hospital", sort=True):
        stays = spells[spells["partner"] == hospital].sort_values(["admission_date", "spell_id"])
        begins = stays["admission_date"].to_numpy(dtype="datetime64[D]")
        ends = stays["discharge_date"].fillna(pd.Timestamp.max).to_numpy(dtype="datetime64[D]")
        person = stays["patient_id"].to_numpy(dtype=object)
        own = asked["patient_id"].to_numpy(dtype=object)
        came = asked["received_on"].to_numpy(dtype="datetime64[D]")
        first = np.searchsorted(begins, came - np.timedelta64(_LONGEST, "D"))
        last = np.searchsorted(begins, came + np.timedelta64(before, "D"), side="right")
        chosen = np.full(len(asked), -1)
        for _ in range(_TRIES):
            open_ = np.flatnonzero((chosen < 0) & (last > first))
            if not len(open_):
                break
            tried = rng.integers(first[open_], last[open_])
            fits = (ends[tried] + np.timedelta64(after, "D") >= came[open_]) & (
                person[tried] != own[open_]
            )
            chosen[open_[fits]] = tried[fits]
        some = chosen >= 0
        stay = stays["spell_id"].to_numpy(dtype=object)[chosen[some]]
        found.append(asked.loc[some, [*REFERRAL, "hospital"]].assign(spell_id=stay))
    columns = [*REFERRAL, *LINK]
    return pd.concat(found) if found else pd.DataFrame(columns=columns)
