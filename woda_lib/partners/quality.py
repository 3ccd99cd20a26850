"""The quality of what partners delivered, by dimension, from the counts that acceptance left.

The dimensions are those of the Government Data Quality Framework, which took them over from DAMA
UK. Accuracy is the sixth: whether a value is what is so in the world cannot be told from the file
that holds it, and is measured only where a second source knows better, as linkage does.

============  ==================================================================================
completeness  of the cells of kept rows in columns that may be blank: the share that has a value
validity      of the rows delivered: the share that was not quarantined and had no value blanked
uniqueness    of the rows delivered: the share that did not stand in the same file already, letter
              for letter
timeliness    of the files that are there or should be: the share that is there. A month's file
              should be there `clock.DUE_WITHIN` after the month's end, that of a day on the day
consistency   of the rows that could be read: the share that keeps every rule over several columns
============  ==================================================================================

*Should be there* is asked on one day for all: the newest day of which anybody's file is there. A
share of nothing (no rows, no column that may be blank) is missing. ``docs/data_quality.md`` has an
example that can be followed with a pencil.

References
----------
Government Data Quality Hub (2020). *The Government Data Quality Framework*. GOV.UK.
DAMA UK Working Group (2013). *The six primary dimensions for data quality assessment*.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from woda_lib.partners.clock import DUE_WITHIN, next_month_due
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.errors import ExtractError
from woda_lib.records import DatasetMeasured, PartnerMeasured

DIMENSIONS = ("completeness", "validity", "uniqueness", "timeliness", "consistency")
"""The columns that hold a share, 0 to 1, of each dimension."""

_DAYS = ("first_delivered", "last_delivered")
_COUNTS = ("rows", "kept", "quarantined", "superseded", "duplicates", "blanked_values")
DELIVERY_COLUMNS = ("partner", "dataset", "files", *_DAYS, *_COUNTS, *DIMENSIONS, "late_days")
FAULT_COLUMNS = ("partner", "dataset", "rule", "column", "outcome", "rows")
FILLED_COLUMNS = ("partner", "dataset", "column", "required", "rows", "filled", "share")

Measured = dict[tuple[str, str], PartnerMeasured]
"""What was measured of each partner's deliveries of each dataset."""


def read_measured(paths: Iterable[Path]) -> Measured:
    """Read what acceptance measured.

    Where several agreements share a dataset, the one whose load read the most files of the partner
    tells; of two that read the same, the first by name.

    Parameters
    ----------
    paths : iterable of Path
        From `woda_lib.records.quality_files`.

    Raises
    ------
    ExtractError
        If a file is damaged; it is named, with what to do.
    """
    found: Measured = {}
    for path in paths:
        dataset = _read(path)
        if dataset.dataset not in CONTRACTS:
            continue  # the contract was taken away since
        for each in dataset.partners:
            of = (each.partner, dataset.dataset)
            if of not in found or each.files > found[of].files:
                found[of] = each
    return dict(sorted(found.items()))


def deliveries_table(found: Measured) -> pd.DataFrame:
    """Return what was delivered and how good it is, a row a partner and dataset.

    Returns
    -------
    DataFrame
        ``partner, dataset``; ``files`` that were read; ``first_delivered, last_delivered``: the
        days of the oldest and the newest file that is there; ``rows`` of the files read, which are
        ``kept + quarantined + superseded + duplicates``; ``blanked_values``; the `DIMENSIONS`,
        shares from 0 to 1; ``late_days``: from the last delivery to the newest of anybody's.
    """
    until = max((each.last_delivered for each in found.values()), default=date.min)
    rows = [_row(partner, dataset, each, until) for (partner, dataset), each in found.items()]
    table = pd.DataFrame(rows, columns=list(DELIVERY_COLUMNS))
    days = dict.fromkeys(_DAYS, "datetime64[ns]")
    shares = dict.fromkeys(DIMENSIONS, "float64")
    counts = dict.fromkeys(("files", *_COUNTS, "late_days"), "int64")
    return table.astype({**days, **shares, **counts})


def faults_table(found: Measured) -> pd.DataFrame:
    """Return how many rows broke which rule, the most first of each partner and dataset.

    Returns
    -------
    DataFrame
        ``partner, dataset, rule, column, outcome, rows``. A row that broke two rules is counted at
        both.
    """
    rows = [
        (partner, dataset, fault.rule, fault.column, fault.outcome, fault.rows)
        for (partner, dataset), each in found.items()
        for fault in sorted(each.faults, key=lambda fault: (-fault.rows, fault.rule, fault.column))
    ]
    return pd.DataFrame(rows, columns=list(FAULT_COLUMNS)).astype({"rows": "int64"})


def filled_table(found: Measured) -> pd.DataFrame:
    """Return how often each column of each dataset has a value.

    Returns
    -------
    DataFrame
        ``partner, dataset, column``; ``required``: whether the contract wants a value; ``rows``
        kept; ``filled``: those of them with a value; ``share``, missing where nothing was kept.
    """
    table = pd.DataFrame(list(_filled(found)), columns=list(FILLED_COLUMNS[:-1]))
    return table.assign(share=table["filled"] / table["rows"].where(table["rows"] > 0))


def _read(path: Path) -> DatasetMeasured:
    try:
        return DatasetMeasured.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        raise ExtractError(
            f"{path.parent.name}/{path.name} in {path.parents[1]}, what was measured of "
            "deliveries, is damaged. Delete it, and run the pilots under that agreement with "
            "`woda run PILOT --again`, which write it anew."
        ) from None


def _row(
    partner: str, dataset: str, each: PartnerMeasured, until: date
) -> tuple[str | int | date | float, ...]:
    rows = each.rows
    optional = [name for name, col in CONTRACTS[dataset].columns.items() if not col.required]
    absent = each.absent + _overdue(each, until)
    return (
        partner,
        dataset,
        each.files,
        each.first_delivered,
        each.last_delivered,
        rows.delivered,
        rows.kept,
        rows.quarantined,
        rows.superseded,
        rows.duplicates,
        rows.blanked_values,
        _share(sum(each.filled.get(name, 0) for name in optional), rows.kept * len(optional)),
        _share(rows.delivered - each.faulty, rows.delivered),
        _share(rows.delivered - rows.duplicates, rows.delivered),
        _share(each.delivered, each.delivered + absent),
        _share(each.judged - each.broken, each.judged if CONTRACTS[dataset].rules else 0),
        (until - each.last_delivered).days,
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _overdue(each: PartnerMeasured, until: date) -> int:
    """How many files after the last one should have come by a day."""
    if each.daily:
        return (until - each.last_delivered).days
    number, last = 0, each.last_delivered
    while (due := next_month_due(last)) < until:
        number += 1
        last = due - DUE_WITHIN
    return number


def _filled(found: Measured) -> Iterator[tuple[str, str, str, bool, int, int]]:
    for (partner, dataset), each in found.items():
        for name, column in CONTRACTS[dataset].columns.items():
            cells = each.filled.get(name, 0)
            yield partner, dataset, name, column.required, each.rows.kept, cells
