"""What the builder of the documentation is told beside mkdocs.yml: tables that scroll, search
without a server, and the house's own style and script, so that one look serves all pages."""

from __future__ import annotations

import json
import os
import re
from itertools import count
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

from woda_lib.stationery import house_style

ROOT = Path(__file__).parents[2]
LONGEST = 1500
"""Characters of a section that are searched: its opening says what it is about."""
SCRIPT = ROOT / "woda_lib" / "workbench" / "review" / "assets" / "woda.js"
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)")
_ITEM = re.compile(r"(?:[-*]|\d+\.) ")
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """Name a file of the checkout where a page links it: on a memory stick it is not there."""
    docs = Path(config.docs_dir)
    here = (docs / page.file.src_uri).parent

    def named(link: re.Match[str]) -> str:
        target = Path(os.path.normpath(here / link[2]))
        if target.is_relative_to(docs):
            return link[0]
        place = target.relative_to(docs.parent).as_posix()
        return f"{link[1]} (`{place}`)"

    return _LINK.sub(named, as_the_builder_reads_it(markdown))


def as_the_builder_reads_it(markdown: str) -> str:
    """Return a page, written as editors show it, in the stricter form that the builder takes.

    What a numbered item holds is indented by four and not by three; a list that follows its
    sentence without a blank line gets one.
    """
    lines: list[str] = []
    within_code = within_list = False
    for line in markdown.splitlines():
        if line.startswith("```"):
            within_code = not within_code
        after_text = bool(lines) and bool(lines[-1].strip())
        if _ITEM.match(line) and not within_code:
            if after_text and not within_list:
                lines.append("")
            within_list = True
        elif not after_text:
            within_list = False
        lines.append(f" {line}" if line.startswith("   ") and not within_code else line)
    return "\n".join(lines)


def on_page_content(html: str, *, page: Any, config: Any, files: Any) -> str:
    """Let a wide table scroll in a region of its own, which the Tab key reaches."""
    number = count(1)

    def region(table: re.Match[str]) -> str:
        opening = (
            f'<div class="scroll" role="region" aria-label="Table {next(number)}" tabindex="0">'
        )
        return f"{opening}{table[0]}</div>"

    return _TABLE.sub(region, html)


@event_priority(-100)  # after the search plugin has written its index
def on_post_build(*, config: Any) -> None:
    """Write the house's files, and the search index as a script: a folder serves no JSON."""
    site = Path(config.site_dir)
    assets = site / "assets"
    (assets / "house.css").write_text(house_style(), encoding="utf-8")
    (assets / "woda.js").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    index = site / "search" / "search_index.json"
    entries = json.loads(index.read_text(encoding="utf-8"))["docs"]
    found = [
        {"location": entry["location"], "title": entry["title"], "text": entry["text"][:LONGEST]}
        for entry in entries
    ]
    script = f"window.searchIndex = {json.dumps(found, ensure_ascii=False)};\n"
    (assets / "search_index.js").write_text(script, encoding="utf-8")
    index.unlink()
    index.parent.rmdir()
    for name in ("sitemap.xml", "sitemap.xml.gz"):  # for search engines, which read no folder
        (site / name).unlink()
    (assets / "_mkdocstrings.css").unlink()  # another theme's, which no page loads
