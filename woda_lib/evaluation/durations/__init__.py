"""Durations of which some are only known to be longer: means, curves, regressions, causes."""
