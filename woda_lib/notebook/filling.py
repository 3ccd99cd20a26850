"""Sentences with figures put into them: ``{days_saved}``, ``{patient_flow/days_saved:value}``.

One form for the answer of every notebook and for the prose of a case. All text is escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from woda_lib.notebook.errors import NotebookError
from woda_lib.records import Value, say_amount, say_interval

PLACEHOLDER = re.compile(r"\{(?P<name>[^{}\s:]+)(?::(?P<form>[^{}\s]*))?\}")
_FORMS = ("", "value", "interval")
_BULLET = "- "


def filled(text: str, figure: Callable[[str], tuple[Value, str]]) -> str:
    """Return a text as markup, with its figures put in.

    Parameters
    ----------
    text : str
        ``{name}`` becomes a number with its unit, in bold, and its interval; ``{name:value}`` the
        number with its unit alone; ``{name:interval}`` the interval alone.
    figure : callable
        Returns a figure by its name, and the markup that follows it, such as the number of a note.

    Raises
    ------
    NotebookError
        If a form has another name, or a figure has no interval whose interval is to be said.
    """

    def put(match: re.Match[str]) -> str:
        name, form = match["name"], match["form"] or ""
        if form not in _FORMS:
            raise NotebookError(
                f"{{{name}:{form}}} is no form of a figure. Write {{{name}}}, {{{name}:value}} or "
                f"{{{name}:interval}}."
            )
        value, mark = figure(name)
        amount = f"<strong>{escape(say_amount(value))}</strong>"
        interval = escape(say_interval(value))
        if form == "interval" and not interval:
            raise NotebookError(
                f"The text says the interval of {name}, which has none. Write {{{name}:value}}, or "
                "record the value with low and high."
            )
        if form == "value" or not interval:
            return amount + mark
        said = interval if form == "interval" else f"{amount} (95% interval {interval})"
        return said + mark

    return PLACEHOLDER.sub(put, escape(text, quote=False))


def paragraphs(text: str) -> list[str]:
    """Return what blank lines part, each in one line, as it was written."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]


def blocks(text: str) -> list[list[str]]:
    """Return the paragraphs and lists of a text, each as its items.

    A list is what begins each item with ``- ``; what follows on another line belongs to its item.
    A paragraph has one item, which does not begin so.
    """
    found = []
    for part in re.split(r"\n\s*\n", text.strip()):
        items: list[str] = []
        for line in map(str.strip, part.strip().splitlines()):
            if line.startswith(_BULLET) or not items:
                items.append(line)
            else:
                items[-1] = f"{items[-1]} {line}"
        found.append(items)
    return found


def block_markup(items: list[str], fill: Callable[[str], str]) -> str:
    """Return a paragraph or list of `blocks` as markup; a paragraph may lead into its list."""
    lead = [] if items[0].startswith(_BULLET) else items[:1]
    listed = [item.removeprefix(_BULLET) for item in items[len(lead) :]]
    html = "".join(f"<p>{fill(each)}</p>" for each in lead)
    if listed:
        html += f"<ul>{''.join(f'<li>{fill(each)}</li>' for each in listed)}</ul>"
    return html
