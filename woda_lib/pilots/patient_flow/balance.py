"""What must not get worse: readmissions, deaths in hospital, and the stays of everybody else.

Each is a monthly series of both trusts, by the month in which a clock (or another patient's stay)
began, in the same months as the waits, so that the same model can be asked of it:

=================  ================================================================================
readmission        of people discharged alive after a clock, per cent whom the same trust admitted
                   as an emergency within 28 days
death_in_hospital  of all clocks, per cent that ended with a death in hospital within 28 days of
                   waiting; a death at home is in no extract
stay_of_others     restricted mean days in hospital, up to 28, of emergency patients without a
                   referral
=================  ================================================================================
"""

from __future__ import annotations

import pandas as pd

from woda_lib.evaluation import mature_months, restricted_mean_by
from woda_lib.pilots.patient_flow.attributes import TRUSTS
from woda_lib.pilots.patient_flow.clock import SPELL
from woda_lib.pilots.patient_flow.errors import require_columns

WITHIN_DAYS = 28
_SPELL_COLUMNS = ("partner", "spell_id", "discharge_date", "discharge_method")


def balancing_series(
    clocks: pd.DataFrame, spells: pd.DataFrame, *, horizon: float, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return the series of the balancing measures.

    Parameters
    ----------
    clocks
        From `discharge_clock`.
    spells
        Hospital stays: `partner, spell_id, patient_id, admission_date, admission_method,
        discharge_date, discharge_method`.
    horizon, as_of
        Of the evaluation, which decide the months.

    Returns
    -------
    DataFrame
        A row a measure and mature month: `measure, month, worcestershire, severnside`.
    """
    require_columns(
        spells,
        [*_SPELL_COLUMNS, "patient_id", "admission_date", "admission_method"],
        table="hospital stays",
    )
    measures = {
        "readmission": _readmitted(clocks, spells, as_of),
        "death_in_hospital": _died(clocks),
        "stay_of_others": _stay_of_others(clocks, spells, as_of),
    }
    months = clocks["started_on"].dt.to_period("M").dt.to_timestamp().drop_duplicates()
    months = months[mature_months(months, as_of=as_of, horizon=horizon)]
    return pd.concat(
        [_paired(values, months).assign(measure=name) for name, values in measures.items()],
        ignore_index=True,
    )[["measure", "month", *TRUSTS.values()]]


def _readmitted(clocks: pd.DataFrame, spells: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    stays = spells.sort_values("admission_date").rename(columns={"partner": "hospital"})
    emergencies = stays[stays["admission_method"] == "emergency"]
    left = clocks[clocks["observed"]].merge(stays[[*SPELL, "patient_id"]], on=SPELL)
    # Not everybody has been home for so long: who has not is not asked.
    left = left[left["stopped_on"] + pd.Timedelta(days=WITHIN_DAYS) <= as_of]
    again = left.merge(
        emergencies[["hospital", "patient_id", "admission_date"]], on=["hospital", "patient_id"]
    )
    gap = (again["admission_date"] - again["stopped_on"]).dt.days
    back = again.loc[gap.between(0, WITHIN_DAYS), SPELL].drop_duplicates().assign(value=100.0)
    found = left.merge(back, on=SPELL, how="left").fillna({"value": 0.0})
    return _by_month(found["started_on"], found["hospital"], found["value"])


def _died(clocks: pd.DataFrame) -> pd.DataFrame:
    died = (clocks["ended_by"] == "died") & (clocks["days"] <= WITHIN_DAYS)
    return _by_month(clocks["started_on"], clocks["hospital"], 100.0 * died)


def _stay_of_others(
    clocks: pd.DataFrame, spells: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    stays = spells.rename(columns={"partner": "hospital"})
    referred = stays.merge(clocks[SPELL], on=SPELL, how="left", indicator="found")["found"]
    others = stays[(referred == "left_only").to_numpy()]
    others = others[others["admission_method"] == "emergency"]
    until = others["discharge_date"].where(others["discharge_date"] <= as_of, as_of)
    tidy = pd.DataFrame(
        {
            "month": others["admission_date"].dt.to_period("M").dt.to_timestamp(),
            "hospital": others["hospital"],
            "days": (until - others["admission_date"]).dt.days,
            "observed": others["discharge_date"].notna(),
        }
    )
    tidy = tidy[mature_months(tidy["month"], as_of=as_of, horizon=WITHIN_DAYS)]
    means = restricted_mean_by(
        tidy,
        duration="days",
        observed="observed",
        horizon=WITHIN_DAYS,
        by=["month", "hospital"],
    )
    return means.rename(columns={"restricted_mean": "value"})[["month", "hospital", "value"]]


def _by_month(started: pd.Series, hospital: pd.Series, value: pd.Series) -> pd.DataFrame:
    month = started.dt.to_period("M").dt.to_timestamp().rename("month")
    return value.groupby([month, hospital]).mean().rename("value").reset_index()


def _paired(values: pd.DataFrame, months: pd.Series) -> pd.DataFrame:
    wide = values.pivot(index="month", columns="hospital", values="value").rename(columns=TRUSTS)
    return wide.loc[wide.index.isin(months)].reset_index().rename_axis(columns="")
