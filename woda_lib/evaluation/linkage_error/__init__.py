"""Linkage error carried through to the effect."""
