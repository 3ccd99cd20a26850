"""How grave an offence is: days of imprisonment by the Cambridge Crime Harm Index.

Counts treat a text message and an attempt on a life alike; the index weighs an offence by the days
that the sentencing guidelines start from. It is a measure of what the law holds grave, and not of
what a victim lives through: a course of controlling behaviour scores less than one burglary. So it
orders dots on a timeline and breaks ties among cards, and decides nothing.

References
----------
Sherman, L., Neyroud, P. and Neyroud, E. (2016). The Cambridge Crime Harm Index. Policing 10(3),
171-183.
"""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import yaml

from woda_lib.partners.datasets.incidents import CRIME_TYPES
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError

RESTS_ON = ("index", "guideline", "assumption", "definition")


def read_harm(path: Path) -> pd.DataFrame:
    """Read the table of harm, ``parameters/triage/crime_harm.yaml``.

    Returns
    -------
    DataFrame
        A row an offence, index ``crime_type``, the gravest first: `days`, `rests_on` (one of
        `RESTS_ON`), `stands_for`; its ``attrs["source"]`` says where the values are from.

    Raises
    ------
    DomesticAbuseError
        If an offence of the contract is missing or has no days, or the file has another form.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        source = str(content["source"])
        rows = dict(content["offences"])
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        raise DomesticAbuseError(
            f"{path.name} is no table of harm. It must hold `source` and, under `offences`, "
            "`days`, `rests_on` and `stands_for` of each."
        ) from None
    missing, unknown = set(CRIME_TYPES) - set(rows), set(rows) - set(CRIME_TYPES)
    if missing or unknown:
        wrong = f"has no {sorted(missing)[0]}" if missing else f"has {sorted(unknown)[0]}"
        raise DomesticAbuseError(
            f"{path.name} {wrong} under `offences`. It must hold the offences of the contract of "
            "police_incidents, and no other."
        )
    table = pd.DataFrame([_checked(name, rows[name], path) for name in CRIME_TYPES])
    table = table.set_index("crime_type").sort_values("days", ascending=False, kind="stable")
    table.attrs["source"] = source
    return table


def harm_days(crime_types: pd.Series, harm: pd.DataFrame) -> pd.Series:
    """Return the days of each offence.

    Parameters
    ----------
    crime_types
        As police deliver them.
    harm
        From `read_harm`.

    Raises
    ------
    DomesticAbuseError
        If an offence has no days.

    Examples
    --------
    >>> harm = pd.DataFrame({"days": [1825.0, 1.0]}, index=["rape", "common_assault"])
    >>> harm_days(pd.Series(["common_assault", "rape"]), harm).tolist()
    [1.0, 1825.0]
    """
    days = crime_types.map(harm["days"])
    if unknown := sorted(set(crime_types[days.isna()].dropna())):
        raise DomesticAbuseError(
            f"The table of harm has no {unknown[0]}. Add it to crime_harm.yaml, with its source."
        )
    return days.astype(float)


def _checked(name: str, row: object, path: Path) -> dict[str, object]:
    """Return a row of the file, or raise naming the offence and the key."""
    given = row if isinstance(row, dict) else {}
    days = given.get("days")
    if isinstance(days, bool) or not isinstance(days, int | float) or not math.isfinite(days):
        wrong = "`days` must be a number"
    elif days < 0 or (days == 0) != (given.get("rests_on") == "definition"):
        wrong = "`days` must be above nought, and nought only by definition"
    elif given.get("rests_on") not in RESTS_ON:
        wrong = f"`rests_on` must be one of {', '.join(RESTS_ON)}"
    elif not str(given.get("stands_for") or "").strip():
        wrong = "`stands_for` must say in a sentence what the days are of"
    elif extra := set(given) - {"days", "rests_on", "stands_for"}:
        wrong = f"`{sorted(extra)[0]}` is no key of it"
    else:
        said = " ".join(str(given["stands_for"]).split())
        kept = {"days": float(days), "rests_on": given["rests_on"], "stands_for": said}
        return {"crime_type": name, **kept}
    raise DomesticAbuseError(f"{path.name}: offences.{name}: {wrong}.")
