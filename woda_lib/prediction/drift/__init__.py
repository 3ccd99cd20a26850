"""Whether a model still meets the world that it was made from: inputs, scores, calibration."""

from woda_lib.prediction.drift.bins import Bins, bins_of
from woda_lib.prediction.drift.drift import drift
from woda_lib.prediction.drift.result import Drift
from woda_lib.prediction.drift.stability import FAR, MOVED, Stability, stability

__all__ = ["FAR", "MOVED", "Bins", "Drift", "Stability", "bins_of", "drift", "stability"]
