"""Runs that people sign: frozen, versioned, and proved unchanged."""
