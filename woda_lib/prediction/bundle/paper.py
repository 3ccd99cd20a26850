"""A paper about a model: numbered questions with answers, and the tables that answers point at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from woda_lib.prediction.errors import PredictionError

DO_NOT_DEPLOY = "Do not deploy"
"""How the first line begins of a paper about a model that must not be used."""


@dataclass(frozen=True)
class Exhibit:
    """A table within an answer, under the name by which the run shows it.

    Attributes
    ----------
    name : str
        In snake_case.
    caption : str
    frame : DataFrame, optional
        Numbers and short texts; what is withheld is missing. Nothing where the run fills it in:
        caption and numbers are those that it has shown under the name.
    """

    name: str
    caption: str = ""
    frame: pd.DataFrame | None = None

    @property
    def cells(self) -> pd.DataFrame:
        """Its cells, whatever they are.

        Raises
        ------
        PredictionError
            If nobody has filled it in.
        """
        if self.frame is None:
            raise PredictionError(
                f"The table {self.name} of a paper about a model was never filled in. Show it with "
                "run.show, and publish the paper with run.publish."
            )
        return self.frame.astype(object)


@dataclass(frozen=True)
class Entry:
    """A question and its answer.

    Attributes
    ----------
    number : str
        As the standard has it; nothing where it has none.
    field : str
    answer : tuple of str
        Paragraphs.
    tables : tuple of Exhibit
    """

    number: str
    field: str
    answer: tuple[str, ...]
    tables: tuple[Exhibit, ...] = ()


@dataclass(frozen=True)
class Section:
    """Questions that belong together."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Paper:
    """A model card, or a transparency record.

    Attributes
    ----------
    name : str
        In snake_case: of its files.
    title : str
    verdict : str
        The first line: whether the model may be used at all.
    sections : tuple of Section
    standard : str
        What it is written after.
    synthetic : bool
        Whether it tells of a made-up county.
    """

    name: str
    title: str
    verdict: str
    sections: tuple[Section, ...]
    standard: str = ""
    synthetic: bool = field(default=False)

    @property
    def is_warning(self) -> bool:
        """Whether its first line says that the model must not be used."""
        return self.verdict.startswith(DO_NOT_DEPLOY)

    @property
    def entries(self) -> Iterator[Entry]:
        """Every question, in order."""
        return (entry for section in self.sections for entry in section.entries)

    @property
    def texts(self) -> Iterator[str]:
        """Every text of it, but those in tables."""
        yield from (self.title, self.verdict, self.standard)
        for section in self.sections:
            yield section.title
            for entry in section.entries:
                yield from (entry.field, *entry.answer, *(t.caption for t in entry.tables))

    def with_tables(self, shown: Callable[[Exhibit], Exhibit]) -> Paper:
        """Return it with each table as something else shows it."""
        sections = tuple(
            replace(
                section,
                entries=tuple(
                    replace(entry, tables=tuple(map(shown, entry.tables)))
                    for entry in section.entries
                ),
            )
            for section in self.sections
        )
        return replace(self, sections=sections)

    def require_complete(self, source: str) -> None:
        """Refuse a paper with a question that has no answer.

        Raises
        ------
        PredictionError
            Naming the question, and the file in which people answer.
        """
        for entry in self.entries:
            if not any(part.strip() for part in entry.answer) and not entry.tables:
                raise PredictionError(
                    f"The {self.name.replace('_', ' ')} does not answer {entry.number} "
                    f"{entry.field!r}. Answer it in {source}, or say there why it does not apply."
                )

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "document": self.name,
            "title": self.title,
            "verdict": self.verdict,
            "standard": self.standard,
            "synthetic": self.synthetic,
            "sections": [
                {
                    "section": section.title,
                    "fields": [
                        {
                            "number": entry.number,
                            "field": entry.field,
                            "answer": "\n\n".join(entry.answer),
                            "tables": [_plain_table(table) for table in entry.tables],
                        }
                        for entry in section.entries
                    ],
                }
                for section in self.sections
            ],
        }

    @classmethod
    def of_plain(cls, told: dict[str, Any]) -> Paper:
        """Read what `plain` returned.

        Raises
        ------
        KeyError, TypeError
            If it is none.
        """
        return cls(
            name=told["document"],
            title=told["title"],
            verdict=told["verdict"],
            standard=told["standard"],
            synthetic=told["synthetic"],
            sections=tuple(
                Section(
                    section["section"],
                    tuple(
                        Entry(
                            entry["number"],
                            entry["field"],
                            tuple(entry["answer"].split("\n\n")),
                            tuple(_table_of(table) for table in entry["tables"]),
                        )
                        for entry in section["fields"]
                    ),
                )
                for section in told["sections"]
            ),
        )

    def table(self) -> pd.DataFrame:
        """Return it as ``number, field, answer``, a row a question; tables are named."""
        rows = [
            {
                "number": entry.number,
                "field": entry.field,
                "answer": "\n\n".join([*entry.answer, *(f"Table: {t.name}" for t in entry.tables)]),
            }
            for entry in self.entries
        ]
        return pd.DataFrame(rows, columns=["number", "field", "answer"])


def _plain_table(table: Exhibit) -> dict[str, Any]:
    cells = table.cells
    return {
        "name": table.name,
        "caption": table.caption,
        "columns": [str(column) for column in cells.columns],
        "rows": [[_plain_cell(cell) for cell in row] for row in cells.to_numpy(dtype=object)],
    }


def _plain_cell(cell: object) -> object:
    if cell is None or pd.isna(cell):  # type: ignore[call-overload]
        return None
    if isinstance(cell, bool | int | float | str):
        return cell
    return cell.item() if hasattr(cell, "item") else str(cell)


def _table_of(told: dict[str, Any]) -> Exhibit:
    frame = pd.DataFrame(told["rows"], columns=told["columns"], dtype=object)
    return Exhibit(told["name"], told["caption"], frame)
