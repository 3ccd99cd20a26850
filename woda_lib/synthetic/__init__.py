"""The county that never was: partners' extracts of invented people, with a truth that is known.

`make_extracts` writes them, and `make_day` one day more; `known_truth` is the one way by which a
notebook may ask what is true, at once or by `known_later`.
"""

from woda_lib.synthetic.days import NotTheNextDay, make_day, next_day
from woda_lib.synthetic.extracts import ExtractsInTheWay, make_domestic_abuse, make_extracts
from woda_lib.synthetic.profiles import PROFILES, Profile, UnknownProfile
from woda_lib.synthetic.truth import TruthUnknown, known_later, known_truth

__all__ = [
    "PROFILES",
    "ExtractsInTheWay",
    "NotTheNextDay",
    "Profile",
    "TruthUnknown",
    "UnknownProfile",
    "known_later",
    "known_truth",
    "make_day",
    "make_domestic_abuse",
    "make_extracts",
    "next_day",
]
