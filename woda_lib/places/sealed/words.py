"""Texts of features, made harmless wherever a map's page puts them: as text, as HTML, in a script.

folium's tooltips and popups put a property into the page as HTML, its popups put it between
backticks in a script, and branca reads a page's script once more as a template, in which two braces
begin an expression. No escape is right in all of these places. So the few characters that mean
something there are written as others that look alike; tables and CSV files keep the text as it is.
"""

from __future__ import annotations

from typing import TypeVar

import pandas as pd

Frame = TypeVar("Frame", bound=pd.DataFrame)

_ALIKE = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")", "`": "’", "\\": "/"})


def safe_word(text: str) -> str:
    """Return a text without the characters that begin markup, an expression or an escape."""
    return text.translate(_ALIKE)


def safe_words(frame: Frame) -> Frame:
    """Return a table whose texts and headings are safe; see `safe_word`."""
    made = frame.rename(columns={name: safe_word(str(name)) for name in frame.columns})
    for column in made.columns:
        values = made[column]
        if isinstance(values.dtype, pd.CategoricalDtype):
            values = values.astype(object)
        if pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values):
            made[column] = values.map(_safe)
    return made


def _safe(item: object) -> object:
    return safe_word(item) if isinstance(item, str) else item
