"""What is missing of features: sources that did not come, and windows that open too early."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from woda_lib.prediction.features.registry import Feature

_GRACE = 4  # months


def known_from(events: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """To each kind the day from which an event of it was known."""
    known = events[["started_on", "known_on"]].max(axis=1)
    return dict(known.groupby(events["kind"].astype(object)).min())


def missing_rows(
    feature: Feature,
    spine: pd.DataFrame,
    since: Mapping[str, pd.Timestamp],
    absent: Collection[str],
) -> tuple[str, pd.Series]:
    """Say why a feature is missing, and of which rows of the spine."""
    everybody = pd.Series(True, index=range(len(spine)))
    if gone := sorted(set(feature.datasets) & set(absent)):
        return f"{' and '.join(gone)} {'is' if len(gone) == 1 else 'are'} not there", everybody
    if feature.kind is None:
        return "", ~everybody
    if feature.kind not in since:
        return f"there is not one event of the kind {feature.kind}", everybody
    # Judged by what was known on the date, or an event of next year would turn missing into nought.
    early = spine["index_date"].lt(since[feature.kind]).reset_index(drop=True)
    if not early.any():
        return "", early
    last = spine["index_date"].max()
    first = since[feature.kind]
    until = f"until {first:%-d %B %Y}" if first <= last else f"by {last:%-d %B %Y}"
    return f"not one event of the kind {feature.kind} was known {until}", early


def too_short(made: list[Feature], events: pd.DataFrame, spine: pd.DataFrame) -> list[str]:
    """Name features whose window opens long before the first event that there is."""
    first = dict(events["started_on"].groupby(events["kind"].astype(object)).min())
    earliest = spine["index_date"].min()
    said = []
    for each in made:
        if not each.months or each.kind not in first:
            continue
        kind = str(each.kind)
        opens = earliest - pd.DateOffset(months=each.months)
        # A rare kind, or one of school terms, need not begin on the first day that is held.
        if first[kind] > opens + pd.DateOffset(months=_GRACE):
            said.append(
                f"{each.name}: its look-back from {earliest:%-d %B %Y} opens on "
                f"{opens:%-d %B %Y}, and the first event is of {first[kind]:%-d %B %Y}, so "
                "that it says too little on the earliest dates."
            )
    return said
