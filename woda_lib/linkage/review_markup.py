"""A pair of records side by side, as HTML, with the characters that differ marked.

Nothing is said by colour alone: characters that differ are bold and underlined, and each row says
in words how its two values compare.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from html import escape

from woda_lib.linkage.review import CLOSE, DIFFERENT, MISSING, SAME

_SIGNS = {
    SAME: ("=", "the same"),
    CLOSE: ("≈", "close"),
    DIFFERENT: ("≠", "different"),
    MISSING: ("–", "not comparable"),
}
LITTLE_IN_COMMON = 0.6  # share of characters
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")

# The colours are JupyterLab's own, so that the table follows its light and dark themes.
STYLE = """
<style>
.woda-review { color: var(--jp-ui-font-color1, #212121); font-size: 14px; line-height: 1.4; }
.woda-review progress { width: 100%; height: 8px; accent-color: var(--jp-brand-color1, #1976d2); }
.woda-review .woda-at { display: flex; justify-content: space-between; margin: 0; }
.woda-review table { width: 100%; max-width: 60rem; table-layout: fixed; border-collapse: collapse;
  margin: 12px 0 4px; }
.woda-review th, .woda-review td { padding: 6px 10px; text-align: left; vertical-align: baseline;
  border-bottom: 1px solid var(--jp-border-color2, #bdbdbd); overflow-wrap: anywhere; }
.woda-review thead th { border-bottom: 2px solid var(--jp-ui-font-color2, #616161); }
.woda-review th:first-child { width: 18%; font-weight: 400;
  color: var(--jp-ui-font-color2, #616161); }
.woda-review .woda-verdict { width: 22%; }
.woda-review td.woda-value { font-family: var(--jp-code-font-family, monospace); font-size: 15px; }
.woda-review small { display: block; font-weight: 400; color: var(--jp-ui-font-color2, #616161);
  overflow-wrap: anywhere; }
.woda-review mark { font-weight: 700; text-decoration: underline; text-decoration-thickness: 2px;
  text-underline-offset: 3px; color: inherit;
  background: color-mix(in srgb, var(--jp-warn-color1, #f57c00) 25%, transparent); }
.woda-review tr.woda-differs .woda-verdict { font-weight: 700; }
.woda-review .woda-none { font-style: italic; font-family: var(--jp-ui-font-family, sans-serif);
  color: var(--jp-ui-font-color2, #616161); }
</style>
"""


def pair_markup(row: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    """Write a table of the two records of a pair.

    Parameters
    ----------
    row
        A row of a reviewer's file: ``left_source``, ``left_id``, ``right_source``, ``right_id``
        and ``<field>_left``, ``<field>_differs``, ``<field>_right`` of each field.
    kinds
        Field to kind, of the fields to show, in their order.
    """
    heads = "".join(
        f'<th scope="col">{escape(row[f"{side}_source"])}'
        f"<small>record {_isolated(escape(row[f'{side}_id']))}</small></th>"
        for side in ("left", "right")
    )
    rows = "".join(_field(row, name, kind) for name, kind in kinds.items())
    return (
        f'<table><thead><tr><th scope="col">field</th>{heads}'
        f'<th scope="col" class="woda-verdict">they are</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def marked(left: str, right: str) -> tuple[str, str]:
    """Return two texts as HTML, each with the characters that the other lacks marked.

    The common stretches are those of `difflib.SequenceMatcher`. Texts that have little in common
    are marked whole, because the letters that they share by chance would only distract.
    """
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < LITTLE_IN_COMMON:
        return f"<mark>{escape(left)}</mark>", f"<mark>{escape(right)}</mark>"
    sides: tuple[list[str], list[str]] = ([], [])
    for what, i, end_i, j, end_j in matcher.get_opcodes():
        for side, part in zip(sides, (left[i:end_i], right[j:end_j]), strict=True):
            if part:
                written = escape(part)
                side.append(written if what == "equal" else f"<mark>{written}</mark>")
    return "".join(sides[0]), "".join(sides[1])


def _field(row: Mapping[str, str], name: str, kind: str) -> str:
    left, right = (_readable(row[f"{name}_{side}"], kind) for side in ("left", "right"))
    verdict = row[f"{name}_differs"]
    sign, words = _SIGNS.get(verdict, _SIGNS[MISSING])
    one, other = marked(left, right) if left and right else (escape(left), escape(right))
    differs = ' class="woda-differs"' if verdict in (CLOSE, DIFFERENT) else ""
    return (
        f'<tr{differs}><th scope="row">{escape(name.replace("_", " "))}</th>'
        f"{_value(one)}{_value(other)}"
        f'<td class="woda-verdict"><span aria-hidden="true">{sign}</span> {words}</td></tr>'
    )


def _readable(value: str, kind: str) -> str:
    if kind == "date_of_birth":
        return _EIGHT_DIGITS.sub(r"\1-\2-\3", value)
    return value


def _value(written: str) -> str:
    if not written:
        return '<td class="woda-none">not recorded</td>'
    return f'<td class="woda-value">{_isolated(written)}</td>'


def _isolated(written: str) -> str:
    """Keep the direction of writing of one value from turning its neighbours round."""
    return f"<bdi>{written}</bdi>"
