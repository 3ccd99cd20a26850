"""What each partner delivers file by file: the canonical rows, and the file each belongs to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.draws import ages_on, as_days, drawn_by, take
from woda_lib.synthetic.profiles import Periods, Profile
from woda_lib.synthetic.registers import Register, client_versions

KEYS = {name: contract.key for name, contract in CONTRACTS.items()}
"""The column that identifies a row of each dataset."""

AGE_BANDS = ("under 18", "18 to 64", "65 to 74", "75 to 84", "85 and over")
_BAND_STARTS = (18, 65, 75, 85)

_DESTINATIONS = ("home", "home_with_care", "care_home", "community_bed", "other")
# Where people leave for, by pathway 0 to 3, and (last) without a referral.
_DESTINATION_SHARES = (
    (0.95, 0.03, 0.00, 0.00, 0.02),
    (0.08, 0.88, 0.01, 0.02, 0.01),
    (0.02, 0.08, 0.12, 0.76, 0.02),
    (0.01, 0.03, 0.90, 0.05, 0.01),
    (0.93, 0.02, 0.02, 0.01, 0.02),
)


@dataclass(frozen=True)
class Delivery:
    """All rows of one dataset that one partner delivers, in the order of its files.

    Attributes
    ----------
    dataset : str
    rows : pandas.DataFrame
        Columns of the contract; dates as datetime64, text as objects with None where missing.
    period : numpy.ndarray
        Position in `periods` of the file that each row is delivered in, never falling.
    periods : Periods
    """

    dataset: str
    rows: pd.DataFrame
    period: np.ndarray
    periods: Periods

    @property
    def key(self) -> str:
        """The column that identifies a row."""
        return KEYS[self.dataset]

    def between(self, first: np.datetime64, last: np.datetime64) -> Delivery:
        """The files that begin from day `first` to day `last`."""
        begins = self.periods.begins.astype("datetime64[D]")
        at = np.flatnonzero((begins >= first) & (begins <= last))
        low, high = np.searchsorted(self.period, [at[0], at[-1] + 1]) if len(at) else (0, 0)
        return Delivery(
            self.dataset,
            self.rows.iloc[low:high].reset_index(drop=True),
            self.period[low:high] - at[0] if len(at) else self.period[:0],
            Periods(tuple(self.periods.labels[i] for i in at), self.periods.begins[at]),
        )


def deliver(dataset: str, rows: pd.DataFrame, days: np.ndarray, periods: Periods) -> Delivery:
    """Put the rows of a dataset into the files of the days on which they are delivered.

    A file holds a key once, as last written in its period.

    Parameters
    ----------
    rows
        Columns of the contract, others left out.
    days
        Of each row, datetime64[D]; rows of one file lie in the order of days, then of keys.
    """
    period = periods.of(days)
    order = np.lexsort((rows[KEYS[dataset]], days, period))
    keys = pd.DataFrame({"period": period, "key": rows[KEYS[dataset]].to_numpy()}).iloc[order]
    order = order[~keys.duplicated(keep="last").to_numpy()]
    kept = rows[list(CONTRACTS[dataset].columns)].iloc[order].reset_index(drop=True)
    return Delivery(dataset, kept, period[order], periods)


def _delivery(
    profile: Profile, dataset: str, rows: pd.DataFrame, month: np.ndarray, by: str
) -> Delivery:
    order = np.lexsort((rows[KEYS[dataset]], rows[by], month))
    ordered = rows.iloc[order].reset_index(drop=True)
    return Delivery(dataset, ordered, month[order], profile.monthly)


def deliver_spells(
    profile: Profile, stays: pd.DataFrame, register: Register, rng: Generator
) -> Delivery:
    """Deliver one trust's stays: in the month of admission and again in that of discharge.

    Parameters
    ----------
    stays
        From `woda_lib.synthetic.stays.draw_stays`, with ``spell_id``; `register.rows` follows it.
    """
    admitted, left = as_days(stays["admission_date"]), as_days(stays["discharge_date"])
    died = stays["died"].to_numpy()
    details = register.seen(register.rows, admitted)
    whole = pd.DataFrame(
        {
            "spell_id": stays["spell_id"].to_numpy(),
            "patient_id": register.people["local_id"].to_numpy()[register.rows],
            "nhs_number": details["nhs_number"],
            "forename": details["forename"],
            "surname": details["surname"],
            "date_of_birth": details["date_of_birth"],
            "sex": details["sex"],
            "ethnic_group": details["ethnic_group"],
            "postcode": details["postcode"],
            "age_band": _age_bands(details["date_of_birth"], admitted),
            "district": details["district"],
            "deprivation_quintile": details["deprivation_quintile"].astype("Int64"),
            "admission_date": admitted,
            "admission_method": stays["admission_method"].to_numpy(),
            "ward": stays["ward"].to_numpy(),
            "site": stays["site"].to_numpy(),
            "discharge_date": left,
            "discharge_method": np.where(died, "died", "alive").astype(object),
            "discharge_destination": pd.Series(
                _destinations(stays["pathway"].to_numpy(), rng), dtype=object
            ).mask(died, None),
        }
    )
    in_month, out_month = profile.month_of(admitted), profile.month_of(left)
    has_left = left <= profile.as_of
    first = np.flatnonzero(~has_left | (out_month > in_month))
    last = np.flatnonzero(has_left)
    rows = whole.iloc[np.concatenate([first, last])].reset_index(drop=True)
    rows.loc[: len(first) - 1, "discharge_date"] = pd.NaT
    rows.loc[: len(first) - 1, ["discharge_method", "discharge_destination"]] = None
    month = np.concatenate([in_month[first], out_month[last]])
    return _delivery(profile, "hospital_spells", rows, month, by="admission_date")


def _age_bands(born: pd.Series, on: np.ndarray) -> np.ndarray:
    """The band of each age as the hospital knows it; None where it has no birth date."""
    days = as_days(born)
    known = ~np.isnat(days)
    ages = ages_on(np.where(known, days, on), on)
    bands = take(AGE_BANDS, np.searchsorted(_BAND_STARTS, ages, side="right"))
    bands[~known] = None
    return bands


def _destinations(pathway: np.ndarray, rng: Generator) -> np.ndarray:
    return drawn_by(_DESTINATIONS, np.array(_DESTINATION_SHARES), pathway, rng)


def deliver_events(profile: Profile, events: pd.DataFrame) -> Delivery:
    """Deliver one trust's discharge events (with ``event_id, spell_id``) in their months."""
    day = as_days(events["event_date"])
    pathway = events["pathway"].astype("Int64").mask(events["pathway"].lt(0))
    rows = pd.DataFrame(
        {
            "event_id": events["event_id"].to_numpy(),
            "spell_id": events["spell_id"].to_numpy(),
            "event_type": events["event_type"].to_numpy(),
            "event_date": day,
            "pathway": pathway.array,
            "delay_reason": events["delay_reason"].replace("", None).to_numpy(),
        }
    )
    month = profile.month_of(day)
    return _delivery(profile, "discharge_events", rows, month, by="event_date")


def deliver_clients(profile: Profile, register: Register) -> Delivery:
    """Deliver one council's clients when new or changed; older ones in the first file."""
    row, written = client_versions(register, profile)
    details = register.seen(row, written)
    rows = pd.DataFrame(
        {
            "client_id": register.people["local_id"].to_numpy()[row],
            "nhs_number": details["nhs_number"],
            "forename": details["forename"],
            "surname": details["surname"],
            "date_of_birth": details["date_of_birth"],
            "sex": details["sex"],
            "ethnic_group": details["ethnic_group"],
            "address": details["address"],
            "postcode": details["postcode"],
            "recorded_on": written,
        }
    )
    in_month = profile.month_of(written)
    delivery = _delivery(profile, "social_care_clients", rows, in_month, by="recorded_on")
    # A file holds a client once, as last written in its month.
    month = pd.Series(delivery.period)
    last = ~pd.DataFrame({"m": month, "c": delivery.rows["client_id"]}).duplicated(keep="last")
    kept = np.flatnonzero(last)
    return replace(
        delivery,
        rows=delivery.rows.iloc[kept].reset_index(drop=True),
        period=delivery.period[kept],
    )


def deliver_referrals(profile: Profile, referrals: pd.DataFrame, register: Register) -> Delivery:
    """Deliver one council's referrals: when received and again when closed.

    `referrals` are those of `woda_lib.synthetic.flow_records` with ``referral_id``;
    `register.rows` follows them.
    """
    received, closed = as_days(referrals["received_on"]), as_days(referrals["closed_on"])
    whole = pd.DataFrame(
        {
            "referral_id": referrals["referral_id"].to_numpy(),
            "client_id": register.people["local_id"].to_numpy()[register.rows],
            "received_on": received,
            "source": referrals["source"].to_numpy(),
            "site": referrals["site"].replace("", None).to_numpy(),
            "team": referrals["team"].to_numpy(),
            "service": referrals["service"].to_numpy(),
            "status": referrals["status"].to_numpy(),
            "closed_on": closed,
        }
    )
    in_month, out_month = profile.month_of(received), profile.month_of(closed)
    is_closed = closed <= profile.as_of
    first = np.flatnonzero(~is_closed | (out_month > in_month))
    last = np.flatnonzero(is_closed)
    rows = whole.iloc[np.concatenate([first, last])].reset_index(drop=True)
    rows.loc[: len(first) - 1, "status"] = "open"
    rows.loc[: len(first) - 1, "closed_on"] = pd.NaT
    month = np.concatenate([in_month[first], out_month[last]])
    return _delivery(profile, "social_care_referrals", rows, month, by="received_on")
