"""How the templates of every kind of page are filled.

All text is escaped, a name that is missing is an error and no blank, and blocks leave no lines.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from woda_lib.stationery import content_policy, house_style


def page_environment(
    folder: Path,
    *,
    style: str,
    script: str = "",
    finalize: Callable[[object], object] | None = None,
) -> Environment:
    """Return the environment in which a kind of page is made; its filters are still to be added.

    Parameters
    ----------
    folder : Path
        Of the templates. Those of this room stand behind them: ``restricted.html``, which every
        page that is opened on the record extends, and ``masthead.html``.
    style : str
        What the kind has beside the house's style, which stands before it in the global ``style``.
    script : str
        The one script that may run: the global ``script``, which ``policy`` lets by;
        ``framing_policy`` lets frames of pages beside it by as well.
    finalize : callable, optional
        Through which every value goes before it is written.
    """
    environment = Environment(
        loader=FileSystemLoader([folder, Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )
    environment.globals |= {
        "style": Markup(house_style()) + Markup(style),
        "script": Markup(script),
        "policy": content_policy(script),
        "framing_policy": content_policy(script, frames=True),
    }
    return environment
