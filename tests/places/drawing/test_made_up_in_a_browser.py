"""Wherever a map goes, it says that its county is made up: page, picture and paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import Browser

pytestmark = pytest.mark.browser


def test_page_picture_and_paper_say_that_the_county_is_made_up(
    browser: Browser, sheet: Path
) -> None:
    with browser.view(sheet, width=1200) as view:
        assert view.page.locator(".woda header .synthetic").is_visible()
        written = view.page.evaluate(
            """() => {
              const words = [], write = CanvasRenderingContext2D.prototype.fillText;
              CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
                words.push(text);
                return write.call(this, text, ...rest);
              };
              woda.picture(woda.sheets[0]);
              CanvasRenderingContext2D.prototype.fillText = write;
              return words.join(" ");
            }"""
        )
        assert "Synthetic data: a county that never was." in written
        view.page.emulate_media(media="print")
        assert view.page.locator(".woda header .synthetic").is_visible()
