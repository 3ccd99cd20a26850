"""Interrupted time series: segments, errors that remember, impacts, counterfactuals, placebos."""
