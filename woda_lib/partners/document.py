"""The page that tells partners what to send, written from the contracts themselves."""

from __future__ import annotations

from woda_lib.partners.clock import DUE_WITHIN
from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.parsing import BLANKED, FAULTS
from woda_lib.partners.register import COLUMNS

_OPENING = """\
# Extracts: what partners send

This page is written from the contracts in `woda_lib/partners/datasets/` by `make docs`; a test
compares the two.

## The folder

```
<folder>/<partner>/<dataset>_<YYYY-MM>.csv
<folder>/<partner>/<dataset>_<YYYY-MM-DD>.csv
```

One file a dataset and month. Its delivery date is the last day of the month. A later file's row
with the same key supersedes an earlier one, so open stays and changed clients are simply sent
again. The same rows under a new date change nothing, and count as superseded.

A dataset that is *sent every day* comes as one file a day, under the day's date, and by the month
for the time before its daily files begin: no month comes both whole and in days. A dataset that is
sent by the month has no daily files. A file that is dated after today is refused, by name, and
nothing is read until it is renamed or gone.

Check a folder before a run:

```
woda extracts check <folder>
woda run patient_flow --extracts <folder>
```

## The form

- Text: UTF-8 (with or without byte order mark), UTF-16, or Windows-1252. Delimiter: comma,
  semicolon, tab or bar.
- The heading stands within the first 20 lines; title lines above it are skipped. Columns may come
  in any order, and headings may be spaced and capitalised as you like (`NHS Number` is
  `nhs_number`). A dataset whose form others fixed is taken as it comes, under its official headings
  (`RegAddress.PostCode`, with or without a blank before it). Every column must be there, also where
  it is blank.
- Dates, day first: `2021-04-30`, `30/04/2021`, `30-Apr-2021`, `30.04.2021` or `20210430`. Two-digit
  years and Excel serial numbers are refused: nobody can tell 1924 from 2024.
- Moments, local time: `2021-04-30 22:40` or `30/04/2021 22:40`; seconds are dropped.
- Blank rows and blank cells beyond the last heading are skipped.

## What happens to a row that breaks a rule

It is never dropped. It lies in `data/quarantine/<folder>/<dataset>.csv` with file, line, column and
rule, and its count stands in every report. A whole file is refused, by name, only where it is not
the dataset at all. Where a later delivery of a row is refused, the earlier one stays and is counted
as outdated. A run refuses a folder with files that it would never read or with a month or day
missing between others; a month or day without anything to report is a file with its heading alone.

## How far a run reads

Up to the day up to which everybody whose data its agreement shares has delivered: the oldest of
their newest deliveries. Once daily files have come, a partner that sends anything daily counts with
the newest day of which all its daily datasets are there, and a partner that sends by the month
alone counts as current while its next file is not overdue: until {due} days after the end of the
month that follows its newest one. Partners of other agreements hold nobody back. People's choices
(`opt_outs`) count as soon as they are there.

## What happens to a value that cannot be read

| rule | the value | what happens |
|---|---|---|
"""


def contracts_markdown() -> str:
    """Return the page as Markdown."""
    faults = "".join(
        f"| `{rule}` | {says} | "
        f"{'value blanked, row kept' if rule in BLANKED else 'row refused'} |\n"
        for rule, says in FAULTS.items()
    )
    opening = _OPENING.replace("{due}", str(DUE_WITHIN.days))
    return opening + faults + "".join(_section(contract) for contract in CONTRACTS.values())


def _section(contract: Contract) -> str:
    official = any(column.heading for column in contract.columns.values())
    rows = "".join(_row(name, column, official) for name, column in contract.columns.items())
    rules = "".join(f"- `{rule.name}`: {rule.says}.\n" for rule in contract.rules)
    senders = " and ".join(f"`{partner}`" for partner in contract.partners)
    return (
        f"\n## `{contract.dataset}`\n\n{contract.description}. Sent by {senders}"
        f"{', every day' if contract.every == 'day' else ''}; key `{contract.key}`.\n\n"
        f"| column |{' official heading |' if official else ''}"
        " type | may be blank | what it holds | accepted |\n"
        f"|---|{'---|' if official else ''}---|---|---|---|\n"
        f"{rows}\nRules of a row:\n\n{rules}"
    )


def _row(name: str, column: Column, official: bool) -> str:
    accepted = ", ".join(
        f"`{code}`" + (f" ({', '.join(others)})" if others else "")
        for code, others in column.codes.items()
    )
    if column.minimum is not None:
        accepted = f"{column.minimum} to {column.maximum}"
    kind = column.kind.replace("_", " ")
    blank = "no" if column.required else "yes"
    heading = f" `{column.heading or name}` |" if official else ""
    return f"| `{name}` |{heading} {kind} | {blank} | {column.description} | {accepted} |\n"


_REGISTER = """\
# The register of agreements as CSV

This page is written from `woda_lib/partners/register.py` by `make docs`; a test compares the two.

`woda agreements export FILE` writes it, `woda agreements import FILE` reads it: UTF-8, comma, a
row a dataset of an agreement, in the manner of the Information Sharing Gateway's register of data
flows. What belongs to the whole agreement stands in each of its rows alike. Columns may come in any
order, and all of them must be there. A cell that a spreadsheet would run as a formula begins with
an apostrophe, which is taken off again on import. An import writes all of its agreements or none.

| column | holds |
|---|---|
"""


def register_markdown() -> str:
    """Return the page that documents the columns of the CSV register of agreements."""
    escaped = {name: says.replace("|", r"\|") for name, says in COLUMNS.items()}
    return _REGISTER + "".join(f"| `{name}` | {says} |\n" for name, says in escaped.items())
