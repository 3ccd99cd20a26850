"""Which HTML an output may bring into a report: what could run or fetch is refused.

The verbs of `woda_lib.notebook` escape all text themselves. This is the second wall, against
a notebook that was edited by hand or by another tool; the page's content security policy is the
third.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from woda_lib.errors import WodaError

_ELEMENT = re.compile(
    # text and tables
    "a|abbr|b|br|caption|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|figcaption|figure|"
    "h[2-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|samp|section|small|span|strong|sub|summary|sup|"
    "table|tbody|td|tfoot|th|thead|time|tr|u|ul|var|wbr|"
    # drawings
    "circle|clippath|defs|desc|ellipse|g|line|lineargradient|marker|mask|path|pattern|polygon|"
    "polyline|radialgradient|rect|stop|svg|symbol|text|textpath|title|tspan|use"
)
_ADDRESS = re.compile("action|background|cite|data|formaction|href|ping|poster|src|xlink:href")
_SAID = frozenset(("alt", "aria-label", "title"))  # text for people, where any words may stand
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(url|src|image-set)\(\s*['\"]?(?!#)|@import|expression\(", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20]")
_FRAME = frozenset(("class", "loading", "sandbox", "src", "style", "title"))
_SANDBOX = frozenset(("allow-scripts", "allow-downloads", "allow-modals"))
"""What a map's frame may do. With allow-same-origin it could reach the report."""
_MAP = re.compile(r"shown/\w+/\w+\.html")
_FACTS = re.compile(r'\s*<dl class="facts">(.*)</dl>\s*', re.DOTALL)


class UnsafeOutput(WodaError):
    """A notebook's output holds markup that a report may not hold."""


def is_local(address: str) -> bool:
    """Whether a link stays in the folder of results: a part of the page, or a relative path."""
    bare = _UNSEEN.sub("", address)
    return not (_SCHEME.match(bare) or bare.startswith(("/", "\\")))


def is_picture(address: str) -> bool:
    """Whether an image is held in its own address, so that nothing is fetched to show it."""
    return _PICTURE.fullmatch(address.strip()) is not None


def checked_fragment(html: str, *, where: str) -> str:
    """Return `html` as it is, once it is known to be text, tables and drawings only.

    Parameters
    ----------
    html : str
        The fragment that one of the run's verbs made.
    where : str
        How to call it in an error, such as "The output 'monthly' of cell 9".

    Raises
    ------
    UnsafeOutput
        If it holds an element or attribute that could run, fetch or post anything.
    """
    check = _Check(where)
    check.feed(html)
    check.close()
    return html


def merged_facts(fragments: list[str]) -> str:
    """Return several headline values, each a list of one entry, as one list."""
    entries = "".join(_FACTS.sub(r"\1", fragment) for fragment in fragments)
    return f'<dl class="facts">{entries}</dl>'


def _is_map(attributes: dict[str, str | None]) -> bool:
    """Whether a frame holds a map that the step exported, shut off from the report."""
    allowed = (attributes.get("sandbox") or "").split()
    return (
        _MAP.fullmatch(attributes.get("src") or "") is not None
        and attributes.keys() <= _FRAME
        and "sandbox" in attributes
        and _SANDBOX.issuperset(allowed)
        and bool((attributes.get("title") or "").strip())
    )


class _Check(HTMLParser):
    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self._where = where

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not (_ELEMENT.fullmatch(tag) or (tag == "iframe" and _is_map(dict(attrs)))):
            self._refuse(f"a <{tag}> element")
        for name, value in attrs:
            if name.startswith("on") or name in {"srcdoc", "srcset"}:
                self._refuse(f"the attribute {name}")
            if _ADDRESS.fullmatch(name) and not (
                is_local(value or "") or (tag == "img" and is_picture(value or ""))
            ):
                self._refuse(f"an address outside the report, in the attribute {name}")
            if name not in _SAID and _ELSEWHERE.search(value or ""):
                self._refuse(f"a style that fetches, in the attribute {name}")

    def handle_decl(self, decl: str) -> None:
        self._refuse("a declaration")

    def handle_pi(self, data: str) -> None:
        self._refuse("a processing instruction")

    def unknown_decl(self, data: str) -> None:
        self._refuse("a declaration")

    def _refuse(self, what: str) -> None:
        raise UnsafeOutput(
            f"{self._where} holds {what}, which a report may not. Show tables and figures with "
            "run.show, and run the step again."
        )
