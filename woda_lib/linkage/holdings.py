"""The records of an open store, by position: their fields, blocking keys, and what they belong to.

Positions never change. A record that changes keeps its position, one that is withdrawn keeps it
too, and new ones are added at the end, so that links and indices remain right.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.block_index import BlockIndex
from woda_lib.linkage.blocking import Pairs, Positions
from woda_lib.linkage.errors import BlockingError
from woda_lib.linkage.identities import RECORDS, Hashes, contents, record_names
from woda_lib.linkage.spec import LinkageSpec

NO_KEY = np.uint64(0)


class Holdings:
    """Columns of records that can be added to and changed in place.

    Parameters
    ----------
    records
        Of a store: the columns of `identities.RECORDS`. Their fields are not known yet.
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
    """

    def __init__(self, records: pd.DataFrame, spec: LinkageSpec) -> None:
        self._spec = spec
        self.identity = {name: records[name].to_numpy(kind) for name, kind in RECORDS.items()}
        number = len(records)
        self.here = np.isnat(self.identity["withdrawn"])
        self.component = np.arange(number)
        self._fields = {name: np.full(number, None, dtype=object) for name in spec.kinds}
        self._keys = [np.full(number, NO_KEY) for _ in spec.blocking]
        self._blocks = [BlockIndex() for _ in spec.blocking]
        self._names = BlockIndex()
        self._names.add(record_names(records), np.arange(number))
        names = pd.Index([source.name for source in spec.sources])
        free = [source.free_of_duplicates for source in spec.sources]
        self._order = {str(name): place for place, name in enumerate(names)}
        self._free = {str(name): flag for name, flag in zip(names, free, strict=True)}

    def __len__(self) -> int:
        return len(self.here)

    def locate(self, names: Hashes) -> Positions:
        """Return the position of each record by its `record_names`; −1 where there is none."""
        which, positions = self._names.find(names)
        found = np.full(len(names), -1, dtype=np.int64)
        found[which] = positions
        return found

    def is_here(self, positions: Positions) -> npt.NDArray[np.bool_]:
        """Say which records their sources hold; none at −1."""
        return np.append(self.here, False)[positions]

    def write(self, records: pd.DataFrame, names: Hashes | None = None) -> Positions:
        """Take in standardised records, new ones at the end, and return their positions.

        `names` are those of `record_names`, if they are known already.
        """
        names = record_names(records) if names is None else names
        positions = self.locate(names)
        new = positions < 0
        positions[new] = len(self) + np.arange(new.sum())
        self._lengthen(records[new])
        self._names.add(names[new], positions[new])
        self.here[positions] = True
        for name, column in self._fields.items():
            column[positions] = records[name].to_numpy(dtype=object)
        for rule, held, block in zip(self._spec.rules, self._keys, self._blocks, strict=True):
            values = pd.DataFrame({str(n): key.values(records) for n, key in enumerate(rule)})
            keys = contents(values, values.columns.tolist())
            keys[values.isna().any(axis=1).to_numpy()] = NO_KEY
            held[positions] = keys
            block.add(keys[keys != NO_KEY], positions[keys != NO_KEY])
        return positions

    def candidates(self, changed: Positions) -> Pairs:
        """Make the candidate pairs that hold at least one of some records.

        Raises
        ------
        BlockingError
            A rule would make more pairs than ``max_pairs``.
        """
        number = len(self)
        made = [np.empty(0, dtype=np.int64)]
        source = pd.Series(self.identity["source"][changed]).map(self._free).to_numpy(dtype=bool)
        for rule, held, block in zip(self._spec.blocking, self._keys, self._blocks, strict=True):
            keys = held[changed]
            chosen = keys != NO_KEY
            if (count := int(block.count(keys[chosen]).sum())) > self._spec.max_pairs:
                raise BlockingError(
                    f"The blocking rule {' and '.join(rule)} would make about {count:,} pairs "
                    f"for {len(changed):,} records, more than the {self._spec.max_pairs:,} that "
                    f"max_pairs allows. Add a key to this rule, or raise max_pairs."
                )
            which, other = block.find(keys[chosen])
            one = changed[chosen][which]
            same = self.identity["source"][one] == self.identity["source"][other]
            valid = self.here[other] & (held[other] == keys[chosen][which]) & (one != other)
            valid &= ~(same & source[chosen][which])
            low, high = np.minimum(one, other)[valid], np.maximum(one, other)[valid]
            made.append(low * number + high)
        every = np.sort(np.concatenate(made))
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
        entities = self.identity["entity_id"]
        return np.flatnonzero(self.here & pd.Series(entities).isin(entities[back]).to_numpy())

    def ordered(self, positions: Positions) -> Positions:
        """Put positions in the order in which `sources.gather` puts records."""
        frame = pd.DataFrame(
            {
                "source": pd.Series(self.identity["source"][positions]).map(self._order),
                "id": self.identity["id"][positions],
            }
        )
        return positions[frame.sort_values(["source", "id"], kind="stable").index.to_numpy()]

    def records(self, positions: Positions) -> pd.DataFrame:
        """Return standardised records, numbered from 0."""
        columns = {name: self.identity[name][positions] for name in ("source", "id")}
        columns |= {name: column[positions] for name, column in self._fields.items()}
        return pd.DataFrame(columns)

    def identities(self, positions: Positions | slice) -> pd.DataFrame:
        """Return rows of the store's records, those left out that no entity has had yet."""
        table = pd.DataFrame({name: each[positions] for name, each in self.identity.items()})
        return table[table["entity_id"].notna()].reset_index(drop=True)

    def settle(self, records: pd.DataFrame) -> None:
        """Take over rows of the store's records."""
        positions = self.locate(record_names(records))
        for name, kind in RECORDS.items():
            self.identity[name][positions] = records[name].to_numpy(kind)

    def _lengthen(self, new: pd.DataFrame) -> None:
        number = len(new)
        first = int(self.component.max(initial=-1)) + 1
        self.component = np.append(self.component, first + np.arange(number))
        self.here = np.append(self.here, np.ones(number, dtype=bool))
        self._fields = {
            name: np.append(column, np.full(number, None, dtype=object))
            for name, column in self._fields.items()
        }
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
