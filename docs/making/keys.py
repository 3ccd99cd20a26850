"""The page of what each file of parameters/ may say, from the models that read it."""

from __future__ import annotations

import inspect
import re
import types
import typing
from datetime import date
from pathlib import Path

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from woda_lib.partners import Agreement
from woda_lib.records import (
    Expected,
    Notify,
    Parameter,
    Pilot,
    Protocol,
    ReportedFigure,
    Reviewer,
    Schedule,
    Step,
    Transparency,
)
from woda_lib.settings import Settings

FILES: dict[str, tuple[str, tuple[type[BaseModel], ...]]] = {
    "A pilot or study: `parameters/<pilot>.yaml`": (
        "One file a pilot. Its notebooks carry the same values; a test compares them.",
        (Pilot, Step, Parameter, Schedule, Expected, Notify),
    ),
    "An agreement: `parameters/agreements/<agreement>.yaml`": (
        "Who may read which field for what, and until when. [Governance](../governance.md) says "
        "what is enforced.",
        (Agreement,),
    ),
    "Figures reported elsewhere: `parameters/<pilot>/reported.yaml`": (
        "By name, what others reported and a text here may say, each with its source.",
        (ReportedFigure,),
    ),
    "A pre-registration: `parameters/protocols/<protocol>.yaml`": (
        "What an evaluation said it would do before anybody saw an outcome.",
        (Protocol,),
    ),
    "A reviewer: `parameters/reviewers/<reviewer>.yaml`": (
        "Who may sign, with which keys. `woda reviewers add` writes it.",
        (Reviewer,),
    ),
    "A transparency record: `parameters/<pilot>/transparency.yaml`": (
        "What the public is told of a model that helps to decide.",
        (Transparency,),
    ),
}
_WORDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "date",
    Path: "path",
    SecretStr: "text, kept out of every record",
}


def keys_markdown() -> str:
    """Return the page as Markdown: a table a model, a row a key."""
    parts = [
        "# Keys of the parameter files\n\nWritten from the models in `woda_lib/records/` and "
        "`woda_lib/partners/` by `make docs`; a test compares the two. A key that is not listed "
        "here is refused, with the file and the key. A key in **bold** must be there.\n"
    ]
    for title, (says, models) in FILES.items():
        parts.append(f"## {title}\n\n{says}\n")
        for model in models:
            heading = f"### {model.__name__}\n\n" if len(models) > 1 else ""
            parts.append(f"{heading}{_first_sentence(model)}\n\n{_table(model)}")
    parts.append(
        "## The environment\n\n"
        "A variable has the key's name in capitals after `WODA_`: "
        "`WODA_OUTPUTS=/srv/woda/outputs`. A file `.env` in the checkout is read as well.\n\n"
        + _table(Settings, by_machine=True)
    )
    return "\n".join(parts)


def _table(model: type[BaseModel], *, by_machine: bool = False) -> str:
    """Return a row a key; `by_machine` leaves defaults out that differ by machine and day."""
    told = attributes(model)
    lines = ["| key | takes | if left out | means |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        key = field.alias or name
        shown = f"`{key}`"
        default = "" if by_machine and field.default_factory else _default(field)
        means = field.description or told.get(name, "")
        lines.append(
            f"| {f'**{shown}**' if field.is_required() else shown} | {_takes(field.annotation)} "
            f"| {default} | {_cell(means)} |"
        )
    return "\n".join(lines) + "\n"


def attributes(model: type[BaseModel]) -> dict[str, str]:
    """Return what a model's docstring says of each of its attributes, by name.

    The docstring's section ``Attributes`` is in the form of numpydoc; several names may share an
    entry: ``low, high : float``.
    """
    text = inspect.cleandoc(model.__doc__ or "")
    section = text.partition("Attributes\n----------\n")[2]
    told: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.partition(" : ")[0].split(",")]
            told |= dict.fromkeys(names, "")
        elif line:
            told |= {name: f"{told[name]} {line.strip()}".strip() for name in names}
    return told


def _first_sentence(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def _takes(kind: typing.Any) -> str:
    """Return in words what a key takes: text, a list of text, Step by name, one of two words."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return "one of " + ", ".join(f"`{choice}`" for choice in inner)
    if origin in (typing.Union, types.UnionType):
        known = [_takes(one) for one in inner if one is not type(None)]
        return " or ".join(dict.fromkeys(known))
    if origin in (tuple, list):
        return f"list of {_takes(inner[0])}"
    if origin is not None and inner:
        return f"{_takes(inner[-1])}, by name"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"*{kind.__name__}*"
    return _WORDS.get(kind, getattr(kind, "__name__", "text").lower())


def _default(field: FieldInfo) -> str:
    if field.is_required() or field.default is PydanticUndefined:
        return ""
    return "" if field.default in (None, "", (), {}) else f"`{str(field.default).lower()}`"


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("``", "`")).replace("|", "\\|").strip()
