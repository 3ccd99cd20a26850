"""Made-up businesses: who they are, where they are, and what five partners know of them."""

from woda_lib.synthetic.businesses.whole import SOUND, Businesses

__all__ = ["SOUND", "Businesses"]
