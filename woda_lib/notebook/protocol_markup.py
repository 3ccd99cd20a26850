"""A pre-registration as a block that reads well in JupyterLab and in a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from woda_lib.records import Protocol, Registered, say_aim, say_name, say_settings


def protocol_markup(registered: Registered) -> tuple[str, str]:
    """Return the block as HTML and as plain text.

    Parameters
    ----------
    registered
        The protocol, its hash and where the run departs from it.
    """
    protocol = registered.protocol
    entries = {
        "Question": [protocol.question],
        "Population": [protocol.population],
        "Clock": [protocol.clock],
        "Window": [protocol.window],
        "Outcome": [protocol.primary.outcome],
        "Primary model": [_primary(protocol), protocol.primary.reason],
        "Hypotheses": [f"{one.says} ({say_aim(one)})" for one in protocol.hypotheses],
        "Must not get worse": [
            f"{one.says}: by less than {one.margin:g} {one.unit}. {one.reason}"
            for one in protocol.secondary
        ],
        "Sub-groups": [
            *(f"{one.says}. {one.reason}".rstrip() for one in protocol.subgroups),
            protocol.exploratory,
        ],
        "Also planned": list(protocol.analyses),
        "Deviations": _deviations(registered),
    }
    entries = {label: [t for t in texts if t] for label, texts in entries.items() if any(texts)}
    head = (
        f"Registered on {_day(protocol.registered_on)}, version {protocol.version}, "
        f"SHA-256 {registered.sha256[:16]}…"
    )
    body = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{_said(texts)}</dd></div>"
        for label, texts in entries.items()
    )
    html = (
        '<section class="protocol" aria-label="Pre-registration">'
        f'<p class="registered"><b>{escape(head)}</b></p><dl class="prov">{body}</dl></section>'
    )
    plain = "\n".join([head, *(f"{label}: {'; '.join(t)}" for label, t in entries.items())])
    return html, plain


def _primary(protocol: Protocol) -> str:
    model = say_name(protocol.primary.model)
    settings = say_settings(protocol.primary.settings)
    return f"{model}: {settings}." if settings else f"{model}."


def _deviations(registered: Registered) -> list[str]:
    listed = [
        f"{_day(one.decided_on)}: {one.what} {one.why}" for one in registered.protocol.deviations
    ]
    now = [f"This run is not the registered analysis: {what}." for what in registered.departures]
    return [*now, *listed] or ["None."]


def _said(texts: Iterable[str]) -> str:
    texts = [escape(text) for text in texts]
    if len(texts) == 1:
        return texts[0]
    return f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
