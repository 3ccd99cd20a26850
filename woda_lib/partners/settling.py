"""The part of a door that takes rows over from what was made of them before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path

from woda_lib.beside import Beside, can_fork
from woda_lib.errors import WodaError
from woda_lib.partners.acceptance import held, kept_at
from woda_lib.partners.ahead import size_of
from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import OPT_OUTS
from woda_lib.partners.folder import Delivery
from woda_lib.partners.holding import Held, Loaded
from woda_lib.partners.judging import Judging
from woda_lib.partners.loading import contract_of
from woda_lib.partners.objectors import looked_at
from woda_lib.partners.settled import Numbers, Settled, came_since, settled

WORTH_IT = 20_000_000
"""Bytes of a dataset's files, from which another process is worth beginning."""


class Settling(Judging):
    """The part of a door that knows what became of delivered rows."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._held: dict[str, tuple[Held, set[tuple[Path, int, int]]]] = {}
        self._settling: Beside[None] | None = None
        self._to_settle: frozenset[str] = frozenset()

    @contextmanager
    def settling_ahead(self, asked: Mapping[str, Sequence[str] | None]) -> Iterator[frozenset[str]]:
        """While datasets are loaded, let another process settle those to which something came.

        It keeps what it made of them, and `load` takes it over from there. Whoever loads the others
        first need not wait.

        Parameters
        ----------
        asked : mapping of str to sequence of str, optional
            As for `judging_ahead`.

        Yields
        ------
        frozenset of str
            The datasets that another process is at.
        """
        files = {name: self._open_to_us(name, fields) for name, fields in asked.items()}
        folder = self._accepted_folder.parent
        came = [
            name
            for name, found in files.items()
            if found
            and not self._is_judged_ahead(name)
            and came_since(found, contract_of(name), folder, self.key)
        ]
        size = sum(size_of(files[name]) for name in came)
        if can_fork() and size >= WORTH_IT:
            call = partial(self._settle, {name: files[name] for name in came})
            self._settling, self._to_settle = Beside(call), frozenset(came)
        try:
            yield self._to_settle
        finally:
            self._settling, self._to_settle = None, frozenset()

    def _settle(self, files: Mapping[str, Sequence[Delivery]]) -> None:
        for name, found in files.items():
            with suppress(WodaError):  # whoever loads it says so
                self._settled(found, contract_of(name), ())

    def _settled(
        self,
        files: Sequence[Delivery],
        contract: Contract,
        fields: Sequence[str],
        delivered_by: date | None = None,
    ) -> Settled:
        """Return the rows of files that count: fields, and what tells whose rows they are.

        What is loaded for the first time may be loaded but once, and is not kept; nor is what had
        been delivered by an earlier day, which is what was kept on that day.
        """
        if self._settling and contract.dataset in self._to_settle:
            other, self._settling = self._settling, None
            other.result()
        numbers = self.agreement.pseudonyms & contract.columns.keys()
        return settled(
            files,
            contract,
            columns={*fields, *looked_at(contract)},
            numbers=Numbers(
                wanted={*contract.handles, *(numbers & set(fields))},
                every={*contract.handles, *numbers},
                hashed=lambda frame, names: self._disguise.hashed(frame, contract, names),
            ),
            judged=lambda: self._accepted(files, contract, delivered_by),
            folder=self._accepted_folder.parent,
            key=self.key,
            keep=delivered_by is None and self._is_known(contract),
        )

    def _register(self, files: Sequence[Delivery], contract: Contract) -> Loaded:
        """Return a dataset's rows by which choices are told and followed."""
        fields = contract.columns if contract.dataset == OPT_OUTS else ()
        return settled(
            files,
            contract,
            columns={*fields, *looked_at(contract)},
            numbers=None,
            judged=lambda: self._accepted(files, contract),
            folder=self._accepted_folder.parent,
            key=self.key,
            keep=False,
        ).loaded

    def _accepted(
        self, files: Sequence[Delivery], contract: Contract, delivered_by: date | None = None
    ) -> Loaded:
        """Hold files to their contract; what comes every day is kept, to be asked of other days."""
        there = {(item.path, *_stamp(item.path)) for item in files}
        known, of = self._held.get(contract.dataset, (None, set()))
        if known is None or not there <= of:
            self._wait_for(contract.dataset)
            known = held(files, contract, folder=self._accepted_folder.parent, key=self.key)
            if contract.every == "day":
                self._held[contract.dataset] = (known, there)
        return known.loaded(delivered_by)

    def _is_known(self, contract: Contract) -> bool:
        """Say whether a dataset was accepted before; while another process looks ahead, of none."""
        looks_ahead = self._ahead is not None and self._ahead.at_work
        folder = self._accepted_folder.parent
        return not looks_ahead and kept_at(folder, self.key, contract.dataset).is_file()


def _stamp(path: Path) -> tuple[int, int]:
    """When a file was written, and how long it is."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size
