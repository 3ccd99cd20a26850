"""How many places does a service need so that few people wait long? Answered by simulation."""

from __future__ import annotations

from woda_lib.evaluation.capacity.arrivals import ArrivalRates, arrival_rates
from woda_lib.evaluation.capacity.places import PlacesNeeded, places_needed
from woda_lib.evaluation.capacity.queue import simulate, starts

__all__ = [
    "ArrivalRates",
    "PlacesNeeded",
    "arrival_rates",
    "places_needed",
    "simulate",
    "starts",
]
