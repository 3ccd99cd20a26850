"""What a difference between two versions of a pilot holds: plain data, without a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from woda_lib.records import RowCounts, Value
from woda_lib.workbench.review.changes import Change, Reading

Cause = Literal[
    "parameter", "protocol", "data", "code", "packages", "agreement", "setting", "prose"
]
Fate = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True)
class Reason:
    """One thing upstream that differs, and the steps that it reaches.

    Attributes
    ----------
    cause : str
        Its kind. *prose* changes what a report says and no number.
    what : str
        The parameter, dataset, module or file by name.
    before, after : str
        As people would say them; empty where there is nothing to say.
    steps : tuple of str
        The steps that used it themselves; those that build on them follow.
    """

    cause: Cause
    what: str
    before: str
    after: str
    steps: tuple[str, ...]

    @property
    def name(self) -> str:
        """Two reasons of one name stand or fall together; each parameter is one of its own."""
        return self.what if self.cause == "parameter" else self.cause


@dataclass(frozen=True)
class ValueChange:
    """A headline value in both versions, and what reaches it.

    Attributes
    ----------
    step : str
    change : Change
        Then and now, with the widest interval that the change can have.
    reading : str
        "could be chance", "more than chance" and so on.
    because : tuple of str
        The names of the reasons that reach it. One can be named; several cannot be told apart.
    """

    step: str
    change: Change
    reading: Reading
    because: tuple[str, ...]

    @property
    def value(self) -> Value:
        """The newer of the two, for its name, unit and decimals."""
        value = self.change.new or self.change.old
        assert value is not None  # a change has at least one side
        return value


@dataclass(frozen=True)
class Cell:
    """A cell of the newer table, or of a row or column that only the older one has."""

    text: str
    fate: Fate = "same"
    was: str = ""


@dataclass(frozen=True)
class Row:
    """A row of cells in the order of the columns."""

    cells: tuple[Cell, ...]
    fate: Fate


@dataclass(frozen=True)
class TableChange:
    """One table, cell by cell.

    Attributes
    ----------
    step, name, caption : str
    fate : str
    columns : tuple of (str, str)
        Each heading with what became of it.
    labels : tuple of str
        The columns by which rows were matched; none where they were matched by their place.
    rows : tuple of Row
        Every row in the newer order, and those that are gone at the end.
    """

    step: str
    name: str
    caption: str
    fate: Fate
    columns: tuple[tuple[str, Fate], ...] = ()
    labels: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def cells(self) -> int:
        """How many cells there are to compare, without those that name the row."""
        return len(self.rows) * (len(self.columns) - len(self.labels))

    @property
    def changed_cells(self) -> int:
        """How many of them differ, are new or are gone."""
        labels = set(self.labels)
        measured = [i for i, (name, _) in enumerate(self.columns) if name not in labels]
        return sum(row.cells[i].fate != "same" for row in self.rows for i in measured)


@dataclass(frozen=True)
class FigureChange:
    """One figure; `before` and `after` are paths from the run's folder: the CSV and the drawing."""

    step: str
    name: str
    fate: Fate
    caption_before: str = ""
    caption_after: str = ""
    files_before: tuple[str, ...] = ()
    files_after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A stretch of words: kept, gone or new."""

    text: str
    fate: Literal["same", "removed", "added"]


@dataclass(frozen=True)
class TextChange:
    """One text that differs, word by word.

    `where` says which: "The answer", "Caption of effect", "How sure are we".
    """

    step: str
    where: str
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> tuple[Piece, ...]:
        """The older text."""
        return tuple(piece for piece in self.pieces if piece.fate != "added")

    @property
    def after(self) -> tuple[Piece, ...]:
        """The newer text."""
        return tuple(piece for piece in self.pieces if piece.fate != "removed")


@dataclass(frozen=True)
class RowsChange:
    """What became of a dataset's rows in one step, then and now."""

    step: str
    dataset: str
    before: RowCounts | None
    after: RowCounts | None


@dataclass(frozen=True)
class Overlap:
    """How many input files the two versions have in common, byte for byte."""

    shared: int
    before: int
    after: int


@dataclass(frozen=True)
class Difference:
    """All that differs between two versions, and what does not, counted."""

    pilot: str
    before: str
    after: str
    reasons: tuple[Reason, ...]
    values: tuple[ValueChange, ...]
    tables: tuple[TableChange, ...]
    figures: tuple[FigureChange, ...]
    texts: tuple[TextChange, ...]
    rows: tuple[RowsChange, ...]
    files: Overlap
    notes: tuple[str, ...] = ()

    @property
    def causes(self) -> tuple[str, ...]:
        """The names of all reasons that can move a number, each once."""
        return tuple(dict.fromkeys(r.name for r in self.reasons if r.cause != "prose"))

    @property
    def moved(self) -> tuple[ValueChange, ...]:
        """The values that differ as they are shown, are new or are gone."""
        return tuple(change for change in self.values if change.reading != "no change")

    @property
    def changed_cells(self) -> int:
        """Over all tables."""
        return sum(table.changed_cells for table in self.tables)

    @property
    def cells(self) -> int:
        """Over all tables."""
        return sum(table.cells for table in self.tables)

    @property
    def nothing(self) -> bool:
        """Whether no number, table, figure or sentence differs."""
        return not (
            self.moved
            or self.texts
            or self.rows
            or any(table.fate != "same" for table in self.tables)
            or any(figure.fate != "same" for figure in self.figures)
        )
