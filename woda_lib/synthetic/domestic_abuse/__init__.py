"""Domestic abuse in the county that never was: what happened, and what was written down."""
