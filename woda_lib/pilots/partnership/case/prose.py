"""The case in words: ``parameters/partnership/business_case.md``, a section a heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from woda_lib.pilots.partnership.case.errors import CaseError

CASES = ("strategic", "economic", "commercial", "financial", "management")
"""What a business case must make the case for (HM Treasury 2018, guide to the five case model)."""
_HEADING = re.compile(r"^##\s+(.+?)\s*$", re.MULTILINE)


def read_prose(path: Path) -> Mapping[str, str]:
    """Read the sections by the first word of their heading: ``## Strategic case`` is `strategic`.

    Figures stand in it as placeholders that `Run.say` fills.

    Raises
    ------
    CaseError
        If the file is absent, a section is missing, empty or stands there more than once, or there
        is one that no business case has.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CaseError(
            f"{path.name} is not in {path.parent.name}/, and the business case needs it."
        ) from None
    _, *parts = _HEADING.split(text)
    sections: dict[str, str] = {}
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        name = heading.split()[0].lower()
        if name not in CASES:
            raise CaseError(
                f"{path.name}: the section {heading!r} is none of a business case. They are "
                f"{', '.join(CASES)}."
            )
        if name in sections:
            raise CaseError(f"{path.name}: the section {heading!r} stands there more than once.")
        sections[name] = body.strip()
    for name in CASES:
        if not sections.get(name):
            raise CaseError(
                f"{path.name} says nothing of the {name} case. Write it under the heading "
                f"## {name.capitalize()} case."
            )
    return sections
