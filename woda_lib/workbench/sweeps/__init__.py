"""Runs a pilot over a grid of parameter values and compares what it finds side by side."""
