"""What goes wrong with places: boundaries, coordinates and maps."""

from __future__ import annotations

from woda_lib.errors import WodaError


class PlacesError(WodaError):
    """What was handed over cannot be put on a map, or taken from one, as it stands."""

    exit_code = 2
