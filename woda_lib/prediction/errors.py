"""What goes wrong when households are predicted for: always a sentence, never a silent score."""

from __future__ import annotations

from woda_lib.errors import WodaError


class PredictionError(WodaError):
    """What was handed over cannot be predicted from, or judged, as it stands."""

    exit_code = 2
