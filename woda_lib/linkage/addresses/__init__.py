"""Addresses as partners write them, matched to the properties of a gazetteer."""

from __future__ import annotations

from woda_lib.linkage.addresses.index import AddressIndex
from woda_lib.linkage.addresses.match import explain, match_addresses

__all__ = ["AddressIndex", "explain", "match_addresses"]
