"""Should a model be used at all? Measures, intervals, stability, and the rule against use."""

from __future__ import annotations

from woda_lib.prediction.assessment.against_the_rule import against_the_rule
from woda_lib.prediction.assessment.calibration_curve import CalibrationCurve, calibration_curve
from woda_lib.prediction.assessment.decision_curve import (
    DecisionCurve,
    decision_curve,
    net_benefit,
)
from woda_lib.prediction.assessment.measures import MEASURES, Assessment, assess
from woda_lib.prediction.assessment.ranking import on_the_list
from woda_lib.prediction.assessment.scored import SCORERS, with_outcomes
from woda_lib.prediction.assessment.seeds import OverSeeds, over_seeds
from woda_lib.prediction.assessment.stopping import Bound, StopRule
from woda_lib.prediction.assessment.verdict import (
    DO_NOT_DEPLOY,
    Condition,
    Verdict,
    read_verdict,
    require_a_pilot,
)

__all__ = [
    "DO_NOT_DEPLOY",
    "MEASURES",
    "SCORERS",
    "Assessment",
    "Bound",
    "CalibrationCurve",
    "Condition",
    "DecisionCurve",
    "OverSeeds",
    "StopRule",
    "Verdict",
    "against_the_rule",
    "assess",
    "calibration_curve",
    "decision_curve",
    "net_benefit",
    "on_the_list",
    "over_seeds",
    "read_verdict",
    "require_a_pilot",
    "with_outcomes",
]
