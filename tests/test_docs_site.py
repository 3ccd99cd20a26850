"""The documentation as a reader has it: a folder that opens without a server or a network."""

from __future__ import annotations

import importlib
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import Browser, open_browser

ROOT = Path(__file__).parents[1]
ROOMS = [
    *("notebook", "linkage", "evaluation", "places", "disclosure", "partners", "records"),
    *("figures", "synthetic", "workbench"),
    *(f"prediction.{part}" for part in ("features", "training", "assessment", "fairness")),
    *(f"prediction.{part}" for part in ("drift", "explanation", "bundle")),
    *(f"places.{part}" for part in ("analysis", "drawing", "sealed")),
]
PHONE, LAPTOP = 390, 1280


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built as `make docs` builds it: a link that leads nowhere stops it."""
    folder = tmp_path_factory.mktemp("docs")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (built.returncode, built.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1. Say:\n\n   ```\n   woda\n   ```\n", "1. Say:\n\n    ```\n    woda\n    ```"),
        ("These:\n- one\n- two\n", "These:\n\n- one\n- two"),
        ("1. One\n\n   more.\n2. Two", "1. One\n\n    more.\n\n2. Two"),
        ("- one\n  and more\n- two", "- one\n  and more\n- two"),
        ("```\n   - code\n- code\n```", "```\n   - code\n- code\n```"),
    ],
)
def test_a_page_is_written_as_editors_show_it(written: str, read: str) -> None:
    hooks = runpy.run_path(str(ROOT / "docs" / "making" / "hooks.py"))
    assert hooks["as_the_builder_reads_it"](written) == read


def test_every_page_is_built(site: Path) -> None:
    sources = {page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")}
    built = {page.relative_to(site).with_suffix(".md") for page in site.rglob("*.html")}
    assert built == sources


def test_nothing_of_the_making_is_among_the_pages(site: Path) -> None:
    assert [path.name for path in site.rglob("*") if path.suffix in (".py", ".md", ".xml")] == []
    assert not (site / "making").exists()


LOADED = (
    r'<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|srcset|data)="([^"]+)"'
)
LINKED = r'<link\b[^>]*?\bhref="([^"]+)"'


def test_a_page_loads_nothing_but_files_beside_it(site: Path, pages: dict[Path, str]) -> None:
    for path, text in pages.items():
        loaded = [*re.findall(LOADED, text), *re.findall(LINKED, text)]
        assert len(loaded) >= 5
        for target in loaded:
            if not target.startswith("data:image/"):
                assert (path.parent / target).resolve().is_relative_to(site.resolve()), target
                assert (path.parent / target).is_file(), f"{path.name}: {target}"


def test_styles_and_scripts_load_nothing(site: Path) -> None:
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert styles
    assert [
        found for text in styles for found in re.findall(r"@import|url\(\s*['\"]?(?!data:)", text)
    ] == []
    scripts = [path for path in site.rglob("*.js") if path.name != "search_index.js"]
    assert scripts
    asks = (
        r"https?:|\bfetch\(|XMLHttpRequest|importScripts|\bimport\("
        r"|WebSocket|EventSource|sendBeacon"
    )
    for path in scripts:
        assert re.findall(asks, path.read_text(encoding="utf-8")) == [], path.name
    index = (site / "assets" / "search_index.js").read_text(encoding="utf-8")
    assert index.startswith("window.searchIndex = [") and index.endswith("];\n")


def test_every_link_within_the_site_leads_somewhere(site: Path, pages: dict[Path, str]) -> None:
    names = {
        path.resolve(): set(re.findall(r'\bid="([^"]+)"', text)) for path, text in pages.items()
    }
    dead = []
    for path, text in pages.items():
        for link in set(re.findall(r'<a\b[^>]*?\bhref="([^"]+)"', text)):
            if re.match(r"https?:|mailto:", link):
                continue
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path.resolve()
            if not target.is_file() or (anchor and anchor not in names.get(target, ())):
                dead.append(f"{path.relative_to(site)}: {link}")
    assert dead == []


def test_no_page_tells_of_the_machine_that_built_it(site: Path, pages: dict[Path, str]) -> None:
    for path, text in pages.items():
        assert str(ROOT) not in text, path.name
        assert str(Path.home()) + "/" not in text, path.name


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_makes_public_is_in_the_reference(room: str, pages: dict[Path, str]) -> None:
    """What has a docstring, and no constant: its value is no reader's matter."""
    text = "".join(text for path, text in pages.items() if path.parent.name == "reference")
    module = importlib.import_module(f"woda_lib.{room}")
    there = set(re.findall(r'id="(woda_lib[\w.]+)"', text))
    for name in module.__all__:
        public = getattr(module, name)
        if callable(public) and public.__doc__:
            by_module = f"{public.__module__}.{name}"  # of one that is named like its module
            assert there & {f"woda_lib.{room}.{name}", by_module}, name


def test_a_table_that_is_wider_than_the_page_scrolls_by_itself(pages: dict[Path, str]) -> None:
    for path, text in pages.items():
        assert len(re.findall(r"<table\b", text)) == len(re.findall(r'class="scroll"', text)), (
            path.name
        )


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.parametrize("page", ["index", "reference/evaluation", "how_to/cite", "glossary"])
@pytest.mark.parametrize("width", [PHONE, LAPTOP])
def test_a_page_opens_from_a_folder_and_asks_nothing_of_a_network(
    browser: Browser, site: Path, page: str, width: int
) -> None:
    with browser.view(site / f"{page}.html", width=width) as view:
        assert [url for url in view.requests if not url.startswith(site.resolve().as_uri())] == []
        assert view.complaints == []
        assert view.overflow == 0


@pytest.mark.browser
@pytest.mark.parametrize("page", ["index", "reference/keys", "tutorials/own_question"])
@pytest.mark.parametrize("dark", [False, True])
def test_a_page_can_be_read_by_everybody(
    browser: Browser, site: Path, page: str, dark: bool
) -> None:
    with browser.view(site / f"{page}.html", dark=dark) as view:
        assert view.accessibility_faults() == []


@pytest.mark.browser
def test_search_works_without_a_server(browser: Browser, site: Path) -> None:
    with browser.view(site / "how_to" / "cite.html", width=LAPTOP) as view:
        view.page.fill("#search", "blocking rule")
        first = view.page.locator("#found a").first
        assert "places found" in view.page.inner_text("#counted")
        first.click()
        view.page.wait_for_load_state()
        assert view.page.url.startswith(site.resolve().as_uri())
        assert "blocking rule" in view.page.inner_text("main").lower()


@pytest.mark.browser
def test_search_says_when_nothing_is_said(browser: Browser, site: Path) -> None:
    with browser.view(site / "index.html", width=LAPTOP) as view:
        view.page.fill("#search", "hippopotamus")
        assert view.page.inner_text("#found") == "Nothing is said of that here."
        view.page.press("#search", "Escape")
        assert not view.page.is_visible("#found")


@pytest.mark.browser
def test_pages_are_read_and_found_without_a_script(browser: Browser, site: Path) -> None:
    with browser.view(site / "index.html", width=PHONE, script=False) as view:
        assert not view.page.is_visible(".search")
        view.page.click("summary:has-text('Governance')")
        assert view.page.is_visible("nav.pages a:has-text('What is enforced')")
