"""The county that never was: partners' extracts of invented people, with a truth that is known.

`make_extracts` writes them; `known_truth` is the one way by which a notebook may ask what is true.
"""

from woda_lib.synthetic.extracts import ExtractsInTheWay, make_extracts
from woda_lib.synthetic.profiles import PROFILES, Profile, UnknownProfile
from woda_lib.synthetic.truth import TruthUnknown, known_truth

__all__ = [
    "PROFILES",
    "ExtractsInTheWay",
    "Profile",
    "TruthUnknown",
    "UnknownProfile",
    "known_truth",
    "make_extracts",
]
