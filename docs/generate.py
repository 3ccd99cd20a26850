"""Write the pages of docs/ that come from the code: `make docs`. A test compares them."""

from __future__ import annotations

import sys
from pathlib import Path

from woda_lib.partners import contracts_markdown, load_agreements, register_markdown
from woda_lib.partners.dictionary_document import dictionary_markdown

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

from making.commands import commands_markdown  # noqa: E402
from making.keys import keys_markdown  # noqa: E402
from making.registers import registers_markdown  # noqa: E402


def data_dictionary() -> str:
    """Return the page that puts contracts and agreements side by side."""
    return dictionary_markdown(load_agreements(DOCS.parent / "parameters" / "agreements"))


PAGES = {
    "data_dictionary.md": data_dictionary,
    "extracts.md": contracts_markdown,
    "register.md": register_markdown,
    "reference/commands.md": commands_markdown,
    "reference/keys.md": keys_markdown,
    "reference/registers.md": registers_markdown,
}


def main() -> None:
    """Write every page."""
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
