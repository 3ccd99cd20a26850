"""The queue on paper: the pairs worth most, side by side, on a restricted page that names people.

The page is read where no JupyterLab is at hand. It holds neither the match probability nor what
anybody decided, because both would sway whoever reads it.
"""

from __future__ import annotations

from datetime import date
from html import escape

import pandas as pd

from woda_lib.linkage.review_markup import STYLE, pair_markup
from woda_lib.partners import OPENED
from woda_lib.pilots.single_view.review.side_by_side import KINDS, WHY

_LOOK = """
<style>
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1d1a21; background: #fff; margin: 0 auto;
  max-width: 64rem; padding: 16px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 8px; }
h2 { font-size: 1.05rem; margin: 28px 0 0; }
article { break-inside: avoid; }
.decide { display: flex; flex-wrap: wrap; gap: 8px 24px; margin: 6px 0 0; }
.woda-review small { font-size: 12px; }
@media (max-width: 40rem) { .woda-review th, .woda-review td { padding: 4px 5px; }
  .woda-review td.woda-value, .woda-review td.woda-none { font-size: 13px; }
  .woda-review .woda-verdict { width: 27%; font-size: 12.5px; overflow-wrap: normal; }
  .woda-review th { font-size: 13px; } }
</style>
"""
_BOXES = "".join(
    f"<span>\u2610 {said}</span>" for said in ("one person", "two people", "cannot be told")
)


def review_page(asked: pd.DataFrame, *, as_of: date, agreement: str, synthetic: bool) -> str:
    """Write the page.

    Parameters
    ----------
    asked
        From `side_by_side`.
    as_of
        The newest delivery.
    agreement
        Under which it is shown.
    synthetic
        Whether nobody on it is real.

    Returns
    -------
    str
        For `Run.save_document`: it asks nothing of any network, and runs no script.
    """
    made_up = "<p><strong>Made-up county: nobody on this page is real.</strong></p>"
    pairs = "".join(
        _pair(number, row) for number, row in enumerate(asked.to_dict("records"), start=1)
    )
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Matches for a person\u2019s eye</title>{_LOOK}{STYLE}</head><body>{OPENED}"
        f"<h1>Matches for a person\u2019s eye</h1>{made_up if synthetic else ''}"
        f"<p>{len(asked)} pairs of records, as partners held them on {as_of:%-d %B %Y}; agreement "
        f"{escape(agreement)}, purpose clerical review. Decide from what stands here and what the "
        "partners tell you, and enter it in JupyterLab or with <code>woda identities</code>.</p>"
        f"{pairs}</body></html>"
    )


def _pair(number: int, row: dict) -> str:
    said = {name: "" if pd.isna(value) else str(value) for name, value in row.items()}
    shown = {name: kind for name, kind in KINDS.items() if f"{name}_left" in said}
    names = {
        f"{side}_source": said[f"{side}_source"].replace("_", " ") for side in ("left", "right")
    }
    return (
        f"<article><h2>{number}. {escape(WHY[said['why']])}</h2>"
        f'<div class="woda-review">{pair_markup(said | names, shown)}</div>'
        f'<p class="decide">{_BOXES}</p></article>'
    )
