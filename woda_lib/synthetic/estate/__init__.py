"""What stands in the made-up county: partners' buildings, and what the land is used for."""

from woda_lib.synthetic.estate.whole import Estate

__all__ = ["Estate"]
