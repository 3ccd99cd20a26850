"""The part of a door that takes rows over from what was made of them before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from woda_lib.partners.acceptance import held, kept_at
from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import OPT_OUTS
from woda_lib.partners.folder import Delivery
from woda_lib.partners.holding import Held, Loaded
from woda_lib.partners.judging import Judging
from woda_lib.partners.objectors import looked_at
from woda_lib.partners.settled import Numbers, Settled, settled


class Settling(Judging):
    """The part of a door that knows what became of delivered rows."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._held: dict[str, tuple[Held, set[tuple[Path, int, int]]]] = {}

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
        folder = self._accepted_folder.parent
        return self._ahead is None and kept_at(folder, self.key, contract.dataset).is_file()


def _stamp(path: Path) -> tuple[int, int]:
    """When a file was written, and how long it is."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size
