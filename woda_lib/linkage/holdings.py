"""The records of an open store, by position: their fields, blocking keys, and what they belong to.

Positions never change. A record that changes keeps its position, one that is withdrawn keeps it
too, and new ones are added at the end, so that links and indices remain right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.blocking import Pairs, Positions
from woda_lib.linkage.coding import categorical
from woda_lib.linkage.errors import BlockingError
from woda_lib.linkage.hashed_keys import NO_KEY, write_keys
from woda_lib.linkage.holders import Holders
from woda_lib.linkage.identities import RECORDS, Hashes, record_names
from woda_lib.linkage.record_keys import text_order
from woda_lib.linkage.spec import LinkageSpec
from woda_lib.linkage.standard_texts import Texts
from woda_lib.linkage.store_names import NO_ENTITY, StoreNames, entity_hashes
from woda_lib.linkage.text_column import TextColumn


class Holdings:
    """Columns of records that can be added to and changed in place.

    Parameters
    ----------
    records
        Of a store: the columns of `identities.RECORDS`. Their fields are not known yet.
    names
        Of the same store.
    spec
        The specification.

    Attributes
    ----------
    identity
        The columns of `identities.RECORDS`, by name.
    here
        Which records their sources hold, as far as is known.
    component
        Number of the component of linked records that a record is in.
    entity
        Hash of the name of a record's entity, `NO_ENTITY` before it has one. Numbers are compared
        in a fraction of the time that texts take.
    """

    def __init__(self, records: pd.DataFrame, names: StoreNames, spec: LinkageSpec) -> None:
        from woda_lib.linkage.fast.lookup import Lookup  # here: numba takes a second to start

        self._spec = spec
        self.identity = {name: records[name].to_numpy(kind) for name, kind in RECORDS.items()}
        self._lent = True  # columns that a store holds as well, which are not written over
        number = len(records)
        self.here = np.isnat(self.identity["withdrawn"])
        self.component = np.arange(number)
        self.entity = names.entities.copy()  # names that were ever given are not written over
        self._fields = {name: TextColumn(number) for name in spec.kinds}
        self._keys = [np.zeros(number, dtype=np.uint64) for _ in spec.blocking]  # `NO_KEY` each
        self._names = Lookup()
        self._names.add(names.records)
        self._number_of = {source.name: place for place, source in enumerate(spec.sources)}
        self._free = np.array([source.free_of_duplicates for source in spec.sources])
        self._source = self._numbered(names.source, names.sources)

    def __len__(self) -> int:
        return len(self.here)

    def locate(self, names: Hashes) -> Positions:
        """Return the position of each record by its `record_names`; −1 where there is none."""
        return self._names.find(names)

    def is_here(self, positions: Positions) -> npt.NDArray[np.bool_]:
        """Say which records their sources hold; none at −1."""
        return np.append(self.here, False)[positions]

    def write(self, records: pd.DataFrame) -> Positions:
        """Take in standardised records, new ones at the end, and return their positions."""
        names = record_names(records)
        positions = self.locate(names)
        new = positions < 0
        positions[new] = len(self) + np.arange(new.sum())
        if new.any():
            self._lengthen(records[new])
            self._names.add(names[new])
        self.write_at(positions, {name: Texts.of(records[name]) for name in self._fields})
        return positions

    def write_at(self, positions: Positions, fields: Mapping[str, Texts]) -> None:
        """Take in the fields of standardised records at positions that are known."""
        from woda_lib.linkage.fast.threads import share_out  # here for the reason above

        self.here[positions] = True
        columns = [(column, positions, fields[name]) for name, column in self._fields.items()]
        share_out(TextColumn.write, columns)
        write_keys(self._keys, positions, fields, self._spec)

    def candidates(self, changed: Positions) -> Pairs:
        """Make the candidate pairs that hold at least one of some records.

        Raises
        ------
        BlockingError
            A rule would make more pairs than ``max_pairs``.
        """
        from woda_lib.linkage.fast.threads import share_out  # here for the reason above

        number = len(self)

        def made(rule: list[str], held: Hashes) -> npt.NDArray[np.int64]:
            chosen = changed[held[changed] != NO_KEY]
            holders = Holders.among(held, held[chosen])
            if (count := int(holders.counts.sum())) > self._spec.max_pairs:
                raise BlockingError(
                    f"The blocking rule {' and '.join(rule)} would make about {count:,} pairs "
                    f"for {len(changed):,} records, more than the {self._spec.max_pairs:,} that "
                    f"max_pairs allows. Add a key to this rule, or raise max_pairs."
                )
            which, other = holders.pairs()
            one = chosen[which]
            source = self._source[one]
            valid = self.here[other] & (one != other)
            valid &= ~((source == self._source[other]) & self._free[source])
            low, high = np.minimum(one, other)[valid], np.maximum(one, other)[valid]
            return low * number + high

        each = share_out(made, list(zip(self._spec.blocking, self._keys, strict=True)))
        every = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *each]))
        first = np.ones(len(every), dtype=bool)
        first[1:] = every[1:] != every[:-1]
        return Pairs(every[first] // number, every[first] % number)

    def companions(self, arrived: Positions) -> Positions:
        """Return the records of entities to which records that come back once belonged.

        They may be linked to none of these by now, and still the entity's name is one only.
        """
        back = arrived[~np.isnat(self.identity["withdrawn"][arrived])]
        if not len(back):
            return back
        known = self.entity[back]
        return Holders.among(np.where(self.here, self.entity, NO_ENTITY), known).positions

    def ordered(self, positions: Positions) -> Positions:
        """Put positions in the order in which `sources.gather` puts records."""
        positions = positions[text_order(pd.Series(self.identity["id"][positions], dtype=object))]
        return positions[np.argsort(self._source[positions], kind="stable")]

    def records(self, positions: Positions) -> pd.DataFrame:
        """Return standardised records, numbered from 0; sources are categories, as gathered."""
        from woda_lib.linkage.fast.threads import share_out  # here for the reason above

        columns: dict[str, object] = {
            "source": categorical(self._source[positions], list(self._number_of)),
            "id": self.identity["id"][positions],
        }
        fields = share_out(TextColumn.at, [(each, positions) for each in self._fields.values()])
        columns |= dict(zip(self._fields, fields, strict=True))
        return pd.DataFrame(columns, copy=False)

    def identities(self, positions: Positions) -> pd.DataFrame:
        """Return rows of the store's records, those left out that no entity has had yet."""
        known = positions[self.entity[positions] != NO_ENTITY]
        taken = {name: each[known] for name, each in self.identity.items()}
        return pd.DataFrame(taken, copy=False)

    def every_identity(self) -> pd.DataFrame:
        """Return all `identities`: the columns themselves, where no record is left out."""
        if (self.entity == NO_ENTITY).any():
            return self.identities(np.arange(len(self)))
        self._lent = True
        return pd.DataFrame(self.identity, copy=False)

    def places(self) -> npt.NDArray[np.int64]:
        """Return where each position stands among all `identities`, as far as it is there."""
        return np.cumsum(self.entity != NO_ENTITY) - 1

    def settle(self, records: pd.DataFrame) -> None:
        """Take over rows of the store's records."""
        positions = self.locate(record_names(records))
        if self._lent:
            self.identity = {name: each.copy() for name, each in self.identity.items()}
            self._lent = False
        for name, kind in RECORDS.items():
            self.identity[name][positions] = records[name].to_numpy(kind)
        self.entity[positions] = entity_hashes(records["entity_id"].to_numpy(dtype=object))

    def _lengthen(self, new: pd.DataFrame) -> None:
        number = len(new)
        first = int(self.component.max(initial=-1)) + 1
        self.component = np.append(self.component, first + np.arange(number))
        self.here = np.append(self.here, np.ones(number, dtype=bool))
        self.entity = np.append(self.entity, np.full(number, NO_ENTITY))
        self._source = np.append(self._source, self._numbered(*pd.factorize(new["source"])))
        for column in self._fields.values():
            column.lengthen(number)
        self._keys = [np.append(keys, np.full(number, NO_KEY)) for keys in self._keys]
        fresh: dict[str, npt.NDArray] = {
            "source": new["source"].astype(str).to_numpy(dtype=object),
            "id": new["id"].astype(str).to_numpy(dtype=object),
            "entity_id": np.full(number, None, dtype=object),
            "content": np.zeros(number, dtype=np.uint64),
            "since": np.full(number, np.datetime64("NaT"), dtype="datetime64[ns]"),
            "withdrawn": np.full(number, np.datetime64("NaT"), dtype="datetime64[ns]"),
        }
        self.identity = {name: np.append(each, fresh[name]) for name, each in self.identity.items()}
        self._lent = False

    def _numbered(
        self, codes: npt.NDArray[np.integer], names: Iterable[str]
    ) -> npt.NDArray[np.int64]:
        """Return the number of each source: those of the specification first, in its order."""
        numbers = [self._number_of.setdefault(str(name), len(self._number_of)) for name in names]
        return np.array(numbers, dtype=np.int64)[codes]
