"""The report of a sweep: scenarios side by side, a figure a value, and the same as CSV."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from woda_lib.figures import to_svg
from woda_lib.phrases import MINUS
from woda_lib.records import (
    Pilot,
    Scenario,
    Sweep,
    Value,
    say_amount,
    say_interval,
    say_label,
    say_name,
    say_quantity,
)
from woda_lib.workbench.review.pages import write_page
from woda_lib.workbench.sweeps.picture import say_given, sweep_picture

CSV = "values.csv"


@dataclass(frozen=True)
class Cell:
    """A value of one scenario as the table shows it."""

    amount: str
    interval: str = ""
    difference: str = ""


@dataclass(frozen=True)
class Row:
    """One scenario as the table shows it; `failed` is why it has no values."""

    swept: tuple[str, ...]
    base: bool
    cells: tuple[Cell, ...]
    href: str
    failed: str


@dataclass(frozen=True)
class Drawn:
    """A value's figure, at both widths, with what it shows in words."""

    name: str
    label: str
    href: str
    wide: Markup
    narrow: Markup


def write_report(folder: Path, sweep: Sweep, pilot: Pilot) -> None:
    """Write ``index.html``, ``values.csv`` and an SVG a value into a sweep's folder.

    The page needs no other file to be read; the SVG and CSV are for downloading.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    changing = sweep.changing
    drawn = [each for name in changing if (each := _drawn(folder, sweep, name))]
    _write_csv(folder / CSV, sweep)
    write_page(
        folder / "index.html",
        "sweep.html",
        sweep=sweep,
        pilot=pilot,
        heading=" and ".join(say_name(name).lower() for name in sweep.swept),
        parameters=[pilot.parameters[name] for name in sweep.swept],
        fixed={name: say_given(value) for name, value in sweep.fixed.items()},
        columns=[_first(sweep, name) for name in changing],
        rows=[_row(sweep, each, changing, pilot) for each in sweep.scenarios],
        unchanged=[_first(sweep, name) for name in sweep.names if name not in changing],
        drawn=drawn,
        csv=CSV,
        synthetic=sweep.synthetic,
        front="../../../site/index.html",
        others="../site/index.html",
    )


def write_list(home: Path, pilot: Pilot) -> None:
    """Write the page that lists a pilot's sweeps, the newest first: ``sweeps/site/index.html``.

    That is where the front page's link of a scenario's report leads, since such a report may be the
    same file as that of another run. So it stands under the names of other pages of the site too.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    sweeps = [
        Sweep.model_validate_json(path.read_text(encoding="utf-8"))
        for path in sorted(home.glob("[!.]*/sweep.json"), reverse=True)
    ]
    site = home.parent.parent / "site"
    linked = [*site.glob("*.html"), *site.glob(f"{pilot.pilot}/versions.html")]
    for page in {Path("index.html"), *(path.relative_to(site) for path in linked)}:
        up = "../" * (len(page.parts) - 1)
        write_page(
            home / "site" / page,
            "sweeps.html",
            sweeps=sweeps,
            pilot=pilot,
            up=up,
            synthetic=any(sweep.synthetic for sweep in sweeps),
            front=f"{up}../../../site/index.html",
        )


def _first(sweep: Sweep, name: str) -> Value:
    return next(value for each in sweep.scenarios if (value := each.value(name)))


def _row(sweep: Sweep, scenario: Scenario, names: list[str], pilot: Pilot) -> Row:
    return Row(
        swept=tuple(say_given(scenario.swept[name]) for name in sweep.swept),
        base=scenario.base,
        cells=tuple(_cell(sweep, scenario, name) for name in names),
        href=f"{scenario.run_id}/{pilot.answered_by}.html" if scenario.run_id else "",
        failed=scenario.message.splitlines()[0] if scenario.message else "",
    )


def _cell(sweep: Sweep, scenario: Scenario, name: str) -> Cell:
    value = scenario.value(name)
    if value is None:
        return Cell("not recorded")
    difference = _difference(sweep, scenario, name)
    said = "" if difference is None else _signed(difference, value)
    return Cell(say_amount(value), say_interval(value), "" if scenario.base else said)


def _difference(sweep: Sweep, scenario: Scenario, name: str) -> float | None:
    """How far a value lies from the base's, worked out from the figures as they are shown."""
    value = scenario.value(name)
    base = sweep.base.value(name) if sweep.base else None
    if value is None or base is None or value.value is None or base.value is None:
        return None
    return round(round(value.value, value.decimals) - round(base.value, base.decimals), 10)


def _signed(difference: float, value: Value) -> str:
    said = say_quantity(difference, value.unit, value.decimals)
    return said if difference == 0 or said.startswith(MINUS) else f"+{said}"


def _drawn(folder: Path, sweep: Sweep, name: str) -> Drawn | None:
    if all((found := each.value(name)) is None or found.value is None for each in sweep.scenarios):
        return None
    first = _first(sweep, name)
    measure = f"{say_label(first)}{f', {first.unit}' if first.unit else ''}"
    picture = sweep_picture(sweep, name, measure=measure)
    wide, narrow = to_svg(picture), to_svg(picture, narrow=True)
    file = f"{name}.svg"
    (folder / file).write_text(wide, encoding="utf-8")
    named = f'<svg role="img" aria-label="{escape(_alt(sweep, name))}" '
    wide, narrow = (Markup(svg.replace("<svg ", named, 1)) for svg in (wide, narrow))
    return Drawn(name, say_label(first), file, wide, narrow)


def _alt(sweep: Sweep, name: str) -> str:
    points = []
    for each in sweep.scenarios:
        value = each.value(name)
        if value is not None:
            at = ", ".join(
                f"{say_name(key)} {say_given(given)}" for key, given in each.swept.items()
            )
            interval = f" ({say_interval(value)})" if say_interval(value) else ""
            points.append(f"{at}{', the base' if each.base else ''}: {say_amount(value)}{interval}")
    return f"{say_label(_first(sweep, name))} by scenario. {'; '.join(points)}."


def _write_csv(path: Path, sweep: Sweep) -> None:
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    with hidden.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            [*sweep.swept, "base", "run", "name", "value", "low", "high", "unit", "difference"]
        )
        for each in sweep.scenarios:
            for value in each.values:
                writer.writerow(
                    [
                        *(each.swept[name] for name in sweep.swept),
                        "yes" if each.base else "no",
                        each.run_id,
                        *(value.name, value.value, value.low, value.high, value.unit),
                        _difference(sweep, each, value.name),
                    ]
                )
    hidden.replace(path)
