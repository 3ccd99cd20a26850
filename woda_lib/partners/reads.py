"""Which delivered files decide what a load gives, told without opening one.

Besides the dataset's own files these are people's choices, and the registers through which a choice
is followed from one number to another: see `objectors`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.datasets import CONTRACTS, OPT_OUTS
from woda_lib.partners.errors import ExtractError
from woda_lib.partners.folder import Delivery, deliveries, synthetic_marker
from woda_lib.partners.key_store import FolderStore, key_store
from woda_lib.partners.keys import key_name
from woda_lib.partners.linked_choices import TELLERS
from woda_lib.partners.loading import delivered
from woda_lib.partners.opt_outs import REGISTERS
from woda_lib.records import KeyRecord
from woda_lib.settings import Settings


class Reads:
    """What loads under one agreement would read now.

    Parameters
    ----------
    agreement : Agreement
    settings : Settings
        Where the extracts lie.
    """

    def __init__(self, agreement: Agreement, settings: Settings) -> None:
        self.agreement = agreement
        self._settings = settings
        self._files: dict[str, tuple[Delivery, ...]] = {}

    def files(self, dataset: str) -> tuple[Delivery, ...]:
        """Return the files of a dataset that a load reads; none where it would be refused."""
        if dataset not in self._files:
            self._files[dataset] = tuple(self._found(dataset))
        return self._files[dataset]

    def beside(self) -> tuple[str, ...]:
        """Return the datasets that any load reads besides its own, to honour opt-outs."""
        if self.agreement.made_up_only:
            return ()
        also = dict.fromkeys((*REGISTERS, *TELLERS))
        return (OPT_OUTS, *(name for name in also if name in self.agreement.datasets))

    @cached_property
    def clock(self) -> str:
        """The day up to which a load reads; nothing where nothing was delivered."""
        try:
            return self.agreement.clock(self._settings.extracts_folder).isoformat()
        except ExtractError:
            return ""

    @cached_property
    def county(self) -> str:
        """Which made-up county the extracts are of; nothing where partners delivered them."""
        marker = synthetic_marker(self._settings.extracts_folder)
        return f"{marker.profile}, seed {marker.seed}" if marker else ""

    @property
    def keys_elsewhere(self) -> bool:
        """Whether the key comes from a vault or a variable, which says nothing about it."""
        return not (self.county or isinstance(key_store(self._settings), FolderStore))

    @cached_property
    def key(self) -> KeyRecord | None:
        """What is known, without unlocking it, of the key; nothing where it comes from a vault."""
        if self.county:
            store = FolderStore(self._settings.keys_folder)
            return store.record(key_name(self.agreement.id, synthetic=True))
        own = key_store(self._settings)
        return own.record(self.agreement.id) if isinstance(own, FolderStore) else None

    def _found(self, dataset: str) -> Iterable[Delivery]:
        folder = self._settings.extracts_folder
        try:
            if dataset == OPT_OUTS:
                return deliveries(folder, OPT_OUTS)
            return delivered(CONTRACTS[dataset], folder, self.agreement)
        except ExtractError:
            return ()
