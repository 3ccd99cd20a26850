"""A step over a few made-up people, in the hands of somebody who wants one of them out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from woda_lib.disclosure import Canary, Loaded, Rule
from woda_lib.figures import Picture
from woda_lib.notebook.gallery import Gallery
from woda_lib.notebook.memory import Memory
from woda_lib.partners.key_store import Ring
from woda_lib.partners.keys import AgreementKey
from woda_lib.records import RunFolder

RULE = Rule(threshold=5, rounding=5)
KEY = AgreementKey(Ring("tiny", {"v1": b"1" * 32}))
CANARY = Canary("Zephyrine", "Quillfeatherby")
NAME = f"{CANARY.forename} {CANARY.surname}"
NHS = "943 476 5919"  # the number that the NHS data dictionary publishes as its example

PEOPLE = pd.DataFrame(
    {
        "spell_id": [f"WS10{n:03}" for n in range(60)],
        "nhs_number": [NHS.replace(" ", "")] + [None] * 59,
        "forename": [CANARY.forename, *["Ann", "Bea", "Cid"] * 19, "Dan", "Eve"],
        "surname": [CANARY.surname, *["Ash", "Birch", "Cole"] * 19, "Drew", "Elm"],
        "postcode": ["WR1 2AB"] + ["WR5 3XY"] * 59,
        "ward": ["Teme"] * 3 + ["Arrow"] * 20 + ["Leam"] * 37,
        "age": [91, 45, 52, *range(30, 87)],
        "days": [40.5, 3.5, 2.5, *[n / 4 for n in range(57)]],
    }
)
"""Three people in Teme, of whom one is the canary."""


@dataclass
class Step:
    """A gallery of a step that has loaded `PEOPLE`, and where it writes."""

    root: Path
    gallery: Gallery = field(init=False)

    def __post_init__(self) -> None:
        folder = RunFolder(self.root / "tiny" / "draft")
        self.memory = Memory(
            folder,
            outputs=self.root,
            pilot="tiny",
            step="1_count",
            extracts="demo",
            as_of=pd.Timestamp("2025-03-31").date(),
            rule=RULE,
            key=lambda: KEY,
        )
        self.loaded = Loaded()
        self.loaded.note(PEOPLE)
        self.gallery = Gallery(folder, "1_count", RULE, self.memory, self.loaded)

    def table(self, frame: pd.DataFrame, *, name: str = "t", **keywords: Any) -> str:
        """Show a table as a notebook would; return what a reader gets to see of it."""
        keywords = {"caption": "A table", "counts": None} | keywords
        shown = self.gallery.hang_table(frame, name=name, **keywords)
        return shown.html + shown.plain + self.exported

    def figure(self, picture: Picture, *, name: str = "f", **keywords: Any) -> str:
        """Show a figure; return what a reader gets to see of it."""
        keywords = {"caption": "A figure", "alt": "What it shows"} | keywords
        shown = self.gallery.hang_figure(picture, name=name, **keywords)
        return shown.html + shown.plain + self.exported

    @property
    def exported(self) -> str:
        """Every file that lies beside the report."""
        files = [path for path in sorted(self.root.rglob("*")) if path.is_file()]
        return "".join(path.name + path.read_text(encoding="utf-8") for path in files)
