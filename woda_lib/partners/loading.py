"""Loading a dataset: which delivered files a load reads, and what becomes of what it refuses."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.clock import dated, refuse_from_tomorrow
from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.errors import ExtractError
from woda_lib.partners.folder import Delivery, deliveries
from woda_lib.partners.holding import Loaded, hold
from woda_lib.partners.reading import read_file
from woda_lib.records import nearest


def load(
    dataset: str,
    *,
    extracts: Path,
    agreement: Agreement,
    purpose: str,
    today: date,
    fields: Sequence[str] | None = None,
) -> Loaded:
    """Return the rows and columns of a dataset that an agreement permits, numbers in clear.

    What a notebook is handed comes through `woda_lib.partners.Door`, which honours people's
    choices and puts numbers under the agreement's key on top of this.

    Parameters
    ----------
    dataset : str
    extracts : Path
        A folder as `folder` describes it.
    agreement : Agreement
    purpose : str
        One of the agreement's.
    today : date
        The day against which the agreement is asked.
    fields : sequence of str, optional
        The fields that are wanted; every permitted one, if left out.

    Raises
    ------
    AgreementError
        If the agreement does not permit the dataset or a field, or there is none and the extracts
        are real; asked before any file is opened.
    ExtractError
        If a file is not the dataset at all, or a partner has delivered none.
    """
    contract = contract_of(dataset)
    agreement.admits(extracts)
    if fields is None:
        fields = agreement.permits(contract, purpose=purpose, today=today)
    else:
        agreement.require(contract, fields, purpose=purpose, today=today)
    refuse_future(extracts, agreement, today)
    whole = accept(delivered(contract, extracts, agreement), contract)
    return replace(whole, frame=whole.frame[["partner", *fields]])


def delivered(
    contract: Contract, extracts: Path, agreement: Agreement, *, by: date | None = None
) -> list[Delivery]:
    """Return the files of a dataset that a load reads: those of the parties, up to the clock.

    Parameters
    ----------
    contract : Contract
    extracts : Path
    agreement : Agreement
    by : date, optional
        Those alone that had been delivered by an earlier day.

    Raises
    ------
    ExtractError
        If a party that delivers the dataset has delivered none.
    """
    dataset = contract.dataset
    clock = agreement.clock(extracts)
    last = clock if by is None else min(by, clock)
    found = [item for item in deliveries(extracts, dataset) if item.delivered_on <= last]
    senders = agreement.partners & set(contract.partners)
    for partner in contract.partners:
        if partner in senders and partner not in {item.partner for item in found}:
            until = "" if by is None else f" up to {last:%-d %B %Y}"
            raise ExtractError(
                f"{partner} has delivered no {dataset}: there is no file "
                f"{partner}/{dataset}_<YYYY-MM>.csv in {extracts}{until}."
            )
    return [item for item in found if item.partner in senders]


def refuse_future(extracts: Path, agreement: Agreement, today: date) -> None:
    """Refuse extracts among which a file that the agreement shares is dated after today.

    People's choices count as soon as they are known, so their lists are let be.

    Raises
    ------
    ExtractError
        Naming the first such file, and what to do.
    """
    refuse_from_tomorrow(dated(extracts, agreement.partners, agreement.datasets), today)


def contract_of(dataset: str) -> Contract:
    """Return the contract of a dataset, or raise `ExtractError` with the nearest name."""
    if dataset not in CONTRACTS:
        raise ExtractError(f"There is no dataset {dataset!r}. {nearest(dataset, CONTRACTS)}")
    return CONTRACTS[dataset]


def accept(found: Sequence[Delivery], contract: Contract) -> Loaded:
    """Hold delivered files to their contract; every column, whatever any agreement says.

    Parameters
    ----------
    found : sequence of Delivery
        Files of one dataset, the oldest first.
    contract : Contract

    Raises
    ------
    ExtractError
        If a file is not the dataset.
    """
    raw = [(item, read_file(item.path, contract)) for item in found]
    return hold(raw, contract).loaded()


def write_quarantine(loaded: Loaded, folder: Path) -> Path:
    """Write what a load refused to ``<folder>/<dataset>.csv``, whole or not at all.

    The file holds rows as partners sent them. It is for the people who mend extracts, and lies
    with the data, never with results.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{loaded.dataset}.csv"
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    loaded.quarantine.to_csv(hidden, index=False, encoding="utf-8", lineterminator="\n")
    hidden.replace(path)
    return path
