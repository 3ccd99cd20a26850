"""What an author writes in a notebook, prose and code, as HTML that can neither run nor fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import mistune
from mistune.core import BlockState
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from woda_lib.workbench.review.fragments import is_local, is_picture

_TAGS = re.compile(r"<[^>]+>")
_NOTEBOOK = re.compile(r"\.ipynb(?=$|#)")
_DEEPEST_SECTION = 2


@dataclass(frozen=True)
class Heading:
    """A heading that divides a report: the title (level 1) or a section (level 2)."""

    level: int
    html: str

    @property
    def text(self) -> str:
        """The heading without markup."""
        return unescape(_TAGS.sub("", self.html))


def read_markdown(source: str) -> list[Heading | str]:
    """Return the headings of levels 1 and 2, and between them the HTML of what they head.

    Raw HTML is escaped. A link to a host becomes text with its address beside it, because a report
    is read offline and on paper; a link to a notebook becomes a link to its report. An image that
    is not held in the text itself is replaced by its description.
    """
    tokens, state = _PARSE.parse(source)
    assert not isinstance(tokens, str)  # without a renderer, tokens are what mistune returns
    return list(_divided(tokens, state))


def _divided(tokens: list[dict[str, Any]], state: BlockState) -> Iterator[Heading | str]:
    waiting: list[dict[str, Any]] = []
    for token in tokens:
        if token["type"] == "heading" and token["attrs"]["level"] <= _DEEPEST_SECTION:
            yield from _rendered(waiting, state)
            waiting = []
            title = _RENDERER.render_tokens(token["children"], state)
            yield Heading(token["attrs"]["level"], title)
        else:
            waiting.append(token)
    yield from _rendered(waiting, state)


def _rendered(tokens: list[dict[str, Any]], state: BlockState) -> Iterator[str]:
    if html := _RENDERER(tokens, state).strip():
        yield html


def highlight_code(source: str) -> str:
    """Return Python code with a class for each kind of token (``hl-k`` a keyword, and so on)."""
    html: str = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True, classprefix="hl-"))
    return html.rstrip("\n")


class _Renderer(mistune.HTMLRenderer):
    """Markdown's elements as a report holds them; names and signatures are mistune's."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if is_local(url):
            return f'<a href="{escape(_NOTEBOOK.sub(".html", url))}">{text}</a>'
        if not url.startswith(("https://", "http://")):
            return text
        address = escape(url)
        if text in (address, escape(url, quote=False)):
            return f'<span class="address">{text}</span>'
        return f'{text} <span class="address">({address})</span>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        description = _TAGS.sub("", text)
        if is_picture(url):
            return f'<img src="{escape(url)}" alt="{description}">'
        return f"<em>Picture left out: {description or 'it has no description'}.</em>"

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<pre class="sample"><code>{escape(code)}</code></pre>\n'

    def table(self, text: str) -> str:
        return f'<div class="scroll"><table>{text}</table></div>\n'

    def table_head(self, text: str) -> str:
        return f"<thead><tr>{text}</tr></thead>"

    def table_body(self, text: str) -> str:
        return f"<tbody>{text}</tbody>"

    def table_row(self, text: str) -> str:
        return f"<tr>{text}</tr>"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        number = ' class="n"' if align == "right" else ""
        return f'<th scope="col"{number}>{text}</th>' if head else f"<td{number}>{text}</td>"


_PARSE = mistune.create_markdown(renderer=None, plugins=["table"])
_RENDERER = _Renderer(escape=True)
