"""What a difference page says in sentences: the short of it, why it moved, how it is read."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from woda_lib.phrases import MINUS
from woda_lib.records import Value, say_amount, say_interval, say_name, say_quantity
from woda_lib.workbench.review.differences.model import Difference, Reading, ValueChange

_CAUSES = {
    "data": "the data",
    "code": "the code",
    "packages": "the versions of packages",
    "agreement": "the agreement",
    "setting": "a setting",
}
_READ: dict[Reading, str] = {
    "no change": "no change",
    "could be chance": "could be chance",
    "more than chance": "more than chance",
    "not chance": "not chance: the same data",
    "cannot be judged": "cannot be judged",
}


def say_reading(change: ValueChange) -> str:
    """Return the reading in the words of the page; a new or gone value says so."""
    if change.before is None:
        return "new"
    if change.after is None:
        return "gone"
    return _READ[change.reading]


def say_cause(name: str) -> str:
    """Return a cause as a sentence names it: "the data", "horizon_days"."""
    return _CAUSES.get(name, name)


def say_because(change: ValueChange) -> str:
    """Return what reaches a value that moved: one cause alone, or several together."""
    if change.reading == "no change" or not change.because:
        return ""
    names = [say_cause(name) for name in change.because]
    return f"{names[0]} alone" if len(names) == 1 else f"{listed(names)} together"


def say_amount_changed(change: ValueChange) -> str:
    """Return the size of a change without its direction: "0.3 days"."""
    if change.amount is None or change.reading == "no change":
        return ""
    return say_quantity(abs(change.amount), change.value.unit, change.value.decimals)


def say_change_interval(change: ValueChange) -> str:
    """Return a change's interval: "−0.1 to 0.7"."""
    if change.low is None or change.high is None or change.reading == "no change":
        return ""
    value = change.value
    return say_interval(
        Value(
            name=value.name,
            value=change.amount,
            low=change.low,
            high=change.high,
            unit=value.unit,
            decimals=value.decimals,
        )
    )


def say_summary(difference: Difference, answering: str) -> Markup:
    """Return the short of it: the answer's first value, and which others moved by more than chance.

    Parameters
    ----------
    difference : Difference
    answering : str
        The step whose answer is the pilot's.
    """
    if difference.nothing:
        return Markup("Nothing moved: every number, table, figure and sentence is the same.")
    first = next((c for c in difference.values if c.step == answering), None)
    said = [_said_of(first)] if first else []
    others = [
        change
        for change in difference.moved
        if change is not first and change.reading in ("more than chance", "not chance")
    ]
    more = [change for change in others if change.reading == "more than chance"] or others
    if more:
        names = [say_name(change.value.name).lower() for change in more[:3]]
        if left := len(more) - len(names):
            names.append(f"{left} more")
        how = " by more than chance" if more[0].reading == "more than chance" else ""
        also = "also " if first is not None and first.reading == more[0].reading else ""
        said.append(Markup("Of the other values, {} {}moved{}.").format(listed(names), also, how))
    elif not difference.moved:
        said.append(Markup("No value moved; what differs is below."))
    elif rest := [change for change in difference.moved if change is not first]:
        moved = "One other value" if len(rest) == 1 else f"{_counted(len(rest))} other values"
        said.append(Markup("{} moved, and none by more than chance.").format(moved))
    return Markup(" ").join(said)


def say_why(difference: Difference) -> str:
    """Return whether what moved can be laid to one cause, or why it cannot."""
    causes = [say_cause(name) for name in difference.causes]
    moved = bool(difference.moved or difference.changed_cells)
    if not causes:
        if moved:
            return (
                "Nothing that runs write down differs, and yet numbers do. Ask who made the runs "
                "what they did between them."
            )
        return "Nothing upstream changed."
    if not moved:
        return f"What changed upstream is {listed(causes)}; it moved no number."
    if len(causes) == 1:
        return f"Only {causes[0]} changed, so whatever moved, moved because of that."
    return (
        f"{_counted(len(causes))} things changed together: {listed(causes)}. How much each of them "
        "moved a number cannot be told from two versions alone; what reached which value is in "
        "the table of values."
    )


def say_overlap(difference: Difference) -> str:
    """Return how a change is judged, given how much of the data both versions share."""
    files = difference.files
    readings = {change.reading for change in difference.moved}
    if readings & {"could be chance", "more than chance"}:
        shared = (
            f"{files.shared:,} of the newer version’s {files.after:,} input files are the same in "
            "the older one, so the two estimates err together. "
            if files.shared
            else ""
        )
        return (
            f"{shared}The interval of a change is worked out as though the two shared no data, "
            "and is therefore the widest it can be. “More than chance” holds in spite of that; "
            "“could be chance” means that chance is not ruled out, not that nothing happened."
        )
    if "not chance" in readings:
        return (
            "Where a step read the same bytes in both versions, chance has no part in the change: "
            "it follows from what else was changed. The intervals still say how far either "
            "estimate may be from the truth."
        )
    return ""


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _said_of(change: ValueChange) -> Markup:
    name = say_name(change.value.name)
    if change.before is None or change.after is None:
        fate = "is new" if change.before is None else "is no longer given"
        return Markup("{} {}.").format(name, fate)
    old, new = say_amount(change.before), say_amount(change.after)
    if change.reading == "no change":
        return Markup("{} stays at <strong>{}</strong>.").format(name, new)
    if change.amount is None:
        return Markup("{} was {}, and is <strong>{}</strong>.").format(name, old, new)
    verb = "rose" if change.amount > 0 else "fell" if change.amount < 0 else "stays at"
    if change.amount == 0:
        return Markup("{} stays at <strong>{}</strong>; its interval differs.").format(name, new)
    said = Markup("{} {} from {} to <strong>{}</strong>").format(name, verb, old, new)
    if change.reading == "not chance":
        return said + Markup(", on the same data: chance has no part in that.")
    if change.reading == "cannot be judged":
        return said + Markup(". Without an interval, nobody can say whether that is chance.")
    return said + Markup(". The change, {} ({}), {}.").format(
        _signed(change), say_change_interval(change), _judged(change.reading)
    )


def _judged(reading: Reading) -> str:
    return "is more than chance" if reading == "more than chance" else "could be chance"


def _signed(change: ValueChange) -> str:
    sign = MINUS if (change.amount or 0) < 0 else ""
    return f"{sign}{escape(say_amount_changed(change))}"


def _counted(number: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return words[number] if number < len(words) else str(number)
