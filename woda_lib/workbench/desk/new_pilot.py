"""Lays out a new pilot: every file of it, or none."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from woda_lib.partners import (
    NO_AGREEMENT,
    Agreement,
    AgreementError,
    contract_of,
    load_agreement,
)
from woda_lib.partners.study import STUDY
from woda_lib.records import say_name
from woda_lib.settings import Settings
from woda_lib.workbench.desk.layout import (
    DATASET,
    EXAMPLE_QUESTION,
    FIELDS,
    TRUST,
    Draft,
    paths_of,
    texts_of,
)
from woda_lib.workbench.desk.names import NewPilotError, check_free, check_name
from woda_lib.workbench.held import clear_abandoned, held

OWNER = "Worcestershire Office of Data Analytics"
_LONGEST = 160


def new_pilot(
    name: str,
    settings: Settings,
    *,
    title: str = "",
    question: str = "",
    owner: str = OWNER,
    agreement: str | None = None,
) -> list[Path]:
    """Lay out notebook, parameters, agreement, rules and test of a pilot that runs as it stands.

    Parameters
    ----------
    name : str
        In snake_case.
    settings : Settings
    title, question, owner : str
        For people. Left out, the title is made of the name and the question is the example's.
    agreement : str, optional
        An agreement that is there already, or ``none`` for a study. Left out, one of the pilot's
        own name is laid out as a draft, under which only a made-up county may be read.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    NewPilotError
        If the name is no good or taken, a text is not one line, or this is not a checkout.
    AgreementError
        If there is no such agreement, or it does not share what the example reads.
    """
    check_name(name)
    texts = {
        "title": title or say_name(name),
        "question": question or EXAMPLE_QUESTION,
        "owner": owner,
    }
    _check_texts(texts)
    if not (settings.root / "woda_lib" / "pilots").is_dir():
        raise NewPilotError(
            f"{settings.root} has no folder woda_lib/pilots, where a pilot's rules belong. Lay a "
            "pilot out in a checkout of the workbench."
        )
    places = paths_of(name, new_agreement=agreement is None)
    check_free(name, places, settings)
    purpose, opt_outs = _purpose(agreement, settings)
    draft = Draft(
        pilot=name,
        agreement=agreement or name,
        purpose=purpose,
        opt_outs=opt_outs,
        new_agreement=agreement is None,
        study=agreement == NO_AGREEMENT,
        **texts,
    )
    files = texts_of(draft, today=settings.today)
    _write(files, name, places, settings)
    return sorted(files)


def _check_texts(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if not text.strip() or not text.isprintable() or len(text) > _LONGEST:
            raise NewPilotError(
                f"--{name} must be one line of at most {_LONGEST} characters, without tabs."
            )
    if not texts["question"].endswith("?"):
        raise NewPilotError("--question must be a question, and so end with a question mark.")


def _purpose(name: str | None, settings: Settings) -> tuple[str, bool]:
    """Return the purpose for which the example may read its fields, and whether opt-outs apply."""
    if name is None:
        return "service_evaluation", True
    if name == NO_AGREEMENT:
        return STUDY, False
    try:
        agreement = load_agreement(name, settings.agreements_folder)
    except AgreementError as error:
        if (settings.agreements_folder / f"{name}.yaml").exists():
            raise
        raise NewPilotError(
            f"{error} Leave --agreement out to have a new one laid out as a draft, or say "
            f"`--agreement {NO_AGREEMENT}` for a study of made-up records."
        ) from None
    purposes = [p for p in agreement.purposes if _permits(agreement, p, settings.today)]
    if not purposes or TRUST not in agreement.partners:
        raise NewPilotError(
            f"The agreement {name} does not share {', '.join(FIELDS)} of {DATASET} today, from "
            f"{TRUST} and for one purpose, which the example reads. Leave --agreement out, and "
            "name this one in the pilot's parameter file once your notebook reads what it shares."
        )
    applied = [p for p in purposes if not agreement.purposes[p].exempt_from_opt_outs]
    return (applied or purposes)[0], bool(applied)


def _permits(agreement: Agreement, purpose: str, today: date) -> bool:
    try:
        agreement.require(contract_of(DATASET), FIELDS, purpose=purpose, today=today)
    except AgreementError:
        return False
    return True


def _write(files: Mapping[Path, str], name: str, places: list[Path], settings: Settings) -> None:
    """Write files to a hidden folder first, then move their places where they belong.

    A place is a file or a whole folder. If one cannot be moved, those before it are taken back. Two
    commands that lay out the same name come one after the other, and the second is refused.
    """
    root = settings.root
    done: list[Path] = []
    try:
        (root / ".cache").mkdir(exist_ok=True)
        clear_abandoned((root / ".cache").glob(".*.laying-out"))
        with held(root / ".cache" / f".{name}.laying-out") as hidden:
            check_free(name, places, settings)
            for path, text in files.items():
                (hidden / path).parent.mkdir(parents=True, exist_ok=True)
                (hidden / path).write_text(text, encoding="utf-8")
            for place in places:
                (root / place).parent.mkdir(parents=True, exist_ok=True)
                (hidden / place).rename(root / place)
                done.append(root / place)
    except BaseException as error:
        for place in reversed(done):
            _remove(place)
        if isinstance(error, OSError):
            raise NewPilotError(
                f"The pilot could not be laid out ({error.strerror}: {error.filename}), and "
                "nothing of it was kept."
            ) from None
        raise


def _remove(place: Path) -> None:
    with suppress(OSError):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
