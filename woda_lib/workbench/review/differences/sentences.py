"""What a difference page says in sentences: the short of it, why it moved, how it is read."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from woda_lib.records import say_amount, say_label, say_label_within
from woda_lib.workbench.review.differences.model import Difference, ValueChange

_CAUSES = {
    "protocol": "the protocol",
    "data": "the data",
    "code": "the code",
    "packages": "the versions of packages",
    "agreement": "the agreement",
    "setting": "a setting",
}


def say_reading(moved: ValueChange) -> str:
    """Return the reading in the words of the page; a new or gone value says so."""
    if moved.change.old is None or moved.change.new is None:
        return moved.change.words
    return "not chance: the same data" if moved.reading == "not chance" else moved.reading


def say_cause(name: str) -> str:
    """Return a cause as a sentence names it: "the data", "horizon_days"."""
    return _CAUSES.get(name, name)


def say_because(change: ValueChange) -> str:
    """Return what reaches a value that moved: one cause alone, or several together."""
    if change.reading == "no change" or not change.because:
        return ""
    names = [say_cause(name) for name in change.because]
    return f"{names[0]} alone" if len(names) == 1 else f"{listed(names)} together"


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
        names = [say_label_within(change.value) for change in more[:3]]
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


def _said_of(moved: ValueChange) -> Markup:
    change, name = moved.change, say_label(moved.value)
    if change.old is None or change.new is None:
        return Markup("{} is {}.").format(name, change.words)
    old, new = say_amount(change.old), say_amount(change.new)
    if moved.reading == "no change":
        return Markup("{} stays at <strong>{}</strong>.").format(name, new)
    if change.amount is None:
        return Markup("{} was {}, and is <strong>{}</strong>.").format(name, old, new)
    verb = "rose" if change.amount > 0 else "fell"
    said = Markup("{} {} from {} to <strong>{}</strong>").format(name, verb, old, new)
    if moved.reading == "not chance":
        return said + Markup(", on the same data: chance has no part in that.")
    if moved.reading == "cannot be judged":
        return said + Markup(". Without an interval, nobody can say whether that is chance.")
    return said + Markup(". The change, {} ({}), {}.").format(
        change.words,
        change.interval,
        "is more than chance" if moved.reading == "more than chance" else "could be chance",
    )


def _counted(number: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return words[number] if number < len(words) else str(number)
