"""A queue for a limited number of places, first come, first served: two ways to run the same one.

`simulate` is the model as one would tell it, in SimPy: a person arrives, asks for a place, waits
for it, keeps it for a while and gives it back. `starts` computes the very same times in one pass
over the arrivals (the recursion of Kiefer and Wolfowitz 1955, Transactions of the American
Mathematical Society 78: 1-18, with a heap for the times at which places come free), a few hundred
times faster, so that a search can try every number of places in hundreds of simulated years. A test
holds the two to each other, digit by digit, and both to exact results of queueing theory.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def simulate(arrivals: Floats, services: Floats, places: int) -> Floats:
    """Run the queue in SimPy, event by event.

    Parameters
    ----------
    arrivals
        (people,) times of arrival, sorted.
    services
        (people,) how long each keeps a place.
    places
        How many there are.

    Returns
    -------
    ndarray
        (people,) the time at which each gets a place.
    """
    environment = simpy.Environment()
    beds = simpy.Resource(environment, capacity=places)
    begun = np.empty(len(arrivals))

    def person(number: int) -> Generator[simpy.Event, None, None]:
        yield environment.timeout(arrivals[number])
        with beds.request() as place:
            yield place
            begun[number] = environment.now
            yield environment.timeout(services[number])

    for number in range(len(arrivals)):
        environment.process(person(number))
    environment.run()
    return begun


def starts(arrivals: Floats, services: Floats, places: int) -> Floats:
    """Return what `simulate` returns, in one pass."""
    return np.asarray(_starts(arrivals, services, places))


@njit(cache=True)
def _starts(arrivals: Floats, services: Floats, places: int) -> Floats:
    """Keep a heap of the times at which places come free, the soonest at its root."""
    free = np.zeros(places)
    begun = np.empty(len(arrivals))
    for person in range(len(arrivals)):
        begun[person] = max(arrivals[person], free[0])
        until = begun[person] + services[person]
        node = 0
        while 2 * node + 1 < places:
            child = 2 * node + 1
            if child + 1 < places and free[child + 1] < free[child]:
                child += 1
            if free[child] >= until:
                break
            free[node] = free[child]
            node = child
        free[node] = until
    return begun
