"""A contract written a second time, as a pandera schema, for tests that ask what breaks it."""

from __future__ import annotations

import pandera.pandas as pa

from woda_lib.partners.contracts import Column, Contract


def schema_of(contract: Contract) -> pa.DataFrameSchema:
    """Return the schema of a typed table with the column ``delivered_on``.

    Every check is named after the rule as it appears in quarantine.
    """
    columns = {name: _as_pandera(column) for name, column in contract.columns.items()}
    checks = [
        pa.Check(
            lambda frame, rule=rule: rule.keeps(frame).fillna(True).astype(bool),
            name=rule.name,
            error=rule.name,
            ignore_na=False,
        )
        for rule in contract.rules
    ]
    return pa.DataFrameSchema(columns, checks=checks, strict=False)


def _as_pandera(column: Column) -> pa.Column:
    checks = []
    if column.codes:
        checks.append(pa.Check.isin(list(column.codes), name="unknown_code", error="unknown_code"))
    if column.longest is not None:
        checks.append(pa.Check.str_length(max_value=column.longest, error="too_long"))
    if column.minimum is not None and column.maximum is not None:
        checks.append(pa.Check.in_range(column.minimum, column.maximum, error="out_of_range"))
    return pa.Column(column.dtype, checks=checks, nullable=not column.required)
