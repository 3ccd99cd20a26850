"""The evaluation made again over other links: how far does the answer hang on who was linked?

An estimate over other links needs the clocks of other pairs of referral and stay. Each pair's clock
is worked out once, for all links together; a set of links then only chooses among them, so that
hundreds of estimates take seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation import OverLinkages, TippingPoint, mature_months, over_linkages
from woda_lib.pilots.patient_flow.alternative_links import ALTERNATIVE_COLUMNS, LINK
from woda_lib.pilots.patient_flow.clock import discharge_clock
from woda_lib.pilots.patient_flow.errors import require_columns
from woda_lib.pilots.patient_flow.matching import REFERRAL

_PAIR = [*REFERRAL, *LINK]


@dataclass(frozen=True, eq=False)
class LinksInDoubt:
    """The links of an evaluation, with others that are as plausible.

    Examples
    --------
    In a notebook, where `primary` is the model of the evaluation with everything but its table::

        primary = partial(
            evaluation.interrupted_time_series,
            outcome="worcestershire_acute",
            control="severnside_acute",
            time="month",
            start=go_live,
        )
        doubt = patient_flow.LinksInDoubt.of(
            matched,
            run.load("patient_flow/1_link:linkage_draws"),
            stays,
            events,
            as_of=as_of,
            horizon=horizon_days,
            model=primary,
        )
        over = doubt.over_linkages(unit="days")
        tipping = doubt.tipping_point(over)
    """

    linked: pd.DataFrame = field(repr=False)
    alternatives: pd.DataFrame = field(repr=False)
    clocks: pd.DataFrame = field(repr=False)
    as_of: pd.Timestamp
    horizon: int
    model: Callable[[pd.DataFrame], Any]

    @classmethod
    def of(
        cls,
        matched: pd.DataFrame,
        alternatives: pd.DataFrame,
        spells: pd.DataFrame,
        events: pd.DataFrame,
        *,
        as_of: pd.Timestamp,
        horizon: int,
        model: Callable[[pd.DataFrame], Any],
    ) -> LinksInDoubt:
        """Work out the clock of every pair that some set of links holds.

        Parameters
        ----------
        matched
            The links as they are, from `match_referrals_to_spells`.
        alternatives
            From `alternative_links`.
        spells, events, as_of
            As `discharge_clock` takes them.
        horizon
            Days up to which waits count.
        model
            Takes the monthly restricted means (`month` and a column a hospital) and returns a
            result or an interval.

        Raises
        ------
        MissingColumnsError
            If a table lacks a column.
        UnknownSpellError
            If a link names a stay that is not among the spells.
        """
        require_columns(alternatives, ALTERNATIVE_COLUMNS, table="alternative links")
        require_columns(matched, [*_PAIR, "received_on"], table="referrals with their stays")
        pairs = (
            pd.concat([matched[_PAIR], alternatives[_PAIR]])
            .dropna(subset=LINK)
            .drop_duplicates()
            .merge(matched[[*REFERRAL, "received_on"]], on=REFERRAL, validate="many_to_one")
        )
        clocks = _clocks(pairs, spells, events, as_of=as_of)
        place = clocks[_PAIR].assign(clock=np.arange(len(clocks), dtype=float))
        linked, others = (
            table.merge(place, on=_PAIR, how="left")
            for table in (matched[_PAIR], alternatives[ALTERNATIVE_COLUMNS])
        )
        rows = linked[REFERRAL].assign(row=np.arange(len(linked)))
        return cls(
            linked[[*REFERRAL, "clock"]],
            others.merge(rows, on=REFERRAL)[["kind", "which", "row", "clock"]],
            clocks,
            pd.Timestamp(as_of),
            horizon,
            model,
        )

    def estimate(self, links: pd.DataFrame) -> Any:
        """Return the model's result over some links: a table like `linked`."""
        return self.model(self.series(links))

    def series(self, links: pd.DataFrame) -> pd.DataFrame:
        """Return the monthly restricted means over some links: `month` and a column a hospital.

        The same as `evaluation.monthly_restricted_mean` gives, for days that are whole numbers.
        """
        places = np.sort(links["clock"].dropna().to_numpy(dtype=int))  # the first referral first
        some = self.clocks.iloc[places]
        first = some[~some["stay"].duplicated().to_numpy()]
        followed = mature_months(first["month"], as_of=self.as_of, horizon=self.horizon)
        means = _restricted_means(first[followed.to_numpy()], self.horizon)
        return means.pivot(index="month", columns="hospital", values="mean").reset_index()

    def over_linkages(self, *, unit: str = "days", level: float = 0.95) -> OverLinkages:
        """Estimate over every draw and threshold, and pool; see `evaluation.over_linkages`."""
        return over_linkages(
            self.estimate,
            list(self._links("draw").values()),
            linked=self.linked,
            key=REFERRAL,
            link=["clock"],
            thresholds=self._links("threshold"),
            unit=unit,
            level=level,
        )

    def tipping_point(self, over: OverLinkages, **settings: Any) -> TippingPoint:
        """Say how many links would have to go to somebody else's stay of that date.

        Parameters
        ----------
        over
            From `over_linkages`.
        settings
            Of `evaluation.tipping_point`, such as ``how="lost"`` or ``replications``.
        """
        # Whose other stay may not be used is then linked to none.
        nobody = self.linked.assign(clock=np.nan)
        wrong = list(self._links("wrong", otherwise=nobody).values())
        return over.tipping_point(**{"wrong": wrong, **settings})

    def _links(self, kind: str, otherwise: pd.DataFrame | None = None) -> dict[float, pd.DataFrame]:
        """Return each alternative of a kind as a whole: the links with what differs in its place.

        Parameters
        ----------
        kind
            draw, threshold or wrong.
        otherwise
            What holds where an alternative says nothing; the links as they are.
        """
        base = self.linked if otherwise is None else otherwise
        rows = self.alternatives[self.alternatives["kind"] == kind]
        links = {}
        for number, others in rows.groupby("which", sort=True):
            clock = base["clock"].to_numpy(dtype=float).copy()
            clock[others["row"].to_numpy()] = others["clock"].to_numpy()
            links[float(str(number))] = base.assign(clock=clock)
        return links


def _clocks(
    pairs: pd.DataFrame, spells: pd.DataFrame, events: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Run the clock of each pair, as if its stay were a stay of its own.

    Returns the pairs in the order in which referrals came, with `month`, `days`, `observed`, and
    `stay`, a number for each stay.
    """
    named = pairs.assign(pair=[f"pair {number}" for number in range(len(pairs))])
    stay = named[[*LINK, "pair"]].rename(columns={"hospital": "partner"})
    alone, happened = (
        table.merge(stay, on=["partner", "spell_id"])
        .drop(columns="spell_id")
        .rename(columns={"pair": "spell_id"})
        for table in (spells, events)
    )
    links = named.drop(columns="spell_id").rename(columns={"pair": "spell_id"})
    clocks = discharge_clock(links, alone, happened, as_of=as_of)
    columns = ["spell_id", "started_on", "days", "observed"]
    found = named.merge(clocks[columns].rename(columns={"spell_id": "pair"}), on="pair")
    found = found.sort_values(["received_on", *REFERRAL], kind="stable", ignore_index=True)
    return found.assign(
        month=found["started_on"].dt.to_period("M").dt.to_timestamp(),
        stay=found.groupby(LINK, sort=False).ngroup(),
    ).drop(columns=["pair", "started_on"])


def _restricted_means(clocks: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """Kaplan and Meier's curve of every month and hospital at once, and the area under it.

    Days are whole numbers, so that the curve is a row of an array; lifelines fits one curve at a
    time, in a hundredth of a second each, which is long where hundreds of sets of links are tried.
    """
    groups = clocks.groupby(["month", "hospital"], sort=True)
    number = groups.ngroup().to_numpy()
    names = groups.size().reset_index()[["month", "hospital"]]
    shape = (len(names), horizon + 1)
    cells = number * (horizon + 1) + np.clip(clocks["days"].to_numpy(), 0, horizon)
    leave, ended = (
        np.bincount(cells, weights=weights, minlength=shape[0] * shape[1]).reshape(shape)
        for weights in (None, clocks["observed"].to_numpy(dtype=float))
    )
    at_risk = leave[:, ::-1].cumsum(axis=1)[:, ::-1]
    staying = np.cumprod(1 - ended / np.maximum(at_risk, 1), axis=1)
    return names.assign(mean=staying[:, :horizon].sum(axis=1))
