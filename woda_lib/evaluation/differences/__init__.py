"""Difference in differences: who adopted when, effects by cohort and period, their spread."""
