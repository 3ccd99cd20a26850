"""The store: what the build saved, in memory, to be asked for one person or property at a time."""

from woda_lib.pilots.single_view.store.opening import open_store
from woda_lib.pilots.single_view.store.person import Person
from woda_lib.pilots.single_view.store.store import NotInTheStore, Store

__all__ = ["NotInTheStore", "Person", "Store", "open_store"]
