"""Should a model be used at all? Measures, intervals, stability, and the rule against use."""

from __future__ import annotations

from woda_lib.prediction.assessment.calibration_curve import CalibrationCurve, calibration_curve
from woda_lib.prediction.assessment.decision_curve import (
    DecisionCurve,
    decision_curve,
    net_benefit,
)
from woda_lib.prediction.assessment.measures import MEASURES, Assessment, assess
from woda_lib.prediction.assessment.ranking import on_the_list
from woda_lib.prediction.assessment.scored import SCORERS, with_outcomes

__all__ = [
    "MEASURES",
    "SCORERS",
    "Assessment",
    "CalibrationCurve",
    "DecisionCurve",
    "assess",
    "calibration_curve",
    "decision_curve",
    "net_benefit",
    "on_the_list",
    "with_outcomes",
]
