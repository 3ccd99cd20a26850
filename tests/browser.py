"""A real browser without a network: what a reader's offline laptop would show of a page.

Debian's Chromium is driven through Playwright. Every request that a page makes is recorded, so that
a test can assert that there was only one: the page itself.
"""

from __future__ import annotations

import importlib.util
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.absent import absent
from woda_lib.workbench.review.pdf import QUIET

_AXE = "axe_playwright_python"  # the package that carries axe-core's script

_EACH_COLOUR_ONCE = """() => {
  const colour = axe.commons.color.Color.prototype, read = colour.parseString, known = new Map();
  colour.parseString = function (text) {
    if (!known.has(text)) {
      read.call(this, text);
      known.set(text, [this.red, this.green, this.blue, this.alpha]);
    } else [this.red, this.green, this.blue, this.alpha] = known.get(text);
    return this;
  };
}
"""
"""A page has a dozen colours and thousands of texts in them. axe reads the colour of each anew,
which was a fifth of the time that it took over a report."""


@dataclass(frozen=True)
class View:
    """One page in one window."""

    page: Any  # a playwright Page; untyped, because the package may be missing
    requests: list[str]
    complaints: list[str]

    def go(self, path: Path) -> None:
        """Open another file in the same window; what the one before asked for is forgotten."""
        self.requests.clear()
        self.complaints.clear()
        self.page.goto(path.resolve().as_uri(), wait_until="load")

    def leave(self) -> None:
        """Leave the window as a new one is: an empty page, nothing stored and nothing pointed at.

        A page that is opened where it was already would be read anew and scrolled to where it was.
        """
        for other in self.page.context.pages:
            if other is not self.page:
                other.close()
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.mouse.move(-1, -1)
        self.page.goto("about:blank")

    def measure(self, selector: str) -> dict[str, float]:
        """Return the box of the first match, in CSS pixels from the window's top left corner."""
        box: dict[str, float] | None = self.page.locator(selector).first.bounding_box()
        assert box is not None, f"{selector} is not drawn"
        return box

    def style(self, selector: str, name: str) -> str:
        """Return a computed style of the first match."""
        script = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"
        return str(self.page.evaluate(script, [selector, name]))

    def until(self, condition: str, seconds: float = 10.0) -> None:
        """Wait until a condition holds; it is asked from here, not by the page.

        Playwright's own `wait_for_function` has the page evaluate a text when it asks again, which
        pages whose policy allows only their own scripts refuse: it held only if nothing had to be
        waited for.
        """
        last = time.monotonic() + seconds
        while not self.page.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < last, f"not within {seconds:g} s: {condition}"
            time.sleep(0.02)

    @property
    def overflow(self) -> float:
        """By how many pixels the page is wider than its window."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return float(self.page.evaluate(script))

    def turn(self, *, width: int, height: int = 900, dark: bool = False) -> None:
        """Show the same page in another window, once it has been laid out there."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        drawn = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
        self.page.evaluate(drawn)

    def accessibility_faults(self) -> list[str]:
        """Return what axe-core finds wrong: rule, and the elements that break it.

        The size of targets, which WCAG 2.2 AA asks for, is a rule that axe leaves off by itself.
        """
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe_script())
            self.page.evaluate(_EACH_COLOUR_ONCE)
        rules = "{'target-size': {enabled: true}}"
        found = self.page.evaluate(f"axe.run({{resultTypes: ['violations'], rules: {rules}}})")
        return [
            f"{fault['id']}: {', '.join(str(node['target']) for node in fault['nodes'])}"
            for fault in found["violations"]
        ]


class Browser:
    """Chromium, opened once for many pages.

    A new window costs Chromium as many processor seconds as ten pages that are opened in one that
    is there, most of them in processes that Python never hears of. So a window is used again, with
    nothing left in it of the page before: not what that stored, where it was scrolled to, how it
    was shown, nor a pointer over it.
    """

    def __init__(self, chromium: Any) -> None:
        self._chromium = chromium
        self._free: dict[bool, list[View]] = {True: [], False: []}

    @contextmanager
    def view(
        self,
        path: Path,
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        script: bool = True,
    ) -> Iterator[View]:
        """Open a file with the network off.

        Parameters
        ----------
        path : Path
        width, height : int
            The window, in CSS pixels.
        dark : bool
            Whether the reader's system asks for dark pages.
        script : bool
            False opens it as a browser that runs no script.
        """
        free = self._free[script]
        view = free.pop() if free else self._window(script)
        try:
            view.page.set_viewport_size({"width": width, "height": height})
            scheme = "dark" if dark else "light"
            view.page.emulate_media(media="null", color_scheme=scheme)
            view.go(path)
            yield view
            view.leave()
        except BaseException:  # whatever stopped a test may be in the window's way for good
            view.page.context.close()
            raise
        free.append(view)

    def _window(self, script: bool) -> View:
        context = self._chromium.new_context(
            reduced_motion="reduce", java_script_enabled=script, offline=True
        )
        page = context.new_page()
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return View(page, requests, complaints)

    @contextmanager
    def visit(self, url: str, *, width: int = 1440, height: int = 900) -> Iterator[View]:
        """Open an address of this machine; whatever a page asks of any other is recorded too."""
        context = self._chromium.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        page = context.new_page()
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        try:
            page.goto(url, wait_until="load")
            yield View(page, requests, complaints)
        finally:
            context.close()


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium; skip the test, with the reason, where it is not installed."""
    executable = shutil.which("chromium")
    if executable is None:
        absent("browser", "Debian's Chromium is not installed (apt-get install chromium)")
    if importlib.util.find_spec("playwright") is None:
        absent("browser", "the Python package playwright is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        try:
            yield Browser(chromium)
        finally:
            chromium.close()


def require_axe() -> None:
    """Skip the test, with the reason, where no package brings axe-core."""
    if importlib.util.find_spec(_AXE) is None:
        package = _AXE.replace("_", "-")
        absent("browser", f"the Python package {package}, which brings axe-core, is missing")


def _axe_script() -> str:
    found = importlib.util.find_spec(_AXE)
    assert found is not None and found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
