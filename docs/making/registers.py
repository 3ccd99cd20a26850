"""The page of the registers: every YAML file below parameters/ that is no pilot's own."""

from __future__ import annotations

import re
from pathlib import Path

PARAMETERS = Path(__file__).parents[2] / "parameters"
_FOLDERS = {
    "agreements": "Data-sharing agreements",
    "linkage": "Linkage specifications",
    "protocols": "Pre-registrations",
    "money": "Prices and optimism",
}


def registers_markdown() -> str:
    """Return the page as Markdown: a table a folder, a row a file, in its own opening words."""
    parts = [
        "# Registers\n\nRules and lists that people keep, apart from the code: a change of one is "
        "a change that two people can read. Written from the opening lines of each file by "
        "`make docs`; a test compares the two. [Keys of the parameter files](keys.md) says what a "
        "file of each kind may say.\n"
    ]
    for folder in sorted(path for path in PARAMETERS.iterdir() if path.is_dir()):
        files = sorted(folder.glob("*.yaml"))
        if not files or folder.name == "reviewers":
            continue
        title = _FOLDERS.get(folder.name, folder.name.replace("_", " ").capitalize())
        rows = [f"| `parameters/{folder.name}/{path.name}` | {opening(path)} |" for path in files]
        parts.append("\n".join([f"## {title}\n", "| file | says |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


def opening(path: Path) -> str:
    """Return the first paragraph of a file's opening comment, else its title.

    A paragraph ends at an empty line of the comment, or where lines are set in: the list or table
    is left out, with the sentence that leads to it.

    Raises
    ------
    ValueError
        If the file begins with neither, so that nobody could say what it is for.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = []
    for line in lines:
        if not line.startswith("#") or line.strip() == "#" or line.startswith("#  "):
            break
        comment.append(line.lstrip("# ").strip())
    titles = [line.partition(":")[2].strip() for line in lines if line.startswith("title:")]
    if not comment and not titles:
        raise ValueError(f"{path.name} has neither an opening comment nor a title. Write one.")
    text = " ".join(comment) if comment else titles[0]
    told = re.sub(r"(?<=[.?]) [^.?]*:$", "", text)
    return told.replace("|", "\\|")
