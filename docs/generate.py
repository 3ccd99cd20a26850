"""Write the pages of docs/ that come from the code: `make docs`. A test compares them."""

from __future__ import annotations

from pathlib import Path

from woda_lib.partners import contracts_markdown, register_markdown

DOCS = Path(__file__).parent
PAGES = {"extracts.md": contracts_markdown, "register.md": register_markdown}


def main() -> None:
    """Write every page."""
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
