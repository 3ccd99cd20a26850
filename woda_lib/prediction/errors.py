"""What this room raises where data or a model cannot answer: a sentence, never a silent score."""

from __future__ import annotations

from woda_lib.errors import WodaError


class PredictionError(WodaError):
    """The data, the features or the model cannot give a risk that means anything."""

    exit_code = 2
