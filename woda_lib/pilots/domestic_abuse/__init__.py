"""Domestic abuse: from a night's incidents to what the triage meeting needs to know."""
