"""Notebooks executed: kernels, their failures, and the folder that a run is made in."""
