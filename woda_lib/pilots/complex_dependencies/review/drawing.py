"""What became of households with scores like one, drawn: a bar of 1,000 and its interval."""

from __future__ import annotations

from markupsafe import Markup

WIDTH, HEIGHT = 300, 22
_TOP, _BAR = 6, 10


def bar_of_1000(in_1000: int, low: int, high: int) -> Markup:
    """Draw how many of 1,000, as a filled part of a bar with the interval across its end.

    Parameters
    ----------
    in_1000, low, high
        Whole numbers from 0 to 1,000.

    Returns
    -------
    Markup
        An SVG that says the same in words to whoever cannot see it. Its colours follow the page.
    """
    at, begin, end = (round(number * WIDTH / 1000, 1) for number in (in_1000, low, high))
    middle = _TOP + _BAR / 2
    return Markup(
        f'<svg class="thousand" viewBox="-2 0 {WIDTH + 4} {HEIGHT}" role="img" '
        f'aria-label="A bar of 1,000 of which {in_1000} are filled; the interval is {low} to '
        f'{high}">'
        f'<rect class="rest" x="0" y="{_TOP}" width="{WIDTH}" height="{_BAR}"/>'
        f'<rect class="part" x="0" y="{_TOP}" width="{at}" height="{_BAR}"/>'
        f'<path class="reach" d="M{begin} {middle}H{end}M{begin} {middle - 8}v16M{end} '
        f'{middle - 8}v16"/></svg>'
    )
