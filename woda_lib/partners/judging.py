"""The part of a door that lets another process judge what is loaded next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.partners.ahead import Ahead, judged_ahead, size_of
from woda_lib.partners.folder import Delivery
from woda_lib.partners.loading import contract_of, delivered, refuse_future
from woda_lib.partners.packing import Packing
from woda_lib.partners.retention_dates import refuse_expired


class Judging(Packing):
    """The part of a door that looks ahead."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._ahead: Ahead | None = None

    @contextmanager
    def judging_ahead(self, asked: Mapping[str, Sequence[str] | None]) -> Iterator[list[str]]:
        """While datasets are loaded one after another, let another process judge the next ones.

        Parameters
        ----------
        asked : mapping of str to sequence of str, optional
            The fields that are wanted of each. Files that the agreement does not let be opened are
            left to `load`, which says no.

        Yields
        ------
        list of str
            The datasets in the order in which they are to be loaded: as they were asked for, or,
            while another process is at work, the smallest first, so that neither waits for long.
            The first that may be opened is left to this process.
        """
        found = {name: self._open_to_us(name, fields) for name, fields in asked.items()}
        order = sorted(found, key=lambda name: size_of(found[name]))
        files = {name: found[name] for name in [each for each in order if found[each]][1:]}
        if not files:  # nor is the key asked for
            yield list(asked)
            return
        folder = self._accepted_folder.parent
        try:
            with judged_ahead(files, folder=folder, key=self.key) as self._ahead:
                yield order if self._ahead.at_work else list(asked)
        finally:
            self._ahead = None

    def _open_to_us(self, dataset: str, fields: Sequence[str] | None) -> list[Delivery]:
        """Return the files of a dataset; none where `load` will not open them."""
        extracts, today = self.settings.extracts_folder, self.settings.today
        try:
            contract = contract_of(dataset)
            self.agreement.admits(extracts)
            self._purpose()
            self.agreement.permits(contract, purpose=self.purpose, today=today)
            self.agreement.require(contract, fields or (), purpose=self.purpose, today=today)
            refuse_future(extracts, self.agreement, today)
            files = delivered(contract, extracts, self.agreement)
            dated = [(item.name, item.delivered_on) for item in files]
            refuse_expired(self.agreement, dated, clause="data_months", today=today)
        except WodaError:
            return []
        return files

    def _is_judged_ahead(self, dataset: str) -> bool:
        """Say whether another process is going to judge a dataset, for which this one waits."""
        return self._ahead is not None and self._ahead.is_to_judge(dataset)

    def _wait_for(self, dataset: str) -> None:
        """Wait until a dataset is judged, if another process is at it."""
        if self._ahead is not None:
            self._ahead.wait(dataset)

    @property
    def _accepted_folder(self) -> Path:
        """Where what was accepted under the agreement is kept, and what was measured of it."""
        return self.settings.accepted_of_extracts / self.key.name
