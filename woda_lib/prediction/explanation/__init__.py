"""Why a score is what it is: over all households, and of one household in a caseworker's words."""

from woda_lib.prediction.explanation.case import LOWERS, OTHERS, RAISES, gaps, reasons
from woda_lib.prediction.explanation.contributions import Contributions
from woda_lib.prediction.explanation.likeness import Likeness
from woda_lib.prediction.explanation.overall import Overall, explain_overall
from woda_lib.prediction.explanation.wording import FeatureWords, Wording, read_wording

__all__ = [
    "LOWERS",
    "OTHERS",
    "RAISES",
    "Contributions",
    "FeatureWords",
    "Likeness",
    "Overall",
    "Wording",
    "explain_overall",
    "gaps",
    "read_wording",
    "reasons",
]
