"""Sentences that several results of this room say alike."""

from __future__ import annotations

INDEPENDENT = "People are independent: no bad week or month moves many of them together."


def independence(cluster: str | None) -> str:
    """Say what the errors take for independent: clusters where there are some, else people."""
    return "One cluster does not move with the next." if cluster else INDEPENDENT


def errors_of(cluster: str | None) -> str:
    """Say which errors a model's interval has."""
    return f"errors robust to clusters of {cluster}" if cluster else "model errors"
